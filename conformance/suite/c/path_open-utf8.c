/* path_open: names are UTF-8, and as many different ones as there are bytes. */
#include "check.h"

int main(void) {
    put("gr\xc3\xbc\xc3\x9f\x65", "one");
    put("\xe2\x9c\x93 \xf0\x9f\x8c\x8d", "two");
    put("name", "lower");
    put("NAME", "upper");
    HOLDS("gr\xc3\xbc\xc3\x9f\x65", "one");
    HOLDS("\xe2\x9c\x93 \xf0\x9f\x8c\x8d", "two");
    HOLDS("name", "lower");
    HOLDS("NAME", "upper");
}
