/* A canister in C with methods of its own: it greets, and keeps its guests in
   a file. What is of the IC are the method names and six imports; the file is
   plain C, which no canister could open without the polyfill.

   Both methods speak Candid by hand: "DIDL", a type table of no entries, the
   number of values, their types (0x71 text, 0x7d nat), the values. */
#include <stdio.h>
#include <string.h>

#define IC0(name) __attribute__((import_module("ic0"), import_name(#name)))
#define METHOD(name) __attribute__((export_name(name)))

IC0(msg_arg_data_size) size_t ic0_msg_arg_data_size(void);
IC0(msg_arg_data_copy) void ic0_msg_arg_data_copy(void *to, size_t offset, size_t size);
IC0(msg_reply_data_append) void ic0_msg_reply_data_append(const void *from, size_t size);
IC0(msg_reply) void ic0_msg_reply(void);
IC0(msg_reject) void ic0_msg_reject(const void *from, size_t size);
IC0(trap) void ic0_trap(const void *from, size_t size);

#define GUESTS "/guests.txt"
#define MAX_NAME 60 /* a greeting then has less than 128 bytes, and its length one */

static void reply(char type, const void *value, size_t size) {
    char head[] = {'D', 'I', 'D', 'L', 0, 1, type};
    ic0_msg_reply_data_append(head, sizeof head);
    ic0_msg_reply_data_append(value, size);
    ic0_msg_reply();
}

/* A trap takes back everything that the message has changed, files too. */
static void check(int ok, const char *what) {
    if (!ok)
        ic0_trap(what, strlen(what));
}

/* Reads the argument, one text of up to MAX_NAME bytes on one line. */
static int name_argument(char *name) {
    unsigned char arg[8 + MAX_NAME];
    size_t size = ic0_msg_arg_data_size();
    if (size < 8 || size > sizeof arg)
        return 0;
    ic0_msg_arg_data_copy(arg, 0, size);
    if (memcmp(arg, "DIDL\0\1\x71", 7) != 0 || arg[7] != size - 8 || arg[7] == 0)
        return 0;
    memcpy(name, arg + 8, arg[7]);
    name[arg[7]] = 0;
    return strlen(name) == arg[7] && !strchr(name, '\n');
}

/* Counts the lines of the file that are the name, or all where it is NULL. */
static unsigned visits(const char *name) {
    char line[MAX_NAME + 2];
    unsigned n = 0;
    FILE *f = fopen(GUESTS, "r");
    if (!f)
        return 0;
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        n += !name || strcmp(line, name) == 0;
    }
    fclose(f);
    return n;
}

METHOD("canister_update greet") void greet(void) {
    char name[MAX_NAME + 1], text[128];
    if (!name_argument(name)) {
        static const char why[] = "greet wants one text: a name of 1 to 60 bytes";
        ic0_msg_reject(why, sizeof why - 1);
        return;
    }
    FILE *f = fopen(GUESTS, "a");
    check(f && fprintf(f, "%s\n", name) > 0 && fclose(f) == 0, "the guest cannot be entered");
    int size = snprintf(text + 1, sizeof text - 1, "Hello, %s! This is visit number %u.", name, visits(name));
    text[0] = (char)size;
    reply(0x71, text, 1 + (size_t)size);
}

METHOD("canister_query visits") void all_visits(void) {
    unsigned n = visits(NULL);
    unsigned char leb[5];
    size_t size = 0;
    do {
        leb[size++] = (unsigned char)((n & 127) | (n > 127 ? 128 : 0));
        n >>= 7;
    } while (n);
    reply(0x7d, leb, size);
}
