/* environ_get: getenv finds what is there, and nothing else. */
#include "check.h"
#include <stdlib.h>

int main(void) {
    const char *lang = getenv("GREETING");
    TRUE(lang != 0);
    BYTES(lang, strlen(lang), "grüß dich");
    TRUE(getenv("GREET") == 0);
    TRUE(getenv("HOME") == 0);
}
