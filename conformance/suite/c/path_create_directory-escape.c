/* path_create_directory: nothing is made outside of the descriptor's folder. */
#include "check.h"

int main(void) {
    make_dir("inner");
    int dir = open_dir("inner");
    FAILS(__wasi_path_create_directory(dir, "../outside"), E_perm, E_notcapable);
    FAILS(__wasi_path_create_directory(dir, "/outside"), E_perm, E_notcapable);
    FAILS(missing("outside"), E_noent);
}
