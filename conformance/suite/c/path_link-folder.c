/* path_link: a folder has one name. */
#include "check.h"

int main(void) {
    make_dir("dir");
    FAILS(__wasi_path_link(ROOT, 0, "dir", ROOT, "other"), E_perm, E_acces);
    FAILS(missing("other"), E_noent);
}
