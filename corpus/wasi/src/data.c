/* Reading and writing: vectors, positions, append, holes, sizes. */
#include "wasi.h"

static u32 n;
static u64 pos;
static char buf[64];

static void reading(void) {
    make_file(A, "f", "0123456789");
    u32 fd = open_file(A, "f", 0, RW, 0);
    T(fd_read, "4 bytes", (fd, BUF(buf, 4), &n), OK);
    S("fd_read 4 bytes gives", buf, n, "0123");
    T(fd_tell, "after 4 bytes", (fd, &pos), OK);
    V("fd_tell after 4 bytes gives", pos, 4);
    struct iovec three[] = {{buf, 2}, {buf + 2, 0}, {buf + 2, 3}};
    T(fd_read, "vectors of 2, 0, 3", (fd, three, 3, &n), OK);
    V("fd_read vectors of 2, 0, 3: count", n, 5);
    S("fd_read vectors of 2, 0, 3 gives", buf, 5, "45678");
    T(fd_read, "more than is left", (fd, BUF(buf, 64), &n), OK);
    V("fd_read more than is left: count", n, 1);
    T(fd_read, "at the end", (fd, BUF(buf, 64), &n), OK);
    V("fd_read at the end: count", n, 0);
    T(fd_read, "no vectors", (fd, buf, 0, &n), OK);
    V("fd_read no vectors: count", n, 0);
    T(fd_read, "an empty vector", (fd, BUF(buf, 0), &n), OK);
    T(fd_pread, "at 3", (fd, BUF(buf, 4), 3, &n), OK);
    S("fd_pread at 3 gives", buf, n, "3456");
    V("fd_pread leaves the position", tell(fd), 10);
    T(fd_pread, "across the end", (fd, BUF(buf, 4), 8, &n), OK);
    V("fd_pread across the end: count", n, 2);
    T(fd_pread, "at the end", (fd, BUF(buf, 4), 10, &n), OK);
    V("fd_pread at the end: count", n, 0);
    T(fd_pread, "far past the end", (fd, BUF(buf, 4), 1ull << 40, &n), OK);
    V("fd_pread far past the end: count", n, 0);
    T(fd_pread, "at 2^63", (fd, BUF(buf, 4), 1ull << 63, &n), OR3(INVAL, OK, OVERFLOW));
    T(fd_pread, "no vectors", (fd, buf, 0, 0, &n), OK);
    must("close", fd_close(fd));
    T(fd_read, "closed", (fd, BUF(buf, 4), &n), BADF);
    T(fd_pread, "closed", (fd, BUF(buf, 4), 0, &n), BADF);
}

static void writing(void) {
    u32 fd = open_file(A, "w", CREAT, RW, 0);
    struct iovec three[] = {{"ab", 2}, {"x", 0}, {"cde", 3}};
    T(fd_write, "vectors of 2, 0, 3", (fd, three, 3, &n), OK);
    V("fd_write vectors of 2, 0, 3: count", n, 5);
    V("fd_write moves the position", tell(fd), 5);
    T(fd_write, "no vectors", (fd, buf, 0, &n), OK);
    V("fd_write no vectors: count", n, 0);
    T(fd_write, "an empty vector", (fd, BUF(buf, 0), &n), OK);
    contents("fd_write is seen by another descriptor", A, "w", "abcde");
    T(fd_pwrite, "at 1", (fd, TEXT("XY"), 1, &n), OK);
    V("fd_pwrite leaves the position", tell(fd), 5);
    contents("fd_pwrite at 1 gives", A, "w", "aXYde");
    T(fd_pwrite, "past the end", (fd, TEXT("end"), 8, &n), OK);
    T(fd_pread, "behind the hole", (fd, BUF(buf, 8), 8, &n), OK);
    S("fd_pread behind the hole gives", buf, n, "end");
    V("fd_pwrite past the end: size", size_of(A, "w"), 11);
    T(fd_pwrite, "nothing, far past the end", (fd, BUF(buf, 0), 100, &n), OK);
    V("fd_pwrite nothing, far past the end: size", size_of(A, "w"), 11);
    T(fd_pwrite, "at 2^63", (fd, TEXT("x"), 1ull << 63, &n), OR3(INVAL, FBIG, OVERFLOW));
    T(fd_pwrite, "at 2^63-1", (fd, TEXT("x"), (1ull << 63) - 1, &n), OR4(FBIG, INVAL, NOSPC, OVERFLOW));
    V("fd_pwrite too far: size", size_of(A, "w"), 11);
    must("close", fd_close(fd));
    T(fd_write, "closed", (fd, TEXT("x"), &n), BADF);
    T(fd_pwrite, "closed", (fd, TEXT("x"), 0, &n), BADF);
    T(fd_write, "directory", (A, TEXT("x"), &n), OR3(BADF, ISDIR, NOTCAPABLE));
    T(fd_pwrite, "directory", (A, TEXT("x"), 0, &n), OR3(BADF, ISDIR, NOTCAPABLE));
    T(fd_read, "directory", (A, BUF(buf, 4), &n), OR3(ISDIR, BADF, NOTCAPABLE));
    T(fd_pread, "directory", (A, BUF(buf, 4), 0, &n), OR3(ISDIR, BADF, NOTCAPABLE));
}

