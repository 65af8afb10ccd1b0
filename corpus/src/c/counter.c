/* A canister that keeps notes in WASI files and calls the System API itself. */
#include "ic0.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_ARG 4096

static int constructed, initialised;

__attribute__((constructor)) static void construct(void) { constructed = 1; }

static void trap(const char *why) { ic0_trap(why, strlen(why)); }

/* Runs on install and on upgrade; both come after the constructors. */
static void begin(void) {
    if (!constructed)
        trap("constructors did not run first");
    if (mkdir("notes", 0777) != 0 && errno != EEXIST)
        trap(strerror(errno));
    initialised = 1;
}

METHOD("canister_init") void canister_init(void) { begin(); }
METHOD("canister_post_upgrade") void canister_post_upgrade(void) { begin(); }

static uint64_t count_notes(void) {
    uint64_t n = 0;
    DIR *dir = opendir("notes");
    if (!dir)
        trap(strerror(errno));
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

/* Replies with one Candid nat, which is a LEB128 number. */
static void reply_nat(uint64_t n) {
    unsigned char out[7 + 10] = "DIDL\0\1\x7d";
    size_t size = 7;
    do {
        out[size++] = (unsigned char)((n & 127) | (n > 127 ? 128 : 0));
        n >>= 7;
    } while (n);
    ic0_msg_reply_data_append(out, size);
    ic0_msg_reply();
}

static void reject(const char *why) { ic0_msg_reject(why, strlen(why)); }

/* Reads the argument, one Candid text; NULL where it is something else. */
static const char *text_argument(void) {
    static unsigned char arg[MAX_ARG + 1];
    size_t size = ic0_msg_arg_data_size(), at = 7, length = 0;
    if (size > MAX_ARG || size < 8)
        return NULL;
    ic0_msg_arg_data_copy(arg, 0, size);
    if (memcmp(arg, "DIDL\0\1\x71", 7))
        return NULL;
    for (int shift = 0; at < size && shift < 21; shift += 7) {
        length |= (size_t)(arg[at] & 127) << shift;
        if (arg[at++] < 128)
            break;
    }
    arg[size] = 0;
    return length == size - at ? (const char *)arg + at : NULL;
}

METHOD("canister_update add_note") void add_note(void) {
    const char *text = text_argument();
    if (!initialised)
        trap("not initialised");
    if (!text) {
        reject("add_note takes one text");
        return;
    }
    char path[64];
    uint64_t id = count_notes() + 1;
    snprintf(path, sizeof path, "notes/%llu", (unsigned long long)id);
    FILE *f = fopen(path, "w");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        trap(strerror(errno));
    ic0_debug_print(path, strlen(path));
    reply_nat(id);
}

METHOD("canister_query count") void count(void) { reply_nat(count_notes()); }
