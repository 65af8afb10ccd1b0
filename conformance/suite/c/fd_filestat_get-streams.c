/* fd_filestat_get: works for the streams, which are no folders. */
#include "check.h"

int main(void) {
    for (int fd = 0; fd <= 2; fd++)
        TRUE(stat_fd(fd).filetype != __WASI_FILETYPE_DIRECTORY);
}
