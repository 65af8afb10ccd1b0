/* The workloads as a canister: each is an update method that replies with no values. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ic0.h"
#include "workloads.h"

static void serve(const char *name) {
    for (const struct workload *w = workloads; w->name; w++) {
        if (strcmp(w->name, name) || w->run() == 0)
            continue;
        char why[128];
        int n = snprintf(why, sizeof why, "%s: %s", name, strerror(errno));
        ic0_trap(why, (size_t)n);
    }
    ic0_msg_reply_data_append("DIDL\0\0", 6);
    ic0_msg_reply();
}

#define UPDATE(name) METHOD("canister_update " #name) void serve_##name(void) { serve(#name); }
WORKLOADS(UPDATE)
