/* fd_readdir: a buffer that is too small is filled to the last byte. */
#include "fd_readdir.h"

int main(void) {
    static entry entries[8];
    uint8_t buf[256];
    __wasi_size_t used;
    make_dir("dir");
    put("dir/a-file-with-a-name", "");
    int fd = open_dir("dir");
    list(fd, 0, entries, 8);
    for (size_t size = 0; size <= 64; size++) {
        memset(buf, 0xee, sizeof buf);
        OK(__wasi_fd_readdir(fd, buf, size, 0, &used));
        EQUAL(used, size);
        EQUAL(buf[size], 0xee);
    }
    EQUAL(__builtin_memcmp(buf, page, 64), 0);
}
