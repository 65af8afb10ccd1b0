/* path_unlink_file: removes a symbolic link, not what it names. */
#include "check.h"

int main(void) {
    put("file", "text");
    make_dir("dir");
    make_link("file", "link");
    make_link("dir", "folder");
    OK(__wasi_path_unlink_file(ROOT, "link"));
    OK(__wasi_path_unlink_file(ROOT, "folder"));
    FAILS(missing("link"), E_noent);
    HOLDS("file", "text");
    OK(missing("dir"));
}
