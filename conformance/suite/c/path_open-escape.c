/* path_open: no path leads out of the descriptor's folder. */
#include "check.h"

int main(void) {
    int fd, dir = open_dir("dir");
    FAILS(try_open(dir, "../hello.txt", 0, RIGHT(FD_READ), &fd), E_perm, E_notcapable);
    FAILS(try_open(dir, "inner/../../hello.txt", 0, RIGHT(FD_READ), &fd), E_perm, E_notcapable);
    FAILS(try_open(dir, "..", DIRECTORY, RIGHT(FD_READDIR), &fd), E_perm, E_notcapable);
    FAILS(try_open(ROOT, "..", DIRECTORY, RIGHT(FD_READDIR), &fd), E_perm, E_notcapable);
    OK(try_open(dir, "inner/../nested.txt", 0, RIGHT(FD_READ), &fd));
}
