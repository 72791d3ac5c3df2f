/* doc.c - documents and their tags in the host's Lua.
 *
 * A document is a userdata; it keeps its rule set alive by a counted pointer, whatever order the
 * collector chooses.  Spans leave as first, last: from 1, both inside, so that text:sub(first,
 * last) is the tag. A tag object is a copy of postil_tag with the document behind it; attributes
 * are fetched when asked for. / */
#include "binding.h"

#include <stdlib.h>

typedef struct document {
  pst_set *set;
  postil_doc *doc; /* NULL: closed */
  pst_left left;
  double taken;    /* bytes that tagging has taken of its room */
  uint32_t turn;   /* how often it has been tagged anew: tags of an earlier turn are gone */
  char date[16];   /* its options; empty: no date */
  int by_line;
  bool edits, lf;
} document;

typedef struct tag_object {
  postil_tag tag;
  document *of; /* kept alive by the userdata's environment */
  uint32_t turn;
} tag_object;

static document *check_doc(lua_State *L, int arg) {
  document *d = luaL_checkudata(L, arg, PST_DOC);
  if (!d->doc) luaL_error(L, "this document is closed");
  return d;
}

/* A document at work may not be asked: its functions are running. */
static document *check_idle(lua_State *L, int arg) {
  document *d = check_doc(L, arg);
  if (d->set->busy) luaL_error(L, "this document is being tagged");
  return d;
}

int pst_arg_refuse(lua_State *L, int arg, const char *method, const char *name,
                   const char *wanted) {
  return luaL_error(L, "%s: %s must be %s, not %s", method, name, wanted, luaL_typename(L, arg));
}

double pst_arg_number(lua_State *L, int arg, const char *method, const char *name) {
  if (!lua_isnumber(L, arg)) pst_arg_refuse(L, arg, method, name, "a number");
  return (double)lua_tonumber(L, arg);
}

double pst_arg_optional_number(lua_State *L, int arg, const char *method, const char *name,
                               double otherwise) {
  return lua_isnoneornil(L, arg) ? otherwise : pst_arg_number(L, arg, method, name);
}

const char *pst_arg_optional_string(lua_State *L, int arg, const char *method, const char *name) {
  if (lua_isnoneornil(L, arg)) return NULL;
  if (!lua_isstring(L, arg)) pst_arg_refuse(L, arg, method, name, "a string");
  return lua_tostring(L, arg);
}

void pst_check_span(lua_State *L, int arg, const char *method, size_t len, size_t *start,
                    size_t *end) {
  double first = pst_arg_optional_number(L, arg, method, "first", 1);
  double last = pst_arg_optional_number(L, arg + 1, method, "last", (double)len);
  if (!(first >= 1)) first = 1;
  if (!(last <= (double)len)) last = (double)len;
  *start = first > (double)len ? len : (size_t)first - 1;
  *end = last < 0 ? 0 : (size_t)last;
  if (*end < *start) *end = *start;
}

/* ---- making and running ---------------------------------------------------------------------- */

/* Keeps the options of a document, which was made with them: its date is a day. */
static void keep_options(document *d, const postil_opts *opts) {
  size_t len = opts->date ? strlen(opts->date) : 0;
  if (len >= sizeof d->date) len = 0;
  memcpy(d->date, len ? opts->date : "", len);
  d->date[len] = '\0';
  d->by_line = opts->by_line;
  d->edits = opts->edits;
  d->lf = opts->lf;
}

static size_t length_of(const document *d) { return postil_doc_read(d->doc, 0, SIZE_MAX, NULL); }

/* What tagging may take for the text as it is now. */
static void allow(document *d) {
  size_t len = length_of(d);
  double room = (double)PST_ROOM_TEXT + (double)PST_ROOM_BYTE * (double)len - d->taken;
  d->left = (pst_left){.room = room > 0 ? (size_t)room : 0,
                       .work = PST_WORK_TEXT + PST_WORK_BYTE * (uint64_t)len,
                       .told = PST_TOLD_TEXT + PST_TOLD_BYTE * (uint64_t)len};
}

