/* fd_sync: a file can be synchronised, open for reading or for writing. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "data");
    OK(__wasi_fd_sync(fd));
    OK(__wasi_fd_sync(fd));
    HOLDS("file", "data");
}
