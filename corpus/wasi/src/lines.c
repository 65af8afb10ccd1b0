/* Printing of lines, and the steps between the calls that are looked at. */
#include "wasi.h"

static const char *const names[77] = {
    "success", "2big", "acces", "addrinuse", "addrnotavail", "afnosupport", "again", "already", "badf", "badmsg",
    "busy", "canceled", "child", "connaborted", "connrefused", "connreset", "deadlk", "destaddrreq", "dom", "dquot",
    "exist", "fault", "fbig", "hostunreach", "idrm", "ilseq", "inprogress", "intr", "inval", "io",
    "isconn", "isdir", "loop", "mfile", "mlink", "msgsize", "multihop", "nametoolong", "netdown", "netreset",
    "netunreach", "nfile", "nobufs", "nodev", "noent", "noexec", "nolck", "nolink", "nomem", "nomsg",
    "noprotoopt", "nospc", "nosys", "notconn", "notdir", "notempty", "notrecoverable", "notsock", "notsup", "notty",
    "nxio", "overflow", "ownerdead", "perm", "pipe", "proto", "protonosupport", "prototype", "range", "rofs",
    "spipe", "srch", "stale", "timedout", "txtbsy", "xdev", "notcapable",
};

u32 console = 1;
static char line[1024];
static u32 used;

void *memcpy(void *to, const void *from, size_t n) {
    for (size_t i = 0; i < n; i++)
        ((volatile u8 *)to)[i] = ((const u8 *)from)[i];
    return to;
}

void *memset(void *to, int byte, size_t n) {
    for (size_t i = 0; i < n; i++)
        ((volatile u8 *)to)[i] = (u8)byte;
    return to;
}

void fill(void *to, u8 byte, u32 n) { memset(to, byte, n); }

u32 length(const char *s) {
    u32 n = 0;
    while (s[n])
        n++;
    return n;
}

u64 memory_end(void) { return (u64)__builtin_wasm_memory_size(0) << 16; }

/* Returns the address as a pointer, whether or not there is memory. */
void *at(u64 address) { return (void *)(uintptr_t)address; }

static void put(char c) {
    if (used < sizeof line)
        line[used++] = c;
}

static void put_text(const char *s) {
    while (*s)
        put(*s++);
}

static void put_number(u64 n) {
    if (n >= 10)
        put_number(n / 10);
    put((char)('0' + n % 10));
}

static void put_errno(u32 errno) {
    put_text(errno < 77 ? names[errno] : "unknown");
    put('(');
    put_number(errno);
    put(')');
}

/* Bytes that are no printable text appear as a backslash and a number. */
static void put_bytes(const u8 *s, u32 n) {
    put('"');
    for (u32 i = 0; i < n; i++) {
        if (s[i] >= ' ' && s[i] < 127) {
            put((char)s[i]);
        } else {
            put('\\');
            put_number(s[i]);
        }
    }
    put('"');
}

static void begin(const char *what) {
    used = 0;
    put_text(what);
    put_text(" -> ");
}

static void flush(void) {
    for (u32 sent = 0, n = 0; sent < used; sent += n)
        if (fd_write(console, BUF(line + sent, used - sent), &n) != OK || n == 0)
            __builtin_trap();
    used = 0;
}

static void finish(void) {
    put('\n');
    flush();
}

static int is_wanted(u32 errno, u32 want) {
    if (errno == (want & 0xff))
        return 1;
    while (want >>= 8)
        if (errno == (want & 0xff))
            return 1;
    return 0;
}

void announce(const char *what) {
    begin(what);
    flush();
}

void conclude(u32 errno, u32 want) {
    put_errno(errno);
    if (!is_wanted(errno, want)) {
        put_text(", want ");
        put_errno(want & 0xff);
        while (want >>= 8) {
            put_text(" or ");
            put_errno(want & 0xff);
        }
    }
    finish();
}

void report(const char *what, u32 errno, u32 want) {
    begin(what);
    conclude(errno, want);
}

