/* Sockets, of which there are none: descriptors that are closed or something else. */
#include "wasi.h"

START {
    u8 buf[8];
    u32 n = 0;
    u16 flags = 0;
    make_file(A, "f", "12345");
    u32 file = open_file(A, "f", 0, RW, 0);
#ifndef UNSTABLE
    u32 got = 0;
    T(sock_accept, "closed", (CLOSED, 0, &got), BADF);
    T(sock_accept, "file", (file, 0, &got), OR(BADF, NOTSOCK));
    T(sock_accept, "directory", (A, 0, &got), OR(BADF, NOTSOCK));
    T(sock_accept, "stdin", (0, 0, &got), OR(BADF, NOTSOCK));
    T(sock_accept, "file, nonblock", (file, NONBLOCK, &got), OR(BADF, NOTSOCK));
#endif
    T(sock_recv, "closed", (CLOSED, BUF(buf, 8), 0, &n, &flags), BADF);
    T(sock_recv, "file", (file, BUF(buf, 8), 0, &n, &flags), OR(BADF, NOTSOCK));
    T(sock_recv, "directory", (A, BUF(buf, 8), 0, &n, &flags), OR(BADF, NOTSOCK));
    T(sock_recv, "stdin", (0, BUF(buf, 8), 0, &n, &flags), OR(BADF, NOTSOCK));
    T(sock_recv, "file, peek and waitall", (file, BUF(buf, 8), 3, &n, &flags), OR(BADF, NOTSOCK));
    T(sock_send, "closed", (CLOSED, TEXT("x"), 0, &n), BADF);
    T(sock_send, "file", (file, TEXT("x"), 0, &n), OR(BADF, NOTSOCK));
    T(sock_send, "directory", (A, TEXT("x"), 0, &n), OR(BADF, NOTSOCK));
    T(sock_send, "stdout", (1, TEXT("x"), 0, &n), OR(BADF, NOTSOCK));
    T(sock_shutdown, "closed, both", (CLOSED, 3), BADF);
    T(sock_shutdown, "file, read", (file, 1), OR(BADF, NOTSOCK));
    T(sock_shutdown, "file, write", (file, 2), OR(BADF, NOTSOCK));
    T(sock_shutdown, "file, neither", (file, 0), OR3(BADF, NOTSOCK, INVAL));
    T(sock_shutdown, "directory, both", (A, 3), OR(BADF, NOTSOCK));
    T(sock_shutdown, "stdout, both", (1, 3), OR(BADF, NOTSOCK));
    V("sock nothing was received", n, 0);
    contents("sock_send leaves the file", A, "f", "12345");
}
