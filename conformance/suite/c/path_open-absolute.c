/* path_open: a path begins at a descriptor, so an absolute one leads nowhere. */
#include "check.h"

int main(void) {
    FAILS(probe("/hello.txt", 0, RIGHT(FD_READ)), E_perm, E_notcapable);
    FAILS(probe("/", DIRECTORY, RIGHT(FD_READDIR)), E_perm, E_notcapable);
}
