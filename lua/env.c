/* env.c - what lua/postil/env.lua calls, in the private state, to fill a rule set; and the way
 * back, the calls of functions that rules hold.
 *
 * env.lua is trusted: it checks what rule authors wrote and hands plain, checked tables over.
 * Functions here return nil, message, ... where the core refuses something. / */
#include "binding.h"

#include <stdarg.h>
#include <stdlib.h>

#define ATTRS_MAX 64 /* attributes of a term, columns of a table */
#define FLAWS_MAX 100
#define HOOK_BITS 24 /* of a hook: the number of a function */

/* Raises words without a place of env.lua: it adds that of the rule file. */
static int complain(lua_State *L, const char *words, ...) {
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

/* The fields of the table at t with string keys and plain values, sorted; at most room. */
static size_t pairs_of(lua_State *L, int t, postil_pair *pairs, size_t room) {
  size_t n = 0;
  lua_pushnil(L);
  while (lua_next(L, t)) {
    if (lua_type(L, -2) == LUA_TSTRING) {
      postil_value value = value_of(L, lua_gettop(L));
      if (n == room) complain(L, "more than %d attributes", ATTRS_MAX);
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
#define TERM_BYTES 4 /* cost one */

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
    size_t room = (size_t)field_number(L, t, "size", 0);
    postil_pair *map = compat_newuserdata(L, (room + 1) * sizeof *map);
    lua_insert(L, t);
    lua_getfield(L, t + 1, "map");
    set.nmap = pairs_of(L, t + 2, map, room);
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
  pst_set_spend(L, 1 + len / TERM_BYTES);
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
    postil_pair pairs[ATTRS_MAX];
    lua_settop(L, 2);
    lua_rawgeti(L, 2, (int)i + 1);
    if (lua_type(L, 3) == LUA_TSTRING) {
      status = add_term(L, index, NULL, 0, &err);
      continue;
    }
    luaL_checktype(L, 3, LUA_TTABLE);
    size_t nattrs = pairs_of(L, 3, pairs, ATTRS_MAX), nterms = lua_rawlen(L, 3);
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

/* ---- tables as text -------------------------------------------------------------------------- */

/* A file of lines of columns between tabs.  The first line names the columns; lines that begin with
 * # are remarks; an empty column and "-" hold nothing. */
typedef struct table {
  const char *at, *end; /* what is still to read */
  size_t line;
  size_t ncolumns;
  char *name[ATTRS_MAX]; /* zero-terminated, in a userdata */
  size_t ncells;
  postil_text cell[ATTRS_MAX];
} table;

/* The next line that is no remark, cut into cells; false at the end. */
static bool next_row(table *t) {
  while (t->at < t->end) {
    const char *newline = memchr(t->at, '\n', (size_t)(t->end - t->at));
    const char *at = t->at, *end = newline ? newline : t->end;
    t->at = newline ? newline + 1 : t->end;
    t->line++;
    if (end > at && end[-1] == '\r') end--;
    if (end == at || *at == '#') continue;
    for (t->ncells = 0; t->ncells < ATTRS_MAX; t->ncells++) {
      const char *tab = memchr(at, '\t', (size_t)(end - at));
      t->cell[t->ncells] = (postil_text){at, (size_t)((tab ? tab : end) - at)};
      if (!tab) break;
      at = tab + 1;
    }
    t->ncells++;
    return true;
  }
  return false;
}

static bool holds_nothing(postil_text cell) {
  return cell.len == 0 || (cell.len == 1 && cell.at[0] == '-');
}

/* Asks the host for table `name` and reads its first line.  The bytes stay in the set's mail until
 * the next call between the states.  Leaves one userdata on the stack; raises. */
static void open_table(lua_State *L, table *t, const char *name, const char *from) {
  pst_set *set = pst_set_of(L);
  lua_pushliteral(L, "table");
  lua_pushstring(L, name);
  lua_pushstring(L, from);
  pst_set_fetch(L, set, 3);
  size_t len = 0;
  if (set->mail.n < 1 + sizeof len || set->mail.at[0] != 's') {
    if (pst_mail_unpack(L, set->mail.at, set->mail.n) < 2 || !lua_isstring(L, -1))
      lua_pushliteral(L, "there is no such table");
    lua_error(L);
  }
  memcpy(&len, set->mail.at + 1, sizeof len);
  *t = (table){.at = set->mail.at + 1 + sizeof len};
  t->end = t->at + len;
  if (len >= 3 && memcmp(t->at, "\xEF\xBB\xBF", 3) == 0) t->at += 3;
  pst_set_spend(L, len / 2);
  if (!next_row(t)) complain(L, "%s.tsv: the first line must name the columns", name);
  size_t bytes = (size_t)(t->at - t->cell[0].at);
  if (t->ncells == ATTRS_MAX + 1 || bytes > 60000)
    complain(L, "%s.tsv:%d: too many columns", name, (int)t->line);
  char *names = compat_newuserdata(L, bytes + 1);
  for (size_t i = 0; i < t->ncells; i++) {
    if (t->cell[i].len == 0 || memchr(t->cell[i].at, 0, t->cell[i].len))
      complain(L, "%s.tsv:%d: column %d has no name", name, (int)t->line, (int)i + 1);
    memcpy(names, t->cell[i].at, t->cell[i].len);
    t->name[i] = names;
    names += t->cell[i].len;
    *names++ = '\0';
  }
  t->ncolumns = t->ncells;
}

/* The number of column `name`, or SIZE_MAX. */
static size_t column_of(const table *t, const char *name, size_t len) {
  for (size_t i = 0; i < t->ncolumns; i++)
    if (strlen(t->name[i]) == len && memcmp(t->name[i], name, len) == 0) return i;
  return SIZE_MAX;
}

/* Whether c may stand in the name of a column: a template of `each` has "$name" for a column, other
 * characters stand for themselves. */
static bool name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A piece of a template: bytes of its own, or a column. */
typedef struct piece {
  postil_text text; /* at NULL: a column */
  size_t column;
} piece;

/* A template cut into pieces, [first, first + n) of its recipe's. */
typedef struct template {
  size_t first, n;
} template;

/* What a row of a table becomes: templates of terms and of attributes. */
typedef struct recipe {
  size_t nterms, nattrs;
  template term[ATTRS_MAX], value[ATTRS_MAX];
  const char *name[ATTRS_MAX];
  piece *piece; /* in a userdata */
  size_t npieces, longest; /* longest: bytes of all templates */
  bool joins;              /* some template is more than one column or text */
} recipe;

/* Raises that a table has no column `name`, with the one that may have been meant. */
static int no_column(lua_State *L, const table *t, const char *name) {
  const char *near = postil_nearest(name, (const char *const *)t->name, t->ncolumns);
  if (!near) return complain(L, "there is no column '%s'", name);
  return complain(L, "there is no column '%s' (did you mean '%s'?)", name, near);
}

/* Cuts a template; raises where it names a column that the table has not. */
static template cut_template(lua_State *L, recipe *r, const table *t, const char *source) {
  template cut = {r->npieces, 0};
  const char *at = source;
  while (*at) {
    const char *from = at;
    piece p = {{NULL, 0}, 0};
    if (*at == '$') {
      while (name_char(*++at)) continue;
      p.column = column_of(t, from + 1, (size_t)(at - from - 1));
      if (p.column == SIZE_MAX) {
        lua_pushlstring(L, from + 1, (size_t)(at - from - 1));
        no_column(L, t, lua_tostring(L, -1));
      }
    } else {
      while (*at && *at != '$') at++;
      p.text = (postil_text){from, (size_t)(at - from)};
    }
    r->piece[r->npieces++] = p;
    cut.n++;
  }
  if (cut.n != 1) r->joins = true;
  return cut;
}

/* From { "$name", ..., attribute = "$column" } at index i of the stack (lent by it, attributes
 * sorted).  Leaves a userdata on the stack. */
static void read_recipe(lua_State *L, int i, const table *t, recipe *r) {
  postil_pair pairs[ATTRS_MAX];
  const char *term[ATTRS_MAX];
  size_t nterms = 0, bytes = 1;
  memset(r, 0, sizeof *r);
  for (size_t n = lua_rawlen(L, i); nterms < n && nterms < ATTRS_MAX; nterms++) {
    lua_rawgeti(L, i, (int)nterms + 1);
    term[nterms] = luaL_checkstring(L, -1);
    bytes += strlen(term[nterms]);
    lua_pop(L, 1);
  }
  size_t nattrs = pairs_of(L, i, pairs, ATTRS_MAX);
  for (size_t k = 0; k < nattrs; k++) {
    if (pairs[k].value.type != POSTIL_STRING) pairs[k].value.text = "";
    bytes += strlen(pairs[k].value.text);
  }
  r->piece = compat_newuserdata(L, bytes * sizeof *r->piece);
  r->longest = bytes;
  for (; r->nterms < nterms; r->nterms++)
    r->term[r->nterms] = cut_template(L, r, t, term[r->nterms]);
  for (; r->nattrs < nattrs; r->nattrs++) {
    r->name[r->nattrs] = pairs[r->nattrs].name;
    r->value[r->nattrs] = cut_template(L, r, t, pairs[r->nattrs].value.text);
  }
}

/* The text that a piece of a template gives in the current row. */
static inline postil_text fill(const table *t, const piece *p) {
  if (p->text.at) return p->text;
  return p->column < t->ncells ? t->cell[p->column] : (postil_text){"", 0};
}

/* What several pieces give, in bytes of set->scratch, which has room. */
static postil_text join(pst_set *set, const table *t, const piece *p, size_t n) {
  size_t first = set->scratch.n;
  for (size_t i = 0; i < n; i++) {
    postil_text text = fill(t, &p[i]);
    if (!p[i].text.at && holds_nothing(text)) continue;
    memcpy(set->scratch.at + set->scratch.n, text.at, text.len);
    set->scratch.n += text.len;
  }
  return (postil_text){set->scratch.at + first, set->scratch.n - first};
}

/* The text that a template gives in the current row: nearly always the cell itself. */
static inline postil_text expand(pst_set *set, const table *t, const recipe *r,
                                 const template *from) {
  const piece *p = &r->piece[from->first];
  return from->n == 1 ? fill(t, p) : join(set, t, p, from->n);
}

/* Room for what a row's templates expand to, so that set->scratch does not move under a row: each
 * piece is a column or text of its own. */
static void reserve(lua_State *L, pst_set *set, const table *t, const recipe *r) {
  const postil_text *last = &t->cell[t->ncells - 1];
  size_t row = (size_t)(last->at + last->len - t->cell[0].at);
  size_t most = r->npieces * row + r->longest;
  set->scratch.n = 0;
  while (set->scratch.cap < most) {
    static const char zeros[256];
    if (!pst_bytes_add(&set->scratch, zeros, sizeof zeros)) luaL_error(L, "out of memory");
  }
  set->scratch.n = 0;
}

/* Adds the terms of the current row by a recipe. */
static postil_status add_by_recipe(lua_State *L, pst_set *set, uint32_t index, const table *t,
                                   const recipe *r, postil_err *err) {
  postil_pair pairs[ATTRS_MAX];
  size_t n = 0;
  if (r->joins) reserve(L, set, t, r);
  for (size_t i = 0; i < r->nattrs; i++) {
    postil_text text = expand(set, t, r, &r->value[i]);
    if (holds_nothing(text)) continue;
    pairs[n].name = r->name[i];
    pairs[n++].value =
        (postil_value){.type = POSTIL_STRING, .text = text.at, .len = text.len,
                       .tag = POSTIL_NO_TAG};
  }
  for (size_t i = 0; i < r->nterms; i++) {
    postil_text text = expand(set, t, r, &r->term[i]);
    if (holds_nothing(text)) continue;
    postil_status status = postil_rules_term(set->rules, index, text.at, text.len, pairs, n, err);
    if (status != POSTIL_OK) return status;
  }
  return POSTIL_OK;
}

/* Adds the term of the current row: the column `name` or the first, with the others as
 * attributes. */
static postil_status add_by_header(pst_set *set, uint32_t index, const table *t, size_t term,
                                   const size_t *order, postil_err *err) {
  postil_pair pairs[ATTRS_MAX];
  size_t n = 0;
  if (term >= t->ncells || holds_nothing(t->cell[term])) return POSTIL_OK;
  for (size_t k = 0; k < t->ncolumns; k++) {
    size_t i = order[k];
    if (i == term || i >= t->ncells || holds_nothing(t->cell[i])) continue;
    pairs[n].name = t->name[i];
    pairs[n++].value = (postil_value){.type = POSTIL_STRING, .text = t->cell[i].at,
                                      .len = t->cell[i].len, .tag = POSTIL_NO_TAG};
  }
  return postil_rules_term(set->rules, index, t->cell[term].at, t->cell[term].len, pairs, n, err);
}

/* The columns in order of their names. */
static void order_columns(const table *t, size_t *order) {
  for (size_t i = 0; i < t->ncolumns; i++) {
    size_t k = i;
    for (; k > 0 && strcmp(t->name[order[k - 1]], t->name[i]) > 0; k--) order[k] = order[k - 1];
    order[k] = i;
  }
}

/* Which rows of a table are taken: those whose columns hold one of their values. */
typedef struct filter {
  size_t n;
  size_t column[ATTRS_MAX];
  size_t end[ATTRS_MAX]; /* of the column's values, which begin where those before end */
  postil_text *value;    /* in a userdata */
} filter;

/* Appends the values between bars. */
static size_t cut_values(const postil_value *values, postil_text *value, size_t n) {
  const char *at = values->text, *end = at + values->len;
  for (;;) {
    const char *bar = memchr(at, '|', (size_t)(end - at));
    value[n++] = (postil_text){at, (size_t)((bar ? bar : end) - at)};
    if (!bar) return n;
    at = bar + 1;
  }
}

/* From { column = "value|value" } at index i of the stack, or nothing.  May leave a userdata on the
 * stack. */
static void read_filter(lua_State *L, int i, const table *t, filter *f) {
  postil_pair pairs[ATTRS_MAX];
  size_t room = 0, n = 0;
  f->n = 0;
  if (!lua_istable(L, i)) return;
  f->n = pairs_of(L, i, pairs, ATTRS_MAX);
  for (size_t k = 0; k < f->n; k++) {
    if (pairs[k].value.type != POSTIL_STRING) pairs[k].value.text = "";
    room += pairs[k].value.len + 1;
  }
  f->value = compat_newuserdata(L, (room + 1) * sizeof *f->value);
  for (size_t k = 0; k < f->n; k++) {
    f->column[k] = column_of(t, pairs[k].name, strlen(pairs[k].name));
    if (f->column[k] == SIZE_MAX)
      no_column(L, t, pairs[k].name);
    f->end[k] = n = cut_values(&pairs[k].value, f->value, n);
  }
}

static bool is_taken(const filter *f, const table *t) {
  size_t i = 0;
  for (size_t k = 0; k < f->n; k++) {
    if (f->column[k] >= t->ncells) return false;
    postil_text cell = t->cell[f->column[k]];
    while (i < f->end[k] &&
           (f->value[i].len != cell.len || memcmp(f->value[i].at, cell.at, cell.len) != 0))
      i++;
    if (i == f->end[k]) return false;
    i = f->end[k];
  }
  return true;
}

/* table(index, name, from, recipe or nil, filter or nil): adds the terms of a table; true, or nil,
 * message, place, "file", line.  The terms of 20,000 lines go from the file's bytes to the core without a
 * Lua value. */
static int env_table(lua_State *L) {
  uint32_t index = (uint32_t)luaL_checknumber(L, 1);
  const char *name = luaL_checkstring(L, 2), *from = luaL_checkstring(L, 3);
  lua_settop(L, 5);
  recipe r;
  filter f;
  bool by_recipe = lua_istable(L, 4);
  table t;
  open_table(L, &t, name, from);
  if (by_recipe) read_recipe(L, 4, &t, &r);
  read_filter(L, 5, &t, &f);
  size_t order[ATTRS_MAX] = {0}, term = column_of(&t, "name", 4);
  if (term == SIZE_MAX) term = 0;
  order_columns(&t, order);
  postil_err err = fresh();
  pst_set *set = pst_set_of(L);
  while (next_row(&t)) {
    if (t.ncells > t.ncolumns)
      return complain(L, "%s.tsv:%d: more columns than the first line names", name, (int)t.line);
    if (!is_taken(&f, &t)) continue;
    postil_status status = by_recipe ? add_by_recipe(L, set, index, &t, &r, &err)
                                     : add_by_header(set, index, &t, term, order, &err);
    if (status == POSTIL_OK) continue;
    err.field = "file";
    err.nth = (uint32_t)t.line;
    return refuse(L, &err);
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* rows(name, from): a list of tables by column, and the set of columns. */
static int env_rows(lua_State *L) {
  const char *name = luaL_checkstring(L, 1), *from = luaL_checkstring(L, 2);
  lua_settop(L, 2);
  table t;
  open_table(L, &t, name, from);
  lua_newtable(L);
  int rows = lua_gettop(L);
  luaL_checkstack(L, ATTRS_MAX + 8, "too many columns");
  for (size_t i = 0; i < t.ncolumns; i++) lua_pushstring(L, t.name[i]);
  for (int n = 1; next_row(&t); n++) {
    if (t.ncells > t.ncolumns)
      return complain(L, "%s.tsv:%d: more columns than the first line names", name, (int)t.line);
    lua_createtable(L, 0, (int)t.ncolumns);
    for (size_t i = 0; i < t.ncells; i++) {
      if (holds_nothing(t.cell[i])) continue;
      lua_pushvalue(L, rows + 1 + (int)i);
      lua_pushlstring(L, t.cell[i].at, t.cell[i].len);
      lua_rawset(L, -3);
    }
    lua_rawseti(L, rows, n);
  }
  lua_newtable(L);
  for (size_t i = 0; i < t.ncolumns; i++) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, t.name[i]);
  }
  lua_replace(L, rows + 1);
  lua_settop(L, rows + 1);
  return 2;
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

/* where(level): name of the chunk (without @) and line that runs at that level, nil if none
 * does. */
static int env_where(lua_State *L) {
  lua_Debug activation;
  if (!lua_getstack(L, (int)luaL_checknumber(L, 1), &activation)) return 0;
  lua_getinfo(L, "Sl", &activation);
  if (activation.source[0] != '@' || activation.currentline < 0) return 0;
  lua_pushstring(L, activation.source + 1);
  lua_pushinteger(L, activation.currentline);
  return 2;
}

/* compile(source, name, globals): a function, or nil, message. */
static int env_compile(lua_State *L) {
  size_t len;
  const char *source = luaL_checklstring(L, 1, &len);
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
    {"add", env_add},     {"terms", env_terms}, {"table", env_table},     {"rows", env_rows},
    {"hook", env_hook},   {"where", env_where}, {"compile", env_compile}, {"place", env_place},
    {"fetch", env_fetch}, {"spend", env_spend}, {"quotes", env_quotes},   {"ignore", env_ignore},
    {"off", env_off},     {"less", env_less},   {"keys", env_keys},       {"seal", env_seal},
    {"noted", env_noted}, {"check", env_check}, {"nearest", pst_nearest},
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
  size_t len = 0;
  const char *text = set->running ? postil_doc_text(set->running, &len) : NULL;
  *words = (postil_text){value->text ? value->text : "", value->text ? value->len : 0};
  if (!text || value->start >= value->end || value->end > len) return true;
  set->scratch.n = 0;
  if (!pst_bytes_reserve(&set->scratch, value->end - value->start)) return false;
  char *to = set->scratch.at;
  bool gap = false;
  for (const char *at = text + value->start; at < text + value->end; at++) {
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

/* Raises words about what a function at the top of the stack returned, with its place. */
static int bad_answer(lua_State *L, const char *words, const char *what) {
  lua_Debug function;
  lua_getinfo(L, ">S", &function);
  lua_pushfstring(L, words, what);
  if (function.source[0] != '@') return lua_error(L);
  return complain(L, "%s:%d: %s", function.source + 1, function.linedefined, lua_tostring(L, -1));
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
  int type = lua_type(L, -1);
  if (lua_toboolean(L, 3)) lua_pushboolean(L, lua_toboolean(L, -1));
  else if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN && type != LUA_TNIL)
    return lua_rawgeti(L, 2, n),
           bad_answer(L, "this returned a %s; a string, number, boolean or nil is wanted",
                      lua_typename(L, type));
  if (type == LUA_TSTRING && lua_rawlen(L, -1) > PST_ANSWER_MAX)
    return lua_rawgeti(L, 2, n),
           bad_answer(L, "this returned a string of more than %s", "64 KiB");
  return 1;
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
  pst_set_allow(set, PST_WORK_HOOK);
  set->match = match;
  lua_settop(L, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, PST_AT_HOOK);
  lua_pushinteger(L, (lua_Integer)hook);
  int failed = lua_pcall(L, 1, 1, 0);
  set->match = NULL;
  if (!failed) {
    *answer = value_of(L, 1); /* a string stays on the stack until the next call */
    return POSTIL_OK;
  }
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