static void seeking(void) {
    make_file(A, "f", "0123456789");
    u32 fd = open_file(A, "f", 0, RW, 0);
    T(fd_seek, "set 4", (fd, 4, SET, &pos), OK);
    V("fd_seek set 4 gives", pos, 4);
    T(fd_seek, "cur +3", (fd, 3, CUR, &pos), OK);
    V("fd_seek cur +3 gives", pos, 7);
    T(fd_seek, "cur -2", (fd, -2, CUR, &pos), OK);
    V("fd_seek cur -2 gives", pos, 5);
    T(fd_seek, "cur 0", (fd, 0, CUR, &pos), OK);
    V("fd_seek cur 0 gives", pos, 5);
    T(fd_seek, "end -1", (fd, -1, END, &pos), OK);
    V("fd_seek end -1 gives", pos, 9);
    T(fd_seek, "end +90", (fd, 90, END, &pos), OK);
    V("fd_seek end +90 gives", pos, 100);
    V("fd_seek past the end leaves the size", size_of(A, "f"), 10);
    T(fd_read, "past the end", (fd, BUF(buf, 4), &n), OK);
    V("fd_read past the end: count", n, 0);
    pos = 77;
    T(fd_seek, "set -1", (fd, -1, SET, &pos), INVAL);
    T(fd_seek, "cur -101", (fd, -101, CUR, &pos), INVAL);
    T(fd_seek, "end -11", (fd, -11, END, &pos), INVAL);
    T(fd_seek, "set to the least number", (fd, INT64_MIN, SET, &pos), INVAL);
    T(fd_seek, "cur over 2^63", (fd, INT64_MAX, CUR, &pos), OR(INVAL, OVERFLOW));
    T(fd_seek, "end over 2^63", (fd, INT64_MAX, END, &pos), OR(INVAL, OVERFLOW));
    V("fd_seek failed: result", pos, 77);
    V("fd_seek failed: position", tell(fd), 100);
    must("close", fd_close(fd));
    T(fd_seek, "closed", (fd, 0, CUR, &pos), BADF);
    T(fd_tell, "closed", (fd, &pos), BADF);
    T(fd_seek, "directory", (A, 0, CUR, &pos), OR3(BADF, ISDIR, NOTCAPABLE));
    T(fd_tell, "directory", (A, &pos), OR3(BADF, ISDIR, NOTCAPABLE));
}

