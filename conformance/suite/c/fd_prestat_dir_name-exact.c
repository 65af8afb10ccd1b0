/* fd_prestat_dir_name: writes the name without a zero byte behind it. */
#include "check.h"

int main(void) {
    uint8_t name[4] = {'x', 'x', 'x', 'x'};
    OK(__wasi_fd_prestat_dir_name(ROOT, name, 1));
    BYTES(name, 4, "/xxx");
    close_fd(open_dir("."));
}
