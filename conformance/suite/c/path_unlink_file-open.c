/* path_unlink_file: an open file stays usable without a name. */
#include "check.h"

int main(void) {
    char buf[16];
    int fd = open_file("file", CREAT);
    write_text(fd, "before ");
    OK(__wasi_path_unlink_file(ROOT, "file"));
    EQUAL(stat_fd(fd).nlink, 0);
    write_text(fd, "after");
    put("file", "another");
    seek(fd, 0, __WASI_WHENCE_SET);
    BYTES(buf, read_bytes(fd, buf, sizeof buf), "before after");
}
