/* path_link: works between the folders of two descriptors. */
#include "check.h"

int main(void) {
    make_dir("a");
    make_dir("b");
    put("a/file", "text");
    OK(__wasi_path_link(open_dir("a"), 0, "file", open_dir("b"), "linked"));
    HOLDS("b/linked", "text");
}
