/* path_link: without following, the symbolic link itself gets a second name. */
#include "check.h"

int main(void) {
    __wasi_filestat_t link, other;
    put("file", "text");
    make_link("file", "link");
    OK(__wasi_path_link(ROOT, 0, "link", ROOT, "other"));
    OK(stat_path("link", &link));
    OK(stat_path("other", &other));
    EQUAL(other.filetype, __WASI_FILETYPE_SYMBOLIC_LINK);
    EQUAL(other.ino, link.ino);
}
