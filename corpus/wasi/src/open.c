/* path_open: every flag and what it may find. */
#include "wasi.h"

static u32 fd;

/* Opens, gives the result and closes again. */
static u32 try(u32 dir, u32 lookup, const char *path, u32 oflags, u64 rights, u32 fdflags) {
    fd = CLOSED;
    u32 errno = path_open(dir, lookup, path, length(path), oflags, rights, 0, fdflags, &fd);
    if (errno == OK)
        must("close", fd_close(fd));
    return errno;
}

#define O(what, args, want) report("path_open " what, try args, want)

static void setup(void) {
    make_file(A, "f", "12345");
    make_dir(A, "d");
    make_file(A, "d/in", "in");
    make_link(A, "to-f", "f");
    make_link(A, "to-d", "d");
    make_link(A, "to-nothing", "nothing");
}

static void missing(void) {
    O("missing", (A, 0, "none", 0, READ, 0), NOENT);
    O("missing write", (A, 0, "none", 0, WRITE, 0), NOENT);
    O("missing excl", (A, 0, "none", EXCL, READ, 0), OR(NOENT, INVAL));
    O("missing trunc", (A, 0, "none", TRUNC, WRITE, 0), NOENT);
    O("missing directory", (A, 0, "none", DIRECTORY, WALK, 0), NOENT);
    O("missing creat directory", (A, 0, "none", CREAT | DIRECTORY, 0, 0), OR3(INVAL, NOTDIR, NOENT));
    V("path_open missing creat directory made nothing", type_of(A, "none"), 0);
    O("missing creat", (A, 0, "new1", CREAT, RW, 0), OK);
    V("path_open missing creat type", type_of(A, "new1"), REG);
    V("path_open missing creat size", size_of(A, "new1"), 0);
    V("path_open missing creat nlink", links_of(A, "new1"), 1);
    O("missing creat excl", (A, 0, "new2", CREAT | EXCL, RW, 0), OK);
    O("missing creat trunc", (A, 0, "new3", CREAT | TRUNC, RW, 0), OK);
    O("missing creat excl trunc", (A, 0, "new4", CREAT | EXCL | TRUNC, RW, 0), OK);
    O("missing creat without rights", (A, 0, "new5", CREAT, 0, 0), OK);
    V("path_open missing creat without rights type", type_of(A, "new5"), REG);
    O("missing creat read", (A, 0, "new6", CREAT, READ, 0), OK);
    O("missing parent creat", (A, 0, "none/x", CREAT, RW, 0), NOENT);
    O("missing parent", (A, 0, "none/x", 0, READ, 0), NOENT);
    O("parent is a file", (A, 0, "f/x", 0, READ, 0), NOTDIR);
    O("parent is a file creat", (A, 0, "f/x", CREAT, RW, 0), NOTDIR);
    O("missing slash creat", (A, 0, "new7/", CREAT, RW, 0), OR4(ISDIR, NOENT, NOTDIR, INVAL));
    V("path_open missing slash creat made nothing", type_of(A, "new7"), 0);
}

static void files(void) {
    O("file read", (A, 0, "f", 0, READ, 0), OK);
    O("file write", (A, 0, "f", 0, WRITE, 0), OK);
    O("file read and write", (A, 0, "f", 0, RW, 0), OK);
    O("file without rights", (A, 0, "f", 0, 0, 0), OK);
    O("file directory", (A, 0, "f", DIRECTORY, READ, 0), NOTDIR);
    O("file creat", (A, 0, "f", CREAT, RW, 0), OK);
    V("path_open file creat keeps the size", size_of(A, "f"), 5);
    O("file creat excl", (A, 0, "f", CREAT | EXCL, RW, 0), EXIST);
    O("file creat excl trunc", (A, 0, "f", CREAT | EXCL | TRUNC, RW, 0), EXIST);
    V("path_open file creat excl trunc keeps the size", size_of(A, "f"), 5);
    O("file excl", (A, 0, "f", EXCL, READ, 0), OR3(OK, EXIST, INVAL));
    O("file slash", (A, 0, "f/", 0, READ, 0), OR(NOTDIR, NOENT));
    O("file slash creat", (A, 0, "f/", CREAT, RW, 0), OR4(NOTDIR, ISDIR, NOENT, INVAL));
    O("file slash dot", (A, 0, "f/.", 0, READ, 0), NOTDIR);
    O("file slash dot dot", (A, 0, "f/..", 0, WALK, 0), NOTDIR);
    O("file directory trunc", (A, 0, "f", DIRECTORY | TRUNC, RW, 0), OR(NOTDIR, INVAL));
    V("path_open file directory trunc keeps the size", size_of(A, "f"), 5);
    O("file trunc", (A, 0, "f", TRUNC, WRITE, 0), OK);
    V("path_open file trunc size", size_of(A, "f"), 0);
    make_file(A, "f", "12345");
    O("file trunc creat", (A, 0, "f", CREAT | TRUNC, RW, 0), OK);
    V("path_open file trunc creat size", size_of(A, "f"), 0);
    make_file(A, "f", "12345");
}

