/* path_rename: works between the folders of two descriptors, and not out of them. */
#include "check.h"

int main(void) {
    make_dir("a");
    make_dir("b");
    put("a/file", "text");
    int a = open_dir("a"), b = open_dir("b");
    FAILS(__wasi_path_rename(a, "file", b, "../file"), E_perm, E_notcapable);
    OK(__wasi_path_rename(a, "file", b, "moved"));
    HOLDS("b/moved", "text");
    FAILS(missing("a/file"), E_noent);
}
