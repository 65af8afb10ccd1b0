/* fd_fdstat_set_rights: rights are taken away, never given. */
#include "check.h"

int main(void) {
    int fd;
    OK(try_open(ROOT, "file", CREAT, RIGHT(FD_READ), &fd));
    FAILS(__wasi_fd_fdstat_set_rights(fd, RIGHT(FD_READ) | RIGHT(FD_WRITE), 0), E_notcapable);
}
