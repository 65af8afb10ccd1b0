/* path_open: trunc empties a file that is there. */
#include "check.h"

int main(void) {
    put("file", "a longer text");
    int fd = open_file("file", TRUNC);
    EQUAL(stat_fd(fd).size, 0);
    write_text(fd, "short");
    HOLDS("file", "short");
}
