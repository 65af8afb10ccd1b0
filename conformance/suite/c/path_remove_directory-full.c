/* path_remove_directory: a folder with something in it stays. */
#include "check.h"

int main(void) {
    FAILS(__wasi_path_remove_directory(ROOT, "dir"), E_notempty);
    HOLDS("dir/nested.txt", "nested\n");
}
