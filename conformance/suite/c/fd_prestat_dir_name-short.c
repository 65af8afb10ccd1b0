/* fd_prestat_dir_name: a buffer that is too short is an error, and is not written to. */
#include "check.h"

int main(void) {
    uint8_t name[1] = {'x'};
    FAILS(__wasi_fd_prestat_dir_name(ROOT, name, 0), E_nametoolong, E_inval);
    EQUAL(name[0], 'x');
    FAILS(__wasi_fd_prestat_dir_name(1000, name, 1), E_badf);
    close_fd(open_dir("."));
}
