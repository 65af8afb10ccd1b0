/* fd_filestat_set_size: a file open for reading only keeps its size. */
#include "check.h"

int main(void) {
    int fd;
    put("file", "text");
    OK(try_open(ROOT, "file", 0, RIGHT(FD_READ), &fd));
    FAILS(__wasi_fd_filestat_set_size(fd, 0), E_notcapable, E_badf, E_inval, E_acces);
    HOLDS("file", "text");
}
