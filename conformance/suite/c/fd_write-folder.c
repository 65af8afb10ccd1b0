/* fd_write: a folder cannot be written to. */
#include "check.h"

int main(void) {
    __wasi_ciovec_t v = {(const uint8_t *)"x", 1};
    __wasi_size_t n;
    FAILS(__wasi_fd_write(open_dir("."), &v, 1, &n), E_isdir, E_badf, E_notcapable);
}
