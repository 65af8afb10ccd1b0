// args_get: arguments as strings, sorted by the standard library.
#include "check.h"
#include <algorithm>
#include <vector>

int main(int argc, char **argv) {
    std::vector<std::string> args(argv + 1, argv + argc);
    std::sort(args.begin(), args.end());
    std::string all;
    for (const auto &arg : args)
        all += "[" + arg + "]";
    equal("arguments", all, "[][apple][pear][zebra]");
}
