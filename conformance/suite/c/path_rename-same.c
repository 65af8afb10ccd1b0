/* path_rename: between two names of one file nothing happens. */
#include "check.h"

int main(void) {
    put("a", "text");
    OK(__wasi_path_link(ROOT, 0, "a", ROOT, "b"));
    OK(__wasi_path_rename(ROOT, "a", ROOT, "b"));
    HOLDS("a", "text");
    HOLDS("b", "text");
    OK(__wasi_path_rename(ROOT, "a", ROOT, "a"));
    HOLDS("a", "text");
}
