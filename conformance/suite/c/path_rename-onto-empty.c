/* path_rename: a folder takes the place of an empty one. */
#include "check.h"

int main(void) {
    make_dir("empty");
    OK(__wasi_path_rename(ROOT, "dir", ROOT, "empty"));
    HOLDS("empty/nested.txt", "nested\n");
    FAILS(missing("dir"), E_noent);
}
