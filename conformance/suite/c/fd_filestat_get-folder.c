/* fd_filestat_get: a folder is a folder, by number and by name. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st = stat_fd(ROOT), dot;
    EQUAL(st.filetype, __WASI_FILETYPE_DIRECTORY);
    OK(stat_path(".", &dot));
    EQUAL(dot.filetype, __WASI_FILETYPE_DIRECTORY);
    EQUAL(dot.ino, st.ino);
    EQUAL(dot.dev, st.dev);
}
