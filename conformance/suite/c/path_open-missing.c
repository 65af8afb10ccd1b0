/* path_open: without creat a missing file is noent; so is a missing folder with it. */
#include "check.h"

int main(void) {
    put("file", "text");
    FAILS(probe("missing", 0, RIGHT(FD_READ)), E_noent);
    FAILS(probe("missing/file", CREAT, FILE_RIGHTS), E_noent);
    FAILS(probe("file/below", CREAT, FILE_RIGHTS), E_notdir);
    FAILS(missing("missing"), E_noent);
}
