/* Subscriptions of poll_oneoff. */
#include "check.h"

#define MILLISECOND UINT64_C(1000000)

static inline __wasi_subscription_t timer(uint64_t userdata, int clock, uint64_t timeout, int flags) {
    __wasi_subscription_t s;
    memset(&s, 0, sizeof s);
    s.userdata = userdata;
    s.u.tag = __WASI_EVENTTYPE_CLOCK;
    s.u.u.clock.id = clock;
    s.u.u.clock.timeout = timeout;
    s.u.u.clock.flags = flags;
    return s;
}

static inline __wasi_subscription_t on_fd(uint64_t userdata, int type, int fd) {
    __wasi_subscription_t s;
    memset(&s, 0, sizeof s);
    s.userdata = userdata;
    s.u.tag = type;
    if (type == __WASI_EVENTTYPE_FD_READ)
        s.u.u.fd_read.file_descriptor = fd;
    else
        s.u.u.fd_write.file_descriptor = fd;
    return s;
}

static inline uint64_t now(int clock) {
    __wasi_timestamp_t t;
    OK(__wasi_clock_time_get(clock, 1, &t));
    return t;
}
