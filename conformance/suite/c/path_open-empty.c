/* path_open: the empty path names nothing. */
#include "check.h"

int main(void) {
    FAILS(probe("", 0, RIGHT(FD_READ)), E_noent, E_inval);
    FAILS(probe("", CREAT, FILE_RIGHTS), E_noent, E_inval);
}
