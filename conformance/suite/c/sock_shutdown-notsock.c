/* sock_shutdown: a file cannot be shut down, and stays usable. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    FAILS(__wasi_sock_shutdown(fd, __WASI_SDFLAGS_WR), E_notsock, E_badf, E_notcapable, E_nosys, E_notsup);
    write_text(fd, "still open");
    FAILS(__wasi_sock_shutdown(1000, __WASI_SDFLAGS_WR), E_badf, E_nosys, E_notsup);
}
