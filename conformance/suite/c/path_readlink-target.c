/* path_readlink: gives the target as it was written, without a zero byte. */
#include "check.h"

int main(void) {
    uint8_t buf[32];
    __wasi_size_t n;
    memset(buf, 'x', sizeof buf);
    make_link("some/../target", "link");
    OK(__wasi_path_readlink(ROOT, "link", buf, sizeof buf, &n));
    BYTES(buf, n, "some/../target");
    EQUAL(buf[n], 'x');
}
