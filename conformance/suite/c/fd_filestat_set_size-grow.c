/* fd_filestat_set_size: what is added reads as zeros. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "abc");
    OK(__wasi_fd_filestat_set_size(fd, 6));
    EQUAL(stat_fd(fd).size, 6);
    HOLDS("file", "abc\0\0\0");
}
