// clock_time_get: the clocks of chrono move forward, and system_clock is of this century.
#include "check.h"
#include <chrono>

int main() {
    using namespace std::chrono;
    auto last = steady_clock::now();
    for (int i = 0; i < 100; i++) {
        auto now = steady_clock::now();
        holds("steady_clock never runs back", now >= last);
        last = now;
    }
    holds("system_clock is after 2020", system_clock::now() > system_clock::time_point(seconds(1577836800)));
}
