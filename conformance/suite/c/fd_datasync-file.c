/* fd_datasync: a file's data can be synchronised. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "data");
    OK(__wasi_fd_datasync(fd));
    HOLDS("file", "data");
}
