/* quote.c - quotation marks to quotations; see quote.h.
 *
 * How it goes: the marks of a paragraph are found in its bytes, each with what stands on its two
 * sides; every role a mark could play gets a cost from that and from the direction its glyph has in
 * this document; the cheapest sequence of roles over a stack of open families is found left to
 * right (Viterbi); quotations and faults are then read off the roles.  Last comes what only
 * quotations make visible: dash dialogue and slips beside marks.
 *
 * The idea of a cheapest explanation is from parsing with error repair; left- and right-flanking
 * are words of CommonMark's emphasis rules.  All costs are tenths and integers, so that ties are
 * ties on every machine.
 */
#include "quote.h"

#include <utf8proc.h>


/* ---- code points and their classes ---- */

#define EDGE 0x110001u /* "no code point": a paragraph's edge */

/* What stands beside a mark: space or edge, word, closing and opening punctuation, dash or another
 * sign that may touch a mark from either side. */
typedef enum side { BLANK, WORD, POINT, OPENER, DASH } side;

static bool is_ignorable(uint32_t cp) {
  if (cp < 0xad) return false;
  return cp == 0xad || cp == 0x34f || cp == 0x61c || cp == 0x200c || cp == 0x200d || cp == 0x200e ||
         cp == 0x200f || (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x2064) ||
         (cp >= 0x2066 && cp <= 0x2069) || (cp >= 0xfe00 && cp <= 0xfe0f) || cp == 0xfeff;
}

static bool is_space(uint32_t cp) {
  if (cp < 0x80) return cp == ' ' || (cp >= '\t' && cp <= '\r');
  return cp == 0x85 || cp == 0xa0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200b) ||
         cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

static bool is_ascii_letter(uint32_t cp) { return (cp | 32) >= 'a' && (cp | 32) <= 'z'; }

static bool is_digit(uint32_t cp) { return cp >= '0' && cp <= '9'; }

static utf8proc_category_t category(uint32_t cp) {
  return cp < PST_ILL ? utf8proc_category((utf8proc_int32_t)cp) : UTF8PROC_CATEGORY_CN;
}

static bool is_letter(uint32_t cp) {
  if (cp < 0x80) return is_ascii_letter(cp);
  utf8proc_category_t c = category(cp);
  return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_ME;
}

static bool is_lower(uint32_t cp) {
  if (cp < 0x80) return cp >= 'a' && cp <= 'z';
  return category(cp) == UTF8PROC_CATEGORY_LL;
}

static bool is_upper(uint32_t cp) {
  if (cp < 0x80) return cp >= 'A' && cp <= 'Z';
  utf8proc_category_t c = category(cp);
  return c == UTF8PROC_CATEGORY_LU || c == UTF8PROC_CATEGORY_LT;
}

static bool is_dash(uint32_t cp) { return cp >= 0x2013 && cp <= 0x2015; }

/* Scripts that put no space beside a mark: Thai to Khmer, Han, kana, Hangul, wide forms. */
static bool is_unspaced(uint32_t cp) {
  return (cp >= 0xe00 && cp < 0x1200) || (cp >= 0x1780 && cp < 0x1800) ||
         (cp >= 0x2e80 && cp < 0xa000) || (cp >= 0xac00 && cp < 0xd800) ||
         (cp >= 0xf900 && cp < 0xfb00) || (cp >= 0xfe30 && cp < 0xfe50) ||
         (cp >= 0xff00 && cp < 0xfff0) || (cp >= 0x20000 && cp < 0x40000);
}

static side ascii_side(uint32_t cp) {
  switch (cp) {
  case '.': case ',': case ';': case ':': case '!': case '?': case ')': case ']': case '}':
    return POINT;
  case '(': case '[': case '{':
    return OPENER;
  case '-': case '/': case '\\': case '|': case '*': case '_': case '~': case '=': case '<':
  case '>': case '+': case '&':
    return DASH;
  default:
    return WORD;
  }
}

static side side_of(uint32_t cp) {
  if (cp == EDGE || is_space(cp)) return BLANK;
  if (cp < 0x80) return ascii_side(cp);
  switch (category(cp)) {
  case UTF8PROC_CATEGORY_PS:
    return OPENER;
  case UTF8PROC_CATEGORY_PE:
    return POINT;
  case UTF8PROC_CATEGORY_PD:
    return DASH;
  case UTF8PROC_CATEGORY_PO:
    if (cp == 0xa1 || cp == 0xbf) return OPENER;
    return cp == 0xa7 || cp == 0xb6 || cp == 0x2020 || cp == 0x2021 || cp == 0x2022 ? DASH : POINT;
  default:
    return WORD;
  }
}

/* ---- walking through a paragraph, holes left out ---- */

typedef struct reader {
  const char *s;
  size_t start, end;
  const pst_span *holes;
  size_t nholes;
} reader;

typedef struct cursor {
  size_t at, hole; /* hole: the first one that ends behind `at` */
} cursor;

static reader reader_of(const pst_quote_in *in) {
  size_t end = in->para.end < in->len ? in->para.end : in->len;
  size_t start = in->para.start < end ? in->para.start : end;
  reader rd = {in->text, start, end, in->holes, in->nholes};
  return rd;
}

static cursor cursor_at(const reader *rd, size_t at) {
  size_t lo = 0, hi = rd->nholes;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (rd->holes[mid].end > at) hi = mid;
    else lo = mid + 1;
  }
  cursor c = {at, lo};
  return c;
}

/* Out of a hole that `c` stands in or before. */
static void leave_hole(const reader *rd, cursor *c) {
  while (c->hole < rd->nholes && rd->holes[c->hole].start <= c->at) {
    if (rd->holes[c->hole].end > c->at) c->at = rd->holes[c->hole].end;
    c->hole++;
  }
  if (c->at > rd->end) c->at = rd->end;
}

static bool step(const reader *rd, cursor *c, uint32_t *cp) {
  leave_hole(rd, c);
  if (c->at >= rd->end) return false;
  c->at += pst_utf8_next(rd->s, rd->end, c->at, cp);
  return true;
}

static bool step_back(const reader *rd, cursor *c, uint32_t *cp) {
  while (c->hole > 0 && rd->holes[c->hole - 1].end >= c->at) {
    c->hole--;
    if (rd->holes[c->hole].start < c->at) c->at = rd->holes[c->hole].start;
  }
  if (c->at <= rd->start) return false;
  size_t n = pst_utf8_prev(rd->s, rd->end, c->at, cp);
  c->at = c->at - rd->start < n ? rd->start : c->at - n;
  return true;
}

/* The first code point after `at` that shows (EDGE when there is none); *gap tells of a zero width
 * space on the way, *where (may be NULL) is where it begins. */
static uint32_t see_after(const reader *rd, size_t at, bool *gap, size_t *where) {
  cursor c = cursor_at(rd, at);
  uint32_t cp;
  for (;;) {
    leave_hole(rd, &c);
    if (where) *where = c.at;
    if (!step(rd, &c, &cp)) return EDGE;
    if (cp == 0x200b) *gap = true;
    else if (!is_ignorable(cp)) return cp;
  }
}

/* The same to the left; *where is where it ends. */
static uint32_t see_before(const reader *rd, size_t at, bool *gap, size_t *where) {
  cursor c = cursor_at(rd, at);
  uint32_t cp;
  for (;;) {
    size_t end = c.at;
    if (!step_back(rd, &c, &cp)) return EDGE;
    if (where) *where = end;
    if (cp == 0x200b) *gap = true;
    else if (!is_ignorable(cp)) return cp;
  }
}

/* Past white space and what does not show: the next place with something to see, or the end. */
static size_t skip_space(const reader *rd, size_t at) {
  cursor c = cursor_at(rd, at);
  uint32_t cp;
  for (;;) {
    leave_hole(rd, &c);
    size_t here = c.at;
    if (!step(rd, &c, &cp)) return rd->end;
    if (!is_space(cp) && !is_ignorable(cp)) return here;
  }
}

/* Back over white space from `at`, not below `low`. */
static size_t trim_space(const reader *rd, size_t low, size_t at) {
  cursor c = cursor_at(rd, at);
  uint32_t cp;
  while (at > low) {
    if (!step_back(rd, &c, &cp) || !(is_space(cp) || is_ignorable(cp))) break;
    at = c.at;
  }
  return at > low ? at : low;
}

/* ---- glyphs ---- */

enum { STRAIGHT, CURLY, DOUBLED }; /* styles */
enum {
  G_STRAIGHT2, G_LEFT2, G_RIGHT2, G_LOW2, G_REVERSED2, G_WIDE2, G_GRAVE2, G_PAIR2,
  G_STRAIGHT1, G_LEFT1, G_RIGHT1, G_LOW1, G_REVERSED1, G_GRAVE1, G_ACUTE1, G_WIDE1,
  G_GUIL_L, G_GUIL_R, G_ANGLE_L, G_ANGLE_R, G_CORNER_L, G_CORNER_R, G_WHITE_L, G_WHITE_R,
  G_PRIME_L, G_PRIME_R, G_PRIME_LOW, G_COUNT
};
_Static_assert((int)G_COUNT == (int)PST_GLYPHS, "the frame keeps every glyph");

typedef struct glyph {
  const char *utf8;
  uint8_t family, style;
  char dir;   /* where no locale says otherwise */
  bool fixed; /* what the document does teaches nothing */
} glyph;

static const glyph glyphs[G_COUNT] = {
  {"\"", PST_FAM_DOUBLE, STRAIGHT, 'e', true},
  {"“", PST_FAM_DOUBLE, CURLY, 'o', false},
  {"”", PST_FAM_DOUBLE, CURLY, 'c', false},
  {"„", PST_FAM_DOUBLE, CURLY, 'o', false},
  {"‟", PST_FAM_DOUBLE, CURLY, 'o', false},
  {"＂", PST_FAM_DOUBLE, STRAIGHT, 'e', true},
  {"``", PST_FAM_DOUBLE, DOUBLED, 'o', true},
  {"''", PST_FAM_DOUBLE, DOUBLED, 'e', true},
  {"'", PST_FAM_SINGLE, STRAIGHT, 'e', true},
  {"‘", PST_FAM_SINGLE, CURLY, 'o', false},
  {"’", PST_FAM_SINGLE, CURLY, 'c', true}, /* apostrophes would swamp it */
  {"‚", PST_FAM_SINGLE, CURLY, 'o', false},
  {"‛", PST_FAM_SINGLE, CURLY, 'o', false},
  {"`", PST_FAM_SINGLE, DOUBLED, 'o', false},
  {"´", PST_FAM_SINGLE, STRAIGHT, 'c', false},
  {"＇", PST_FAM_SINGLE, STRAIGHT, 'e', true},
  {"«", PST_FAM_GUILLEMET, CURLY, 'o', false},
  {"»", PST_FAM_GUILLEMET, CURLY, 'c', false},
  {"‹", PST_FAM_ANGLE, CURLY, 'o', false},
  {"›", PST_FAM_ANGLE, CURLY, 'c', false},
  {"「", PST_FAM_CORNER, CURLY, 'o', true},
  {"」", PST_FAM_CORNER, CURLY, 'c', true},
  {"『", PST_FAM_WHITE_CORNER, CURLY, 'o', true},
  {"』", PST_FAM_WHITE_CORNER, CURLY, 'c', true},
  {"〝", PST_FAM_PRIME_QUOTE, CURLY, 'o', true},
  {"〞", PST_FAM_PRIME_QUOTE, CURLY, 'c', true},
  {"〟", PST_FAM_PRIME_QUOTE, CURLY, 'c', true},
};

