/* args_get: arguments are UTF-8, passed on byte by byte. */
#include "check.h"

int main(void) {
    uint8_t *argv[2], buf[256];
    OK(__wasi_args_get(argv, buf));
    BYTES(argv[1], strlen((char *)argv[1]), "gr\xc3\xbc\xc3\x9f \xe2\x9c\x93 \xf0\x9f\x8c\x8d");
}
