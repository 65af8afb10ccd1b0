/* Reads a script of WASI calls from standard input, performs them, and writes a
   transcript to standard error: of each call its result and which bytes of the
   arena it changed. ../driver.go has the form of both, byte by byte.

   The arena is the end of the memory, so that an address behind it is outside.
   Descriptors are registers: 0 to 2 begin as themselves, 3 is the preopened
   folder, and a register whose number was given to another one loses it. */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned u32;
typedef unsigned long long u64;

#define PAGE 65536
#define MEMORY (2 * PAGE)
#define ARENA_SIZE 16384
#define ARENA (MEMORY - ARENA_SIZE)
#define REGISTERS 16
#define SCRIPT_SIZE 24576
#define OUT_SIZE 32768
#define COOKIES 64
#define MAX_ARGS 9
#define FRESH 900 /* and from there on: registers that hold no descriptor */

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) u32 name

WASI(args_get)(u32, u32);
WASI(args_sizes_get)(u32, u32);
WASI(environ_get)(u32, u32);
WASI(environ_sizes_get)(u32, u32);
WASI(clock_res_get)(u32, u32);
WASI(clock_time_get)(u32, u64, u32);
WASI(fd_advise)(u32, u64, u64, u32);
WASI(fd_allocate)(u32, u64, u64);
WASI(fd_close)(u32);
WASI(fd_datasync)(u32);
WASI(fd_fdstat_get)(u32, u32);
WASI(fd_fdstat_set_flags)(u32, u32);
WASI(fd_fdstat_set_rights)(u32, u64, u64);
WASI(fd_filestat_get)(u32, u32);
WASI(fd_filestat_set_size)(u32, u64);
WASI(fd_filestat_set_times)(u32, u64, u64, u32);
WASI(fd_pread)(u32, u32, u32, u64, u32);
WASI(fd_prestat_get)(u32, u32);
WASI(fd_prestat_dir_name)(u32, u32, u32);
WASI(fd_pwrite)(u32, u32, u32, u64, u32);
WASI(fd_read)(u32, u32, u32, u32);
WASI(fd_readdir)(u32, u32, u32, u64, u32);
WASI(fd_renumber)(u32, u32);
WASI(fd_seek)(u32, u64, u32, u32);
WASI(fd_sync)(u32);
WASI(fd_tell)(u32, u32);
WASI(fd_write)(u32, u32, u32, u32);
WASI(path_create_directory)(u32, u32, u32);
WASI(path_filestat_get)(u32, u32, u32, u32, u32);
WASI(path_filestat_set_times)(u32, u32, u32, u32, u64, u64, u32);
WASI(path_link)(u32, u32, u32, u32, u32, u32, u32);
WASI(path_open)(u32, u32, u32, u32, u32, u64, u64, u32, u32);
WASI(path_readlink)(u32, u32, u32, u32, u32, u32);
WASI(path_remove_directory)(u32, u32, u32);
WASI(path_rename)(u32, u32, u32, u32, u32, u32);
WASI(path_symlink)(u32, u32, u32, u32, u32);
WASI(path_unlink_file)(u32, u32, u32);
WASI(poll_oneoff)(u32, u32, u32, u32);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_exit"))) void proc_exit(u32);
WASI(proc_raise)(u32);
WASI(sched_yield)(void);
WASI(random_get)(u32, u32);
WASI(sock_accept)(u32, u32, u32);
WASI(sock_recv)(u32, u32, u32, u32, u32, u32);
WASI(sock_send)(u32, u32, u32, u32, u32);
WASI(sock_shutdown)(u32, u32);

/* The functions in the order of the ABI's table, which scripts count. */
enum {
    ARGS_GET, ARGS_SIZES_GET, ENVIRON_GET, ENVIRON_SIZES_GET, CLOCK_RES_GET, CLOCK_TIME_GET,
    FD_ADVISE, FD_ALLOCATE, FD_CLOSE, FD_DATASYNC, FD_FDSTAT_GET, FD_FDSTAT_SET_FLAGS,
    FD_FDSTAT_SET_RIGHTS, FD_FILESTAT_GET, FD_FILESTAT_SET_SIZE, FD_FILESTAT_SET_TIMES, FD_PREAD,
    FD_PRESTAT_GET, FD_PRESTAT_DIR_NAME, FD_PWRITE, FD_READ, FD_READDIR, FD_RENUMBER, FD_SEEK,
    FD_SYNC, FD_TELL, FD_WRITE, PATH_CREATE_DIRECTORY, PATH_FILESTAT_GET, PATH_FILESTAT_SET_TIMES,
    PATH_LINK, PATH_OPEN, PATH_READLINK, PATH_REMOVE_DIRECTORY, PATH_RENAME, PATH_SYMLINK,
    PATH_UNLINK_FILE, POLL_ONEOFF, PROC_EXIT, PROC_RAISE, SCHED_YIELD, RANDOM_GET, SOCK_ACCEPT,
    SOCK_RECV, SOCK_SEND, SOCK_SHUTDOWN,
    LIST, /* steps that are no call */
    TRAP,
    SPIN,
};

