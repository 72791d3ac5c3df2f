/* compat.h - one face for Lua 5.1, LuaJIT, 5.2, 5.3 and 5.4; every test of a version is here.
 *
 * The binding uses the C API only and is not linked to liblua: the host brings the symbols.  A
 * module for the wrong version fails to load with a clean message, because each version has a
 * symbol that the others lack. / */
#ifndef POSTIL_LUA_COMPAT_H
#define POSTIL_LUA_COMPAT_H

#include <lua.h>

#include <lauxlib.h>
#include <lualib.h>

/* "5.1" also stands for LuaJIT. */
#if LUA_VERSION_NUM == 501
#define COMPAT_ABI "5.1"
#elif LUA_VERSION_NUM == 502
#define COMPAT_ABI "5.2"
#elif LUA_VERSION_NUM == 503
#define COMPAT_ABI "5.3"
#elif LUA_VERSION_NUM == 504
#define COMPAT_ABI "5.4"
#else
#error "postil knows Lua 5.1, LuaJIT, 5.2, 5.3 and 5.4"
#endif

#if LUA_VERSION_NUM == 501

#define lua_rawlen(L, i) lua_objlen((L), (i))
#define lua_pushglobaltable(L) lua_pushvalue((L), LUA_GLOBALSINDEX)
#define compat_checkversion(L) ((void)(L))

/* A value that a userdata keeps alive: must be a table. */
#define compat_setkeep(L, i) lua_setfenv((L), (i))
#define compat_getkeep(L, i) lua_getfenv((L), (i))
#define compat_newuserdata(L, size) lua_newuserdata((L), (size))
#define compat_newkeeper(L, size) lua_newuserdata((L), (size))

#define COMPAT_UTF8 0
#define COMPAT_INTEGER 0

/* The functions of a library into the table on top.  5.1 has no luaL_setfuncs; LuaJIT has, but a
 * module that calls it would not load in 5.1. */
static inline void compat_setfuncs(lua_State *L, const luaL_Reg *list) {
  for (; list->name; list++) {
    lua_pushcfunction(L, list->func);
    lua_setfield(L, -2, list->name);
  }
}

/* fn(L) with ud as its argument, protected; 0 or the status with the message on top. */
static inline int compat_protect(lua_State *L, lua_CFunction fn, void *ud) {
  return lua_cpcall(L, fn, ud);
}

static inline int compat_load(lua_State *L, const char *source, size_t len, const char *name) {
  return luaL_loadbuffer(L, source, len, name);
}

/* The table at i becomes the globals of the function at f. */
static inline void compat_setglobals(lua_State *L, int f, int i) {
  lua_pushvalue(L, i);
  lua_setfenv(L, f);
}

static inline void compat_open(lua_State *L, const char *name, lua_CFunction open) {
  lua_pushcfunction(L, open);
  lua_pushstring(L, name);
  lua_call(L, 1, 0);
}

#else

#define compat_checkversion(L) luaL_checkversion(L)
#if LUA_VERSION_NUM >= 504
#define compat_setkeep(L, i) lua_setiuservalue((L), (i), 1)
#define compat_getkeep(L, i) lua_getiuservalue((L), (i), 1)
#define compat_newuserdata(L, size) lua_newuserdatauv((L), (size), 0)
#define compat_newkeeper(L, size) lua_newuserdatauv((L), (size), 1)
#else
#define compat_setkeep(L, i) lua_setuservalue((L), (i))
#define compat_getkeep(L, i) lua_getuservalue((L), (i))
#define compat_newuserdata(L, size) lua_newuserdata((L), (size))
#define compat_newkeeper(L, size) lua_newuserdata((L), (size))
#endif

#define COMPAT_UTF8 (LUA_VERSION_NUM >= 503)
#define COMPAT_INTEGER (LUA_VERSION_NUM >= 503)

static inline void compat_setfuncs(lua_State *L, const luaL_Reg *list) {
  luaL_setfuncs(L, list, 0);
}

static inline int compat_protect(lua_State *L, lua_CFunction fn, void *ud) {
  lua_pushcfunction(L, fn);
  lua_pushlightuserdata(L, ud);
  return lua_pcall(L, 1, 0, 0);
}

static inline int compat_load(lua_State *L, const char *source, size_t len, const char *name) {
  return luaL_loadbufferx(L, source, len, name, "t");
}

static inline void compat_setglobals(lua_State *L, int f, int i) {
  lua_pushvalue(L, i);
  if (!lua_setupvalue(L, f, 1)) lua_pop(L, 1);
}

static inline void compat_open(lua_State *L, const char *name, lua_CFunction open) {
  luaL_requiref(L, name, open, 1);
  lua_pop(L, 1);
}

#endif

/* The libraries that a rule file may use.  utf8 where Lua has it. */
static inline void compat_openlibs(lua_State *L) {
  compat_open(L, "_G", luaopen_base);
  compat_open(L, LUA_STRLIBNAME, luaopen_string);
  compat_open(L, LUA_TABLIBNAME, luaopen_table);
  compat_open(L, LUA_MATHLIBNAME, luaopen_math);
#if COMPAT_UTF8
  compat_open(L, LUA_UTF8LIBNAME, luaopen_utf8);
#endif
}

/* A number that is whole leaves as an integer where Lua has integers, so that it prints without
 * ".0". */
static inline void compat_pushnumber(lua_State *L, double value) {
  if (value >= -9007199254740992.0 && value <= 9007199254740992.0 &&
      value == (double)(lua_Integer)value)
    lua_pushinteger(L, (lua_Integer)value);
  else
    lua_pushnumber(L, (lua_Number)value);
}

#endif
