/* Times and the other attributes of files, folders and links. */
#include "wasi.h"

static struct filestat st, before;

#define SECOND 1000000000ull

static u64 now(void) {
    u64 t = 0;
    must("clock_time_get", clock_time_get(REALTIME, 0, &t));
    return t;
}

/* Within a minute, as file systems have clocks of their own. */
static int recent(u64 t) { return t + 60 * SECOND > now() && t < now() + 60 * SECOND; }

static void attributes(void) {
    make_file(A, "f", "12345");
    make_dir(A, "d");
    make_link(A, "l", "f");
    T(path_filestat_get, "file", (A, 0, P("f"), &st), OK);
    stat_line("path_filestat_get file gives", &st, "reg nlink 1 size 5");
    YES("path_filestat_get file: inode", st.ino != 0);
    YES("path_filestat_get file: times are now", recent(st.atim) && recent(st.mtim) && recent(st.ctim));
    T(path_filestat_get, "directory", (A, 0, P("d"), &before), OK);
    V("path_filestat_get directory: type", before.type, DIR);
    YES("path_filestat_get directory: other inode", before.ino != st.ino);
    YES("path_filestat_get directory: same device", before.dev == st.dev);
    T(path_filestat_get, "dot", (A, 0, P("."), &before), OK);
    T(fd_filestat_get, "preopen", (A, &st), OK);
    YES("fd_filestat_get preopen: inode of dot", st.ino == before.ino && st.dev == before.dev);
    T(path_filestat_get, "missing", (A, 0, P("none"), &st), NOENT);
    T(path_filestat_get, "below a file", (A, 0, P("f/x"), &st), NOTDIR);
    T(path_filestat_get, "dangling follow", (A, FOLLOW, P("dangling"), &st), NOENT);
    T(path_filestat_get, "closed", (CLOSED, 0, P("f"), &st), BADF);
    u32 fd = open_file(A, "f", 0, RW, 0);
    must("stat", fd_filestat_get(fd, &st));
    YES("fd_filestat_get: inode of the name", st.ino == ino_of(A, "f"));
    T(path_filestat_get, "in a file", (fd, 0, P("x"), &st), OR3(NOTDIR, BADF, NOTCAPABLE));
    must("close", fd_close(fd));
}

static void with_descriptor(void) {
    u32 fd = open_file(A, "f", 0, RW, 0);
    T(fd_filestat_set_times, "both", (fd, 5 * SECOND, 7 * SECOND, ATIM | MTIM), OK);
    must("stat", fd_filestat_get(fd, &st));
    V("fd_filestat_set_times both: atim", st.atim, 5 * SECOND);
    V("fd_filestat_set_times both: mtim", st.mtim, 7 * SECOND);
    YES("fd_filestat_set_times both: ctim is now", recent(st.ctim));
    T(fd_filestat_set_times, "atim", (fd, 9 * SECOND, 1, ATIM), OK);
    must("stat", fd_filestat_get(fd, &st));
    V("fd_filestat_set_times atim: atim", st.atim, 9 * SECOND);
    V("fd_filestat_set_times atim: mtim", st.mtim, 7 * SECOND);
    T(fd_filestat_set_times, "mtim", (fd, 1, 11 * SECOND, MTIM), OK);
    must("stat", fd_filestat_get(fd, &st));
    V("fd_filestat_set_times mtim: atim", st.atim, 9 * SECOND);
    V("fd_filestat_set_times mtim: mtim", st.mtim, 11 * SECOND);
    T(fd_filestat_set_times, "neither", (fd, 1, 1, 0), OK);
    T(fd_filestat_set_times, "atim twice", (fd, 1, 1, ATIM | ATIM_NOW), INVAL);
    T(fd_filestat_set_times, "mtim twice", (fd, 1, 1, MTIM | MTIM_NOW), INVAL);
    T(fd_filestat_set_times, "atim, and mtim twice", (fd, 1, 1, ATIM | MTIM | MTIM_NOW), INVAL);
    must("stat", fd_filestat_get(fd, &st));
    V("fd_filestat_set_times failed: atim", st.atim, 9 * SECOND);
    V("fd_filestat_set_times failed: mtim", st.mtim, 11 * SECOND);
    T(fd_filestat_set_times, "nanoseconds", (fd, 0, SECOND + 123456789, ATIM | MTIM), OK);
    must("stat", fd_filestat_get(fd, &st));
    V("fd_filestat_set_times nanoseconds: atim", st.atim, 0);
    V("fd_filestat_set_times nanoseconds: mtim", st.mtim, SECOND + 123456789);
    T(fd_filestat_set_times, "atim now", (fd, 1, 1, ATIM_NOW), OK);
    must("stat", fd_filestat_get(fd, &st));
    YES("fd_filestat_set_times atim now: atim", recent(st.atim));
    V("fd_filestat_set_times atim now: mtim", st.mtim, SECOND + 123456789);
    T(fd_filestat_set_times, "mtim now, atim set", (fd, SECOND, 1, ATIM | MTIM_NOW), OK);
    must("stat", fd_filestat_get(fd, &st));
    V("fd_filestat_set_times mtim now, atim set: atim", st.atim, SECOND);
    YES("fd_filestat_set_times mtim now, atim set: mtim", recent(st.mtim));
    T(fd_filestat_set_times, "directory", (A, SECOND, SECOND, ATIM | MTIM), OK);
    T(fd_filestat_set_times, "closed", (CLOSED, 0, 0, 0), BADF);
    must("close", fd_close(fd));
}

