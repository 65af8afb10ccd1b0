/* args_get: writes as many bytes as args_sizes_get said, and none behind. */
#include "check.h"

int main(void) {
    __wasi_size_t argc, size;
    uint8_t *argv[4] = {0, 0, (uint8_t *)1, (uint8_t *)2}, buf[256];
    memset(buf, 0xa5, sizeof buf);
    OK(__wasi_args_sizes_get(&argc, &size));
    EQUAL(argc, 2);
    OK(__wasi_args_get(argv, buf));
    EQUAL(buf[size - 1], 0);
    for (size_t i = size; i < sizeof buf; i++)
        EQUAL(buf[i], 0xa5);
    TRUE(argv[2] == (uint8_t *)1);
}
