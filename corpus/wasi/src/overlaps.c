/* Memory that a call reads and writes at once, and files that two calls share. */
#include "wasi.h"

static u32 n;
static union {
    struct iovec list[4];
    char bytes[64];
} mix;
static char buf[64];

static void vectors(void) {
    make_file(A, "f", "0123456789");
    u32 fd = open_file(A, "f", 0, RW, 0);
    struct iovec same[] = {{buf, 4}, {buf, 4}};
    T(fd_pread, "into one place twice", (fd, same, 2, 0, &n), OK);
    V("fd_pread into one place twice: count", n, 8);
    S("fd_pread into one place twice gives", buf, 4, "4567");
    struct iovec shifted[] = {{buf, 6}, {buf + 2, 4}};
    T(fd_pread, "into overlapping places", (fd, shifted, 2, 0, &n), OK);
    S("fd_pread into overlapping places gives", buf, 6, "016789");
    struct iovec twice[] = {{"ab", 2}, {"ab", 2}, {"ab", 1}};
    T(fd_pwrite, "one place three times", (fd, twice, 3, 0, &n), OK);
    contents("fd_pwrite one place three times gives", A, "f", "ababa56789");
    n = 0;
    T(fd_pread, "over its own count", (fd, BUF(&n, 4), 0, &n), OK);
    V("fd_pread over its own count gives the count", n, 4);
    mix.list[0] = (struct iovec){mix.bytes, 8};
    T(fd_pread, "over its only vector", (fd, mix.list, 1, 0, &n), OK);
    S("fd_pread over its only vector gives", mix.bytes, 8, "ababa567");
    mix.list[0] = (struct iovec){mix.bytes + 32, 0};
    T(fd_pread, "count in the vectors", (fd, mix.list, 1, 0, &mix.list[0].len), OK);
    V("fd_pread count in the vectors: count", mix.list[0].len, 0);
    must("close", fd_close(fd));
}

/* Events over subscriptions: those that have been read already are gone. */
static void polling(void) {
    static union {
        struct subscription in[3];
        struct event out[3];
    } both;
    for (u32 i = 0; i < 3; i++)
        both.in[i] = (struct subscription){.userdata = 70 + i, .tag = 2, .fd = 1};
    T(poll_oneoff, "events over subscriptions", (both.in, both.out, 3, &n), OK);
    YES("poll_oneoff events over subscriptions: some", n >= 1 && n <= 3);
    V("poll_oneoff events over subscriptions: the first", both.out[0].userdata, 70);
    V("poll_oneoff events over subscriptions: its error", both.out[0].error, OK);
}

static void paths(void) {
    static char name[] = "same";
    make_file(A, name, "x");
    struct filestat st;
    T(path_rename, "one string for both", (A, name, 4, A, name, 4), OK);
    V("path_rename one string for both: size", size_of(A, name), 1);
    T(path_link, "one string for both", (A, 0, name, 4, A, name, 4), EXIST);
    T(path_symlink, "one string for both", (P("to-itself"), A, P("to-itself")), OK);
    T(path_filestat_get, "link to itself", (A, FOLLOW, P("to-itself"), &st), LOOP);
    static char target[64] = "to-itself";
    T(path_readlink, "over its own path", (A, target, 9, target, 9, &n), OK);
    S("path_readlink over its own path gives", target, 9, "to-itself");
    static struct filestat place;
    __builtin_memcpy(&place, "same", 4);
    T(path_filestat_get, "over its own path", (A, 0, &place, 4, &place), OK);
    V("path_filestat_get over its own path: size", place.size, 1);
    static u32 opened;
    opened = 'f';
    T(path_open, "over its own path", (A, 0, &opened, 1, 0, READ, 0, 0, &opened), OK);
    must("close", fd_close(opened));
}

static void through_two(void) {
    u32 one = open_file(A, "g", CREAT, RW, APPEND), two = open_file(A, "g", 0, RW, APPEND);
    u64 pos = 0;
    T(fd_write, "append through one", (one, TEXT("aa"), &n), OK);
    T(fd_write, "append through the other", (two, TEXT("bb"), &n), OK);
    T(fd_pwrite, "at 1 between", (one, TEXT("X"), 1, &n), OK);
    T(fd_write, "append through one again", (one, TEXT("cc"), &n), OK);
    YES("append through two: as POSIX or Linux has it", size_of(A, "g") == 6 || size_of(A, "g") == 7);
    T(fd_seek, "append, cur 0", (one, 0, CUR, &pos), OK);
    V("fd_seek append, cur 0: at the end", pos, size_of(A, "g"));
    V("append through two: position of the other", tell(two), 4);
    T(fd_filestat_set_size, "0 through the other", (two, 0), OK);
    T(fd_write, "append after that", (one, TEXT("dd"), &n), OK);
    V("fd_write append after that: size", size_of(A, "g"), 2);
    T(path_unlink_file, "open twice", (A, P("g")), OK);
    T(fd_write, "append, unlinked", (two, TEXT("ee"), &n), OK);
    T(fd_pread, "unlinked, through one", (one, BUF(buf, 8), 0, &n), OK);
    S("fd_pread unlinked, through one gives", buf, n, "ddee");
    must("close", fd_close(one));
    T(fd_pread, "unlinked, after one is closed", (two, BUF(buf, 8), 0, &n), OK);
    S("fd_pread unlinked, after one is closed gives", buf, n, "ddee");
    must("close", fd_close(two));
}

static void replaced(void) {
    make_file(A, "old", "old");
    make_file(A, "new", "newer");
    u32 old = open_file(A, "old", 0, RW, 0), now = open_file(A, "new", 0, RW, 0);
    T(path_rename, "open file onto an open file", (A, P("new"), A, P("old")), OK);
    T(fd_pread, "what was replaced", (old, BUF(buf, 8), 0, &n), OK);
    S("fd_pread what was replaced gives", buf, n, "old");
    T(fd_pread, "what replaced it", (now, BUF(buf, 8), 0, &n), OK);
    S("fd_pread what replaced it gives", buf, n, "newer");
    T(fd_pwrite, "what was replaced", (old, TEXT("gone"), 0, &n), OK);
    contents("fd_pwrite what was replaced leaves the other", A, "old", "newer");
    must("close", fd_close(old));
    must("close", fd_close(now));
    make_dir(A, "d1");
    make_dir(A, "d2");
    u32 dir = open_dir(A, "d2");
    T(path_rename, "folder onto an open folder", (A, P("d1"), A, P("d2")), OK);
    T(path_create_directory, "in the replaced folder", (dir, P("x")), OR(NOENT, OK));
    T(path_filestat_get, "in the one that replaced it", (A, 0, P("d2/x"), &(struct filestat){0}), OR(NOENT, OK));
    must("close", fd_close(dir));
}

START {
    vectors();
    polling();
    paths();
    through_two();
    replaced();
}
