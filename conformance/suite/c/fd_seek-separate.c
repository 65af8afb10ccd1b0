/* fd_seek: two descriptors of one file have a position each. */
#include "check.h"

int main(void) {
    int a = open_file("file", CREAT), b = open_file("file", 0);
    char buf[4];
    write_text(a, "0123456789");
    EQUAL(position(b), 0);
    seek(b, 5, __WASI_WHENCE_SET);
    EQUAL(position(a), 10);
    EQUAL(read_bytes(b, buf, 4), 4);
    BYTES(buf, 4, "5678");
}
