/* state.c - a private Lua state for the rule files of one rule set.
 *
 * It is a state of the same Lua as the host's (the host's own lua_newstate makes it) with an
 * allocator that has a cap, the libraries base, string, table, math and utf8, and a hook that
 * counts instructions. Once the work is spent the hook raises at every instruction, so that no
 * pcall can go on.  Nothing is shared with the host: values travel as bytes.  The idea of a state
 * for each set of rules is that of sandboxes which give each script a state of its own, instead of
 * one environment in a shared one. / */
#define _XOPEN_SOURCE 700 /* uselocale */

#include "binding.h"

#include <locale.h>
#include <stdlib.h>

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Makes room for n more bytes; false when memory runs out (nothing changes then). */
bool pst_bytes_reserve(pst_bytes *bytes, size_t n) {
  if (n <= bytes->cap - bytes->n) return true;
  if (n > SIZE_MAX / 2 - bytes->n) return false;
  size_t cap = (bytes->n + n) * 2 < 256 ? 256 : (bytes->n + n) * 2;
  char *grown = realloc(bytes->at, cap);
  if (!grown) return false;
  bytes->at = grown;
  bytes->cap = cap;
  return true;
}

/* Appends n bytes; false when memory runs out (nothing changes then). */
bool pst_bytes_add(pst_bytes *bytes, const void *at, size_t n) {
  if (!pst_bytes_reserve(bytes, n)) return false;
  if (n) memcpy(bytes->at + bytes->n, at, n);
  bytes->n += n;
  return true;
}

void pst_bytes_free(pst_bytes *bytes) {
  free(bytes->at);
  *bytes = (pst_bytes){0};
}

/* It is set anew each time: a metatable whose making ended for want of memory must not stay
 * without. */
void pst_collect_by(lua_State *L, const char *type, lua_CFunction collect) {
  luaL_newmetatable(L, type);
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
}

static int collect_bytes(lua_State *L) {
  pst_bytes_free(lua_touserdata(L, 1));
  return 0;
}

pst_bytes *pst_bytes_push(lua_State *L) {
  pst_bytes *bytes = compat_newuserdata(L, sizeof *bytes);
  *bytes = (pst_bytes){0};
  pst_collect_by(L, "postil.bytes", collect_bytes);
  return bytes;
}

/* ---- mail: values as bytes ------------------------------------------------------------------- */

/* Appends one value.  Tables without metatables of depth PST_MAIL_DEPTH at most; a function,
 * userdata or thread is not data. */
static bool pack(lua_State *L, int i, pst_bytes *out, int depth, const char **what) {
  *what = NULL;
  switch (lua_type(L, i)) {
  case LUA_TNIL: return pst_bytes_add(out, "0", 1);
  case LUA_TBOOLEAN: return pst_bytes_add(out, lua_toboolean(L, i) ? "t" : "f", 1);
  case LUA_TNUMBER: {
    double number = (double)lua_tonumber(L, i);
    return pst_bytes_add(out, "n", 1) && pst_bytes_add(out, &number, sizeof number);
  }
  case LUA_TSTRING: {
    size_t len;
    const char *at = lua_tolstring(L, i, &len);
    return pst_bytes_add(out, "s", 1) && pst_bytes_add(out, &len, sizeof len) &&
           pst_bytes_add(out, at, len);
  }
  case LUA_TTABLE:
    if (depth >= PST_MAIL_DEPTH) {
      *what = "table in so many tables";
      return false;
    }
    if (!pst_bytes_add(out, "{", 1)) return false;
    lua_pushnil(L);
    while (lua_next(L, i)) {
      int top = lua_gettop(L);
      if (!pack(L, top - 1, out, depth + 1, what) || !pack(L, top, out, depth + 1, what)) {
        lua_pop(L, 2);
        return false;
      }
      lua_pop(L, 1);
    }
    return pst_bytes_add(out, "}", 1);
  default: *what = lua_typename(L, lua_type(L, i)); return false;
  }
}

/* The stack must have room for 3 * PST_MAIL_DEPTH values. */
bool pst_mail_pack(lua_State *L, int first, int last, pst_bytes *out, const char **what) {
  *what = NULL;
  for (int i = first; i <= last; i++)
    if (!pack(L, i, out, 0, what)) return false;
  return true;
}

