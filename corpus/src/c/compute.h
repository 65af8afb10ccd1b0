/* A module whose whole work is one exported function, for measuring generated code. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(name)))

/* Runs work(argument or standard) and prints the result. */
static int compute_main(int argc, char **argv, uint32_t standard, uint64_t (*work)(uint32_t)) {
    uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : standard;
    printf("%llu\n", (unsigned long long)work(n));
    return 0;
}
