/* path_create_directory: makes an empty folder, also inside a new one. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    make_dir("dir");
    make_dir("dir/sub");
    OK(stat_path("dir/sub", &st));
    EQUAL(st.filetype, __WASI_FILETYPE_DIRECTORY);
    put("dir/sub/file", "text");
    HOLDS("dir/sub/file", "text");
}
