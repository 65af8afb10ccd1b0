/* path_filestat_set_times: follows a link only when told so. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    put("file", "text");
    make_link("file", "link");
    OK(__wasi_path_filestat_set_times(ROOT, FOLLOW, "link", 0, 1000, __WASI_FSTFLAGS_MTIM));
    OK(stat_path("file", &st));
    EQUAL(st.mtim, 1000);
    OK(__wasi_path_filestat_set_times(ROOT, 0, "link", 0, 2000, __WASI_FSTFLAGS_MTIM));
    OK(stat_path("file", &st));
    EQUAL(st.mtim, 1000);
    OK(stat_path("link", &st));
    EQUAL(st.mtim, 2000);
}
