/* fd_read: standard input is at its end. */
#include "check.h"

int main(void) {
    char buf[8];
    EQUAL(read_bytes(0, buf, sizeof buf), 0);
}
