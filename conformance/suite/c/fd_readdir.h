/* Walking a folder with fd_readdir. */
#include "check.h"

typedef struct {
    __wasi_dirent_t head;
    char name[256];
} entry;

static uint8_t page[16384];

/* list reads whole entries from cookie on and gives their number; at most max. */
static inline size_t list(int fd, uint64_t cookie, entry *entries, size_t max) {
    size_t count = 0;
    for (;;) {
        __wasi_size_t used = 0;
        size_t at = 0, before = count;
        OK(__wasi_fd_readdir(fd, page, sizeof page, cookie, &used));
        TRUE(used <= sizeof page);
        while (at + sizeof(__wasi_dirent_t) <= used && count < max) {
            entry *e = &entries[count];
            memcpy(&e->head, page + at, sizeof e->head);
            at += sizeof e->head;
            if (at + e->head.d_namlen > used)
                break;
            TRUE(e->head.d_namlen < sizeof e->name);
            memcpy(e->name, page + at, e->head.d_namlen);
            e->name[e->head.d_namlen] = 0;
            at += e->head.d_namlen;
            cookie = e->head.d_next;
            count++;
        }
        if (used < sizeof page || count == max)
            return count;
        TRUE(count > before);
    }
}

/* find gives the entry of that name, or 0. */
static inline const entry *find(const entry *entries, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].name, name) == 0)
            return &entries[i];
    return 0;
}

static inline int is_dot(const entry *e) { return strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0; }
