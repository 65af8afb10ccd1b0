/* path_open: without any right a file still opens. */
#include "check.h"

int main(void) {
    int fd;
    put("file", "text");
    make_dir("dir");
    OK(try_open(ROOT, "file", 0, 0, &fd));
    close_fd(fd);
    OK(try_open(ROOT, "dir", DIRECTORY, 0, &fd));
    close_fd(fd);
}
