/* Writes the file "before", then traps: traps unreachable|memory|divide|stack|call|abort. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile int zero, one = 1;

static int endless(int n) {
    volatile char frame[256];
    frame[n % 256] = (char)n;
    return endless(n + 1) + frame[n % 256];
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    FILE *f = fopen("before", "w");
    if (f) {
        fputs("written before the trap\n", f);
        fclose(f);
    }
    puts("going");
    fflush(stdout);
    if (!strcmp(how, "unreachable"))
        __builtin_trap();
    if (!strcmp(how, "memory"))
        return *(volatile int *)(0xfffffff0u + zero);
    if (!strcmp(how, "divide"))
        return one / zero; /* a constant numerator would become a comparison */
    if (!strcmp(how, "stack"))
        return endless(zero);
    if (!strcmp(how, "call"))
        return ((int (*)(int))(size_t)(zero + 100000))(1);
    if (!strcmp(how, "abort"))
        abort();
    return 2;
}