/* Pushes the value at *at and steps over it. */
static void unpack(lua_State *L, const char **at) {
  char kind = *(*at)++;
  if (kind == '0') {
    lua_pushnil(L);
  } else if (kind == 't' || kind == 'f') {
    lua_pushboolean(L, kind == 't');
  } else if (kind == 'n') {
    double number;
    memcpy(&number, *at, sizeof number);
    *at += sizeof number;
    compat_pushnumber(L, number);
  } else if (kind == 's') {
    size_t len;
    memcpy(&len, *at, sizeof len);
    *at += sizeof len;
    lua_pushlstring(L, *at, len);
    *at += len;
  } else {
    lua_newtable(L);
    while (**at != '}') {
      unpack(L, at);
      unpack(L, at);
      lua_rawset(L, -3);
    }
    ++*at;
  }
}

/* Pushes the values of mail; raises what Lua raises (memory). */
int pst_mail_unpack(lua_State *L, const char *at, size_t n) {
  int count = 0;
  const char *end = at + n;
  luaL_checkstack(L, 3 * PST_MAIL_DEPTH + 8, "too many values");
  while (at < end) {
    luaL_checkstack(L, 3 * PST_MAIL_DEPTH + 8, "too many values");
    unpack(L, &at);
    count++;
  }
  return count;
}

/* ---- the state ------------------------------------------------------------------------------- */

void pst_set_note(pst_set *set, lua_State *L) {
  lua_Debug activation;
  for (int level = 0; level < 64 && lua_getstack(L, level, &activation); level++) {
    lua_getinfo(L, "Sl", &activation);
    if (activation.source[0] != '@' || activation.currentline <= 0) continue;
    size_t len = strlen(activation.source + 1);
    if (len >= sizeof set->place) return;
    memcpy(set->place, activation.source + 1, len + 1);
    set->line = activation.currentline;
    return;
  }
}

/* lua_Alloc with a cap on what is held and, while rule files run, on what is asked for over
 * time. */
static void *allocate(void *ud, void *p, size_t old, size_t size) {
  pst_set *set = ud;
  if (!p) old = 0; /* Lua passes the kind of object there */
  if (size == 0) {
    free(p);
    set->heap -= old;
    return NULL;
  }
  if (size > old && set->limited) {
    set->churn += size - old;
    if (set->churn > PST_CHURN_MAX) set->spent = true;
    if (set->spent || size - old > PST_HEAP_MAX - set->heap) {
      pst_set_note(set, set->lua); /* Lua gives this error no place */
      return NULL;
    }
  }
  void *made = realloc(p, size);
  if (!made) return NULL;
  set->heap += size - old; /* wraps rightly when the block shrinks */
  return made;
}

/* postil_mem of a rule set: what rule files make of it has a cap while they are loaded, and what they
 * make of a text while it is tagged; both are set->most. */
static void *allocate_rules(void *ud, void *p, size_t old, size_t size) {
  pst_set *set = ud;
  if (size == 0) {
    free(p);
    set->held -= old;
    return NULL;
  }
  if (size > old && (set->held > set->most || size - old > set->most - set->held)) {
    set->full = true;
    return NULL;
  }
  void *made = realloc(p, size);
  if (made) set->held += size - old; /* wraps rightly when the block shrinks */
  return made;
}

/* The set that a private state belongs to. */
pst_set *pst_set_of(lua_State *L) {
  void *ud;
  lua_getallocf(L, &ud);
  return ud;
}

void pst_set_check_stack(lua_State *L) {
  pst_set *set = pst_set_of(L);
  uintptr_t here = (uintptr_t)&set;
  size_t depth = here < set->base ? set->base - here : here - set->base;
  if (depth > PST_STACK_MAX) luaL_error(L, "stack overflow");
}

static void on_count(lua_State *L, lua_Debug *activation);

/* Marks the work as spent and raises; the hook then comes at every instruction. */
static int raise_spent(lua_State *L) {
  pst_set *set = pst_set_of(L);
  if (!set->spent) pst_set_note(set, L);
  set->spent = true;
  lua_sethook(L, on_count, LUA_MASKCOUNT, 1);
  lua_pushliteral(L, "too much work");
  return lua_error(L);
}

