/* clock_time_get: any precision may be asked for. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t now;
    OK(__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 0, &now));
    OK(__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, UINT64_C(1000000000), &now));
    OK(__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, UINT64_MAX, &now));
}
