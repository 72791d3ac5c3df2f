/* env.c - what lua/postil/env.lua calls, in the private state, to fill a rule set; and the way
 * back, the calls of functions that rules hold.
 *
 * env.lua is trusted: it checks what rule authors wrote and hands plain, checked tables over.
 * Functions here return nil, message, ... where the core refuses something. / */
#include "binding.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#define FLAWS_MAX 100
#define HOOK_BITS 24 /* of a hook: the number of a function */

int pst_env_complain(lua_State *L, const char *words, ...) {
  va_list arguments;
  va_start(arguments, words);
  lua_pushvfstring(L, words, arguments);
  va_end(arguments);
  return lua_error(L);
}

/* ---- reading tables -------------------------------------------------------------------------- */

/* A string field, lent by the table at t; NULL if it is not there. */
static const char *field(lua_State *L, int t, const char *name, size_t *len) {
  lua_getfield(L, t, name);
  const char *at = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, len) : NULL;
  lua_pop(L, 1);
  return at;
}

static const char *field_z(lua_State *L, int t, const char *name) {
  size_t len;
  return field(L, t, name, &len);
}

static postil_text field_text(lua_State *L, int t, const char *name) {
  postil_text text = {0};
  text.at = field(L, t, name, &text.len);
  if (!text.at) text.len = 0;
  return text;
}

static double field_number(lua_State *L, int t, const char *name, double otherwise) {
  lua_getfield(L, t, name);
  double number = lua_isnumber(L, -1) ? (double)lua_tonumber(L, -1) : otherwise;
  lua_pop(L, 1);
  return number;
}

static bool field_true(lua_State *L, int t, const char *name) {
  lua_getfield(L, t, name);
  bool is = lua_toboolean(L, -1) != 0;
  lua_pop(L, 1);
  return is;
}

/* The value at i, lent; anything but a string, number or boolean is NIL. */
static postil_value value_of(lua_State *L, int i) {
  postil_value value = {.type = POSTIL_NIL, .tag = POSTIL_NO_TAG};
  switch (lua_type(L, i)) {
  case LUA_TSTRING:
    value.type = POSTIL_STRING;
    value.text = lua_tolstring(L, i, &value.len);
    break;
  case LUA_TNUMBER:
    value.type = POSTIL_NUMBER;
    value.number = (double)lua_tonumber(L, i);
    break;
  case LUA_TBOOLEAN:
    value.type = POSTIL_BOOL;
    value.number = lua_toboolean(L, i);
    break;
  default: break;
  }
  return value;
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const postil_pair *)a)->name, ((const postil_pair *)b)->name);
}

size_t pst_env_pairs(lua_State *L, int t, postil_pair *pairs, size_t room) {
  size_t n = 0;
  lua_pushnil(L);
  while (lua_next(L, t)) {
    if (lua_type(L, -2) == LUA_TSTRING) {
      postil_value value = value_of(L, lua_gettop(L));
      if (n == room) pst_env_complain(L, "more than %d attributes", PST_COLUMNS_MAX);
      if (value.type != POSTIL_NIL)
        pairs[n++] = (postil_pair){.name = lua_tostring(L, -2), .value = value};
    }
    lua_pop(L, 1);
  }
  if (n > 1) qsort(pairs, n, sizeof *pairs, by_name);
  return n;
}

/* nil, message, place, field, number of it from 0 */
static int refuse(lua_State *L, const postil_err *err) {
  lua_pushnil(L);
  lua_pushstring(L, err->what);
  compat_pushnumber(L, (double)err->at);
  lua_pushstring(L, err->field);
  compat_pushnumber(L, (double)err->nth);
  return 5;
}

static postil_err fresh(void) {
  return (postil_err){.rule = POSTIL_NO_RULE};
}

/* What compiling bytes of patterns and terms costs, in instructions. */
#define COST_PATTERN_BYTE 8
#define COST_PATTERN 250

