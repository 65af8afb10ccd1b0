/* environ_get: only the first equals sign divides; a value may be empty. */
#include "check.h"

int main(void) {
    __wasi_size_t count, size;
    uint8_t *env[2], buf[64];
    OK(__wasi_environ_sizes_get(&count, &size));
    EQUAL(count, 2);
    EQUAL(size, sizeof "NONE=" + sizeof "PAIR=k=v");
    OK(__wasi_environ_get(env, buf));
    int none = env[0][0] == 'N' ? 0 : 1;
    BYTES(env[none], strlen((char *)env[none]), "NONE=");
    BYTES(env[1 - none], strlen((char *)env[1 - none]), "PAIR=k=v");
}
