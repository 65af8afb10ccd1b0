/* fd_readdir: removing what was listed loses nothing of the rest. */
#include "fd_readdir.h"

enum { FILES = 40 };

int main(void) {
    static entry one[1];
    char path[300] = "dir/00";
    uint64_t cookie = 0;
    int removed = 0;
    make_dir("dir");
    for (int i = 0; i < FILES; i++) {
        path[4] = '0' + i / 10;
        path[5] = '0' + i % 10;
        put(path, "");
    }
    int fd = open_dir("dir");
    while (list(fd, cookie, one, 1) == 1) {
        cookie = one[0].head.d_next;
        if (is_dot(one))
            continue;
        strcpy(path + 4, one[0].name);
        OK(__wasi_path_unlink_file(ROOT, path));
        removed++;
    }
    EQUAL(removed, FILES);
    close_fd(fd);
    OK(__wasi_path_remove_directory(ROOT, "dir"));
}
