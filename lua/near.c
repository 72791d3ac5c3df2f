/* near.c - nearest(word, list): the string of a list that somebody who wrote `word` most likely
 * meant, or nil; for the host and for private states. */
#include "binding.h"

int pst_nearest(lua_State *L) {
  const char *word = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  size_t room = lua_rawlen(L, 2), n = 0;
  const char **words = compat_newuserdata(L, (room + 1) * sizeof *words);
  for (size_t i = 1; i <= room; i++) {
    lua_rawgeti(L, 2, (int)i);
    if (lua_type(L, -1) == LUA_TSTRING) words[n++] = lua_tostring(L, -1); /* lent by the list */
    lua_pop(L, 1);
  }
  lua_pushstring(L, postil_nearest(word, words, n));
  return 1;
}
