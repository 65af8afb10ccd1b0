/* A canister whose methods do one kind of call on many files or places, so that
 * what a call costs can be compared between a small and a large folder or file.
 * The argument is one or two 32-bit numbers, least byte first. */
#include "ic0.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 4096

static char block[BLOCK];
static uint32_t argument[2];

static void check(int ok) {
    if (!ok)
        ic0_trap(strerror(errno), strlen(strerror(errno)));
}

static void begin(void) {
    size_t size = ic0_msg_arg_data_size();
    argument[0] = argument[1] = 0;
    ic0_msg_arg_data_copy(argument, 0, size < sizeof argument ? size : sizeof argument);
}

static void end(void) {
    ic0_msg_reply_data_append("DIDL\0\0", 6);
    ic0_msg_reply();
}

/* The ith file; printf would cost more than the call. */
static const char *name_of(uint32_t i) {
    static char name[] = "many/f00000000";
    for (char *p = name + sizeof name - 2; *p != 'f'; p--, i /= 10)
        *p = (char)('0' + i % 10);
    return name;
}

static void make(uint32_t i) {
    int fd = open(name_of(i), O_WRONLY | O_CREAT | O_EXCL, 0666);
    check(fd >= 0 && close(fd) == 0);
}

static void look(uint32_t i) {
    struct stat st;
    check(stat(name_of(i), &st) == 0);
}

static void open_close(uint32_t i) {
    int fd = open(name_of(i), O_RDONLY);
    check(fd >= 0 && close(fd) == 0);
}

static void remove_file(uint32_t i) { check(unlink(name_of(i)) == 0); }

/* Works on the second number of files from the first on, with a stride that
 * visits all of them in no order. */
static void each(void (*work)(uint32_t)) {
    begin();
    check(mkdir("many", 0777) == 0 || errno == EEXIST);
    for (uint32_t i = 0; i < argument[1]; i++)
        work(argument[0] + (uint32_t)((uint64_t)i * 7919 % argument[1]));
    end();
}

METHOD("canister_update create") void serve_create(void) { each(make); }
METHOD("canister_update stat") void serve_stat(void) { each(look); }
METHOD("canister_update open") void serve_open(void) { each(open_close); }
METHOD("canister_update unlink") void serve_unlink(void) { each(remove_file); }

/* Makes a file of that many MiB with the second number of written blocks in
 * equal distances, the last at the end. */
METHOD("canister_update sparse") void serve_sparse(void) {
    begin();
    int fd = open("sparse", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    off_t step = ((off_t)argument[0] << 20) / argument[1];
    for (uint32_t i = 1; i <= argument[1]; i++)
        check(pwrite(fd, block, BLOCK, i * step - BLOCK) == BLOCK);
    check(close(fd) == 0);
    end();
}

/* Reads that many of the file's written blocks and holes, in no order. */
METHOD("canister_update scatter") void serve_scatter(void) {
    begin();
    struct stat st;
    uint32_t seed = 1;
    int fd = open("sparse", O_RDONLY);
    check(fd >= 0 && fstat(fd, &st) == 0);
    off_t step = st.st_size / argument[1];
    for (uint32_t i = 0; i < argument[0]; i++) {
        seed = seed * 1664525 + 1013904223;
        off_t at = (seed >> 8) % argument[1] * step + (seed >> 31 ? 0 : step - BLOCK);
        check(pread(fd, block, BLOCK, at) == BLOCK);
    }
    check(close(fd) == 0);
    end();
}

METHOD("canister_update nothing") void serve_nothing(void) { end(); }
