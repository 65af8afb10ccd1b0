/* random_get: two draws of 32 bytes differ, and neither is all zeros. */
#include "check.h"

int main(void) {
    uint8_t a[32] = {0}, b[32] = {0}, zero[32] = {0};
    OK(__wasi_random_get(a, sizeof a));
    OK(__wasi_random_get(b, sizeof b));
    TRUE(memcmp(a, b, sizeof a) != 0);
    TRUE(memcmp(a, zero, sizeof a) != 0);
    TRUE(memcmp(b, zero, sizeof b) != 0);
}
