/* path_filestat_get: noent where there is nothing, notdir below a file. */
#include "check.h"

int main(void) {
    put("file", "text");
    FAILS(missing("nothing"), E_noent);
    FAILS(missing("nothing/below"), E_noent);
    FAILS(missing("file/below"), E_notdir);
}