/* ---- statements ------------------------------------------------------------------------------ */

/* One entry of `set`: { name=, kind="value"|"template"|"map"|"hook", value=, from=, map=, hook= }
 * at the top of the stack.  Its map is kept alive by a userdata that is left on the stack below the
 * entry. */
static postil_set set_of(lua_State *L) {
  int t = lua_gettop(L);
  const char *kind = field_z(L, t, "kind");
  postil_set set = {.name = field_z(L, t, "name"), .hook = POSTIL_NO_HOOK};
  lua_getfield(L, t, "value");
  set.value = value_of(L, t + 1);
  lua_pop(L, 1);
  if (!kind || !set.name) luaL_error(L, "set: name and kind");
  switch (kind[0]) {
  case 'v': set.kind = POSTIL_SET_VALUE; break;
  case 't': set.kind = POSTIL_SET_TEMPLATE; break;
  case 'h':
    set.kind = POSTIL_SET_HOOK;
    set.hook = (uint32_t)field_number(L, t, "hook", 0);
    break;
  default: {
    set.kind = POSTIL_SET_MAP;
    set.from = field_z(L, t, "from");
    if (!set.from) luaL_error(L, "set: from");
    size_t room = (size_t)field_number(L, t, "size", 0);
    postil_pair *map = compat_newuserdata(L, (room + 1) * sizeof *map);
    lua_insert(L, t);
    lua_getfield(L, t + 1, "map");
    set.nmap = pst_env_pairs(L, t + 2, map, room);
    lua_pop(L, 1);
    set.map = map;
  }
  }
  return set;
}

/* The list of patterns of the rule at 1; lent by it and by a userdata left on the stack. */
static void read_patterns(lua_State *L, postil_rule *rule) {
  lua_getfield(L, 1, "patterns");
  int list = lua_gettop(L);
  size_t n = lua_rawlen(L, list);
  postil_text *patterns = compat_newuserdata(L, (n + 1) * sizeof *patterns);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, list, (int)i + 1);
    patterns[i].at = lua_tolstring(L, -1, &patterns[i].len);
    lua_pop(L, 1);
    pst_set_spend(L, COST_PATTERN + COST_PATTERN_BYTE * patterns[i].len);
  }
  rule->pattern = patterns;
  rule->npatterns = n;
}

static void read_sets(lua_State *L, postil_rule *rule) {
  lua_getfield(L, 1, "sets");
  int list = lua_gettop(L);
  size_t n = lua_rawlen(L, list);
  postil_set *sets = compat_newuserdata(L, (n + 1) * sizeof *sets);
  for (size_t i = 0; i < n; i++) {
    luaL_checkstack(L, 8, "too many attributes");
    lua_rawgeti(L, list, (int)i + 1);
    sets[i] = set_of(L);
    lua_pop(L, 1);
  }
  rule->set = sets;
  rule->nsets = n;
}

/* add(rule): the number of the statement, or what refuse() gives. */
static int env_add(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  postil_rule rule = {.verb = (postil_verb)(int)field_number(L, 1, "verb", 0),
                      .label = field_z(L, 1, "label"),
                      .name = field_z(L, 1, "name"),
                      .file = field_z(L, 1, "file"),
                      .line = (uint32_t)field_number(L, 1, "line", 0),
                      .after = field_text(L, 1, "after"),
                      .before = field_text(L, 1, "before"),
                      .not_after = field_text(L, 1, "not_after"),
                      .not_before = field_text(L, 1, "not_before"),
                      .inside = field_z(L, 1, "inside"),
                      .outside = field_z(L, 1, "outside"),
                      .same = field_z(L, 1, "same"),
                      .at = field_z(L, 1, "at"),
                      .lines = (unsigned)field_number(L, 1, "lines", 0),
                      .prio = (int)field_number(L, 1, "prio", 0),
                      .nest = field_true(L, 1, "nest"),
                      .overwrite = field_true(L, 1, "overwrite"),
                      .off = field_true(L, 1, "off"),
                      .kase = (postil_case)(int)field_number(L, 1, "case", 0),
                      .keep = (uint32_t)field_number(L, 1, "keep", (double)POSTIL_NO_HOOK)};
  read_patterns(L, &rule);
  read_sets(L, &rule);
  postil_err err = fresh();
  uint32_t index;
  if (postil_rules_add(pst_set_of(L)->rules, &rule, &index, &err) != POSTIL_OK)
    return refuse(L, &err);
  compat_pushnumber(L, (double)index);
  return 1;
}

