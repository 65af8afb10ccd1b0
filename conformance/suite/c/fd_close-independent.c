/* fd_close: other descriptors of the same file stay open. */
#include "check.h"

int main(void) {
    int a = open_file("file", CREAT), b = open_file("file", 0);
    TRUE(a != b);
    write_text(a, "abc");
    close_fd(a);
    char buf[8];
    EQUAL(read_bytes(b, buf, sizeof buf), 3);
    BYTES(buf, 3, "abc");
}
