/* path_link: there must be a file to link and a folder to put the link into. */
#include "check.h"

int main(void) {
    put("file", "text");
    FAILS(__wasi_path_link(ROOT, 0, "missing", ROOT, "new"), E_noent);
    FAILS(__wasi_path_link(ROOT, 0, "file", ROOT, "missing/new"), E_noent);
    FAILS(__wasi_path_link(ROOT, 0, "file", ROOT, "file/new"), E_notdir);
}
