/* fd_readdir: an empty folder has itself and its parent. */
#include "fd_readdir.h"

int main(void) {
    static entry entries[8];
    make_dir("dir");
    int fd = open_dir("dir");
    EQUAL(list(fd, 0, entries, 8), 2);
    const entry *dot = find(entries, 2, "."), *parent = find(entries, 2, "..");
    TRUE(dot != 0 && parent != 0);
    EQUAL(dot->head.d_type, __WASI_FILETYPE_DIRECTORY);
    EQUAL(parent->head.d_type, __WASI_FILETYPE_DIRECTORY);
    EQUAL(dot->head.d_ino, stat_fd(fd).ino);
}
