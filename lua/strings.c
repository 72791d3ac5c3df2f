/* strings.c - string.find, match, gmatch and gsub for rule files: Lua's patterns with a bound.
 *
 * The host's own functions run in C for as long as they like (a hook never sees them), ask the
 * locale what a letter is, and differ between Luas in small ways.  These count every step against
 * the budget of the private state, know ASCII classes only, and give the same answers in each Lua.
 * The notation is that of the Lua manual, "Patterns"; of matches that may be empty the rule of 5.4
 * holds: none where the last one ended. / */
#include "binding.h"

#define CAPTURES_MAX 32
#define DEPTH_MAX 180      /* captures and repeats in each other */
#define STEPS_A_LOOK 1024  /* steps between two looks at the budget */
#define STEPS_A_UNIT 4     /* steps that cost as much as an instruction */

typedef struct capture {
  const char *at;
  const char *end; /* NULL: still open */
  bool place;      /* () */
} capture;

typedef struct matcher {
  lua_State *L;
  const char *text, *end; /* subject */
  const char *stop;       /* end of the pattern */
  size_t steps;
  int depth;
  int n;
  capture capture[CAPTURES_MAX];
} matcher;

static void pay(matcher *m) {
  size_t steps = m->steps;
  m->steps = 0;
  pst_set_spend(m->L, steps / STEPS_A_UNIT + 1);
}

static void step(matcher *m) {
  if (++m->steps >= STEPS_A_LOOK) pay(m);
}

/* ---- one character --------------------------------------------------------------------------- */

static bool between(unsigned char c, unsigned char low, unsigned char high) {
  return c >= low && c <= high;
}

static bool is_letter(unsigned char c) {
  return between(c | 0x20, 'a', 'z');
}

static bool is_alnum(unsigned char c) {
  return is_letter(c) || between(c, '0', '9');
}

/* Is c in the class %kind? */
static bool in_class(unsigned char c, unsigned char kind) {
  bool in;
  switch (kind | 0x20) {
  case 'a': in = is_letter(c); break;
  case 'c': in = c < 32 || c == 127; break;
  case 'd': in = between(c, '0', '9'); break;
  case 'g': in = between(c, 33, 126); break;
  case 'l': in = between(c, 'a', 'z'); break;
  case 'p': in = between(c, 33, 126) && !is_alnum(c); break;
  case 's': in = c == ' ' || between(c, '\t', '\r'); break;
  case 'u': in = between(c, 'A', 'Z'); break;
  case 'w': in = is_alnum(c); break;
  case 'x': in = between(c, '0', '9') || between(c | 0x20, 'a', 'f'); break;
  case 'z': in = c == 0; break;
  default: return kind == c;
  }
  return between(kind, 'A', 'Z') ? !in : in;
}

/* Where the item at p (a character, %x or a set) ends. */
static const char *item_end(matcher *m, const char *p) {
  if (*p == '%') {
    if (p + 1 == m->stop) luaL_error(m->L, "malformed pattern (ends with '%%')");
    return p + 2;
  }
  if (*p++ != '[') return p;
  if (p < m->stop && *p == '^') p++;
  do { /* a ] at the beginning is one of the set */
    if (p >= m->stop) luaL_error(m->L, "malformed pattern (missing ']')");
    p += *p == '%' && p + 1 < m->stop ? 2 : 1;
  } while (p >= m->stop || *p != ']');
  return p + 1;
}

/* Is c in the set that begins at p and whose ] is at last? */
static bool in_set(unsigned char c, const char *p, const char *last) {
  bool wanted = true;
  if (*++p == '^') wanted = false, p++;
  while (p < last) {
    if (*p == '%') {
      if (in_class(c, (unsigned char)p[1])) return wanted;
      p += 2;
    } else if (p + 2 < last && p[1] == '-') {
      if (between(c, (unsigned char)p[0], (unsigned char)p[2])) return wanted;
      p += 3;
    } else if ((unsigned char)*p++ == c) {
      return wanted;
    }
  }
  return !wanted;
}

/* Does the character at s fit the item [p, end)? */
static bool fits(matcher *m, const char *s, const char *p, const char *end) {
  step(m);
  if (s >= m->end) return false;
  unsigned char c = (unsigned char)*s;
  switch (*p) {
  case '.': return true;
  case '%': return in_class(c, (unsigned char)p[1]);
  case '[': return in_set(c, p, end - 1);
  default: return (unsigned char)*p == c;
  }
}

/* ---- a pattern ------------------------------------------------------------------------------- */