/* The non-ASCII glyph at `at`, or -1; *n is its bytes. */
static int wide_glyph(const char *s, size_t end, size_t at, size_t *n) {
  const unsigned char *p = (const unsigned char *)s + at;
  size_t left = end - at;
  *n = 3;
  if (p[0] == 0xc2 && left > 1) {
    *n = 2;
    return p[1] == 0xab ? G_GUIL_L : p[1] == 0xbb ? G_GUIL_R : p[1] == 0xb4 ? G_ACUTE1 : -1;
  }
  if (left < 3) return -1;
  if (p[0] == 0xe2 && p[1] == 0x80) {
    static const int8_t curly[] = {G_LEFT1, G_RIGHT1, G_LOW1, G_REVERSED1,
                                   G_LEFT2, G_RIGHT2, G_LOW2, G_REVERSED2};
    if (p[2] >= 0x98 && p[2] <= 0x9f) return curly[p[2] - 0x98];
    return p[2] == 0xb9 ? G_ANGLE_L : p[2] == 0xba ? G_ANGLE_R : -1;
  }
  if (p[0] == 0xe3 && p[1] == 0x80) {
    if (p[2] >= 0x8c && p[2] <= 0x8f) return G_CORNER_L + (p[2] - 0x8c);
    return p[2] >= 0x9d && p[2] <= 0x9f ? G_PRIME_L + (p[2] - 0x9d) : -1;
  }
  if (p[0] == 0xef && p[1] == 0xbc) return p[2] == 0x82 ? G_WIDE2 : p[2] == 0x87 ? G_WIDE1 : -1;
  if (p[0] == 0xef && p[1] == 0xbd)
    return p[2] == 0xa2 ? G_CORNER_L : p[2] == 0xa3 ? G_CORNER_R : -1;
  return -1;
}

/* Which glyph a run of straight single marks at `at` begins with: '' is one double mark, unless it
 * stands alone between spaces; of three, the double one is outside. */
static int single_run(const reader *rd, size_t at, size_t limit, size_t *n) {
  size_t run = 1;
  while (run < 4 && at + run < limit && rd->s[at + run] == '\'') run++;
  *n = 1;
  if (run == 1) return G_STRAIGHT1;
  bool gap = false;
  uint32_t left = see_before(rd, at, &gap, NULL);
  if (run == 3 && left != '\'') {
    side l = side_of(left);
    if (l == WORD || l == POINT) return G_STRAIGHT1;
  }
  if (run == 2 && left != EDGE && side_of(left) == BLANK) {
    uint32_t right = see_after(rd, at + 2, &gap, NULL);
    if (right != EDGE && side_of(right) == BLANK) return G_STRAIGHT1;
  }
  *n = 2;
  return G_PAIR2;
}

#define EACH(byte) (UINT64_MAX / 255u * (byte))

/* Not 0 if and only if one of eight bytes is zero. */
static inline uint64_t zeros(uint64_t w) { return (w - EACH(1u)) & ~w & EACH(0x80u); }

static bool may_begin_mark(unsigned char b) {
  return b == '"' || b == '\'' || b == '`' || b == 0xc2 || b == 0xe2 || b == 0xe3 || b == 0xef;
}

/* The next byte that may begin a mark, or `limit`. */
static size_t skip_unmarked(const char *s, size_t at, size_t limit) {
  while (at < limit) {
    size_t stop = limit - at < 8 ? limit : at + 8;
    if (limit - at >= 8) {
      uint64_t w;
      memcpy(&w, s + at, 8);
      if (!((w & EACH(0x80u)) | zeros(w ^ EACH((unsigned)'"')) | zeros(w ^ EACH((unsigned)'\'')) |
            zeros(w ^ EACH((unsigned)'`'))))
        at = stop;
    }
    for (; at < stop; at++)
      if (may_begin_mark((unsigned char)s[at])) return at;
  }
  return limit;
}

/* Finds the next mark at or after c->at and leaves `c` behind it; -1 when there is none. */
static int next_glyph(const reader *rd, cursor *c, pst_span *at) {
  for (;;) {
    leave_hole(rd, c);
    size_t limit = c->hole < rd->nholes && rd->holes[c->hole].start < rd->end
                     ? rd->holes[c->hole].start : rd->end;
    for (;;) {
      c->at = skip_unmarked(rd->s, c->at, limit);
      if (c->at >= limit) break;
      size_t n = 1;
      unsigned char b = (unsigned char)rd->s[c->at];
      int g = -1;
      if (b == '"') g = G_STRAIGHT2;
      else if (b == '\'') g = single_run(rd, c->at, limit, &n);
      else if (b == '`') {
        while (c->at + n < limit && rd->s[c->at + n] == '`') n++;
        g = n == 1 ? G_GRAVE1 : n == 2 ? G_GRAVE2 : -1; /* three and more fence code */
      } else {
        g = wide_glyph(rd->s, limit, c->at, &n);
        if (g < 0) n = 1;
      }
      at->start = c->at;
      c->at += n;
      at->end = c->at;
      if (g >= 0) return g;
    }
    if (c->at >= rd->end) return -1;
  }
}

/* ---- the frame: which way a glyph points in this document ---- */

static bool flanks_left(side l, side r) {
  return (l == BLANK || l == OPENER || l == DASH) && r != BLANK && r != POINT;
}

static bool flanks_right(side l, side r) {
  return (l == WORD || l == POINT) && (r == BLANK || r == POINT || r == DASH);
}

/* True when the paragraph begins with a dash; *after is where what follows it begins. */
static bool begins_with_dash(const reader *rd, size_t *after) {
  size_t at = skip_space(rd, rd->start);
  if (at >= rd->end) return false;
  uint32_t cp;
  size_t n = pst_utf8_next(rd->s, rd->end, at, &cp);
  *after = skip_space(rd, at + n);
  return is_dash(cp) && *after < rd->end;
}

static void add(uint32_t *sum, int sign) {
  if (sign > 0) *sum += 1;
  else if (*sum > 0) *sum -= 1;
}

void pst_quote_count(pst_quote_sums *sums, const char *text, size_t len, pst_span para, int sign) {
  pst_quote_in in = {.text = text, .len = len, .para = para};
  reader rd = reader_of(&in);
  size_t after;
  if (begins_with_dash(&rd, &after)) add(&sums->dash_paras, sign);
  cursor c = cursor_at(&rd, rd.start);
  pst_span at;
  int g = next_glyph(&rd, &c, &at);
  while (g >= 0) { /* a run of marks that touch each other has one left and one right side */
    bool gap = false;
    cursor run = cursor_at(&rd, at.start);
    size_t end = at.end;
    side l = side_of(see_before(&rd, at.start, &gap, NULL));
    while ((g = next_glyph(&rd, &c, &at)) >= 0 && at.start == end) end = at.end;
    side r = side_of(see_after(&rd, end, &gap, NULL));
    pst_span one;
    int each;
    while (run.at < end && (each = next_glyph(&rd, &run, &one)) >= 0 && one.start < end) {
      if (flanks_left(l, r)) add(&sums->left[each], sign);
      if (flanks_right(l, r)) add(&sums->right[each], sign);
    }
  }
}

static char to_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '_' ? '-' : c; }

/* Which marks a language uses.  The facts stand in quote_locales.tsv; they are only a prior: what a
 * document does outweighs them soon (pst_quote_decide). */
enum { LOCALE_SPACED = 1, LOCALE_DASH = 2 };
typedef struct quote_locale {
  const char *name;
  const char *outer[2], *inner[2]; /* opening, closing */
  unsigned flags;
} quote_locale;

static const quote_locale locales[] = {
#include "quote_locales.inc"
};

/* The row for "pt-PT", else the one for its language, or NULL. */
static const quote_locale *seek_locale(const char *name) {
  const quote_locale *best = NULL;
  size_t most = 0;
  for (size_t i = 0; i < PST_COUNT(locales); i++) {
    const char *row = locales[i].name;
    size_t n = 0;
    while (row[n] && to_lower(name[n]) == row[n]) n++;
    if (row[n] || n <= most) continue;
    char next = to_lower(name[n]);
    if (next && next != '-' && next != '.' && next != '@') continue;
    best = &locales[i];
    most = n;
  }
  return best;
}

/* The same, English if there is none. */
static const quote_locale *find_locale(const char *name) {
  const quote_locale *row = name ? seek_locale(name) : NULL;
  return row ? row : &locales[0];
}

bool pst_quote_knows(const char *locale) { return seek_locale(locale) != NULL; }

const char *pst_quote_locale(size_t i) { return i < PST_COUNT(locales) ? locales[i].name : NULL; }

/* What the locale says of a glyph: bit 1 it opens, bit 2 it closes. */
static unsigned locale_use(const quote_locale *loc, int g) {
  const char *u = glyphs[g].utf8;
  unsigned use = 0;
  if (strcmp(u, loc->outer[0]) == 0 || strcmp(u, loc->inner[0]) == 0) use |= 1;
  if (strcmp(u, loc->outer[1]) == 0 || strcmp(u, loc->inner[1]) == 0) use |= 2;
  return use;
}

void pst_quote_decide(pst_quote_frame *frame, const pst_quote_sums *sums, const char *locale) {
  enum { PRIOR = 15, USE = 10, LEAST_DASHES = 2, MANY_DASHES = 8 };
  const quote_locale *loc = find_locale(locale);
  for (int g = 0; g < G_COUNT; g++) {
    unsigned use = locale_use(loc, g);
    if (glyphs[g].fixed) {
      frame->dir[g] = g == G_RIGHT1 && (use & 1) ? 'e' : glyphs[g].dir;
      continue;
    }
    if (!use) use = glyphs[g].dir == 'o' ? 1 : 2;
    uint64_t opens = (use & 1 ? PRIOR : 0) + (uint64_t)USE * sums->left[g];
    uint64_t closes = (use & 2 ? PRIOR : 0) + (uint64_t)USE * sums->right[g];
    frame->dir[g] = opens > 2 * closes ? 'o' : closes > 2 * opens ? 'c' : 'e';
  }
  uint64_t opened = 0;
  for (int g = 0; g < G_COUNT; g++) opened += sums->left[g];
  frame->dash = sums->dash_paras >= LEAST_DASHES &&
                (loc->flags & LOCALE_DASH ||
                 (sums->dash_paras >= MANY_DASHES && sums->dash_paras > opened));
}

