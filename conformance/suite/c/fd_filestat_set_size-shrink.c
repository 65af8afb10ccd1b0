/* fd_filestat_set_size: what was cut off does not come back. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    OK(__wasi_fd_filestat_set_size(fd, 4));
    HOLDS("file", "0123");
    OK(__wasi_fd_filestat_set_size(fd, 8));
    HOLDS("file", "0123\0\0\0\0");
    OK(__wasi_fd_filestat_set_size(fd, 0));
    HOLDS("file", "");
}
