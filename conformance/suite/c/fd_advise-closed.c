/* fd_advise: a descriptor that is not open is badf. */
#include "check.h"

int main(void) { FAILS(__wasi_fd_advise(1000, 0, 0, __WASI_ADVICE_NORMAL), E_badf); }
