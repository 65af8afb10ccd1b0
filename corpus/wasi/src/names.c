/* Names and paths: too long, outside, through links, with a slash at the end. */
#include "wasi.h"

static char name[300], path[70000];
static struct filestat st;

static u32 stat(u32 lookup, const char *p, u32 n) { return path_filestat_get(A, lookup, p, n, &st); }

/* Every call that takes a path, on the same one. */
static void every(const char *const labels[], const char *p, u32 n, u32 want) {
    u8 buf[8];
    u32 got = 0;
    report(labels[0], path_filestat_get(A, 0, p, n, &st), want);
    report(labels[1], path_open(A, 0, p, n, 0, READ, 0, 0, &got), want);
    report(labels[2], path_create_directory(A, p, n), want);
    report(labels[3], path_unlink_file(A, p, n), want);
    report(labels[4], path_remove_directory(A, p, n), want);
    report(labels[5], path_readlink(A, p, n, buf, 8, &got), want);
    report(labels[6], path_filestat_set_times(A, 0, p, n, 0, 0, ATIM), want);
    report(labels[7], path_rename(A, p, n, A, P("moved")), want);
    report(labels[8], path_rename(A, P("f"), A, p, n), want);
    report(labels[9], path_link(A, 0, p, n, A, P("linked")), want);
    report(labels[10], path_link(A, 0, P("f"), A, p, n), want);
    report(labels[11], path_symlink(P("f"), A, p, n), want);
}

#define LABELS(what)                                                                                              \
    (const char *const[]){"path_filestat_get " what, "path_open " what, "path_create_directory " what,            \
                          "path_unlink_file " what, "path_remove_directory " what, "path_readlink " what,         \
                          "path_filestat_set_times " what, "path_rename from " what, "path_rename to " what,      \
                          "path_link from " what, "path_link to " what, "path_symlink " what}

static void lengths(void) {
    u32 fd;
    fill(name, 'n', 300);
    T(path_open, "name of 255 bytes", (A, 0, name, 255, CREAT, RW, 0, 0, &fd), OK);
    T(path_filestat_get, "name of 255 bytes", (A, 0, name, 255, &st), OK);
    T(path_unlink_file, "name of 255 bytes", (A, name, 255), OK);
    T(path_create_directory, "name of 255 bytes", (A, name, 255), OK);
    T(path_remove_directory, "name of 255 bytes", (A, name, 255), OK);
    T(path_symlink, "name of 255 bytes", (P("f"), A, name, 255), OK);
    T(path_unlink_file, "link's name of 255 bytes", (A, name, 255), OK);
    every(LABELS("name of 256 bytes"), name, 256, NAMETOOLONG);
    /* "./././.../f" of 4,095 bytes is a path like any other. */
    for (int i = 0; i < 70000; i += 2)
        path[i] = '.', path[i + 1] = '/';
    path[4094] = 'f';
    T(path_filestat_get, "path of 4095 bytes", (A, 0, path, 4095, &st), OK);
    path[4094] = '.';
    path[4096] = 'f';
    T(path_filestat_get, "path of 4097 bytes", (A, 0, path, 4097, &st), NAMETOOLONG);
    T(path_create_directory, "path of 4097 bytes", (A, path, 4097), NAMETOOLONG);
    T(path_filestat_get, "path of 69999 bytes", (A, 0, path, 69999, &st), NAMETOOLONG);
    T(path_symlink, "target of 4097 bytes", (path, 4097, A, P("long")), OR(NAMETOOLONG, INVAL));
    fill(path, 'd', 4095);
    T(path_symlink, "target of 4095 bytes", (path, 4095, A, P("long")), OR(OK, NAMETOOLONG));
    T(path_symlink, "empty target", (path, 0, A, P("empty")), OR(NOENT, INVAL));
}

