/* why.c - what postil_doc_why tells, as a list of plain tables; lua/postil/why.lua makes entries of
 * them.
 *
 * All of it is collected before a table is made, so that an error of the host's Lua never unwinds
 * the core.
 */
#include "binding.h"

typedef struct sink {
  pst_bytes *bytes;
  bool full; /* no memory for more */
} sink;

static void keep(void *ud, const postil_why *why) {
  sink *to = ud;
  if (!pst_bytes_add(to->bytes, why, sizeof *why)) to->full = true;
}

/* Sets a span as two fields of the table on top, from 1, last inclusive. */
static void set_span(lua_State *L, const char *first, const char *last, size_t start, size_t end) {
  compat_pushnumber(L, (double)start + 1);
  lua_setfield(L, -2, first);
  compat_pushnumber(L, (double)end);
  lua_setfield(L, -2, last);
}

static void set_number(lua_State *L, const char *name, double value) {
  compat_pushnumber(L, value);
  lua_setfield(L, -2, name);
}

static void set_string(lua_State *L, const char *name, const char *value) {
  lua_pushstring(L, value); /* NULL: nil */
  lua_setfield(L, -2, name);
}

/* Rules and patterns count from 1. */
static void set_who(lua_State *L, const pst_set *set, const postil_who *who) {
  set_string(L, "label", postil_rules_label(set->rules, who->label));
  if (who->rule != POSTIL_NO_RULE) {
    set_string(L, "rule", postil_rules_name(set->rules, who->rule));
    set_number(L, "number", (double)who->rule + 1);
    if (who->pattern != POSTIL_NO_PATTERN) set_number(L, "pattern", (double)who->pattern + 1);
  }
  set_span(L, "first", "last", who->start, who->end);
}

static void push_entry(lua_State *L, const pst_set *set, const postil_why *why) {
  lua_createtable(L, 0, 8);
  set_string(L, "kind", postil_why_name(why->kind));
  set_string(L, "how", why->how);
  set_who(L, set, &why->who);
  if (why->by.label != POSTIL_NO_LABEL || why->by.end > why->by.start) {
    lua_createtable(L, 0, 6);
    set_who(L, set, &why->by);
    lua_setfield(L, -2, "by");
  }
  if (why->kind == POSTIL_WHY_AMENDED || why->kind == POSTIL_WHY_AROUND) {
    lua_createtable(L, 0, 2);
    set_span(L, "first", "last", why->start, why->end);
    lua_setfield(L, -2, "match");
  }
  if (why->kind == POSTIL_WHY_NEAR) {
    set_number(L, "at", (double)why->start + 1);
    set_span(L, "wanted_first", "wanted_last", why->wanted, why->wanted_end);
  }
  if (why->kind != POSTIL_WHY_COST) return;
  set_number(L, "cost", why->cost);
  if (why->margin != POSTIL_NO_MARGIN) set_number(L, "margin", why->margin);
}

/* Pushes the list, or nil and a message. */
int pst_push_why(lua_State *L, pst_set *set, postil_doc *doc, size_t at, const char *label) {
  postil_err err = {0};
  sink to = {pst_bytes_push(L), false};
  set->busy = true;
  set->running = doc;
  postil_status status = postil_doc_why(doc, at, label, keep, &to, &err);
  set->running = NULL;
  set->busy = false;
  if (to.full) return luaL_error(L, "out of memory");
  if (status != POSTIL_OK) {
    lua_pushnil(L);
    lua_pushstring(L, status == POSTIL_EHOOK && set->error ? set->error : err.what);
    return 2;
  }
  postil_why why;
  size_t n = to.bytes->n / sizeof why;
  lua_createtable(L, n < 1 << 20 ? (int)n : 0, 0);
  for (size_t i = 0; i < n; i++) {
    memcpy(&why, to.bytes->at + i * sizeof why, sizeof why);
    push_entry(L, set, &why);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}