static void directories(void) {
    O("directory as such", (A, 0, "d", DIRECTORY, WALK, 0), OK);
    O("directory not as such", (A, 0, "d", 0, WALK, 0), OK);
    O("directory without rights", (A, 0, "d", 0, 0, 0), OK);
    O("directory as such without rights", (A, 0, "d", DIRECTORY, 0, 0), OK);
    O("directory as such read", (A, 0, "d", DIRECTORY, R(FD_READ), 0), OK);
    O("directory write", (A, 0, "d", 0, WRITE, 0), ISDIR);
    O("directory as such read and write", (A, 0, "d", DIRECTORY, RW, 0), ISDIR);
    O("directory slash", (A, 0, "d/", 0, WALK, 0), OK);
    O("directory slash as such", (A, 0, "d/", DIRECTORY, WALK, 0), OK);
    O("directory slashes", (A, 0, "d///", DIRECTORY, WALK, 0), OK);
    O("directory creat", (A, 0, "d", CREAT, RW, 0), ISDIR);
    O("directory creat excl", (A, 0, "d", CREAT | EXCL, RW, 0), EXIST);
    O("directory slash creat excl", (A, 0, "d/", CREAT | EXCL, RW, 0), OR3(EXIST, ISDIR, INVAL));
    O("directory trunc", (A, 0, "d", TRUNC, WRITE, 0), ISDIR);
    O("directory as such trunc", (A, 0, "d", DIRECTORY | TRUNC, WALK, 0), OR(ISDIR, INVAL));
    O("directory as such excl", (A, 0, "d", DIRECTORY | EXCL, WALK, 0), OR3(OK, EXIST, INVAL));
    O("directory as such nonblock", (A, 0, "d", DIRECTORY, WALK, NONBLOCK), OK);
    O("dot", (A, 0, ".", 0, WALK, 0), OK);
    O("dot as such", (A, 0, ".", DIRECTORY, WALK, 0), OK);
    O("dot slash", (A, 0, "./", DIRECTORY, WALK, 0), OK);
    O("dot creat", (A, 0, ".", CREAT, RW, 0), OR(ISDIR, EXIST));
    O("dot creat excl", (A, 0, ".", CREAT | EXCL, RW, 0), OR(EXIST, ISDIR));
    O("down and up", (A, 0, "d/..", DIRECTORY, WALK, 0), OK);
    O("down, up, file", (A, 0, "d/../f", 0, READ, 0), OK);
    O("dots and slashes", (A, 0, ".//./d//.//in", 0, READ, 0), OK);
    u32 d = open_dir(A, "d");
    O("in an opened directory", (d, 0, "in", 0, READ, 0), OK);
    O("out of an opened directory", (d, 0, "../f", 0, READ, 0), OR(NOTCAPABLE, PERM));
    O("opened directory itself", (d, 0, ".", DIRECTORY, WALK, 0), OK);
    must("close", fd_close(d));
    O("in a closed directory", (d, 0, "in", 0, READ, 0), BADF);
}

