/* fd_pwrite: the position does not move in append mode, either. */
#include "check.h"

int main(void) {
    __wasi_ciovec_t v = {(const uint8_t *)"X", 1};
    __wasi_size_t n;
    __wasi_fd_t fd;
    put("file", "abc");
    OK(__wasi_path_open(ROOT, 0, "file", 0, FILE_RIGHTS, 0, __WASI_FDFLAGS_APPEND, &fd));
    seek(fd, 1, __WASI_WHENCE_SET);
    int e = __wasi_fd_pwrite(fd, &v, 1, 0, &n);
    FAILS(e, E_success, E_notsup);
    EQUAL(position(fd), 1);
    char buf[8];
    size_t size = content("file", buf);
    /* POSIX writes at the offset, Linux at the end. */
    TRUE(e ? size == 3 : (size == 3 && memcmp(buf, "Xbc", 3) == 0) || (size == 4 && memcmp(buf, "abcX", 4) == 0));
}
