/* core.c - the module postil.core: what lua/postil/init.lua stands on.
 *
 *   core.version, core.unicode, core.abi
 *   core.large_table            bytes from which on a table of terms is compiled into an image
 *   core.rules()                a rule set with a private state (state.c, env.c)
 *   core.normalize(text, form)  a normalised text and its map
 *   core.files                  reading rule files, and a record of the user's (files.c)
 *   core.methods                tables of methods, to which Lua files add theirs: rules, doc, map
 *
 * The same file is linked into the command; luaopen_postil_core is its only symbol for others.
 */
#include "binding.h"

/* Makes the metatable `type` with __index = a table of methods; pushes that table. */
void pst_push_methods(lua_State *L, const char *type, const luaL_Reg *methods,
                      const luaL_Reg *meta) {
  luaL_newmetatable(L, type);
  compat_setfuncs(L, meta);
  lua_newtable(L);
  compat_setfuncs(L, methods);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__index");
  lua_remove(L, -2);
}

/* ---- rule sets ------------------------------------------------------------------------------- */

typedef struct rules_object {
  pst_set *set; /* NULL: closed */
} rules_object;

pst_set *pst_rules_check(lua_State *L, int arg) {
  rules_object *object = luaL_checkudata(L, arg, PST_RULES);
  if (!object->set) luaL_error(L, "this rule set is closed");
  return object->set;
}

/* Runs in the private state: calls each of the trusted sources with the functions of env.c, the
 * converters and a table that they share; keeps the table of handlers that the last one returns. */
static int boot(lua_State *L) {
  pst_set *set = pst_set_of(L);
  lua_settop(L, 0);
  pst_mail_unpack(L, set->mail.at, set->mail.n);
  lua_newtable(L);
  compat_setfuncs(L, pst_env_functions);
  lua_newtable(L);
  compat_setfuncs(L, pst_converters);
  lua_newtable(L);
  for (int i = 1, n = (int)lua_rawlen(L, 1); i <= n; i++) {
    lua_settop(L, 4);
    size_t len;
    lua_rawgeti(L, 1, i);
    const char *source = lua_tolstring(L, 5, &len);
    if (!source || compat_load(L, source, len, "=postil.env") != 0) return lua_error(L);
    for (int k = 2; k <= 4; k++) lua_pushvalue(L, k);
    lua_call(L, 3, 1);
  }
  if (!lua_istable(L, -1)) return luaL_error(L, "env.lua returns no table");
  lua_rawseti(L, LUA_REGISTRYINDEX, PST_AT_HANDLERS);
  return 0;
}

/* core.rules(list of trusted sources, env.lua last): an empty rule set. */
static int core_rules(lua_State *L) {
  const char *what;
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checkstack(L, 3 * PST_MAIL_DEPTH + 8, "too many values");
  rules_object *object = compat_newuserdata(L, sizeof *object);
  object->set = NULL;
  luaL_getmetatable(L, PST_RULES);
  lua_setmetatable(L, -2);
  pst_set *set = object->set = pst_set_new();
  if (!set) return luaL_error(L, "out of memory");
  if (!pst_mail_pack(L, 1, 1, &set->mail, &what))
    return luaL_error(L, "a list of sources is wanted");
  pst_set_enter(set);
  int failed = compat_protect(set->lua, boot, set);
  pst_set_leave(set);
  if (failed) {
    pst_set_complain(set, set->lua);
    return luaL_error(L, "%s", set->error ? set->error : "out of memory");
  }
  lua_settop(set->lua, 0);
  return 1;
}

static int rules_close(lua_State *L) {
  rules_object *object = luaL_checkudata(L, 1, PST_RULES);
  if (object->set && object->set->busy) return luaL_error(L, "this rule set is at work");
  pst_set_release(object->set);
  object->set = NULL;
  return 0;
}

