/* Ends in every way that a program can: exits HOW CODE.
   Handlers registered with atexit write the file "log", last one first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int code;

static void note(const char *line) {
    FILE *f = fopen("log", "a");
    if (f) {
        fprintf(f, "%s\n", line);
        fclose(f);
    }
}

static void first(void) { note("first handler"); }
static void second(void) { note("second handler"); }

static int deep(int depth) {
    volatile char frame[64];
    frame[depth % 64] = (char)depth;
    if (depth == 0)
        exit(code);
    int below = deep(depth - 1);
    return below + frame[depth % 64];
}

static int compared;

static int leaving(const void *a, const void *b) {
    if (++compared == 20)
        exit(code);
    return *(const int *)a - *(const int *)b;
}

static void from_qsort(void) {
    int v[64];
    for (int i = 0; i < 64; i++)
        v[i] = i * 37 % 64;
    qsort(v, 64, sizeof *v, leaving);
}

static void from_deep(void) { printf("not reached %d\n", deep(400)); }
static void from_exit(void) { exit(code); }
static void from_quick(void) { fflush(stdout); _Exit(code); }
static void from_loop(void) { for (int i = 0;; i++) if (i == 1000) exit(code); }

/* Called through a table, so that only an indirect call reaches exit. */
static const struct { const char *name; void (*run)(void); } ways[] = {
    {"exit", from_exit}, {"quick", from_quick}, {"deep", from_deep},
    {"qsort", from_qsort}, {"loop", from_loop},
};

int main(int argc, char **argv) {
    atexit(first);
    atexit(second);
    code = argc > 2 ? atoi(argv[2]) : 0;
    printf("before");
    if (argc > 1 && !strcmp(argv[1], "return"))
        return code;
    for (size_t i = 0; argc > 1 && i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(argv[1], ways[i].name)) {
            ways[i].run();
            printf(" after");
            note("ran on after exit");
            return 99;
        }
    fputs("usage: exits return|exit|quick|deep|qsort|loop CODE\n", stderr);
    return 2;
}
