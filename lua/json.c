/* json.c - the tags and faults of a document as JSON: what export.lua puts into a line of JSON.
 *
 * The bytes are those of lua/postil/export.lua and json.lua, which say what stands where and serve
 * documents that are plain Lua tables; the specs hold the two against each other.  Everything is
 * collected in the scratch of the rule set, so that an error leaves nothing behind.
 */
#include "binding.h"

/* What a quotation says first, in this order. */
static const char *const leading[] = {"kind", "depth", "speaker", "cue"};
enum { LEADING = sizeof leading / sizeof *leading, DEPTH = 1 };

#define SCRATCH_MAX ((size_t)1 << 20) /* bytes that are kept for the next document */

enum { PAIRS = 32, PAIRS_AT = 3 }; /* attributes of a tag; where on the stack larger room lies */

typedef struct writer {
  lua_State *L;
  pst_set *set;
  const postil_doc *doc;
  const char *text;
  pst_bytes *out;
  postil_pair *pair; /* the attributes of the tag that is written */
  size_t npairs, room;
} writer;

/* Where up to n bytes may be written; written(w, end) says how far it went. */
static inline char *reserve(writer *w, size_t n) {
  if (n > w->out->cap - w->out->n && !pst_bytes_reserve(w->out, n))
    luaL_error(w->L, "out of memory");
  return w->out->at + w->out->n;
}

static inline void written(writer *w, const char *end) { w->out->n = (size_t)(end - w->out->at); }

static inline void put(writer *w, const char *bytes, size_t n) {
  char *to = reserve(w, n);
  memcpy(to, bytes, n);
  written(w, to + n);
}

static inline void put_z(writer *w, const char *words) { put(w, words, strlen(words)); }

static void put_size(writer *w, size_t n) {
  char digits[24];
  char *at = digits + sizeof digits;
  do *--at = (char)('0' + n % 10);
  while (n /= 10);
  put(w, at, (size_t)(digits + sizeof digits - at));
}

/* ---- strings --------------------------------------------------------------------------------- */

/* The length of the sequence of UTF-8 at s and its code point; of an ill-formed one the length of
 * its maximal subpart, and *good is false. */
static size_t decode(const unsigned char *s, size_t n, uint32_t *code, bool *good) {
  unsigned lead = s[0], low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  size_t len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  *good = false;
  if (lead < 0xC2 || lead > 0xF4) return 1;
  *code = lead & (0xFFu >> (len + 1));
  for (size_t i = 1; i < len; i++) {
    if (i >= n || s[i] < low || s[i] > high) return i;
    *code = *code << 6 | (s[i] & 0x3Fu);
    low = 0x80;
    high = 0xBF;
  }
  *good = true;
  return len;
}

/* unicode.unsafe: what a terminal must not get. */
static bool is_unsafe(uint32_t c) {
  return c <= 0x9F || c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x206F) || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

static char *write_unit(char *to, uint32_t unit) {
  static const char hex[] = "0123456789abcdef";
  *to++ = '\\';
  *to++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) *to++ = hex[unit >> shift & 15];
  return to;
}

static char *write_escape(char *to, uint32_t code) {
  char letter = code == '\n' ? 'n' : code == '\t' ? 't' : code == '\r' ? 'r' : '\0';
  if (code == '"' || code == '\\') letter = (char)code;
  if (letter) {
    *to++ = '\\';
    *to++ = letter;
    return to;
  }
  if (code < 0x10000) return write_unit(to, code);
  to = write_unit(to, 0xD800 + ((code - 0x10000) >> 10));
  return write_unit(to, 0xDC00 + ((code - 0x10000) & 0x3FF));
}

/* A sequence of len bytes that is not ASCII. */
static char *write_high(char *to, const unsigned char *s, size_t len, uint32_t code, bool good) {
  if (good && is_unsafe(code)) return write_escape(to, code);
  const char *bytes = good ? (const char *)s : "\xEF\xBF\xBD";
  len = good ? len : 3;
  memcpy(to, bytes, len);
  return to + len;
}

