/* path_create_directory: a slash at the end of the new name is allowed. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    OK(__wasi_path_create_directory(ROOT, "dir/"));
    OK(stat_path("dir", &st));
    EQUAL(st.filetype, __WASI_FILETYPE_DIRECTORY);
}
