/* path_link: a hard link is the same file under two names. */
#include "check.h"

int main(void) {
    __wasi_filestat_t a, b;
    put("a", "text");
    OK(__wasi_path_link(ROOT, 0, "a", ROOT, "b"));
    OK(stat_path("a", &a));
    OK(stat_path("b", &b));
    EQUAL(a.ino, b.ino);
    EQUAL(a.nlink, 2);
    put("b", "changed");
    HOLDS("a", "changed");
    OK(__wasi_path_unlink_file(ROOT, "a"));
    HOLDS("b", "changed");
    OK(stat_path("b", &b));
    EQUAL(b.nlink, 1);
}
