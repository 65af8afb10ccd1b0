/* fd_filestat_get: type, size and number of links of a file. */
#include "check.h"

int main(void) {
    int fd = open_file("file", CREAT);
    EQUAL(stat_fd(fd).size, 0);
    write_text(fd, "twelve bytes");
    __wasi_filestat_t st = stat_fd(fd);
    EQUAL(st.filetype, __WASI_FILETYPE_REGULAR_FILE);
    EQUAL(st.size, 12);
    EQUAL(st.nlink, 1);
    TRUE(st.mtim > UINT64_C(1577836800000000000));
}
