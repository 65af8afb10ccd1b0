/* fd_write: what one descriptor writes, another one reads at once. */
#include "check.h"

int main(void) {
    char buf[8];
    int out = open_file("file", CREAT), in = open_file("file", 0);
    write_text(out, "abc");
    EQUAL(read_bytes(in, buf, sizeof buf), 3);
    BYTES(buf, 3, "abc");
    write_text(out, "de");
    EQUAL(read_bytes(in, buf, sizeof buf), 2);
    BYTES(buf, 2, "de");
}
