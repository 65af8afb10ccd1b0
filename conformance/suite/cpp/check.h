// A check that fails says what was expected and what came, and ends the program.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>

inline void equal(const char *what, const std::string &got, const std::string &want) {
    if (got == want)
        return;
    std::fprintf(stderr, "%s: expected %s, got %s\n", what, want.c_str(), got.c_str());
    std::exit(1);
}

inline void holds(const char *what, bool condition) { equal(what, condition ? "true" : "false", "true"); }
