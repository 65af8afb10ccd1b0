/* path_open: links before the last name are always followed. */
#include "check.h"

int main(void) {
    __wasi_fd_t fd;
    make_dir("dir");
    make_dir("dir/sub");
    put("dir/file", "text");
    make_link("dir", "link");
    make_link("../dir/./sub", "dir/back");
    HOLDS("link/file", "text");
    OK(__wasi_path_open(ROOT, 0, "link/file", 0, RIGHT(FD_READ), 0, 0, &fd));
    OK(__wasi_path_open(ROOT, 0, "link/back/../file", 0, RIGHT(FD_READ), 0, 0, &fd));
}