static int push_names(lua_State *L, const char *(*name_of)(const postil_rules *, uint32_t)) {
  const pst_set *set = pst_rules_check(L, 1);
  const char *name;
  lua_newtable(L);
  for (uint32_t i = 0; (name = name_of(set->rules, i)) != NULL; i++) {
    lua_pushstring(L, name);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* rules:labels(): their names by number; rules:attributes(): names of what tags may have. */
static int rules_labels(lua_State *L) { return push_names(L, postil_rules_label); }
static int rules_attributes(lua_State *L) { return push_names(L, postil_rules_attr); }

/* rules:gives(rule, attribute): whether its tags may have it, both by number from 1. */
static int rules_gives(lua_State *L) {
  const pst_set *set = pst_rules_check(L, 1);
  lua_Integer rule = luaL_checkinteger(L, 2), attr = luaL_checkinteger(L, 3);
  lua_pushboolean(L, rule > 0 && attr > 0 && rule <= UINT16_MAX && attr <= UINT16_MAX &&
                         postil_rules_gives(set->rules, (uint32_t)rule - 1, (uint32_t)attr - 1));
  return 1;
}

/* rules:heap(): bytes that the private state holds. */
static int rules_heap(lua_State *L) {
  compat_pushnumber(L, (double)pst_rules_check(L, 1)->heap);
  return 1;
}

static const luaL_Reg rules_methods[] = {
    {"call", pst_rules_call},         {"open", pst_rules_open_document},
    {"labels", rules_labels},         {"attributes", rules_attributes},
    {"gives", rules_gives},           {"describe", pst_rules_describe},
    {"lint", pst_rules_lint},         {"count", pst_rules_count},
    {"stats", pst_rules_stats},       {"heap", rules_heap},
    {"close", rules_close},           {NULL, NULL}};
static const luaL_Reg rules_meta[] = {{"__gc", rules_close}, {NULL, NULL}};

/* ---- normalisation --------------------------------------------------------------------------- */

typedef struct map_object {
  postil_norm *norm;
  size_t before, after; /* bytes of the original and of the normalised text */
} map_object;

static map_object *check_map(lua_State *L) {
  map_object *map = luaL_checkudata(L, 1, PST_MAP);
  if (!map->norm) luaL_error(L, "this map is closed");
  return map;
}

/* core.normalize(text[, form]): the normalised text and the map between the two, or nil,
 * message. */
static int core_normalize(lua_State *L) {
  static const char *const forms[] = {"NFC", "NFD", "NFKC", "NFKD", NULL};
  size_t len;
  if (!lua_isstring(L, 1)) return pst_arg_refuse(L, 1, "postil.normalize", "text", "a string");
  const char *text = lua_tolstring(L, 1, &len);
  const char *named = pst_arg_optional_string(L, 2, "postil.normalize", "form");
  int form = 0;
  while (named && forms[form] && !pst_same(named, forms[form])) form++;
  if (!forms[form]) return luaL_error(L, "postil.normalize: form must be NFC, NFD, NFKC or NFKD");
  map_object *map = compat_newuserdata(L, sizeof *map);
  *map = (map_object){.before = len};
  luaL_getmetatable(L, PST_MAP);
  lua_setmetatable(L, -2);
  postil_err err = {0};
  if (postil_normalize(NULL, (postil_form)form, text, len, &map->norm, &err) != POSTIL_OK) {
    map->norm = NULL;
    lua_pushnil(L);
    lua_pushstring(L, err.what);
    return 2;
  }
  text = postil_norm_text(map->norm, &map->after);
  lua_pushlstring(L, text ? text : "", map->after);
  lua_insert(L, -2);
  return 2;
}

static int map_close(lua_State *L) {
  map_object *map = luaL_checkudata(L, 1, PST_MAP);
  postil_norm_free(map->norm);
  map->norm = NULL;
  return 0;
}

/* map:back(first, last): the smallest span of the original that covers this span of the normalised
 * text. */
static int map_back(lua_State *L) {
  map_object *map = check_map(L);
  size_t start, end;
  pst_check_span(L, 2, "map:back", map->after, &start, &end);
  postil_norm_back(map->norm, &start, &end);
  compat_pushnumber(L, (double)start + 1);
  compat_pushnumber(L, (double)end);
  return 2;
}

/* map:forth(first, last): the other way. */
static int map_forth(lua_State *L) {
  map_object *map = check_map(L);
  size_t start, end;
  pst_check_span(L, 2, "map:forth", map->before, &start, &end);
  postil_norm_forth(map->norm, &start, &end);
  compat_pushnumber(L, (double)start + 1);
  compat_pushnumber(L, (double)end);
  return 2;
}

static const luaL_Reg map_methods[] = {
    {"back", map_back}, {"forth", map_forth}, {"close", map_close}, {NULL, NULL}};
static const luaL_Reg map_meta[] = {{"__gc", map_close}, {NULL, NULL}};

/* ---- the module ------------------------------------------------------------------------------ */

static const luaL_Reg functions[] = {
    {"rules", core_rules}, {"normalize", core_normalize}, {"nearest", pst_nearest}, {NULL, NULL}};

POSTIL_API int luaopen_postil_core(lua_State *L);
int luaopen_postil_core(lua_State *L) {
  compat_checkversion(L);
  lua_newtable(L);
  compat_setfuncs(L, functions);
  lua_pushstring(L, postil_version());
  lua_setfield(L, -2, "version");
  lua_pushstring(L, postil_unicode());
  lua_setfield(L, -2, "unicode");
  lua_pushinteger(L, (lua_Integer)PST_TABLE_LARGE);
  lua_setfield(L, -2, "large_table");
  lua_pushinteger(L, PST_PATIENCE);
  lua_setfield(L, -2, "patience");
  lua_pushliteral(L, COMPAT_ABI);
  lua_setfield(L, -2, "abi");
  lua_newtable(L);
  compat_setfuncs(L, pst_files_functions);
  lua_setfield(L, -2, "files");
  pst_doc_open(L);
  lua_newtable(L);
  pst_push_methods(L, PST_RULES, rules_methods, rules_meta);
  lua_setfield(L, -2, "rules");
  pst_push_methods(L, PST_MAP, map_methods, map_meta);
  lua_setfield(L, -2, "map");
  luaL_getmetatable(L, PST_DOC);
  lua_getfield(L, -1, "__index");
  lua_remove(L, -2);
  lua_setfield(L, -2, "doc");
  lua_setfield(L, -2, "methods");
  return 1;
}
