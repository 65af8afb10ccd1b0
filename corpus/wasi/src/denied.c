/* Each call without the right that it needs, where rights can be taken away. */
#include "wasi.h"

static struct fdstat st;
static struct filestat fst;
static u32 n;
static u64 pos;
static u8 buf[64];

/* Takes rights away from a new descriptor on the file. */
static u32 without(u64 rights) {
    u32 fd = open_file(A, "f", 0, RW, 0);
    must("fd_fdstat_get", fd_fdstat_get(fd, &st));
    must("fd_fdstat_set_rights", fd_fdstat_set_rights(fd, st.base & ~rights, st.inheriting));
    return fd;
}

/* What a call needs cannot be had any more. */
#define DENIED(right, function, what, args)        \
    do {                                           \
        u32 fd = without(R(right));                \
        T(function, what, args, OR(NOTCAPABLE, BADF)); \
        must("close", fd_close(fd));               \
    } while (0)

static void of_files(void) {
    DENIED(FD_READ, fd_read, "without fd_read", (fd, BUF(buf, 1), &n));
    DENIED(FD_READ, fd_pread, "without fd_read", (fd, BUF(buf, 1), 0, &n));
    DENIED(FD_SEEK, fd_pread, "without fd_seek", (fd, BUF(buf, 1), 0, &n));
    DENIED(FD_WRITE, fd_write, "without fd_write", (fd, TEXT("x"), &n));
    DENIED(FD_WRITE, fd_pwrite, "without fd_write", (fd, TEXT("x"), 0, &n));
    DENIED(FD_SEEK, fd_pwrite, "without fd_seek", (fd, TEXT("x"), 0, &n));
    DENIED(FD_SEEK, fd_seek, "without fd_seek", (fd, 0, SET, &pos));
    DENIED(FD_SYNC, fd_sync, "without fd_sync", (fd));
    DENIED(FD_DATASYNC, fd_datasync, "without fd_datasync", (fd));
    DENIED(FD_ADVISE, fd_advise, "without fd_advise", (fd, 0, 0, 0));
    DENIED(FD_SET_FLAGS, fd_fdstat_set_flags, "without fd_fdstat_set_flags", (fd, APPEND));
    DENIED(FD_SET_SIZE, fd_filestat_set_size, "without fd_filestat_set_size", (fd, 1));
    DENIED(FD_SET_TIMES, fd_filestat_set_times, "without fd_filestat_set_times", (fd, 0, 0, ATIM));
    /* What was opened with no rights at all can still be asked what it is. */
    u32 fd = without(R(FD_FILESTAT_GET));
    T(fd_filestat_get, "without fd_filestat_get", (fd, &fst), OR3(OK, NOTCAPABLE, BADF));
    must("close", fd_close(fd));
    fd = without(R(FD_ALLOCATE));
    T(fd_allocate, "without fd_allocate", (fd, 0, 100), OR3(NOTCAPABLE, BADF, NOTSUP));
    must("close", fd_close(fd));
    fd = without(R(FD_SEEK) | R(FD_TELL));
    T(fd_tell, "without fd_tell", (fd, &pos), OR(NOTCAPABLE, BADF));
    must("close", fd_close(fd));
    fd = without(R(FD_TELL));
    T(fd_tell, "with fd_seek only", (fd, &pos), OK);
    must("close", fd_close(fd));
    fd = without(R(FD_SEEK));
    T(fd_seek, "cur 0 with fd_tell only", (fd, 0, CUR, &pos), OK);
    T(fd_seek, "cur 1 with fd_tell only", (fd, 1, CUR, &pos), OR(NOTCAPABLE, BADF));
    must("close", fd_close(fd));
    V("rights: the file is as it was", size_of(A, "f"), 10);
}

static u32 dir_without(u64 base, u64 inheriting) {
    u32 fd = open_dir(A, "d");
    must("fd_fdstat_get", fd_fdstat_get(fd, &st));
    must("fd_fdstat_set_rights", fd_fdstat_set_rights(fd, st.base & ~base, st.inheriting & ~inheriting));
    return fd;
}

