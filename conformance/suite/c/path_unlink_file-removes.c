/* path_unlink_file: the name is gone, and free again. */
#include "check.h"

int main(void) {
    put("file", "old");
    OK(__wasi_path_unlink_file(ROOT, "file"));
    FAILS(missing("file"), E_noent);
    FAILS(__wasi_path_unlink_file(ROOT, "file"), E_noent);
    put("file", "new");
    HOLDS("file", "new");
}
