/* inspect.c - what a rule set tells of itself, as tables: rules:describe(). */
#include "binding.h"

static const char *verb_name(postil_verb verb) {
  static const char *const names[] = {"tag", "veto", "amend", "alias", "pin", "block"};
  return names[verb];
}

static const char *source_name(postil_source source) {
  static const char *const names[] = {"constant", "template", "map", "function", "capture", "term"};
  return names[source];
}

static void set_string(lua_State *L, const char *name, const char *value) {
  lua_pushstring(L, value);
  lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, double value) {
  compat_pushnumber(L, value);
  lua_setfield(L, -2, name);
}

static void push_rule(lua_State *L, const postil_rules *rules, const postil_rule_info *info) {
  lua_createtable(L, 0, 8);
  set_string(L, "verb", verb_name(info->verb));
  set_string(L, "label", postil_rules_label(rules, info->label));
  set_string(L, "name", info->name);
  set_number(L, "patterns", (double)info->npatterns);
  set_number(L, "terms", (double)info->nterms);
  if (info->term.at) {
    lua_pushlstring(L, info->term.at, info->term.len);
    lua_setfield(L, -2, "term");
  }
  lua_pushboolean(L, info->off);
  lua_setfield(L, -2, "off");
  lua_newtable(L);
  lua_setfield(L, -2, "attributes");
}

/* The attributes that are told, one behind the other. */
typedef struct told {
  pst_bytes bytes; /* of one_told */
  bool full;       /* there was no memory for all */
} told;

typedef struct one_told {
  uint32_t rule;
  postil_source source;
  const char *name;
} one_told;

static void keep_told(void *ud, uint32_t rule, const char *name, postil_source source) {
  told *all = ud;
  one_told one = {rule, source, name};
  if (!pst_bytes_add(&all->bytes, &one, sizeof one)) all->full = true;
}

/* Adds { name=, how= } to the attributes of the rules at index 2; the bytes are a string at 3. */
static void push_attributes(lua_State *L) {
  size_t len;
  const char *at = lua_tolstring(L, 3, &len);
  for (size_t i = 0; i + sizeof(one_told) <= len; i += sizeof(one_told)) {
    one_told one;
    memcpy(&one, at + i, sizeof one);
    lua_rawgeti(L, 2, (int)one.rule + 1);
    lua_getfield(L, -1, "attributes");
    lua_createtable(L, 0, 2);
    set_string(L, "name", one.name);
    set_string(L, "how", source_name(one.source));
    lua_rawseti(L, -2, (int)lua_rawlen(L, -2) + 1);
    lua_pop(L, 2);
  }
}

/* rules:describe(): a list, by number, of { verb=, label=, name=, patterns=, terms=, term=, off=,
 * attributes= { { name=, how= }, ... } }. */
int pst_rules_describe(lua_State *L) {
  const pst_set *set = pst_rules_check(L, 1);
  postil_rule_info info;
  lua_settop(L, 1);
  lua_newtable(L);
  for (uint32_t i = 0; postil_rules_info(set->rules, i, &info); i++) {
    push_rule(L, set->rules, &info);
    lua_rawseti(L, 2, (int)i + 1);
  }
  told all = {{0}, false};
  postil_err err = {0};
  all.full = postil_rules_attrs(set->rules, keep_told, &all, &err) != POSTIL_OK || all.full;
  if (!all.full) lua_pushlstring(L, all.bytes.at ? all.bytes.at : "", all.bytes.n);
  pst_bytes_free(&all.bytes);
  if (all.full) return luaL_error(L, "out of memory");
  push_attributes(L);
  lua_settop(L, 2);
  return 1;
}
