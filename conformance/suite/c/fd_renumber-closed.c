/* fd_renumber: both descriptors must be open. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    FAILS(__wasi_fd_renumber(1000, fd), E_badf);
    FAILS(__wasi_fd_renumber(fd, 1000), E_badf);
    write_text(fd, "still open");
}
