/* path_filestat_set_times: sets both times, or leaves one alone. */
#include "check.h"

int main(void) {
    __wasi_filestat_t st;
    put("file", "text");
    OK(__wasi_path_filestat_set_times(ROOT, 0, "file", 123456789, 987654321,
                                      __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM));
    OK(stat_path("file", &st));
    EQUAL(st.atim, 123456789);
    EQUAL(st.mtim, 987654321);
    OK(__wasi_path_filestat_set_times(ROOT, 0, "file", 5, 6, __WASI_FSTFLAGS_MTIM));
    OK(stat_path("file", &st));
    EQUAL(st.atim, 123456789);
    EQUAL(st.mtim, 6);
}
