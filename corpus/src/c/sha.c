#include "compute.h"
#include "sha256.h"

/* Shifts and table loads: n rounds of SHA-256 over 4 KiB, each fed by the last. */
EXPORT("sha") uint64_t sha(uint32_t n) {
    static uint8_t page[4096];
    uint64_t head;
    for (size_t i = 0; i < sizeof page; i++)
        page[i] = (uint8_t)i;
    for (; n; n--)
        sha256(page, sizeof page, page);
    memcpy(&head, page, sizeof head);
    return head;
}

int main(int argc, char **argv) { return compute_main(argc, argv, 500, sha); }
