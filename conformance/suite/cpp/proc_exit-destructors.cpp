// proc_exit: leaving main destroys static objects in reverse order, then ends.
#include <cstdio>

struct Loud {
    const char *name;
    ~Loud() { std::printf("%s destroyed\n", name); }
};

static Loud first{"first"}, second{"second"};

int main() {
    Loud local{"local"};
    std::printf("main\n");
    return 4;
}
