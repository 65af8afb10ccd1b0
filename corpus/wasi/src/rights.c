/* Flags and rights of descriptors, and the preopened folders. */
#include "wasi.h"

static struct fdstat st;
static u8 buf[64];

static void setting(void) {
    u32 fd = open_file(A, "f", 0, READ, 0);
    T(fd_fdstat_set_rights, "fewer", (fd, R(FD_READ) | R(FD_TELL), 0), OK);
    T(fd_fdstat_get, "fewer", (fd, &st), OK);
    V("fd_fdstat_set_rights fewer: base", st.base, R(FD_READ) | R(FD_TELL));
    V("fd_fdstat_set_rights fewer: inheriting", st.inheriting, 0);
    T(fd_fdstat_set_rights, "more base", (fd, R(FD_READ) | R(FD_WRITE), 0), NOTCAPABLE);
    T(fd_fdstat_set_rights, "more inheriting", (fd, R(FD_READ), R(FD_READ)), NOTCAPABLE);
    must("fd_fdstat_get", fd_fdstat_get(fd, &st));
    V("fd_fdstat_set_rights failed: base", st.base, R(FD_READ) | R(FD_TELL));
    T(fd_fdstat_set_rights, "none", (fd, 0, 0), OK);
    T(fd_fdstat_set_rights, "back", (fd, R(FD_READ), 0), NOTCAPABLE);
    T(fd_fdstat_set_rights, "closed", (CLOSED, 0, 0), BADF);
    T(fd_close, "without rights", (fd), OK);
}

static void flags(void) {
    u32 fd = open_file(A, "f", 0, RW, 0);
    T(fd_fdstat_set_flags, "append", (fd, APPEND), OK);
    must("fd_fdstat_get", fd_fdstat_get(fd, &st));
    V("fd_fdstat_set_flags append: flags", st.flags, APPEND);
    T(fd_fdstat_set_flags, "none", (fd, 0), OK);
    must("fd_fdstat_get", fd_fdstat_get(fd, &st));
    V("fd_fdstat_set_flags none: flags", st.flags, 0);
    T(fd_fdstat_set_flags, "nonblock", (fd, NONBLOCK), OK);
    T(fd_fdstat_set_flags, "dsync", (fd, DSYNC), OR3(OK, NOTSUP, INVAL));
    T(fd_fdstat_set_flags, "rsync", (fd, RSYNC), OR3(OK, NOTSUP, INVAL));
    T(fd_fdstat_set_flags, "sync", (fd, SYNC), OR3(OK, NOTSUP, INVAL));
    T(fd_fdstat_set_flags, "closed", (CLOSED, 0), BADF);
    T(fd_fdstat_set_flags, "directory, none", (A, 0), OR4(OK, BADF, NOTCAPABLE, ISDIR));
    must("close", fd_close(fd));
    T(fd_fdstat_get, "closed", (fd, &st), BADF);
}

static void preopens(void) {
    struct prestat pre = {9, 9};
    T(fd_prestat_get, "first", (A, &pre), OK);
    V("fd_prestat_get first: tag", pre.tag, 0);
    V("fd_prestat_get first: length", pre.len, 2);
    T(fd_prestat_dir_name, "first", (A, buf, 2), OK);
    S("fd_prestat_dir_name first gives", buf, 2, "/a");
    fill(buf, 'x', 8);
    T(fd_prestat_dir_name, "larger buffer", (A, buf, 8), OK);
    S("fd_prestat_dir_name larger buffer gives, no NUL", buf, 3, "/ax");
    T(fd_prestat_dir_name, "smaller buffer", (A, buf, 1), OR(NAMETOOLONG, INVAL));
    T(fd_prestat_get, "second", (B, &pre), OK);
    T(fd_prestat_get, "behind the last", (B + 1, &pre), BADF);
    T(fd_prestat_get, "closed", (CLOSED, &pre), BADF);
    T(fd_prestat_dir_name, "closed", (CLOSED, buf, 2), BADF);
    T(fd_prestat_get, "stdin", (0, &pre), OR(BADF, NOTDIR));
    u32 fd = open_file(A, "f", 0, RW, 0), dir = open_dir(A, "d");
    T(fd_prestat_get, "file", (fd, &pre), OR3(BADF, NOTDIR, INVAL));
    T(fd_prestat_dir_name, "file", (fd, buf, 2), OR3(BADF, NOTDIR, INVAL));
    T(fd_prestat_get, "opened directory", (dir, &pre), OR(BADF, INVAL));
    T(fd_fdstat_get, "preopen", (A, &st), OK);
    V("fd_fdstat_get preopen: type", st.type, DIR);
    V("fd_fdstat_get preopen: seek, set size", st.base & (R(FD_SEEK) | R(FD_SET_SIZE)), 0);
    YES("fd_fdstat_get preopen: inherits read and write", (st.inheriting & RW) == RW);
    YES("fd_fdstat_get preopen: may open", (st.base & R(P_OPEN)) != 0);
    T(fd_fdstat_get, "opened directory", (dir, &st), OK);
    V("fd_fdstat_get opened directory: type", st.type, DIR);
    must("close", fd_close(fd));
    must("close", fd_close(dir));
}

START {
    make_file(A, "f", "0123456789");
    make_dir(A, "d");
    flags();
    setting();
    preopens();
}
