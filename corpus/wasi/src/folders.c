/* Making and removing folders, files and links. */
#include "wasi.h"

static struct filestat st;
static char buf[32];
static u32 n;

static void directories(void) {
    T(path_create_directory, "new", (A, P("d")), OK);
    T(path_filestat_get, "new directory", (A, 0, P("d"), &st), OK);
    V("path_filestat_get new directory: type", st.type, DIR);
    YES("path_filestat_get new directory: has links", st.nlink >= 1);
    T(path_create_directory, "existing directory", (A, P("d")), EXIST);
    T(path_create_directory, "existing file", (A, P("f")), EXIST);
    T(path_create_directory, "existing link", (A, P("to-f")), EXIST);
    T(path_create_directory, "dangling link", (A, P("to-none")), EXIST);
    T(path_create_directory, "missing parent", (A, P("none/d")), NOENT);
    T(path_create_directory, "below a file", (A, P("f/d")), NOTDIR);
    T(path_create_directory, "below a link to a directory", (A, P("to-d/sub")), OK);
    V("path_create_directory below a link: made in the directory", type_of(A, "d/sub"), DIR);
    T(path_create_directory, "dot", (A, P(".")), EXIST);
    T(path_create_directory, "dot below", (A, P("d/.")), EXIST);
    T(path_create_directory, "dot dot below", (A, P("d/..")), EXIST);
    T(path_create_directory, "closed", (CLOSED, P("x")), BADF);
    T(path_remove_directory, "not empty", (A, P("d")), NOTEMPTY);
    T(path_remove_directory, "missing", (A, P("none")), NOENT);
    T(path_remove_directory, "file", (A, P("f")), NOTDIR);
    T(path_remove_directory, "link to a directory", (A, P("to-d")), NOTDIR);
    T(path_remove_directory, "dot", (A, P(".")), INVAL);
    T(path_remove_directory, "dot below", (A, P("d/sub/.")), INVAL);
    T(path_remove_directory, "dot dot below", (A, P("d/sub/..")), OR(NOTEMPTY, INVAL));
    T(path_remove_directory, "below a file", (A, P("f/d")), NOTDIR);
    T(path_remove_directory, "closed", (CLOSED, P("d")), BADF);
    T(path_remove_directory, "empty", (A, P("d/sub")), OK);
    T(path_remove_directory, "again", (A, P("d/sub")), NOENT);
}

/* A folder that is removed while it is open. */
static void busy(void) {
    make_dir(A, "open");
    u32 fd = open_dir(A, "open");
    T(path_remove_directory, "open", (A, P("open")), OR(OK, BUSY));
    u32 got = CLOSED;
    T(path_open, "in a removed directory, creat", (fd, 0, P("x"), CREAT, RW, 0, 0, &got), NOENT);
    T(path_create_directory, "in a removed directory", (fd, P("x")), NOENT);
    T(fd_filestat_get, "removed directory", (fd, &st), OK);
    T(path_create_directory, "name of a removed directory", (A, P("open")), OK);
    T(path_filestat_get, "in a removed directory", (fd, 0, P("x"), &st), NOENT);
    must("close", fd_close(fd));
    must("remove", path_remove_directory(A, P("open")));
}

static void unlinking(void) {
    T(path_unlink_file, "missing", (A, P("none")), NOENT);
    T(path_unlink_file, "directory", (A, P("d")), OR(ISDIR, PERM));
    T(path_unlink_file, "dot", (A, P(".")), OR3(ISDIR, PERM, INVAL));
    T(path_unlink_file, "dot dot below", (A, P("d/..")), OR3(ISDIR, PERM, INVAL));
    T(path_unlink_file, "below a file", (A, P("f/x")), NOTDIR);
    T(path_unlink_file, "closed", (CLOSED, P("f")), BADF);
    make_link(A, "gone", "f");
    T(path_unlink_file, "link", (A, P("gone")), OK);
    V("path_unlink_file link leaves the target", type_of(A, "f"), REG);
    make_file(A, "u", "12345");
    u32 fd = open_file(A, "u", 0, RW, 0);
    T(path_unlink_file, "open file", (A, P("u")), OK);
    T(fd_filestat_get, "unlinked", (fd, &st), OK);
    stat_line("fd_filestat_get unlinked gives", &st, "reg nlink 0 size 5");
    T(fd_write, "unlinked", (fd, TEXT("abc"), &n), OK);
    T(fd_pread, "unlinked", (fd, BUF(buf, 8), 0, &n), OK);
    S("fd_pread unlinked gives", buf, n, "abc45");
    T(path_filestat_get, "unlinked name", (A, 0, P("u"), &st), NOENT);
    make_file(A, "u", "new");
    contents("the name is free at once", A, "u", "new");
    must("stat", fd_filestat_get(fd, &st));
    YES("a new file is another one", st.ino != ino_of(A, "u"));
    T(fd_close, "unlinked", (fd), OK);
    contents("closing the old one leaves the new", A, "u", "new");
    T(path_unlink_file, "last", (A, P("u")), OK);
    T(path_unlink_file, "again", (A, P("u")), NOENT);
}

