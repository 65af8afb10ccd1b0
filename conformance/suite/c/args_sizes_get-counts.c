/* args_sizes_get: the number of arguments and their bytes with the zero bytes. */
#include "check.h"

int main(void) {
    __wasi_size_t argc, size, used = 0;
    uint8_t *argv[3], buf[256];
    OK(__wasi_args_sizes_get(&argc, &size));
    EQUAL(argc, 3);
    OK(__wasi_args_get(argv, buf));
    for (int i = 0; i < 3; i++)
        used += strlen((char *)argv[i]) + 1;
    EQUAL(size, used);
}
