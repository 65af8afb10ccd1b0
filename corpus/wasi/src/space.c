/* More data than there is room for: the run has few pages of stable memory. */
#include "wasi.h"

enum { CHUNK = 10000 };

static u8 chunk[CHUNK];
static u32 n;

static u8 pattern(u64 at) { return (u8)(at * 7 + (at >> 12)); }

/* Appends until nothing more fits, and returns the size. */
static u64 fill_up(u32 fd, u32 *errno) {
    for (u64 size = 0;; size += n) {
        for (u32 i = 0; i < CHUNK; i++)
            chunk[i] = pattern(size + i);
        n = 0;
        if ((*errno = fd_write(fd, BUF(chunk, CHUNK), &n)) != OK)
            return size;
    }
}

/* Counts the bytes that are not what fill_up wrote. */
static u64 wrong(u32 fd, u64 size) {
    u64 bad = 0, at = 0;
    for (; at < size; at += n) {
        if (fd_pread(fd, BUF(chunk, CHUNK), at, &n) != OK || n == 0)
            break;
        for (u32 i = 0; i < n; i++)
            bad += chunk[i] != pattern(at + i);
    }
    return bad + size - at;
}

static void name(char *s, u32 i) {
    s[0] = 's';
    for (int k = 4; k > 0; k--, i /= 10)
        s[k] = (char)('0' + i % 10);
    s[5] = 0;
}

static u32 make_small(u32 *made) {
    char s[6];
    u32 errno = OK, fd;
    for (*made = 0; *made < 9999; ++*made) {
        name(s, *made);
        if ((errno = path_open(A, 0, s, 5, CREAT | EXCL, WRITE, 0, 0, &fd)) != OK)
            break;
        must("close", fd_close(fd));
    }
    return errno;
}

static void remove_small(u32 made) {
    char s[6];
    for (u32 i = 0; i < made; i++)
        name(s, i), must("unlink", path_unlink_file(A, s, 5));
}

static void full(u32 fd, u64 size) {
    static char target[1000];
    fill(target, 't', sizeof target);
    u64 pos = 0;
    T(fd_write, "full", (fd, TEXT("x"), &n), NOSPC);
    V("fd_write full: size", size_of(A, "big"), size);
    V("fd_write full: position", tell(fd), size);
    T(fd_pwrite, "full, far behind the end", (fd, TEXT("x"), size + (1 << 20), &n), NOSPC);
    V("fd_pwrite full, far behind the end: size", size_of(A, "big"), size);
    T(fd_allocate, "full", (fd, 0, size + (1 << 20)), NOSPC);
    V("fd_allocate full: size", size_of(A, "big"), size);
    T(fd_allocate, "full, what is there", (fd, 0, size), OK);
    must("seek", fd_seek(fd, 5, SET, &pos));
    chunk[0] = pattern(5);
    T(fd_write, "full, over what is there", (fd, BUF(chunk, 1), &n), OK);
    T(fd_filestat_set_size, "full, a hole", (fd, size + (1 << 20)), OK);
    T(fd_filestat_set_size, "full, back", (fd, size), OK);
    T(path_symlink, "full, long target", (target, sizeof target, A, P("l")), NOSPC);
    V("path_symlink full: made nothing", links_of(A, "l"), 0);
    V("full: bytes that are wrong", wrong(fd, size), 0);
    contents("full: another file", A, "kept/f", "kept");
}

static void no_more_names(u32 *made) {
    u32 fd;
    report("path_open creat until it fails", make_small(made), NOSPC);
    YES("path_open creat until it fails: made some", *made > 0);
    T(path_create_directory, "full", (A, P("d")), NOSPC);
    T(path_symlink, "full", (P("t"), A, P("l")), NOSPC);
    T(path_link, "full", (A, 0, P("kept/f"), A, P("g")), NOSPC);
    V("path_link full: links", links_of(A, "kept/f"), 1);
    T(path_open, "full, creat", (A, 0, P("h"), CREAT, WRITE, 0, 0, &fd), NOSPC);
    T(path_rename, "full, from elsewhere", (A, P("kept/f"), A, P("f")), NOSPC);
    contents("full: what was not renamed", A, "kept/f", "kept");
    T(path_rename, "full, in its folder", (A, P("s0000"), A, P("r0000")), OK);
    T(path_rename, "full, over another", (A, P("r0000"), A, P("s0001")), OK);
    T(path_unlink_file, "full", (A, P("s0001")), OK);
    T(path_open, "after an unlink, creat", (A, 0, P("s0000"), CREAT, WRITE, 0, 0, &fd), OK);
    must("close", fd_close(fd));
    T(path_open, "after an unlink, creat again", (A, 0, P("s0001"), CREAT, WRITE, 0, 0, &fd), OK);
    must("close", fd_close(fd));
}

START {
    u32 errno, made, again, fd = open_file(A, "big", CREAT, RW, 0);
    make_dir(A, "kept");
    make_file(A, "kept/f", "kept");
    u64 size = fill_up(fd, &errno);
    report("fd_write until it fails", errno, NOSPC);
    YES("fd_write until it fails: more than 1 MiB", size > 1 << 20);
    full(fd, size);
    no_more_names(&made);
    V("all names: bytes that are wrong", wrong(fd, size), 0);
    T(fd_filestat_set_size, "0", (fd, 0), OK);
    must("close", fd_close(fd));
    T(path_unlink_file, "all", (A, P("big")), OK);
    remove_small(made);
    fd = open_file(A, "big", CREAT, RW, 0);
    u64 second = fill_up(fd, &errno);
    report("fd_write after all was removed", errno, NOSPC);
    YES("fd_write after all was removed: as much", second >= size);
    V("after all was removed: bytes that are wrong", wrong(fd, second), 0);
    T(path_unlink_file, "open", (A, P("big")), OK);
    T(fd_write, "unlinked and full", (fd, TEXT("x"), &n), NOSPC);
    T(fd_close, "unlinked and full", (fd), OK);
    report("path_open creat anew until it fails", make_small(&again), NOSPC);
    YES("path_open creat anew until it fails: as many", again >= made);
    remove_small(again);
}