u32 number_of_case(void) {
    static u32 argv[4];
    static char text[64];
    must("args_get", args_get(argv, text));
    u32 i = 0;
    for (const char *s = at(argv[1]); *s; s++)
        i = i * 10 + (u32)(*s - '0');
    return i;
}

void number(const char *what, u64 got, u64 want) {
    begin(what);
    put_number(got);
    if (got != want) {
        put_text(", want ");
        put_number(want);
    }
    finish();
}

static int equal(const u8 *s, u32 n, const char *want) {
    u32 i = 0;
    while (i < n && want[i] && s[i] == (u8)want[i])
        i++;
    return i == n && !want[i];
}

void text(const char *what, const void *got, u32 n, const char *want) {
    begin(what);
    put_bytes(got, n);
    if (!equal(got, n, want)) {
        put_text(", want ");
        put_bytes((const u8 *)want, length(want));
    }
    finish();
}

/* Prints type, number of links and size. */
void stat_line(const char *what, const struct filestat *st, const char *want) {
    static const char *const types[] = {"unknown", "block", "char", "dir", "reg", "dgram", "stream", "link"};
    char got[64];
    used = 0;
    put_text(st->type < 8 ? types[st->type] : "undefined");
    put_text(" nlink ");
    put_number(st->nlink);
    put_text(" size ");
    put_number(st->size);
    u32 n = used < sizeof got ? used : sizeof got;
    memcpy(got, line, n);
    text(what, got, n, want);
}

void must(const char *what, u32 errno) {
    if (errno == OK)
        return;
    begin(what);
    put_text("cannot be set up: ");
    put_errno(errno);
    finish();
}

u32 open_file(u32 dir, const char *path, u32 oflags, u64 rights, u32 fdflags) {
    u32 fd = CLOSED;
    must(path, path_open(dir, 0, path, length(path), oflags, rights, 0, fdflags, &fd));
    return fd;
}

u32 open_dir(u32 dir, const char *path) {
    u32 fd = CLOSED;
    const u64 file_rights = RW, dir_rights = R(P_SYMLINK + 3) - 1 - (R(FD_ALLOCATE + 1) - 1);
    struct fdstat st = {0};
    must(path, fd_fdstat_get(dir, &st));
    must(path, path_open(dir, 0, path, length(path), DIRECTORY, st.base & ~R(FD_READ) & ~R(FD_WRITE) & dir_rights,
                         st.inheriting & (file_rights | dir_rights), 0, &fd));
    return fd;
}

void make_file(u32 dir, const char *path, const char *content) {
    u32 n = 0, fd = open_file(dir, path, CREAT | TRUNC, WRITE, 0);
    must(path, fd_write(fd, BUF(content, length(content)), &n));
    must(path, fd_close(fd));
}

void make_dir(u32 dir, const char *path) { must(path, path_create_directory(dir, path, length(path))); }

void make_link(u32 dir, const char *path, const char *target) {
    must(path, path_symlink(target, length(target), dir, path, length(path)));
}

static struct filestat stat_of(u32 dir, const char *path) {
    struct filestat st = {0};
    path_filestat_get(dir, 0, path, length(path), &st);
    return st;
}

/* Those of a name that is not there are 0. */
u64 size_of(u32 dir, const char *path) { return stat_of(dir, path).size; }
u64 ino_of(u32 dir, const char *path) { return stat_of(dir, path).ino; }
u64 links_of(u32 dir, const char *path) { return stat_of(dir, path).nlink; }
u32 type_of(u32 dir, const char *path) { return stat_of(dir, path).type; }

u64 tell(u32 fd) {
    u64 offset = ~0ull;
    fd_tell(fd, &offset);
    return offset;
}

/* Prints the first bytes of a file. */
void contents(const char *what, u32 dir, const char *path, const char *want) {
    char buf[64];
    u32 n = 0, fd = open_file(dir, path, 0, READ, 0);
    must(path, fd_read(fd, BUF(buf, sizeof buf), &n));
    must(path, fd_close(fd));
    text(what, buf, n, want);
}
