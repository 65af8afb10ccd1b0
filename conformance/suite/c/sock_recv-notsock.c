/* sock_recv: nothing is received from a file, nor from what is not open. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    uint8_t buf[4];
    __wasi_iovec_t v = {buf, sizeof buf};
    __wasi_size_t n;
    __wasi_roflags_t flags;
    FAILS(__wasi_sock_recv(fd, &v, 1, 0, &n, &flags), E_notsock, E_badf, E_notcapable, E_nosys, E_notsup);
    FAILS(__wasi_sock_recv(1000, &v, 1, 0, &n, &flags), E_badf, E_nosys, E_notsup);
}
