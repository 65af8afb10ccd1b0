/* fd_prestat_get: descriptor 3 is the preopened folder, and the only one. */
#include "check.h"

int main(void) {
    __wasi_prestat_t st;
    OK(__wasi_fd_prestat_get(3, &st));
    EQUAL(st.tag, __WASI_PREOPENTYPE_DIR);
    EQUAL(st.u.dir.pr_name_len, 1);
    FAILS(__wasi_fd_prestat_get(4, &st), E_badf);
    close_fd(open_dir("."));
}
