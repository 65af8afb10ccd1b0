/* path_open: creat makes an empty file, and opens one that is there as it is. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    EQUAL(stat_fd(fd).size, 0);
    write_text(fd, "text");
    close_fd(fd);
    close_fd(open_file("file", CREAT));
    HOLDS("file", "text");
}
