/* random_get: 64 KiB arrive at once, with about as many ones as zeros. */
#include "check.h"

static uint8_t buf[65536];

int main(void) {
    uint32_t ones = 0;
    OK(__wasi_random_get(buf, sizeof buf));
    for (size_t i = 0; i < sizeof buf; i++)
        ones += __builtin_popcount(buf[i]);
    /* Forty standard deviations of 362 bits around the half. */
    TRUE(ones > 262144 - 14480 && ones < 262144 + 14480);
}
