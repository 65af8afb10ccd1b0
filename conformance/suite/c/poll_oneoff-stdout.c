/* poll_oneoff: standard output can be written to at once. */
#include "poll.h"

int main(void) {
    __wasi_subscription_t in[2] = {
        on_fd(21, __WASI_EVENTTYPE_FD_WRITE, 1),
        timer(22, __WASI_CLOCKID_MONOTONIC, 3600 * 1000 * MILLISECOND, 0),
    };
    __wasi_event_t out[2];
    __wasi_size_t n = 0;
    OK(__wasi_poll_oneoff(in, out, 2, &n));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 21);
    EQUAL(out[0].type, __WASI_EVENTTYPE_FD_WRITE);
    EQUAL(out[0].error, E_success);
}
