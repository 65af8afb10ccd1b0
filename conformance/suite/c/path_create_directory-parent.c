/* path_create_directory: the parent must be there, and be a folder. */
#include "check.h"

int main(void) {
    put("file", "text");
    FAILS(__wasi_path_create_directory(ROOT, "missing/dir"), E_noent);
    FAILS(__wasi_path_create_directory(ROOT, "file/dir"), E_notdir);
    FAILS(missing("missing"), E_noent);
}
