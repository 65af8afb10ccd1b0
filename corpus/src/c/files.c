/* Works on files and folders and prints what happened, as far as hosts agree on it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void show(const char *what, long result) {
    if (result < 0)
        printf("%s: %s\n", what, strerror(errno));
    else
        printf("%s: %ld\n", what, result);
}

static void show_stat(const char *path) {
    struct stat st;
    if (stat(path, &st) != 0) {
        printf("stat %s: %s\n", path, strerror(errno));
        return;
    }
    printf("stat %s: ", path);
    if (S_ISDIR(st.st_mode))
        puts("folder");
    else
        printf("file of %lld\n", (long long)st.st_size);
}

static void show_bytes(const char *what, const char *p, long n) {
    printf("%s: %ld [", what, n);
    for (long i = 0; i < n; i++)
        p[i] >= ' ' && p[i] <= '~' ? putchar(p[i]) : printf("\\%02x", (unsigned char)p[i]);
    puts("]");
}

static int ascending(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The order of readdir is the host's, so names are sorted. */
static void show_folder(const char *path) {
    char *names[256];
    int n = 0;
    DIR *dir = opendir(path);
    if (!dir) {
        printf("opendir %s: %s\n", path, strerror(errno));
        return;
    }
    for (struct dirent *e; n < 256 && (e = readdir(dir));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
            names[n++] = strdup(e->d_name);
    closedir(dir);
    qsort(names, n, sizeof *names, ascending);
    printf("folder %s:", path);
    for (int i = 0; i < n; i++) {
        printf(" %s", names[i]);
        free(names[i]);
    }
    puts("");
}

static void read_and_write(void) {
    char buf[64];
    int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0666);
    show("write", write(fd, "hello, world\n", 13));
    show("tell", (long)lseek(fd, 0, SEEK_CUR));
    show("seek", (long)lseek(fd, 7, SEEK_SET));
    show_bytes("read", buf, read(fd, buf, 5));
    show("seek back", (long)lseek(fd, -3, SEEK_END));
    show_bytes("read to the end", buf, read(fd, buf, sizeof buf));
    show("read at the end", read(fd, buf, sizeof buf));
    show("seek before 0", (long)lseek(fd, -1, SEEK_SET));
    show("tell", (long)lseek(fd, 0, SEEK_CUR));
    show("pwrite", pwrite(fd, "W", 1, 7));
    show_bytes("pread", buf, pread(fd, buf, 12, 0));
    show("tell", (long)lseek(fd, 0, SEEK_CUR));
    show("close", close(fd));
    show("close again", close(fd));
    show("read closed", read(fd, buf, 1));
}

static void sizes(void) {
    char buf[64];
    int fd = open("sparse", O_RDWR | O_CREAT | O_EXCL, 0666);
    show("write past the end", pwrite(fd, "end", 3, 20));
    show_bytes("hole", buf, pread(fd, buf, sizeof buf, 14));
    show("shrink", ftruncate(fd, 5));
    show_stat("sparse");
    show("grow", ftruncate(fd, 9));
    show_bytes("grown", buf, pread(fd, buf, sizeof buf, 0));
    show("sync", fsync(fd));
    close(fd);
    show("exclusive", open("sparse", O_RDWR | O_CREAT | O_EXCL, 0666));
    show("truncate", truncate("sparse", 100000));
    show_stat("sparse");
}

static void appending(void) {
    char buf[64];
    int fd = open("log", O_WRONLY | O_CREAT | O_APPEND, 0666);
    show("append", write(fd, "one\n", 4));
    lseek(fd, 0, SEEK_SET);
    show("append", write(fd, "two\n", 4));
    show("read write-only", read(fd, buf, 1));
    close(fd);
    FILE *f = fopen("log", "a+");
    fputs("three\n", f);
    rewind(f);
    while (fgets(buf, sizeof buf, f))
        printf("line %s", buf);
    fclose(f);
    fd = open("log", O_RDONLY);
    show("write read-only", write(fd, "x", 1));
    close(fd);
}

static void folders(void) {
    show("mkdir", mkdir("d", 0777));
    show("mkdir again", mkdir("d", 0777));
    show("mkdir below", mkdir("d/e", 0777));
    show("mkdir without parent", mkdir("x/y", 0777));
    for (int i = 0; i < 40; i++) {
        char name[64];
        snprintf(name, sizeof name, "d/e/%02d-a-rather-long-name-to-fill-buffers", i);
        close(open(name, O_WRONLY | O_CREAT, 0666));
        if (i % 13)
            unlink(name);
    }
    show_folder("d");
    show_folder("d/e");
    show_folder("data");
    show_folder("missing");
    show("rmdir full", rmdir("d"));
    show("rmdir a file", rmdir("data"));
    show_stat("d/../data");
    show_stat("./d//e/.");
    show_stat("data/below");
}

static void renaming(void) {
    show("rename", rename("data", "d/data"));
    show_stat("data");
    show_stat("d/data");
    show("rename over", rename("d/data", "log"));
    show_stat("log");
    show("rename folder", rename("d/e", "f"));
    show_folder("f");
    show("rename onto itself", rename("log", "log"));
    show_stat("log");
    show("rename missing", rename("missing", "other"));
    show("rename below itself", rename("f", "f/g"));
    show("rename file to folder", rename("log", "f"));
    show("rename folder to file", rename("d", "log"));
    show("unlink", unlink("log"));
    show("unlink missing", unlink("log"));
    show("open missing", open("log", O_RDONLY));
}

static void kept_open(void) {
    char buf[16];
    int fd = open("gone", O_RDWR | O_CREAT, 0666);
    write(fd, "still here", 10);
    show("unlink open file", unlink("gone"));
    show_stat("gone");
    show_bytes("read it", buf, pread(fd, buf, sizeof buf, 0));
    int other = open("gone", O_RDWR | O_CREAT, 0666);
    show("new file of that name", write(other, "new", 3));
    show_bytes("old one", buf, pread(fd, buf, sizeof buf, 0));
    close(fd);
    close(other);
    show_stat("gone");
}

static void two_handles(void) {
    char buf[16];
    int a = open("shared", O_RDWR | O_CREAT, 0666);
    int b = open("shared", O_RDWR);
    write(a, "abcdef", 6);
    show_bytes("seen by the other", buf, read(b, buf, 3));
    write(a, "ghi", 3);
    show_bytes("own offset", buf, read(b, buf, sizeof buf));
    show("shrunk by the other", ftruncate(b, 2));
    show("write behind the end", write(a, "z", 1));
    show_bytes("filled", buf, pread(b, buf, sizeof buf, 0));
    close(a);
    close(b);
}

int main(void) {
    read_and_write();
    sizes();
    appending();
    folders();
    renaming();
    kept_open();
    two_handles();
    return 0;
}