/* A string with its quotation marks.  No byte takes more than the six of an escape. */
static void put_string(writer *w, const char *bytes, size_t n) {
  const unsigned char *s = (const unsigned char *)bytes, *end = s + n;
  if (n > SIZE_MAX / 8) luaL_error(w->L, "out of memory");
  char *to = reserve(w, 6 * n + 2);
  *to++ = '"';
  while (s < end) {
    uint32_t code = *s;
    if (code >= 0x80) {
      bool good;
      size_t len = decode(s, (size_t)(end - s), &code, &good);
      to = write_high(to, s, len, code, good);
      s += len;
      continue;
    }
    if (code >= ' ' && code != '"' && code != '\\' && code != 127) *to++ = (char)code;
    else to = write_escape(to, code);
    s++;
  }
  *to++ = '"';
  written(w, to);
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Digits of a number as Lua writes it; its point is the locale's, of one byte or several. */
static void put_digits(writer *w, const char *digits, size_t len) {
  bool point = false;
  for (size_t i = 0; i < len; i++) {
    bool own = (digits[i] >= '0' && digits[i] <= '9') || memchr("+-eE", digits[i], 4);
    if (own) put(w, &digits[i], 1);
    else if (!point) put(w, ".", 1);
    point = !own;
  }
}

/* Whole numbers have no point; what JSON cannot say is null. */
static void put_number(writer *w, double x) {
  if (x - x != 0) {
    put_z(w, "null");
  } else if (x > -9007199254740992.0 && x < 9007199254740992.0 && x == (double)(int64_t)x) {
    if (x < 0) put(w, "-", 1);
    put_size(w, (size_t)(x < 0 ? -x : x));
  } else {
    size_t len;
    lua_pushfstring(w->L, "%f", (lua_Number)x);
    const char *digits = lua_tolstring(w->L, -1, &len);
    if (len > 2 && memcmp(digits + len - 2, ".0", 2) == 0) len -= 2; /* some Luas add it */
    put_digits(w, digits, len);
    lua_pop(w->L, 1);
  }
}

/* {"start":,"end":} without its last brace. */
static void put_span(writer *w, size_t start, size_t end) {
  put_z(w, "{\"start\":");
  put_size(w, start);
  put_z(w, ",\"end\":");
  put_size(w, end);
}

/* The value of attribute `name`; of a cue the place alone. */
static void put_value(writer *w, const char *name, const postil_value *value) {
  switch (value->type) {
  case POSTIL_STRING: put_string(w, value->text, value->len); break;
  case POSTIL_NUMBER: put_number(w, value->number); break;
  case POSTIL_BOOL: put_z(w, value->number != 0 ? "true" : "false"); break;
  case POSTIL_PLACE:
    put_span(w, value->start, value->end);
    if (value->text && value->len > 0 && !pst_same(name, "cue")) {
      put_z(w, ",\"name\":");
      put_string(w, value->text, value->len);
    }
    put(w, "}", 1);
    break;
  default: put_z(w, "nil");
  }
}

/* ,"name": - with a "_" behind it where the record itself has a key of that name. */
static void put_key(writer *w, const char *name) {
  static const char *const taken[] = {"start", "end", "label", "rule", "parts"};
  bool is = false;
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) is = is || pst_same(name, taken[i]);
  size_t len = strlen(name);
  char *to = reserve(w, len + 6);
  memcpy(to, ",\"", 2);
  memcpy(to + 2, name, len); /* lower-case letters, digits and _ */
  to += 2 + len;
  if (is) *to++ = '_';
  memcpy(to, "\":", 2);
  written(w, to + 2);
}

static void put_pair(writer *w, const postil_pair *pair) {
  put_key(w, pair->name);
  put_value(w, pair->name, &pair->value);
}

/* ---- tags ------------------------------------------------------------------------------------ */

static size_t rank_of(const char *name) {
  size_t rank = 0;
  while (rank < LEADING && !pst_same(name, leading[rank])) rank++;
  return rank;
}

/* Reads a tag's attributes; more room for them than the first is a userdata at PAIRS_AT. */
static void read_pairs(writer *w, const postil_tag *tag) {
  w->npairs = postil_tag_attrs(w->doc, tag->id, w->pair, w->room);
  if (w->npairs <= w->room) return;
  w->pair = compat_newuserdata(w->L, w->npairs * sizeof *w->pair);
  lua_replace(w->L, PAIRS_AT);
  w->room = w->npairs;
  postil_tag_attrs(w->doc, tag->id, w->pair, w->room);
}

/* A quotation's attributes: the leading ones, then by name; and its parts. */
static void put_quote(writer *w, const postil_tag *tag) {
  const postil_pair *lead[LEADING + 1] = {NULL};
  size_t start, end;
  for (size_t i = 0; i < w->npairs; i++) lead[rank_of(w->pair[i].name)] = &w->pair[i];
  for (size_t rank = 0; rank < LEADING; rank++) {
    if (lead[rank]) {
      put_pair(w, lead[rank]);
    } else if (rank == DEPTH && tag->depth > 0) {
      put_key(w, leading[rank]);
      put_size(w, tag->depth);
    }
  }
  for (size_t i = 0; i < w->npairs; i++)
    if (rank_of(w->pair[i].name) == LEADING) put_pair(w, &w->pair[i]);
  for (size_t i = 0; postil_tag_part(w->doc, tag->id, i, &start, &end); i++) {
    put_z(w, i ? "}," : ",\"parts\":[");
    put_span(w, start, end);
    if (!postil_tag_part(w->doc, tag->id, i + 1, &start, &end)) put_z(w, "}]");
  }
}

