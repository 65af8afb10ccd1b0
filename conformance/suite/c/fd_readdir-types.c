/* fd_readdir: entries have names, types and the inode numbers of filestat. */
#include "fd_readdir.h"

static entry entries[16];

static void has(size_t count, const char *name, int type) {
    __wasi_filestat_t st;
    char path[64] = "dir/";
    const entry *e = find(entries, count, name);
    TRUE(e != 0);
    EQUAL(e->head.d_type, type);
    OK(stat_path(strcat(path, name), &st));
    TRUE(e->head.d_ino == st.ino || e->head.d_ino == 0);
}

int main(void) {
    make_dir("dir");
    make_dir("dir/sub");
    put("dir/file", "x");
    make_link("file", "dir/link");
    size_t n = list(open_dir("dir"), 0, entries, 16);
    EQUAL(n, 5);
    has(n, "sub", __WASI_FILETYPE_DIRECTORY);
    has(n, "file", __WASI_FILETYPE_REGULAR_FILE);
    has(n, "link", __WASI_FILETYPE_SYMBOLIC_LINK);
}
