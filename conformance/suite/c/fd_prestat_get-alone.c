/* fd_prestat_get: the folder is there for a program that does nothing with it, too. */
#include "check.h"

int main(void) {
    __wasi_prestat_t st;
    OK(__wasi_fd_prestat_get(3, &st));
    EQUAL(st.tag, __WASI_PREOPENTYPE_DIR);
}
