/* Clocks, and waiting for them and for descriptors. */
#include "wasi.h"

static u64 now(u32 id) {
    u64 t = 0;
    must("clock_time_get", clock_time_get(id, 0, &t));
    return t;
}

static void clocks(void) {
    u64 t = 0, again = 0;
    T(clock_res_get, "realtime", (REALTIME, &t), OK);
    YES("clock_res_get realtime is not 0", t != 0);
    t = 0;
    T(clock_res_get, "monotonic", (MONOTONIC, &t), OK);
    YES("clock_res_get monotonic is not 0", t != 0);
    T(clock_res_get, "process cputime", (PROCESS_CPUTIME, &t), OR3(OK, INVAL, NOTSUP));
    T(clock_res_get, "thread cputime", (THREAD_CPUTIME, &t), OR3(OK, INVAL, NOTSUP));
    T(clock_time_get, "realtime", (REALTIME, 0, &t), OK);
    YES("clock_time_get realtime is after 2020", t > 1577836800000000000ull);
    YES("clock_time_get realtime is before 2200", t < 7258118400000000000ull);
    T(clock_time_get, "monotonic", (MONOTONIC, 0, &t), OK);
    T(clock_time_get, "monotonic, precision of a second", (MONOTONIC, 1000000000, &again), OK);
    YES("clock_time_get monotonic does not run back", again >= t);
    T(clock_time_get, "monotonic, precision of the maximum", (MONOTONIC, ~0ull, &t), OK);
    T(clock_time_get, "process cputime", (PROCESS_CPUTIME, 0, &t), OR3(OK, INVAL, NOTSUP));
    T(clock_time_get, "thread cputime", (THREAD_CPUTIME, 0, &t), OR3(OK, INVAL, NOTSUP));
    int back = 0;
    for (int i = 0; i < 1000; i++) {
        u64 next = now(MONOTONIC);
        back += next < again;
        again = next;
    }
    V("clock_time_get monotonic runs back in 1000 calls", back, 0);
}

static struct subscription in[4];
static struct event out[4];
static u32 n;

static struct subscription on_clock(u64 userdata, u32 id, u64 timeout, u16 flags) {
    return (struct subscription){.userdata = userdata, .tag = 0, .clock = {.id = id, .timeout = timeout, .flags = flags}};
}

static struct subscription on_fd(u64 userdata, u8 tag, u32 fd) {
    return (struct subscription){.userdata = userdata, .tag = tag, .fd = fd};
}

/* Returns the error of the event with these user data; none if it is not there. */
static u32 error_of(u64 userdata) {
    for (u32 i = 0; i < n && i < 4; i++)
        if (out[i].userdata == userdata)
            return out[i].error;
    return OK;
}

static void sleeping(void) {
    n = 77;
    T(poll_oneoff, "no subscriptions", (in, out, 0, &n), INVAL);
    u64 before = now(MONOTONIC);
    in[0] = on_clock(0x1122334455667788, MONOTONIC, 2000000, 0);
    T(poll_oneoff, "2 ms", (in, out, 1, &n), OK);
    V("poll_oneoff 2 ms events", n, 1);
    YES("poll_oneoff 2 ms userdata", out[0].userdata == 0x1122334455667788);
    V("poll_oneoff 2 ms error", out[0].error, OK);
    V("poll_oneoff 2 ms type", out[0].type, 0);
    YES("poll_oneoff 2 ms have passed", now(MONOTONIC) - before >= 2000000);
    in[0] = on_clock(1, MONOTONIC, 0, 0);
    T(poll_oneoff, "0 ms", (in, out, 1, &n), OK);
    V("poll_oneoff 0 ms events", n, 1);
    in[0] = on_clock(1, REALTIME, 1000000, 0);
    T(poll_oneoff, "realtime, 1 ms", (in, out, 1, &n), OK);
    V("poll_oneoff realtime, 1 ms error", out[0].error, OK);
    in[0] = on_clock(1, MONOTONIC, 1, 1);
    T(poll_oneoff, "monotonic, absolute and past", (in, out, 1, &n), OK);
    V("poll_oneoff monotonic, absolute and past error", out[0].error, OK);
    in[0] = on_clock(1, REALTIME, now(REALTIME) + 1000000, 1);
    T(poll_oneoff, "realtime, absolute in 1 ms", (in, out, 1, &n), OK);
    V("poll_oneoff realtime, absolute error", out[0].error, OK);
    before = now(MONOTONIC);
    in[0] = on_clock(1, MONOTONIC, before + 2000000000, 1);
    T(poll_oneoff, "monotonic, absolute in 2 s", (in, out, 1, &n), OK);
    YES("poll_oneoff monotonic, absolute has come", now(MONOTONIC) >= before + 2000000000);
}

