/* path_rename: a folder cannot move into itself. */
#include "check.h"

int main(void) {
    FAILS(__wasi_path_rename(ROOT, "dir", ROOT, "dir/inner/dir"), E_inval);
    HOLDS("dir/inner/deep.txt", "deep\n");
}
