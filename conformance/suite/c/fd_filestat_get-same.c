/* fd_filestat_get: agrees with path_filestat_get; other files have other numbers. */
#include "check.h"

int main(void) {
    __wasi_filestat_t named, other;
    int fd = open_file("file", CREAT);
    write_text(fd, "abc");
    put("other", "abc");
    __wasi_filestat_t st = stat_fd(fd);
    OK(stat_path("file", &named));
    OK(stat_path("other", &other));
    EQUAL(named.ino, st.ino);
    EQUAL(named.dev, st.dev);
    EQUAL(named.size, st.size);
    EQUAL(named.mtim, st.mtim);
    TRUE(other.ino != st.ino);
}
