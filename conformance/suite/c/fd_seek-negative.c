/* fd_seek: before the beginning is inval, and the position stays. */
#include "check.h"

int main(void) {
    __wasi_filesize_t at = 77;
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    seek(fd, 6, __WASI_WHENCE_SET);
    FAILS(__wasi_fd_seek(fd, -1, __WASI_WHENCE_SET, &at), E_inval);
    FAILS(__wasi_fd_seek(fd, -7, __WASI_WHENCE_CUR, &at), E_inval);
    FAILS(__wasi_fd_seek(fd, -11, __WASI_WHENCE_END, &at), E_inval);
    EQUAL(at, 77);
    EQUAL(position(fd), 6);
}
