/* fd_readdir: cut buffers, and cookies while entries come and go. */
#include "wasi.h"

static u8 buf[8192];
static u32 used;

struct entry { u64 next, ino; u32 len; u8 type; const u8 *name; };

static u64 load(const u8 *p, int n) {
    u64 v = 0;
    while (n-- > 0)
        v = v << 8 | p[n];
    return v;
}

/* Takes the entry at *p and moves on; 0 if it is not whole. */
static int take(u32 *p, struct entry *e) {
    if (used - *p < 24)
        return 0;
    const u8 *b = buf + *p;
    *e = (struct entry){load(b, 8), load(b + 8, 8), (u32)load(b + 16, 4), b[20], b + 24};
    if (used - *p - 24 < e->len)
        return 0;
    *p += 24 + e->len;
    return 1;
}

static int is(const struct entry *e, const char *name) {
    if (e->len != length(name))
        return 0;
    for (u32 i = 0; i < e->len; i++)
        if (e->name[i] != (u8)name[i])
            return 0;
    return 1;
}

/* Reads the folder in pieces of that many bytes and counts what it finds. */
struct count { u32 all, dot, dotdot, files, dirs, links, calls, doubles; };

static struct count walk(u32 dir, u32 piece) {
    struct count c = {0};
    struct entry e;
    u8 seen[128] = {0};
    for (u64 cookie = 0; c.calls < 500;) {
        c.calls++;
        must("fd_readdir", fd_readdir(dir, buf, piece, cookie, &used));
        for (u32 p = 0; take(&p, &e);) {
            c.all++;
            c.dot += is(&e, ".");
            c.dotdot += is(&e, "..");
            c.files += e.type == REG;
            c.dirs += e.type == DIR;
            c.links += e.type == LINK;
            if (e.len == 3) {
                u32 k = (e.name[1] - '0') * 10u + e.name[2] - '0';
                c.doubles += k < 100 && seen[k]++;
            }
            cookie = e.next;
        }
        if (used < piece)
            return c;
    }
    return c;
}

static void empty(void) {
    struct entry e;
    make_dir(A, "empty");
    u32 fd = open_dir(A, "empty"), p = 0;
    T(fd_readdir, "empty folder", (fd, buf, 8192, 0, &used), OK);
    V("fd_readdir empty folder: bytes", used, 24 + 1 + 24 + 2);
    int dot = 0, dotdot = 0, own = 0;
    while (take(&p, &e)) {
        dot += is(&e, ".") && e.type == DIR;
        dotdot += is(&e, "..") && e.type == DIR;
        own += is(&e, ".") && e.ino == ino_of(A, "empty");
    }
    V("fd_readdir empty folder: dot", dot, 1);
    V("fd_readdir empty folder: dot dot", dotdot, 1);
    V("fd_readdir empty folder: inode of dot", own, 1);
    must("close", fd_close(fd));
    T(fd_readdir, "closed", (fd, buf, 8192, 0, &used), BADF);
}

static void name(char *s, int i) { s[0] = 'e', s[1] = (char)('0' + i / 10), s[2] = (char)('0' + i % 10), s[3] = 0; }

/* The inode of an entry is that of the name, and one file has one inode. */
static void inodes(void) {
    struct entry e;
    u32 wrong = 0, names = 0;
    u64 of_g = 0;
    make_dir(A, "inodes");
    make_file(A, "inodes/f", "f");
    make_dir(A, "inodes/d");
    make_link(A, "inodes/l", "f");
    must("link", path_link(A, 0, P("inodes/f"), A, P("inodes/g")));
    u32 fd = open_dir(A, "inodes");
    must("fd_readdir", fd_readdir(fd, buf, sizeof buf, 0, &used));
    for (u32 p = 0; take(&p, &e);) {
        char one[2] = {(char)e.name[0], 0};
        if (e.len != 1 || one[0] == '.')
            continue;
        names++;
        wrong += e.ino != ino_of(fd, one);
        of_g = one[0] == 'g' ? e.ino : of_g;
    }
    V("fd_readdir inodes: names", names, 4);
    V("fd_readdir inodes: others than path_filestat_get's", wrong, 0);
    YES("fd_readdir inodes: two names of one file", of_g == ino_of(fd, "f"));
    must("close", fd_close(fd));
}

static void types(void) {
    char s[4];
    make_dir(A, "many");
    for (int i = 0; i < 50; i++) {
        u32 many = open_dir(A, "many");
        name(s, i);
        if (i == 7)
            make_dir(many, s);
        else if (i == 8)
            make_link(many, s, "e00");
        else
            make_file(many, s, "x");
        must("close", fd_close(many));
    }
    u32 fd = open_dir(A, "many");
    struct count c = walk(fd, sizeof buf);
    V("fd_readdir 50 entries: all", c.all, 52);
    V("fd_readdir 50 entries: files", c.files, 48);
    V("fd_readdir 50 entries: folders", c.dirs, 3);
    V("fd_readdir 50 entries: links", c.links, 1);
    V("fd_readdir 50 entries: calls", c.calls, 1);
    must("close", fd_close(fd));
}

