/* fd_readdir: each entry's cookie leads to the entries behind it. */
#include "fd_readdir.h"

int main(void) {
    static entry all[16], rest[16];
    make_dir("dir");
    put("dir/a", "");
    put("dir/b", "");
    put("dir/c", "");
    int fd = open_dir("dir");
    size_t n = list(fd, 0, all, 16);
    EQUAL(n, 5);
    for (size_t i = 0; i < n; i++) {
        EQUAL(list(fd, all[i].head.d_next, rest, 16), n - i - 1);
        for (size_t j = i + 1; j < n; j++)
            TRUE(strcmp(all[j].name, rest[j - i - 1].name) == 0);
    }
}
