/* path_open: links that lead in a circle are a loop. */
#include "check.h"

int main(void) {
    make_link("b", "a");
    make_link("a", "b");
    make_link("self", "self");
    FAILS(probe("a", 0, RIGHT(FD_READ)), E_loop);
    FAILS(probe("self", 0, RIGHT(FD_READ)), E_loop);
    FAILS(probe("self/below", 0, RIGHT(FD_READ)), E_loop);
}