static const char *match(matcher *m, const char *s, const char *p);

/* The rest of the pattern from p on at s, one level deeper. */
static const char *deeper(matcher *m, const char *s, const char *p) {
  if (++m->depth > DEPTH_MAX) luaL_error(m->L, "pattern too complex");
  const char *end = match(m, s, p);
  m->depth--;
  return end;
}

static const char *open_capture(matcher *m, const char *s, const char *p) {
  if (m->n >= CAPTURES_MAX) luaL_error(m->L, "too many captures");
  bool place = p < m->stop && *p == ')';
  m->capture[m->n++] = (capture){s, place ? s : NULL, place};
  const char *end = deeper(m, s, place ? p + 1 : p);
  if (!end) m->n--;
  return end;
}

static const char *close_capture(matcher *m, const char *s, const char *p) {
  int i = m->n - 1;
  while (i >= 0 && m->capture[i].end) i--;
  if (i < 0) luaL_error(m->L, "invalid pattern capture");
  m->capture[i].end = s;
  const char *end = deeper(m, s, p);
  if (!end) m->capture[i].end = NULL;
  return end;
}

/* %b(): from an opening character to the closing one that balances it. */
static const char *balanced(matcher *m, const char *s, const char *p) {
  if (m->stop - p < 2) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
  if (s >= m->end || *s != *p) return NULL;
  for (size_t open = 1; ++s < m->end;) {
    step(m);
    if (*s == p[1]) {
      if (--open == 0) return s + 1;
    } else if (*s == p[0]) {
      open++;
    }
  }
  return NULL;
}

/* %f[set]: between a character outside of the set and one inside; both ends of the text count as a
 * zero. */
static bool at_frontier(matcher *m, const char *s, const char *p, const char *end) {
  unsigned char before = s > m->text ? (unsigned char)s[-1] : 0;
  unsigned char here = s < m->end ? (unsigned char)*s : 0;
  step(m);
  return !in_set(before, p, end - 1) && in_set(here, p, end - 1);
}

/* %1: the same text again. */
static const char *again(matcher *m, const char *s, int i) {
  if (i < 0 || i >= m->n || !m->capture[i].end)
    luaL_error(m->L, "invalid capture index %%%d", i + 1);
  size_t len = (size_t)(m->capture[i].end - m->capture[i].at);
  m->steps += len / 16;
  step(m);
  if ((size_t)(m->end - s) < len || (len && memcmp(s, m->capture[i].at, len) != 0)) return NULL;
  return s + len;
}

/* item* and item+: as many as fit, then fewer. */
static const char *most(matcher *m, const char *s, const char *p, const char *end,
                        ptrdiff_t least) {
  ptrdiff_t n = 0;
  while (fits(m, s + n, p, end)) n++;
  for (; n >= least; n--) {
    const char *found = deeper(m, s + n, end + 1);
    if (found) return found;
  }
  return NULL;
}

/* item-: as few as will do. */
static const char *fewest(matcher *m, const char *s, const char *p, const char *end) {
  for (;; s++) {
    const char *found = deeper(m, s, end + 1);
    if (found) return found;
    if (!fits(m, s, p, end)) return NULL;
  }
}