static void links(void) {
    O("link", (A, 0, "to-f", 0, READ, 0), LOOP);
    O("link follow", (A, FOLLOW, "to-f", 0, READ, 0), OK);
    O("link creat", (A, 0, "to-f", CREAT, RW, 0), LOOP);
    O("link follow creat", (A, FOLLOW, "to-f", CREAT, RW, 0), OK);
    O("link creat excl", (A, 0, "to-f", CREAT | EXCL, RW, 0), EXIST);
    O("link follow creat excl", (A, FOLLOW, "to-f", CREAT | EXCL, RW, 0), EXIST);
    O("link trunc", (A, 0, "to-f", TRUNC, WRITE, 0), LOOP);
    V("path_open link trunc keeps the size", size_of(A, "f"), 5);
    O("link follow trunc", (A, FOLLOW, "to-f", TRUNC, WRITE, 0), OK);
    V("path_open link follow trunc size", size_of(A, "f"), 0);
    O("link follow directory", (A, FOLLOW, "to-f", DIRECTORY, WALK, 0), NOTDIR);
    O("link slash", (A, 0, "to-f/", 0, READ, 0), OR(NOTDIR, NOENT));
    O("link to directory", (A, 0, "to-d", 0, WALK, 0), LOOP);
    O("link to directory as such", (A, 0, "to-d", DIRECTORY, WALK, 0), OR(LOOP, NOTDIR));
    O("link to directory follow", (A, FOLLOW, "to-d", DIRECTORY, WALK, 0), OK);
    O("link to directory slash", (A, 0, "to-d/", DIRECTORY, WALK, 0), OK);
    O("link to directory inside", (A, 0, "to-d/in", 0, READ, 0), OK);
    O("link to directory up", (A, 0, "to-d/../f", 0, READ, 0), OK);
    O("dangling link", (A, 0, "to-nothing", 0, READ, 0), LOOP);
    O("dangling link follow", (A, FOLLOW, "to-nothing", 0, READ, 0), NOENT);
    O("dangling link creat excl", (A, 0, "to-nothing", CREAT | EXCL, RW, 0), EXIST);
    O("dangling link follow creat excl", (A, FOLLOW, "to-nothing", CREAT | EXCL, RW, 0), EXIST);
    O("dangling link creat", (A, 0, "to-nothing", CREAT, RW, 0), LOOP);
    O("dangling link follow creat", (A, FOLLOW, "to-nothing", CREAT, RW, 0), OK);
    V("path_open dangling link follow creat made the target", type_of(A, "nothing"), REG);
}

static void flags(void) {
    O("append", (A, 0, "f", 0, WRITE, APPEND), OK);
    O("nonblock", (A, 0, "f", 0, RW, NONBLOCK), OK);
    O("dsync", (A, 0, "f", 0, RW, DSYNC), OR(OK, NOTSUP));
    O("rsync", (A, 0, "f", 0, RW, RSYNC), OR(OK, NOTSUP));
    O("sync", (A, 0, "f", 0, RW, SYNC), OR(OK, NOTSUP));
    O("more rights than there are for files", (A, 0, "f", 0, R(30) - 1, 0), OR(OK, NOTCAPABLE));
    O("dirfd closed", (CLOSED, 0, "f", 0, READ, 0), BADF);
    O("dirfd 2^31", (1u << 31, 0, "f", 0, READ, 0), BADF);
    O("dirfd 2^32-1", (~0u, 0, "f", 0, READ, 0), BADF);
    O("dirfd stdin", (0, 0, "f", 0, READ, 0), OR3(NOTDIR, BADF, NOTCAPABLE));
    u32 file = open_file(A, "f", 0, RW, 0);
    O("dirfd file", (file, 0, "f", 0, READ, 0), OR3(NOTDIR, BADF, NOTCAPABLE));
    O("dirfd file dot", (file, 0, ".", 0, READ, 0), OR3(NOTDIR, BADF, NOTCAPABLE));
    V("path_open failed: result", fd, CLOSED);
    u32 other = open_file(A, "f", 0, RW, 0);
    YES("path_open gives another descriptor", other != file && other > 2);
    YES("path_open gives one below 2^31", other < 1u << 31);
    must("close", fd_close(file));
    T(fd_close, "closed again", (file), BADF);
    T(fd_close, "never opened", (CLOSED), BADF);
    T(fd_close, "2^32-1", (~0u), BADF);
    T(fd_close, "open", (other), OK);
    T(fd_tell, "after close", (other, &fd), BADF);
}

static u32 read_and_write(const struct fdstat *st) {
    return (st->base >> FD_READ & 1) | (u32)(st->base >> FD_WRITE & 1) << 1;
}

/* A descriptor shows what it was opened for. */
static void opened(void) {
    struct fdstat st = {0};
    u64 size = 0;
    u32 n = 0;
    u8 byte = 'x';
    make_file(A, "f", "12345");
    u32 r = open_file(A, "f", 0, READ, 0), w = open_file(A, "f", 0, WRITE, APPEND), o = open_file(A, "f", 0, 0, 0);
    T(fd_fdstat_get, "read", (r, &st), OK);
    V("fd_fdstat_get read type", st.type, REG);
    V("fd_fdstat_get read flags", st.flags, 0);
    V("fd_fdstat_get read: may read, write", read_and_write(&st), 1);
    T(fd_fdstat_get, "append", (w, &st), OK);
    V("fd_fdstat_get append flags", st.flags, APPEND);
    V("fd_fdstat_get append: may read, write", read_and_write(&st), 2);
    T(fd_read, "opened for writing", (w, BUF(&byte, 1), &n), OR(BADF, NOTCAPABLE));
    T(fd_pread, "opened for writing", (w, BUF(&byte, 1), 0, &n), OR(BADF, NOTCAPABLE));
    T(fd_write, "opened for reading", (r, BUF(&byte, 1), &n), OR(BADF, NOTCAPABLE));
    T(fd_pwrite, "opened for reading", (r, BUF(&byte, 1), 0, &n), OR(BADF, NOTCAPABLE));
    T(fd_filestat_set_size, "opened for reading", (r, 1), OR4(BADF, NOTCAPABLE, INVAL, PERM));
    T(fd_allocate, "opened for reading", (r, 0, 10), OR3(BADF, NOTCAPABLE, NOTSUP));
    T(fd_read, "opened for neither", (o, BUF(&byte, 1), &n), OR(BADF, NOTCAPABLE));
    T(fd_write, "opened for neither", (o, BUF(&byte, 1), &n), OR(BADF, NOTCAPABLE));
    T(fd_fdstat_get, "opened for neither", (o, &st), OK);
    V("fd_fdstat_get neither: may read, write", read_and_write(&st), 0);
    T(fd_seek, "opened for reading", (r, 3, SET, &size), OK);
    V("path_open opened for reading: nothing was written", size_of(A, "f"), 5);
}

