/* A shell for SQLite: sqlite DATABASE [SQL...]

   It runs the SQL of the arguments, or of standard input where there is none,
   and prints each row as a line with its columns parted by '|'. An error is
   printed and ends the run with exit code 1, so that an open transaction is
   rolled back by the next one that opens the database. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int print_row(void *unused, int columns, char **values, char **names) {
    (void)unused, (void)names;
    for (int i = 0; i < columns; i++)
        printf("%s%s", i ? "|" : "", values[i] ? values[i] : "NULL");
    putchar('\n');
    return 0;
}

static void run(sqlite3 *db, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(db, sql, print_row, NULL, &message) == SQLITE_OK)
        return;
    fprintf(stderr, "sqlite: %s\n", message);
    exit(1);
}

static char *read_all(FILE *in) {
    size_t size = 0, room = 4096;
    char *text = malloc(room);
    while (text) {
        size_t n = fread(text + size, 1, room - size - 1, in);
        if (n == 0)
            break;
        size += n;
        if (size == room - 1)
            text = realloc(text, room *= 2);
    }
    if (!text) {
        fprintf(stderr, "sqlite: no memory\n");
        exit(1);
    }
    text[size] = 0;
    return text;
}

int main(int argc, char **argv) {
    sqlite3 *db;
    if (argc < 2) {
        fprintf(stderr, "usage: sqlite DATABASE [SQL...]\n");
        return 2;
    }
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix-none") != SQLITE_OK) {
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
        return 1;
    }
    for (int i = 2; i < argc; i++)
        run(db, argv[i]);
    if (argc == 2)
        run(db, read_all(stdin));
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
