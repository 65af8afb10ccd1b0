/* What the cases share. A check that fails says on standard error what was
 * expected and what came, and ends the program with exit code 1. */
#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>
#include <string.h>
#include <wasi/api.h>

#define ERRNOS(X) \
    X(success) X(2big) X(acces) X(addrinuse) X(addrnotavail) X(afnosupport) X(again) X(already) X(badf) X(badmsg) \
    X(busy) X(canceled) X(child) X(connaborted) X(connrefused) X(connreset) X(deadlk) X(destaddrreq) X(dom) X(dquot) \
    X(exist) X(fault) X(fbig) X(hostunreach) X(idrm) X(ilseq) X(inprogress) X(intr) X(inval) X(io) X(isconn) \
    X(isdir) X(loop) X(mfile) X(mlink) X(msgsize) X(multihop) X(nametoolong) X(netdown) X(netreset) X(netunreach) \
    X(nfile) X(nobufs) X(nodev) X(noent) X(noexec) X(nolck) X(nolink) X(nomem) X(nomsg) X(noprotoopt) X(nospc) \
    X(nosys) X(notconn) X(notdir) X(notempty) X(notrecoverable) X(notsock) X(notsup) X(notty) X(nxio) X(overflow) \
    X(ownerdead) X(perm) X(pipe) X(proto) X(protonosupport) X(prototype) X(range) X(rofs) X(spipe) X(srch) X(stale) \
    X(timedout) X(txtbsy) X(xdev) X(notcapable)

#define AS_CONSTANT(name) E_##name,
#define AS_STRING(name) #name,
enum { ERRNOS(AS_CONSTANT) ERRNO_COUNT };
static const char *const errno_names[] = {ERRNOS(AS_STRING)};

/* ---- saying what is wrong ---- */

static inline void say_bytes(const void *p, size_t n) {
    __wasi_ciovec_t v = {p, n};
    __wasi_size_t written;
    if (__wasi_fd_write(2, &v, 1, &written) != 0)
        __wasi_proc_exit(1);
}

static inline void say(const char *text) { say_bytes(text, strlen(text)); }

static inline void say_number(uint64_t n) {
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = '0' + n % 10;
    while (n /= 10);
    say_bytes(digits + at, sizeof digits - at);
}

static inline void say_errno(int e) {
    say(e >= 0 && e < ERRNO_COUNT ? errno_names[e] : "unknown");
    say(" (");
    say_number(e);
    say(")");
}

static inline void say_place(const char *file, int line, const char *what) {
    say(file);
    say(":");
    say_number(line);
    say(": ");
    say(what);
    say(": expected ");
}

static inline void say_end(void) {
    say("\n");
    __wasi_proc_exit(1);
}

/* ---- checks ---- */

static inline void check_errno(const char *file, int line, const char *what, int got, const int *want, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (got == want[i])
            return;
    say_place(file, line, what);
    for (size_t i = 0; i < n; i++) {
        say(i ? " or " : "");
        say_errno(want[i]);
    }
    say(", got ");
    say_errno(got);
    say_end();
}

static inline void check_equal(const char *file, int line, const char *what, uint64_t got, uint64_t want) {
    if (got == want)
        return;
    say_place(file, line, what);
    say_number(want);
    say(", got ");
    say_number(got);
    say_end();
}

static inline void check_bytes(const char *file, int line, const char *what, const void *got, size_t n, const void *want, size_t m) {
    if (n == m && memcmp(got, want, n) == 0)
        return;
    say_place(file, line, what);
    say("[");
    say_bytes(want, m);
    say("], got [");
    say_bytes(got, n);
    say("]");
    say_end();
}

static inline void check_true(const char *file, int line, const char *what, int holds) {
    if (holds)
        return;
    say_place(file, line, what);
    say("to hold, got that it does not");
    say_end();
}

#ifdef __FILE_NAME__
#define FILE_NAME __FILE_NAME__
#else
#define FILE_NAME "line"
#endif

/* The call succeeds; the call gives one of these errors; numbers are equal; n
 * bytes are those of a string; a condition holds. */
