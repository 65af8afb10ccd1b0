/* path_filestat_get: type and size of a file deep in a tree. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    OK(stat_path("dir/inner/deep.txt", &st));
    EQUAL(st.filetype, __WASI_FILETYPE_REGULAR_FILE);
    EQUAL(st.size, 5);
    EQUAL(st.nlink, 1);
    OK(stat_path("dir/inner", &st));
    EQUAL(st.filetype, __WASI_FILETYPE_DIRECTORY);
}
