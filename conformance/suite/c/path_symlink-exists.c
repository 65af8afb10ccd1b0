/* path_symlink: never replaces what is there. */
#include "check.h"

int main(void) {
    put("file", "text");
    make_dir("dir");
    make_link("nowhere", "link");
    FAILS(__wasi_path_symlink("target", ROOT, "file"), E_exist);
    FAILS(__wasi_path_symlink("target", ROOT, "dir"), E_exist);
    FAILS(__wasi_path_symlink("target", ROOT, "link"), E_exist);
    HOLDS("file", "text");
}
