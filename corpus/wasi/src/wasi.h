/* WASI preview1 as the transcript programs use it: the imports themselves, no
 * library between. Each program prints one line a call,
 *
 *     path_open existing creat-excl -> exist(20)
 *
 * and, where the result is not one that the specification or POSIX gives, what
 * it should have been:
 *
 *     path_open existing creat-excl -> success(0), want exist(20)
 *
 * What is wanted stands beside each call and was written before any runtime
 * was looked at. Numbers that differ from run to run are never printed.
 */
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

/* With UNSTABLE the programs use wasi_unstable instead, where these differ. */
#ifdef UNSTABLE
#define WASI(name) __attribute__((import_module("wasi_unstable"), import_name(#name)))
enum { CUR, END, SET };
struct filestat { u64 dev, ino; u8 type; u32 nlink; u64 size, atim, mtim, ctim; };
struct clock { u64 identifier; u32 id; u64 timeout, precision; u16 flags; };
#else
#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
enum { SET, CUR, END };
struct filestat { u64 dev, ino; u8 type; u64 nlink, size, atim, mtim, ctim; };
struct clock { u32 id; u64 timeout, precision; u16 flags; };
#endif

struct iovec { const void *buf; u32 len; };
struct prestat { u8 tag; u32 len; };
struct fdstat { u8 type; u16 flags; u64 base, inheriting; };
struct dirent { u64 next, ino; u32 namlen; u8 type; };
struct subscription { u64 userdata; u8 tag; union { struct clock clock; u32 fd; }; };
struct event { u64 userdata; u16 error; u8 type; u64 nbytes; u16 flags; };