/* The mark that opens or closes a family here, for repairs. */
static const char *mate(const pst_quote_in *in, int family, int style, bool opens) {
  const quote_locale *loc = find_locale(in->locale);
  if (family == PST_FAM_DOUBLE && style == STRAIGHT) return "\"";
  if (family == PST_FAM_DOUBLE && style == DOUBLED) return opens ? "``" : "''";
  if (family == PST_FAM_SINGLE && style != CURLY) return opens && style == DOUBLED ? "`" : "'";
  const char *const *pairs[] = {loc->outer, loc->inner};
  for (size_t p = 0; p < PST_COUNT(pairs); p++)
    for (int g = 0; g < G_COUNT; g++)
      if (glyphs[g].family == family && strcmp(glyphs[g].utf8, pairs[p][0]) == 0)
        return pairs[p][opens ? 0 : 1];
  for (int g = 0; g < G_COUNT; g++)
    if (glyphs[g].family == family && glyphs[g].style == CURLY &&
        in->frame->dir[g] == (opens ? 'o' : 'c'))
      return glyphs[g].utf8;
  for (int g = 0; g < G_COUNT; g++)
    if (glyphs[g].family == family && glyphs[g].style == CURLY &&
        glyphs[g].dir == (opens ? 'o' : 'c'))
      return glyphs[g].utf8;
  return NULL;
}


/* The same with the no-break space that the language puts inside, for a mark that is missing. */
static const char *whole_mate(const pst_quote_in *in, int family, int style, bool opens) {
  if (family == PST_FAM_GUILLEMET && find_locale(in->locale)->flags & LOCALE_SPACED)
    return opens ? "«\xc2\xa0" : "\xc2\xa0»";
  return mate(in, family, style, opens);
}

/* ---- marks and what each role would cost them ---- */

enum { NEVER = 255 }; /* a role that a mark cannot play */
enum {                /* costs in tenths */
  OPEN_SPACED = 7, OPEN_POINT = 8, OPEN_AFTER_POINT = 8, OPEN_AFTER_WORD = 15, OPEN_LAST = 30,
  CLOSE_SPACED = 7, CLOSE_WORD = 12, CLOSE_LOOSE = 30, WRONG_WAY = 15,
  SINGLE = 1, SINGLE_RIGHT_OPENS = 8, SINGLE_IN_WORD = 40, SINGLE_ELIDES = 6,
  ELISION = 1, WRONG_GLYPH = 5, AFTER_S_MORE = 6, AFTER_S = 10, AFTER_N = 6, AFTER_WORD = 16,
  AFTER_DIGIT = 5, BEFORE_WORD = 20, LONE = 30, PRIME = 6,
  STRAY = 25, NO_OPEN = 20, NO_OPEN_WORD = 4, NESTED_SAME = 20, UNUSUAL = 2, MIXED = 3,
  NO_CLOSE = 22, NO_CLOSE_SINGLE = 26, GOES_ON = 2
};
enum { MAX_DEPTH = 3 };

typedef enum role { AS_STRAY, AS_OPEN, AS_CLOSE, AS_NO_OPEN, AS_APOSTROPHE, AS_PRIME,
                    AS_REOPEN } role;

/* Flags of a mark. */
enum { GAP_LEFT = 1, GAP_RIGHT = 2, FREE_LEFT = 4, FREE_RIGHT = 8, DOTS_RIGHT = 16,
       ELIDES = 32, INCHES = 64, MARK_LEFT = 128, /* a mark of another family, then one space */
       TOUCH_LEFT = 256, TOUCH_RIGHT = 512 }; /* a mark, and nothing between */

typedef struct mark {
  size_t start, end;
  uint32_t lcp, rcp; /* what shows beside it, EDGE at the paragraph's ends */
  uint8_t glyph, l, r; /* sides, seen past marks that touch this one */
  uint16_t flags;
  uint8_t open, close, apostrophe, prime, role;
} mark;

typedef struct node {
  uint64_t score; /* cost in the upper half, faults in the lower: ties go to fewer faults */
  uint32_t prev;
  uint16_t stack; /* open families, five bits each, outermost highest */
  uint8_t role;
} node;

typedef struct edge { /* for the margin to the next reading */
  uint32_t from, to, mark;
  uint16_t cost;
  uint8_t role;
} edge;

typedef struct work {
  const pst_quote_in *in;
  const postil_mem *mem;
  pst_quote_out *out;
  reader rd;
  PST_VEC(mark) mark;
  PST_VEC(node) node;
  PST_VEC(edge) edge;
  bool crowded; /* a full front let a state go */
} work;

#define FAULT(kind) (1u << PST_FAULT_##kind)

/* Words that are written with an apostrophe in front.  The last row is dialect; those are common
 * words without it ('is), so only a right mark, which cannot open, makes them elisions. */
static bool is_elision(const char *word, size_t n, bool dialect) {
  static const char words[] =
    " tis twas twere twill twould twont tisnt em cause til till n round bout cept neath cos cuz "
    "coz gainst mongst nother nuff scuse tween twixt kay spect course tude ";
  static const char more[] =
    " e s is im er ee un ave as ad ow oo ome ere ead ell alf and ard appy ouse orse eard ";
  if (n == 0 || n > 8) return false;
  char look[12];
  look[0] = ' ';
  for (size_t i = 0; i < n; i++) look[i + 1] = to_lower(word[i]);
  look[n + 1] = ' ';
  look[n + 2] = '\0';
  return strstr(words, look) != NULL || (dialect && strstr(more, look) != NULL);
}

/* True when a word that may lose its first letters, or two digits of a year, begin at `at`. */
static bool elides(const reader *rd, size_t at, bool dialect) {
  size_t n = 0;
  while (at + n < rd->end && n < 10 && (is_ascii_letter((unsigned char)rd->s[at + n]) ||
                                        is_digit((unsigned char)rd->s[at + n]))) n++;
  if (at + n < rd->end && (unsigned char)rd->s[at + n] >= 0xc2) {
    uint32_t cp;
    pst_utf8_next(rd->s, rd->end, at + n, &cp);
    if (is_letter(cp)) return false;
  }
  if (n >= 2 && is_digit((unsigned char)rd->s[at]) && is_digit((unsigned char)rd->s[at + 1]))
    return n == 2 || (n == 3 && rd->s[at + 2] == 's');
  return is_elision(rd->s + at, n, dialect);
}

/* The sides of a mark, and what is special about them. */
static void look_around(const reader *rd, mark *m, const mark *before) {
  bool gap = false;
  size_t where;
  m->lcp = see_before(rd, m->start, &gap, &where);
  m->l = before && before->end == where ? before->l : (uint8_t)side_of(m->lcp);
  if (before && before->end == where)
    m->flags |= (uint16_t)(TOUCH_LEFT | (before->flags & (GAP_LEFT | FREE_LEFT)));
  else if (m->lcp != EDGE && is_unspaced(m->lcp)) m->flags |= FREE_LEFT;
  if (gap) m->flags |= GAP_LEFT;
  gap = false;
  m->rcp = see_after(rd, m->end, &gap, &where);
  m->r = (uint8_t)side_of(m->rcp);
  if (gap) m->flags |= GAP_RIGHT;
  if (m->rcp != EDGE && is_unspaced(m->rcp)) m->flags |= FREE_RIGHT;
  if (m->rcp == 0x2026 || (m->rcp == '.' && where + 1 < rd->end && rd->s[where + 1] == '.'))
    m->flags |= DOTS_RIGHT;
  if (glyphs[m->glyph].family == PST_FAM_SINGLE && m->rcp != EDGE &&
      elides(rd, where, m->glyph == G_RIGHT1))
    m->flags |= ELIDES;
  if (before && is_space(m->lcp) && glyphs[before->glyph].family != glyphs[m->glyph].family) {
    cursor c = cursor_at(rd, before->end);
    uint32_t cp;
    if (step(rd, &c, &cp) && c.at == m->start) m->flags |= MARK_LEFT;
  }
  if (before && is_digit(m->lcp) && before->end < m->start && m->start - before->end <= 2 &&
      glyphs[before->glyph].family == PST_FAM_SINGLE && is_digit(before->lcp))
    m->flags |= INCHES;
}

/* Does a word follow after white space?  Only asked when a space comes next. */
static bool word_follows(const reader *rd, const mark *m) {
  size_t at = skip_space(rd, m->end);
  uint32_t cp;
  if (at >= rd->end) return false;
  pst_utf8_next(rd->s, rd->end, at, &cp);
  return side_of(cp) == WORD;
}

/* Families whose marks may have spaces inside. */
static bool is_airy(int family) { return family == PST_FAM_GUILLEMET || family == PST_FAM_ANGLE; }

/* A letter that an apostrophe may stand beside. */
static bool is_spelt(uint32_t cp) { return is_letter(cp) && !is_unspaced(cp); }

static unsigned single_cost(const mark *m, bool opens) {
  if (glyphs[m->glyph].family != PST_FAM_SINGLE) return 0;
  unsigned cost = SINGLE;
  if (is_spelt(m->lcp) && is_spelt(m->rcp)) cost += SINGLE_IN_WORD;
  if (opens && m->glyph == G_RIGHT1) cost += SINGLE_RIGHT_OPENS;
  if (opens && m->flags & ELIDES) cost += SINGLE_ELIDES;
  return cost;
}

/* What opening with the mark costs; *faults are what a writer could mend. */
static unsigned open_cost(const mark *m, char dir, unsigned *faults) {
  side l = m->flags & GAP_LEFT ? BLANK : m->flags & FREE_LEFT && m->l != BLANK ? DASH : (side)m->l;
  side r = m->flags & FREE_RIGHT && m->r != BLANK ? WORD : (side)m->r;
  unsigned cost = single_cost(m, true);
  bool airy = is_airy(glyphs[m->glyph].family);
  *faults = 0;
  if (l == WORD || l == POINT) *faults |= FAULT(MISSING_SPACE);
  if (r == BLANK && !airy) *faults |= FAULT(SPACE_AFTER_OPEN);
  if (m->rcp == EDGE || (r == BLANK && (l == WORD || l == POINT))) cost += OPEN_LAST;
  else {
    if (l == POINT) cost += OPEN_AFTER_POINT;
    if (l == WORD) cost += OPEN_AFTER_WORD;
    if (r == BLANK && !airy) cost += OPEN_SPACED;
    if (r == POINT && !(m->flags & DOTS_RIGHT)) cost += OPEN_POINT;
  }
  if (dir == 'c') {
    cost += WRONG_WAY;
    *faults |= FAULT(WRONG_DIRECTION);
  }
  return cost;
}

static unsigned close_cost(const mark *m, char dir, unsigned *faults) {
  side l = (side)m->l;
  side r = m->flags & GAP_RIGHT                     ? BLANK
           : m->flags & FREE_RIGHT && m->r != BLANK ? DASH
                                                    : (side)m->r;
  unsigned cost = single_cost(m, false);
  bool airy = is_airy(glyphs[m->glyph].family);
  *faults = 0;
  if (l == OPENER || m->lcp == EDGE) cost += CLOSE_LOOSE;
  else if (l == BLANK && !airy && !(m->flags & MARK_LEFT && (r == BLANK || r == POINT))) {
    cost += r == WORD || r == OPENER ? CLOSE_LOOSE : CLOSE_SPACED;
    *faults |= FAULT(SPACE_BEFORE_CLOSE);
  }
  if (r == WORD && (l != BLANK || airy)) {
    cost += CLOSE_WORD;
    *faults |= FAULT(MISSING_SPACE);
  }
  if (dir == 'o') {
    cost += WRONG_WAY;
    *faults |= FAULT(WRONG_DIRECTION);
  }
  return cost;
}

