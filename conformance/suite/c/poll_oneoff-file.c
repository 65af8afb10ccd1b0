/* poll_oneoff: a file is ready for reading and for writing. */
#include "poll.h"

int main(void) {
    int fd = open_file("file", CREAT);
    write_text(fd, "12345");
    seek(fd, 0, __WASI_WHENCE_SET);
    __wasi_subscription_t in[2] = {
        on_fd(31, __WASI_EVENTTYPE_FD_READ, fd),
        on_fd(32, __WASI_EVENTTYPE_FD_WRITE, fd),
    };
    __wasi_event_t out[2];
    __wasi_size_t n = 0;
    OK(__wasi_poll_oneoff(in, out, 2, &n));
    TRUE(n == 1 || n == 2);
    for (size_t i = 0; i < n; i++) {
        EQUAL(out[i].error, E_success);
        EQUAL(out[i].type, out[i].userdata == 31 ? __WASI_EVENTTYPE_FD_READ : __WASI_EVENTTYPE_FD_WRITE);
    }
}