WASI(args_get) u32 args_get(void *argv, void *buf);
WASI(args_sizes_get) u32 args_sizes_get(void *argc, void *size);
WASI(environ_get) u32 environ_get(void *env, void *buf);
WASI(environ_sizes_get) u32 environ_sizes_get(void *count, void *size);
WASI(clock_res_get) u32 clock_res_get(u32 id, void *res);
WASI(clock_time_get) u32 clock_time_get(u32 id, u64 precision, void *time);
WASI(fd_advise) u32 fd_advise(u32 fd, u64 offset, u64 len, u32 advice);
WASI(fd_allocate) u32 fd_allocate(u32 fd, u64 offset, u64 len);
WASI(fd_close) u32 fd_close(u32 fd);
WASI(fd_datasync) u32 fd_datasync(u32 fd);
WASI(fd_fdstat_get) u32 fd_fdstat_get(u32 fd, void *stat);
WASI(fd_fdstat_set_flags) u32 fd_fdstat_set_flags(u32 fd, u32 flags);
WASI(fd_fdstat_set_rights) u32 fd_fdstat_set_rights(u32 fd, u64 base, u64 inheriting);
WASI(fd_filestat_get) u32 fd_filestat_get(u32 fd, void *buf);
WASI(fd_filestat_set_size) u32 fd_filestat_set_size(u32 fd, u64 size);
WASI(fd_filestat_set_times) u32 fd_filestat_set_times(u32 fd, u64 atim, u64 mtim, u32 flags);
WASI(fd_pread) u32 fd_pread(u32 fd, const void *iovs, u32 n, u64 offset, void *nread);
WASI(fd_prestat_get) u32 fd_prestat_get(u32 fd, void *buf);
WASI(fd_prestat_dir_name) u32 fd_prestat_dir_name(u32 fd, void *path, u32 len);
WASI(fd_pwrite) u32 fd_pwrite(u32 fd, const void *iovs, u32 n, u64 offset, void *nwritten);
WASI(fd_read) u32 fd_read(u32 fd, const void *iovs, u32 n, void *nread);
WASI(fd_readdir) u32 fd_readdir(u32 fd, void *buf, u32 len, u64 cookie, void *used);
WASI(fd_renumber) u32 fd_renumber(u32 from, u32 to);
WASI(fd_seek) u32 fd_seek(u32 fd, i64 offset, u32 whence, void *result);
WASI(fd_sync) u32 fd_sync(u32 fd);
WASI(fd_tell) u32 fd_tell(u32 fd, void *offset);
WASI(fd_write) u32 fd_write(u32 fd, const void *iovs, u32 n, void *nwritten);
WASI(path_create_directory) u32 path_create_directory(u32 fd, const void *path, u32 len);
WASI(path_filestat_get) u32 path_filestat_get(u32 fd, u32 lookup, const void *path, u32 len, void *buf);
WASI(path_filestat_set_times) u32 path_filestat_set_times(u32 fd, u32 lookup, const void *path, u32 len, u64 atim, u64 mtim, u32 flags);
WASI(path_link) u32 path_link(u32 old_fd, u32 lookup, const void *old, u32 old_len, u32 new_fd, const void *new, u32 new_len);
WASI(path_open) u32 path_open(u32 fd, u32 lookup, const void *path, u32 len, u32 oflags, u64 base, u64 inheriting, u32 fdflags, void *opened);
WASI(path_readlink) u32 path_readlink(u32 fd, const void *path, u32 len, void *buf, u32 buf_len, void *used);
WASI(path_remove_directory) u32 path_remove_directory(u32 fd, const void *path, u32 len);
WASI(path_rename) u32 path_rename(u32 old_fd, const void *old, u32 old_len, u32 new_fd, const void *new, u32 new_len);
WASI(path_symlink) u32 path_symlink(const void *target, u32 target_len, u32 fd, const void *path, u32 len);
WASI(path_unlink_file) u32 path_unlink_file(u32 fd, const void *path, u32 len);
WASI(poll_oneoff) u32 poll_oneoff(const void *in, void *out, u32 n, void *nevents);
WASI(proc_exit) _Noreturn void proc_exit(u32 code);
WASI(proc_raise) u32 proc_raise(u32 sig);
WASI(sched_yield) u32 sched_yield(void);
WASI(random_get) u32 random_get(void *buf, u32 len);
#ifndef UNSTABLE
WASI(sock_accept) u32 sock_accept(u32 fd, u32 flags, void *accepted);
#endif
WASI(sock_recv) u32 sock_recv(u32 fd, const void *iovs, u32 n, u32 flags, void *len, void *roflags);
WASI(sock_send) u32 sock_send(u32 fd, const void *iovs, u32 n, u32 flags, void *len);
WASI(sock_shutdown) u32 sock_shutdown(u32 fd, u32 how);

enum {
    OK = 0, ACCES = 2, BADF = 8, BUSY = 10, EXIST = 20, FAULT = 21, FBIG = 22, ILSEQ = 25, INVAL = 28, ISDIR = 31,
    LOOP = 32, MFILE = 33, NAMETOOLONG = 37, NOENT = 44, NOMEM = 48, NOSPC = 51, NOSYS = 52, NOTDIR = 54, NOTEMPTY = 55,
    NOTSOCK = 57, NOTSUP = 58, OVERFLOW = 61, PERM = 63, SPIPE = 70, XDEV = 75, NOTCAPABLE = 76,
};

/* Any of several results; success can only be the first. */
#define OR(a, b) ((a) | (b) << 8)
#define OR3(a, b, c) (OR(a, b) | (c) << 16)
#define OR4(a, b, c, d) (OR3(a, b, c) | (u32)(d) << 24)

enum { APPEND = 1, DSYNC = 2, NONBLOCK = 4, RSYNC = 8, SYNC = 16 };
enum { CREAT = 1, DIRECTORY = 2, EXCL = 4, TRUNC = 8 };
enum { FOLLOW = 1 };
enum { ATIM = 1, ATIM_NOW = 2, MTIM = 4, MTIM_NOW = 8 };
enum { REALTIME, MONOTONIC, PROCESS_CPUTIME, THREAD_CPUTIME };
enum { CHAR = 2, DIR = 3, REG = 4, LINK = 7 };

