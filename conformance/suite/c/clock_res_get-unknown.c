/* clock_res_get: a clock that there is not is inval. */
#include "check.h"

int main(void) {
    __wasi_timestamp_t res = 42;
    FAILS(__wasi_clock_res_get(99, &res), E_inval);
    EQUAL(res, 42);
}