/* rules:open(text, { date=, by_line=, edits=, lf= }): a document without tags, or nil, message. */
int pst_rules_open_document(lua_State *L) {
  pst_set *set = pst_rules_check(L, 1);
  size_t len;
  const char *text = luaL_checklstring(L, 2, &len);
  postil_opts opts = {0};
  lua_settop(L, 3);
  if (!set->sealed) return luaL_error(L, "this rule set is not sealed");
  if (lua_istable(L, 3)) {
    lua_getfield(L, 3, "date");
    opts.date = luaL_optstring(L, -1, NULL);
    lua_getfield(L, 3, "by_line");
    if (!lua_isnil(L, -1)) opts.by_line = lua_toboolean(L, -1) ? 1 : -1;
    lua_getfield(L, 3, "edits");
    opts.edits = lua_toboolean(L, -1);
    lua_getfield(L, 3, "lf");
    opts.lf = lua_toboolean(L, -1);
  }
  document *d = compat_newkeeper(L, sizeof *d);
  *d = (document){0};
  luaL_getmetatable(L, PST_DOC);
  lua_setmetatable(L, -2);
  lua_createtable(L, 1, 0); /* what its tags keep alive: the document */
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, 1);
  compat_setkeep(L, -2);
  postil_err err = {0};
  if (postil_doc_new(set->rules, text, len, &opts, &d->doc, &err) != POSTIL_OK) {
    d->doc = NULL;
    lua_pushnil(L);
    lua_pushstring(L, err.what);
    return 2;
  }
  d->set = set;
  allow(d);
  set->refs++;
  keep_options(d, &opts);
  if (set->stats) postil_doc_count(d->doc, set->stats);
  return 1;
}

/* doc:options(): { date=, by_line=, edits=, lf= } as it was opened. */
static int doc_options(lua_State *L) {
  const document *d = check_doc(L, 1);
  lua_createtable(L, 0, 4);
  if (d->date[0]) {
    lua_pushstring(L, d->date);
    lua_setfield(L, -2, "date");
  }
  if (d->by_line) {
    lua_pushboolean(L, d->by_line > 0);
    lua_setfield(L, -2, "by_line");
  }
  if (d->edits) {
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "edits");
  }
  if (d->lf) {
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "lf");
  }
  return 1;
}

/* doc:adopt(other): takes the text, tags and rule set of another document, which is closed then.
 * Tags handed out before are gone.  Allocates nothing: it cannot fail half way. */
static int doc_adopt(lua_State *L) {
  document *d = check_idle(L, 1), *other = check_idle(L, 2);
  if (d == other) return luaL_error(L, "doc:adopt: another document is wanted");
  document old = *d;
  *d = *other;
  d->turn = old.turn + 1;
  *other = (document){0};
  postil_doc_free(old.doc);
  pst_set_release(old.set);
  return 0;
}

static int doc_close(lua_State *L) {
  document *d = luaL_checkudata(L, 1, PST_DOC);
  if (d->doc && d->set->busy && d->set->running == d->doc)
    return luaL_error(L, "this document is being tagged");
  postil_doc_free(d->doc);
  pst_set_release(d->set);
  *d = (document){0};
  return 0;
}

/* Tags on, within what is left for this document. */
static postil_status run(document *d, size_t bytes, bool *done, postil_err *err) {
  pst_set *set = d->set;
  size_t held = set->held;
  set->busy = true;
  set->full = false;
  set->running = d->doc;
  set->left = &d->left;
  set->most = set->held + d->left.room;
  double begun = set->stats ? pst_clock(NULL) : 0;
  postil_status status = postil_doc_run(d->doc, bytes, done, err);
  if (set->stats) set->seconds += pst_clock(NULL) - begun;
  d->left.room = set->most > set->held ? set->most - set->held : 0;
  d->taken += (double)set->held - (double)held;
  set->most = SIZE_MAX;
  set->left = NULL;
  set->running = NULL;
  set->busy = false;
  return status;
}