/* Two descriptors on one file have positions of their own. */
static void sharing(void) {
    make_file(A, "f", "0123456789");
    u32 one = open_file(A, "f", 0, RW, 0), two = open_file(A, "f", 0, RW, 0);
    must("read", fd_read(one, BUF(buf, 6), &n));
    V("two descriptors: position of the other", tell(two), 0);
    T(fd_write, "through the other", (two, TEXT("abcdefgh"), &n), OK);
    T(fd_read, "what the other wrote", (one, BUF(buf, 4), &n), OK);
    S("fd_read what the other wrote gives", buf, n, "gh89");
    T(fd_filestat_set_size, "through the other", (two, 3), OK);
    T(fd_read, "behind the new end", (one, BUF(buf, 4), &n), OK);
    V("fd_read behind the new end: count", n, 0);
    T(fd_write, "behind the new end", (one, TEXT("Z"), &n), OK);
    T(fd_pread, "the hole between", (one, BUF(buf, 11), 0, &n), OK);
    S("fd_pread the hole between: start", buf, 3, "abc");
    V("fd_pread the hole between: zeros", buf[3] | buf[4] | buf[5] | buf[6] | buf[7] | buf[8] | buf[9], 0);
    S("fd_pread the hole between: end", buf + 10, 1, "Z");
    must("close", fd_close(one));
    must("close", fd_close(two));
}

static void appending(void) {
    make_file(A, "f", "01234");
    u32 fd = open_file(A, "f", 0, RW, APPEND);
    V("append: position at first", tell(fd), 0);
    T(fd_write, "append", (fd, TEXT("ab"), &n), OK);
    V("append: position behind what was written", tell(fd), 7);
    T(fd_seek, "append set 1", (fd, 1, SET, &pos), OK);
    T(fd_read, "append", (fd, BUF(buf, 2), &n), OK);
    S("fd_read append gives", buf, n, "12");
    T(fd_write, "append after seek", (fd, TEXT("cd"), &n), OK);
    contents("append after seek gives", A, "f", "01234abcd");
    must("seek", fd_seek(fd, 2, SET, &pos));
    T(fd_pwrite, "append, at 0", (fd, TEXT("XY"), 0, &n), OK);
    V("fd_pwrite append leaves the position", tell(fd), 2);
    YES("fd_pwrite append: at 0 or at the end", size_of(A, "f") == 9 || size_of(A, "f") == 11);
    V("fd_pwrite append, as POSIX has it: size", size_of(A, "f"), 9);
    T(fd_fdstat_set_flags, "append off", (fd, 0), OK);
    must("seek", fd_seek(fd, 0, SET, &pos));
    T(fd_write, "append off", (fd, TEXT("01"), &n), OK);
    V("fd_write append off: position", tell(fd), 2);
    T(fd_fdstat_set_flags, "append on", (fd, APPEND), OK);
    must("size", fd_filestat_set_size(fd, 4));
    T(fd_write, "append on", (fd, TEXT("!"), &n), OK);
    contents("fd_write append on gives", A, "f", "0123!");
    must("close", fd_close(fd));
}

