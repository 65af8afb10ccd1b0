/* clock_time_get: the real-time clock counts nanoseconds since 1970. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t now;
    OK(__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1, &now));
    TRUE(now > UINT64_C(1577836800000000000)); /* 2020 */
    TRUE(now < UINT64_C(4102444800000000000)); /* 2100 */
}
