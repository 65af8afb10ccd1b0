/* Keeps notes, one file each, in the folder "notes". */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "notes"
#define MAX_NOTES 10000

static int ids[MAX_NOTES];
static int count;

static int fail(const char *what) {
    fprintf(stderr, "notes: %s: %s\n", what, strerror(errno));
    return 1;
}

static int usage(void) {
    fputs("usage: notes add TEXT | list [-l] | show N | rm N | edit N TEXT | search WORD | export FILE\n", stderr);
    return 2;
}

/* Gives the id in s, or 0 where s is not a positive decimal number. */
static int parse_id(const char *s) {
    char *end;
    long id = strtol(s, &end, 10);
    return *s >= '1' && *s <= '9' && *end == 0 && id < 1000000000 ? (int)id : 0;
}

static const char *path_of(int id, const char *suffix) {
    static char path[64];
    snprintf(path, sizeof path, FOLDER "/%d%s", id, suffix);
    return path;
}

static int by_number(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

/* Fills ids in rising order; what is not named by a number is not a note. */
static int load(void) {
    if (mkdir(FOLDER, 0777) != 0 && errno != EEXIST)
        return fail(FOLDER);
    DIR *dir = opendir(FOLDER);
    if (!dir)
        return fail(FOLDER);
    struct dirent *entry;
    while ((entry = readdir(dir)) && count < MAX_NOTES) {
        int id = parse_id(entry->d_name);
        if (id)
            ids[count++] = id;
    }
    closedir(dir);
    qsort(ids, count, sizeof *ids, by_number);
    return 0;
}

/* Returns the note's text, to be freed by the caller, or NULL. */
static char *read_note(int id) {
    FILE *f = fopen(path_of(id, ""), "r");
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    char *text = malloc(size + 1);
    if (text)
        text[fread(text, 1, size, f)] = 0;
    fclose(f);
    return text;
}

static int write_text(const char *path, const char *text) {
    FILE *f = fopen(path, "w");
    if (!f)
        return fail(path);
    fputs(text, f);
    return fclose(f) == 0 ? 0 : fail(path);
}

static int add(const char *text) {
    int id = count ? ids[count - 1] + 1 : 1;
    if (write_text(path_of(id, ""), text))
        return 1;
    printf("%d\n", id);
    return 0;
}

static int unknown(const char *arg) {
    fprintf(stderr, "notes: no note %s\n", arg);
    return 1;
}

static int show(const char *arg) {
    char *text = read_note(parse_id(arg));
    if (!text)
        return unknown(arg);
    puts(text);
    free(text);
    return 0;
}

static int rm(const char *arg) {
    return unlink(path_of(parse_id(arg), "")) == 0 ? 0 : unknown(arg);
}

/* Writes beside the note and renames, so that a reader sees old or new text. */
static int edit(const char *arg, const char *text) {
    int id = parse_id(arg);
    if (access(path_of(id, ""), F_OK) != 0)
        return unknown(arg);
    if (write_text(path_of(id, ".tmp"), text))
        return 1;
    char from[64];
    strcpy(from, path_of(id, ".tmp"));
    return rename(from, path_of(id, "")) == 0 ? 0 : fail(from);
}

static void print_note(FILE *out, int id, const char *text, int sizes) {
    if (sizes)
        fprintf(out, "%d\t%zu\t%s\n", id, strlen(text), text);
    else
        fprintf(out, "%d\t%s\n", id, text);
}

/* Prints the notes that hold word; returns how many. */
static int print_notes(FILE *out, const char *word, int sizes) {
    int found = 0;
    for (int i = 0; i < count; i++) {
        char *text = read_note(ids[i]);
        if (text && strstr(text, word)) {
            print_note(out, ids[i], text, sizes);
            found++;
        }
        free(text);
    }
    return found;
}

static int export(const char *path) {
    FILE *f = fopen(path, "w");
    if (!f)
        return fail(path);
    int n = print_notes(f, "", 0);
    if (fclose(f) != 0)
        return fail(path);
    printf("%d notes exported\n", n);
    return 0;
}

static int run(int argc, char **argv) {
    const char *verb = argc > 1 ? argv[1] : "";
    if (argc == 2 && !strcmp(verb, "list"))
        return print_notes(stdout, "", 0) < 0;
    if (argc == 3 && !strcmp(verb, "list") && !strcmp(argv[2], "-l"))
        return print_notes(stdout, "", 1) < 0;
    if (argc == 3 && !strcmp(verb, "add"))
        return add(argv[2]);
    if (argc == 3 && !strcmp(verb, "show"))
        return show(argv[2]);
    if (argc == 3 && !strcmp(verb, "rm"))
        return rm(argv[2]);
    if (argc == 4 && !strcmp(verb, "edit"))
        return edit(argv[2], argv[3]);
    if (argc == 3 && !strcmp(verb, "search"))
        return print_notes(stdout, argv[2], 0) == 0;
    if (argc == 3 && !strcmp(verb, "export"))
        return export(argv[2]);
    return usage();
}

int main(int argc, char **argv) {
    return load() ? 1 : run(argc, argv);
}
