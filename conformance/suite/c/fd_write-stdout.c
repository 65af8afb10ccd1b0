/* fd_write: bytes reach standard output in order, whatever they are. */
#include "check.h"

int main(void) {
    write_text(1, "first line\n");
    write_text(1, "");
    write_text(1, "tab\tquote\" \xe2\x9c\x93\n");
    write_bytes(1, "no end of line", 14);
}
