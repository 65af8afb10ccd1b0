/* Walks a tree in order of names: walk [FOLDER] prints it, walk -d FOLDER removes it. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long folders, files, bytes;

static int ascending(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Returns the names in path, sorted, and their number in n; the caller frees. */
static char **entries(const char *path, int *n) {
    char **names = NULL;
    DIR *dir = opendir(path);
    *n = 0;
    if (!dir) {
        fprintf(stderr, "walk: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    for (struct dirent *e; (e = readdir(dir));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        names = realloc(names, (*n + 1) * sizeof *names);
        names[(*n)++] = strdup(e->d_name);
    }
    closedir(dir);
    qsort(names, *n, sizeof *names, ascending);
    return names;
}

static void walk(const char *path, int depth, int removing) {
    struct stat st;
    int n;
    if (lstat(path, &st) != 0) {
        fprintf(stderr, "walk: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    if (!S_ISDIR(st.st_mode)) {
        files++;
        bytes += st.st_size;
        printf("%*s%s %lld\n", 2 * depth, "", strrchr(path, '/') + 1, (long long)st.st_size);
        if (removing && unlink(path) != 0)
            perror(path);
        return;
    }
    folders++;
    printf("%*s%s/\n", 2 * depth, "", strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
    char **names = entries(path, &n);
    for (int i = 0; i < n; i++) {
        char below[4096];
        snprintf(below, sizeof below, "%s/%s", path, names[i]);
        walk(below, depth + 1, removing);
        free(names[i]);
    }
    free(names);
    if (removing && rmdir(path) != 0)
        perror(path);
}

int main(int argc, char **argv) {
    int removing = argc == 3 && !strcmp(argv[1], "-d");
    walk(argc > 1 ? argv[argc - 1] : ".", 0, removing);
    printf("%ld folders, %ld files, %ld bytes\n", folders, files, bytes);
    return 0;
}
