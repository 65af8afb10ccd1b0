/* poll_oneoff: a descriptor that is not open fails in its event, not in the call. */
#include "poll.h"

int main(void) {
    __wasi_subscription_t in = on_fd(41, __WASI_EVENTTYPE_FD_READ, 1000);
    __wasi_event_t out;
    __wasi_size_t n = 0;
    OK(__wasi_poll_oneoff(&in, &out, 1, &n));
    EQUAL(n, 1);
    EQUAL(out.userdata, 41);
    EQUAL(out.error, E_badf);
}
