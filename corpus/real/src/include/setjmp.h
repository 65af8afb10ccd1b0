/* Lua includes setjmp.h, which WASI lacks. luafail.h says what takes its place. */
