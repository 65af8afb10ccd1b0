/* fd_allocate: the file has at least offset plus length bytes, the new ones zero. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "abc");
    int e = __wasi_fd_allocate(fd, 2, 6);
    FAILS(e, E_success, E_notsup, E_nosys); /* file systems need not be able to do it */
    if (e == E_success)
        HOLDS("file", "abc\0\0\0\0\0");
    else
        HOLDS("file", "abc");
}