/* Instructions decide; the clock is a net for the few that are dear (5.1 compares long equal
 * strings), looked at when some work was done already. */
static bool is_late(pst_set *set) {
  clock_t now = set->still ? (clock_t)-1 : clock();
  if (now == (clock_t)-1) return false;
  if (!set->timed) set->began = now;
  set->timed = true;
  return (now - set->began) / (CLOCKS_PER_SEC / 1000) > PST_CLOCK_MAX;
}

static void on_count(lua_State *L, lua_Debug *activation) {
  (void)activation;
  pst_set *set = pst_set_of(L);
  if (!set->limited) return;
  if (set->spent || set->work < PST_WORK_STEP || is_late(set)) {
    raise_spent(L);
    return;
  }
  set->work -= PST_WORK_STEP;
  pst_set_note(set, L);
}

bool pst_set_afford(pst_set *set, size_t instructions) {
  if (!set->limited) return true;
  if (set->spent || set->work < instructions) return false;
  uint64_t step = set->work / PST_WORK_STEP;
  set->work -= instructions;
  return set->work / PST_WORK_STEP == step || !is_late(set);
}

void pst_set_spend(lua_State *L, size_t instructions) {
  if (!pst_set_afford(pst_set_of(L), instructions)) raise_spent(L);
}

void pst_set_allow(pst_set *set, uint64_t instructions) {
  set->work = instructions;
  set->churn = 0;
  set->spent = false;
  set->limited = true;
  set->timed = false;
  set->place[0] = '\0';
  lua_sethook(set->lua, on_count, LUA_MASKCOUNT, PST_WORK_STEP);
}

/* A function of the private state: unpacks the mail, calls the handler that it names, packs the
 * answers. */
static int run_call(lua_State *L) {
  pst_set *set = pst_set_of(L);
  lua_settop(L, 0);
  int n = pst_mail_unpack(L, set->mail.at, set->mail.n);
  lua_rawgeti(L, LUA_REGISTRYINDEX, PST_AT_HANDLERS);
  lua_pushvalue(L, 1);
  lua_rawget(L, -2);
  lua_replace(L, 1);
  lua_settop(L, n);
  lua_call(L, n - 1, LUA_MULTRET);
  const char *what;
  luaL_checkstack(L, 3 * PST_MAIL_DEPTH + 8, "too many values");
  set->mail.n = 0;
  if (!pst_mail_pack(L, 1, lua_gettop(L), &set->mail, &what))
    return luaL_error(L, what ? "a %s cannot leave a rule file" : "out of memory", what);
  return 0;
}

/* First words in a private state: libraries and the places of the functions that C calls. */
static int furnish(lua_State *L) {
  compat_openlibs(L);
  lua_settop(L, 0);
  lua_getglobal(L, LUA_STRLIBNAME);
  compat_setfuncs(L, pst_strings_functions);
  lua_settop(L, 0);
  luaL_checkstack(L, 40, "no memory");
  lua_pushcfunction(L, run_call);
  lua_rawseti(L, LUA_REGISTRYINDEX, PST_AT_CALL);
  lua_pushcfunction(L, pst_env_run_hook);
  lua_rawseti(L, LUA_REGISTRYINDEX, PST_AT_HOOK);
  lua_newtable(L);
  lua_rawseti(L, LUA_REGISTRYINDEX, PST_AT_HOOKS);
  lua_newtable(L);
  lua_rawseti(L, LUA_REGISTRYINDEX, PST_AT_HANDLERS);
  pst_env_make_match(L);
  return 0;
}

/* A set with an empty rule set and a furnished state; NULL when memory runs out or the host's Lua
 * makes no states with an allocator. */
pst_set *pst_set_new(void) {
  pst_set *set = calloc(1, sizeof *set);
  if (!set) return NULL;
  set->refs = 1;
  set->most = SIZE_MAX;
  set->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  postil_mem mem = {allocate_rules, set};
  if (set->plain && postil_rules_new(&mem, &set->rules, NULL) == POSTIL_OK) {
    set->lua = lua_newstate(allocate, set);
    if (set->lua && compat_protect(set->lua, furnish, set) == 0) {
      lua_settop(set->lua, 0);
      postil_rules_set_hook(set->rules, pst_env_hook, set);
      return set;
    }
  }
  pst_set_release(set);
  return NULL;
}

