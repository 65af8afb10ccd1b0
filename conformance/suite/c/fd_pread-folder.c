/* fd_pread: a folder cannot be read as a file. */
#include "check.h"

int main(void) {
    uint8_t buf[8];
    __wasi_iovec_t v = {buf, sizeof buf};
    __wasi_size_t n;
    FAILS(__wasi_fd_pread(open_dir("."), &v, 1, 0, &n), E_isdir, E_badf, E_notcapable);
}
