/* fd_readdir: opendir, readdir, rewinddir and closedir see a tree of files. */
#include "check.h"
#include <dirent.h>

static int count(const char *path) {
    int n = 0;
    DIR *dir = opendir(path);
    TRUE(dir != 0);
    while (readdir(dir))
        n++;
    rewinddir(dir);
    for (int i = 0; i < n; i++)
        TRUE(readdir(dir) != 0);
    TRUE(readdir(dir) == 0);
    TRUE(closedir(dir) == 0);
    return n;
}

int main(void) {
    EQUAL(count("/"), 5);
    EQUAL(count("/dir"), 4);
    EQUAL(count("/dir/inner"), 3);
    TRUE(opendir("/hello.txt") == 0);
}
