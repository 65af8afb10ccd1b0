/* environ_sizes_get: the number of variables and their bytes with the zero bytes. */
#include "check.h"

int main(void) {
    __wasi_size_t count, size;
    uint8_t *env[3], buf[64];
    memset(buf, 0xa5, sizeof buf);
    OK(__wasi_environ_sizes_get(&count, &size));
    EQUAL(count, 3);
    EQUAL(size, sizeof "A=1" + sizeof "LONGER=a longer value" + sizeof "E=");
    OK(__wasi_environ_get(env, buf));
    EQUAL(buf[size - 1], 0);
    for (size_t i = size; i < sizeof buf; i++)
        EQUAL(buf[i], 0xa5);
}
