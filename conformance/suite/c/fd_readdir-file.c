/* fd_readdir: a file has no entries. */
#include "check.h"

int main(void) {
    uint8_t buf[64];
    __wasi_size_t used;
    FAILS(__wasi_fd_readdir(open_file("file", CREAT), buf, sizeof buf, 0, &used), E_notdir, E_badf, E_notcapable);
}
