/* path_open: dot is the folder of the descriptor itself. */
#include "check.h"

int main(void) {
    __wasi_fd_t fd;
    OK(__wasi_path_open(ROOT, 0, ".", DIRECTORY, DIR_RIGHTS, DIR_RIGHTS, 0, &fd));
    EQUAL(stat_fd(fd).ino, stat_fd(ROOT).ino);
    OK(__wasi_path_create_directory(fd, "made"));
    OK(missing("made"));
}