#define OK(call) check_errno(FILE_NAME, __LINE__, #call, call, (const int[]){E_success}, 1)
#define FAILS(call, ...) \
    check_errno(FILE_NAME, __LINE__, #call, call, (const int[]){__VA_ARGS__}, sizeof(int[]){__VA_ARGS__} / sizeof(int))
#define EQUAL(got, want) check_equal(FILE_NAME, __LINE__, #got, got, want)
#define BYTES(got, n, want) check_bytes(FILE_NAME, __LINE__, #got, got, n, want, sizeof(want) - 1)
#define TRUE(condition) check_true(FILE_NAME, __LINE__, #condition, (condition) != 0)

/* ---- files ---- */

#define ROOT root()
#define RIGHT(name) ((__wasi_rights_t)__WASI_RIGHTS_##name)
#define FILE_RIGHTS \
    (RIGHT(FD_DATASYNC) | RIGHT(FD_READ) | RIGHT(FD_SEEK) | RIGHT(FD_FDSTAT_SET_FLAGS) | RIGHT(FD_SYNC) | \
     RIGHT(FD_TELL) | RIGHT(FD_WRITE) | RIGHT(FD_ADVISE) | RIGHT(FD_ALLOCATE) | RIGHT(FD_FILESTAT_GET) | \
     RIGHT(FD_FILESTAT_SET_SIZE) | RIGHT(FD_FILESTAT_SET_TIMES) | RIGHT(POLL_FD_READWRITE))
#define DIR_RIGHTS \
    (RIGHT(PATH_CREATE_DIRECTORY) | RIGHT(PATH_CREATE_FILE) | RIGHT(PATH_LINK_SOURCE) | RIGHT(PATH_LINK_TARGET) | \
     RIGHT(PATH_OPEN) | RIGHT(FD_READDIR) | RIGHT(PATH_READLINK) | RIGHT(PATH_RENAME_SOURCE) | \
     RIGHT(PATH_RENAME_TARGET) | RIGHT(PATH_FILESTAT_GET) | RIGHT(PATH_FILESTAT_SET_SIZE) | \
     RIGHT(PATH_FILESTAT_SET_TIMES) | RIGHT(FD_FILESTAT_GET) | RIGHT(FD_FILESTAT_SET_TIMES) | RIGHT(PATH_SYMLINK) | \
     RIGHT(PATH_REMOVE_DIRECTORY) | RIGHT(PATH_UNLINK_FILE))
#define CREAT __WASI_OFLAGS_CREAT
#define EXCL __WASI_OFLAGS_EXCL
#define TRUNC __WASI_OFLAGS_TRUNC
#define DIRECTORY __WASI_OFLAGS_DIRECTORY
#define FOLLOW __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW

/* root is the descriptor of the folder that is preopened as "/"; of several the
 * last one, as libc takes it. */
static inline int root(void) {
    static int found;
    __wasi_prestat_t st;
    int fd = 3, e;
    if (found)
        return found;
    while ((e = __wasi_fd_prestat_get(fd, &st)) == E_success) {
        char name[16] = "";
        if (st.u.dir.pr_name_len < sizeof name)
            OK(__wasi_fd_prestat_dir_name(fd, (uint8_t *)name, st.u.dir.pr_name_len));
        if (strcmp(name, "/") == 0)
            found = fd;
        fd++;
    }
    if (!found)
        OK(e);
    return found;
}

/* try_open opens with what a file takes and gives the errno. */
static inline int try_open(int dir, const char *path, int oflags, __wasi_rights_t rights, int *fd) {
    __wasi_fd_t opened = 0;
    int e = __wasi_path_open(dir, FOLLOW, path, oflags, rights, rights, 0, &opened);
    *fd = opened;
    return e;
}

/* probe gives the errno of opening alone. */
static inline int probe(const char *path, int oflags, __wasi_rights_t rights) {
    int fd;
    return try_open(ROOT, path, oflags, rights, &fd);
}

static inline int open_file(const char *path, int oflags) {
    int fd;
    OK(try_open(ROOT, path, oflags, FILE_RIGHTS, &fd));
    return fd;
}

static inline int open_dir(const char *path) {
    __wasi_fd_t fd;
    OK(__wasi_path_open(ROOT, FOLLOW, path, DIRECTORY, DIR_RIGHTS, DIR_RIGHTS | FILE_RIGHTS, 0, &fd));
    return fd;
}

/* write_bytes goes on after a short count, which every write may give. */
static inline void write_bytes(int fd, const void *p, size_t n) {
    const uint8_t *from = p;
    while (n > 0) {
        __wasi_ciovec_t v = {from, n};
        __wasi_size_t written = 0;
        OK(__wasi_fd_write(fd, &v, 1, &written));
        TRUE(written > 0 && written <= n);
        from += written;
        n -= written;
    }
}

static inline void write_text(int fd, const char *text) { write_bytes(fd, text, strlen(text)); }

/* read_bytes reads until n bytes are there or the file ends. */
static inline size_t read_bytes(int fd, void *p, size_t n) {
    size_t have = 0;
    for (;;) {
        __wasi_iovec_t v = {(uint8_t *)p + have, n - have};
        __wasi_size_t got = 0;
        if (have == n)
            return have;
        OK(__wasi_fd_read(fd, &v, 1, &got));
        if (got == 0)
            return have;
        have += got;
    }
}

static inline uint64_t seek(int fd, int64_t offset, int whence) {
    __wasi_filesize_t at;
    OK(__wasi_fd_seek(fd, offset, whence, &at));
    return at;
}

static inline uint64_t position(int fd) {
    __wasi_filesize_t at;
    OK(__wasi_fd_tell(fd, &at));
    return at;
}

/* put makes a file with this text, or replaces what it held. */
static inline void put(const char *path, const char *text) {
    int fd = open_file(path, CREAT | TRUNC);
    write_text(fd, text);
    OK(__wasi_fd_close(fd));
}

/* content reads a file of less than 256 bytes. */
static inline size_t content(const char *path, void *buf) {
    int fd = open_file(path, 0);
    size_t n = read_bytes(fd, buf, 256);
    OK(__wasi_fd_close(fd));
    return n;
}

/* HOLDS checks what a small file holds. */
#define HOLDS(path, want) \
    do { \
        char held[256]; \
        size_t n = content(path, held); \
        check_bytes(FILE_NAME, __LINE__, "content of " #path, held, n, want, sizeof(want) - 1); \
    } while (0)

static inline int stat_path(const char *path, __wasi_filestat_t *st) { return __wasi_path_filestat_get(ROOT, 0, path, st); }

/* missing gives the errno of looking for a path, noent where it is not there. */
static inline int missing(const char *path) {
    __wasi_filestat_t st;
    return stat_path(path, &st);
}

static inline __wasi_filestat_t stat_fd(int fd) {
    __wasi_filestat_t st;
    OK(__wasi_fd_filestat_get(fd, &st));
    return st;
}

static inline void make_dir(const char *path) { OK(__wasi_path_create_directory(ROOT, path)); }
static inline void make_link(const char *target, const char *path) { OK(__wasi_path_symlink(target, ROOT, path)); }
static inline void close_fd(int fd) { OK(__wasi_fd_close(fd)); }

#endif
