/* proc_exit: ends the program from deep inside, also through a pointer. */
#include "check.h"

static void down(int depth);
static void (*volatile again)(int) = down;

static void down(int depth) {
    if (depth == 0)
        __wasi_proc_exit(7);
    again(depth - 1);
    write_text(1, "not reached\n");
}

int main(void) {
    down(100);
    return 1;
}
