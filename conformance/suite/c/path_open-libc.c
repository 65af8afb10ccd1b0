/* path_open: open of libc and its errno. */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int main(void) {
    char buf[16];
    int fd = open("/new", O_RDWR | O_CREAT | O_EXCL, 0666);
    TRUE(fd >= 0);
    TRUE(write(fd, "text", 4) == 4);
    TRUE(lseek(fd, 0, SEEK_SET) == 0);
    TRUE(read(fd, buf, sizeof buf) == 4);
    TRUE(close(fd) == 0);
    TRUE(open("/new", O_RDWR | O_CREAT | O_EXCL, 0666) == -1 && errno == EEXIST);
    TRUE(open("/missing", O_RDONLY) == -1 && errno == ENOENT);
    TRUE(open("/new", O_RDONLY | O_DIRECTORY) == -1 && errno == ENOTDIR);
    TRUE(open("/new/below", O_RDONLY) == -1 && errno == ENOTDIR);
    TRUE((fd = open("/new", O_WRONLY | O_TRUNC)) >= 0);
    TRUE(lseek(fd, 0, SEEK_END) == 0);
}
