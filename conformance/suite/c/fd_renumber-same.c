/* fd_renumber: onto itself, nothing happens. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "abc");
    OK(__wasi_fd_renumber(fd, fd));
    EQUAL(position(fd), 3);
    write_text(fd, "def");
    HOLDS("file", "abcdef");
}
