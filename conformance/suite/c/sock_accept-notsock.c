/* sock_accept: a file is no socket. */
#include "check.h"

extern __wasi_errno_t sock_accept(int fd, int flags, int *result)
    __attribute__((import_module("wasi_snapshot_preview1"), import_name("sock_accept")));

int main(void) {
    int fd = open_file("file", CREAT), accepted;
    FAILS(sock_accept(fd, 0, &accepted), E_notsock, E_badf, E_notcapable, E_nosys, E_notsup);
}
