/* poll_oneoff: after a timeout the monotonic clock has moved by it. */
#include "poll.h"

int main(void) {
    __wasi_subscription_t in = timer(7, __WASI_CLOCKID_MONOTONIC, 5 * MILLISECOND, 0);
    __wasi_event_t out;
    __wasi_size_t n = 0;
    uint64_t start = now(__WASI_CLOCKID_MONOTONIC);
    OK(__wasi_poll_oneoff(&in, &out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out.userdata, 7);
    EQUAL(out.error, E_success);
    EQUAL(out.type, __WASI_EVENTTYPE_CLOCK);
    TRUE(now(__WASI_CLOCKID_MONOTONIC) >= start + 5 * MILLISECOND);
}
