#include "compute.h"

/* Calls and integer work: the nth Fibonacci number, by plain recursion. */
EXPORT("fib") uint64_t fib(uint32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char **argv) { return compute_main(argc, argv, 27, fib); }
