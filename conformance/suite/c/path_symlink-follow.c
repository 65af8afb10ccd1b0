/* path_symlink: a link leads to its target, seen from its own folder. */
#include "check.h"

int main(void) {
    make_dir("dir");
    put("file", "outer");
    put("dir/file", "inner");
    make_link("file", "dir/link");
    HOLDS("dir/link", "inner");
    make_link("../file", "dir/up");
    HOLDS("dir/up", "outer");
}
