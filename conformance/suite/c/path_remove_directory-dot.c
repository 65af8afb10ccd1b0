/* path_remove_directory: a folder is removed by its name, not by dot. */
#include "check.h"

int main(void) {
    make_dir("dir");
    FAILS(__wasi_path_remove_directory(ROOT, "dir/."), E_inval);
    OK(missing("dir"));
}