static void with_path(void) {
    T(path_filestat_set_times, "file", (A, 0, P("f"), 2 * SECOND, 3 * SECOND, ATIM | MTIM), OK);
    must("stat", path_filestat_get(A, 0, P("f"), &st));
    YES("path_filestat_set_times file: atim", st.atim == 2 * SECOND);
    YES("path_filestat_set_times file: mtim", st.mtim == 3 * SECOND);
    T(path_filestat_set_times, "directory", (A, 0, P("d"), 2 * SECOND, 3 * SECOND, ATIM | MTIM), OK);
    must("stat", path_filestat_get(A, 0, P("d"), &st));
    YES("path_filestat_set_times directory: mtim", st.mtim == 3 * SECOND);
    T(path_filestat_set_times, "link", (A, 0, P("l"), 4 * SECOND, 5 * SECOND, ATIM | MTIM), OK);
    must("stat", path_filestat_get(A, 0, P("l"), &st));
    YES("path_filestat_set_times link: mtim of the link", st.mtim == 5 * SECOND);
    must("stat", path_filestat_get(A, 0, P("f"), &st));
    YES("path_filestat_set_times link: mtim of the file", st.mtim == 3 * SECOND);
    T(path_filestat_set_times, "link follow", (A, FOLLOW, P("l"), 6 * SECOND, 7 * SECOND, ATIM | MTIM), OK);
    must("stat", path_filestat_get(A, 0, P("f"), &st));
    YES("path_filestat_set_times link follow: mtim of the file", st.mtim == 7 * SECOND);
    T(path_filestat_set_times, "now", (A, 0, P("f"), 1, 1, ATIM_NOW | MTIM_NOW), OK);
    must("stat", path_filestat_get(A, 0, P("f"), &st));
    YES("path_filestat_set_times now: both", recent(st.atim) && recent(st.mtim));
    T(path_filestat_set_times, "twice", (A, 0, P("f"), 1, 1, ATIM | ATIM_NOW), INVAL);
    T(path_filestat_set_times, "missing", (A, 0, P("none"), 1, 1, ATIM), NOENT);
    T(path_filestat_set_times, "below a file", (A, 0, P("f/x"), 1, 1, ATIM), NOTDIR);
    T(path_filestat_set_times, "closed", (CLOSED, 0, P("f"), 1, 1, ATIM), BADF);
}

static u64 mtim(const char *path) {
    struct filestat s = {0};
    must("stat", path_filestat_get(A, 0, path, length(path), &s));
    return s.mtim;
}

static void age(const char *path) {
    must("age", path_filestat_set_times(A, 0, path, length(path), SECOND, SECOND, ATIM | MTIM));
}

/* What changes a file or folder makes it new. */
static void changes(void) {
    u32 n = 0, fd = open_file(A, "f", 0, RW, 0);
    age("f");
    must("write", fd_write(fd, TEXT("x"), &n));
    YES("mtim after fd_write", recent(mtim("f")));
    age("f");
    must("write", fd_pwrite(fd, TEXT("x"), 1, &n));
    YES("mtim after fd_pwrite", recent(mtim("f")));
    age("f");
    must("size", fd_filestat_set_size(fd, 2));
    YES("mtim after fd_filestat_set_size", recent(mtim("f")));
    age("f");
    u8 byte;
    must("read", fd_pread(fd, BUF(&byte, 1), 0, &n));
    YES("mtim after fd_pread", mtim("f") == SECOND);
    must("close", fd_close(fd));
    fd = open_file(A, "f", TRUNC, WRITE, 0);
    YES("mtim after trunc", recent(mtim("f")));
    must("close", fd_close(fd));
    age("d");
    make_file(A, "d/new", "");
    YES("mtim of a folder after a file is made", recent(mtim("d")));
    age("d");
    must("rename", path_rename(A, P("d/new"), A, P("d/new2")));
    YES("mtim of a folder after a rename", recent(mtim("d")));
    age("d");
    must("unlink", path_unlink_file(A, P("d/new2")));
    YES("mtim of a folder after an unlink", recent(mtim("d")));
    age("d");
    make_dir(A, "d/sub");
    YES("mtim of a folder after a folder is made", recent(mtim("d")));
    age("d");
    must("rmdir", path_remove_directory(A, P("d/sub")));
    YES("mtim of a folder after a folder is removed", recent(mtim("d")));
    age("f");
    must("link", path_link(A, 0, P("f"), A, P("g")));
    YES("mtim after path_link", mtim("f") == SECOND);
}

START {
    attributes();
    with_descriptor();
    with_path();
    changes();
}
