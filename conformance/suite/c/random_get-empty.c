/* random_get: nothing may be asked for. */
#include "check.h"

int main(void) {
    uint8_t byte = 7;
    OK(__wasi_random_get(&byte, 0));
    EQUAL(byte, 7);
}
