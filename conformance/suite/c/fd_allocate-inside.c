/* fd_allocate: a range inside the file changes nothing. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    FAILS(__wasi_fd_allocate(fd, 2, 3), E_success, E_notsup, E_nosys);
    EQUAL(stat_fd(fd).size, 10);
    HOLDS("file", "0123456789");
}
