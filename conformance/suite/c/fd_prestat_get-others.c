/* fd_prestat_get: a descriptor that the program opened is not preopened. */
#include "check.h"

int main(void) {
    __wasi_prestat_t st;
    make_dir("dir");
    FAILS(__wasi_fd_prestat_get(open_dir("dir"), &st), E_badf, E_inval, E_notsup);
    FAILS(__wasi_fd_prestat_get(open_file("file", CREAT), &st), E_badf, E_inval, E_notsup, E_notdir);
}
