/* path_open: a path is as long as it says, whatever follows. */
#include "check.h"

extern int raw_path_open(int dir, int lookup, const char *path, size_t length, int oflags, uint64_t base,
                         uint64_t inheriting, int fdflags, int *fd)
    __attribute__((import_module("wasi_snapshot_preview1"), import_name("path_open")));

int main(void) {
    int fd;
    char buf[8];
    OK(raw_path_open(ROOT, 0, "dir/nested.txt.and.more", 14, 0, RIGHT(FD_READ), 0, 0, &fd));
    BYTES(buf, read_bytes(fd, buf, sizeof buf), "nested\n");
}
