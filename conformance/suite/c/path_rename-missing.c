/* path_rename: there must be something to move and a folder to move it to. */
#include "check.h"

int main(void) {
    put("file", "text");
    FAILS(__wasi_path_rename(ROOT, "missing", ROOT, "new"), E_noent);
    FAILS(__wasi_path_rename(ROOT, "file", ROOT, "missing/new"), E_noent);
    FAILS(__wasi_path_rename(ROOT, "file", ROOT, "file/new"), E_notdir);
    HOLDS("file", "text");
}
