/* path_open: with directory, only a folder opens. */
#include "check.h"

int main(void) {
    __wasi_fdstat_t st;
    make_dir("dir");
    put("file", "text");
    OK(__wasi_fd_fdstat_get(open_dir("dir"), &st));
    EQUAL(st.fs_filetype, __WASI_FILETYPE_DIRECTORY);
    FAILS(probe("file", DIRECTORY, RIGHT(FD_READ)), E_notdir);
    FAILS(probe("missing", DIRECTORY, RIGHT(FD_READ)), E_noent);
}
