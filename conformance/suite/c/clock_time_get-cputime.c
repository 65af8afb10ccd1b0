/* clock_time_get: a processor clock, where there is one, never runs back. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t last = 0, now = 0;
    int e = __wasi_clock_time_get(__WASI_CLOCKID_PROCESS_CPUTIME_ID, 1, &last);
    FAILS(e, E_success, E_inval, E_notsup, E_nosys, E_badf);
    if (e != E_success)
        return 0;
    for (int i = 0; i < 100; i++, last = now) {
        OK(__wasi_clock_time_get(__WASI_CLOCKID_PROCESS_CPUTIME_ID, 1, &now));
        TRUE(now >= last);
    }
}
