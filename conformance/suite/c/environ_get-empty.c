/* environ_get: an environment without variables has no bytes. */
#include "check.h"

int main(void) {
    __wasi_size_t count = 9, size = 9;
    uint8_t *env[1] = {(uint8_t *)1}, buf[1] = {7};
    OK(__wasi_environ_sizes_get(&count, &size));
    EQUAL(count, 0);
    EQUAL(size, 0);
    OK(__wasi_environ_get(env, buf));
    TRUE(env[0] == (uint8_t *)1);
    EQUAL(buf[0], 7);
}
