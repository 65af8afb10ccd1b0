// random_get: random_device does not give the same number again and again.
#include "check.h"
#include <random>
#include <set>

int main() {
    std::random_device device;
    std::set<unsigned> seen;
    for (int i = 0; i < 20; i++)
        seen.insert(device());
    holds("most of 20 numbers differ", seen.size() > 15);
}
