/* path_open: a name has up to 255 bytes. */
#include "check.h"

int main(void) {
    char name[257];
    memset(name, 'n', 256);
    name[256] = 0;
    FAILS(probe(name, CREAT, FILE_RIGHTS), E_nametoolong);
    name[255] = 0;
    OK(probe(name, CREAT, FILE_RIGHTS));
    OK(missing(name));
}
