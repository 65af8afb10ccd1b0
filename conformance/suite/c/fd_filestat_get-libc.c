/* fd_filestat_get: stat, fstat and lstat of libc agree on types and sizes. */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

int main(void) {
    struct stat st, named;
    int fd = open("/hello.txt", O_RDONLY);
    TRUE(fd >= 0);
    TRUE(fstat(fd, &st) == 0 && S_ISREG(st.st_mode));
    EQUAL(st.st_size, 13);
    TRUE(stat("/hello.txt", &named) == 0);
    EQUAL(named.st_ino, st.st_ino);
    TRUE(stat("/dir", &st) == 0 && S_ISDIR(st.st_mode));
    make_link("hello.txt", "link");
    TRUE(lstat("/link", &st) == 0 && S_ISLNK(st.st_mode));
    TRUE(stat("/link", &st) == 0 && S_ISREG(st.st_mode));
    TRUE(stat("/missing", &st) == -1 && errno == ENOENT);
}
