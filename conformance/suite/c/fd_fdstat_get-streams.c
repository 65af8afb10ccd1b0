/* fd_fdstat_get: the three streams are open; the first is for reading, the others for writing. */
#include "check.h"

int main(void) {
    __wasi_fdstat_t st;
    OK(__wasi_fd_fdstat_get(0, &st));
    TRUE(st.fs_filetype != __WASI_FILETYPE_DIRECTORY);
    TRUE(st.fs_rights_base & RIGHT(FD_READ));
    for (int fd = 1; fd <= 2; fd++) {
        OK(__wasi_fd_fdstat_get(fd, &st));
        TRUE(st.fs_filetype != __WASI_FILETYPE_DIRECTORY);
        TRUE(st.fs_rights_base & RIGHT(FD_WRITE));
    }
}
