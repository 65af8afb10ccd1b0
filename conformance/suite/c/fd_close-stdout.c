/* fd_close: standard output can be closed; what was written stays. */
#include "check.h"

int main(void) {
    __wasi_ciovec_t v = {(const uint8_t *)"late", 4};
    __wasi_size_t n;
    write_text(1, "early");
    OK(__wasi_fd_close(1));
    FAILS(__wasi_fd_write(1, &v, 1, &n), E_badf);
}
