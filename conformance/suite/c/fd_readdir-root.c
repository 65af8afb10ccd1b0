/* fd_readdir: the preopened folder is listed without opening anything. */
#include "fd_readdir.h"

int main(void) {
    static entry entries[8];
    size_t n = list(ROOT, 0, entries, 8);
    EQUAL(n, 5);
    TRUE(find(entries, n, "hello.txt") != 0);
    TRUE(find(entries, n, "lines.txt") != 0);
    TRUE(find(entries, n, "dir") != 0);
}