/* What it costs to take a single mark for an apostrophe. */
static unsigned apostrophe_cost(const reader *rd, const mark *m) {
  bool letter = is_spelt(m->lcp), digit = is_digit(m->lcp);
  bool before_word = is_spelt(m->rcp) || is_digit(m->rcp);
  unsigned odd = m->glyph == G_LEFT1 ? WRONG_GLYPH : 0;
  if ((letter || digit) && before_word) return odd;
  if (m->flags & ELIDES && !letter && !digit) return odd ? odd : ELISION;
  if (digit) return AFTER_DIGIT + odd;
  if (before_word) return odd ? NEVER : BEFORE_WORD;
  if (!letter) return LONE;
  uint32_t last = m->lcp | 32;
  if (last == 's' || last == 'x' || last == 'z')
    return (m->r == BLANK && word_follows(rd, m) ? AFTER_S_MORE : AFTER_S) + odd;
  return (last == 'n' ? AFTER_N : AFTER_WORD) + odd;
}

static void price(const work *w, mark *m) {
  unsigned faults;
  char dir = w->in->frame->dir[m->glyph];
  m->open = (uint8_t)open_cost(m, dir, &faults);
  m->close = (uint8_t)close_cost(m, dir, &faults);
  m->apostrophe = m->prime = NEVER;
  if (glyphs[m->glyph].family == PST_FAM_SINGLE)
    m->apostrophe = (uint8_t)apostrophe_cost(&w->rd, m);
  bool straight = m->glyph == G_STRAIGHT2 || m->glyph == G_WIDE2 || m->glyph == G_PAIR2;
  if (is_digit(m->lcp) && (straight || (m->glyph == G_RIGHT2 && m->flags & INCHES)))
    m->prime = PRIME;
}

/* Fills w->mark; false when memory runs out. */
static bool find_marks(work *w) {
  cursor c = cursor_at(&w->rd, w->rd.start);
  pst_span at;
  int g;
  while ((g = next_glyph(&w->rd, &c, &at)) >= 0) {
    mark m = {.start = at.start, .end = at.end, .glyph = (uint8_t)g};
    size_t n = w->mark.n;
    if (n == UINT32_MAX / 64) break;
    look_around(&w->rd, &m, n ? &w->mark.at[n - 1] : NULL);
    if (!PST_PUSH(w->mem, &w->mark, m)) return false;
  }
  for (size_t i = w->mark.n; i-- > 0;) { /* marks that touch share their right side */
    mark *m = &w->mark.at[i], *next = m + 1;
    bool gap = false;
    size_t where;
    if (i + 1 < w->mark.n) {
      see_after(&w->rd, m->end, &gap, &where);
      if (where == next->start) {
        m->r = next->r;
        m->flags |= (uint16_t)(TOUCH_RIGHT | (next->flags & (GAP_RIGHT | FREE_RIGHT | DOTS_RIGHT)));
      }
    }
    price(w, m);
  }
  return true;
}

pst_family pst_quote_first(const char *text, size_t len, pst_span para) {
  pst_quote_in in = {.text = text, .len = len, .para = para};
  reader rd = reader_of(&in);
  size_t at = skip_space(&rd, rd.start);
  cursor c = cursor_at(&rd, at);
  reader head = rd;
  head.end = rd.end - at > 4 ? at + 4 : rd.end;
  pst_span found;
  int g = next_glyph(&head, &c, &found);
  if (g < 0 || found.start != at || g == G_RIGHT1) return PST_FAM_NONE;
  if (glyphs[g].family == PST_FAM_SINGLE && elides(&rd, found.end, false)) return PST_FAM_NONE;
  return (pst_family)glyphs[g].family;
}

/* ---- the cheapest reading ---- */

enum { BEAM = 16, LEVEL_BITS = 5, LEVEL = 31, MARGIN_MARKS = 256 };

/* A level of the stack is a family and a style. */
static unsigned family_of(unsigned level) { return level >> 2; }

static unsigned level_of(const mark *m) {
  return (unsigned)glyphs[m->glyph].family << 2 | glyphs[m->glyph].style;
}

static unsigned depth_of(uint16_t stack) {
  unsigned n = 0;
  for (; stack; stack = (uint16_t)(stack >> LEVEL_BITS)) n++;
  return n;
}

static unsigned lost_close(unsigned level) {
  return family_of(level) == PST_FAM_SINGLE ? NO_CLOSE_SINGLE : NO_CLOSE;
}

/* Marks of two styles close each other badly; ` and ' are a pair. */
static bool mixes(unsigned a, unsigned b) {
  return a != b && !(family_of(a) == PST_FAM_SINGLE && (a & 3) != CURLY && (b & 3) != CURLY);
}

/* Cost of opening inside what is open; NEVER when it may not. */
static unsigned nest_cost(uint16_t stack, const mark *m) {
  unsigned family = glyphs[m->glyph].family, same = 0;
  if (!stack) return 0;
  if (depth_of(stack) >= MAX_DEPTH) return NEVER;
  for (uint16_t s = stack; s; s = (uint16_t)(s >> LEVEL_BITS))
    same += family_of(s & LEVEL) == family;
  if (same > 1) return NEVER;
  if (same) return NESTED_SAME;
  unsigned top = family_of(stack & LEVEL);
  bool usual = (top == PST_FAM_DOUBLE && family == PST_FAM_SINGLE) ||
               (top == PST_FAM_SINGLE && family == PST_FAM_DOUBLE) ||
               (top == PST_FAM_CORNER && family == PST_FAM_WHITE_CORNER) || is_airy((int)top) ||
               is_airy((int)family);
  return usual ? 0 : UNUSUAL;
}

/* Takes the innermost open quotation of the mark's family off the stack, with all inside it; what
 * that costs, or NEVER. */
static unsigned pop_cost(uint16_t *stack, const mark *m) {
  unsigned cost = 0, want = glyphs[m->glyph].family;
  for (uint16_t s = *stack; s; s = (uint16_t)(s >> LEVEL_BITS)) {
    unsigned level = s & LEVEL;
    if (family_of(level) == want) {
      *stack = (uint16_t)(s >> LEVEL_BITS);
      return cost + (mixes(level, level_of(m)) ? MIXED : 0);
    }
    cost += lost_close(level);
  }
  return NEVER;
}

typedef struct front { /* the live states behind one mark: nodes [first, first + n) */
  size_t first, n;
} front;

/* Puts a state into the next front, or improves it there.  A full front lets its worst go. */
static bool offer(work *w, front *next, node cand, uint32_t *to) {
  size_t worst = next->first;
  for (size_t i = next->first; i < next->first + next->n; i++) {
    node *have = &w->node.at[i];
    if (have->stack == cand.stack) {
      *to = (uint32_t)i;
      if (cand.score < have->score) *have = cand;
      return true;
    }
    if (have->score > w->node.at[worst].score) worst = i;
  }
  *to = UINT32_MAX;
  if (next->n == BEAM) {
    w->crowded = true;
    if (cand.score >= w->node.at[worst].score) return true;
    w->node.at[worst] = cand;
    return true;
  }
  *to = (uint32_t)w->node.n;
  next->n++;
  return PST_PUSH(w->mem, &w->node, cand);
}

typedef struct move {
  size_t mark;
  uint32_t from;
  front *next;
} move;

static bool take(work *w, const move *mv, role as, uint16_t stack, unsigned cost) {
  const node *from = &w->node.at[mv->from];
  node cand = {from->score + ((uint64_t)cost << 32) + (cost > SINGLE), mv->from, stack,
               (uint8_t)as};
  uint32_t to;
  if (!offer(w, mv->next, cand, &to)) return false;
  if (w->mark.n > MARGIN_MARKS || to == UINT32_MAX) return true;
  edge e = {mv->from, to, (uint32_t)mv->mark, (uint16_t)cost, (uint8_t)as};
  return PST_PUSH(w->mem, &w->edge, e);
}

/* All roles of one mark from one state. */
static bool branch(work *w, const move *mv) {
  const mark *m = &w->mark.at[mv->mark];
  const uint16_t stack = w->node.at[mv->from].stack;
  uint16_t popped = stack;
  unsigned pop = pop_cost(&popped, m), nest = nest_cost(stack, m);
  if (pop != NEVER && !take(w, mv, AS_CLOSE, popped, pop + m->close)) return false;
  if (nest != NEVER) {
    uint16_t pushed = (uint16_t)((unsigned)stack << LEVEL_BITS | level_of(m));
    if (!take(w, mv, AS_OPEN, pushed, nest + m->open)) return false;
  }
  if (m->apostrophe != NEVER && !take(w, mv, AS_APOSTROPHE, stack, m->apostrophe)) return false;
  if (m->prime != NEVER && !take(w, mv, AS_PRIME, stack, m->prime)) return false;
  if (!stack && glyphs[m->glyph].family != PST_FAM_SINGLE) {
    unsigned lone = NO_OPEN + (m->l == POINT ? 0u : NO_OPEN_WORD);
    if (!take(w, mv, AS_NO_OPEN, 0, lone + m->close)) return false;
  }
  return take(w, mv, AS_STRAY, stack, STRAY);
}

/* What the open families of a state cost at the paragraph's end. */
static unsigned end_cost(const pst_quote_in *in, uint16_t stack) {
  unsigned cost = 0;
  for (uint16_t s = stack; s; s = (uint16_t)(s >> LEVEL_BITS)) {
    unsigned level = s & LEVEL;
    bool outermost = s >> LEVEL_BITS == 0;
    cost +=
        outermost && in->next_open == (pst_family)family_of(level) ? GOES_ON : lost_close(level);
  }
  return cost;
}

/* True when the first mark stands at the paragraph's start and takes up what was left open. */
static bool reopens(const work *w) {
  const mark *m = w->mark.at;
  return w->in->open != PST_FAM_NONE && w->mark.n > 0 && m->lcp == EDGE &&
         glyphs[m->glyph].family == w->in->open;
}

/* Runs over all marks; *last is the front behind the last one. */
static bool search(work *w, front *last) {
  node start = {0, UINT32_MAX, 0, AS_STRAY};
  size_t i = 0;
  if (!PST_PUSH(w->mem, &w->node, start)) return false;
  *last = (front){0, 1};
  if (reopens(w)) {
    node again = {0, 0, (uint16_t)level_of(w->mark.at), AS_REOPEN};
    if (!PST_PUSH(w->mem, &w->node, again)) return false;
    *last = (front){1, 1};
    i = 1;
  }
  for (; i < w->mark.n; i++) {
    front next = {w->node.n, 0};
    for (size_t k = 0; k < last->n; k++) {
      move mv = {i, (uint32_t)(last->first + k), &next};
      if (!branch(w, &mv)) return false;
    }
    *last = next;
  }
  return true;
}

