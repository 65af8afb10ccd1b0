/* fd_readdir: from cookie 0 it begins again and sees what is new. */
#include "fd_readdir.h"

int main(void) {
    static entry entries[8];
    make_dir("dir");
    int fd = open_dir("dir");
    EQUAL(list(fd, 0, entries, 8), 2);
    put("dir/new", "");
    size_t n = list(fd, 0, entries, 8);
    EQUAL(n, 3);
    TRUE(find(entries, n, "new") != 0);
    OK(__wasi_path_unlink_file(ROOT, "dir/new"));
    EQUAL(list(fd, 0, entries, 8), 2);
}
