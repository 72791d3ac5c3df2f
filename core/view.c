/* view.c - folding with a map back; see view.h.
 *
 * One pass: plain ASCII is copied eight bytes at a time, everything else goes by grapheme
 * clusters.  A cluster that folding changed, or that has several code points, becomes a segment of
 * the map; so no span ever ends within a cluster.  An index says for each block of bytes where its
 * segments are, so asking the map costs a look at the few of one block.  Text that is not in NFC
 * (UAX #15 quick check) is normalised first, and the two maps are joined on the way.
 */
#include "view.h"

#include <utf8proc.h>

enum {
  ROOM = 16,         /* bytes that one step writes at most */
  FIRST_MARK = 0x300 /* nothing below combines with anything or extends a cluster */
};

/* One folding: what is read, and the cluster that is being collected. */
typedef struct fold {
  pst_view *view;
  const postil_mem *mem;
  const char *s; /* the source: the text, or its NFC */
  size_t len, at;
  size_t origin;       /* of the source's start, counted from the view's base */
  size_t text;         /* what `at` is in the text, from origin */
  const pst_norm *norm; /* NULL: the source is the text */
  size_t seg;          /* the first segment of norm that does not end before `at` */
  bool open;           /* a cluster is being collected */
  bool whole;          /* it needs a segment */
  size_t from, to;     /* where it starts: text from origin, view */
  uint32_t last;       /* code point before `at`; a control where nothing can join */
  utf8proc_int32_t state;
} fold;

void pst_view_reset(pst_view *view, size_t base) {
  view->bytes.n = 0;
  view->seg.n = view->by_view.n = view->by_text.n = 0;
  view->base = base;
}

void pst_view_free(pst_view *view, const postil_mem *mem) {
  PST_FREE(mem, &view->bytes);
  PST_FREE(mem, &view->seg);
  PST_FREE(mem, &view->by_view);
  PST_FREE(mem, &view->by_text);
  view->base = 0;
}

/* ---- kinds of characters ---- */

static const utf8proc_property_t *property(uint32_t cp) {
  return utf8proc_get_property((utf8proc_int32_t)cp);
}

static bool is_digit(uint32_t cp) { return cp - '0' < 10; }

/* White space and line ends, U+200B with them. */
static bool is_space(uint32_t cp) {
  if (cp < 0x80) return cp == ' ' || (cp >= '\t' && cp <= '\r');
  return cp == 0x85 || cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200B) ||
         cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

/* What vanishes wherever it stands. */
static bool is_ignorable(uint32_t cp) {
  if (cp < FIRST_MARK) return cp == 0xAD;
  return cp == 0x34F || cp == 0x61C || (cp >= 0x180B && cp <= 0x180F) || cp == 0x200E ||
         cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) ||
         (cp >= 0xFE00 && cp <= 0xFE0F) || cp == 0xFEFF || (cp >= 0xE0100 && cp <= 0xE01EF);
}

/* A letter, or a mark on one, of a script in which joiners mean nothing. */
static bool is_european(uint32_t cp) {
  if (cp < 0x80) return (cp | 0x20u) - 'a' < 26;
  if (cp < 0x530) {
    if (cp >= FIRST_MARK && cp < 0x370) return true;
    utf8proc_category_t kind = (utf8proc_category_t)property(cp)->category;
    return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
  }
  return (cp >= 0x1C80 && cp < 0x1C90) || (cp >= 0x1D00 && cp < 0x2000) ||
         (cp >= 0x2C60 && cp < 0x2C80) || (cp >= 0x2DE0 && cp < 0x2E00) ||
         (cp >= 0xA640 && cp < 0xA6A0) || (cp >= 0xA720 && cp < 0xA800) ||
         (cp >= 0xAB30 && cp < 0xAB70);
}

/* The character that stands for cp in the view, or cp itself. */
static uint32_t stand_in(uint32_t cp) {
  if (cp >= 0xFF01 && cp <= 0xFF5E) return cp - 0xFF01 + '!';
  switch (cp) {
    case 0xAB: case 0xBB: case 0x201C: case 0x201D: case 0x201E: case 0x201F: case 0x275D:
    case 0x275E: case 0x2E42: case 0x301D: case 0x301E: case 0x301F: return '"';
    case 0x2BC: case 0x2018: case 0x2019: case 0x201A: case 0x201B: case 0x2039: case 0x203A:
    case 0x275B: case 0x275C: return '\'';
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2212: case 0xFE32: case 0xFE63:
      return '-';
    case 0x2015: case 0x2E3A: case 0x2E3B: case 0xFE31: case 0xFE58: return 0x2014;
    default: return cp;
  }
}

