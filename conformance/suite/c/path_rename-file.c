/* path_rename: a file moves with what it holds. */
#include "check.h"

int main(void) {
    __wasi_filestat_t before, after;
    put("old", "text");
    OK(stat_path("old", &before));
    OK(__wasi_path_rename(ROOT, "old", ROOT, "new"));
    FAILS(missing("old"), E_noent);
    HOLDS("new", "text");
    OK(stat_path("new", &after));
    EQUAL(after.ino, before.ino);
}
