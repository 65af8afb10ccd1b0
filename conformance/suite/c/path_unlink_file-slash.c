/* path_unlink_file: a slash at the end of a file's name is notdir. */
#include "check.h"

int main(void) {
    put("file", "text");
    FAILS(__wasi_path_unlink_file(ROOT, "file/"), E_notdir);
    HOLDS("file", "text");
}
