/* path_rename: folders and files do not take each other's place. */
#include "check.h"

int main(void) {
    make_dir("dir");
    put("file", "text");
    FAILS(__wasi_path_rename(ROOT, "dir", ROOT, "file"), E_notdir);
    FAILS(__wasi_path_rename(ROOT, "file", ROOT, "dir"), E_isdir);
    HOLDS("file", "text");
    OK(missing("dir"));
}
