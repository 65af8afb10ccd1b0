/* path_unlink_file: a folder is not removed. */
#include "check.h"

int main(void) {
    make_dir("dir");
    FAILS(__wasi_path_unlink_file(ROOT, "dir"), E_isdir, E_perm);
    FAILS(__wasi_path_unlink_file(ROOT, "dir/"), E_isdir, E_perm, E_notdir);
    OK(missing("dir"));
}
