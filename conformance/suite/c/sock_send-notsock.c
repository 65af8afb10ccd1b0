/* sock_send: nothing is sent to a file, which stays empty. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    __wasi_ciovec_t v = {(const uint8_t *)"text", 4};
    __wasi_size_t n;
    FAILS(__wasi_sock_send(fd, &v, 1, 0, &n), E_notsock, E_badf, E_notcapable, E_nosys, E_notsup);
    FAILS(__wasi_sock_send(1000, &v, 1, 0, &n), E_badf, E_nosys, E_notsup);
    EQUAL(stat_fd(fd).size, 0);
}
