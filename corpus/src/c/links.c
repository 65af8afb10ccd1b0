/* Hard and symbolic links, as far as hosts agree on them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *what, long result) {
    if (result < 0)
        printf("%s: %s\n", what, strerror(errno));
    else
        printf("%s: %ld\n", what, result);
}

static void put(const char *path, const char *text) {
    FILE *f = fopen(path, "w");
    if (f) {
        fputs(text, f);
        fclose(f);
    }
}

static void cat(const char *path) {
    char buf[64];
    FILE *f = fopen(path, "r");
    if (!f) {
        printf("open %s: %s\n", path, strerror(errno));
        return;
    }
    buf[fread(buf, 1, sizeof buf - 1, f)] = 0;
    printf("%s holds %s", path, buf);
    fclose(f);
}

static void hard(void) {
    struct stat a, b;
    put("one", "first\n");
    show("link", link("one", "two"));
    show("link again", link("one", "two"));
    stat("one", &a);
    stat("two", &b);
    printf("same file: %d, links %d\n", a.st_ino == b.st_ino, (int)a.st_nlink);
    put("two", "second\n");
    cat("one");
    show("unlink", unlink("one"));
    cat("two");
}

static void symbolic(void) {
    char buf[64] = "";
    struct stat st;
    mkdir("d", 0777);
    put("d/file", "inside\n");
    show("symlink", symlink("d/file", "short"));
    show("symlink again", symlink("d/file", "short"));
    show("readlink", readlink("short", buf, sizeof buf - 1));
    printf("it points to %s\n", buf);
    cat("short");
    lstat("short", &st);
    printf("lstat sees a link: %d\n", S_ISLNK(st.st_mode));
    stat("short", &st);
    printf("stat sees a file: %d of %d\n", S_ISREG(st.st_mode), (int)st.st_size);
    symlink("d", "folder");
    cat("folder/file");
    symlink("nowhere", "dangling");
    cat("dangling");
    show("unlink link", unlink("short"));
    cat("d/file");
    show("rename link", rename("folder", "moved"));
    cat("moved/file");
}

int main(void) {
    hard();
    symbolic();
    return 0;
}
