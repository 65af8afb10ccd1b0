/* path_readlink: a short buffer gets the beginning of the target. */
#include "check.h"

int main(void) {
    uint8_t buf[8] = "xxxxxxx";
    __wasi_size_t n;
    make_link("a-long-target", "link");
    OK(__wasi_path_readlink(ROOT, "link", buf, 4, &n));
    EQUAL(n, 4);
    BYTES(buf, 5, "a-lox");
}
