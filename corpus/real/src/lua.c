/* Runs a Lua script: lua SCRIPT [ARGUMENT...]

   The arguments are in the script's table arg. An error ends the program with
   exit code 1 from where it was raised, as there is no setjmp to catch it with. */
#include "lua.h"
#include "lauxlib.h"
#include "lualib.h"
#include <stdio.h>
#include <stdlib.h>

_Noreturn void lua_fail(lua_State *L, int status) {
    const char *message = lua_tostring(L, -1);
    fprintf(stderr, "lua: %s (status %d)\n", message ? message : "error without a message", status);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: lua SCRIPT [ARGUMENT...]\n");
        return 2;
    }
    lua_State *L = luaL_newstate();
    if (!L)
        return 1;
    luaL_openlibs(L);
    lua_createtable(L, argc, 0);
    for (int i = 0; i < argc; i++) {
        lua_pushstring(L, argv[i]);
        lua_rawseti(L, -2, i - 1);
    }
    lua_setglobal(L, "arg");
    if (luaL_loadfile(L, argv[1]) != LUA_OK || lua_pcall(L, 0, 0, 0) != LUA_OK)
        lua_fail(L, 0);
    lua_close(L);
    return 0;
}
