/* path_filestat_get: a slash at the end demands a folder. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    put("file", "text");
    make_dir("dir");
    FAILS(stat_path("file/", &st), E_notdir);
    OK(stat_path("dir/", &st));
    OK(stat_path("dir///", &st));
    EQUAL(st.filetype, __WASI_FILETYPE_DIRECTORY);
}
