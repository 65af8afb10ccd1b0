/* Pointers outside memory, each in a run of its own. */
#include "wasi.h"

static struct iovec vectors[4];
static u8 buf[64];
static struct subscription sub;
static u32 n;

static const void *vector(u64 p, u32 len) {
    vectors[0] = (struct iovec){at(p), len};
    return vectors;
}

static const void *second_vector(u64 p, u32 len) {
    vectors[0] = (struct iovec){buf, 2};
    vectors[1] = (struct iovec){at(p), len};
    return vectors;
}

static const void *vectors_at_end(u32 bytes) {
    u8 *p = at(memory_end() - bytes);
    fill(p, 0, bytes);
    return p;
}

static void memory(u32 i, u32 fd) {
    const u64 end = memory_end();
    switch (i) {
        C(fd_write, "iovec array behind the end", (fd, at(end), 1, &n), FAULT)
        C(fd_write, "iovec array cut by the end", (fd, at(end - 4), 1, &n), FAULT)
        C(fd_write, "second iovec cut by the end", (fd, vectors_at_end(12), 2, &n), FAULT)
        C(fd_write, "iovec array to the end", (fd, vectors_at_end(8), 1, &n), OK)
        C(fd_write, "2^29 iovecs", (fd, vectors, 1u << 29, &n), FAULT)
        C(fd_write, "2^32-1 iovecs", (fd, vectors, ~0u, &n), FAULT)
        C(fd_write, "buffer behind the end", (fd, vector(end, 1), 1, &n), FAULT)
        C(fd_write, "last byte", (fd, vector(end - 1, 1), 1, &n), OK)
        C(fd_write, "last byte and one more", (fd, vector(end - 1, 2), 1, &n), FAULT)
        C(fd_write, "no bytes at the end", (fd, vector(end, 0), 1, &n), OK)
        C(fd_write, "buffer that wraps around", (fd, vector(0xfffffff0, 0x20), 1, &n), FAULT)
        C(fd_write, "buffer of 2^32-1 bytes", (fd, vector(1, ~0u), 1, &n), FAULT)
        C(fd_write, "second buffer behind the end", (fd, second_vector(end, 1), 2, &n), FAULT)
        C(fd_write, "count behind the end", (fd, vector(16, 1), 1, at(end)), FAULT)
        C(fd_write, "count cut by the end", (fd, vector(16, 1), 1, at(end - 3)), FAULT)
        C(fd_write, "count in the last bytes", (fd, vector(16, 1), 1, at(end - 4)), OK)
        C(fd_write, "count at 2^32-1", (fd, vector(16, 1), 1, at(0xffffffff)), FAULT)
        C(fd_pwrite, "buffer behind the end", (fd, vector(end, 1), 1, 0, &n), FAULT)
        C(fd_pwrite, "count behind the end", (fd, vector(16, 1), 1, 0, at(end)), FAULT)
        C(fd_read, "iovec array behind the end", (fd, at(end), 1, &n), FAULT)
        C(fd_read, "iovec array cut by the end", (fd, at(end - 4), 1, &n), FAULT)
        C(fd_read, "buffer behind the end", (fd, vector(end, 1), 1, &n), FAULT)
        C(fd_read, "buffer cut by the end", (fd, vector(end - 1, 2), 1, &n), FAULT)
        C(fd_read, "last byte", (fd, vector(end - 1, 1), 1, &n), OK)
        C(fd_read, "second buffer behind the end", (fd, second_vector(end, 1), 2, &n), FAULT)
        C(fd_read, "buffer that wraps around", (fd, vector(0xfffffff0, 0x20), 1, &n), FAULT)
        C(fd_read, "count behind the end", (fd, vector(16, 0), 1, at(end)), FAULT)
        C(fd_pread, "buffer behind the end", (fd, vector(end, 1), 1, 0, &n), FAULT)
        C(fd_pread, "count behind the end", (fd, vector(16, 0), 1, 0, at(end)), FAULT)
        C(fd_write, "stdout, buffer behind the end", (1, vector(end, 1), 1, &n), FAULT)
        C(fd_write, "stdout, buffer that wraps around", (1, vector(0xfffffff0, 0x20), 1, &n), FAULT)
        C(fd_read, "stdin, buffer behind the end", (0, vector(end, 1), 1, &n), FAULT)
        C(fd_seek, "result behind the end", (fd, 0, CUR, at(end)), FAULT)
        C(fd_seek, "result cut by the end", (fd, 0, CUR, at(end - 7)), FAULT)
        C(fd_tell, "result behind the end", (fd, at(end)), FAULT)
        C(fd_fdstat_get, "result cut by the end", (fd, at(end - 16)), FAULT)
        C(fd_fdstat_get, "result to the end", (fd, at(end - 24)), OK)
        C(fd_filestat_get, "result cut by the end", (fd, at(end - sizeof(struct filestat) + 8)), FAULT)
        C(fd_filestat_get, "result to the end", (fd, at(end - sizeof(struct filestat))), OK)
        C(fd_prestat_get, "result cut by the end", (A, at(end - 4)), FAULT)
        C(fd_prestat_dir_name, "name behind the end", (A, at(end), 2), FAULT)
        C(fd_prestat_dir_name, "name cut by the end", (A, at(end - 1), 2), FAULT)
        C(fd_readdir, "buffer behind the end", (A, at(end), 100, 0, &n), FAULT)
        C(fd_readdir, "buffer cut by the end", (A, at(end - 50), 100, 0, &n), FAULT)
        C(fd_readdir, "buffer of 2^32-1 bytes", (A, buf, ~0u, 0, &n), FAULT)
        C(fd_readdir, "used behind the end", (A, buf, 64, 0, at(end)), FAULT)
        C(args_sizes_get, "argc behind the end", (at(end), &n), FAULT)
        C(args_sizes_get, "size behind the end", (&n, at(end - 3)), FAULT)
        C(args_get, "argv behind the end", (at(end - 4), buf), FAULT)
        C(args_get, "strings behind the end", (buf, at(end)), FAULT)
        C(environ_sizes_get, "count behind the end", (at(end), &n), FAULT)
        C(environ_get, "strings cut by the end", (buf, at(end - 2)), FAULT)
        C(clock_time_get, "result behind the end", (REALTIME, 0, at(end)), FAULT)
        C(clock_time_get, "result cut by the end", (REALTIME, 0, at(end - 7)), FAULT)
        C(clock_res_get, "result behind the end", (REALTIME, at(end)), FAULT)
        C(random_get, "buffer behind the end", (at(end), 1), FAULT)
        C(random_get, "buffer cut by the end", (at(end - 8), 9), FAULT)
        C(random_get, "last byte", (at(end - 1), 1), OK)
        C(random_get, "buffer of 2^32-1 bytes", (at(1), ~0u), FAULT)
        C(random_get, "no bytes at the end", (at(end), 0), OK)
        C(path_open, "path behind the end", (A, 0, at(end), 1, 0, READ, 0, 0, &n), FAULT)
        C(path_open, "path cut by the end", (A, 0, at(end - 1), 2, 0, READ, 0, 0, &n), FAULT)
        C(path_open, "path of 2^32-1 bytes", (A, 0, at(1), ~0u, 0, READ, 0, 0, &n), FAULT)
        C(path_open, "result behind the end", (A, 0, P("f"), 0, READ, 0, 0, at(end)), FAULT)
        C(path_open, "result cut by the end, creat", (A, 0, P("new"), CREAT, READ, 0, 0, at(end - 3)), FAULT)
        C(path_create_directory, "path behind the end", (A, at(end), 1), FAULT)
        C(path_filestat_get, "path behind the end", (A, 0, at(end), 1, buf), FAULT)
        C(path_filestat_get, "result cut by the end", (A, 0, P("f"), at(end - sizeof(struct filestat) + 8)), FAULT)
        C(path_filestat_set_times, "path behind the end", (A, 0, at(end), 1, 0, 0, ATIM), FAULT)
        C(path_link, "old path behind the end", (A, 0, at(end), 1, A, P("g")), FAULT)
        C(path_link, "new path behind the end", (A, 0, P("f"), A, at(end), 1), FAULT)
        C(path_readlink, "path behind the end", (A, at(end), 1, buf, 64, &n), FAULT)
        C(path_readlink, "buffer cut by the end", (A, P("l"), at(end - 8), 64, &n), FAULT)
        C(path_readlink, "used behind the end", (A, P("l"), buf, 64, at(end)), FAULT)
        C(path_remove_directory, "path behind the end", (A, at(end), 1), FAULT)
        C(path_rename, "old path behind the end", (A, at(end), 1, A, P("g")), FAULT)
        C(path_rename, "new path behind the end", (A, P("f"), A, at(end), 1), FAULT)
        C(path_symlink, "target behind the end", (at(end), 1, A, P("g")), FAULT)
        C(path_symlink, "path behind the end", (P("f"), A, at(end), 1), FAULT)
        C(path_unlink_file, "path behind the end", (A, at(end), 1), FAULT)
        C(poll_oneoff, "subscriptions behind the end", (at(end), buf, 1, &n), FAULT)
        C(poll_oneoff, "subscriptions cut by the end", (at(end - sizeof sub + 8), buf, 1, &n), FAULT)
        C(poll_oneoff, "events behind the end", (&sub, at(end), 1, &n), FAULT)
        C(poll_oneoff, "events cut by the end", (&sub, at(end - 24), 1, &n), FAULT)
        C(poll_oneoff, "count behind the end", (&sub, buf, 1, at(end)), FAULT)
        C(poll_oneoff, "2^32-1 subscriptions", (&sub, buf, ~0u, &n), FAULT)
    default:
        proc_exit(NO_CASE);
    }
}

START {
    u32 i = number_of_case();
    make_file(A, "f", "0123456789");
    make_link(A, "l", "f");
    memory(i, open_file(A, "f", 0, RW, 0));
}
