/* clock_time_get: a clock that there is not is inval, and no time is written. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t now = 42;
    FAILS(__wasi_clock_time_get(99, 1, &now), E_inval);
    EQUAL(now, 42);
}
