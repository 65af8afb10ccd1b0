/* fd_seek: a folder has no position. */
#include "check.h"

int main(void) {
    __wasi_filesize_t at;
    FAILS(__wasi_fd_seek(open_dir("."), 0, __WASI_WHENCE_CUR, &at), E_badf, E_isdir, E_notcapable, E_spipe);
}
