/* path_open: a file gets no right that its folder does not hand down. */
#include "check.h"

int main(void) {
    __wasi_fd_t dir, fd;
    __wasi_fdstat_t st;
    put("file", "text");
    OK(__wasi_path_open(ROOT, 0, ".", DIRECTORY, DIR_RIGHTS, RIGHT(FD_READ), 0, &dir));
    OK(__wasi_fd_fdstat_set_rights(dir, DIR_RIGHTS & ~RIGHT(PATH_CREATE_FILE), RIGHT(FD_READ)));
    int e = __wasi_path_open(dir, 0, "file", 0, RIGHT(FD_READ) | RIGHT(FD_WRITE), 0, 0, &fd);
    FAILS(e, E_success, E_notcapable);
    if (e == E_success) {
        OK(__wasi_fd_fdstat_get(fd, &st));
        EQUAL(st.fs_rights_base & RIGHT(FD_WRITE), 0);
    }
    FAILS(__wasi_path_open(dir, 0, "new", CREAT, RIGHT(FD_READ), 0, 0, &fd), E_notcapable, E_perm);
}
