/* path_rename: a folder moves with all below it, into another folder, too. */
#include "check.h"

int main(void) {
    make_dir("to");
    OK(__wasi_path_rename(ROOT, "dir", ROOT, "to/moved"));
    HOLDS("to/moved/inner/deep.txt", "deep\n");
    FAILS(missing("dir"), E_noent);
    OK(__wasi_path_rename(ROOT, "to/moved/", ROOT, "back/"));
    HOLDS("back/nested.txt", "nested\n");
}
