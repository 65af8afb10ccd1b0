/* path_filestat_set_times: a time cannot be given and be now. */
#include "check.h"

int main(void) {
    put("file", "text");
    FAILS(__wasi_path_filestat_set_times(ROOT, 0, "file", 1, 1, __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW), E_inval);
    FAILS(__wasi_path_filestat_set_times(ROOT, 0, "file", 1, 1, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_ATIM_NOW), E_inval);
    FAILS(__wasi_path_filestat_set_times(ROOT, 0, "missing", 1, 1, __WASI_FSTFLAGS_MTIM), E_noent);
}
