/* Workloads on files, each one argument of a command and one update method of a canister. */
#include "workloads.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BIG_SIZE (16 << 20)
#define MEGABYTE (1 << 20)
#define BLOCK 4096

static char buffer[MEGABYTE];
static uint32_t seed;

/* Returns a pseudorandom block's offset in the big file. */
static off_t some_block(void) {
    seed = seed * 1664525 + 1013904223;
    return (off_t)(seed >> 8) % (BIG_SIZE / BLOCK) * BLOCK;
}

static void fill(int chunk) {
    for (int i = 0; i < chunk; i++)
        buffer[i] = (char)(i * 31 + (i >> 8));
}

static int write_all(const char *path, int flags, int chunk, int times) {
    int fd = open(path, O_WRONLY | flags, 0666);
    if (fd < 0)
        return 1;
    for (int i = 0; i < times; i++)
        if (write(fd, buffer, chunk) != chunk)
            return close(fd), 1;
    return close(fd);
}

static int write_big(int flags, int chunk) {
    fill(chunk);
    return write_all("big", flags, chunk, BIG_SIZE / chunk);
}

/* Looks at one byte of each chunk: more would drown the cost of reading. */
static int read_big(int chunk) {
    int n, total = 0, fd = open("big", O_RDONLY);
    if (fd < 0)
        return 1;
    while ((n = (int)read(fd, buffer, chunk)) > 0 && buffer[n - 1] == buffer[chunk - 1])
        total += n;
    return close(fd) || n != 0 || total != BIG_SIZE;
}

static int start(void) { return 0; }
static int w4k(void) { return write_big(O_CREAT | O_TRUNC, BLOCK); }
static int w64k(void) { return write_big(O_CREAT | O_TRUNC, 64 << 10); }
static int w1m(void) { return write_big(O_CREAT | O_TRUNC, MEGABYTE); }
static int r4k(void) { return read_big(BLOCK); }
static int r64k(void) { return read_big(64 << 10); }
static int r1m(void) { return read_big(MEGABYTE); }
static int o4k(void) { return write_big(0, BLOCK); }
static int o64k(void) { return write_big(0, 64 << 10); }

static int rand4k(void) {
    int fd = open("big", O_RDONLY);
    seed = 1;
    for (int i = 0; i < 1000; i++)
        if (pread(fd, buffer, BLOCK, some_block()) != BLOCK)
            return close(fd), 1;
    return close(fd);
}

static int randw4k(void) {
    int fd = open("big", O_WRONLY);
    seed = 2;
    fill(BLOCK);
    for (int i = 0; i < 1000; i++)
        if (pwrite(fd, buffer, BLOCK, some_block()) != BLOCK)
            return close(fd), 1;
    return close(fd);
}

static const char *name_of(char kind, int i) {
    static char name[32];
    snprintf(name, sizeof name, "many/%c%04d", kind, i);
    return name;
}

static int mk1000(void) {
    if (mkdir("many", 0777) != 0)
        return 1;
    fill(100);
    for (int i = 0; i < 1000; i++)
        if (write_all(name_of('f', i), O_CREAT | O_EXCL, 100, 1))
            return 1;
    return 0;
}

static int stat1000(void) {
    struct stat st;
    for (int i = 0; i < 1000; i++)
        if (stat(name_of('f', i), &st) != 0 || st.st_size != 100)
            return 1;
    return 0;
}

static int read1000(void) {
    for (int i = 0; i < 1000; i++) {
        int fd = open(name_of('f', i), O_RDONLY);
        if (read(fd, buffer, BLOCK) != 100)
            return 1;
        close(fd);
    }
    return 0;
}

static int readdir1000(void) {
    int n = 0;
    DIR *dir = opendir("many");
    if (!dir)
        return 1;
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] == 'f';
    closedir(dir);
    return n != 1000;
}

/* Fifty files there and back, so that the folder stays as it was. */
static int rename100(void) {
    char from[32];
    for (int i = 0; i < 100; i++) {
        strcpy(from, name_of(i < 50 ? 'f' : 'r', i % 50));
        if (rename(from, name_of(i < 50 ? 'r' : 'f', i % 50)) != 0)
            return 1;
    }
    return 0;
}

static int unlink1000(void) {
    for (int i = 0; i < 1000; i++)
        if (unlink(name_of('f', i)) != 0)
            return 1;
    return 0;
}

static int replace20(void) {
    for (int i = 0; i < 20; i++) {
        memset(buffer, 'a' + i, MEGABYTE);
        if (write_all("new", O_CREAT | O_TRUNC, MEGABYTE, 1) || rename("new", "state") != 0)
            return 1;
    }
    return 0;
}

static int recreate20(void) {
    for (int i = 0; i < 20; i++) {
        memset(buffer, 'a' + i, MEGABYTE);
        if (i > 0 && unlink("cache") != 0)
            return 1;
        if (write_all("cache", O_CREAT | O_TRUNC, MEGABYTE, 1))
            return 1;
    }
    return 0;
}

#define ROW(name) {#name, name},
const struct workload workloads[] = {WORKLOADS(ROW){NULL, NULL}};
