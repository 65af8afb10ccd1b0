/* path_filestat_get: sees a symbolic link itself, or follows it when told so. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    put("file", "12345");
    make_link("file", "link");
    OK(__wasi_path_filestat_get(ROOT, 0, "link", &st));
    EQUAL(st.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
    OK(__wasi_path_filestat_get(ROOT, FOLLOW, "link", &st));
    EQUAL(st.filetype, __WASI_FILETYPE_REGULAR_FILE);
    EQUAL(st.size, 5);
}
