/* Leaves with a code; nothing after that runs. */
#include "wasi.h"

START {
    report("proc_exit is called", OK, OK);
    proc_exit(7);
}