static const u8 arity[] = {2, 2, 2, 2, 2, 3, 4, 3, 1, 1, 2, 2, 3, 2, 2, 4, 5, 2, 3, 5, 4, 5, 2, 4,
                           1, 2, 4, 3, 5, 7, 7, 9, 6, 3, 6, 5, 3, 4, 1, 1, 0, 2, 3, 6, 5, 2, 3, 0, 0};

static u8 script[SCRIPT_SIZE];
static u32 script_end, at; /* in script */
static u8 out[OUT_SIZE];
static u32 out_end;
static u8 shadow[ARENA_SIZE]; /* what the arena held before the call */
static u32 registers[REGISTERS];
static u64 cookies[COOKIES]; /* of the last fd_readdir, the cookie behind each entry */
static u32 cookie_count;
static u8 cautious; /* write the transcript before each call */
static u8 root;     /* the descriptor of the preopened folder */

static u8 *arena(void) { return (u8 *)ARENA; }

/* ---- the script ---- */

static u8 byte(void) {
    if (at >= script_end)
        __builtin_trap();
    return script[at++];
}

static u64 number(void) {
    u64 v = 0;
    for (u32 shift = 0;; shift += 7) {
        u8 b = byte();
        v |= (u64)(b & 0x7f) << shift;
        if (b < 0x80)
            return v;
    }
}

/* Reads exactly n bytes from standard input. */
static void input(u8 *p, u32 n) {
    while (n > 0) {
        u32 iov[2] = {(u32)p, n}, got;
        if (fd_read(0, (u32)iov, 1, (u32)&got) != 0 || got == 0)
            __builtin_trap();
        p += got;
        n -= got;
    }
}

static void load(void) {
    u8 head[4];
    input(head, sizeof head);
    script_end = head[0] | head[1] << 8;
    cautious = head[2];
    root = head[3];
    if (script_end > SCRIPT_SIZE)
        __builtin_trap();
    input(script, script_end);
}

/* ---- the transcript ---- */

static void flush(void) {
    u32 from = 0;
    while (from < out_end) {
        u32 iov[2] = {(u32)(out + from), out_end - from}, n;
        if (fd_write(2, (u32)iov, 1, (u32)&n) != 0 || n == 0)
            __builtin_trap();
        from += n;
    }
    out_end = 0;
}

static void put(const void *p, u32 n) {
    if (out_end + n > OUT_SIZE)
        flush();
    __builtin_memcpy(out + out_end, p, n);
    out_end += n;
}

static void put16(u32 v) {
    u16 w = v;
    put(&w, 2);
}

static void put32(u32 v) { put(&v, 4); }

/* Says whether 64 bytes from i are as they were. */
static u32 same(u32 i) {
    const u64 *a = (const u64 *)(arena() + i), *b = (const u64 *)(shadow + i);
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]) | (a[4] ^ b[4]) | (a[5] ^ b[5]) |
            (a[6] ^ b[6]) | (a[7] ^ b[7])) == 0;
}

/* Writes the runs of bytes that a call changed, and undoes them. */
static void changes(void) {
    u8 *a = arena();
    u32 i = 0;
    while (i < ARENA_SIZE) {
        if (i % 64 == 0 && same(i)) {
            i += 64;
            continue;
        }
        if (*(u64 *)(a + i) == *(u64 *)(shadow + i)) {
            i += 8;
            continue;
        }
        u32 from = i;
        while (i < ARENA_SIZE && *(u64 *)(a + i) != *(u64 *)(shadow + i))
            i += 8;
        put16(from);
        put16(i - from);
        put(a + from, i - from);
        __builtin_memcpy(a + from, shadow + from, i - from);
    }
    put16(0xffff);
}

/* ---- descriptors ---- */

/* Says that the number is that of register r and of no other. */
static void assign(u32 r, u32 fd) {
    for (u32 i = 0; i < REGISTERS; i++)
        if (registers[i] == fd)
            registers[i] = FRESH + i;
    registers[r] = fd;
}

/* Keeps registers right after fd_renumber. */
static void renumbered(u32 from, u32 to) {
    if (from == to)
        return;
    for (u32 i = 0; i < REGISTERS; i++)
        if (registers[i] == to)
            registers[i] = FRESH + i;
    for (u32 i = 0; i < REGISTERS; i++)
        if (registers[i] == from)
            registers[i] = to;
}

