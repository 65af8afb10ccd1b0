/* sched_yield: gives way and comes back. */
#include "check.h"

int main(void) {
    for (int i = 0; i < 10; i++)
        OK(__wasi_sched_yield());
}
