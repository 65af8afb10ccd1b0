/* poll_oneoff: an absolute deadline is reached when the call comes back. */
#include "poll.h"

int main(void) {
    uint64_t deadline = now(__WASI_CLOCKID_MONOTONIC) + 5 * MILLISECOND;
    __wasi_subscription_t in =
        timer(8, __WASI_CLOCKID_MONOTONIC, deadline, __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME);
    __wasi_event_t out;
    __wasi_size_t n = 0;
    OK(__wasi_poll_oneoff(&in, &out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out.error, E_success);
    TRUE(now(__WASI_CLOCKID_MONOTONIC) >= deadline);
}
