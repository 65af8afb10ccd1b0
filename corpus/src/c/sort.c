/* Sorts N pseudorandom numbers and hashes the result: sort N [SEED]. */
#include <stdio.h>
#include <stdlib.h>

#include "sha256.h"

static uint32_t next(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t crc32(const uint8_t *p, size_t n) {
    uint32_t crc = ~0u;
    while (n--) {
        crc ^= *p++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

int main(int argc, char **argv) {
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 300000;
    uint32_t state = argc > 2 ? strtoul(argv[2], NULL, 10) : 2463534242u;
    uint32_t *v = malloc(n * sizeof *v);
    if (!v) {
        fputs("sort: out of memory\n", stderr);
        return 1;
    }
    for (size_t i = 0; i < n; i++)
        v[i] = next(&state);
    qsort(v, n, sizeof *v, ascending);
    for (size_t i = 1; i < n; i++)
        if (v[i - 1] > v[i])
            return 1;
    uint8_t sum[32];
    sha256(v, n * sizeof *v, sum);
    printf("count %zu min %u max %u\n", n, n ? v[0] : 0, n ? v[n - 1] : 0);
    printf("crc32 %08x\nsha256 ", (unsigned)crc32((uint8_t *)v, n * sizeof *v));
    for (int i = 0; i < 32; i++)
        printf("%02x", sum[i]);
    printf("\nmean %.3f\n", n ? (double)v[n / 2] / 4294967296.0 : 0.0);
    return 0;
}
