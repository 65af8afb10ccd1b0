/* path_readlink: what is no link cannot be read as one. */
#include "check.h"

int main(void) {
    uint8_t buf[8];
    __wasi_size_t n;
    put("file", "text");
    make_dir("dir");
    FAILS(__wasi_path_readlink(ROOT, "file", buf, sizeof buf, &n), E_inval);
    FAILS(__wasi_path_readlink(ROOT, "dir", buf, sizeof buf, &n), E_inval);
    FAILS(__wasi_path_readlink(ROOT, "missing", buf, sizeof buf, &n), E_noent);
}
