/* clock_time_get: time and clock_gettime tell the same second. */
#include "check.h"
#include <time.h>

int main(void) {
    time_t before = time(0);
    struct timespec ts;
    TRUE(clock_gettime(CLOCK_REALTIME, &ts) == 0);
    TRUE(ts.tv_sec >= before && ts.tv_sec <= before + 60);
    TRUE(ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
}
