/* fd_close: a preopened folder can be closed; then nothing is found below it. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT), other;
    __wasi_prestat_t prestat;
    OK(__wasi_fd_close(ROOT));
    FAILS(try_open(ROOT, "file", 0, FILE_RIGHTS, &other), E_badf);
    FAILS(__wasi_fd_prestat_get(ROOT, &prestat), E_badf);
    write_text(fd, "open files stay");
}
