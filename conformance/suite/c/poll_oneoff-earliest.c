/* poll_oneoff: of two timeouts the nearer one is reported. */
#include "poll.h"

int main(void) {
    __wasi_subscription_t in[2] = {
        timer(1, __WASI_CLOCKID_MONOTONIC, 3600 * 1000 * MILLISECOND, 0),
        timer(2, __WASI_CLOCKID_MONOTONIC, 2 * MILLISECOND, 0),
    };
    __wasi_event_t out[2];
    __wasi_size_t n = 0;
    OK(__wasi_poll_oneoff(in, out, 2, &n));
    EQUAL(n, 1);
    EQUAL(out[0].userdata, 2);
}
