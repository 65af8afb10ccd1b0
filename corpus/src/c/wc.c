/* Counts lines, words and bytes of standard input, or of each file named. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int count(FILE *f, const char *name) {
    unsigned long lines = 0, words = 0, bytes = 0;
    int c, in_word = 0;
    while ((c = getc(f)) != EOF) {
        bytes++;
        lines += c == '\n';
        words += !in_word && !isspace(c);
        in_word = !isspace(c);
    }
    printf("%lu %lu %lu%s%s\n", lines, words, bytes, *name ? " " : "", name);
    return ferror(f) != 0;
}

int main(int argc, char **argv) {
    if (argc == 1)
        return count(stdin, "");
    int bad = 0;
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "r");
        if (!f) {
            fprintf(stderr, "wc: %s: %s\n", argv[i], strerror(errno));
            bad = 1;
            continue;
        }
        bad |= count(f, argv[i]);
        fclose(f);
    }
    return bad;
}