/* A hundred descriptors at once; each has a number and a position of its own. */
static void many(void) {
    static u32 fds[100];
    u32 doubles = 0, wrong = 0;
    u64 pos = 0;
    make_file(A, "f", "12345");
    for (u32 i = 0; i < 100; i++) {
        fds[i] = open_file(A, "f", 0, RW, 0);
        must("seek", fd_seek(fds[i], i, SET, &pos));
        for (u32 k = 0; k < i; k++)
            doubles += fds[k] == fds[i];
    }
    for (u32 i = 0; i < 100; i++)
        wrong += tell(fds[i]) != i;
    V("path_open 100 times: equal descriptors", doubles, 0);
    V("path_open 100 times: wrong positions", wrong, 0);
    for (u32 i = 0; i < 100; i += 2)
        must("close", fd_close(fds[i]));
    wrong = 0;
    for (u32 i = 1; i < 100; i += 2)
        wrong += tell(fds[i]) != i;
    V("path_open 100 times, half closed: wrong positions", wrong, 0);
    u32 again = open_file(A, "f", 0, READ, 0);
    V("path_open after closing: position", tell(again), 0);
    must("close", fd_close(again));
    for (u32 i = 1; i < 100; i += 2)
        must("close", fd_close(fds[i]));
}

/* Folders in folders. */
static void deep(void) {
    enum { DEPTH = 100 };
    static char path[4 * DEPTH + 2];
    for (u32 i = 0; i < DEPTH; i++) {
        path[2 * i] = 'x';
        must("mkdir", path_create_directory(A, path, 2 * i + 1));
        path[2 * i + 1] = '/';
    }
    path[2 * DEPTH] = 'f';
    make_file(A, "d/other", "");
    O("deep down, creat", (A, 0, path, CREAT, RW, 0), OK);
    for (u32 i = 0; i < DEPTH; i++)
        path[2 * DEPTH + 1 + 2 * i] = '/', path[2 * DEPTH + 2 + 2 * i] = '.';
    O("deep down, file, then dots", (A, 0, path, 0, READ, 0), NOTDIR);
    must("unlink", path_unlink_file(A, path, 2 * DEPTH + 1));
    for (u32 i = DEPTH; i-- > 0;)
        must("rmdir", path_remove_directory(A, path, 2 * i + 1));
    V("path_remove_directory from deep down up: nothing is left", type_of(A, "x"), 0);
}

/* Folders in folders again, with 63 files made between one and the next. */
static void far_apart(void) {
    enum { DEPTH = 20, BETWEEN = 63 };
    static char path[2 * DEPTH + 2];
    char between[] = "y00000";
    make_dir(A, "far");
    u32 far = open_dir(A, "far");
    for (u32 i = 0, k = 0; i < DEPTH; i++) {
        path[2 * i] = 'x';
        must("mkdir", path_create_directory(far, path, 2 * i + 1));
        path[2 * i + 1] = '/';
        for (u32 n = 0; n < BETWEEN; n++, k++) {
            for (u32 digit = 5, rest = k; digit > 0; digit--, rest /= 10)
                between[digit] = (char)('0' + rest % 10);
            make_file(far, between, "");
        }
    }
    path[2 * DEPTH] = 'f';
    make_file(A, "d/other", "");
    O("deep down in folders made far apart, creat", (far, 0, path, CREAT, RW, 0), OK);
    T(path_unlink_file, "deep down in folders made far apart", (far, path, 2 * DEPTH + 1), OK);
    must("close", fd_close(far));
}

START {
    setup();
    missing();
    files();
    directories();
    links();
    flags();
    opened();
    many();
    deep();
    far_apart();
}
