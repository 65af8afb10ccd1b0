/* Checks what clocks, sleep and random numbers promise; prints no value of theirs. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int failures;

static void check(const char *what, int ok) {
    printf("%s: %s\n", what, ok ? "OK" : "FAILED");
    failures += !ok;
}

static int64_t now(clockid_t clock) {
    struct timespec t;
    return clock_gettime(clock, &t) == 0 ? t.tv_sec * 1000000000LL + t.tv_nsec : -1;
}

static void monotonic(void) {
    int64_t last = now(CLOCK_MONOTONIC);
    int back = last < 0;
    for (int i = 0; i < 1000; i++) {
        int64_t t = now(CLOCK_MONOTONIC);
        back |= t < last;
        last = t;
    }
    check("monotonic never runs back", !back);
}

static void sleeping(void) {
    struct timespec nap = {0, 20000000};
    int64_t before = now(CLOCK_MONOTONIC);
    check("nanosleep", nanosleep(&nap, NULL) == 0);
    check("it took its time", now(CLOCK_MONOTONIC) - before >= 20000000);
    before = now(CLOCK_MONOTONIC);
    check("usleep", usleep(5000) == 0);
    check("it took its time too", now(CLOCK_MONOTONIC) - before >= 5000000);
}

/* A loop that waits for a deadline must end, so the clock has to move. */
static void waiting(void) {
    int64_t end = now(CLOCK_MONOTONIC) + 2000000;
    while (now(CLOCK_MONOTONIC) < end)
        ;
    check("a busy loop ends", 1);
}

static void randomness(void) {
    unsigned char a[256] = {0}, b[256] = {0};
    unsigned set = 0;
    check("getentropy", getentropy(a, sizeof a) == 0 && getentropy(b, sizeof b) == 0);
    check("two draws differ", memcmp(a, b, sizeof a) != 0);
    for (size_t i = 0; i < sizeof a; i++)
        set += (unsigned)__builtin_popcount(a[i]);
    check("about half of the bits are set", set > 800 && set < 1250);
    check("getentropy above 256", getentropy(a, 257) == -1 && errno == EIO);
}

int main(void) {
    struct timespec res;
    time_t t = time(NULL);
    check("time is after 2020", t > 1577836800);
    check("time and realtime agree", now(CLOCK_REALTIME) / 1000000000 - t <= 1);
    check("realtime resolution", clock_getres(CLOCK_REALTIME, &res) == 0 && (res.tv_sec || res.tv_nsec));
    check("monotonic resolution", clock_getres(CLOCK_MONOTONIC, &res) == 0 && (res.tv_sec || res.tv_nsec));
    monotonic();
    sleeping();
    waiting();
    randomness();
    return failures != 0;
}