#define R(bit) (1ull << (bit))
enum { FD_DATASYNC, FD_READ, FD_SEEK, FD_SET_FLAGS, FD_SYNC, FD_TELL, FD_WRITE, FD_ADVISE, FD_ALLOCATE,
       P_CREATE_DIRECTORY, P_CREATE_FILE, P_LINK_SOURCE, P_LINK_TARGET, P_OPEN, FD_READDIR, P_READLINK,
       P_RENAME_SOURCE, P_RENAME_TARGET, P_FILESTAT_GET, P_SET_SIZE, P_SET_TIMES, FD_FILESTAT_GET, FD_SET_SIZE,
       FD_SET_TIMES, P_SYMLINK, P_REMOVE_DIRECTORY, P_UNLINK, POLL, SHUTDOWN, ACCEPT };
#define READ (R(FD_READ) | R(FD_SEEK) | R(FD_TELL) | R(FD_ADVISE) | R(FD_FILESTAT_GET) | R(FD_SET_FLAGS) | R(POLL))
#define WRITE (R(FD_WRITE) | R(FD_SEEK) | R(FD_TELL) | R(FD_DATASYNC) | R(FD_SYNC) | R(FD_ALLOCATE) | R(FD_SET_SIZE) | \
               R(FD_FILESTAT_GET) | R(FD_SET_TIMES) | R(FD_SET_FLAGS) | R(POLL))
#define RW (READ | WRITE)
#define WALK (R(P_OPEN) | R(FD_READDIR) | R(FD_FILESTAT_GET) | R(P_FILESTAT_GET) | R(P_READLINK))

/* The preopened folders /a and /b; nothing is open from CLOSED on. */
enum { A = 3, B = 4, CLOSED = 99 };

#define P(s) (s), sizeof(s) - 1
#define BUF(p, n) (&(struct iovec){(p), (n)}), 1
#define TEXT(s) BUF(s, sizeof(s) - 1)

/* T makes a call and prints it; V and S print a number or a text that it gave. */
#define T(function, what, args, want) report(#function " " what, function args, want)
#define V(what, got, want) number(what, (u64)(got), (u64)(want))
#define S(what, got, n, want) text(what, got, n, want)
#define YES(what, condition) text(what, (condition) ? "yes" : "no", (condition) ? 3 : 2, "yes")

void report(const char *what, u32 errno, u32 want);
void number(const char *what, u64 got, u64 want);
void text(const char *what, const void *got, u32 n, const char *want);
void stat_line(const char *what, const struct filestat *st, const char *want);

/* As a runtime may trap instead of answering an errno, some programs make each
 * of their calls in a run of its own: the argument is its number, and code 99
 * says that there is none. The case is named before the call, so that a trap
 * can be told of it. */
#define C(function, what, args, want)  \
    case __COUNTER__:                  \
        announce(#function " " what);  \
        conclude(function args, want); \
        return;

#define NO_CASE 99

u32 number_of_case(void);
void announce(const char *what);
void conclude(u32 errno, u32 want);

/* The descriptor to which lines go; 1 at first. */
extern u32 console;

u32 length(const char *s);
u64 memory_end(void);
void *at(u64 address);
void fill(void *to, u8 byte, u32 n);

/* Setting up: a step that fails is printed, so that no failure passes unseen. */
void must(const char *what, u32 errno);
u32 open_file(u32 dir, const char *path, u32 oflags, u64 rights, u32 fdflags);
u32 open_dir(u32 dir, const char *path);
void make_file(u32 dir, const char *path, const char *content);
void make_dir(u32 dir, const char *path);
void make_link(u32 dir, const char *path, const char *target);
u64 size_of(u32 dir, const char *path);
u64 ino_of(u32 dir, const char *path);
u64 links_of(u32 dir, const char *path);
u32 type_of(u32 dir, const char *path);
u64 tell(u32 fd);
void contents(const char *what, u32 dir, const char *path, const char *want);

#define START __attribute__((export_name("_start"))) void start(void)