/* Takes the descriptor that a call put at p, and writes its type. */
static void opened(u32 r, u32 p) {
    u8 stat[24];
    if (p < ARENA || p > MEMORY - 4)
        return;
    u32 fd;
    __builtin_memcpy(&fd, (void *)p, 4);
    if (r < REGISTERS)
        assign(r, fd);
    if (fd_fdstat_get(fd, (u32)stat) != 0)
        stat[0] = 0xff;
    put(stat, 1);
}

/* ---- steps ---- */

static u64 argument(void) {
    switch (byte()) {
    case 0: return number();
    case 1: return ARENA + number();
    case 2: return registers[byte() % REGISTERS];
    default: {
        u32 k = byte();
        return k < cookie_count ? cookies[k] : cookie_count ? cookies[cookie_count - 1] : 0;
    }
    }
}

/* Puts into the arena what the script wants there before the call. */
static void preload(u32 undo) {
    for (u32 n = byte(); n > 0; n--) {
        u32 kind = byte(), off = number(), len = number();
        if (off > ARENA_SIZE || len > ARENA_SIZE - off)
            __builtin_trap();
        u32 fd;
        u8 *p = arena() + off;
        if (undo)
            __builtin_memset(p, 0xa5, len);
        else if (kind == 0)
            __builtin_memcpy(p, script + at, len);
        else {
            fd = registers[script[at] % REGISTERS];
            __builtin_memcpy(p, &fd, 4);
        }
        __builtin_memcpy(shadow + off, p, len);
        at += kind == 0 ? len : 1;
    }
}

