/* poll_oneoff: nanosleep sleeps. */
#include "poll.h"
#include <time.h>

int main(void) {
    uint64_t start = now(__WASI_CLOCKID_MONOTONIC);
    struct timespec wait = {.tv_sec = 0, .tv_nsec = 3 * MILLISECOND};
    TRUE(nanosleep(&wait, 0) == 0);
    TRUE(now(__WASI_CLOCKID_MONOTONIC) >= start + 3 * MILLISECOND);
}
