/* path_open: trunc makes no file. */
#include "check.h"

int main(void) {
    FAILS(probe("missing", TRUNC, FILE_RIGHTS), E_noent);
    FAILS(missing("missing"), E_noent);
}
