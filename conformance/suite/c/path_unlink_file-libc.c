/* path_unlink_file: unlink, rmdir, rename, mkdir and symlink of libc and their errno. */
#include "check.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    char buf[16];
    TRUE(mkdir("/d", 0777) == 0);
    TRUE(mkdir("/d", 0777) == -1 && errno == EEXIST);
    put("d/file", "text");
    TRUE(rmdir("/d") == -1 && errno == ENOTEMPTY);
    TRUE(rename("/d/file", "/moved") == 0);
    TRUE(symlink("moved", "/link") == 0);
    TRUE(readlink("/link", buf, sizeof buf) == 5);
    TRUE(access("/link", F_OK) == 0);
    TRUE(unlink("/moved") == 0);
    TRUE(access("/link", F_OK) == -1 && errno == ENOENT);
    TRUE(unlink("/missing") == -1 && errno == ENOENT);
    TRUE(rmdir("/d") == 0);
}
