/* The standard streams, and fd_renumber onto everything. Run with "line\n" as
 * standard input. */
#include "wasi.h"

static struct fdstat st;
static struct filestat fst;
static u64 pos;
static u32 n;
static char buf[32];

static void stream(const char *const labels[], u32 fd) {
    report(labels[0], fd_fdstat_get(fd, &st), OK);
    YES(labels[1], st.type == CHAR || st.type == 0);
    report(labels[2], fd_filestat_get(fd, &fst), OK);
    YES(labels[3], fst.type == CHAR || fst.type == 0);
    report(labels[4], fd_seek(fd, 0, SET, &pos), OR3(SPIPE, NOTCAPABLE, BADF));
    report(labels[5], fd_tell(fd, &pos), OR3(SPIPE, NOTCAPABLE, BADF));
    report(labels[6], fd_pread(fd, BUF(buf, 1), 0, &n), OR3(SPIPE, NOTCAPABLE, BADF));
    report(labels[7], fd_pwrite(fd, BUF(buf, 1), 0, &n), OR3(SPIPE, NOTCAPABLE, BADF));
    report(labels[8], fd_filestat_set_size(fd, 0), OR4(INVAL, NOTCAPABLE, BADF, NOTSUP));
    report(labels[9], fd_allocate(fd, 0, 1), OR4(SPIPE, NOTCAPABLE, BADF, NOTSUP));
    report(labels[10], fd_advise(fd, 0, 1, 0), OR4(SPIPE, NOTCAPABLE, BADF, NOTSUP));
}

#define LABELS(what)                                                                                             \
    (const char *const[]){"fd_fdstat_get " what, "fd_fdstat_get type of " what, "fd_filestat_get " what,         \
                          "fd_filestat_get type of " what, "fd_seek " what, "fd_tell " what, "fd_pread " what,   \
                          "fd_pwrite " what, "fd_filestat_set_size " what, "fd_allocate " what, "fd_advise " what}

static void streams(void) {
    stream(LABELS("stdin"), 0);
    stream(LABELS("stdout"), 1);
    stream(LABELS("stderr"), 2);
    T(fd_read, "stdin", (0, BUF(buf, 32), &n), OK);
    S("fd_read stdin gives", buf, n, "line\n");
    T(fd_read, "stdin at its end", (0, BUF(buf, 32), &n), OK);
    V("fd_read stdin at its end: count", n, 0);
    T(fd_write, "stdin", (0, TEXT("x"), &n), OR(BADF, NOTCAPABLE));
    T(fd_read, "stdout", (1, BUF(buf, 32), &n), OR(BADF, NOTCAPABLE));
    T(fd_read, "stderr", (2, BUF(buf, 32), &n), OR(BADF, NOTCAPABLE));
    T(fd_write, "stderr", (2, TEXT("seen\n"), &n), OK);
    V("fd_write stderr: count", n, 5);
    struct iovec two[] = {{"(two\n", 5}, {"vectors)\n", 9}};
    T(fd_write, "stdout, two vectors", (1, two, 2, &n), OK);
    V("fd_write stdout, two vectors: count", n, 14);
    T(fd_write, "stdout, no vectors", (1, two, 0, &n), OK);
    T(path_open, "in stdin", (0, 0, P("x"), 0, READ, 0, 0, &n), OR3(NOTDIR, BADF, NOTCAPABLE));
}

static void files(void) {
    make_file(A, "f", "12345");
    make_file(A, "g", "abc");
    u32 f = open_file(A, "f", 0, RW, APPEND), g = open_file(A, "g", 0, READ, 0);
    must("seek", fd_seek(f, 2, SET, &pos));
    T(fd_renumber, "file onto itself", (f, f), OK);
    V("fd_renumber file onto itself: position", tell(f), 2);
    T(fd_renumber, "closed onto file", (CLOSED, f), BADF);
    T(fd_renumber, "file onto closed", (f, CLOSED), BADF);
    T(fd_renumber, "closed onto itself", (CLOSED, CLOSED), BADF);
    T(fd_renumber, "file onto 2^32-1", (f, ~0u), BADF);
    V("fd_renumber failed: position", tell(f), 2);
    T(fd_renumber, "file onto file", (f, g), OK);
    T(fd_tell, "renumbered from", (f, &pos), BADF);
    V("fd_renumber file onto file: position", tell(g), 2);
    must("fdstat", fd_fdstat_get(g, &st));
    V("fd_renumber file onto file: flags", st.flags, APPEND);
    T(fd_write, "renumbered", (g, TEXT("6"), &n), OK);
    contents("fd_renumber file onto file: written to", A, "f", "123456");
    contents("fd_renumber file onto file: the other", A, "g", "abc");
    u32 d = open_dir(A, "."), h = open_file(A, "g", 0, READ, 0);
    T(fd_renumber, "directory onto file", (d, h), OK);
    T(path_filestat_get, "renumbered directory", (h, 0, P("f"), &fst), OK);
    T(fd_close, "renumbered directory", (h), OK);
    T(fd_close, "renumbered file", (g), OK);
}

/* Lines go to a file's number while 1 is something else. */
static void standard(void) {
    u32 f = open_file(A, "f", 0, RW, 0), keep = open_file(A, "g", 0, RW, 0);
    u32 errno = fd_renumber(1, keep);
    if (errno == OK)
        console = keep;
    report("fd_renumber stdout onto file", errno, OK);
    T(fd_write, "stdout after renumbering away", (1, TEXT("x\n"), &n), BADF);
    u32 low = open_file(A, "g", 0, READ, 0);
    YES("path_open does not give 0 or 2 while open", low != 0 && low != 2);
    must("close", fd_close(low));
    u32 back = open_file(A, "g", 0, READ, 0);
    while (back != 1 && back != CLOSED && back < 64)
        back = open_file(A, "g", 0, READ, 0);
    T(fd_renumber, "file onto stderr", (f, 2), OK);
    T(fd_write, "to the file as stderr", (2, TEXT("ABC"), &n), OK);
    contents("fd_write to the file as stderr gives", A, "f", "ABC456");
    f = open_file(A, "f", 0, RW, 0);
    T(fd_renumber, "file onto stdin", (f, 0), OK);
    T(fd_read, "from the file as stdin", (0, BUF(buf, 3), &n), OK);
    S("fd_read from the file as stdin gives", buf, n, "ABC");
    T(fd_close, "stdin", (0), OK);
    T(fd_close, "stdin again", (0), BADF);
    T(fd_close, "stderr", (2), OK);
    T(fd_fdstat_get, "closed stderr", (2, &st), BADF);
}

static void preopens(void) {
    struct prestat pre;
    make_dir(B, "below");
    make_file(B, "below/x", "x");
    u32 d = open_dir(B, "below");
    T(fd_renumber, "directory onto a preopen", (d, B), OK);
    T(path_filestat_get, "in the preopen's number", (B, 0, P("x"), &fst), OK);
    T(fd_prestat_get, "directory at a preopen's number", (B, &pre), BADF);
    T(fd_close, "preopen's number", (B), OK);
    T(fd_prestat_get, "closed preopen", (B, &pre), BADF);
    u32 f = open_file(A, "f", 0, RW, 0);
    T(fd_renumber, "preopen onto file", (A, f), OK);
    T(path_filestat_get, "through the preopen's new number", (f, 0, P("f"), &fst), OK);
    T(path_filestat_get, "through the preopen's old number", (A, 0, P("f"), &fst), BADF);
    T(fd_close, "preopen", (f), OK);
}

START {
    streams();
    files();
    standard();
    preopens();
}
