/* path_open: a folder cannot be opened for writing. */
#include "check.h"

int main(void) {
    make_dir("dir");
    FAILS(probe("dir", 0, RIGHT(FD_READ) | RIGHT(FD_WRITE)), E_isdir);
    FAILS(probe("dir", TRUNC, RIGHT(FD_READ) | RIGHT(FD_WRITE)), E_isdir);
}