static void hard_links(void) {
    T(path_link, "new name", (A, 0, P("f"), A, P("g")), OK);
    V("path_link new name: links", links_of(A, "g"), 2);
    YES("path_link new name: same file", ino_of(A, "f") == ino_of(A, "g"));
    make_file(A, "g", "other text");
    contents("written through the other name", A, "f", "other text");
    T(path_link, "existing", (A, 0, P("f"), A, P("g")), EXIST);
    T(path_link, "to itself", (A, 0, P("f"), A, P("f")), EXIST);
    T(path_link, "to a directory", (A, 0, P("f"), A, P("d")), EXIST);
    T(path_link, "to a dangling link", (A, 0, P("f"), A, P("to-none")), EXIST);
    T(path_link, "from missing", (A, 0, P("none"), A, P("h")), NOENT);
    T(path_link, "to missing parent", (A, 0, P("f"), A, P("none/h")), NOENT);
    T(path_link, "to below a file", (A, 0, P("f"), A, P("g/h")), NOTDIR);
    T(path_link, "from a directory", (A, 0, P("d"), A, P("h")), OR(PERM, ACCES));
    T(path_link, "from a link", (A, 0, P("to-f"), A, P("h")), OK);
    V("path_link from a link: links the link", type_of(A, "h"), LINK);
    V("path_link from a link: links", links_of(A, "to-f"), 2);
    T(path_link, "follow", (A, FOLLOW, P("to-f"), A, P("i")), OR3(OK, INVAL, NOENT));
    T(path_link, "from closed", (CLOSED, 0, P("f"), A, P("k")), BADF);
    T(path_link, "to closed", (A, 0, P("f"), CLOSED, P("k")), BADF);
    T(path_link, "to another folder", (A, 0, P("f"), A, P("d/f")), OK);
    must("unlink", path_unlink_file(A, P("d/f")));
    must("unlink", path_unlink_file(A, P("f")));
    contents("the file lives under its other name", A, "g", "other text");
    must("link", path_link(A, 0, P("g"), A, P("f")));
}

static void symbolic_links(void) {
    T(path_symlink, "new", (P("f"), A, P("s")), OK);
    T(path_filestat_get, "link", (A, 0, P("s"), &st), OK);
    stat_line("path_filestat_get link gives", &st, "link nlink 1 size 1");
    T(path_filestat_get, "link follow", (A, FOLLOW, P("s"), &st), OK);
    V("path_filestat_get link follow: type", st.type, REG);
    T(path_symlink, "existing file", (P("f"), A, P("f")), EXIST);
    T(path_symlink, "existing link", (P("f"), A, P("s")), EXIST);
    T(path_symlink, "existing directory", (P("f"), A, P("d")), EXIST);
    T(path_symlink, "dangling", (P("no/such"), A, P("t")), OK);
    T(path_symlink, "missing parent", (P("f"), A, P("none/s")), NOENT);
    T(path_symlink, "below a file", (P("f"), A, P("f/s")), NOTDIR);
    T(path_symlink, "closed", (P("f"), CLOSED, P("s")), BADF);
    T(path_readlink, "link", (A, P("s"), buf, 32, &n), OK);
    S("path_readlink link gives", buf, n, "f");
    fill(buf, 'x', 32);
    T(path_readlink, "dangling", (A, P("t"), buf, 32, &n), OK);
    V("path_readlink dangling: count", n, 7);
    S("path_readlink dangling gives, no NUL", buf, 8, "no/suchx");
    fill(buf, 'x', 32);
    T(path_readlink, "buffer of 4", (A, P("t"), buf, 4, &n), OK);
    V("path_readlink buffer of 4: count", n, 4);
    S("path_readlink buffer of 4 gives", buf, 5, "no/sx");
    T(path_readlink, "buffer of 0", (A, P("t"), buf, 0, &n), OR(OK, INVAL));
    T(path_readlink, "file", (A, P("f"), buf, 32, &n), INVAL);
    T(path_readlink, "directory", (A, P("d"), buf, 32, &n), INVAL);
    T(path_readlink, "missing", (A, P("none"), buf, 32, &n), NOENT);
    T(path_readlink, "closed", (CLOSED, P("s"), buf, 32, &n), BADF);
    T(path_readlink, "through a link to a directory", (A, P("to-d/inner"), buf, 32, &n), OK);
    S("path_readlink through a link gives", buf, n, "../f");
}

START {
    make_file(A, "f", "12345");
    make_link(A, "to-f", "f");
    make_link(A, "to-d", "d");
    make_link(A, "to-none", "none");
    directories();
    make_link(A, "d/inner", "../f");
    busy();
    unlinking();
    hard_links();
    symbolic_links();
}