/* Writes the chosen role into every mark; the end's node. */
static uint32_t choose(work *w, const front *last) {
  uint32_t best = (uint32_t)last->first;
  uint64_t least = UINT64_MAX;
  for (size_t k = 0; k < last->n; k++) {
    const node *n = &w->node.at[last->first + k];
    uint64_t score = n->score + ((uint64_t)end_cost(w->in, n->stack) << 32) + depth_of(n->stack);
    if (score >= least) continue;
    least = score;
    best = (uint32_t)(last->first + k);
  }
  w->out->cost = (uint32_t)(least >> 32);
  uint32_t at = best;
  for (size_t i = w->mark.n; i-- > 0; at = w->node.at[at].prev)
    w->mark.at[i].role = w->node.at[at].role;
  return best;
}

/* For every mark, how much dearer the best reading is that gives it another role, at most `most`;
 * written into `margin` (one for each mark).  `beta` has one place for each node. */
static void margins(const work *w, const front *last, uint32_t *beta, uint32_t *margin) {
  const uint32_t far = UINT32_MAX / 4;
  for (size_t i = 0; i < w->node.n; i++) beta[i] = far;
  for (size_t k = 0; k < last->n; k++)
    beta[last->first + k] = end_cost(w->in, w->node.at[last->first + k].stack);
  for (size_t i = 0; i < w->mark.n; i++) margin[i] = far;
  for (size_t i = w->edge.n; i-- > 0;) {
    const edge *e = &w->edge.at[i];
    uint32_t rest = e->cost + beta[e->to];
    if (rest < beta[e->from]) beta[e->from] = rest;
    if (e->role == w->mark.at[e->mark].role) continue;
    uint32_t all = (uint32_t)(w->node.at[e->from].score >> 32) + rest - w->out->cost;
    if (all < margin[e->mark]) margin[e->mark] = all;
  }
}

/* ---- from roles to quotations and faults ---- */

static bool say(work *w, size_t start, size_t end, pst_fault_kind kind, const char *repair,
                bool safe) {
  pst_fault f = {start, end, kind, repair, safe};
  return PST_PUSH(w->mem, &w->out->fault, f);
}

/* The faults of one mark that opens or closes.  Of marks that touch, only the one beside a space
 * (or without one) has the fault. */
static bool say_bits(work *w, const mark *m, unsigned bits, bool opens) {
  if (!bits) return true;
  const char *right = mate(w->in, glyphs[m->glyph].family, glyphs[m->glyph].style, opens);
  bool straight = glyphs[m->glyph].style == STRAIGHT;
  size_t edge_at = opens ? m->start : m->end;
  if (m->flags & (opens ? TOUCH_LEFT : TOUCH_RIGHT)) bits &= ~FAULT(MISSING_SPACE);
  if (m->flags & TOUCH_RIGHT) bits &= ~FAULT(SPACE_AFTER_OPEN);
  if (m->flags & TOUCH_LEFT) bits &= ~FAULT(SPACE_BEFORE_CLOSE);
  if (bits & FAULT(MISSING_SPACE) &&
      !say(w, edge_at, edge_at, PST_FAULT_MISSING_SPACE, " ", !straight)) return false;
  if (bits & FAULT(WRONG_DIRECTION) &&
      !say(w, m->start, m->end, PST_FAULT_WRONG_DIRECTION, right, right != NULL)) return false;
  if (bits & FAULT(SPACE_AFTER_OPEN) &&
      !say(w, m->end, skip_space(&w->rd, m->end), PST_FAULT_SPACE_AFTER_OPEN, "", true))
    return false;
  if (bits & FAULT(SPACE_BEFORE_CLOSE) &&
      !say(w, trim_space(&w->rd, w->rd.start, m->start), m->start, PST_FAULT_SPACE_BEFORE_CLOSE, "",
           true)) return false;
  return true;
}

static uint8_t add_cost(unsigned have, unsigned more) {
  return (uint8_t)(have + more > 255 ? 255 : have + more);
}

/* The last cue that ends at or before `at`; in->ncues when there is none. */
static size_t cue_before(const pst_quote_in *in, size_t at) {
  size_t lo = 0, hi = in->ncues;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (in->cues[mid].end <= at) lo = mid + 1;
    else hi = mid;
  }
  return lo ? lo - 1 : in->ncues;
}

/* The first cue that starts at or after `at`; in->ncues when there is none. */
static size_t cue_from(const pst_quote_in *in, size_t at) {
  size_t lo = 0, hi = in->ncues;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (in->cues[mid].start >= at) hi = mid;
    else lo = mid + 1;
  }
  return lo;
}

/* The last sentence end at or before `at` (the paragraph's start when there is none), and the first
 * one behind it (its end). */
static pst_span sentence_at(const pst_quote_in *in, size_t at) {
  size_t lo = 0, hi = in->nstops;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (in->stops[mid] <= at) lo = mid + 1;
    else hi = mid;
  }
  pst_span s = {lo ? in->stops[lo - 1] : in->para.start,
                lo < in->nstops ? in->stops[lo] : in->para.end};
  if (s.start < in->para.start) s.start = in->para.start;
  if (s.end > in->para.end) s.end = in->para.end;
  return s;
}

/* After a cue: where what it introduces begins, if a comma, a colon or "that" follows; else 0. */
static size_t after_cue(const reader *rd, size_t cue_end) {
  static const char that[] = "that";
  size_t n = sizeof that - 1, at = skip_space(rd, cue_end), start = at;
  uint32_t cp = EDGE;
  if (rd->end - at > n && memcmp(rd->s + at, that, n) == 0) {
    pst_utf8_next(rd->s, rd->end, at + n, &cp);
    if (!is_letter(cp) && !is_digit(cp)) at += n;
  }
  if (at < rd->end && (rd->s[at] == ',' || rd->s[at] == ':')) return at + 1;
  return at > start ? at : 0;
}

/* Where a quotation begins whose closing mark at `close` has no partner; not before
 * `low`. */
static size_t guess_start(const work *w, size_t low, size_t close) {
  const pst_quote_in *in = w->in;
  size_t inner = trim_space(&w->rd, low, close);
  cursor c = cursor_at(&w->rd, inner);
  uint32_t cp;
  while (inner > low && step_back(&w->rd, &c, &cp) && side_of(cp) == POINT) inner = c.at;
  pst_span s = sentence_at(in, inner > w->rd.start ? inner - 1 : inner);
  size_t start = s.start > low ? s.start : low;
  for (size_t k = cue_from(in, start); k < in->ncues && in->cues[k].end < inner; k++) {
    size_t after = after_cue(&w->rd, in->cues[k].end);
    if (after && after < inner) start = after;
  }
  start = skip_space(&w->rd, start);
  return start < inner ? start : low < inner ? skip_space(&w->rd, low) : close;
}

enum { NEAR_BYTES = 64, NEAR_WORDS = 4 };

static bool joins_clause(const reader *rd, size_t at) {
  static const char *const words[] = {"and", "but", "or", "while", "when", "as", "which", "who",
                                      "that", "because", "then", "though", "although", "in", "if"};
  for (size_t i = 0; i < PST_COUNT(words); i++) {
    if (rd->s[at] != words[i][0]) continue;
    size_t n = strlen(words[i]);
    if (rd->end - at > n && memcmp(rd->s + at, words[i], n) == 0 && rd->s[at + n] == ' ')
      return true;
  }
  return false;
}

/* May stand between a quotation and the cue of its speaker. */
static bool is_plain(uint32_t cp) {
  return is_letter(cp) || is_digit(cp) || cp == '-' || cp == '.' || cp == '\'' || cp == 0x2019 ||
         is_space(cp) || is_ignorable(cp);
}

/* "…, said Kessel": where the words begin that hold a cue and its speaker, when a comma or the like
 * stands a few words before the cue; 0 otherwise.  Not before `low`. */
static size_t clause_of(const reader *rd, size_t low, size_t cue) {
  cursor c = cursor_at(rd, cue);
  uint32_t cp, after = 'a';
  unsigned words = 0;
  for (size_t end = c.at; c.at > low && cue - c.at < NEAR_BYTES && step_back(rd, &c, &cp);
       end = c.at) {
    if (cp == ',' || cp == '!' || cp == '?')
      return end > low && is_space(after) && !joins_clause(rd, skip_space(rd, end)) ? end : 0;
    if (!is_plain(cp) || cp == '.' || (is_space(cp) && !is_space(after) && ++words > NEAR_WORDS))
      break;
    after = cp;
  }
  return 0;
}

/* Where a quotation ends whose opening mark has no partner: before the clause that says who spoke,
 * when there is one, else at `high`. */
static size_t guess_end(const work *w, size_t inner, size_t high) {
  const pst_quote_in *in = w->in;
  size_t end = trim_space(&w->rd, inner, high);
  for (size_t k = cue_from(in, inner); k < in->ncues && in->cues[k].end <= end; k++) {
    size_t clause = clause_of(&w->rd, inner, in->cues[k].start);
    if (clause) return clause;
  }
  return end;
}

typedef struct open_ones {
  size_t quote[MAX_DEPTH];
  uint8_t glyph[MAX_DEPTH];
  size_t n, low; /* low: end of the quotation closed last */
} open_ones;

static bool do_open(work *w, open_ones *open, const mark *m, bool again) {
  unsigned bits = 0, cost = 0;
  if (!again) cost = open_cost(m, w->in->frame->dir[m->glyph], &bits);
  for (size_t i = 0; i < open->n; i++)
    if (glyphs[open->glyph[i]].family == glyphs[m->glyph].family) {
      cost += NESTED_SAME;
      if (!say(w, m->start, m->end, PST_FAULT_NESTED_SAME, NULL, false)) return false;
    }
  pst_quotation q = {.start = m->start, .inner_start = m->end, .family = glyphs[m->glyph].family,
                     .depth = (uint8_t)open->n, .flags = again ? PST_QUOTE_CONTINUES : 0,
                     .cost = add_cost(cost, 0)};
  open->quote[open->n] = w->out->quote.n;
  open->glyph[open->n++] = m->glyph;
  return say_bits(w, m, bits, true) && PST_PUSH(w->mem, &w->out->quote, q);
}

/* Ends the innermost open quotation at `high` without a mark. */
static bool lose(work *w, open_ones *open, size_t high, bool goes_on) {
  size_t top = --open->n;
  pst_quotation *q = &w->out->quote.at[open->quote[top]];
  if (goes_on) {
    q->end = q->inner_end = trim_space(&w->rd, q->inner_start, high);
    q->flags |= PST_QUOTE_GOES_ON;
    q->cost = add_cost(q->cost, GOES_ON);
    return true;
  }
  q->end = q->inner_end = guess_end(w, q->inner_start, high);
  for (size_t i = open->quote[top] + 1; i < w->out->quote.n; i++) /* what it holds stays inside */
    if (w->out->quote.at[i].end > q->end) q->end = q->inner_end = w->out->quote.at[i].end;
  q->flags |= PST_QUOTE_NO_CLOSE;
  q->cost = add_cost(q->cost, q->family == PST_FAM_SINGLE ? NO_CLOSE_SINGLE : NO_CLOSE);
  bool safe = q->end == trim_space(&w->rd, q->inner_start, w->rd.end);
  const char *repair = whole_mate(w->in, q->family, glyphs[open->glyph[top]].style, false);
  return say(w, q->end, q->end, PST_FAULT_MISSING_CLOSE, repair, safe && repair);
}

