/* fd_write: stdio writes a file, appends to it and reads its lines. */
#include "check.h"
#include <stdio.h>

int main(void) {
    char line[32];
    FILE *f = fopen("/notes", "w");
    TRUE(f != 0);
    TRUE(fprintf(f, "%s %d\n", "one", 1) == 6);
    TRUE(fclose(f) == 0);
    TRUE((f = fopen("/notes", "a+")) != 0);
    TRUE(fputs("two\n", f) >= 0);
    rewind(f);
    TRUE(fgets(line, sizeof line, f) != 0);
    BYTES(line, strlen(line), "one 1\n");
    TRUE(fgets(line, sizeof line, f) != 0);
    BYTES(line, strlen(line), "two\n");
    TRUE(fgets(line, sizeof line, f) == 0 && feof(f));
    TRUE(fclose(f) == 0);
    TRUE(fopen("/missing", "r") == 0);
}
