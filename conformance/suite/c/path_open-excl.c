/* path_open: creat with excl opens only what it makes. */
#include "check.h"

int main(void) {
    make_dir("dir");
    make_link("nowhere", "dangling");
    OK(probe("new", CREAT | EXCL, FILE_RIGHTS));
    FAILS(probe("new", CREAT | EXCL, FILE_RIGHTS), E_exist);
    FAILS(probe("dir", CREAT | EXCL, FILE_RIGHTS), E_exist);
    __wasi_fd_t fd;
    FAILS(__wasi_path_open(ROOT, 0, "dangling", CREAT | EXCL, FILE_RIGHTS, 0, 0, &fd), E_exist);
    FAILS(missing("nowhere"), E_noent);
}
