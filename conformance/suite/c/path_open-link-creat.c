/* path_open: creat through a link that leads nowhere makes what it names. */
#include "check.h"

int main(void) {
    make_link("target", "link");
    int fd = open_file("link", CREAT);
    write_text(fd, "text");
    HOLDS("target", "text");
}
