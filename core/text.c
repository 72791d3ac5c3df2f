/* text.c - bytes as text; see text.h.
 *
 * The walk over UTF-8 follows table 3-7 of the Unicode Standard; cutting long paragraphs where
 * their own bytes say so is content-defined chunking, known from backup programs.
 */
#include "text.h"

enum {
  CHECKED = 1024,     /* bytes that the encoding check looks at */
  LINE_SHORT = 40,    /* a line shorter than this says nothing about wrapping */
  LINE_LONG = 100,    /* nobody wraps at this */
  PAIRS_LEAST = 3,    /* fewer adjacent lines prove nothing */
  ENDED_PERCENT = 60, /* of them must end a sentence */
  HASHED = 16,        /* bytes before a cut that decide on it */
};

/* ---- code points ---- */

static unsigned byte_at(const char *s, size_t at) { return (unsigned char)s[at]; }

static bool is_tail(unsigned byte) { return (byte & 0xC0u) == 0x80u; }

/* Length of the sequence that `lead` begins, and the range of its second byte; 1 for ASCII and for
 * what can begin nothing. */
static size_t lead_length(unsigned lead, unsigned *low, unsigned *high) {
  *low = 0x80;
  *high = 0xBF;
  if (lead < 0xC2 || lead > 0xF4) return 1;
  if (lead < 0xE0) return 2;
  if (lead == 0xE0) *low = 0xA0;
  if (lead == 0xED) *high = 0x9F;
  if (lead == 0xF0) *low = 0x90;
  if (lead == 0xF4) *high = 0x8F;
  return lead < 0xF0 ? 3 : 4;
}

size_t pst_utf8_next(const char *s, size_t len, size_t at, uint32_t *cp) {
  unsigned lead = byte_at(s, at), low, high;
  if (lead < 0x80) {
    *cp = lead;
    return 1;
  }
  size_t n = lead_length(lead, &low, &high);
  uint32_t value = lead & (0xFFu >> (n + 1));
  *cp = PST_ILL;
  if (n == 1) return 1;
  for (size_t i = 1; i < n; i++) {
    if (at + i >= len) return i;
    unsigned byte = byte_at(s, at + i);
    if (byte < low || byte > high) return i;
    value = value << 6 | (byte & 0x3Fu);
    low = 0x80;
    high = 0xBF;
  }
  *cp = value;
  return n;
}

size_t pst_utf8_floor(const char *s, size_t len, size_t at) {
  if (at >= len || !is_tail(byte_at(s, at))) return at;
  for (size_t back = 1; back < 4 && back <= at; back++) {
    size_t start = at - back;
    if (is_tail(byte_at(s, start))) continue;
    uint32_t cp;
    return pst_utf8_next(s, len, start, &cp) > back ? start : at;
  }
  return at;
}

size_t pst_utf8_prev(const char *s, size_t len, size_t at, uint32_t *cp) {
  assert(at > 0 && at <= len);
  (void)len;
  size_t start = pst_utf8_floor(s, at, at - 1);
  pst_utf8_next(s, at, start, cp);
  return at - start;
}

size_t pst_utf8_put(char *to, uint32_t cp) {
  if (cp < 0x80) {
    to[0] = (char)cp;
    return 1;
  }
  size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
  for (size_t i = n; --i > 0; cp >>= 6) to[i] = (char)(unsigned char)(0x80u | (cp & 0x3Fu));
  to[0] = (char)(unsigned char)(cp | (0xF00u >> n & 0xFFu));
  return n;
}

/* ---- kinds of characters ---- */

typedef struct range {
  uint32_t first, last;
} range;

