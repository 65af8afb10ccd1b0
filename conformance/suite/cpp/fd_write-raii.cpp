// fd_write: files held by smart pointers are closed, and what they hold is there.
#include "check.h"
#include <memory>

using File = std::unique_ptr<FILE, int (*)(FILE *)>;

int main() {
    for (int i = 0; i < 50; i++) {
        File f(std::fopen("/log", "a"), std::fclose);
        holds("fopen", f != nullptr);
        std::fprintf(f.get(), "%d\n", i);
    }
    File f(std::fopen("/log", "r"), std::fclose);
    holds("fopen", f != nullptr);
    int sum = 0, n;
    while (std::fscanf(f.get(), "%d", &n) == 1)
        sum += n;
    equal("sum", std::to_string(sum), "1225");
}