#define DENIED_DIR(right, function, what, args)    \
    do {                                           \
        u32 fd = dir_without(R(right), 0);         \
        T(function, what, args, OR(NOTCAPABLE, BADF)); \
        must("close", fd_close(fd));               \
    } while (0)

static void of_directories(void) {
    u32 got = CLOSED;
    DENIED_DIR(P_OPEN, path_open, "without path_open", (fd, 0, P("in"), 0, READ, 0, 0, &got));
    DENIED_DIR(P_CREATE_FILE, path_open, "creat without path_create_file", (fd, 0, P("new"), CREAT, RW, 0, 0, &got));
    DENIED_DIR(P_CREATE_DIRECTORY, path_create_directory, "without the right", (fd, P("new")));
    DENIED_DIR(FD_READDIR, fd_readdir, "without the right", (fd, buf, 64, 0, &n));
    DENIED_DIR(P_READLINK, path_readlink, "without the right", (fd, P("link"), buf, 64, &n));
    DENIED_DIR(P_RENAME_SOURCE, path_rename, "without path_rename_source", (fd, P("in"), fd, P("new")));
    DENIED_DIR(P_RENAME_TARGET, path_rename, "without path_rename_target", (fd, P("in"), fd, P("new")));
    DENIED_DIR(P_LINK_SOURCE, path_link, "without path_link_source", (fd, 0, P("in"), fd, P("new")));
    DENIED_DIR(P_LINK_TARGET, path_link, "without path_link_target", (fd, 0, P("in"), fd, P("new")));
    DENIED_DIR(P_FILESTAT_GET, path_filestat_get, "without the right", (fd, 0, P("in"), &fst));
    DENIED_DIR(P_SET_TIMES, path_filestat_set_times, "without the right", (fd, 0, P("in"), 0, 0, ATIM));
    DENIED_DIR(P_SYMLINK, path_symlink, "without the right", (P("in"), fd, P("new")));
    DENIED_DIR(P_REMOVE_DIRECTORY, path_remove_directory, "without the right", (fd, P("e")));
    DENIED_DIR(P_UNLINK, path_unlink_file, "without the right", (fd, P("in")));
    u32 fd = dir_without(R(P_SET_SIZE), 0);
    T(path_open, "trunc without path_filestat_set_size", (fd, 0, P("in"), TRUNC, WRITE, 0, 0, &got), OR3(NOTCAPABLE, PERM, BADF));
    V("rights: the file is not cut", size_of(A, "d/in"), 2);
    must("close", fd_close(fd));
}

/* What a directory does not pass on, nothing opened through it can have. */
static void inherited(void) {
    u32 fd = dir_without(0, R(FD_WRITE)), in = CLOSED;
    u32 errno = path_open(fd, 0, P("in"), 0, RW, 0, 0, &in);
    T(path_open, "more than is inherited", (fd, 0, P("in"), 0, RW, 0, 0, &in), OR(OK, NOTCAPABLE));
    if (errno == OK)
        T(fd_write, "not inherited", (in, TEXT("x"), &n), OR(NOTCAPABLE, BADF));
    T(path_open, "what is inherited", (fd, 0, P("in"), 0, READ, 0, 0, &in), OK);
    T(fd_read, "inherited", (in, BUF(buf, 1), &n), OK);
    V("rights: nothing was written", size_of(A, "d/in"), 2);
}

START {
    make_file(A, "f", "0123456789");
    make_dir(A, "d");
    make_dir(A, "d/e");
    make_file(A, "d/in", "in");
    make_link(A, "d/link", "in");
    u32 errno = fd_fdstat_set_rights(open_file(A, "f", 0, RW, 0), 0, 0);
    report("fd_fdstat_set_rights takes rights away", errno, OK);
    if (errno != OK)
        return;
    of_files();
    of_directories();
    inherited();
}