/* Unicode's White_Space beyond ASCII. */
static const range white_ranges[] = {
    {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

/* Unicode's Default_Ignorable_Code_Point: no glyph of their own. */
static const range ignorable_ranges[] = {
    {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

static bool in_ranges(const range *ranges, size_t n, uint32_t cp) {
  for (size_t i = 0; i < n && ranges[i].first <= cp; i++)
    if (cp <= ranges[i].last) return true;
  return false;
}

static bool is_white(uint32_t cp) {
  if (cp < 0x80) return cp == ' ' || (cp >= '\t' && cp <= '\r');
  return in_ranges(white_ranges, PST_COUNT(white_ranges), cp);
}

static bool is_ignorable(uint32_t cp) {
  return cp >= 0xAD && in_ranges(ignorable_ranges, PST_COUNT(ignorable_ranges), cp);
}

/* Full stops of the scripts that put a space behind them. */
static const uint32_t stops[] = {'.',    '!',    '?',    0x589,  0x61F,  0x6D4,  0x964,  0x965,
                                 0x1362, 0x1367, 0x2026, 0x203C, 0x203D, 0x2047, 0x2048, 0x2049};

/* Full stops of the scripts that put none. */
static const uint32_t wide_stops[] = {0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61};

/* Quotation marks that close somewhere: German closes with what English opens with. */
static const uint32_t close_quotes[] = {'"',    '\'',   0xAB,   0xBB,   0x2018, 0x2019,
                                        0x201C, 0x201D, 0x2039, 0x203A, 0x300D, 0x300F,
                                        0x301E, 0x301F, 0xFF02, 0xFF07, 0xFF63};

static const uint32_t close_brackets[] = {')', ']', '}', 0x3009, 0x300B, 0x3011, 0x3015, 0xFF09};

static bool in_list(const uint32_t *list, size_t n, uint32_t cp) {
  for (size_t i = 0; i < n; i++)
    if (list[i] == cp) return true;
  return false;
}

static bool is_stop(uint32_t cp) { return in_list(stops, PST_COUNT(stops), cp); }
static bool is_wide_stop(uint32_t cp) { return in_list(wide_stops, PST_COUNT(wide_stops), cp); }
static bool is_close_quote(uint32_t cp) {
  return in_list(close_quotes, PST_COUNT(close_quotes), cp);
}
static bool is_close_bracket(uint32_t cp) {
  return in_list(close_brackets, PST_COUNT(close_brackets), cp);
}

/* ---- encoding ---- */

size_t pst_text_bom(const char *s, size_t len) {
  return len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* What a byte order mark names, or NULL. */
static const char *named_by_mark(const char *s, size_t len) {
  if (len >= 4 && memcmp(s, "\xFF\xFE\0\0", 4) == 0) return "UTF-32LE";
  if (len >= 4 && memcmp(s, "\0\0\xFE\xFF", 4) == 0) return "UTF-32BE";
  if (len >= 2 && memcmp(s, "\xFF\xFE", 2) == 0) return "UTF-16LE";
  if (len >= 2 && memcmp(s, "\xFE\xFF", 2) == 0) return "UTF-16BE";
  return NULL;
}

/* Whether s is made of groups of four, four of them at least: one byte is always zero (at `top`),
 * the one beside it at most 16 (at `next`), and one of the other two is not zero. */
static bool has_fours(const char *s, size_t len, size_t top, size_t next) {
  if (len < 16) return false;
  for (size_t i = 0; i + 4 <= len; i += 4) {
    if (byte_at(s, i + top) != 0 || byte_at(s, i + next) > 0x10) return false;
    if (byte_at(s, i + 3 - top) == 0 && byte_at(s, i + 3 - next) == 0) return false;
  }
  return true;
}

static bool is_ill_formed(const char *s, size_t len) {
  uint32_t cp;
  for (size_t at = 0; at < len;) {
    at += pst_utf8_next(s, len, at, &cp);
    if (cp == PST_ILL && at < len) return true;
  }
  return false;
}

/* Whether s is made of pairs whose upper half lies at parity `top`: four zeros and one in sixteen
 * there, hardly any at the other; and half of the upper ones are controls (in Latin text zeros, in
 * Cyrillic 04, in Thai 0E), or the bytes are no UTF-8.  So UTF-8 must be a quarter controls, and
 * those in every other place, to be mistaken. */
static bool has_pairs(const char *s, size_t len, size_t top) {
  size_t zeros = 0, others = 0, controls = 0;
  for (size_t i = 0; i + 2 <= len; i += 2) {
    unsigned upper = byte_at(s, i + top);
    others += byte_at(s, i + 1 - top) == 0;
    zeros += upper == 0;
    controls += upper < '\t' || (upper > '\r' && upper < ' ');
  }
  if (zeros < 4 || zeros * 32 < len || others * 8 > zeros) return false;
  return controls * 4 >= len || is_ill_formed(s, len);
}

static const char *named_by_zeros(const char *s, size_t len) {
  if (has_fours(s, len, 3, 2)) return "UTF-32LE";
  if (has_fours(s, len, 0, 1)) return "UTF-32BE";
  if (has_pairs(s, len, 1)) return "UTF-16LE";
  if (has_pairs(s, len, 0)) return "UTF-16BE";
  return NULL;
}

postil_status pst_text_check(const char *s, size_t len, postil_err *err) {
  const char *name = named_by_mark(s, len);
  if (!name) name = named_by_zeros(s, len < CHECKED ? len : CHECKED);
  if (!name) return POSTIL_OK;
  return pst_err_say(err, POSTIL_ETEXT, 0, "looks like %s; convert it first: iconv -f %s -t UTF-8",
                     name, name);
}

/* ---- lines ---- */

#define EACH(byte) (UINT64_MAX / 255u * (byte))

static uint64_t load8(const char *s) {
  uint64_t word;
  memcpy(&word, s, sizeof word);
  return word;
}

/* Non-zero when a byte of the word is one of LF VT FF CR. */
static uint64_t has_break(uint64_t word) {
  uint64_t low = word & EACH(0x7Fu);
  return (EACH(127u + '\r' + 1) - low) & ~word & (low + EACH(127u - '\t')) & EACH(0x80u);
}

/* Non-zero when a byte of the word is C2 or E2, with which NEL, LS and PS begin. */
static uint64_t has_lead(uint64_t word) {
  uint64_t other = (word & EACH(0xDFu)) ^ EACH(0xC2u);
  return (other - EACH(1u)) & ~other & EACH(0x80u);
}

/* Length of the line terminator at `at`, or 0. */
static size_t break_length(const char *s, size_t len, size_t at) {
  switch (byte_at(s, at)) {
    case '\n':
    case '\v':
    case '\f': return 1;
    case '\r': return at + 1 < len && s[at + 1] == '\n' ? 2 : 1;
    case 0xC2: return at + 1 < len && byte_at(s, at + 1) == 0x85 ? 2 : 0;
    case 0xE2:
      if (at + 2 >= len || byte_at(s, at + 1) != 0x80) return 0;
      return (byte_at(s, at + 2) & 0xFEu) == 0xA8 ? 3 : 0;
    default: return 0;
  }
}

size_t pst_line_end(const char *s, size_t len, size_t at, size_t *next) {
  while (at < len) {
    size_t stop = at + 1;
    if (len - at >= 8) {
      uint64_t word = load8(s + at);
      stop = at + 8;
      if (!(has_break(word) | has_lead(word))) at = stop;
    }
    for (; at < stop; at++) {
      size_t n = break_length(s, len, at);
      if (!n) continue;
      *next = at + n;
      return at;
    }
  }
  *next = len;
  return len;
}

bool pst_line_blank(const char *s, size_t start, size_t end) {
  uint32_t cp;
  for (size_t at = start; at < end;) {
    at += pst_utf8_next(s, end, at, &cp);
    if (!is_white(cp) && !is_ignorable(cp)) return false;
  }
  return true;
}

/* ---- paragraphs ---- */

/* Whether a line that is not blank ends as paragraphs do: with a stop, a colon or a closing
 * quotation mark, perhaps in brackets. */
static bool ends_sentence(const char *s, size_t start, size_t end) {
  while (end > start) {
    uint32_t cp;
    end -= pst_utf8_prev(s, end, end, &cp);
    if (is_white(cp) || is_ignorable(cp) || is_close_bracket(cp)) continue;
    return is_stop(cp) || is_wide_stop(cp) || is_close_quote(cp) || cp == ':' || cp == 0xFF1A;
  }
  return false;
}

void pst_para_count(const char *s, size_t len, pst_para_sums *sums) {
  bool before = false, ended = false; /* of the line before: it can be read, it ended */
  memset(sums, 0, sizeof *sums);
  for (size_t at = 0, next; at < len; at = next) {
    size_t end = pst_line_end(s, len, at, &next);
    bool filled = !pst_line_blank(s, at, end);
    if (filled && before) {
      sums->pairs++;
      sums->ended += ended;
    }
    if (filled) {
      if (end - at > sums->longest) sums->longest = end - at;
      ended = end - at < LINE_SHORT || ends_sentence(s, at, end);
    }
    before = filled;
  }
}

bool pst_para_by_line(const pst_para_sums *sums) {
  size_t least = sums->pairs / 100 * ENDED_PERCENT + (sums->pairs % 100 * ENDED_PERCENT + 99) / 100;
  return sums->pairs >= PAIRS_LEAST && sums->ended >= least && sums->longest >= LINE_LONG;
}

/* Whether the line at `at` is blank; *next is then the next line's start.  Unlike pst_line_end it
 * reads no further than it must, which keeps cutting one long line linear. */
static bool skip_blank(const char *s, size_t len, size_t at, size_t *next) {
  while (at < len) {
    uint32_t cp;
    size_t n = break_length(s, len, at);
    *next = at + n;
    if (n) return true;
    at += pst_utf8_next(s, len, at, &cp);
    if (!is_white(cp) && !is_ignorable(cp)) return false;
  }
  *next = len;
  return true;
}

static uint64_t load_little(const char *s) {
  uint64_t word = 0;
  for (unsigned i = 0; i < 8; i++) word |= (uint64_t)byte_at(s, i) << (8 * i);
  return word;
}

/* How much the 16 bytes before s + at want a cut there; the same on every machine. */
static uint64_t hash_before(const char *s, size_t at) {
  uint64_t first = load_little(s + at - HASHED), second = load_little(s + at - HASHED / 2);
  uint64_t hash = (first ^ (second << 23 | second >> 41)) * UINT64_C(0x9E3779B97F4A7C15);
  hash = (hash ^ hash >> 29 ^ second) * UINT64_C(0xD6E8FEB86659FD93);
  return hash ^ hash >> 32;
}

/* Best first. */
typedef enum cut_kind { CUT_SENTENCE, CUT_WORD, CUT_POINT } cut_kind;

/* What the walk over the window knows of the characters before it. */
typedef struct cut_state {
  bool white; /* the last one was white */
  bool ended; /* a stop, then perhaps closing marks */
  bool wide;  /* and the stop was one that needs no space */
} cut_state;

/* The best kind of cut that there could be before `cp`; moves the state over cp. */
static cut_kind cut_before(cut_state *state, uint32_t cp) {
  if ((cp | 0x20u) - 'a' < 26u) { /* nearly all, so they are dealt with first */
    bool ends = state->ended && state->wide;
    state->white = state->ended = false;
    return ends ? CUT_SENTENCE : CUT_POINT;
  }
  bool white = is_white(cp), stop = is_stop(cp) || is_wide_stop(cp);
  bool closes = is_close_quote(cp) || is_close_bracket(cp);
  cut_kind kind = CUT_POINT;
  if (white && !state->white) kind = state->ended ? CUT_SENTENCE : CUT_WORD;
  if (state->ended && state->wide && !stop && !closes) kind = CUT_SENTENCE;
  state->white = white;
  if (stop) {
    state->ended = true;
    state->wide = is_wide_stop(cp);
  } else if (!closes) {
    state->ended = false;
  }
  return kind;
}

/* Where to cut a paragraph that starts at `start` and goes on beyond start + max. */
static size_t choose_cut(const char *s, size_t len, size_t start, size_t max) {
  size_t low = start + max / 4, high = start + max, best_at = 0;
  cut_kind best_kind = CUT_POINT;
  uint64_t best = 0;
  cut_state state = {false, false, false};
  for (size_t at = pst_utf8_floor(s, len, low - HASHED); at <= high;) {
    uint32_t cp;
    size_t n = pst_utf8_next(s, len, at, &cp);
    cut_kind kind = cut_before(&state, cp);
    if (at >= low && kind <= best_kind) {
      uint64_t hash = hash_before(s, at);
      if (!best_at || kind < best_kind || hash > best) {
        best = hash;
        best_at = at;
        best_kind = kind;
      }
    }
    at += n;
  }
  return best_at;
}

/* The start of what follows a cut: what cannot be seen is passed (so that no piece begins with what
 * skip_blank would read again and again), but not into the next line. */
static size_t after_cut(const char *s, size_t len, size_t at) {
  while (at < len) {
    uint32_t cp;
    size_t n = break_length(s, len, at);
    if (n) return at + n;
    n = pst_utf8_next(s, len, at, &cp);
    if (!is_white(cp) && !is_ignorable(cp)) return at;
    at += n;
  }
  return at;
}

bool pst_para_next(const char *s, size_t len, size_t at, bool by_line, size_t max, pst_span *para,
                   size_t *next) {
  size_t skipped;
  if (max < PST_PARA_MIN) max = PST_PARA_MIN;
  while (at < len && skip_blank(s, len, at, &skipped)) at = skipped;
  if (at >= len) return false;
  /* No line is read further than to see that it is too long, with its terminator. */
  size_t limit = len - at > max ? (len - at - max > 8 ? at + max + 8 : len) : len;
  size_t line = at;
  para->start = at;
  do {
    para->end = pst_line_end(s, limit, line, next);
    line = *next;
  } while (!by_line && line < limit && !skip_blank(s, len, line, &skipped));
  if (para->end - at > max) {
    para->end = choose_cut(s, len, at, max);
    *next = after_cut(s, len, para->end);
  }
  return true;
}

/* ---- places ---- */

/* Moves *mark over one unit; `n` bytes that are code point cp. */
static void pass_unit(pst_mark *mark, const char *s, size_t len, size_t n, uint32_t cp) {
  pst_place *place = &mark->place;
  mark->at += n;
  place->byte += n;
  place->point++;
  place->utf16 += cp >= 0x10000 && cp != PST_ILL ? 2 : 1;
  if (cp == '\n' || (cp == '\r' && !mark->lf && !(mark->at < len && s[mark->at] == '\n'))) {
    place->line++;
    place->byte = place->point = place->utf16 = 1;
  }
}

void pst_mark_walk(pst_mark *mark, const char *s, size_t len, size_t to) {
  while (mark->at < to) {
    uint32_t cp;
    if (to - mark->at >= 8) {
      uint64_t word = load8(s + mark->at);
      if (!(has_break(word) | (word & EACH(0x80u)))) {
        mark->at += 8;
        mark->place.byte += 8;
        mark->place.point += 8;
        mark->place.utf16 += 8;
        continue;
      }
    }
    size_t n = pst_utf8_next(s, len, mark->at, &cp);
    if (n > to - mark->at) return;
    pass_unit(mark, s, len, n, cp);
  }
}

static size_t column_of(const pst_place *place, pst_unit unit) {
  return unit == PST_BYTES ? place->byte : unit == PST_POINTS ? place->point : place->utf16;
}

bool pst_place_behind(const pst_place *place, size_t line, size_t column, pst_unit unit) {
  return place->line > line || (place->line == line && column_of(place, unit) > column);
}

size_t pst_mark_seek(pst_mark mark, const char *s, size_t len, size_t line, size_t column,
                     pst_unit unit) {
  while (mark.at < len) {
    size_t here = mark.at, row = mark.place.line;
    uint32_t cp;
    size_t n = pst_utf8_next(s, len, mark.at, &cp);
    if (row >= line && (cp == '\n' || (cp == '\r' && !mark.lf))) break;
    pass_unit(&mark, s, len, n, cp);
    if (row >= line && column_of(&mark.place, unit) > column) return here;
  }
  return mark.at;
}