/* Lets go of a set; the last one to do so closes it. */
void pst_set_release(pst_set *set) {
  if (!set || --set->refs > 0) return;
  set->limited = false;
  if (set->lua) lua_close(set->lua);
  postil_stats_free(set->stats);
  postil_rules_free(set->rules);
  while (set->nimages) pst_held_free(&set->image[--set->nimages]);
  free(set->image);
  pst_bytes_free(&set->mail);
  pst_bytes_free(&set->scratch);
  free(set->error);
  if (set->plain) freelocale(set->plain);
  free(set);
}

void pst_set_enter(pst_set *set) {
  set->outside = uselocale(set->plain);
  set->base = (uintptr_t)&set;
}

void pst_set_leave(pst_set *set) {
  (void)uselocale(set->outside);
}

/* ---- errors ---------------------------------------------------------------------------------- */

#define COMPLAINT_MAX 4096

/* Appends text to a line of words: control characters become blanks and question marks. */
static size_t put_words(char *to, size_t at, const char *words, size_t len) {
  if (len > COMPLAINT_MAX - at) {
    len = COMPLAINT_MAX - at;
    while (len > 0 && ((unsigned char)words[len] & 0xC0) == 0x80) len--;
  }
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)words[i];
    to[at++] = c == '\n' || c == '\t' ? ' ' : c < 32 || c == 127 ? '?' : (char)c;
  }
  return at;
}

/* Appends "file:line: ", the place that was noted last. */
static size_t put_place(const pst_set *set, char *to) {
  char digits[16];
  char *at = digits + sizeof digits;
  size_t n = put_words(to, 0, set->place, strlen(set->place));
  *--at = ' ';
  *--at = ':';
  for (int line = set->line; line > 0; line /= 10) *--at = (char)('0' + line % 10);
  *--at = ':';
  return put_words(to, n, at, (size_t)(digits + sizeof digits - at));
}

void pst_set_note_function(pst_set *set, lua_State *L) {
  lua_Debug function;
  lua_getinfo(L, ">S", &function);
  size_t len = strlen(function.source);
  if (set->place[0] || function.source[0] != '@' || len > sizeof set->place) return;
  memcpy(set->place, function.source + 1, len);
  set->line = function.linedefined;
}

/* Where "file:line: " of a message ends; 0: it has none. */
static size_t place_end(const char *words, size_t len) {
  for (size_t i = 0; i < len; i++) {
    size_t at = i + 1;
    if (words[i] != ':') continue;
    while (at < len && words[at] >= '0' && words[at] <= '9') at++;
    if (at > i + 1 && at + 1 < len && words[at] == ':' && words[at + 1] == ' ') return at + 2;
  }
  return 0;
}

/* The words of the error value on top of the stack, without a place in env.lua. */
static const char *words_of(const pst_set *set, lua_State *L, size_t *len) {
  static const char env[] = "postil.env:";
  const char *words = "too much work";
  int type = lua_type(L, -1);
  if (!set->spent && type != LUA_TSTRING)
    words = type == LUA_TTABLE ? "error object is a table"
            : type == LUA_TNIL ? "error object is a nil"
                               : "error object is not a string";
  *len = strlen(words);
  if (set->spent || type != LUA_TSTRING) return words;
  words = lua_tolstring(L, -1, len);
  if (*len < sizeof env || memcmp(words, env, sizeof env - 1) != 0) return words;
  size_t skip = place_end(words, *len);
  *len -= skip;
  return words + skip;
}

/* Keeps the error value on top of the stack as one line of words; where Lua gives no place ("not
 * enough memory"), the place that was noted last.  Allocates nothing in Lua, so that it may be
 * called outside of a protected call. */
void pst_set_complain(pst_set *set, lua_State *L) {
  size_t len, n = 0;
  const char *words = words_of(set, L, &len);
  free(set->error);
  set->error = malloc(COMPLAINT_MAX + 1);
  if (!set->error) return;
  if (L == set->lua && set->place[0] && !place_end(words, len)) n = put_place(set, set->error);
  n = put_words(set->error, n, words, len);
  set->error[n] = '\0';
}

