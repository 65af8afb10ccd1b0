/* Packs and unpacks with zlib: zlib pack|unpack FROM TO

   The packed file is in gzip's format. It prints how many bytes the unpacked
   file has, and their CRC-32. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static int fail(const char *what, const char *path) {
    fprintf(stderr, "zlib: cannot %s %s\n", what, path);
    return 1;
}

static int copy(gzFile in, gzFile out) {
    static unsigned char buffer[65536];
    unsigned long crc = crc32(0, NULL, 0), total = 0;
    int n;
    while ((n = gzread(in, buffer, sizeof buffer)) > 0) {
        if (gzwrite(out, buffer, n) != n)
            return -1;
        crc = crc32(crc, buffer, n);
        total += n;
    }
    printf("%lu bytes, CRC %08lx\n", total, crc);
    return n;
}

int main(int argc, char **argv) {
    if (argc != 4 || (strcmp(argv[1], "pack") && strcmp(argv[1], "unpack"))) {
        fprintf(stderr, "usage: zlib pack|unpack FROM TO\n");
        return 2;
    }
    gzFile in = gzopen(argv[2], "rb");
    if (!in)
        return fail("open", argv[2]);
    gzFile out = gzopen(argv[3], strcmp(argv[1], "pack") ? "wbT" : "wb9");
    if (!out)
        return fail("create", argv[3]);
    if (copy(in, out) < 0)
        return fail("read", argv[2]);
    if (gzclose(in) != Z_OK)
        return fail("read", argv[2]);
    return gzclose(out) == Z_OK ? 0 : fail("write", argv[3]);
}
