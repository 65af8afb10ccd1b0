/* path_remove_directory: only removes folders. */
#include "check.h"

int main(void) {
    put("file", "text");
    make_dir("dir");
    make_link("dir", "link");
    FAILS(__wasi_path_remove_directory(ROOT, "file"), E_notdir);
    FAILS(__wasi_path_remove_directory(ROOT, "link"), E_notdir);
    FAILS(__wasi_path_remove_directory(ROOT, "missing"), E_noent);
    HOLDS("file", "text");
}