/* ---- calls between the states ---------------------------------------------------------------- */

/* In the host's state: calls fetch (argument 1) with the values of the mail and packs its
 * answers. */
static int host_fetch(lua_State *L) {
  pst_set *set = lua_touserdata(L, 2);
  lua_settop(L, 1);
  int n = pst_mail_unpack(L, set->mail.at, set->mail.n);
  lua_call(L, n, LUA_MULTRET);
  luaL_checkstack(L, 3 * PST_MAIL_DEPTH + 8, "too many values");
  const char *what;
  set->mail.n = 0;
  if (!pst_mail_pack(L, 1, lua_gettop(L), &set->mail, &what))
    return luaL_error(L, what ? "a %s cannot enter a rule file" : "out of memory", what);
  return 0;
}

/* The call is protected in the host's state; its stack holds fetch at 2 and host_fetch at 3
 * (rules_call). */
void pst_set_fetch(lua_State *L, pst_set *set, int n) {
  const char *what;
  lua_State *host = set->host;
  int top = lua_gettop(L);
  luaL_checkstack(L, 3 * PST_MAIL_DEPTH + 8, "too many values");
  set->mail.n = 0;
  if (!host || !pst_mail_pack(L, top - n + 1, top, &set->mail, &what))
    luaL_error(L, "nothing can be read now");
  lua_pop(L, n);
  lua_pushvalue(host, 3);
  lua_pushvalue(host, 2);
  lua_pushlightuserdata(host, set);
  pst_set_leave(set);
  int failed = lua_pcall(host, 2, 0, 0);
  pst_set_enter(set);
  if (failed) {
    pst_set_complain(set, host);
    lua_pop(host, 1);
    luaL_error(L, "%s", set->error ? set->error : "out of memory");
  }
}

static int collect(lua_State *L) {
  lua_gc(L, LUA_GCCOLLECT, 0);
  return 0;
}

/* Frees what a call has left that failed, so that other files find room.  Its budget may be spent,
 * and some Luas allocate when they collect. */
static void make_room(pst_set *set) {
  set->limited = false;
  (void)compat_protect(set->lua, collect, NULL);
  lua_settop(set->lua, 0);
  set->limited = true;
}

/* rules:call(fetch, name, ...): calls a handler of env.lua in the private state with plain
 * values; true and its answers, or false and a message.  fetch(...) is what rule files may ask
 * of the host. */
int pst_rules_call(lua_State *L) {
  pst_set *set = pst_rules_check(L, 1);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  luaL_checktype(L, 3, LUA_TSTRING);
  luaL_checkstack(L, 3 * PST_MAIL_DEPTH + 40, "too many values");
  if (set->busy) return luaL_error(L, "this rule set is at work");
  const char *what;
  set->mail.n = 0;
  if (!pst_mail_pack(L, 3, lua_gettop(L), &set->mail, &what))
    return luaL_error(L, what ? "a %s cannot enter a rule file" : "out of memory", what);
  lua_pushcfunction(L, host_fetch);
  lua_insert(L, 3);
  set->busy = true;
  set->host = L;
  set->most = PST_LOAD_MAX;
  pst_set_allow(set, PST_WORK_LOAD);
  lua_settop(set->lua, 0);
  lua_rawgeti(set->lua, LUA_REGISTRYINDEX, PST_AT_CALL);
  pst_set_enter(set);
  int failed = lua_pcall(set->lua, 0, 0, 0);
  pst_set_leave(set);
  if (failed) pst_set_complain(set, set->lua);
  lua_settop(set->lua, 0);
  if (failed) make_room(set);
  set->host = NULL;
  set->most = SIZE_MAX;
  set->busy = false;
  lua_settop(L, 1); /* the answers are the set's until they are unpacked */
  lua_pushboolean(L, !failed);
  if (!failed) return 1 + pst_mail_unpack(L, set->mail.at, set->mail.n);
  lua_pushstring(L, set->error ? set->error : "out of memory");
  return 2;
}