static void sizes(void) {
    struct filestat st;
    make_file(A, "f", "0123456789");
    u32 fd = open_file(A, "f", 0, RW, 0);
    must("seek", fd_seek(fd, 6, SET, &pos));
    T(fd_filestat_set_size, "shorter", (fd, 4), OK);
    V("fd_filestat_set_size shorter: size", size_of(A, "f"), 4);
    V("fd_filestat_set_size shorter: position", tell(fd), 6);
    T(fd_filestat_set_size, "longer", (fd, 8), OK);
    T(fd_pread, "grown", (fd, BUF(buf, 10), 0, &n), OK);
    V("fd_pread grown: count", n, 8);
    V("fd_pread grown: zeros", buf[4] | buf[5] | buf[6] | buf[7], 0);
    T(fd_filestat_set_size, "same", (fd, 8), OK);
    T(fd_filestat_set_size, "1 GiB", (fd, 1 << 30), OK);
    V("fd_filestat_set_size 1 GiB: size", size_of(A, "f"), 1 << 30);
    T(fd_pread, "1 GiB, middle", (fd, BUF(buf, 3), 1 << 29, &n), OK);
    V("fd_pread 1 GiB, middle: count and zeros", n + (u32)(buf[0] | buf[1] | buf[2]), 3);
    T(fd_filestat_set_size, "0", (fd, 0), OK);
    T(fd_filestat_set_size, "2^63", (fd, 1ull << 63), OR3(INVAL, FBIG, OVERFLOW));
    T(fd_filestat_set_size, "2^64-1", (fd, ~0ull), OR3(INVAL, FBIG, OVERFLOW));
    V("fd_filestat_set_size too large: size", size_of(A, "f"), 0);
    T(fd_filestat_set_size, "directory", (A, 0), OR4(BADF, ISDIR, NOTCAPABLE, INVAL));
    T(fd_filestat_set_size, "closed", (CLOSED, 0), BADF);
    T(fd_allocate, "10 at 0", (fd, 0, 10), OR(OK, NOTSUP));
    T(fd_allocate, "none", (fd, 0, 0), OR(INVAL, NOTSUP));
    T(fd_allocate, "past 2^63", (fd, 1ull << 62, 3ull << 61), OR4(FBIG, INVAL, NOTSUP, OVERFLOW));
    T(fd_allocate, "past 2^64", (fd, ~0ull, 2), OR4(FBIG, INVAL, NOTSUP, OVERFLOW));
    T(fd_allocate, "directory", (A, 0, 10), OR4(BADF, ISDIR, NOTCAPABLE, NOTSUP));
    T(fd_allocate, "closed", (CLOSED, 0, 10), BADF);
    must("size", fd_filestat_set_size(fd, 10));
    T(fd_allocate, "within the file", (fd, 2, 3), OR(OK, NOTSUP));
    V("fd_allocate within the file: size", size_of(A, "f"), 10);
    u32 errno = fd_allocate(fd, 8, 100);
    V("fd_allocate past the end: size", size_of(A, "f"), errno == OK ? 108 : 10);
    T(fd_filestat_get, "file", (fd, &st), OK);
    V("fd_filestat_get file type", st.type, REG);
    T(fd_filestat_get, "closed", (CLOSED, &st), BADF);
    must("close", fd_close(fd));
}

/* Holes: what was never written is zero, wherever it is. */
static void holes(void) {
    u32 fd = open_file(A, "holes", CREAT, RW, 0);
    must("write", fd_pwrite(fd, TEXT("a"), 0, &n));
    must("write", fd_pwrite(fd, TEXT("b"), 70000, &n));
    must("write", fd_pwrite(fd, TEXT("c"), 3ull << 30, &n));
    V("holes: size", size_of(A, "holes"), (3ull << 30) + 1);
    fill(buf, 'x', 64);
    T(fd_pread, "hole", (fd, BUF(buf, 8), 4096, &n), OK);
    V("fd_pread hole: count", n, 8);
    V("fd_pread hole: zeros", buf[0] | buf[1] | buf[2] | buf[3] | buf[4] | buf[5] | buf[6] | buf[7], 0);
    T(fd_pread, "end of a hole", (fd, BUF(buf, 2), 69999, &n), OK);
    S("fd_pread end of a hole gives", buf + 1, 1, "b");
    T(fd_pread, "behind 2 GiB", (fd, BUF(buf, 4), 3ull << 30, &n), OK);
    S("fd_pread behind 2 GiB gives", buf, n, "c");
    must("size", fd_filestat_set_size(fd, 70001));
    must("size", fd_filestat_set_size(fd, 1));
    must("size", fd_filestat_set_size(fd, 80000));
    T(fd_pread, "cut and grown", (fd, BUF(buf, 1), 70000, &n), OK);
    V("fd_pread cut and grown: zero", buf[0], 0);
    must("close", fd_close(fd));
}

/* More vectors than POSIX's least IOV_MAX of 16, and than Linux's of 1,024. */
static void many_vectors(void) {
    static struct iovec list[1025];
    static char bytes[1025];
    for (u32 i = 0; i < 1025; i++)
        bytes[i] = (char)('a' + i % 26), list[i] = (struct iovec){bytes + i, 1};
    u32 fd = open_file(A, "vectors", CREAT, RW, 0);
    T(fd_write, "16 vectors", (fd, list, 16, &n), OK);
    YES("fd_write 16 vectors: count", n > 0 && n <= 16);
    must("size", fd_filestat_set_size(fd, 0));
    must("seek", fd_seek(fd, 0, SET, &pos));
    u32 errno = fd_write(fd, list, 1024, &n);
    report("fd_write 1024 vectors", errno, OK);
    V("fd_write 1024 vectors: the file has what was counted", size_of(A, "vectors"), errno == OK ? n : 0);
    must("size", fd_filestat_set_size(fd, 0));
    n = 0;
    errno = fd_write(fd, list, 1025, &n);
    report("fd_write 1025 vectors", errno, OR(OK, INVAL));
    must("close", fd_close(fd));
}

