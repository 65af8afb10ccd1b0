/* poll_oneoff: without subscriptions there is nothing to wait for: inval. */
#include "poll.h"

int main(void) {
    __wasi_subscription_t in = timer(0, __WASI_CLOCKID_MONOTONIC, 0, 0);
    __wasi_event_t out;
    __wasi_size_t n = 0;
    FAILS(__wasi_poll_oneoff(&in, &out, 0, &n), E_inval);
}
