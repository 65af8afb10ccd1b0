/* fd_write: in the middle of a file it replaces bytes. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "0123456789");
    seek(fd, 3, __WASI_WHENCE_SET);
    write_text(fd, "abc");
    HOLDS("file", "012abc6789");
    seek(fd, 8, __WASI_WHENCE_SET);
    write_text(fd, "longer");
    HOLDS("file", "012abc67longer");
}
