/* path_link: never replaces what is there. */
#include "check.h"

int main(void) {
    put("a", "a");
    put("b", "b");
    make_dir("dir");
    make_link("nowhere", "dangling");
    FAILS(__wasi_path_link(ROOT, 0, "a", ROOT, "b"), E_exist);
    FAILS(__wasi_path_link(ROOT, 0, "a", ROOT, "a"), E_exist);
    FAILS(__wasi_path_link(ROOT, 0, "a", ROOT, "dir"), E_exist);
    FAILS(__wasi_path_link(ROOT, 0, "a", ROOT, "dangling"), E_exist);
    HOLDS("b", "b");
}
