/* fd_readdir: of many entries each comes once. */
#include "fd_readdir.h"

enum { FILES = 300 };
static entry entries[FILES + 10];

static void name_file(char *name, int i) {
    memcpy(name, "dir/a-longer-name-000", 22);
    for (int at = 20; i > 0; i /= 10)
        name[at--] = '0' + i % 10;
}

int main(void) {
    char name[32];
    make_dir("dir");
    for (int i = 0; i < FILES; i++) {
        name_file(name, i);
        put(name, "");
    }
    size_t n = list(open_dir("dir"), 0, entries, FILES + 10);
    EQUAL(n, FILES + 2);
    for (int i = 0; i < FILES; i++) {
        name_file(name, i);
        TRUE(find(entries, n, name + 4) != 0);
    }
}