static u32 call(u32 op, const u64 *a) {
    switch (op) {
    case ARGS_GET: return args_get(a[0], a[1]);
    case ARGS_SIZES_GET: return args_sizes_get(a[0], a[1]);
    case ENVIRON_GET: return environ_get(a[0], a[1]);
    case ENVIRON_SIZES_GET: return environ_sizes_get(a[0], a[1]);
    case CLOCK_RES_GET: return clock_res_get(a[0], a[1]);
    case CLOCK_TIME_GET: return clock_time_get(a[0], a[1], a[2]);
    case FD_ADVISE: return fd_advise(a[0], a[1], a[2], a[3]);
    case FD_ALLOCATE: return fd_allocate(a[0], a[1], a[2]);
    case FD_CLOSE: return fd_close(a[0]);
    case FD_DATASYNC: return fd_datasync(a[0]);
    case FD_FDSTAT_GET: return fd_fdstat_get(a[0], a[1]);
    case FD_FDSTAT_SET_FLAGS: return fd_fdstat_set_flags(a[0], a[1]);
    case FD_FDSTAT_SET_RIGHTS: return fd_fdstat_set_rights(a[0], a[1], a[2]);
    case FD_FILESTAT_GET: return fd_filestat_get(a[0], a[1]);
    case FD_FILESTAT_SET_SIZE: return fd_filestat_set_size(a[0], a[1]);
    case FD_FILESTAT_SET_TIMES: return fd_filestat_set_times(a[0], a[1], a[2], a[3]);
    case FD_PREAD: return fd_pread(a[0], a[1], a[2], a[3], a[4]);
    case FD_PRESTAT_GET: return fd_prestat_get(a[0], a[1]);
    case FD_PRESTAT_DIR_NAME: return fd_prestat_dir_name(a[0], a[1], a[2]);
    case FD_PWRITE: return fd_pwrite(a[0], a[1], a[2], a[3], a[4]);
    case FD_READ: return fd_read(a[0], a[1], a[2], a[3]);
    case FD_READDIR: return fd_readdir(a[0], a[1], a[2], a[3], a[4]);
    case FD_RENUMBER: return fd_renumber(a[0], a[1]);
    case FD_SEEK: return fd_seek(a[0], a[1], a[2], a[3]);
    case FD_SYNC: return fd_sync(a[0]);
    case FD_TELL: return fd_tell(a[0], a[1]);
    case FD_WRITE: return fd_write(a[0], a[1], a[2], a[3]);
    case PATH_CREATE_DIRECTORY: return path_create_directory(a[0], a[1], a[2]);
    case PATH_FILESTAT_GET: return path_filestat_get(a[0], a[1], a[2], a[3], a[4]);
    case PATH_FILESTAT_SET_TIMES: return path_filestat_set_times(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    case PATH_LINK: return path_link(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    case PATH_OPEN: return path_open(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
    case PATH_READLINK: return path_readlink(a[0], a[1], a[2], a[3], a[4], a[5]);
    case PATH_REMOVE_DIRECTORY: return path_remove_directory(a[0], a[1], a[2]);
    case PATH_RENAME: return path_rename(a[0], a[1], a[2], a[3], a[4], a[5]);
    case PATH_SYMLINK: return path_symlink(a[0], a[1], a[2], a[3], a[4]);
    case PATH_UNLINK_FILE: return path_unlink_file(a[0], a[1], a[2]);
    case POLL_ONEOFF: return poll_oneoff(a[0], a[1], a[2], a[3]);
    case PROC_EXIT: proc_exit(a[0]); __builtin_trap();
    case PROC_RAISE: return proc_raise(a[0]);
    case SCHED_YIELD: return sched_yield();
    case RANDOM_GET: return random_get(a[0], a[1]);
    case SOCK_ACCEPT: return sock_accept(a[0], a[1], a[2]);
    case SOCK_RECV: return sock_recv(a[0], a[1], a[2], a[3], a[4], a[5]);
    case SOCK_SEND: return sock_send(a[0], a[1], a[2], a[3], a[4]);
    case SOCK_SHUTDOWN: return sock_shutdown(a[0], a[1]);
    }
    __builtin_trap();
}

/* Keeps the cookies of what fd_readdir wrote. */
static void note_cookies(u32 buf, u32 buf_len, u32 used_at) {
    u32 used, from = 0;
    if (buf < ARENA || buf > MEMORY || buf_len > MEMORY - buf || used_at < ARENA || used_at > MEMORY - 4)
        return;
    __builtin_memcpy(&used, (void *)used_at, 4);
    for (cookie_count = 0; cookie_count < COOKIES && used <= buf_len && from + 24 <= used; cookie_count++) {
        u32 length;
        __builtin_memcpy(&length, (void *)(buf + from + 16), 4);
        if (length > used - from - 24)
            return;
        __builtin_memcpy(&cookies[cookie_count], (void *)(buf + from), 8);
        from += 24 + length;
    }
}

static void note(u32 op, const u64 *a, u32 r) {
    switch (op) {
    case PATH_OPEN: opened(r, a[8]); break;
    case SOCK_ACCEPT: opened(r, a[2]); break;
    case FD_RENUMBER: renumbered(a[0], a[1]); break;
    case FD_READDIR: note_cookies(a[1], a[2], a[4]); break;
    }
}

/* Writes one entry of a folder. */
static void entry(const u8 *dirent, u32 length) {
    put16(length);
    put(dirent + 20, 1);
    put(dirent + 8, 8);
    put(dirent + 24, length);
}

/* Reads a folder to its end through a buffer of the size given. In mode 1 each
   entry is removed as soon as it was read; the removal's errno follows it. */
static u32 list(u32 fd, u32 size, u32 mode) {
    static u8 buf[4096];
    u64 cookie = 0;
    if (size > sizeof buf)
        size = sizeof buf;
    for (u32 round = 0; round < 1000; round++) {
        u32 used, from = 0;
        u32 errno = fd_readdir(fd, (u32)buf, size, cookie, (u32)&used);
        if (errno != 0 || used > size)
            return errno ? errno : 0xffff;
        while (from + 24 <= used) {
            u32 length;
            __builtin_memcpy(&length, buf + from + 16, 4);
            if (length > used - from - 24)
                break;
            __builtin_memcpy(&cookie, buf + from, 8);
            entry(buf + from, length);
            if (mode == 1)
                put16(path_unlink_file(fd, (u32)(buf + from + 24), length));
            from += 24 + length;
        }
        if (used < size)
            return 0;
        if (from == 0)
            return 0xfffe; /* not even one entry fits */
    }
    return 0xfffd; /* no end */
}

static void step(void) {
    u64 a[MAX_ARGS];
    u32 op = byte(), result;
    if (op > SPIN)
        __builtin_trap();
    u32 r = byte();
    for (u32 i = 0; i < arity[op]; i++)
        a[i] = argument();
    u32 loads = at;
    preload(0);
    if (cautious || op == PROC_EXIT || op == PROC_RAISE || op >= TRAP)
        flush();
    switch (op) {
    case TRAP: __builtin_trap();
    case SPIN:
        for (;;)
            __asm__ volatile("");
    case LIST:
        result = list(a[0], a[1], a[2]);
        put16(0xffff);
        put32(result);
        return;
    }
    result = call(op, a);
    put32(result);
    if (result == 0)
        note(op, a, r);
    changes();
    at = loads;
    preload(1);
}

__attribute__((export_name("_start"))) void start(void) {
    load();
    for (u32 i = 0; i < REGISTERS; i++)
        registers[i] = i < 3 ? i : i == 3 ? root : FRESH + i;
    __builtin_memset(arena(), 0xa5, ARENA_SIZE);
    __builtin_memset(shadow, 0xa5, ARENA_SIZE);
    while (at < script_end)
        step();
    flush();
}
