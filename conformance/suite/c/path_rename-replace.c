/* path_rename: a file takes the place of another one, which stays usable where it is open. */
#include "check.h"

int main(void) {
    char buf[8];
    put("a", "aaa");
    put("b", "bbb");
    int fd = open_file("b", 0);
    OK(__wasi_path_rename(ROOT, "a", ROOT, "b"));
    FAILS(missing("a"), E_noent);
    HOLDS("b", "aaa");
    BYTES(buf, read_bytes(fd, buf, sizeof buf), "bbb");
}