static bool do_close(work *w, open_ones *open, const mark *m) {
  while (open->n > 1 && glyphs[open->glyph[open->n - 1]].family != glyphs[m->glyph].family)
    if (!lose(w, open, m->start, false)) return false;
  unsigned bits, cost = close_cost(m, w->in->frame->dir[m->glyph], &bits);
  size_t top = --open->n;
  pst_quotation *q = &w->out->quote.at[open->quote[top]];
  const glyph *was = &glyphs[open->glyph[top]];
  q->inner_end = m->start;
  q->end = m->end;
  unsigned a = (unsigned)was->family << 2 | was->style;
  if (mixes(a, level_of(m))) {
    cost += MIXED;
    const char *right = mate(w->in, was->family, was->style, false);
    if (!say(w, m->start, m->end, PST_FAULT_MIXED_GLYPHS, right, right != NULL)) return false;
  }
  q->cost = add_cost(q->cost, cost);
  open->low = m->end;
  return say_bits(w, m, bits, false);
}

static bool do_no_open(work *w, open_ones *open, const mark *m) {
  unsigned bits, cost = close_cost(m, w->in->frame->dir[m->glyph], &bits);
  size_t start = guess_start(w, open->low, m->start);
  cost += NO_OPEN + (m->l == POINT ? 0u : NO_OPEN_WORD);
  pst_quotation q = {start, m->end, start, m->start, glyphs[m->glyph].family, 0, PST_QUOTE_NO_OPEN,
                     add_cost(cost, 0)};
  const char *repair = whole_mate(w->in, q.family, glyphs[m->glyph].style, true);
  open->low = m->end;
  return say(w, start, start, PST_FAULT_MISSING_OPEN, repair, false) &&
         say_bits(w, m, bits, false) && PST_PUSH(w->mem, &w->out->quote, q);
}

static bool do_stray(work *w, const mark *m) {
  char dir = w->in->frame->dir[m->glyph];
  bool opener = dir == 'o' || (dir == 'e' && flanks_left((side)m->l, (side)m->r));
  pst_fault_kind kind = opener ? PST_FAULT_STRAY_OPEN : PST_FAULT_STRAY_CLOSE;
  if (dir == 'o' && m->r == BLANK) {
    kind = PST_FAULT_STRAY_CLOSE;
    if (!say(w, m->start, m->end, PST_FAULT_WRONG_DIRECTION, NULL, false)) return false;
  }
  return say(w, m->start, m->end, kind, "", !is_digit(m->lcp));
}

static bool do_mark(work *w, open_ones *open, const mark *m) {
  switch ((role)m->role) {
  case AS_OPEN:
    return do_open(w, open, m, false);
  case AS_REOPEN:
    return do_open(w, open, m, true);
  case AS_CLOSE:
    return do_close(w, open, m);
  case AS_NO_OPEN:
    return do_no_open(w, open, m);
  case AS_STRAY:
    return do_stray(w, m);
  case AS_APOSTROPHE:
    if (m->glyph != G_LEFT1) return true;
    return say(w, m->start, m->end, PST_FAULT_WRONG_GLYPH, "’", true);
  case AS_PRIME:
    break;
  }
  return true;
}

static bool build(work *w) {
  open_ones open = {.low = w->rd.start};
  for (size_t i = 0; i < w->mark.n; i++)
    if (!do_mark(w, &open, &w->mark.at[i])) return false;
  while (open.n) {
    size_t top = open.n - 1;
    bool on = top == 0 && w->in->next_open != PST_FAM_NONE &&
              glyphs[open.glyph[0]].family == w->in->next_open;
    if (on) w->out->open = w->in->next_open;
    if (!lose(w, &open, w->rd.end, on)) return false;
  }
  return true;
}

/* ---- dash dialogue ---- */

enum { INSET_WORDS = 6 };

/* True when a cue stands within the first words after a dash; *cue_end is its end. */
static bool inset_at(const work *w, size_t at, size_t *cue_end) {
  size_t k = cue_from(w->in, at);
  if (k == w->in->ncues || w->in->cues[k].start >= w->rd.end) return false;
  cursor c = cursor_at(&w->rd, at);
  uint32_t cp, before = ' ';
  for (unsigned words = 0; c.at < w->in->cues[k].start && step(&w->rd, &c, &cp); before = cp) {
    if (side_of(cp) == POINT || is_dash(cp)) return false;
    if (is_space(cp) && !is_space(before) && ++words > INSET_WORDS) return false;
  }
  *cue_end = w->in->cues[k].end;
  return true;
}

/* The next dash at or after `at` that may begin or end an inset; false when there is none. */
static bool next_dash(const reader *rd, size_t at, pst_span *dash) {
  cursor c = cursor_at(rd, at);
  uint32_t cp;
  for (;;) {
    leave_hole(rd, &c);
    dash->start = c.at;
    if (!step(rd, &c, &cp)) return false;
    dash->end = c.at;
    if (is_dash(cp)) return true;
  }
}

/* "said Stephen." without dashes: where the clause of the cue ends that begins at `clause`, and
 * with it the inset; 0 when it is no inset but part of the speech. */
static size_t plain_inset(const reader *rd, size_t clause, size_t cue_end) {
  enum { WORDS_AFTER_COMMA = 3 };
  cursor c = cursor_at(rd, cue_end);
  uint32_t cp, before = 'a';
  unsigned words = 0, most = rd->s[clause - 1] == ',' ? WORDS_AFTER_COMMA : INSET_WORDS;
  while (step(rd, &c, &cp)) {
    if (cp == '.' || cp == ',' || cp == ':') return c.at;
    if (is_space(before) && !is_space(cp) && ++words > most) return 0;
    if (!is_plain(cp)) return 0;
    before = cp;
  }
  return rd->end;
}

static bool put_piece(work *w, pst_span dash, size_t end) {
  size_t inner = skip_space(&w->rd, dash.end);
  end = trim_space(&w->rd, inner, end);
  if (inner >= end) return true;
  pst_quotation q = {dash.start, end, inner, end, PST_FAM_NONE, 0, PST_QUOTE_DASH, 0};
  return PST_PUSH(w->mem, &w->out->quote, q);
}

/* Where the speech goes on after the inset that a dash at `dash` begins: behind the next dash and
 * the stop glued to it, or at the paragraph's end. */
static pst_span after_inset(const reader *rd, size_t cue_end) {
  pst_span next;
  if (!next_dash(rd, cue_end, &next)) return (pst_span){rd->end, rd->end};
  cursor c = cursor_at(rd, next.end);
  uint32_t cp;
  for (size_t glued = c.at; step(rd, &c, &cp) && side_of(cp) == POINT && cp != 0x2026; glued = c.at)
    next.end = c.at > glued ? c.at : glued;
  return next;
}

/* Puts the speech from `dash` to `end`, without the insets that no dashes set off. */
static bool put_speech(work *w, pst_span dash, size_t end) {
  const pst_quote_in *in = w->in;
  for (size_t k = cue_from(in, dash.end); k < in->ncues && in->cues[k].end <= end; k++) {
    size_t clause = clause_of(&w->rd, dash.end, in->cues[k].start);
    size_t after = clause ? plain_inset(&w->rd, clause, in->cues[k].end) : 0;
    if (!after || in->cues[k].start < dash.end) continue;
    if (!put_piece(w, dash, clause)) return false;
    dash.start = dash.end = skip_space(&w->rd, after);
  }
  return dash.end >= end || put_piece(w, dash, end);
}

/* Quotations of a paragraph that begins with a dash: everything but the insets. */
static bool dash_pieces(work *w) {
  pst_span dash = {0, 0}, at;
  size_t after;
  if (!w->in->frame->dash || !begins_with_dash(&w->rd, &after)) return true;
  if (!next_dash(&w->rd, w->rd.start, &dash)) return true;
  size_t from = after;
  while (next_dash(&w->rd, from, &at)) {
    size_t cue_end;
    from = at.end;
    if (!inset_at(w, at.end, &cue_end)) continue;
    if (!put_speech(w, dash, at.start)) return false;
    dash = after_inset(&w->rd, cue_end);
    from = dash.end;
  }
  return dash.start >= w->rd.end || put_speech(w, dash, w->rd.end);
}

/* ---- order ---- */

static bool fault_before(const pst_fault *a, const pst_fault *b) {
  if (a->start != b->start) return a->start < b->start;
  if (a->end != b->end) return a->end < b->end;
  return a->kind < b->kind;
}

/* Heap sort: in place, no recursion, never quadratic.  Moves the fault at `root` down. */
static void sift(pst_fault *at, size_t root, size_t n) {
  for (size_t child; (child = 2 * root + 1) < n; root = child) {
    if (child + 1 < n && fault_before(&at[child], &at[child + 1])) child++;
    if (!fault_before(&at[root], &at[child])) return;
    pst_fault keep = at[root];
    at[root] = at[child];
    at[child] = keep;
  }
}

static void sort_faults(pst_quote_out *out) {
  pst_fault *at = out->fault.at;
  size_t n = out->fault.n, kept = 0;
  for (size_t i = n / 2; i-- > 0;) sift(at, i, n);
  for (size_t i = n; i-- > 1;) {
    pst_fault keep = at[0];
    at[0] = at[i];
    at[i] = keep;
    sift(at, 0, i);
  }
  for (size_t i = 0; i < n; i++) /* one of each kind at a place */
    if (i == 0 || fault_before(&at[kept - 1], &at[i])) at[kept++] = at[i];
  out->fault.n = kept;
}

/* The quotations are two ordered runs: those of marks, then the dash pieces from `split` on.  A
 * piece that cuts a quotation of marks is dropped; those inside a piece go one deeper. */
static bool merge_pieces(work *w, size_t split) {
  size_t n = w->out->quote.n, i = 0, kept = 0;
  size_t reach = 0; /* as far as the marks' quotations go */
  if (split == n) return true;
  pst_quotation *all = pst_mem_new(w->mem, n, sizeof *all);
  if (!all) return false;
  const pst_quotation *q = w->out->quote.at;
  for (size_t p = split; p < n; p++) {
    for (; i < split && q[i].end <= q[p].start; i++) {
      if (q[i].end > reach) reach = q[i].end;
      all[kept++] = q[i];
    }
    size_t k = i;
    bool cut = reach > q[p].start;
    for (; k < split && q[k].start < q[p].end; k++) {
      if (q[k].end > reach) reach = q[k].end;
      cut = cut || q[k].start < q[p].start || q[k].end > q[p].end;
    }
    if (!cut) all[kept++] = q[p];
    for (; i < k; i++) {
      all[kept] = q[i];
      all[kept++].depth = (uint8_t)(q[i].depth + (cut ? 0 : 1));
    }
  }
  while (i < split) all[kept++] = q[i++];
  memcpy(w->out->quote.at, all, kept * sizeof *all);
  w->out->quote.n = kept;
  pst_mem_free(w->mem, all, n, sizeof *all);
  return true;
}

