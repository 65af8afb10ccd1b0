/* random_get: no byte beside the buffer changes. */
#include "check.h"

int main(void) {
    uint8_t buf[80];
    memset(buf, 0x5a, sizeof buf);
    OK(__wasi_random_get(buf + 17, 41));
    for (int i = 0; i < 17; i++)
        EQUAL(buf[i], 0x5a);
    for (int i = 17 + 41; i < 80; i++)
        EQUAL(buf[i], 0x5a);
}
