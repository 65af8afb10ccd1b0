/* fd_renumber: a descriptor moves with its position; its old number is free. */
#include "check.h"

int main(void) {
    int from = open_file("from", CREAT), to = open_file("to", CREAT);
    __wasi_filesize_t at;
    write_text(from, "abc");
    OK(__wasi_fd_renumber(from, to));
    FAILS(__wasi_fd_tell(from, &at), E_badf);
    EQUAL(position(to), 3);
    write_text(to, "def");
    HOLDS("from", "abcdef");
    HOLDS("to", "");
}
