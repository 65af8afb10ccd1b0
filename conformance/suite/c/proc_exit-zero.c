/* proc_exit: 0 ends the program well, before what follows. */
#include "check.h"

int main(void) {
    write_text(1, "before\n");
    __wasi_proc_exit(0);
    write_text(1, "after\n");
    return 1;
}
