/* path_open: a link that leads out of the folder is not followed. */
#include "check.h"

int main(void) {
    int fd;
    put("secret", "text");
    make_dir("dir");
    make_link("../secret", "dir/link");
    make_link("..", "dir/up");
    HOLDS("dir/link", "text");
    int dir = open_dir("dir");
    FAILS(try_open(dir, "link", 0, RIGHT(FD_READ), &fd), E_perm, E_notcapable);
    FAILS(try_open(dir, "up/secret", 0, RIGHT(FD_READ), &fd), E_perm, E_notcapable);
}