/* Pushes nil, the words of what went wrong and, where memory ran out while a rule was at work, its
 * number from 1. */
static int push_failure(lua_State *L, const document *d, postil_status status,
                        const postil_err *err) {
  lua_pushnil(L);
  if (status == POSTIL_EHOOK || !d->set->full) {
    lua_pushstring(L, status == POSTIL_EHOOK && d->set->error ? d->set->error : err->what);
    return 2;
  }
  lua_pushliteral(L, "too much memory: these rules make more tags and values of this text than "
                     "there is room for");
  if (err->rule == POSTIL_NO_RULE) return 2;
  compat_pushnumber(L, (double)err->rule + 1);
  return 3;
}

/* doc:run([bytes]): tags on; true when finished, false when there is more, or nil, message and
 * number of a rule, as push_failure has them. */
static int doc_run(lua_State *L) {
  document *d = check_idle(L, 1);
  double bytes = pst_arg_optional_number(L, 2, "doc:run", "bytes", -1);
  bool done = false;
  postil_err err = {.rule = POSTIL_NO_RULE};
  postil_status status =
      run(d, bytes < 0 || bytes >= 9e15 ? SIZE_MAX : (size_t)bytes, &done, &err);
  return status ? push_failure(L, d, status, &err) : (lua_pushboolean(L, done), 1);
}

/* doc:splice(first, last, text): puts text in place of the bytes first to last (last = first - 1:
 * of none); what that reaches is due to be tagged again, by doc:run.  True, or nil, message. */
static int doc_splice(lua_State *L) {
  document *d = check_idle(L, 1);
  double first = pst_arg_number(L, 2, "doc:splice", "first");
  double last = pst_arg_number(L, 3, "doc:splice", "last");
  size_t len, old = length_of(d);
  if (!lua_isstring(L, 4)) return pst_arg_refuse(L, 4, "doc:splice", "text", "a string");
  const char *text = lua_tolstring(L, 4, &len);
  if (!(first >= 1 && first <= (double)old + 1 && last >= first - 1 && last <= (double)old))
    return luaL_error(L, "doc:splice: no such position in the text");
  postil_err err = {.rule = POSTIL_NO_RULE};
  size_t held = d->set->held;
  postil_status status = postil_doc_edit(d->doc, (size_t)first - 1,
                                         (size_t)last - ((size_t)first - 1), text, len, &err);
  if (status) return push_failure(L, d, status, &err);
  d->taken += (double)d->set->held - (double)held;
  d->turn++;
  allow(d);
  lua_pushboolean(L, true);
  return 1;
}

/* doc:changed(): first, last of the next stretch that edits have changed, and whether names that
 * tags elsewhere show may be others; or nothing. */
static int doc_changed(lua_State *L) {
  document *d = check_idle(L, 1);
  postil_change change;
  if (!postil_doc_changed(d->doc, &change)) return 0;
  compat_pushnumber(L, (double)change.start + 1);
  compat_pushnumber(L, (double)change.end);
  lua_pushboolean(L, change.names);
  return 3;
}