static void pieces(void) {
    static const char *const names[] = {"fd_readdir pieces of 27: all", "fd_readdir pieces of 51: all",
                                        "fd_readdir pieces of 64: all", "fd_readdir pieces of 100: all",
                                        "fd_readdir pieces of 1000: all"};
    static const char *const twice[] = {"fd_readdir pieces of 27: twice", "fd_readdir pieces of 51: twice",
                                        "fd_readdir pieces of 64: twice", "fd_readdir pieces of 100: twice",
                                        "fd_readdir pieces of 1000: twice"};
    static const u32 lengths[] = {27, 51, 64, 100, 1000};
    u32 fd = open_dir(A, "many");
    for (int i = 0; i < 5; i++) {
        struct count c = walk(fd, lengths[i]);
        V(names[i], c.all, 52);
        V(twice[i], c.doubles, 0);
    }
    used = 77;
    T(fd_readdir, "buffer of 0", (fd, buf, 0, 0, &used), OR(OK, INVAL));
    T(fd_readdir, "buffer of 10", (fd, buf, 10, 0, &used), OR(OK, INVAL));
    V("fd_readdir buffer of 10: used, so there is more", used, 10);
    T(fd_readdir, "buffer of 24", (fd, buf, 24, 0, &used), OR(OK, INVAL));
    V("fd_readdir buffer of 24: used", used, 24);
    fill(buf, 0xaa, 128);
    T(fd_readdir, "buffer of 60", (fd, buf, 60, 0, &used), OK);
    V("fd_readdir buffer of 60: used", used, 60);
    V("fd_readdir buffer of 60: next byte", buf[60], 0xaa);
    must("close", fd_close(fd));
}

/* Reads half, then removes and adds entries, then the rest from the cookie. */
static void changes(void) {
    struct entry e;
    char s[4];
    u8 seen[100] = {0};
    u32 fd = open_dir(A, "many"), p = 0, n = 0;
    u64 cookie = 0;
    must("fd_readdir", fd_readdir(fd, buf, 700, 0, &used));
    for (; take(&p, &e); cookie = e.next)
        if (e.len == 3)
            seen[(e.name[1] - '0') * 10 + e.name[2] - '0'] = 1, n++;
    YES("fd_readdir first part: about half", n > 15 && n < 35);
    u32 removed = 0;
    for (int i = 10; i < 50; i++) {
        name(s, i);
        if (seen[i]) {
            must("unlink", path_unlink_file(fd, s, 3));
            removed++;
        }
    }
    YES("fd_readdir first part: removed all but the odd ones", removed + 10 >= n);
    must("fd_readdir", fd_readdir(fd, buf, sizeof buf, cookie, &used));
    u32 again = 0, rest = 0;
    for (p = 0; take(&p, &e);)
        if (e.len == 3 && e.name[0] == 'e') {
            rest++;
            again += seen[(e.name[1] - '0') * 10 + e.name[2] - '0'];
        }
    V("fd_readdir after removals: none twice", again, 0);
    V("fd_readdir after removals: none left out", rest + n, 50);
    struct count c = walk(fd, sizeof buf);
    YES("fd_readdir after removals, anew", c.all == 52 - removed);
    must("mkdir", path_create_directory(fd, P("added")));
    c = walk(fd, sizeof buf);
    YES("fd_readdir after an addition, anew", c.all == 53 - removed);
    must("close", fd_close(fd));
}

/* As rm -r does: read, remove all that was read, go on from the cookie. */
static void remove_all(void) {
    struct entry e;
    char s[4];
    make_dir(A, "tree");
    u32 fd = open_dir(A, "tree"), removed = 0;
    for (int i = 0; i < 50; i++)
        name(s, i), make_file(fd, s, "");
    u64 cookie = 0;
    for (int calls = 0; calls < 100; calls++) {
        must("fd_readdir", fd_readdir(fd, buf, 300, cookie, &used));
        u32 full = used == 300;
        for (u32 p = 0; take(&p, &e); cookie = e.next)
            if (e.name[0] == 'e')
                must("unlink", path_unlink_file(fd, e.name, e.len)), removed++;
        if (!full)
            break;
    }
    V("fd_readdir while removing: all gone", removed, 50);
    must("close", fd_close(fd));
    T(path_remove_directory, "after removing while reading", (A, P("tree")), OK);
}

static void odd(void) {
    u32 fd = open_dir(A, "empty"), file = open_file(A, "many/e00", CREAT, RW, 0);
    T(fd_readdir, "file", (file, buf, 100, 0, &used), OR3(NOTDIR, BADF, NOTCAPABLE));
    T(fd_readdir, "stdin", (0, buf, 100, 0, &used), OR3(NOTDIR, BADF, NOTCAPABLE));
    T(fd_readdir, "cookie that was never given", (fd, buf, 100, 1ull << 40, &used), OR3(OK, INVAL, NOENT));
    T(fd_readdir, "cookie of 2^64-1", (fd, buf, 100, ~0ull, &used), OR3(OK, INVAL, NOENT));
    must("mkdir", path_create_directory(fd, P("later")));
    struct count c = walk(fd, sizeof buf);
    V("fd_readdir an entry made after opening", c.all, 3);
    must("rmdir", path_remove_directory(fd, P("later")));
    must("rmdir", path_remove_directory(A, P("empty")));
    T(fd_readdir, "removed folder", (fd, buf, 100, 0, &used), OR(OK, NOENT));
}

START {
    empty();
    inodes();
    types();
    pieces();
    changes();
    remove_all();
    odd();
}
