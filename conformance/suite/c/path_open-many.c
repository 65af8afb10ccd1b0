/* path_open: a hundred files are open at once, each with a number of its own. */
#include "check.h"

enum { FILES = 100 };

int main(void) {
    char name[8] = "f00", buf[8];
    int fds[FILES];
    for (int i = 0; i < FILES; i++) {
        name[1] = '0' + i / 10;
        name[2] = '0' + i % 10;
        fds[i] = open_file(name, CREAT);
        TRUE(fds[i] > ROOT);
        write_text(fds[i], name);
        for (int j = 0; j < i; j++)
            TRUE(fds[i] != fds[j]);
    }
    for (int i = 0; i < FILES; i++) {
        seek(fds[i], 0, __WASI_WHENCE_SET);
        EQUAL(read_bytes(fds[i], buf, sizeof buf), 3);
        EQUAL((buf[1] - '0') * 10 + buf[2] - '0', i);
        close_fd(fds[i]);
    }
}
