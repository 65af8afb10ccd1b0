/* path_open: dots and slashes that stay inside are resolved. */
#include "check.h"

int main(void) {
    const char *paths[] = {"dir/../hello.txt", "./hello.txt", "dir//inner/..//../hello.txt", "dir/./inner/../../hello.txt"};
    char buf[256];
    for (int i = 0; i < 4; i++) {
        EQUAL(content(paths[i], buf), 13);
        BYTES(buf, 13, "hello, world\n");
    }
    FAILS(probe("missing/../hello.txt", 0, RIGHT(FD_READ)), E_noent);
    FAILS(probe("lines.txt/../hello.txt", 0, RIGHT(FD_READ)), E_notdir);
}
