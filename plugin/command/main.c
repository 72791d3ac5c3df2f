/* main.c - the `postil` command: a Lua 5.4 that finds postil's modules inside this very program.
 *
 * All decisions are in lua/postil/command.lua, which gets the arguments and the host table (host.c)
 * and returns the exit code.  No Lua file is ever looked for on disk, so a directory that the
 * command is run in cannot change what it does.
 */
#include "host.h"

#include <lauxlib.h>
#include <lualib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

int luaopen_postil_core(lua_State *L);

/* A searcher for require: "postil.export" is postil/export.lua or postil/export/init.lua. */
static int search_embedded(lua_State *L) {
  const char *module = luaL_checkstring(L, 1);
  static const char *const shapes[] = {"%s.lua", "%s/init.lua"};
  const char *base = luaL_gsub(L, module, ".", "/");
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    const char *name = lua_pushfstring(L, shapes[i], base);
    size_t len;
    const unsigned char *bytes = host_embedded(name, &len);
    if (!bytes) continue;
    const char *chunk = lua_pushfstring(L, "@%s", name);
    if (luaL_loadbufferx(L, (const char *)bytes, len, chunk, "t") != LUA_OK) return lua_error(L);
    lua_pushstring(L, name);
    return 2;
  }
  lua_pushfstring(L, "no module '%s' in this program", module);
  return 1;
}

/* require looks in package.preload, then among the embedded files, and nowhere else. */
static void set_up_require(lua_State *L) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_postil_core);
  lua_setfield(L, -2, "postil.core");
  lua_pop(L, 1);
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  lua_pushcfunction(L, search_embedded);
  lua_rawseti(L, -2, 2);
  for (lua_Integer i = (lua_Integer)lua_rawlen(L, -1); i > 2; i--) {
    lua_pushnil(L);
    lua_rawseti(L, -2, i);
  }
  lua_pop(L, 2);
}

/* Puts the place and the callers behind an error's words. */
static int with_traceback(lua_State *L) {
  const char *message = lua_tostring(L, 1);
  luaL_traceback(L, L, message ? message : luaL_typename(L, 1), 1);
  return 1;
}

/* Runs require("postil.command").run(arguments, host) and leaves the exit code. */
static int run(lua_State *L) {
  int argc = (int)lua_tointeger(L, 1);
  char **argv = lua_touserdata(L, 2);
  luaL_openlibs(L);
  set_up_require(L);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "postil.command");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "run");
  lua_createtable(L, argc, 0);
  for (int i = 1; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_rawseti(L, -2, i);
  }
  lua_pushcfunction(L, host_open);
  lua_call(L, 0, 1);
  lua_call(L, 2, 1);
  return 1;
}

int main(int argc, char **argv) {
  (void)signal(SIGPIPE, SIG_IGN); /* a reader that went away is seen as EPIPE and ends us quietly */
  lua_State *L = luaL_newstate();
  if (!L) {
    (void)fputs("postil: not enough memory\n", stderr);
    return 2;
  }
  lua_pushcfunction(L, with_traceback);
  lua_pushcfunction(L, run);
  lua_pushinteger(L, argc);
  lua_pushlightuserdata(L, argv);
  int code = 2;
  if (lua_pcall(L, 2, 1, 1) == LUA_OK)
    code = (int)lua_tointeger(L, -1);
  else
    (void)fprintf(stderr, "postil: internal error: %s\n", lua_tostring(L, -1));
  lua_close(L);
  return code;
}
