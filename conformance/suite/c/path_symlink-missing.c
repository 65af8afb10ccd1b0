/* path_symlink: a link needs a folder to be in. */
#include "check.h"

int main(void) {
    FAILS(__wasi_path_symlink("target", ROOT, "missing/link"), E_noent);
    FAILS(__wasi_path_symlink("target", ROOT, "link/"), E_noent, E_notdir, E_inval);
    FAILS(missing("link"), E_noent);
}
