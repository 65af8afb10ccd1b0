/* args_get: an empty argument is an argument. */
#include "check.h"

int main(void) {
    uint8_t *argv[4], buf[256];
    OK(__wasi_args_get(argv, buf));
    EQUAL(strlen((char *)argv[1]), 0);
    BYTES(argv[2], strlen((char *)argv[2]), "after");
    EQUAL(strlen((char *)argv[3]), 0);
}
