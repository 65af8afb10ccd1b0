/* fd_renumber: a file can take the place of standard output. */
#include "check.h"

int main(void) {
    write_text(1, "seen\n");
    OK(__wasi_fd_renumber(open_file("file", CREAT), 1));
    write_text(1, "in the file");
    HOLDS("file", "in the file");
}
