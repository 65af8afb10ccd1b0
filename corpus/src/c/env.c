/* Prints its arguments and environment, then looks up the names after "--". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

int main(int argc, char **argv) {
    int i = 1;
    printf("argc %d\n", argc);
    for (; i < argc && strcmp(argv[i], "--"); i++)
        printf("arg %d [%s] %zu\n", i, argv[i], strlen(argv[i]));
    for (char **e = environ; e && *e; e++)
        printf("env [%s]\n", *e);
    for (i++; i < argc; i++) {
        const char *value = getenv(argv[i]);
        printf("%s: %s\n", argv[i], value ? value : "(unset)");
    }
    return 0;
}
