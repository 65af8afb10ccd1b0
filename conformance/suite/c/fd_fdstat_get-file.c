/* fd_fdstat_get: a file's type, its flags, and the rights that it was opened with. */
#include "check.h"

int main(void) {
    __wasi_fdstat_t st;
    int fd = open_file("file", CREAT);
    OK(__wasi_fd_fdstat_get(fd, &st));
    EQUAL(st.fs_filetype, __WASI_FILETYPE_REGULAR_FILE);
    EQUAL(st.fs_flags, 0);
    TRUE(st.fs_rights_base & RIGHT(FD_READ));
    TRUE(st.fs_rights_base & RIGHT(FD_WRITE));
    TRUE(st.fs_rights_base & RIGHT(FD_SEEK));
}
