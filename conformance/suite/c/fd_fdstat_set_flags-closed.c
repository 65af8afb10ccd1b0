/* fd_fdstat_set_flags: a descriptor that is not open is badf. */
#include "check.h"

int main(void) { FAILS(__wasi_fd_fdstat_set_flags(1000, 0), E_badf); }
