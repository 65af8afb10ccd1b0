/* path_open: a path with a zero byte in it names nothing, and is not cut there. */
#include "check.h"

extern int raw_path_open(int dir, int lookup, const char *path, size_t length, int oflags, uint64_t base,
                         uint64_t inheriting, int fdflags, int *fd)
    __attribute__((import_module("wasi_snapshot_preview1"), import_name("path_open")));

int main(void) {
    int fd;
    FAILS(raw_path_open(ROOT, 0, "hello.txt\0x", 11, 0, RIGHT(FD_READ), 0, 0, &fd), E_inval, E_ilseq, E_noent);
    FAILS(raw_path_open(ROOT, 0, "new\0x", 5, CREAT, RIGHT(FD_READ), 0, 0, &fd), E_inval, E_ilseq, E_noent);
    FAILS(missing("new"), E_noent);
}
