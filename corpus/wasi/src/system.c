/* Arguments, environment, random numbers, yielding and signals. Run with the
 * arguments "system", "one", "" and the environment K=V, EMPTY=. */
#include "wasi.h"

static u32 count, size, list[8];
static char strings[64];
static u8 noise[70000];

static void arguments(void) {
    T(args_sizes_get, "both", (&count, &size), OK);
    V("args_sizes_get argc", count, 3);
    V("args_sizes_get size counts NULs", size, 12);
    T(args_get, "both", (list, strings), OK);
    V("args_get second string follows the first", list[1] - list[0], 7);
    V("args_get first string begins the buffer", list[0] - (u32)(uintptr_t)strings, 0);
    S("args_get argv[0]", strings, length(strings), "system");
    S("args_get argv[1]", strings + 7, length(strings + 7), "one");
    S("args_get argv[2] is empty", strings + 11, length(strings + 11), "");
    V("args_get leaves argv[argc]", list[3], 0);
}

static void environment(void) {
    T(environ_sizes_get, "both", (&count, &size), OK);
    V("environ_sizes_get count", count, 2);
    V("environ_sizes_get size counts NULs", size, 11);
    T(environ_get, "both", (list, strings), OK);
    S("environ_get first", strings, length(strings), "K=V");
    S("environ_get second", strings + 4, length(strings + 4), "EMPTY=");
    V("environ_get second string follows the first", list[1] - list[0], 4);
}

static int zeros(const u8 *p, u32 n) {
    int zero = 0;
    for (u32 i = 0; i < n; i++)
        zero += p[i] == 0;
    return zero;
}

static void randomness(void) {
    T(random_get, "0 bytes", (noise, 0), OK);
    V("random_get 0 bytes leaves the buffer", noise[0], 0);
    T(random_get, "16 bytes", (noise, 16), OK);
    V("random_get leaves what follows", zeros(noise + 16, 100), 100);
    T(random_get, "16 other bytes", (noise + 16, 16), OK);
    int same = 0;
    for (int i = 0; i < 16; i++)
        same += noise[i] == noise[16 + i];
    YES("random_get gives other bytes", same < 8);
    T(random_get, "unaligned, more than a block", (noise + 1, 129), OK);
    T(random_get, "more than 64 KiB", (noise, sizeof noise), OK);
    YES("random_get fills all", zeros(noise, sizeof noise) < 1000 && zeros(noise + sizeof noise - 64, 64) < 8);
}

START {
    arguments();
    environment();
    randomness();
    T(sched_yield, "", (), OK);
    T(proc_raise, "none", (0), OR3(OK, NOSYS, NOTSUP));
    T(proc_raise, "chld", (16), OR3(OK, NOSYS, NOTSUP));
    T(proc_raise, "urg", (22), OR3(OK, NOSYS, NOTSUP));
}
