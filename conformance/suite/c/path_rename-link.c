/* path_rename: a symbolic link moves itself, and is replaced itself. */
#include "check.h"

int main(void) {
    uint8_t buf[8];
    __wasi_size_t n;
    put("file", "text");
    put("other", "other");
    make_link("file", "link");
    OK(__wasi_path_rename(ROOT, "link", ROOT, "moved"));
    OK(__wasi_path_readlink(ROOT, "moved", buf, sizeof buf, &n));
    BYTES(buf, n, "file");
    OK(__wasi_path_rename(ROOT, "other", ROOT, "moved"));
    HOLDS("moved", "other");
    HOLDS("file", "text");
}
