/* args_get: the arguments arrive in order, each ended by a zero byte. */
#include "check.h"

int main(void) {
    uint8_t *argv[4], buf[256];
    OK(__wasi_args_get(argv, buf));
    TRUE(argv[0] != 0);
    BYTES(argv[1], strlen((char *)argv[1]), "first");
    BYTES(argv[2], strlen((char *)argv[2]), "a b");
    BYTES(argv[3], strlen((char *)argv[3]), "-x=1");
}