/* The canonical name, JSON and all, or nothing where it is just the tag's text. */
static void put_name(writer *w, const postil_tag *tag) {
  char small[256];
  size_t words = tag->end - tag->start, len = postil_tag_name(w->doc, tag->id, small, sizeof small);
  char *name = small;
  if (len > sizeof small) {
    name = compat_newuserdata(w->L, len);
    postil_tag_name(w->doc, tag->id, name, len);
  }
  if (len != words || memcmp(name, w->text + tag->start, len) != 0) {
    put_key(w, "name");
    put_string(w, name, len);
  }
  if (name != small) lua_pop(w->L, 1);
}

/* Any other tag's attributes by name, its canonical name among them; the `is` that this may come
 * from says no more. */
static void put_others(writer *w, const postil_tag *tag) {
  bool named = false;
  for (size_t i = 0; i < w->npairs; i++) {
    const char *name = w->pair[i].name;
    if (pst_same(name, "is")) continue;
    int order = strcmp(name, "name");
    if (order > 0 && !named) put_name(w, tag);
    named = named || order >= 0;
    put_pair(w, &w->pair[i]);
  }
  if (!named) put_name(w, tag);
}

static void put_tag(writer *w, const postil_tag *tag, const char *label) {
  const char *rule = postil_rules_name(w->set->rules, tag->rule);
  put_span(w, tag->start, tag->end);
  put_z(w, ",\"label\":");
  put_string(w, label, strlen(label));
  put_z(w, ",\"rule\":");
  put_string(w, rule ? rule : "quotes", strlen(rule ? rule : "quotes"));
  read_pairs(w, tag);
  if (pst_same(label, "quote")) put_quote(w, tag);
  else put_others(w, tag);
  put(w, "}", 1);
}

/* Whether the set of labels at index 2 (nil: all) has this one. */
static bool is_wanted(lua_State *L, const char *label) {
  if (lua_isnil(L, 2)) return true;
  lua_getfield(L, 2, label);
  bool wanted = lua_toboolean(L, -1) != 0;
  lua_pop(L, 1);
  return wanted;
}

static void put_tags(writer *w) {
  size_t n = postil_doc_tags(w->doc, 0, SIZE_MAX, NULL, 0);
  postil_tag *tags = compat_newuserdata(w->L, (n + 1) * sizeof *tags);
  n = postil_doc_tags(w->doc, 0, SIZE_MAX, tags, n);
  put_z(w, "\"tags\":[");
  for (size_t i = 0, written = 0; i < n; i++) {
    const char *label = postil_rules_label(w->set->rules, tags[i].label);
    if (!label || !is_wanted(w->L, label)) continue;
    if (written++) put(w, ",", 1);
    put_tag(w, &tags[i], label);
  }
  put(w, "]", 1);
}

static void put_faults(writer *w) {
  size_t n = postil_doc_faults(w->doc, 0, SIZE_MAX, NULL, 0);
  postil_fault *faults = compat_newuserdata(w->L, (n + 1) * sizeof *faults);
  n = postil_doc_faults(w->doc, 0, SIZE_MAX, faults, n);
  put_z(w, ",\"faults\":[");
  for (size_t i = 0; i < n; i++) {
    if (i) put(w, ",", 1);
    put_span(w, faults[i].start, faults[i].end);
    put_z(w, ",\"fault\":");
    put_string(w, faults[i].name, strlen(faults[i].name));
    put_z(w, ",\"repair\":");
    if (faults[i].repair) put_string(w, faults[i].repair, strlen(faults[i].repair));
    else put_z(w, "null");
    put(w, "}", 1);
  }
  put(w, "]", 1);
}

/* Pushes "tags":[...],"faults":[...] of a document; at index 2 the labels that are wanted. */
void pst_push_json(lua_State *L, pst_set *set, const postil_doc *doc) {
  postil_pair pairs[PAIRS];
  writer w = {L, set, doc, postil_doc_text(doc, NULL), &set->scratch, pairs, 0, PAIRS};
  lua_settop(L, PAIRS_AT);
  set->scratch.n = 0;
  put_tags(&w);
  put_faults(&w);
  lua_pushlstring(L, set->scratch.at, set->scratch.n);
  if (set->scratch.cap > SCRATCH_MAX) pst_bytes_free(&set->scratch);
}
