/* clock_res_get: a clock's resolution is above zero and at most a second. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t res = 0;
    OK(__wasi_clock_res_get(__WASI_CLOCKID_REALTIME, &res));
    TRUE(res > 0 && res <= 1000000000);
    res = 0;
    OK(__wasi_clock_res_get(__WASI_CLOCKID_MONOTONIC, &res));
    TRUE(res > 0 && res <= 1000000000);
}
