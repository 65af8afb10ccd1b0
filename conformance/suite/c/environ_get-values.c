/* environ_get: variables arrive as NAME=value, in order. */
#include "check.h"

int main(void) {
    __wasi_size_t count, size;
    uint8_t *env[2], buf[64];
    OK(__wasi_environ_sizes_get(&count, &size));
    EQUAL(count, 2);
    OK(__wasi_environ_get(env, buf));
    int b = strncmp((char *)env[0], "B", 1) == 0 ? 0 : 1;
    BYTES(env[b], strlen((char *)env[b]), "B=two words");
    BYTES(env[1 - b], strlen((char *)env[1 - b]), "A=1");
}
