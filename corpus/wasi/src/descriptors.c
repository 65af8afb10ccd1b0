/* More descriptors than there can be: a canister has 1,024. */
#include "wasi.h"

enum { MOST = 1024 - 5 }; /* three streams and two folders are open */

static u32 fds[MOST + 1], opened;

static u32 try_open(u32 oflags, const char *path) {
    return path_open(A, 0, path, length(path), oflags, READ, 0, 0, &fds[opened]);
}

static u32 open_all(void) {
    u32 errno = OK;
    while (opened <= MOST && (errno = try_open(0, "f")) == OK)
        opened++;
    return errno;
}

static void too_many(void) {
    u32 n = 0;
    char c = 0;
    report("path_open until it fails", open_all(), MFILE);
    V("path_open until it fails: opened", opened, MOST);
    fds[opened] = 77;
    T(try_open, "once more", (0, "f"), MFILE);
    V("try_open once more: result", fds[opened], 77);
    T(try_open, "creat", (CREAT, "new"), MFILE);
    V("try_open creat: made nothing", links_of(A, "new"), 0);
    T(try_open, "trunc", (TRUNC, "f"), MFILE);
    V("try_open trunc: size", size_of(A, "f"), 1);
    T(try_open, "directory", (DIRECTORY, "."), MFILE);
    T(try_open, "missing", (0, "missing"), OR(MFILE, NOENT));
    T(fd_read, "last descriptor", (fds[opened - 1], BUF(&c, 1), &n), OK);
    V("fd_read last descriptor: byte", c, 'x');
    T(path_create_directory, "none left", (A, P("d")), OK);
    T(path_remove_directory, "none left", (A, P("d")), OK);
}

static void recovered(void) {
    u32 middle = fds[500];
    T(fd_close, "one in the middle", (middle), OK);
    T(try_open, "after a close", (0, "f"), OK);
    V("try_open after a close: the lowest number", fds[opened], middle);
    T(try_open, "once more after a close", (0, "f"), MFILE);
    T(fd_renumber, "one onto another", (fds[7], fds[8]), OK);
    T(try_open, "after renumbering", (0, "f"), OK);
    V("try_open after renumbering: the lowest number", fds[opened], fds[7]);
    T(try_open, "once more after renumbering", (0, "f"), MFILE);
    T(path_unlink_file, "open 1019 times", (A, P("f")), OK);
    for (u32 i = 0; i < opened; i++)
        must("fd_close", fd_close(fds[i]));
    make_file(A, "f", "x");
    u32 before = opened;
    opened = 0;
    report("path_open anew until it fails", open_all(), MFILE);
    V("path_open anew until it fails: opened", opened, before);
}

START {
    make_file(A, "f", "x");
    too_many();
    recovered();
}
