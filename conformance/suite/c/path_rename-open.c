/* path_rename: an open descriptor stays with its file. */
#include "check.h"

int main(void) {
    int fd = open_file("old", CREAT);
    write_text(fd, "one ");
    OK(__wasi_path_rename(ROOT, "old", ROOT, "new"));
    write_text(fd, "two");
    HOLDS("new", "one two");
}
