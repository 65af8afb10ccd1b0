/* path_remove_directory: an empty folder goes, with a slash or without. */
#include "check.h"

int main(void) {
    make_dir("a");
    make_dir("b");
    OK(__wasi_path_remove_directory(ROOT, "a"));
    OK(__wasi_path_remove_directory(ROOT, "b/"));
    FAILS(missing("a"), E_noent);
    FAILS(missing("b"), E_noent);
    make_dir("a");
}
