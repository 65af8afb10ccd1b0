/* proc_exit: exit writes out what stdio still holds, _Exit does not. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    static char buf[1024];
    setvbuf(stdout, buf, _IOFBF, sizeof buf);
    fputs("kept", stdout);
    exit(0);
}
