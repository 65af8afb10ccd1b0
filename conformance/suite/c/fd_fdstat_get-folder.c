/* fd_fdstat_get: the preopened folder may open, list and remove what is below it. */
#include "check.h"

int main(void) {
    __wasi_fdstat_t st;
    close_fd(open_dir("."));
    OK(__wasi_fd_fdstat_get(ROOT, &st));
    EQUAL(st.fs_filetype, __WASI_FILETYPE_DIRECTORY);
    TRUE(st.fs_rights_base & RIGHT(PATH_OPEN));
    TRUE(st.fs_rights_base & RIGHT(FD_READDIR));
    TRUE(st.fs_rights_base & RIGHT(PATH_UNLINK_FILE));
    TRUE(st.fs_rights_inheriting & RIGHT(FD_READ));
    TRUE(st.fs_rights_inheriting & RIGHT(FD_WRITE));
    EQUAL(st.fs_rights_base & RIGHT(FD_SEEK), 0);
}
