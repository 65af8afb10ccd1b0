/* Calls on which a runtime may trap, each in a run of its own: flags and numbers
 * without a meaning, and times of a stream. */
#include "wasi.h"

static u32 n;
static u64 r;
static u16 roflags;
static struct filestat st;
static struct event out;

static const void *subscribe(u8 tag, u32 clock, u16 flags) {
    static struct subscription sub;
    sub.tag = tag;
    sub.clock.id = clock;
    sub.clock.timeout = 1;
    sub.clock.flags = flags;
    return &sub;
}

/* The result of a subscription that may fail as a call or in its event. */
static u32 polled(const void *sub) {
    u32 errno = poll_oneoff(sub, &out, 1, &n);
    return errno == OK ? out.error : errno;
}

static void alone(u32 i, u32 fd) {
    switch (i) {
        C(proc_raise, "31", (31), OR3(INVAL, NOSYS, NOTSUP))
        C(proc_raise, "255", (255), OR3(INVAL, NOSYS, NOTSUP))
        C(clock_res_get, "clock 4", (4, &r), INVAL)
        C(clock_res_get, "clock 2^32-1", (~0u, &r), INVAL)
        C(clock_time_get, "clock 4", (4, 0, &r), INVAL)
        C(clock_time_get, "clock 2^32-1", (~0u, 0, &r), INVAL)
        C(polled, "clock 77", (subscribe(0, 77, 0)), INVAL)
        C(polled, "type 3", (subscribe(3, 1, 0)), INVAL)
        C(polled, "type 255", (subscribe(255, 1, 0)), INVAL)
        C(polled, "clock flag 2", (subscribe(0, 1, 2)), OR(OK, INVAL))
        C(sock_shutdown, "flag 4", (fd, 4), OR3(BADF, NOTSOCK, INVAL))
        C(sock_recv, "flag 4", (fd, BUF(&r, 8), 4, &n, &roflags), OR3(BADF, NOTSOCK, INVAL))
        C(sock_send, "flag 1", (fd, BUF(&r, 8), 1, &n), OR3(BADF, NOTSOCK, INVAL))
#ifndef UNSTABLE
        C(sock_accept, "flag 32", (fd, 32, &n), OR3(BADF, NOTSOCK, INVAL))
#endif
        C(path_open, "fdflag 32", (A, 0, P("f"), 0, RW, 0, 32, &n), INVAL)
        C(path_open, "fdflag 0x8000", (A, 0, P("f"), 0, RW, 0, 0x8000, &n), INVAL)
        C(path_open, "oflag 16", (A, 0, P("f"), 16, RW, 0, 0, &n), INVAL)
        C(path_open, "lookup flag 2", (A, 2, P("f"), 0, RW, 0, 0, &n), INVAL)
        C(path_open, "lookup flag 2^31", (A, 1u << 31, P("f"), 0, RW, 0, 0, &n), INVAL)
        C(path_open, "right 63", (A, 0, P("f"), 0, READ | R(63), 0, 0, &n), OR3(OK, INVAL, NOTCAPABLE))
        C(path_open, "inheriting right 63", (A, 0, P("f"), 0, READ, R(63), 0, &n), OR3(OK, INVAL, NOTCAPABLE))
        C(path_link, "lookup flag 2", (A, 2, P("f"), A, P("g")), INVAL)
        C(path_filestat_get, "lookup flag 2", (A, 2, P("f"), &st), INVAL)
        C(path_filestat_set_times, "lookup flag 2", (A, 2, P("f"), 1, 1, ATIM), INVAL)
        C(path_filestat_set_times, "time flag 16", (A, 0, P("f"), 1, 1, 16), INVAL)
        C(fd_filestat_set_times, "time flag 16", (fd, 1, 1, 16), INVAL)
        C(fd_filestat_set_times, "stdin", (0, 1, 1, ATIM | MTIM), OR4(BADF, NOTCAPABLE, INVAL, NOTSUP))
        C(fd_seek, "whence 3", (fd, 0, 3, &r), INVAL)
        C(fd_seek, "whence 255", (fd, 0, 255, &r), INVAL)
        C(fd_advise, "advice 6", (fd, 0, 10, 6), INVAL)
        C(fd_advise, "advice 255", (fd, 0, 10, 255), INVAL)
        C(fd_fdstat_set_flags, "flag 32", (fd, 32), INVAL)
        C(fd_fdstat_set_flags, "flag 0x8000", (fd, 0x8000), INVAL)
        C(fd_fdstat_set_rights, "right 40", (fd, R(40), 0), OR(NOTCAPABLE, INVAL))
    default:
        proc_exit(NO_CASE);
    }
}

START {
    u32 i = number_of_case();
    make_file(A, "f", "0123456789");
    alone(i, open_file(A, "f", 0, RW, 0));
}
