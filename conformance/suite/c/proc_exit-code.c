/* proc_exit: the code is the program's exit code. */
#include "check.h"

int main(void) { __wasi_proc_exit(42); }
