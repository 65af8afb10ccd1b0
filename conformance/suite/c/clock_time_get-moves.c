/* clock_time_get: a loop that waits for the monotonic clock comes to an end. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t start, now;
    OK(__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &start));
    do
        OK(__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &now));
    while (now < start + 10000);
}