static void several_clocks(void) {
    in[0] = on_clock(1, MONOTONIC, 3600000000000, 0);
    in[1] = on_clock(2, MONOTONIC, 1000000, 0);
    T(poll_oneoff, "1 h and 1 ms", (in, out, 2, &n), OK);
    V("poll_oneoff 1 h and 1 ms events", n, 1);
    V("poll_oneoff 1 h and 1 ms which", out[0].userdata, 2);
    in[0] = on_clock(1, MONOTONIC, 1000000, 0);
    in[1] = on_clock(2, MONOTONIC, 1000000, 0);
    T(poll_oneoff, "1 ms twice", (in, out, 2, &n), OK);
    YES("poll_oneoff 1 ms twice, some event", n == 1 || n == 2);
}

/* A subscription that fails alone says so in its event; the call succeeds. */
static void bad(void) {
    in[0] = on_fd(5, 1, CLOSED);
    T(poll_oneoff, "read, closed descriptor", (in, out, 1, &n), OK);
    V("poll_oneoff read, closed descriptor events", n, 1);
    V("poll_oneoff read, closed descriptor error", out[0].error, BADF);
    V("poll_oneoff read, closed descriptor type", out[0].type, 1);
    in[0] = on_fd(5, 2, CLOSED);
    T(poll_oneoff, "write, closed descriptor", (in, out, 1, &n), OK);
    V("poll_oneoff write, closed descriptor error", out[0].error, BADF);
    V("poll_oneoff write, closed descriptor type", out[0].type, 2);
}

static void descriptors(void) {
    in[0] = on_fd(8, 2, 1);
    T(poll_oneoff, "write, stdout", (in, out, 1, &n), OK);
    V("poll_oneoff write, stdout events", n, 1);
    V("poll_oneoff write, stdout userdata", out[0].userdata, 8);
    V("poll_oneoff write, stdout error", out[0].error, OK);
    V("poll_oneoff write, stdout type", out[0].type, 2);
    in[0] = on_fd(8, 2, 2);
    T(poll_oneoff, "write, stderr", (in, out, 1, &n), OK);
    V("poll_oneoff write, stderr error", out[0].error, OK);
    make_file(A, "f", "12345");
    u32 fd = open_file(A, "f", 0, RW, 0);
    in[0] = on_fd(9, 1, fd);
    in[1] = on_fd(10, 2, fd);
    T(poll_oneoff, "read and write, file", (in, out, 2, &n), OK);
    YES("poll_oneoff read and write, file: an event at least", n == 1 || n == 2);
    V("poll_oneoff read, file error", error_of(9), OK);
    V("poll_oneoff write, file error", error_of(10), OK);
    in[1] = on_clock(11, MONOTONIC, 3600000000000, 0);
    T(poll_oneoff, "read, file and 1 h", (in, out, 2, &n), OK);
    V("poll_oneoff read, file and 1 h events", n, 1);
    V("poll_oneoff read, file and 1 h which", out[0].userdata, 9);
    in[1] = on_fd(12, 1, CLOSED);
    T(poll_oneoff, "read, file and closed", (in, out, 2, &n), OK);
    V("poll_oneoff read, file and closed events", n, 2);
    V("poll_oneoff read, file and closed: error of closed", error_of(12), BADF);
    V("poll_oneoff read, file and closed: error of file", error_of(9), OK);
    in[1] = on_fd(9, 1, fd);
    T(poll_oneoff, "same subscription twice", (in, out, 2, &n), OK);
    YES("poll_oneoff same subscription twice, an event at least", n == 1 || n == 2);
}

START {
    clocks();
    sleeping();
    several_clocks();
    bad();
    descriptors();
}
