/* poll_oneoff: the real-time clock can be waited for, too. */
#include "poll.h"

int main(void) {
    __wasi_subscription_t in = timer(3, __WASI_CLOCKID_REALTIME, 2 * MILLISECOND, 0);
    __wasi_event_t out;
    __wasi_size_t n = 0;
    uint64_t start = now(__WASI_CLOCKID_REALTIME);
    OK(__wasi_poll_oneoff(&in, &out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out.error, E_success);
    TRUE(now(__WASI_CLOCKID_REALTIME) >= start + MILLISECOND);
}