/* Adds the term at the top of the stack. */
static postil_status add_term(lua_State *L, uint32_t index, const postil_pair *pairs, size_t n,
                              postil_err *err) {
  size_t len;
  const char *at = lua_tolstring(L, -1, &len);
  pst_set_spend(L, 1 + len / PST_TERM_BYTES);
  return postil_rules_term(pst_set_of(L)->rules, index, at, len, pairs, n, err);
}

/* terms(index, list, from): list holds, from entry `from` on, strings and entries { term, ..., attribute = value }; true, or
 * nil, message, place, "terms", number of the entry from 0. */
static int env_terms(lua_State *L) {
  uint32_t index = (uint32_t)luaL_checknumber(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  postil_err err = fresh();
  postil_status status = POSTIL_OK;
  size_t n = lua_rawlen(L, 2), i = (size_t)luaL_checknumber(L, 3) - 1;
  for (; i < n && status == POSTIL_OK; i++) {
    postil_pair pairs[PST_COLUMNS_MAX];
    lua_settop(L, 2);
    lua_rawgeti(L, 2, (int)i + 1);
    if (lua_type(L, 3) == LUA_TSTRING) {
      status = add_term(L, index, NULL, 0, &err);
      continue;
    }
    luaL_checktype(L, 3, LUA_TTABLE);
    size_t nattrs = pst_env_pairs(L, 3, pairs, PST_COLUMNS_MAX), nterms = lua_rawlen(L, 3);
    for (size_t k = 0; k < nterms && status == POSTIL_OK; k++) {
      lua_rawgeti(L, 3, (int)k + 1);
      if (lua_type(L, 4) == LUA_TSTRING) status = add_term(L, index, pairs, nattrs, &err);
      lua_settop(L, 3);
    }
  }
  if (status == POSTIL_OK) return lua_pushboolean(L, 1), 1;
  err.field = "terms";
  err.nth = (uint32_t)i - 1;
  return refuse(L, &err);
}

/* ---- the rest of a rule set ------------------------------------------------------------------ */

/* quotes{ locale=, cue=, pronoun=, conversation= }: true, or nil, message. */
static int env_quotes(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  postil_quotes quotes = {.locale = field_z(L, 1, "locale"),
                          .cue = field_z(L, 1, "cue"),
                          .pronoun = field_z(L, 1, "pronoun"),
                          .conversation = field_true(L, 1, "conversation")};
  postil_err err = fresh();
  if (postil_rules_quotes(pst_set_of(L)->rules, &quotes, &err) != POSTIL_OK) return refuse(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

static int env_ignore(lua_State *L) {
  postil_err err = fresh();
  if (postil_rules_ignore(pst_set_of(L)->rules, luaL_checkstring(L, 1), &err) != POSTIL_OK)
    return refuse(L, &err);
  lua_pushboolean(L, 1);
  return 1;
}

static int env_off(lua_State *L) {
  lua_pushboolean(L, postil_rules_off(pst_set_of(L)->rules, luaL_checkstring(L, 1)));
  return 1;
}

/* Keeps what is reported in set->scratch: nothing may be raised while the core works. */
static void keep_flaw(void *ud, const postil_err *err) {
  pst_set *set = ud;
  if (set->scratch.n < FLAWS_MAX * sizeof *err) pst_bytes_add(&set->scratch, err, sizeof *err);
}

/* check(): all that keeps the rules from being sealed, a list of { message, place, field or false,
 * number of it from 0, statement or false }. */
static int env_check(lua_State *L) {
  pst_set *set = pst_set_of(L);
  set->scratch.n = 0;
  postil_rules_check(set->rules, keep_flaw, set);
  lua_newtable(L);
  postil_err err;
  for (size_t i = 0; i < set->scratch.n / sizeof err; i++) {
    memcpy(&err, set->scratch.at + i * sizeof err, sizeof err);
    lua_createtable(L, 5, 0);
    lua_pushstring(L, err.what);
    lua_rawseti(L, -2, 1);
    compat_pushnumber(L, (double)err.at);
    lua_rawseti(L, -2, 2);
    if (err.field) lua_pushstring(L, err.field);
    else lua_pushboolean(L, 0);
    lua_rawseti(L, -2, 3);
    compat_pushnumber(L, (double)err.nth);
    lua_rawseti(L, -2, 4);
    if (err.rule != POSTIL_NO_RULE) compat_pushnumber(L, (double)err.rule);
    else lua_pushboolean(L, 0);
    lua_rawseti(L, -2, 5);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

static int env_helpers(lua_State *L) {
  lua_pushboolean(L, postil_rules_show_helpers(pst_set_of(L)->rules));
  return 1;
}

static int env_seal(lua_State *L) {
  pst_set *set = pst_set_of(L);
  postil_err err = fresh();
  if (postil_rules_seal(set->rules, &err) != POSTIL_OK) return refuse(L, &err);
  set->sealed = true;
  lua_pushboolean(L, 1);
  return 1;
}

/* hook(f, keep): the number under which the core calls f.  That of a converter is in the bits above
 * it; so many functions as fill the bits below have no room in a private state. */
static int env_hook(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  bool keep = lua_toboolean(L, 2) != 0;
  uint32_t converter = keep ? 0 : pst_converter_of(lua_tocfunction(L, 1));
  lua_settop(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, PST_AT_HOOKS);
  int n = (int)lua_rawlen(L, 2) + 1;
  lua_pushvalue(L, 1);
  lua_rawseti(L, 2, n);
  if (keep) {
    lua_pushboolean(L, 1);
    lua_rawseti(L, 2, -n);
  }
  compat_pushnumber(L, (double)((uint32_t)n | converter << HOOK_BITS));
  return 1;
}

/* where(level): name of the chunk (without @) and line that runs at that level, or next to it from
 * there on: pcall and its kin have none; nil if none does. */
static int env_where(lua_State *L) {
  lua_Debug activation;
  int level = (int)luaL_checknumber(L, 1), last = level + 4;
  for (; level <= last && lua_getstack(L, level, &activation); level++) {
    lua_getinfo(L, "Sl", &activation);
    if (activation.source[0] != '@' || activation.currentline < 0) continue;
    lua_pushstring(L, activation.source + 1);
    lua_pushinteger(L, activation.currentline);
    return 2;
  }
  return 0;
}

/* compile(source, name, globals): a function of text, never of bytecode, or nil, message. */
static int env_compile(lua_State *L) {
  size_t len;
  const char *source = luaL_checklstring(L, 1, &len);
  if (*source == LUA_SIGNATURE[0]) {
    lua_pushnil(L);
    lua_pushliteral(L, "this is bytecode, not text");
    return 2;
  }
  lua_pushfstring(L, "@%s", luaL_checkstring(L, 2));
  if (compat_load(L, source, len, lua_tostring(L, -1)) != 0) {
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
  }
  if (lua_istable(L, 3)) compat_setglobals(L, lua_gettop(L), 3);
  return 1;
}

/* fetch(...): asks the host. */
static int env_fetch(lua_State *L) {
  pst_set *set = pst_set_of(L);
  pst_set_fetch(L, set, lua_gettop(L));
  return pst_mail_unpack(L, set->mail.at, set->mail.n);
}

/* place(): file and line of a rule file that ran last, as far as the hook saw. */
static int env_place(lua_State *L) {
  const pst_set *set = pst_set_of(L);
  if (!set->place[0]) return 0;
  lua_pushstring(L, set->place);
  lua_pushinteger(L, set->line);
  return 2;
}

/* noted(words): the same words, for xpcall; the line that runs is noted for place(). */
static int env_noted(lua_State *L) {
  pst_set_note(pst_set_of(L), L);
  lua_settop(L, 1);
  return 1;
}

static int env_spend(lua_State *L) {
  double n = (double)luaL_checknumber(L, 1);
  pst_set_spend(L, n >= 0 && n < 1e15 ? (size_t)n : SIZE_MAX);
  return 0;
}

/* ---- keys in an order that does not depend on the Lua, the run or the locale ----------------- */

typedef struct key {
  int rank; /* numbers, strings, booleans */
  double number;
  const char *at;
  size_t len;
} key;

static int by_key(const void *a, const void *b) {
  const key *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  if (x->rank != 1) return x->number < y->number ? -1 : x->number > y->number;
  int order = memcmp(x->at, y->at, x->len < y->len ? x->len : y->len);
  return order ? order : x->len < y->len ? -1 : x->len > y->len;
}

/* less(a, b): strings by bytes. */
static int env_less(lua_State *L) {
  key a = {.rank = 1}, b = {.rank = 1};
  a.at = luaL_checklstring(L, 1, &a.len);
  b.at = luaL_checklstring(L, 2, &b.len);
  lua_pushboolean(L, by_key(&a, &b) < 0);
  return 1;
}

/* keys(t): its keys, sorted. */
static int env_keys(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  size_t n = 0;
  for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) n++;
  pst_set_spend(L, n * 4);
  key *keys = compat_newuserdata(L, (n + 1) * sizeof *keys);
  n = 0;
  for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
    key k = {0};
    int type = lua_type(L, -2);
    if (type == LUA_TSTRING) {
      k.rank = 1;
      k.at = lua_tolstring(L, -2, &k.len);
    } else if (type == LUA_TNUMBER) {
      k.number = (double)lua_tonumber(L, -2);
    } else if (type == LUA_TBOOLEAN) {
      k.rank = 2;
      k.number = lua_toboolean(L, -2);
    } else
      return luaL_error(L, "a %s as a key has no order; use strings or numbers",
                        lua_typename(L, type));
    keys[n++] = k;
  }
  qsort(keys, n, sizeof *keys, by_key);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    if (keys[i].rank == 1) lua_pushlstring(L, keys[i].at, keys[i].len);
    else if (keys[i].rank == 2) lua_pushboolean(L, keys[i].number != 0);
    else compat_pushnumber(L, keys[i].number);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

const luaL_Reg pst_env_functions[] = {
    {"add", env_add},     {"terms", env_terms}, {"table", pst_env_table}, {"rows", pst_env_rows},
    {"hook", env_hook},   {"where", env_where}, {"compile", env_compile}, {"place", env_place},
    {"fetch", env_fetch}, {"spend", env_spend}, {"quotes", env_quotes},   {"ignore", env_ignore},
    {"off", env_off},     {"less", env_less},   {"keys", env_keys},       {"seal", env_seal},
    {"noted", env_noted}, {"helpers", env_helpers},
    {"check", env_check}, {"nearest", pst_nearest},
    {NULL, NULL}};

/* ---- functions of rules ---------------------------------------------------------------------- */

/* The candidate that a function looks at, or an error once the call is over. */
const postil_match *pst_env_match(lua_State *L) {
  const postil_match *match = pst_set_of(L)->match;
  if (!match) luaL_error(L, "the match is gone: m lives as long as the call");
  return match;
}

/* The bytes of the text at a PLACE as rules see them, each run of white space one space, in the
 * scratch; false when memory runs out. */
bool pst_env_words(pst_set *set, const postil_value *value, postil_text *words) {
  size_t len = value->start < value->end ? value->end - value->start : 0;
  *words = (postil_text){value->text ? value->text : "", value->text ? value->len : 0};
  if (!set->running || !len) return true;
  set->scratch.n = 0;
  if (!pst_bytes_reserve(&set->scratch, len)) return false;
  char *to = set->scratch.at;
  const char *end = to + postil_doc_read(set->running, value->start, value->end, to);
  bool gap = false;
  for (const char *at = to; at < end; at++) {
    bool space = *at == ' ' || (*at >= '\t' && *at <= '\r');
    if (!(space && gap)) *to++ = space ? ' ' : *at;
    gap = space;
  }
  *words = (postil_text){set->scratch.at, (size_t)(to - set->scratch.at)};
  return true;
}

static void push_value(lua_State *L, const postil_value *value) {
  postil_text words;
  switch (value->type) {
  case POSTIL_STRING: lua_pushlstring(L, value->text, value->len); break;
  case POSTIL_NUMBER: compat_pushnumber(L, value->number); break;
  case POSTIL_BOOL: lua_pushboolean(L, value->number != 0); break;
  case POSTIL_PLACE:
    if (!pst_env_words(pst_set_of(L), value, &words)) luaL_error(L, "out of memory");
    lua_pushlstring(L, words.at, words.len);
    break;
  default: lua_pushnil(L);
  }
}

/* m.x: text, paragraph, date, a capture or an attribute. */
static int match_index(lua_State *L) {
  const postil_match *match = pst_env_match(L);
  const char *name = luaL_checkstring(L, 2);
  postil_value value;
  postil_text text = {0};
  if (pst_same(name, "link")) {
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
  }
  if (pst_same(name, "date")) {
    lua_pushstring(L, postil_match_date(match));
    return 1;
  }
  if (pst_same(name, "text")) text = postil_match_text(match);
  else if (pst_same(name, "paragraph")) text = postil_match_paragraph(match);
  if (text.at) lua_pushlstring(L, text.at, text.len);
  else if (postil_match_get(match, name, &value)) push_value(L, &value);
  else lua_pushnil(L);
  return 1;
}

/* m:link "x": { first=, last=, name= } of the mention that a capture found, or nil. */
static int match_link(lua_State *L) {
  const postil_match *match = pst_env_match(L);
  postil_value value;
  if (!postil_match_get(match, luaL_checkstring(L, 2), &value) || value.type != POSTIL_PLACE)
    return 0;
  lua_createtable(L, 0, 3);
  compat_pushnumber(L, (double)value.start + 1);
  lua_setfield(L, -2, "first");
  compat_pushnumber(L, (double)value.end);
  lua_setfield(L, -2, "last");
  if (value.text && value.len > 0) {
    lua_pushlstring(L, value.text, value.len);
    lua_setfield(L, -2, "name");
  }
  return 1;
}

static int match_readonly(lua_State *L) {
  return luaL_error(L, "m cannot be changed; return the value");
}

/* The one match object of a private state. */
void pst_env_make_match(lua_State *L) {
  compat_newuserdata(L, 1);
  lua_newtable(L);
  lua_pushcfunction(L, match_link);
  lua_pushcclosure(L, match_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, match_readonly);
  lua_setfield(L, -2, "__newindex");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_rawseti(L, LUA_REGISTRYINDEX, PST_AT_MATCH);
}

/* Raises words about what function n of the hooks at index 2 returned, with its place. */
static void bad_answer(lua_State *L, int n, const char *words, const char *what) {
  lua_Debug function;
  lua_rawgeti(L, 2, n);
  lua_getinfo(L, ">S", &function);
  lua_pushfstring(L, words, what);
  if (function.source[0] != '@') lua_error(L);
  pst_env_complain(L, "%s:%d: %s", function.source + 1, function.linedefined, lua_tostring(L, -1));
}

/* Raises unless the value on top, of function n, is one that an attribute may have. */
static void check_answer(lua_State *L, int n) {
  pst_left *left = pst_set_of(L)->left;
  int type = lua_type(L, -1);
  size_t len = type == LUA_TSTRING ? lua_rawlen(L, -1) : 0;
  if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN && type != LUA_TNIL)
    bad_answer(L, n, "this returned a %s; a string, number, boolean or nil is wanted",
               lua_typename(L, type));
  if (type == LUA_TNUMBER && !isfinite((double)lua_tonumber(L, -1)))
    bad_answer(L, n, "this returned %s", "a number that is infinite or none");
  if (len > PST_ANSWER_MAX)
    bad_answer(L, n, "this returned a string of more than %s", "64 KiB");
  if (left && len > left->told)
    bad_answer(L, n, "too much memory: %s",
               "the functions of these rules return too long strings for so short a text");
  if (left) left->told -= len;
}

/* In the private state: function number (argument 1) of a rule is called with m; one plain value is
 * left. */
int pst_env_run_hook(lua_State *L) {
  int n = (int)lua_tointeger(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, PST_AT_HOOKS);
  lua_rawgeti(L, 2, -n);
  lua_rawgeti(L, 2, n);
  lua_rawgeti(L, LUA_REGISTRYINDEX, PST_AT_MATCH);
  lua_call(L, 1, 1);
  if (lua_toboolean(L, 3)) lua_pushboolean(L, lua_toboolean(L, -1));
  else check_answer(L, n);
  return 1;
}

/* Calls function `hook` with the candidate: its value, or false and an error value, is left at 1 of
 * the private state's stack. */
static bool call_hook(pst_set *set, uint32_t hook, const postil_match *match) {
  lua_State *L = set->lua;
  uint64_t work = PST_WORK_HOOK;
  if (set->left && set->left->work < work) work = set->left->work;
  pst_set_allow(set, work);
  set->match = match;
  lua_settop(L, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, PST_AT_HOOK);
  lua_pushinteger(L, (lua_Integer)hook);
  pst_set_enter(set);
  bool fine = lua_pcall(L, 1, 1, 0) == 0;
  pst_set_leave(set);
  set->match = NULL;
  if (set->left) set->left->work -= work - set->work;
  return fine;
}

/* The core asks: calls the function and hands its value over, unless it is a converter that knows
 * the answer without Lua.  An error of the function is kept in set->error and stops the run. */
postil_status pst_env_hook(void *ud, uint32_t hook, const postil_match *match, postil_value *answer,
                           postil_err *err) {
  pst_set *set = ud;
  lua_State *L = set->lua;
  uint32_t converter = hook >> HOOK_BITS;
  if (converter && pst_convert(set, converter, match, answer)) return POSTIL_OK;
  hook -= converter << HOOK_BITS;
  if (call_hook(set, hook, match)) {
    *answer = value_of(L, 1); /* a string stays on the stack until the next call */
    return POSTIL_OK;
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, PST_AT_HOOKS);
  lua_rawgeti(L, -1, (int)hook);
  pst_set_note_function(set, L);
  lua_pop(L, 1);
  pst_set_complain(set, L);
  lua_settop(L, 0);
  if (err) {
    const char *words = set->error ? set->error : "out of memory";
    size_t len = strlen(words);
    if (len >= sizeof err->what) {
      len = sizeof err->what - 1;
      while (len > 0 && ((unsigned char)words[len] & 0xC0) == 0x80) len--;
    }
    *err = (postil_err){.code = POSTIL_EHOOK, .rule = POSTIL_NO_RULE};
    memcpy(err->what, words, len);
  }
  return POSTIL_EHOOK;
}
