/* path_open: a path begins at a folder, not at a file. */
#include "check.h"

int main(void) {
    int fd, file = open_file("file", CREAT);
    FAILS(try_open(file, "below", CREAT, FILE_RIGHTS, &fd), E_notdir, E_notcapable, E_badf);
    FAILS(try_open(file, ".", 0, RIGHT(FD_READ), &fd), E_notdir, E_notcapable, E_badf);
    FAILS(try_open(1000, "file", 0, RIGHT(FD_READ), &fd), E_badf);
}
