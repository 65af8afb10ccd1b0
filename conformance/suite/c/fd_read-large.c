/* fd_read: a megabyte comes back as it was written. */
#include "check.h"

static uint8_t out[1 << 20], in[1 << 20];

int main(void) {
    uint32_t x = 1;
    for (size_t i = 0; i < sizeof out; i++)
        out[i] = (x = x * 1664525 + 1013904223) >> 24;
    int fd = open_file("file", CREAT);
    write_bytes(fd, out, sizeof out);
    EQUAL(stat_fd(fd).size, sizeof out);
    seek(fd, 0, __WASI_WHENCE_SET);
    EQUAL(read_bytes(fd, in, sizeof in), sizeof in);
    TRUE(memcmp(out, in, sizeof in) == 0);
}
