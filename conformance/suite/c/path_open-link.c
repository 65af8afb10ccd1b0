/* path_open: the last name is followed only when told so. */
#include "check.h"

int main(void) {
    __wasi_fd_t fd;
    char buf[8];
    put("file", "text");
    make_link("file", "link");
    FAILS(__wasi_path_open(ROOT, 0, "link", 0, RIGHT(FD_READ), 0, 0, &fd), E_loop);
    OK(__wasi_path_open(ROOT, FOLLOW, "link", 0, FILE_RIGHTS, 0, 0, &fd));
    BYTES(buf, read_bytes(fd, buf, sizeof buf), "text");
}
