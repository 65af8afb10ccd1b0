/* proc_exit: exit runs the functions of atexit first, the last one first. */
#include "check.h"
#include <stdlib.h>

static void one(void) { write_text(1, "one\n"); }
static void two(void) { write_text(1, "two\n"); }

int main(void) {
    atexit(one);
    atexit(two);
    exit(3);
}
