/* fd_close: a descriptor can be closed once. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_close(fd));
    FAILS(__wasi_fd_close(fd), E_badf);
    FAILS(__wasi_fd_close(1000), E_badf);
}