/* ---- slips beside marks ---- */

/* A cue that stands with its speaker right after `at`: "Lavrov said", "said the man". */
typedef struct near_cue {
  bool found, lower; /* lower: what follows `at` begins with a small letter */
  bool joins;        /* it begins with a word that starts another clause: and, but ... */
  pst_span cue;
  size_t first; /* where the words begin */
  uint32_t next; /* what comes after the cue */
  bool ends;     /* a stop does, or the paragraph's end */
} near_cue;

static near_cue find_near(const work *w, size_t at) {
  near_cue near = {.first = skip_space(&w->rd, at)};
  uint32_t cp, before = ' ';
  bool gap = false;
  if (near.first >= w->rd.end) return near;
  pst_utf8_next(w->rd.s, w->rd.end, near.first, &cp);
  near.lower = is_lower(cp);
  near.joins = joins_clause(&w->rd, near.first);
  size_t k = cue_from(w->in, at);
  if (k == w->in->ncues || w->in->cues[k].end > w->rd.end) return near;
  near.cue = w->in->cues[k];
  if (near.cue.start - at > NEAR_BYTES || near.cue.start < near.first) return near;
  cursor c = cursor_at(&w->rd, near.first);
  for (unsigned words = 0; c.at < near.cue.start && step(&w->rd, &c, &cp); before = cp) {
    if (!is_plain(cp) || (is_space(cp) && !is_space(before) && ++words > NEAR_WORDS)) return near;
  }
  if (sentence_at(w->in, at).end < near.cue.start) return near;
  near.found = true;
  near.next = see_after(&w->rd, skip_space(&w->rd, near.cue.end), &gap, NULL);
  near.ends = near.next == '.' || near.next == '!' || near.next == EDGE;
  return near;
}

/* The last thing inside a quotation that shows, and where it stands. */
static uint32_t last_inside(const reader *rd, const pst_quotation *q, pst_span *at) {
  bool gap = false;
  size_t end = trim_space(rd, q->inner_start, q->inner_end);
  *at = (pst_span){end, end};
  if (end <= q->inner_start) return EDGE;
  uint32_t cp = see_before(rd, end, &gap, &at->end);
  cursor c = cursor_at(rd, at->end);
  step_back(rd, &c, &cp);
  at->start = c.at;
  return cp;
}

static bool is_stop(uint32_t cp) { return cp == '.' || cp == '!' || cp == '?' || cp == 0x2026; }

/* Two spaces or more inside: long enough that a stop at its end is no abbreviation's. */
static bool is_long(const reader *rd, const pst_quotation *q) {
  cursor c = cursor_at(rd, q->inner_start);
  uint32_t cp;
  unsigned spaces = 0;
  while (c.at < q->inner_end && step(rd, &c, &cp))
    if (is_space(cp) && ++spaces > 1) return true;
  return false;
}

/* What may be wrong right after a closing mark. */
static bool lint_after(work *w, const pst_quotation *q) {
  pst_span last;
  uint32_t cp = last_inside(&w->rd, q, &last);
  near_cue near = find_near(w, q->end);
  if (near.first >= w->rd.end || !is_stop(cp)) return true;
  bool alone = near.found && near.cue.start == near.first;
  if (alone && !near.lower && near.ends) {
    size_t end = near.cue.end;
    if (end < w->rd.end && w->rd.s[end] == '.') end++;
    return say(w, near.cue.start, end, PST_FAULT_DANGLING_CUE, "", false);
  }
  if (cp != '.' || (last.start > 0 && w->rd.s[last.start - 1] == '.')) return true;
  bool new_sentence = near.next == ',' || near.next == ':';
  if (near.found && !near.joins && (near.lower || near.ends) && !(new_sentence && !near.lower))
    return say(w, last.start, last.end, PST_FAULT_STOP_BEFORE_CUE, ",", near.lower);
  if (!near.lower || (near.found && !near.joins) || !is_long(&w->rd, q)) return true;
  size_t end = near.first;
  uint32_t letter;
  for (cursor c = cursor_at(&w->rd, end); step(&w->rd, &c, &letter) && is_letter(letter);)
    end = c.at;
  if (end < w->rd.end && w->rd.s[end] == ':') return true; /* "http:", "note:" */
  return say(w, near.first, end, PST_FAULT_RUN_ON_AFTER_CLOSE, NULL, false);
}

/* "He said, “…,” he added." */
static bool lint_twice(work *w, const pst_quotation *q) {
  const pst_quote_in *in = w->in;
  size_t k = cue_before(in, q->start);
  if (k == in->ncues || in->cues[k].start < w->rd.start) return true;
  size_t after = after_cue(&w->rd, in->cues[k].end);
  if (!after || skip_space(&w->rd, after) != q->start) return true;
  pst_span last;
  if (last_inside(&w->rd, q, &last) != ',') return true;
  near_cue near = find_near(w, q->end);
  if (!near.found || near.joins || !near.ends) return true;
  return say(w, near.cue.start, near.cue.end, PST_FAULT_CUE_TWICE, NULL, false);
}

/* An embedding or isolate that is still open where the quotation ends: what is shown may differ
 * from what is tagged. */
static bool lint_bidi(work *w, const pst_quotation *q) {
  enum { DEEPEST = 125 }; /* as deep as the bidirectional algorithm counts */
  pst_span open[DEEPEST];
  bool isolate[DEEPEST];
  size_t n = 0, size = q->inner_end > q->inner_start ? q->inner_end - q->inner_start : 0;
  if (!memchr(w->rd.s + q->inner_start, 0xe2, size)) return true; /* all begin with this byte */
  cursor c = cursor_at(&w->rd, q->inner_start);
  uint32_t cp;
  for (;;) {
    leave_hole(&w->rd, &c);
    size_t start = c.at;
    if (start >= q->inner_end || !step(&w->rd, &c, &cp)) break;
    if (cp < 0x202a || cp > 0x2069) continue;
    bool isolates = cp >= 0x2066 && cp <= 0x2068;
    bool embeds = cp == 0x202a || cp == 0x202b || cp == 0x202d || cp == 0x202e;
    if ((isolates || embeds) && n < DEEPEST) {
      open[n] = (pst_span){start, c.at};
      isolate[n++] = isolates;
    } else if (cp == 0x202c && n && !isolate[n - 1]) n--;
    else if (cp == 0x2069) {
      size_t keep = n;
      while (keep && !isolate[keep - 1]) keep--;
      if (keep) n = keep - 1;
    }
  }
  return n == 0 || say(w, open[0].start, open[0].end, PST_FAULT_BIDI_UNCLOSED, NULL, false);
}

/* ". ." where a text has two stops for one; spaced dots ". . ." are left alone. */
static bool lint_stops(work *w) {
  const reader *rd = &w->rd;
  for (size_t at = rd->start; at < rd->end;) {
    const char *dot = memchr(rd->s + at, '.', rd->end - at);
    if (!dot) break;
    size_t first = (size_t)(dot - rd->s), next = first + 1, dots = 1;
    for (;;) {
      size_t more = next;
      while (more < rd->end && (rd->s[more] == ' ' || rd->s[more] == '\t')) more++;
      if (more >= rd->end || rd->s[more] != '.') break;
      dots++;
      next = more + 1;
    }
    at = next;
    if (dots == 2 && next - first > 2 && first > rd->start && rd->s[first - 1] != ' ' &&
        !(next < rd->end && is_digit((unsigned char)rd->s[next])) &&
        !say(w, first + 1, next, PST_FAULT_DOUBLED_STOP, "", true)) return false;
  }
  return true;
}

/* Where the word that touches `at` begins and ends. */
static size_t word_start(const reader *rd, size_t at) {
  cursor c = cursor_at(rd, at);
  uint32_t cp;
  while (step_back(rd, &c, &cp) && (is_letter(cp) || is_digit(cp))) at = c.at;
  return at;
}

static size_t word_end(const reader *rd, size_t at) {
  cursor c = cursor_at(rd, at);
  uint32_t cp;
  while (step(rd, &c, &cp) && (is_letter(cp) || is_digit(cp))) at = c.at;
  return at;
}

static bool word_at(const reader *rd, size_t at, bool before) {
  bool gap = false;
  uint32_t cp = before ? see_before(rd, at, &gap, NULL) : see_after(rd, at, &gap, NULL);
  return is_letter(cp) && !is_unspaced(cp);
}

/* The next opening bracket, or `limit`. */
static size_t skip_to_bracket(const char *s, size_t at, size_t limit) {
  for (; limit - at >= 8; at += 8) {
    uint64_t w;
    memcpy(&w, s + at, 8);
    if (zeros(w ^ EACH((unsigned)'(')) | zeros(w ^ EACH((unsigned)'['))) break;
  }
  while (at < limit && s[at] != '(' && s[at] != '[') at++;
  return at;
}

/* Brackets round more than one word that touch a word: "risk[for some]to".  Not "colour(s)",
 * "[s]he". */
static bool lint_brackets(work *w) {
  const reader *rd = &w->rd;
  size_t open = rd->end;
  bool space = false;
  for (size_t at = rd->start; at < rd->end; at++) {
    if (open == rd->end) at = skip_to_bracket(rd->s, at, rd->end);
    if (at == rd->end) break;
    char b = rd->s[at];
    if (b == '[' || b == '(') {
      open = at;
      space = false;
    } else if (b == ' ' || b == '\n') space = true;
    else if ((b == ']' || b == ')') && open < at) {
      bool left = word_at(rd, open, true), right = word_at(rd, at + 1, false);
      size_t start = left ? word_start(rd, open) : open,
             end = right ? word_end(rd, at + 1) : at + 1;
      if (space && (left || right) && (b == ']') == (rd->s[open] == '[') &&
          !say(w, start, end, PST_FAULT_MISSING_SPACE, NULL, false)) return false;
      open = rd->end;
    }
  }
  return true;
}

static bool lint(work *w) {
  if (!lint_stops(w) || !lint_brackets(w)) return false;
  for (size_t i = 0; i < w->out->quote.n; i++) {
    pst_quotation q = w->out->quote.at[i];
    if (!lint_bidi(w, &q)) return false;
    if (q.depth == 0 && !(q.flags & (PST_QUOTE_NO_CLOSE | PST_QUOTE_GOES_ON | PST_QUOTE_DASH)) &&
        (!lint_after(w, &q) || !lint_twice(w, &q))) return false;
  }
  return true;
}

/* ---- the whole ---- */

/* How much dearer a reading is in which a mark has another role, for each mark, or NULL: nobody knows
 * (then *ok says whether for want of memory).  *count words are to be freed at *room. */
static uint32_t *margins_of(const work *w, const front *last, uint32_t **room, size_t *count,
                            bool *ok) {
  *room = NULL;
  *ok = true;
  *count = w->node.n + w->mark.n;
  if (w->mark.n > MARGIN_MARKS || w->crowded) return NULL;
  *room = pst_mem_new(w->mem, *count, sizeof **room);
  *ok = *room != NULL;
  if (*room) margins(w, last, *room, *room + w->node.n);
  return *room ? *room + w->node.n : NULL;
}

