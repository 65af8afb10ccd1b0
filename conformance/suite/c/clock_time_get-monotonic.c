/* clock_time_get: the monotonic clock never runs back. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t last, now;
    OK(__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &last));
    for (int i = 0; i < 1000; i++, last = now) {
        OK(__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &now));
        TRUE(now >= last);
    }
}