static void outside(void) {
    every(LABELS("absolute"), P("/f"), OR(NOTCAPABLE, PERM));
    every(LABELS("up"), P("../f"), OR(NOTCAPABLE, PERM));
    every(LABELS("down and twice up"), P("d/../../f"), OR(NOTCAPABLE, PERM));
    every(LABELS("up and back"), P("../a/f"), OR(NOTCAPABLE, PERM));
    every(LABELS("empty"), P(""), OR(NOENT, INVAL));
    every(LABELS("with NUL"), P("f\0g"), OR3(INVAL, ILSEQ, NOENT));
    every(LABELS("not UTF-8"), P("\xff\xfe"), OR(ILSEQ, INVAL));
    every(LABELS("cut UTF-8"), P("f\xc3"), OR(ILSEQ, INVAL));
    T(path_filestat_get, "dot dot", (A, 0, P(".."), &st), OR(NOTCAPABLE, PERM));
    T(path_filestat_get, "slash", (A, 0, P("/"), &st), OR(NOTCAPABLE, PERM));
    T(path_filestat_get, "missing, then up", (A, 0, P("none/../f"), &st), NOENT);
    T(path_filestat_get, "file, then up", (A, 0, P("f/../f"), &st), NOTDIR);
    T(path_filestat_get, "down, up", (A, 0, P("d/../f"), &st), OK);
    T(path_create_directory, "non-ASCII name", (A, P("h\xc3\xa9h\xc3\xa9")), OK);
    T(path_filestat_get, "non-ASCII name", (A, 0, P("h\xc3\xa9h\xc3\xa9"), &st), OK);
    T(path_filestat_get, "name with backslash", (A, 0, P("d\\in"), &st), NOENT);
    T(path_filestat_get, "name of blanks", (A, 0, P("  "), &st), NOENT);
    T(path_filestat_get, "three dots", (A, 0, P("..."), &st), NOENT);
    T(path_create_directory, "three dots", (A, P("...")), OK);
}

static void escapes(void) {
    make_link(A, "up", "..");
    make_link(A, "up-f", "../f");
    make_link(A, "d/up", "../f");
    make_link(A, "d/up-up", "../../f");
    make_link(A, "round", "../a/f");
    T(path_filestat_get, "link to ..", (A, FOLLOW, P("up"), &st), OR(NOTCAPABLE, PERM));
    T(path_filestat_get, "link to .. itself", (A, 0, P("up"), &st), OK);
    T(path_filestat_get, "link to .. then down", (A, 0, P("up/f"), &st), OR(NOTCAPABLE, PERM));
    T(path_filestat_get, "link to ../f", (A, FOLLOW, P("up-f"), &st), OR(NOTCAPABLE, PERM));
    T(path_filestat_get, "link within", (A, FOLLOW, P("d/up"), &st), OK);
    T(path_filestat_get, "link to ../../f", (A, FOLLOW, P("d/up-up"), &st), OR(NOTCAPABLE, PERM));
    T(path_filestat_get, "link out and back", (A, FOLLOW, P("round"), &st), OR(NOTCAPABLE, PERM));
    u32 fd = 0;
    T(path_open, "link to ../f", (A, FOLLOW, P("up-f"), 0, READ, 0, 0, &fd), OR(NOTCAPABLE, PERM));
    T(path_open, "link to ../f creat", (A, FOLLOW, P("up-f"), CREAT, RW, 0, 0, &fd), OR(NOTCAPABLE, PERM));
    T(path_create_directory, "link to .. then down", (A, P("up/new")), OR(NOTCAPABLE, PERM));
    T(path_unlink_file, "link to .. then down", (A, P("up/f")), OR(NOTCAPABLE, PERM));
    T(path_rename, "to below a link to ..", (A, P("f"), A, P("up/f")), OR(NOTCAPABLE, PERM));
    T(path_symlink, "absolute target", (P("/f"), A, P("abs")), OR3(OK, NOTCAPABLE, PERM));
    T(path_filestat_get, "link to an absolute path", (A, FOLLOW, P("abs"), &st), OR3(NOTCAPABLE, PERM, NOENT));
}

static void loops(void) {
    char link[] = "l00", target[] = "l00";
    make_link(A, "self", "self");
    make_link(A, "ping", "pong");
    make_link(A, "pong", "ping");
    T(path_filestat_get, "link to itself", (A, 0, P("self"), &st), OK);
    T(path_filestat_get, "link to itself follow", (A, FOLLOW, P("self"), &st), LOOP);
    T(path_filestat_get, "link to itself slash", (A, 0, P("self/"), &st), LOOP);
    T(path_filestat_get, "below a link to itself", (A, 0, P("self/x"), &st), LOOP);
    T(path_filestat_get, "ping and pong", (A, FOLLOW, P("ping"), &st), LOOP);
    u32 fd = 0;
    T(path_open, "link to itself follow", (A, FOLLOW, P("self"), CREAT, RW, 0, 0, &fd), LOOP);
    make_link(A, "l00", "f");
    for (int i = 1; i < 50; i++) {
        link[1] = (char)('0' + i / 10), link[2] = (char)('0' + i % 10);
        make_link(A, link, target);
        target[1] = link[1], target[2] = link[2];
    }
    T(path_filestat_get, "8 links", (A, FOLLOW, P("l07"), &st), OK);
    T(path_filestat_get, "30 links", (A, FOLLOW, P("l29"), &st), OK);
    T(path_filestat_get, "40 links", (A, FOLLOW, P("l39"), &st), OR(OK, LOOP));
    T(path_filestat_get, "50 links", (A, FOLLOW, P("l49"), &st), LOOP);
}