/* doc:text([first, last]): the text, or those bytes of it. */
static int doc_text(lua_State *L) {
  document *d = check_doc(L, 1);
  size_t len, start, end;
  if (!lua_isnoneornil(L, 2) || !lua_isnoneornil(L, 3)) {
    pst_check_span(L, 2, "doc:text", length_of(d), &start, &end);
    char *bytes = compat_newuserdata(L, end - start + 1);
    lua_pushlstring(L, bytes, postil_doc_read(d->doc, start, end, bytes));
    return 1;
  }
  const char *text = postil_doc_text(d->doc, &len);
  if (!text) return luaL_error(L, "out of memory");
  lua_pushlstring(L, text, len);
  return 1;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Pushes first, last of a span into the table on top. */
static void set_span(lua_State *L, size_t start, size_t end) {
  compat_pushnumber(L, (double)start + 1);
  lua_setfield(L, -2, "first");
  compat_pushnumber(L, (double)end);
  lua_setfield(L, -2, "last");
}

/* A PLACE becomes { first=, last=, name= }; name is absent where nothing is known. */
static void push_value(lua_State *L, const postil_value *value) {
  switch (value->type) {
  case POSTIL_STRING: lua_pushlstring(L, value->text, value->len); break;
  case POSTIL_NUMBER: compat_pushnumber(L, value->number); break;
  case POSTIL_BOOL: lua_pushboolean(L, value->number != 0); break;
  case POSTIL_PLACE:
    lua_createtable(L, 0, 3);
    set_span(L, value->start, value->end);
    if (value->text && value->len > 0) {
      lua_pushlstring(L, value->text, value->len);
      lua_setfield(L, -2, "name");
    }
    break;
  default: lua_pushnil(L);
  }
}

static void push_name(lua_State *L, const postil_doc *doc, uint64_t id) {
  char small[256];
  size_t len = postil_tag_name(doc, id, small, sizeof small);
  if (len <= sizeof small) {
    lua_pushlstring(L, small, len);
    return;
  }
  char *large = compat_newuserdata(L, len);
  size_t again = postil_tag_name(doc, id, large, len);
  lua_pushlstring(L, large, again < len ? again : len);
  lua_remove(L, -2);
}

/* A 64-bit id in decimal: Lua numbers do not hold all of them. */
static void push_id(lua_State *L, uint64_t id) {
  char digits[24];
  char *at = digits + sizeof digits;
  do *--at = (char)('0' + id % 10);
  while (id /= 10);
  lua_pushlstring(L, at, (size_t)(digits + sizeof digits - at));
}

/* ---- tag objects ----------------------------------------------------------------------------- */

/* Pushes a tag object of a turn of the document whose userdata is at index i. */
static void push_tag(lua_State *L, int i, const postil_tag *tag, uint32_t turn) {
  tag_object *object = compat_newkeeper(L, sizeof *object);
  *object = (tag_object){*tag, lua_touserdata(L, i), turn};
  luaL_getmetatable(L, PST_TAG_OBJECT);
  lua_setmetatable(L, -2);
  compat_getkeep(L, i);
  compat_setkeep(L, -2);
}

/* The tag object at arg; its document must be open and still have this tag. */
static tag_object *check_tag(lua_State *L, int arg) {
  tag_object *object = luaL_checkudata(L, arg, PST_TAG_OBJECT);
  postil_tag now;
  if (!object->of || !object->of->doc) luaL_error(L, "the document of this tag is closed");
  if (object->of->set->busy) luaL_error(L, "the document of this tag is being tagged");
  if (object->turn != object->of->turn ||
      !postil_doc_tag(object->of->doc, object->tag.id, &now) || now.start != object->tag.start ||
      now.end != object->tag.end || now.label != object->tag.label)
    luaL_error(L, "this tag is gone: the document has changed");
  return object;
}

/* The fields that every tag has; false if `name` is none of them. */
static bool push_field(lua_State *L, const tag_object *o, const char *name) {
  const postil_doc *doc = o->of->doc;
  if (strcmp(name, "first") == 0) compat_pushnumber(L, (double)o->tag.start + 1);
  else if (strcmp(name, "last") == 0) compat_pushnumber(L, (double)o->tag.end);
  else if (strcmp(name, "label") == 0)
    lua_pushstring(L, postil_rules_label(o->of->set->rules, o->tag.label));
  else if (strcmp(name, "rule") == 0)
    lua_pushstring(L, postil_rules_name(o->of->set->rules, o->tag.rule));
  else if (strcmp(name, "depth") == 0) lua_pushinteger(L, o->tag.depth);
  else if (strcmp(name, "id") == 0) push_id(L, o->tag.id);
  else if (strcmp(name, "name") == 0) push_name(L, doc, o->tag.id);
  else if (strcmp(name, "text") == 0) {
    char *bytes = compat_newuserdata(L, o->tag.end - o->tag.start + 1);
    lua_pushlstring(L, bytes, postil_doc_read(doc, o->tag.start, o->tag.end, bytes));
    lua_remove(L, -2);
  } else if (strcmp(name, "parts") == 0) {
    size_t start, end;
    lua_newtable(L);
    for (size_t i = 0; postil_tag_part(doc, o->tag.id, i, &start, &end); i++) {
      lua_createtable(L, 0, 2);
      set_span(L, start, end);
      lua_rawseti(L, -2, (int)i + 1);
    }
  } else
    return false;
  return true;
}

static int tag_index(lua_State *L) {
  tag_object *object = check_tag(L, 1);
  postil_value value;
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  const char *name = lua_tostring(L, 2);
  if (push_field(L, object, name)) return 1;
  if (!postil_tag_attr(object->of->doc, object->tag.id, name, &value)) return 0;
  push_value(L, &value);
  return 1;
}

static int tag_tostring(lua_State *L) {
  tag_object *object = check_tag(L, 1);
  lua_pushfstring(L, "%s [%d, %d]", postil_rules_label(object->of->set->rules, object->tag.label),
                  (int)object->tag.start + 1, (int)object->tag.end);
  return 1;
}

static int tag_equal(lua_State *L) {
  const tag_object *a = luaL_checkudata(L, 1, PST_TAG_OBJECT);
  const tag_object *b = luaL_checkudata(L, 2, PST_TAG_OBJECT);
  lua_pushboolean(L, a->of == b->of && a->turn == b->turn && a->tag.id == b->tag.id && a->tag.start == b->tag.start &&
                         a->tag.end == b->tag.end);
  return 1;
}

/* doc:attrs(tag): { { name=, value= }, ... } in order of name. */
static int doc_attrs(lua_State *L) {
  document *d = check_idle(L, 1);
  if (!lua_isuserdata(L, 2)) return pst_arg_refuse(L, 2, "doc:attrs", "tag", "a tag");
  tag_object *object = check_tag(L, 2);
  if (object->of != d) return luaL_error(L, "doc:attrs: this is a tag of another document");
  size_t n = postil_tag_attrs(d->doc, object->tag.id, NULL, 0);
  postil_pair *pairs = compat_newuserdata(L, (n + 1) * sizeof *pairs);
  postil_tag_attrs(d->doc, object->tag.id, pairs, n);
  lua_newtable(L);
  for (size_t i = 0; i < n; i++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, pairs[i].name);
    lua_setfield(L, -2, "name");
    push_value(L, &pairs[i].value);
    lua_setfield(L, -2, "value");
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* ---- queries --------------------------------------------------------------------------------- */

/* The tags that the arguments ([label[, first, last]] from arg on) ask for: pushes a userdata that
 * holds them. Labels may be joined: "person|org". */
static postil_tag *query(lua_State *L, const document *d, int arg, const char *method,
                         size_t *count) {
  size_t len = length_of(d), start, end;
  const char *labels = pst_arg_optional_string(L, arg, method, "label");
  pst_check_span(L, arg + 1, method, len, &start, &end);
  bool all = lua_isnoneornil(L, arg + 1) && lua_isnoneornil(L, arg + 2);
  if (all) start = 0, end = SIZE_MAX;
  size_t n = postil_doc_tags(d->doc, start, end, NULL, 0);
  postil_tag *tags = compat_newuserdata(L, (n + 1) * sizeof *tags);
  n = postil_doc_tags(d->doc, start, end, tags, n);
  *count = n;
  if (!labels) return tags;
  *count = 0;
  for (size_t i = 0; i < n; i++) {
    const char *label = postil_rules_label(d->set->rules, tags[i].label);
    size_t size = label ? strlen(label) : 0;
    for (const char *at = labels; label && at; at = strchr(at, '|'), at = at ? at + 1 : NULL)
      if (strncmp(at, label, size) == 0 && (at[size] == '\0' || at[size] == '|')) {
        tags[(*count)++] = tags[i];
        break;
      }
  }
  return tags;
}

/* doc:tags([label[, first, last]]): a list of tag objects. */
static int doc_tags(lua_State *L) {
  document *d = check_idle(L, 1);
  size_t n;
  lua_settop(L, 4);
  const postil_tag *tags = query(L, d, 2, "doc:tags", &n);
  lua_createtable(L, n < 1 << 20 ? (int)n : 0, 0);
  for (size_t i = 0; i < n; i++) {
    push_tag(L, 1, &tags[i], d->turn);
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* The step of doc:each: upvalues are the document, the tags, how many, how many are done, and the
 * turn. */
static int each_step(lua_State *L) {
  const postil_tag *tags = lua_touserdata(L, lua_upvalueindex(2));
  lua_Integer n = lua_tointeger(L, lua_upvalueindex(3)), i = lua_tointeger(L, lua_upvalueindex(4));
  if (i >= n) return 0;
  lua_pushinteger(L, i + 1);
  lua_replace(L, lua_upvalueindex(4));
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  push_tag(L, 1, &tags[i], (uint32_t)lua_tonumber(L, lua_upvalueindex(5)));
  return 1;
}

/* doc:each([label[, first, last]]): an iterator of tag objects, as the document is now. */
static int doc_each(lua_State *L) {
  document *d = check_idle(L, 1);
  size_t n;
  lua_settop(L, 4);
  query(L, d, 2, "doc:each", &n);
  lua_pushvalue(L, 1);
  lua_insert(L, -2);
  lua_pushinteger(L, (lua_Integer)n);
  lua_pushinteger(L, 0);
  compat_pushnumber(L, d->turn);
  lua_pushcclosure(L, each_step, 5);
  return 1;
}

/* doc:spans([label[, first, last]]): first, last, number of the label, ... in one flat list; the
 * number is that of set:labels(). */
static int doc_spans(lua_State *L) {
  document *d = check_idle(L, 1);
  size_t n;
  lua_settop(L, 4);
  const postil_tag *tags = query(L, d, 2, "doc:spans", &n);
  lua_createtable(L, n < 1 << 20 ? (int)n * 3 : 0, 0);
  for (size_t i = 0; i < n; i++) {
    int at = (int)i * 3;
    compat_pushnumber(L, (double)tags[i].start + 1);
    lua_rawseti(L, -2, at + 1);
    compat_pushnumber(L, (double)tags[i].end);
    lua_rawseti(L, -2, at + 2);
    lua_pushinteger(L, (lua_Integer)tags[i].label + 1);
    lua_rawseti(L, -2, at + 3);
  }
  return 1;
}

/* doc:faults([first, last]): { { first=, last=, fault=, words=, repair=, safe= }, ... } */
static int doc_faults(lua_State *L) {
  document *d = check_idle(L, 1);
  size_t start, end;
  bool all = lua_isnoneornil(L, 2) && lua_isnoneornil(L, 3);
  pst_check_span(L, 2, "doc:faults", length_of(d), &start, &end);
  if (all) start = 0, end = SIZE_MAX;
  size_t n = postil_doc_faults(d->doc, start, end, NULL, 0);
  postil_fault *fault = lua_newuserdata(L, n * sizeof *fault + 1);
  postil_doc_faults(d->doc, start, end, fault, n);
  lua_newtable(L);
  for (size_t i = 0; i < n; i++) {
    lua_createtable(L, 0, 6);
    set_span(L, fault[i].start, fault[i].end);
    lua_pushstring(L, fault[i].name);
    lua_setfield(L, -2, "fault");
    lua_pushstring(L, fault[i].words);
    lua_setfield(L, -2, "words");
    lua_pushstring(L, fault[i].repair);
    lua_setfield(L, -2, "repair");
    lua_pushboolean(L, fault[i].safe);
    lua_setfield(L, -2, "safe");
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* The position, from 1, that argument 2 of a method is. */
static size_t position_of(lua_State *L, const document *d, const char *method) {
  double at = pst_arg_number(L, 2, method, "position");
  if (!(at >= 1 && at <= (double)length_of(d) + 1))
    luaL_error(L, "%s: no such position in the text", method);
  return (size_t)at;
}

/* doc:place(position): line and its columns in bytes, code points and UTF-16 units, all from 1. */
static int doc_place(lua_State *L) {
  document *d = check_doc(L, 1);
  size_t at = position_of(L, d, "doc:place");
  postil_place place;
  postil_err err = {0};
  if (postil_doc_place(d->doc, at - 1, &place, &err) != POSTIL_OK)
    return luaL_error(L, "%s", err.what);
  compat_pushnumber(L, (double)place.line);
  compat_pushnumber(L, (double)place.byte);
  compat_pushnumber(L, (double)place.point);
  compat_pushnumber(L, (double)place.utf16);
  return 4;
}

/* doc:offset(line, column[, "bytes"|"chars"|"utf16"]): the position, from 1. */
static int doc_offset(lua_State *L) {
  static const char *const units[] = {"bytes", "chars", "utf16", NULL};
  document *d = check_doc(L, 1);
  double line = pst_arg_number(L, 2, "doc:offset", "line");
  double column = pst_arg_number(L, 3, "doc:offset", "column");
  const char *named = pst_arg_optional_string(L, 4, "doc:offset", "unit");
  int unit = 0;
  while (named && units[unit] && !pst_same(named, units[unit])) unit++;
  if (!units[unit]) return luaL_error(L, "doc:offset: unit must be bytes, chars or utf16");
  if (!(line >= 1 && line < 9e15)) return luaL_error(L, "doc:offset: lines count from 1");
  if (!(column >= 1 && column < 9e15)) return luaL_error(L, "doc:offset: columns count from 1");
  size_t at;
  postil_err err = {0};
  if (postil_doc_offset(d->doc, (size_t)line, (size_t)column, (postil_unit)unit, &at, &err) !=
      POSTIL_OK)
    return luaL_error(L, "%s", err.what);
  compat_pushnumber(L, (double)at + 1);
  return 1;
}

/* doc:json([labels]): the tags, of a set of labels or all, and the faults as members of JSON; see
 * export.lua. */
static int doc_json(lua_State *L) {
  document *d = check_idle(L, 1);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) luaL_checktype(L, 2, LUA_TTABLE);
  pst_push_json(L, d->set, d->doc);
  return 1;
}

/* doc:why(position[, label]): a list of plain tables, or nil, message; see why.c. */
static int doc_why(lua_State *L) {
  document *d = check_idle(L, 1);
  size_t at = position_of(L, d, "doc:why");
  const char *label = pst_arg_optional_string(L, 3, "doc:why", "label");
  return pst_push_why(L, d->set, d->doc, at - 1, label);
}

static const luaL_Reg doc_methods[] = {
    {"run", doc_run},       {"close", doc_close},   {"text", doc_text},   {"attrs", doc_attrs},
    {"tags", doc_tags},     {"each", doc_each},     {"spans", doc_spans}, {"faults", doc_faults},
    {"place", doc_place},   {"offset", doc_offset}, {"json", doc_json},   {"options", doc_options},
    {"why", doc_why},       {"adopt", doc_adopt},   {"splice", doc_splice},
    {"changed", doc_changed}, {NULL, NULL}};
static const luaL_Reg doc_meta[] = {{"__gc", doc_close}, {NULL, NULL}};
static const luaL_Reg tag_meta[] = {
    {"__index", tag_index}, {"__tostring", tag_tostring}, {"__eq", tag_equal}, {NULL, NULL}};

void pst_doc_open(lua_State *L) {
  pst_push_methods(L, PST_DOC, doc_methods, doc_meta);
  lua_pop(L, 1);
  luaL_newmetatable(L, PST_TAG_OBJECT);
  compat_setfuncs(L, tag_meta);
  lua_pop(L, 1);
}
