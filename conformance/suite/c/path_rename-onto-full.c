/* path_rename: a folder does not take the place of one with something in it. */
#include "check.h"

int main(void) {
    make_dir("other");
    FAILS(__wasi_path_rename(ROOT, "other", ROOT, "dir"), E_notempty);
    HOLDS("dir/nested.txt", "nested\n");
    OK(missing("other"));
}
