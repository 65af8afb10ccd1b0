/* path_symlink: a link's size is that of its target. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    make_link("nine-char", "link");
    OK(stat_path("link", &st));
    EQUAL(st.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
    EQUAL(st.size, 9);
}