/* Vectors that lie in what is read, and that overlap. */
static void odd_vectors(void) {
    static struct iovec own[2];
    make_file(A, "f", "0123456789");
    u32 fd = open_file(A, "f", 0, RW, 0);
    own[0] = (struct iovec){own, 8};
    T(fd_read, "over its own vector", (fd, own, 1, &n), OK);
    V("fd_read over its own vector: count", n, 8);
    S("fd_read over its own vector gives", own, 8, "01234567");
    must("seek", fd_seek(fd, 0, SET, &pos));
    struct iovec same[] = {{buf, 4}, {buf, 4}};
    T(fd_read, "twice the same buffer", (fd, same, 2, &n), OK);
    YES("fd_read twice the same buffer: the later bytes", n == 8 ? buf[0] == '4' : buf[0] == '0');
    must("close", fd_close(fd));
}

/* Offsets that do not fit into 32 bits. */
static void far(void) {
    u32 fd = open_file(A, "far", CREAT, RW, 0);
    T(fd_pwrite, "at 5 GiB", (fd, TEXT("far"), 5ull << 30, &n), OK);
    V("fd_pwrite at 5 GiB: size", size_of(A, "far"), (5ull << 30) + 3);
    T(fd_seek, "end of 5 GiB", (fd, -3, END, &pos), OK);
    V("fd_seek end of 5 GiB gives", pos, 5ull << 30);
    T(fd_read, "at 5 GiB", (fd, BUF(buf, 8), &n), OK);
    S("fd_read at 5 GiB gives", buf, n, "far");
    T(fd_pread, "at 1 GiB, 4 GiB before", (fd, BUF(buf, 3), 1ull << 30, &n), OK);
    V("fd_pread at 1 GiB, 4 GiB before: zeros", buf[0] | buf[1] | buf[2], 0);
    T(path_open, "trunc of 5 GiB", (A, 0, P("far"), TRUNC, WRITE, 0, 0, &n), OK);
    V("path_open trunc of 5 GiB: size", size_of(A, "far"), 0);
    must("close", fd_close(n));
    must("close", fd_close(fd));
}

static void advice(void) {
    static const char *const names[] = {"fd_advise normal", "fd_advise sequential", "fd_advise random",
                                        "fd_advise willneed", "fd_advise dontneed", "fd_advise noreuse"};
    make_file(A, "f", "0123456789");
    u32 fd = open_file(A, "f", 0, RW, 0);
    for (u32 i = 0; i < 6; i++)
        report(names[i], fd_advise(fd, 0, 10, i), OK);
    T(fd_advise, "no length", (fd, 5, 0, 0), OK);
    T(fd_advise, "past the end", (fd, 100, 100, 0), OK);
    T(fd_advise, "directory", (A, 0, 0, 0), OR3(BADF, ISDIR, NOTCAPABLE));
    T(fd_advise, "closed", (CLOSED, 0, 0, 0), BADF);
    T(fd_sync, "file", (fd), OK);
    T(fd_datasync, "file", (fd), OK);
    T(fd_sync, "directory", (A), OR3(OK, BADF, NOTCAPABLE));
    T(fd_datasync, "directory", (A), OR3(OK, BADF, NOTCAPABLE));
    T(fd_sync, "closed", (CLOSED), BADF);
    T(fd_datasync, "closed", (CLOSED), BADF);
    must("close", fd_close(fd));
}

START {
    reading();
    writing();
    seeking();
    sharing();
    appending();
    sizes();
    holes();
    many_vectors();
    odd_vectors();
    far();
    advice();
}
