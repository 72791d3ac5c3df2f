/* test_binding.c - the binding in a host whose memory runs out: each allocation of the host's Lua
 * fails in turn, once and for good.  Nothing is lost (the run under ASan tells), and what is asked
 * again afterwards answers as before.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdio.h>
#include <unistd.h>

#include "support.h"

int luaopen_postil_core(lua_State *L);

/* lua_Alloc that fails; the sizes are Lua's business. */
static void *allocate(void *ud, void *p, size_t old, size_t size) {
  support_mem *heap = ud;
  if (size == 0) {
    free(p);
    return NULL;
  }
  if (p && size <= old) return realloc(p, size); /* Lua takes it for granted that blocks shrink */
  heap->asked++;
  if (heap->fail_at && (heap->sticky ? heap->asked >= heap->fail_at : heap->asked == heap->fail_at)) {
    heap->failed++;
    return NULL;
  }
  return realloc(p, size);
}

/* Leaves what the works are called with. */
static void set_up(lua_State *L, const char *folder) {
  static const char source[] =
      "package.path = 'lua/?.lua;lua/?/init.lua'\n"
      "local postil, core = require 'postil', require 'postil.core'\n"
      "local set = assert(postil.load [[\n"
      "tag.num { id = 'n', '<num>', set = { v = function(m) return tostring(m.text) end } }\n"
      "tag.thing { terms = { 'red box', { 'green box', size = 'big' } } }\n"
      "tag._h 'ten' tag.x { id = 'x', 'one|two|one' } tag.x 'one' veto.x 'two ten' ]])\n"
      "set:count()\n"
      "local text = 'One, 12 green boxes, a red box and one; two ten.'\n"
      "return { core = core, set = set.core, doc = assert(set:tag(text)), text = text, folder = ... }";
  luaL_openlibs(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_postil_core);
  lua_setfield(L, -2, "postil.core");
  lua_settop(L, 0);
  assert_int_equal(luaL_loadstring(L, source), LUA_OK);
  lua_pushstring(L, folder);
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) fail_msg("%s", lua_tostring(L, -1));
}

/* Runs one work; true when no allocation failed. */
static bool try_work(lua_State *L, support_mem *heap, const char *work, size_t fail_at) {
  lua_settop(L, 1);
  assert_int_equal(luaL_loadstring(L, work), LUA_OK);
  lua_pushvalue(L, 1);
  heap->asked = heap->failed = 0;
  heap->fail_at = fail_at;
  int status = lua_pcall(L, 1, 0, 0);
  heap->fail_at = 0;
  if (status != LUA_OK && !heap->failed) fail_msg("%s: %s", work, lua_tostring(L, -1));
  lua_settop(L, 1);
  lua_gc(L, LUA_GCCOLLECT, 0);
  return heap->failed == 0;
}

static void a_host_without_memory(void **state) {
  static const char *const works[] = {
      "local o = ... assert(o.set:lint()[1].words)",
      "local o = ... assert(o.set:describe()[1].attributes[1].name == 'v')",
      "local o = ... assert(o.set:stats()[1].counted)",
      "local o = ... assert(o.doc:why(6)[1].first == 6)",
      "local o = ... assert(o.doc:json())",
      "local o = ... assert(o.doc:attrs(o.doc:tags('num')[1])[1].value == '12')",
      "local o = ... for t in o.doc:each() do assert(t.text and t.name and t.parts) end",
      "local o = ... local doc = o.set:open(o.text) while not doc:run(4) do end doc:close()",
      "local o = ... local text, map = o.core.normalize('e\\204\\129', 'NFC')"
      " assert(text == '\\195\\169' and map:back(1, 2) == 1)",
      "local f = (...).core.files assert(#f.read 'Makefile' > 100 and f.real '.' and f.stamp '.')",
      "local o = ... local f = o.core.files assert(#f.sha256 'abc' == 64)"
      " local kept = f.keep(o.folder, 'record', function() return 'kept' end)"
      " assert(not kept or f.kept(o.folder, 'record') == 'kept')"};
  char folder[] = "/tmp/postil-XXXXXX", path[64];
  support_mem heap = support_mem_new();
  (void)state;
  assert_non_null(mkdtemp(folder));
  lua_State *L = lua_newstate(allocate, &heap);
  assert_non_null(L);
  set_up(L, folder);
  for (size_t i = 0; i < sizeof works / sizeof *works; i++)
    for (int sticky = 0; sticky < 2; sticky++) {
      size_t n = 1;
      heap.sticky = sticky;
      while (!try_work(L, &heap, works[i], n)) n++;
      assert_true(n > 2);
    }
  lua_close(L);
  (void)snprintf(path, sizeof path, "%s/record", folder);
  assert_int_equal(unlink(path), 0);
  (void)snprintf(path, sizeof path, "%s/record.lock", folder);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(rmdir(folder), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_host_without_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
