/* path_rename: what it moves onto what. */
#include "wasi.h"

static struct filestat st;
static u32 n;
static char buf[16];

/* f, g: files; d: folder with a file; e: empty folder; l: link to f. */
static void setup(void) {
    make_file(A, "f", "f");
    make_file(A, "g", "gg");
    make_dir(A, "d");
    make_file(A, "d/in", "in");
    make_dir(A, "e");
    make_link(A, "l", "f");
}

#define MOVE(what, from, to, want) report("path_rename " what, path_rename(A, P(from), A, P(to)), want)

static void files(void) {
    u64 ino = ino_of(A, "f");
    MOVE("file to a new name", "f", "f2", OK);
    V("path_rename file to a new name: the old one", type_of(A, "f"), 0);
    YES("path_rename file to a new name: same file", ino_of(A, "f2") == ino);
    MOVE("file back", "f2", "f", OK);
    MOVE("file to itself", "f", "f", OK);
    contents("path_rename file to itself: the file", A, "f", "f");
    MOVE("file to itself by another path", "f", "d/../f", OK);
    contents("path_rename by another path: the file", A, "f", "f");
    u32 fd = open_file(A, "g", 0, RW, 0);
    MOVE("file onto a file", "f", "g", OK);
    contents("path_rename file onto a file: the new one", A, "g", "f");
    V("path_rename file onto a file: the old name", type_of(A, "f"), 0);
    T(fd_read, "replaced file", (fd, BUF(buf, 16), &n), OK);
    S("fd_read replaced file gives", buf, n, "gg");
    must("stat", fd_filestat_get(fd, &st));
    V("path_rename replaced file: links", st.nlink, 0);
    must("close", fd_close(fd));
    make_file(A, "f", "f");
    fd = open_file(A, "f", 0, RW, 0);
    MOVE("open file", "f", "h", OK);
    T(fd_write, "renamed file", (fd, TEXT("h"), &n), OK);
    contents("fd_write renamed file gives", A, "h", "h");
    must("close", fd_close(fd));
    MOVE("file back again", "h", "f", OK);
    must("link", path_link(A, 0, P("f"), A, P("same")));
    MOVE("onto another name of the same file", "f", "same", OK);
    V("path_rename same file: both names stay", links_of(A, "f") + links_of(A, "same"), 4);
    must("unlink", path_unlink_file(A, P("same")));
    MOVE("missing", "none", "x", NOENT);
    MOVE("missing onto a file", "none", "f", NOENT);
    MOVE("to a missing folder", "f", "none/f", NOENT);
    MOVE("to below a file", "f", "g/f", NOTDIR);
    MOVE("from below a file", "f/x", "y", NOTDIR);
    MOVE("file onto a directory", "f", "e", ISDIR);
    MOVE("file onto a full directory", "f", "d", OR3(ISDIR, NOTEMPTY, EXIST));
    MOVE("file into a directory", "f", "e/f", OK);
    MOVE("file out of a directory", "e/f", "f", OK);
}

static void directories(void) {
    u64 ino = ino_of(A, "d");
    MOVE("directory to a new name", "d", "d2", OK);
    YES("path_rename directory: same directory", ino_of(A, "d2") == ino);
    contents("path_rename directory: content", A, "d2/in", "in");
    MOVE("directory back", "d2", "d", OK);
    MOVE("directory to itself", "d", "d", OK);
    contents("path_rename directory to itself: content", A, "d/in", "in");
    MOVE("directory onto a file", "d", "f", NOTDIR);
    MOVE("directory onto a full directory", "e", "d", OR(NOTEMPTY, EXIST));
    MOVE("directory onto an empty directory", "d", "e", OK);
    contents("path_rename directory onto an empty one: content", A, "e/in", "in");
    MOVE("directory back once more", "e", "d", OK);
    make_dir(A, "e");
    MOVE("directory into itself", "d", "d/sub", INVAL);
    make_dir(A, "d/sub");
    MOVE("directory into its own subtree", "d", "d/sub/x", INVAL);
    contents("path_rename directory into itself: content", A, "d/in", "in");
    MOVE("directory onto its parent", "d/sub", "d", OR(NOTEMPTY, EXIST));
    MOVE("directory to a new parent", "d/sub", "e/sub", OK);
    u32 sub = open_dir(A, "e/sub");
    T(path_filestat_get, "dot dot after rename, within", (A, 0, P("e/sub/../sub"), &st), OK);
    YES("path_rename directory: dot dot is the new parent", ino_of(A, "e/sub/..") == ino_of(A, "e"));
    MOVE("open directory", "e/sub", "d/sub", OK);
    T(path_create_directory, "in a renamed directory", (sub, P("made")), OK);
    V("path_rename open directory: made in it", type_of(A, "d/sub/made"), DIR);
    must("close", fd_close(sub));
    MOVE("dot", ".", "x", OR(INVAL, BUSY));
    MOVE("dot dot below", "d/..", "x", OR3(INVAL, BUSY, NOTEMPTY));
    MOVE("onto dot", "e", ".", OR4(INVAL, BUSY, NOTEMPTY, EXIST));
    MOVE("onto dot below", "e", "d/.", OR4(INVAL, BUSY, NOTEMPTY, EXIST));
    MOVE("directory's dot", "d/.", "x", OR(INVAL, BUSY));
}

static void links(void) {
    MOVE("link to a new name", "l", "m", OK);
    V("path_rename link: is still a link", type_of(A, "m"), LINK);
    V("path_rename link: the target stays", type_of(A, "f"), REG);
    MOVE("file onto a link", "g", "m", OK);
    V("path_rename file onto a link: replaces the link", type_of(A, "m"), REG);
    contents("path_rename file onto a link: the target", A, "f", "h");
    make_link(A, "l", "f");
    MOVE("link onto its target", "l", "f", OK);
    V("path_rename link onto its target: a link now", type_of(A, "f"), LINK);
    make_link(A, "to-d", "d");
    MOVE("through a link to a directory", "to-d/in", "to-d/in2", OK);
    contents("path_rename through a link", A, "d/in2", "in");
    MOVE("directory onto a link to a directory", "e", "to-d", NOTDIR);
    MOVE("link onto a directory", "to-d", "e", ISDIR);
}

static void descriptors(void) {
    make_file(A, "x", "x");
    T(path_rename, "from closed", (CLOSED, P("x"), A, P("y")), BADF);
    T(path_rename, "to closed", (A, P("x"), CLOSED, P("y")), BADF);
    u32 file = open_file(A, "x", 0, RW, 0), d = open_dir(A, "d");
    T(path_rename, "from a file's descriptor", (file, P("x"), A, P("y")), OR3(NOTDIR, BADF, NOTCAPABLE));
    T(path_rename, "to a file's descriptor", (A, P("x"), file, P("y")), OR3(NOTDIR, BADF, NOTCAPABLE));
    T(path_rename, "to an opened directory", (A, P("x"), d, P("x")), OK);
    contents("path_rename to an opened directory: the file", A, "d/x", "x");
    T(path_rename, "to another preopen", (A, P("d/x"), B, P("x")), OR(OK, XDEV));
    YES("path_rename to another preopen: in one of both", (type_of(A, "d/x") == REG) != (type_of(B, "x") == REG));
    V("path_rename to another preopen: there", type_of(B, "x"), REG);
    must("close", fd_close(d));
    must("close", fd_close(file));
}

START {
    setup();
    files();
    directories();
    links();
    descriptors();
}
