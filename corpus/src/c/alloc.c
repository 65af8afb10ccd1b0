/* Allocates, grows, shrinks and frees tens of megabytes and checks what it stored. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 512

static struct { unsigned char *p; size_t n; unsigned char mark; } slots[SLOTS];
static uint32_t state = 12345;
static size_t live, peak;

static uint32_t next(void) {
    state = state * 1664525 + 1013904223;
    return state >> 8;
}

static void die(const char *what) {
    printf("FAILED: %s\n", what);
    exit(1);
}

static void check(int i) {
    for (size_t k = 0; k < slots[i].n; k += 61)
        if (slots[i].p[k] != slots[i].mark)
            die("contents changed");
}

static void resize(int i, size_t n) {
    size_t old = slots[i].n;
    check(i);
    unsigned char *p = realloc(slots[i].p, n);
    if (!p)
        die("realloc");
    if (n > old)
        memset(p + old, slots[i].mark, n - old);
    slots[i].p = p;
    slots[i].n = n;
    live += n - old;
    if (live > peak)
        peak = live;
}

static void release(int i) {
    check(i);
    free(slots[i].p);
    live -= slots[i].n;
    slots[i].p = NULL;
    slots[i].n = 0;
}

static void churn(int rounds) {
    for (int r = 0; r < rounds; r++) {
        int i = next() % SLOTS;
        if (next() % 4 == 0) {
            release(i);
            continue;
        }
        if (!slots[i].p)
            slots[i].mark = (unsigned char)next();
        resize(i, 1 + next() % (next() % 16 == 0 ? 1 << 20 : 1 << 14));
    }
}

/* One vector that grows step by step to size bytes, moved or not. */
static void grow_one(size_t size) {
    unsigned char *p = NULL;
    size_t have = 0;
    while (have < size) {
        size_t want = have ? have * 3 / 2 : 4096;
        if (!(p = realloc(p, want)))
            die("growing");
        for (size_t k = have; k < want; k++)
            p[k] = (unsigned char)(k * 7);
        have = want;
    }
    for (size_t k = 0; k < have; k += 509)
        if (p[k] != (unsigned char)(k * 7))
            die("moved block");
    printf("grown to %zu\n", have);
    free(p);
}

static void zeroed(size_t size) {
    unsigned char *p = calloc(size, 1);
    if (!p)
        die("calloc");
    for (size_t k = 0; k < size; k++)
        if (p[k])
            die("calloc is not zero");
    free(p);
    printf("zeroed %zu\n", size);
}

/* More than an address space of 4 GiB can hold must be refused, not wrap. */
static void refuse(void) {
    void *volatile p = malloc((size_t)0xfff00000u);
    void *volatile q = calloc(0x10000, 0x10001);
    if (p || q)
        die("an impossible allocation");
    puts("refused");
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 20000;
    churn(rounds);
    for (int i = 0; i < SLOTS; i++)
        release(i);
    printf("peak %zu live %zu\n", peak, live);
    grow_one(16 << 20);
    zeroed(24 << 20);
    refuse();
    return 0;
}
