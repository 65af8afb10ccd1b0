/* fd_write: in append mode each write goes to the end, and the position with it. */
#include "check.h"

int main(void) {
    __wasi_fd_t fd;
    put("log", "one\n");
    OK(__wasi_path_open(ROOT, 0, "log", 0, FILE_RIGHTS, 0, __WASI_FDFLAGS_APPEND, &fd));
    write_text(fd, "two\n");
    seek(fd, 0, __WASI_WHENCE_SET);
    int other = open_file("log", 0);
    seek(other, 0, __WASI_WHENCE_END);
    write_text(other, "three\n");
    write_text(fd, "four\n");
    EQUAL(position(fd), 19);
    HOLDS("log", "one\ntwo\nthree\nfour\n");
}
