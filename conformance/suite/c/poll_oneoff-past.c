/* poll_oneoff: a deadline that is over is reported at once. */
#include "poll.h"

int main(void) {
    __wasi_subscription_t in =
        timer(9, __WASI_CLOCKID_MONOTONIC, 1, __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME);
    __wasi_event_t out;
    __wasi_size_t n = 0;
    OK(__wasi_poll_oneoff(&in, &out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out.userdata, 9);
    EQUAL(out.error, E_success);
}
