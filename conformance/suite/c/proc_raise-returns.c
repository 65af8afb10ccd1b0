/* proc_raise: a signal that is ignored by default does not end the program. */
#include "check.h"

extern __wasi_errno_t proc_raise(int signal)
    __attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_raise")));

int main(void) { FAILS(proc_raise(16), E_success, E_nosys, E_notsup); /* 16 is chld */ }
