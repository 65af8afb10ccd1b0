/* path_open: a slash at the end demands a folder. */
#include "check.h"

int main(void) {
    FAILS(probe("hello.txt/", 0, RIGHT(FD_READ)), E_notdir, E_noent);
    FAILS(probe("new/", CREAT, FILE_RIGHTS), E_isdir, E_notdir, E_noent, E_inval);
    FAILS(missing("new"), E_noent);
    OK(probe("dir/", DIRECTORY, RIGHT(FD_READDIR)));
}