/* Plain letters of a Latin ligature, or NULL. */
static const char *ligature(uint32_t cp) {
  static const char *const letters[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
  return cp >= 0xFB00 && cp - 0xFB00 < PST_COUNT(letters) ? letters[cp - 0xFB00] : NULL;
}

/* ---- is it in NFC? ---- */

/* Whether cp is surely in NFC after anything: scripts whose letters would else be looked up. */
static bool is_stable(uint32_t cp) {
  return cp < FIRST_MARK || (cp >= 0x388 && cp < 0x483) || (cp >= 0x48A && cp < 0x591) ||
         (cp >= 0x1E00 && cp < 0x1F00) || (cp >= 0x2002 && cp < 0x2070) ||
         (cp >= 0x3000 && cp < 0x302A) || (cp >= 0x3400 && cp < 0xA000) ||
         (cp >= 0xAC00 && cp < 0xD7A4);
}

/* Whether cp may combine with what stands before it. */
static bool may_combine(uint32_t cp, const utf8proc_property_t *p) {
  if (cp >= 0x1161 && cp < 0x1200) return cp <= 0x1175 || (cp >= 0x11A8 && cp <= 0x11C2);
#if UTF8PROC_VERSION_MAJOR > 2 || UTF8PROC_VERSION_MINOR >= 10
  return p->comb_issecond;
#else
  return p->comb_index >= 0x8000 && p->comb_index != UINT16_MAX;
#endif
}

/* Whether NFC leaves a code point with a canonical decomposition as it is. */
static bool recomposes(uint32_t cp) {
  utf8proc_int32_t parts[ROOM];
  int bound = 0;
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, ROOM,
                                               UTF8PROC_DECOMPOSE, &bound);
  if (n < 1 || n > ROOM) return false;
  n = utf8proc_normalize_utf32(parts, n,
                               (utf8proc_option_t)(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  return n == 1 && (uint32_t)parts[0] == cp;
}

/* The first byte at or after `at` that is not ASCII, or len. */
static size_t skip_ascii(const char *s, size_t len, size_t at) {
  for (; len - at >= 8; at += 8) {
    uint64_t word;
    memcpy(&word, s + at, 8);
    if (word & UINT64_C(0x8080808080808080)) break;
  }
  while (at < len && !((unsigned char)s[at] & 0x80u)) at++;
  return at;
}

/* The quick check of UAX #15; false may mean "perhaps". */
static bool in_nfc(const char *s, size_t len) {
  int last = 0;
  for (size_t at = 0; at < len;) {
    uint32_t cp;
    if (!((unsigned char)s[at] & 0x80u)) {
      at = skip_ascii(s, len, at);
      last = 0;
      continue;
    }
    at += pst_utf8_next(s, len, at, &cp);
    if (cp == PST_ILL || is_stable(cp)) {
      last = 0;
      continue;
    }
    const utf8proc_property_t *p = property(cp);
    int kind = p->combining_class & 0xFF;
    if ((kind && kind < last) || may_combine(cp, p)) return false;
    if (p->decomp_seqindex != UINT16_MAX && p->decomp_type == 0 && !recomposes(cp)) return false;
    last = kind;
  }
  return true;
}

/* ---- clusters ---- */

/* Fills the index up to the block of `at`, where segment n starts. */
static bool index_up_to(pst_view_index *index, const postil_mem *mem, uint32_t at, size_t n) {
  size_t want = (size_t)at / PST_VIEW_BLOCK + 1;
  if (want <= index->n) return true;
  if (!PST_RESERVE(mem, index, want - index->n)) return false;
  while (index->n < want) index->at[index->n++] = (uint32_t)n;
  return true;
}

/* Adds a segment.  Two that vanish side by side become one, so hardly any start at one place. */
static bool add_seg(pst_view *view, const postil_mem *mem, pst_view_seg seg) {
  pst_view_seg *last = view->seg.n ? &view->seg.at[view->seg.n - 1] : NULL;
  if (last && seg.vlen == 0 && last->vlen == 0 && last->view == seg.view &&
      last->text + last->tlen == seg.text) {
    last->tlen += seg.tlen;
    return true;
  }
  return index_up_to(&view->by_view, mem, seg.view, view->seg.n) &&
         index_up_to(&view->by_text, mem, seg.text, view->seg.n) && PST_PUSH(mem, &view->seg, seg);
}

/* Writes the segment of the cluster being collected, if it needs one. */
static bool close_cluster(fold *f) {
  pst_view *view = f->view;
  if (!f->open) return true;
  f->open = false;
  if (!f->whole) return true;
  pst_view_seg seg = {(uint32_t)(f->origin + f->from), (uint32_t)f->to,
                      (uint32_t)(f->text - f->from), (uint32_t)(view->bytes.n - f->to)};
  return add_seg(view, f->mem, seg);
}

static void open_cluster(fold *f) {
  f->open = true;
  f->whole = false;
  f->from = f->text;
  f->to = f->view->bytes.n;
  f->state = 0;
}

/* Whether cp, at `at`, belongs to the cluster before it: to be asked once a character, for state is
 * kept. */
static bool joins(fold *f, uint32_t cp) {
  if (!f->open) return false;
  bool inside = f->norm && f->seg < f->norm->seg.n && f->at > f->norm->seg.at[f->seg].to;
  if (!inside && cp < FIRST_MARK && f->last < FIRST_MARK) return false;
  bool breaks = utf8proc_grapheme_break_stateful((utf8proc_int32_t)f->last, (utf8proc_int32_t)cp,
                                                 &f->state);
  return inside || !breaks;
}

/* Moves n bytes on in the source, and in the text. */
static void advance(fold *f, size_t n) {
  f->at += n;
  f->text += n;
  while (f->norm && f->seg < f->norm->seg.n) {
    const pst_norm_seg *seg = &f->norm->seg.at[f->seg];
    if (f->at <= seg->to) break;
    if (f->at < seg->to + seg->tlen) {
      f->text = seg->from;
      break;
    }
    f->text = seg->from + seg->flen + (f->at - seg->to - seg->tlen);
    f->seg++;
  }
}

/* ---- the fast way ---- */

#define EACH(byte) (UINT64_MAX / 255u * (byte))

/* Top bits of the bytes of w (all below 0x80) that equal `byte`. */
static uint64_t same_bytes(uint64_t w, unsigned byte) {
  return ~((w ^ EACH(byte)) + EACH(0x7Fu)) & EACH(0x80u);
}

/* Whether eight bytes can be copied as they are: no control and no two quotes in a row; of a
 * quote at the end the next byte decides, so there it is not. */
static bool copies(const char *s) {
  uint64_t w;
  memcpy(&w, s, 8);
  if (w & EACH(0x80u)) return false;
  if (~(w + EACH(0x60u)) & EACH(0x80u)) return false;
  uint64_t quotes = same_bytes(w, '\''), ticks = same_bytes(w, '`');
  return !((quotes & (quotes >> 8)) | (ticks & (ticks >> 8))) && s[7] != '\'' && s[7] != '`';
}

/* Whether a byte is an ASCII character that needs only itself to be folded. */
static bool is_simple(const char *s, size_t len, size_t at) {
  unsigned char c = (unsigned char)s[at];
  if (c >= 0x80) return false;
  if (c == '\'' || c == '`') return at + 1 == len || (unsigned char)s[at + 1] != c;
  return c != '\r' || at + 1 == len || s[at + 1] != '\n';
}

/* Letters and signs beyond ASCII that fold to themselves, and that make a cluster with nothing
 * that is as plain or ASCII: what European and Chinese texts are full of. */
static bool is_plain(uint32_t cp) {
  return (cp >= 0xC0 && cp < 0x250) || (cp >= 0x388 && cp < 0x483) || (cp >= 0x48A && cp < 0x530) ||
         (cp >= 0x1E00 && cp < 0x1F00) || cp == 0x2014 || (cp >= 0x3001 && cp < 0x3004) ||
         (cp >= 0x3400 && cp < 0xA000);
}

/* Whether what stands at `at` goes the fast way; what it is, and its bytes. */
static size_t plain_at(const fold *f, size_t at, uint32_t *cp) {
  *cp = (unsigned char)f->s[at];
  if (*cp < 0x80) return is_simple(f->s, f->len, at) ? 1 : 0;
  size_t n = pst_utf8_next(f->s, f->len, at, cp);
  return is_plain(*cp) ? n : 0;
}

/* Copies up to `limit` as far as it goes; how much.  The last character goes to *cp and its
 * bytes to *last.  There is room for it, and one character at least goes this way. */
static size_t copy_plain(const fold *f, char *to, size_t limit, uint32_t *cp, size_t *last) {
  size_t at = f->at, n;
  while (at < limit) {
    while (limit - at >= 8 && copies(f->s + at)) {
      memcpy(to, f->s + at, 8);
      to += 8;
      at += 8;
      *last = 1;
      *cp = (unsigned char)f->s[at - 1];
    }
    uint32_t next;
    if (at >= limit || (n = plain_at(f, at, &next)) == 0) break;
    memcpy(to, f->s + at, n);
    if (next >= '\t' && next <= '\r') *to = ' ';
    to += n;
    at += n;
    *last = n;
    *cp = next;
  }
  return at - f->at;
}

/* Takes a run of plain characters; *some is false if there is none.  The last one stays open as a
 * cluster, for a mark may follow it. */
static bool take_plain(fold *f, bool *some) {
  size_t limit = f->len, last = 0;
  uint32_t cp;
  *some = false;
  if (f->norm && f->seg < f->norm->seg.n) limit = f->norm->seg.at[f->seg].to;
  if (f->at >= limit || plain_at(f, f->at, &cp) == 0) return true;
  utf8proc_int32_t state = f->state;
  if (joins(f, cp)) {
    f->state = state; /* take_unit asks again */
    return true;
  }
  if (!close_cluster(f) || !PST_RESERVE(f->mem, &f->view->bytes, limit - f->at)) return false;
  size_t n = copy_plain(f, f->view->bytes.at + f->view->bytes.n, limit, &f->last, &last);
  f->view->bytes.n += n - last;
  advance(f, n - last);
  open_cluster(f);
  f->view->bytes.n += last;
  advance(f, last);
  *some = true;
  return true;
}

/* ---- one step ---- */

/* What the source has at `at`, with `''`, `` and CRLF as one character. */
static size_t next_unit(const fold *f, uint32_t *cp) {
  size_t n = pst_utf8_next(f->s, f->len, f->at, cp);
  if (*cp >= 0x80 || f->at + 1 == f->len) return n;
  char next = f->s[f->at + 1];
  if ((*cp == '\'' || *cp == '`') && (unsigned char)next == *cp) {
    *cp = '"';
    return 2;
  }
  if (*cp == '\r' && next == '\n') {
    *cp = '\n';
    return 2;
  }
  return n;
}

/* Whether the character behind the n bytes at `at` fulfils a test. */
static bool next_is(const fold *f, size_t n, bool (*test)(uint32_t)) {
  uint32_t cp;
  if (f->at + n >= f->len) return false;
  pst_utf8_next(f->s, f->len, f->at + n, &cp);
  return test(cp);
}

/* Writes the fold of cp, n bytes of the source, to `to`; how many bytes. */
static size_t write_fold(const fold *f, uint32_t cp, size_t n, char *to) {
  if (cp == PST_ILL) return pst_utf8_put(to, 0xFFFD);
  if (is_ignorable(cp)) return 0;
  if ((cp == 0x200C || cp == 0x200D) && is_european(f->last) && next_is(f, n, is_european))
    return 0;
  if (is_space(cp)) {
    bool narrow = cp == 0xA0 || cp == 0x202F || cp == 0x2009;
    if (narrow && is_digit(f->last) && next_is(f, n, is_digit)) return pst_utf8_put(to, 0xA0);
    to[0] = ' ';
    return 1;
  }
  const char *letters = cp == 0x2026 ? "..." : ligature(cp);
  if (!letters) return pst_utf8_put(to, stand_in(cp));
  size_t len = strlen(letters);
  memcpy(to, letters, len);
  return len;
}

/* Takes one character that is not plain ASCII. */
static bool take_unit(fold *f) {
  pst_view *view = f->view;
  uint32_t cp;
  size_t n = next_unit(f, &cp);
  bool joined = cp != PST_ILL && joins(f, cp);
  if (!joined) {
    if (!close_cluster(f)) return false;
    open_cluster(f);
  }
  if (!PST_RESERVE(f->mem, &view->bytes, ROOM)) return false;
  char *to = view->bytes.at + view->bytes.n;
  size_t put = write_fold(f, cp, n, to);
  bool inside = f->norm && f->seg < f->norm->seg.n && f->at >= f->norm->seg.at[f->seg].to;
  f->whole = f->whole || joined || inside || put != n ||
             (put > 1 && memcmp(to, f->s + f->at, put) != 0);
  view->bytes.n += put;
  advance(f, n);
  f->last = cp == PST_ILL ? 0 : cp;
  return true;
}

static bool run(fold *f) {
  if (!PST_RESERVE(f->mem, &f->view->bytes, f->len + ROOM)) return false;
  while (f->at < f->len) {
    bool some;
    if (!take_plain(f, &some)) return false;
    if (!some && !take_unit(f)) return false;
  }
  return close_cluster(f);
}

/* Where the text ends that was added so far, from the base. */
static size_t text_end(const pst_view *view) {
  if (view->seg.n == 0) return view->bytes.n;
  const pst_view_seg *seg = &view->seg.at[view->seg.n - 1];
  return seg->text + seg->tlen + (view->bytes.n - seg->view - seg->vlen);
}

bool pst_view_same(const char *text, size_t len) {
  size_t at = 0;
  while (len - at >= 8 && copies(text + at)) at += 8;
  for (; at < len; at++)
    if (!is_simple(text, len, at) || (unsigned char)text[at] < ' ') return false;
  return true;
}

bool pst_view_add(pst_view *view, const postil_mem *mem, const char *bytes, pst_span span) {
  fold f = {.view = view, .mem = mem, .s = bytes, .len = span.end - span.start};
  pst_norm norm = {0};
  size_t end = text_end(view);
  f.origin = span.start - view->base;
  assert(span.start >= view->base + end);
  if (f.origin > end) {
    pst_view_seg gap = {(uint32_t)end, (uint32_t)view->bytes.n, (uint32_t)(f.origin - end), 0};
    if (!add_seg(view, mem, gap)) return false;
  }
  if (f.len == 0) return true;
  if (!in_nfc(f.s, f.len)) {
    if (pst_norm_make(&norm, mem, PST_NFC, f.s, f.len, NULL) != POSTIL_OK) return false;
    f.norm = &norm;
    f.s = norm.text.at;
    f.len = norm.text.n;
  }
  bool fine = run(&f);
  pst_norm_free(&norm);
  return fine;
}

/* ---- the map ---- */

/* How many segments start before `at`, or at it if `too`; counted in the view or in the text. */
static inline size_t segs_before(const pst_view *view, size_t at, bool in_text, bool too) {
  const pst_view_index *index = in_text ? &view->by_text : &view->by_view;
  size_t block = at / PST_VIEW_BLOCK, n = view->seg.n;
  if (block >= index->n) return n;
  for (size_t i = index->at[block]; i < n; i++) {
    size_t start = in_text ? view->seg.at[i].text : view->seg.at[i].view;
    if (start > at || (!too && start == at)) return i;
  }
  return n;
}

/* The start of the view's code point that `at` lies in, or its end. */
static inline size_t whole_point(const pst_view *view, size_t at, bool up) {
  if (at >= view->bytes.n) return view->bytes.n;
  if (((unsigned char)view->bytes.at[at] & 0xC0u) != 0x80) return at;
  size_t start = pst_utf8_floor(view->bytes.at, view->bytes.n, at);
  if (start == at || !up) return start;
  uint32_t cp;
  return start + pst_utf8_next(view->bytes.at, view->bytes.n, start, &cp);
}

size_t pst_view_text_start(const pst_view *view, size_t at) {
  at = whole_point(view, at, false);
  size_t n = segs_before(view, at, false, true);
  if (n == 0) return view->base + at;
  const pst_view_seg *seg = &view->seg.at[n - 1];
  size_t into = at - seg->view;
  return view->base + seg->text + (into < seg->vlen ? 0 : seg->tlen + into - seg->vlen);
}

size_t pst_view_text_end(const pst_view *view, size_t at) {
  at = whole_point(view, at, true);
  size_t n = segs_before(view, at, false, false);
  if (n == 0) return view->base + at;
  const pst_view_seg *seg = &view->seg.at[n - 1];
  size_t into = at - seg->view;
  return view->base + seg->text + seg->tlen + (into < seg->vlen ? 0 : into - seg->vlen);
}

size_t pst_view_at_start(const pst_view *view, size_t text) {
  if (text <= view->base) return 0;
  text -= view->base;
  size_t n = segs_before(view, text, true, true);
  if (n == 0) return whole_point(view, text, false);
  const pst_view_seg *seg = &view->seg.at[n - 1];
  size_t into = text - seg->text;
  if (into < seg->tlen) return seg->view;
  return whole_point(view, seg->view + seg->vlen + (into - seg->tlen), false);
}

size_t pst_view_at_end(const pst_view *view, size_t text) {
  if (text <= view->base) return 0;
  text -= view->base;
  size_t n = segs_before(view, text, true, false);
  if (n == 0) return whole_point(view, text, true);
  const pst_view_seg *seg = &view->seg.at[n - 1];
  size_t into = text - seg->text;
  if (into <= seg->tlen) return seg->view + seg->vlen;
  return whole_point(view, seg->view + seg->vlen + (into - seg->tlen), true);
}
