/* The workloads as a command: workloads NAME... runs them in that order. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "workloads.h"

static const struct workload *find(const char *name) {
    for (const struct workload *w = workloads; w->name; w++)
        if (!strcmp(w->name, name))
            return w;
    return NULL;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const struct workload *w = find(argv[i]);
        if (!w) {
            fprintf(stderr, "workloads: unknown workload %s\n", argv[i]);
            return 2;
        }
        if (w->run() != 0) {
            fprintf(stderr, "workloads: %s: %s\n", w->name, strerror(errno));
            return 1;
        }
        printf("%s done\n", w->name);
    }
    return 0;
}
