/* path_open: a path begins at the folder of its descriptor, wherever that is moved. */
#include "check.h"

int main(void) {
    int fd, dir;
    char buf[8];
    make_dir("before");
    put("before/file", "text");
    dir = open_dir("before");
    OK(__wasi_path_rename(ROOT, "before", ROOT, "after"));
    OK(try_open(dir, "file", 0, RIGHT(FD_READ), &fd));
    BYTES(buf, read_bytes(fd, buf, sizeof buf), "text");
}
