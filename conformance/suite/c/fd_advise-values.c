/* fd_advise: all six kinds of advice are taken, over any range. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "some bytes");
    for (int advice = 0; advice < 6; advice++)
        OK(__wasi_fd_advise(fd, 0, 10, advice));
    OK(__wasi_fd_advise(fd, 5, 0, __WASI_ADVICE_NORMAL));
    OK(__wasi_fd_advise(fd, 1000, 1000, __WASI_ADVICE_DONTNEED));
    HOLDS("file", "some bytes");
}
