/* path_filestat_get: a link that leads nowhere is there, but what it names is not. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    make_link("nowhere", "link");
    OK(__wasi_path_filestat_get(ROOT, 0, "link", &st));
    FAILS(__wasi_path_filestat_get(ROOT, FOLLOW, "link", &st), E_noent);
}