/* %b, %f and %1 to %9 at p; *s moves.  0: it is none of these, 1: it fits, -1: it does not. */
static int special(matcher *m, const char **s, const char **p) {
  const char *at = *p + 2, *end;
  char kind = at <= m->stop ? at[-1] : 0;
  if (kind == 'b') {
    *s = balanced(m, *s, at);
    *p = at + 2;
  } else if (kind == 'f') {
    if (at >= m->stop || *at != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
    end = item_end(m, at);
    if (!at_frontier(m, *s, at, end)) return -1;
    *p = end;
  } else if (kind >= '0' && kind <= '9') {
    *s = again(m, *s, kind - '1');
    *p = at;
  } else {
    return 0;
  }
  return *s ? 1 : -1;
}

/* Where a match of the pattern from p on ends that begins at s, or NULL. */
static const char *match(matcher *m, const char *s, const char *p) {
  while (p < m->stop) {
    if (*p == '(') return open_capture(m, s, p + 1);
    if (*p == ')') return close_capture(m, s, p + 1);
    if (*p == '$' && p + 1 == m->stop) return s == m->end ? s : NULL;
    if (*p == '%') {
      int is = special(m, &s, &p);
      if (is < 0) return NULL;
      if (is > 0) continue;
    }
    const char *end = item_end(m, p);
    char quantifier = end < m->stop ? *end : 0;
    if (quantifier == '*') return most(m, s, p, end, 0);
    if (quantifier == '+') return most(m, s, p, end, 1);
    if (quantifier == '-') return fewest(m, s, p, end);
    if (quantifier == '?') {
      if (fits(m, s, p, end)) {
        const char *found = deeper(m, s + 1, end + 1);
        if (found) return found;
      }
      p = end + 1;
      continue;
    }
    if (!fits(m, s, p, end)) return NULL;
    s++;
    p = end;
  }
  return s;
}

/* ---- captures -------------------------------------------------------------------------------- */

/* Pushes capture i; without captures the whole match is the first one. */
static void push_capture(matcher *m, int i, const char *at, const char *end) {
  if (i >= m->n) {
    if (i > 0) luaL_error(m->L, "invalid capture index %%%d", i + 1);
    lua_pushlstring(m->L, at, (size_t)(end - at));
  } else if (!m->capture[i].end) {
    luaL_error(m->L, "unfinished capture");
  } else if (m->capture[i].place) {
    lua_pushinteger(m->L, (lua_Integer)(m->capture[i].at - m->text) + 1);
  } else {
    lua_pushlstring(m->L, m->capture[i].at, (size_t)(m->capture[i].end - m->capture[i].at));
  }
}

static int push_captures(matcher *m, const char *at, const char *end) {
  int n = m->n ? m->n : 1;
  luaL_checkstack(m->L, n, "too many captures");
  for (int i = 0; i < n; i++) push_capture(m, i, at, end);
  return n;
}

/* The subject (argument 1) and pattern (argument 2). */
static matcher begin(lua_State *L, const char **pattern) {
  size_t size, len;
  const char *text = luaL_checklstring(L, 1, &size);
  *pattern = luaL_checklstring(L, 2, &len);
  return (matcher){.L = L, .text = text, .end = text + size, .stop = *pattern + len};
}

static const char *try_at(matcher *m, const char *s, const char *p) {
  m->n = 0;
  m->depth = 0;
  step(m);
  return match(m, s, p);
}

/* ---- the functions --------------------------------------------------------------------------- */

/* The first place of a plain text; NULL if there is none. */
static const char *plain(matcher *m, const char *s, const char *p) {
  size_t len = (size_t)(m->stop - p);
  if (len == 0) return s;
  while ((size_t)(m->end - s) >= len) {
    const char *at = memchr(s, *p, (size_t)(m->end - s) - len + 1);
    m->steps += (size_t)((at ? at : m->end) - s) / 16 + len / 16;
    step(m);
    if (!at) return NULL;
    if (memcmp(at, p, len) == 0) return at;
    s = at + 1;
  }
  return NULL;
}

/* Has the pattern nothing but letters that stand for themselves? */
static bool is_plain(const char *p, const char *stop) {
  static const char special[] = "^$*+?.([%-";
  for (; p < stop; p++)
    if (memchr(special, *p, sizeof special - 1)) return false;
  return true;
}

static int search(lua_State *L, bool find) {
  const char *p;
  matcher m = begin(L, &p);
  double init = (double)luaL_optnumber(L, 3, 1), size = (double)(m.end - m.text);
  if (init < 0) init = init + size + 1 < 1 ? 1 : init + size + 1;
  else if (init < 1) init = 1;
  if (init > size + 1) return lua_pushnil(L), 1;
  const char *s = m.text + (size_t)init - 1, *end = NULL;
  if (find && (lua_toboolean(L, 4) || is_plain(p, m.stop))) {
    s = plain(&m, s, p);
    end = s ? s + (m.stop - p) : NULL;
  } else {
    bool anchored = p < m.stop && *p == '^';
    if (anchored) p++;
    while (!(end = try_at(&m, s, p)) && !anchored && s < m.end) s++;
  }
  pay(&m);
  if (!end) return lua_pushnil(L), 1;
  if (!find) return push_captures(&m, s, end);
  lua_pushinteger(L, (lua_Integer)(s - m.text) + 1);
  lua_pushinteger(L, (lua_Integer)(end - m.text));
  return m.n ? 2 + push_captures(&m, s, end) : 2;
}

/* string.find(text, pattern, init, plain) */
static int strings_find(lua_State *L) {
  return search(L, true);
}

/* string.match(text, pattern, init) */
static int strings_match(lua_State *L) {
  return search(L, false);
}

/* The step of gmatch: upvalues are text, pattern, offset to go on at, offset of the last end or
 * -1. */
static int gmatch_step(lua_State *L) {
  const char *p;
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  matcher m = begin(L, &p);
  lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
  for (const char *s = m.text + lua_tointeger(L, lua_upvalueindex(3)); s <= m.end; s++) {
    const char *end = try_at(&m, s, p);
    if (!end || end - m.text == last) continue;
    lua_pushinteger(L, (lua_Integer)(end - m.text));
    lua_pushvalue(L, -1);
    lua_replace(L, lua_upvalueindex(3));
    lua_replace(L, lua_upvalueindex(4));
    pay(&m);
    return push_captures(&m, s, end);
  }
  lua_pushinteger(L, (lua_Integer)(m.end - m.text) + 1);
  lua_replace(L, lua_upvalueindex(3));
  pay(&m);
  return 0;
}

/* string.gmatch(text, pattern) */
static int strings_gmatch(lua_State *L) {
  luaL_checkstring(L, 1);
  luaL_checkstring(L, 2);
  lua_settop(L, 2);
  lua_pushinteger(L, 0);
  lua_pushinteger(L, -1);
  lua_pushcclosure(L, gmatch_step, 4);
  return 1;
}

/* Appends what a replacement string (argument 3) gives: %0 the match, %1 captures, %% a percent
 * sign. */
static void add_template(matcher *m, luaL_Buffer *out, const char *at, const char *end) {
  size_t len;
  const char *r = lua_tolstring(m->L, 3, &len), *stop = r + len;
  m->steps += len / 4;
  while (r < stop) {
    if (*r != '%') {
      luaL_addchar(out, *r);
      r++;
      continue;
    }
    char c = ++r < stop ? *r : 0;
    if (c == '%') {
      luaL_addchar(out, '%');
    } else if (c == '0') {
      luaL_addlstring(out, at, (size_t)(end - at));
    } else if (c >= '1' && c <= '9') {
      push_capture(m, c - '1', at, end);
      luaL_addvalue(out);
    } else {
      luaL_error(m->L, "invalid use of '%%' in replacement string");
    }
    r++;
  }
}

/* Appends what stands for a match: false and nil keep it. */
static void add_replacement(matcher *m, luaL_Buffer *out, const char *at, const char *end) {
  lua_State *L = m->L;
  int kind = lua_type(L, 3);
  if (kind != LUA_TSTRING) pst_set_check_stack(L);
  if (kind == LUA_TFUNCTION) {
    pay(m);
    lua_pushvalue(L, 3);
    int n = push_captures(m, at, end);
    lua_call(L, n, 1);
  } else if (kind == LUA_TTABLE) {
    push_capture(m, 0, at, end);
    lua_gettable(L, 3);
  } else {
    add_template(m, out, at, end);
    return;
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    lua_pushlstring(L, at, (size_t)(end - at));
  } else if (!lua_isstring(L, -1)) {
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  }
  luaL_addvalue(out);
}

/* string.gsub(text, pattern, replacement, most) */
static int strings_gsub(lua_State *L) {
  const char *p, *last = NULL;
  matcher m = begin(L, &p);
  int kind = lua_type(L, 3);
  bool text = kind == LUA_TSTRING || kind == LUA_TNUMBER;
  luaL_argcheck(L, text || kind == LUA_TFUNCTION || kind == LUA_TTABLE, 3,
                "string, function or table expected");
  double most_of = (double)luaL_optnumber(L, 4, (lua_Number)(m.end - m.text + 1));
  bool anchored = p < m.stop && *p == '^';
  lua_settop(L, 3);
  if (kind == LUA_TNUMBER) lua_tostring(L, 3);
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  const char *s = m.text;
  lua_Integer n = 0;
  while ((double)n < most_of) {
    const char *end = try_at(&m, s, anchored ? p + 1 : p);
    if (end && end != last) {
      n++;
      add_replacement(&m, &out, s, end);
      s = last = end;
    } else if (s < m.end) {
      luaL_addchar(&out, *s);
      s++;
    } else {
      break;
    }
    if (anchored) break;
  }
  luaL_addlstring(&out, s, (size_t)(m.end - s));
  luaL_pushresult(&out);
  lua_pushinteger(L, n);
  pay(&m);
  return 2;
}

const luaL_Reg pst_strings_functions[] = {{"find", strings_find},
                                          {"match", strings_match},
                                          {"gmatch", strings_gmatch},
                                          {"gsub", strings_gsub},
                                          {NULL, NULL}};