/* A quotation whose marks could as well be something else. */
static bool say_doubtful(work *w, const front *last) {
  enum { CLEAR = 5 };
  uint32_t *room, *margin;
  size_t count;
  bool ok = true;
  if (w->out->quote.n == 0) return true;
  margin = margins_of(w, last, &room, &count, &ok);
  if (!margin) return ok;
  for (size_t i = 0, k = 0; ok && i < w->out->quote.n; i++) {
    const pst_quotation *q = &w->out->quote.at[i];
    bool doubt = false;
    if (q->flags & (PST_QUOTE_NO_OPEN | PST_QUOTE_NO_CLOSE)) continue; /* has its fault already */
    while (k < w->mark.n && w->mark.at[k].start < q->start) k++;
    for (size_t m = k; m < w->mark.n && w->mark.at[m].start < q->end; m++)
      if (w->mark.at[m].start == q->start || w->mark.at[m].end == q->end)
        doubt = doubt || margin[m] < CLEAR;
    if (doubt) ok = say(w, q->start, q->end, PST_FAULT_DOUBTFUL, NULL, false);
  }
  pst_mem_free(w->mem, room, count, sizeof *room);
  return ok;
}

/* The bill of the chosen reading, whose last node is `best`. */
static bool write_bill(work *w, const front *last, uint32_t best) {
  static const char *const roles[] = {"stray", "opens", "closes", "closes, never opened",
                                      "apostrophe", "prime", "opens again"};
  uint32_t *room, *margin;
  size_t n = w->mark.n, count;
  bool ok;
  margin = margins_of(w, last, &room, &count, &ok);
  if (!ok || !PST_RESERVE(w->mem, &w->out->bill, n + 1)) {
    pst_mem_free(w->mem, room, count, sizeof *room);
    return false;
  }
  w->out->bill.n = n;
  for (size_t i = n, at = best; i-- > 0;) {
    const node *to = &w->node.at[at];
    const node *from = &w->node.at[to->prev];
    const mark *m = &w->mark.at[i];
    pst_quote_line line = {m->start, m->end, roles[m->role],
                           (uint32_t)(to->score >> 32) - (uint32_t)(from->score >> 32),
                           margin && margin[i] < UINT32_MAX / 4 ? margin[i] : PST_NO_MARGIN};
    w->out->bill.at[i] = line;
    at = to->prev;
  }
  pst_mem_free(w->mem, room, count, sizeof *room);
  uint32_t open = end_cost(w->in, w->node.at[best].stack);
  pst_quote_line end = {w->rd.end, w->rd.end, w->out->open ? "goes on" : "never closed", open,
                        PST_NO_MARGIN};
  if (open) w->out->bill.at[w->out->bill.n++] = end;
  return true;
}

static bool read_marks(work *w) {
  front last;
  if (!find_marks(w)) return false;
  if (w->mark.n) {
    if (!search(w, &last)) return false;
    uint32_t best = choose(w, &last);
    if (!build(w) || !say_doubtful(w, &last)) return false;
    if (w->in->bill && !write_bill(w, &last, best)) return false;
  }
  size_t split = w->out->quote.n;
  return dash_pieces(w) && merge_pieces(w, split) && lint(w);
}

postil_status pst_quote_read(const pst_quote_in *in, pst_quote_out *out, const postil_mem *mem,
                             postil_err *err) {
  work w = {.in = in, .mem = mem, .out = out, .rd = reader_of(in)};
  out->quote.n = out->fault.n = out->bill.n = 0;
  out->open = PST_FAM_NONE;
  out->cost = 0;
  bool ok = read_marks(&w);
  PST_FREE(mem, &w.mark);
  PST_FREE(mem, &w.node);
  PST_FREE(mem, &w.edge);
  if (ok) {
    sort_faults(out);
    return POSTIL_OK;
  }
  out->quote.n = out->fault.n = out->bill.n = 0;
  out->open = PST_FAM_NONE;
  return pst_err_nomem(err);
}

void pst_quote_out_free(pst_quote_out *out, const postil_mem *mem) {
  PST_FREE(mem, &out->quote);
  PST_FREE(mem, &out->fault);
  PST_FREE(mem, &out->bill);
}

/* ---- kinds ---- */

static const char *const kind_names[] = {"direct", "mixed", "dialogue", "title", "scare"};

const char *pst_quote_kind_name(pst_quote_kind kind) {
  return (size_t)kind < PST_COUNT(kind_names) ? kind_names[kind] : "";
}

typedef struct inside { /* what a quotation holds */
  unsigned words, small, big; /* words; content words that begin small, or with a capital */
  bool capital;               /* the first letter is one */
} inside;

/* Small words that titles write small. */
static bool is_minor(const char *s, size_t n) {
  static const char words[] =
      " a an the of in on at to for by and or nor but from with as is vs v de "
      "la le el du des der die das und et ";
  char look[8];
  if (n == 0 || n > 4) return false;
  look[0] = ' ';
  memcpy(look + 1, s, n);
  look[n + 1] = ' ';
  look[n + 2] = '\0';
  return strstr(words, look) != NULL;
}

static inside look_inside(const reader *rd, const pst_quotation *q, unsigned most) {
  inside in = {0, 0, 0, false};
  cursor c = cursor_at(rd, q->inner_start);
  uint32_t cp;
  size_t start = 0;
  bool word = false, first_big = false;
  while (in.words <= most) {
    leave_hole(rd, &c);
    size_t here = c.at;
    bool more = here < q->inner_end && step(rd, &c, &cp);
    bool part = more && (is_letter(cp) || is_digit(cp) || (word && (cp == '\'' || cp == 0x2019)));
    if (part && !word) {
      start = here;
      first_big = is_upper(cp) || is_digit(cp);
      if (in.words++ == 0) in.capital = is_upper(cp);
    } else if (!part && word) {
      if (first_big) in.big++;
      else if (!is_minor(rd->s + start, here - start)) in.small++;
    }
    word = part;
    if (!more) break;
  }
  return in;
}

/* True when a cue introduces the quotation (comma, colon or "that" between) or follows it with its
 * speaker after a comma or the like. */
static bool cue_touches(const work *w, const pst_quotation *q, uint32_t last) {
  size_t k = cue_before(w->in, q->start);
  bool gap = false;
  if (k < w->in->ncues && w->in->cues[k].start >= w->rd.start) {
    size_t after = after_cue(&w->rd, w->in->cues[k].end);
    if (after && skip_space(&w->rd, after) == q->start) return true;
    pst_span s = sentence_at(w->in, w->in->cues[k].start);
    uint32_t before = see_before(&w->rd, trim_space(&w->rd, w->rd.start, q->start), &gap, NULL);
    if (s.end >= q->start && before == ':') return true;
  }
  if (last != ',' && !is_stop(last) && last != 0x2014) return false;
  near_cue near = find_near(w, q->end);
  if (last == '.' && !near.lower && (near.cue.start == near.first || !near.ends)) return false;
  return near.found && !near.joins;
}

/* "so-called" right before the quotation. */
static bool so_called(const reader *rd, const pst_quotation *q) {
  static const char words[] = "so-called";
  size_t n = sizeof words - 1, end = trim_space(rd, rd->start, q->start);
  if (end - rd->start < n) return false;
  for (size_t i = 0; i < n; i++)
    if (to_lower(rd->s[end - n + i]) != words[i]) return false;
  return true;
}

static bool cue_in_sentence(const pst_quote_in *in, const pst_quotation *q) {
  pst_span a = sentence_at(in, q->start),
           b = sentence_at(in, q->end > q->start ? q->end - 1 : q->end);
  size_t k = cue_from(in, a.start);
  for (; k < in->ncues && in->cues[k].start < b.end; k++)
    if (in->cues[k].end <= q->start || in->cues[k].start >= q->end) return true;
  return false;
}

pst_quote_kind pst_quote_kind_of(const pst_quote_in *in, const pst_quotation *q, bool has_speaker) {
  enum { TITLE_WORDS = 8, NAME_WORDS = 2, SCARE_WORDS = 2 };
  if (q->flags & PST_QUOTE_DASH) return PST_KIND_DIALOGUE;
  work w = {.in = in, .rd = reader_of(in)};
  pst_span at;
  uint32_t last = last_inside(&w.rd, q, &at);
  if (q->flags & (PST_QUOTE_CONTINUES | PST_QUOTE_GOES_ON)) return PST_KIND_DIRECT;
  if (cue_touches(&w, q, last)) return PST_KIND_DIRECT;
  inside in_q = look_inside(&w.rd, q, TITLE_WORDS);
  bool alone = skip_space(&w.rd, w.rd.start) == q->start && skip_space(&w.rd, q->end) == w.rd.end;
  bool named = in_q.words <= TITLE_WORDS && in_q.big && !in_q.small; /* as a title is written */
  bool stopped = last == '.' || last == ','; /* which may be the sentence's, not the title's */
  if (named && in_q.words > 1 && stopped && !alone) return PST_KIND_TITLE;
  if (alone || (in_q.capital && (is_stop(last) || last == ','))) return PST_KIND_DIRECT;
  if (named && !is_stop(last))
    return has_speaker && in_q.words <= NAME_WORDS ? PST_KIND_MIXED : PST_KIND_TITLE;
  if (has_speaker) return PST_KIND_MIXED;
  if (so_called(&w.rd, q)) return PST_KIND_SCARE;
  if (in_q.words <= SCARE_WORDS && !is_stop(last) && !cue_in_sentence(in, q)) return PST_KIND_SCARE;
  return PST_KIND_MIXED;
}

/* ---- names of faults ---- */

static const char *const fault_names[PST_FAULT_COUNT][2] = {
  {"missing-open", "this quotation is closed but never opened"},
  {"missing-close", "this quotation is opened but never closed"},
  {"stray-open", "this opening mark belongs to no quotation"},
  {"stray-close", "this closing mark belongs to no quotation"},
  {"wrong-direction", "this mark points the wrong way"},
  {"missing-space", "a space is missing here"},
  {"space-after-open", "there should be no space after an opening mark"},
  {"space-before-close", "there should be no space before a closing mark"},
  {"nested-same", "a quotation inside a quotation has the same kind of marks"},
  {"mixed-glyphs", "this mark has another style than the one that opens the quotation"},
  {"wrong-glyph", "this is no apostrophe but an opening mark"},
  {"doubled-stop", "there are two stops for one"},
  {"stop-before-cue", "a comma, not a stop, goes before the words that say who spoke"},
  {"run-on-after-close", "the sentence goes on after the stop inside the quotation"},
  {"dangling-cue", "this says that somebody spoke, but not who"},
  {"cue-twice", "the speaker is named before and after the quotation"},
  {"bidi-unclosed", "a change of writing direction is not ended inside the quotation"},
  {"doubtful", "these marks can be read in another way that is nearly as good"},
};

const char *pst_fault_name(pst_fault_kind kind) {
  return (size_t)kind < PST_FAULT_COUNT ? fault_names[kind][0] : "";
}

const char *pst_fault_words(pst_fault_kind kind) {
  return (size_t)kind < PST_FAULT_COUNT ? fault_names[kind][1] : "";
}
