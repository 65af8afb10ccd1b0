/* fd_allocate: a folder has no bytes to reserve. */
#include "check.h"

int main(void) {
    FAILS(__wasi_fd_allocate(open_dir("."), 0, 10), E_isdir, E_badf, E_notcapable, E_nodev, E_notsup, E_nosys);
    FAILS(__wasi_fd_allocate(1000, 0, 10), E_badf);
}