static void slashes(void) {
    make_dir(A, "e");
    make_link(A, "to-f", "f");
    make_link(A, "to-e", "e");
    T(path_filestat_get, "file slash", (A, 0, P("f/"), &st), OR(NOTDIR, NOENT));
    T(path_filestat_get, "directory slash", (A, 0, P("d/"), &st), OK);
    T(path_filestat_get, "link to file slash", (A, 0, P("to-f/"), &st), OR(NOTDIR, NOENT));
    T(path_filestat_get, "link to directory slash", (A, 0, P("to-e/"), &st), OK);
    V("path_filestat_get link to directory slash: type", st.type, DIR);
    T(path_filestat_get, "missing slash", (A, 0, P("none/"), &st), NOENT);
    T(path_unlink_file, "file slash", (A, P("f/")), NOTDIR);
    T(path_unlink_file, "directory slash", (A, P("e/")), OR(ISDIR, PERM));
    T(path_unlink_file, "link to file slash", (A, P("to-f/")), OR(NOTDIR, NOENT));
    T(path_unlink_file, "link to directory slash", (A, P("to-e/")), OR4(ISDIR, PERM, NOTDIR, LOOP));
    T(path_remove_directory, "file slash", (A, P("f/")), NOTDIR);
    make_dir(A, "e3");
    make_link(A, "to-e3", "e3");
    /* POSIX leaves it open whether the slash names the folder; every native runtime refuses. */
    T(path_remove_directory, "link to directory slash", (A, P("to-e3/")), OR3(NOTDIR, LOOP, INVAL));
    V("path_remove_directory link to directory slash leaves the folder", type_of(A, "e3"), DIR);
    T(path_rename, "link to directory slash", (A, P("to-e3/"), A, P("to-e4")), OR3(NOTDIR, LOOP, INVAL));
    V("path_rename link to directory slash leaves the folder", type_of(A, "e3"), DIR);
    make_dir(A, "e5");
    T(path_rename, "directory to link slash", (A, P("e5"), A, P("to-e3/")), OR3(NOTDIR, LOOP, INVAL));
    T(path_create_directory, "link to directory slash", (A, P("to-e3/")), EXIST);
    make_link(A, "dangling", "nowhere");
    T(path_create_directory, "dangling link slash", (A, P("dangling/")), EXIST);
    T(path_symlink, "dangling link slash", (P("f"), A, P("dangling/")), OR(EXIST, NOENT));
    T(path_link, "to dangling link slash", (A, 0, P("f"), A, P("dangling/")), OR(EXIST, NOENT));
    T(path_rename, "directory to dangling link slash", (A, P("e5"), A, P("dangling/")), OR(NOTDIR, LOOP));
    V("dangling link slash: made nothing", type_of(A, "nowhere"), 0);
    T(path_remove_directory, "directory slash", (A, P("e/")), OK);
    T(path_create_directory, "slash", (A, P("e/")), OK);
    T(path_create_directory, "existing slash", (A, P("e/")), EXIST);
    T(path_create_directory, "file slash", (A, P("f/")), OR(EXIST, NOTDIR));
    T(path_symlink, "new slash", (P("f"), A, P("new/")), OR3(NOENT, NOTDIR, INVAL));
    T(path_symlink, "existing directory slash", (P("f"), A, P("e/")), EXIST);
    T(path_symlink, "file slash", (P("f"), A, P("f/")), OR(EXIST, NOTDIR));
    T(path_link, "to new slash", (A, 0, P("f"), A, P("new/")), OR(NOENT, NOTDIR));
    T(path_link, "from file slash", (A, 0, P("f/"), A, P("new")), OR(NOTDIR, NOENT));
    T(path_rename, "file to slash", (A, P("f"), A, P("new/")), OR(NOTDIR, NOENT));
    T(path_rename, "file slash", (A, P("f/"), A, P("new")), NOTDIR);
    T(path_rename, "directory slash", (A, P("e/"), A, P("e2")), OK);
    T(path_rename, "directory to slash", (A, P("e2"), A, P("e/")), OK);
    T(path_rename, "directory slash to slash", (A, P("e/"), A, P("e2/")), OK);
    T(path_readlink, "link slash", (A, P("to-f/"), name, 8, &st), OR4(INVAL, NOTDIR, NOENT, LOOP));
    T(path_filestat_set_times, "file slash", (A, 0, P("f/"), 0, 0, ATIM), OR(NOTDIR, NOENT));
    V("names: the file is as it was", size_of(A, "f"), 5);
    V("names: nothing was made", type_of(A, "new"), 0);
}

START {
    make_file(A, "f", "12345");
    make_dir(A, "d");
    make_file(A, "d/in", "in");
    must("stat", stat(0, P("f")));
    lengths();
    outside();
    escapes();
    loops();
    slashes();
}
