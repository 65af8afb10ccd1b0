/* args_get: the pointers lead into the buffer, one string behind the other. */
#include "check.h"

int main(void) {
    uint8_t *argv[3], buf[256];
    OK(__wasi_args_get(argv, buf));
    TRUE(argv[0] == buf);
    TRUE(argv[1] == argv[0] + strlen((char *)argv[0]) + 1);
    TRUE(argv[2] == argv[1] + strlen((char *)argv[1]) + 1);
}
