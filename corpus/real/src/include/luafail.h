/* WASI has no setjmp, so an error of a script cannot be caught: it ends the
   program, however deep in C and Lua it was raised. */
#ifndef LUAFAIL_H
#define LUAFAIL_H
struct lua_State;
_Noreturn void lua_fail(struct lua_State *L, int status);
#define LUAI_THROW(L, c) lua_fail(L, (c)->status)
#define LUAI_TRY(L, c, a) { a }
#define luai_jmpbuf int
#endif
