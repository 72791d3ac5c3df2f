/* norm.c - normalisation forms; see norm.h.
 *
 * The algorithm is that of UAX #15 with its quick check: code points that normalisation leaves
 * alone are passed by, and only a starter with what may combine with it is taken apart, ordered and
 * put together.  utf8proc is asked about single code points and pairs only.  Its own reordering
 * takes quadratic time, and some of its versions drop U+11A7 behind a Hangul syllable, so neither
 * ordering nor Hangul is left to it.
 */
#include "norm.h"

#include <utf8proc.h>

enum {
  BLOCK = 64,        /* code points that share a block: what one tail byte of UTF-8 tells apart */
  BLOCKS = 2048,     /* planes 0 and 1 */
  SORT_BY_HAND = 24, /* marks in a row that insertion sorts faster than counting */
  CLASSES = 256,     /* of combining */
  LONGEST = 32       /* code points of a decomposition (18 in Unicode 15) */
};

/* Hangul syllables and their parts, conjoining jamo. */
enum {
  LEAD = 0x1100,
  LEADS = 19,
  VOWEL = 0x1161,
  VOWELS = 21,
  TRAIL = 0x11A7,
  TRAILS = 28, /* the first of them stands for none, and is no trail itself */
  JAMO_END = 0x1200,
  SYLLABLE = 0xAC00,
  SYLLABLES = LEADS * VOWELS * TRAILS
};

/* What the scan has to know of a code point under one form. */
typedef enum role {
  INERT, /* a starter that stays as it is, whatever stands before it */
  MARK,  /* stays as it is, but for its place among other marks */
  JOINS, /* may combine with what stands before it */
  STARTS /* changes, but nothing before it has a part in that */
} role;

/* Roles of 64 code points, one bit each; one that has none STARTS, or the block was not looked at.
 */
typedef struct block {
  uint64_t inert, mark, joins;
} block;

typedef struct job {
  pst_norm *out;
  const char *s;
  size_t len;
  bool composes, compat;
  size_t copied;                /* s [0, copied) is in out */
  block *blocks;                /* BLOCKS of them */
  uint64_t known[BLOCKS / 64];  /* one bit a block */
  PST_VEC(uint32_t) seq, spare; /* code points with their class in the upper 8 bits */
} job;

const char *pst_norm_unicode(void) { return utf8proc_unicode_version(); }

/* ---- single code points ---- */

static const utf8proc_property_t *property(uint32_t cp) {
  return utf8proc_get_property((utf8proc_int32_t)cp);
}

static uint32_t class_of(uint32_t cp) { return (uint32_t)(property(cp)->combining_class & 0xFF); }

static uint32_t item_of(uint32_t cp) { return cp | class_of(cp) << 24; }

static uint32_t item_point(uint32_t item) { return item & 0xFFFFFFu; }

static uint32_t item_class(uint32_t item) { return item >> 24; }

static bool is_syllable(uint32_t cp) { return cp - SYLLABLE < SYLLABLES; }

/* Whether cp can be the second of a pair that composes. */
static bool is_second(uint32_t cp) {
  if (cp >= LEAD && cp < JAMO_END)
    return cp - VOWEL < VOWELS || (cp > TRAIL && cp - TRAIL < TRAILS);
#if UTF8PROC_VERSION_MAJOR > 2 || UTF8PROC_VERSION_MINOR >= 10
  return property(cp)->comb_issecond;
#else
  uint16_t index = property(cp)->comb_index;
  return index >= 0x8000 && index != UINT16_MAX;
#endif
}

/* The code point that a starter and the one behind it make, or 0. */
static uint32_t pair(uint32_t first, uint32_t second) {
  if (!is_second(second)) return 0;
  if (second < JAMO_END && second >= LEAD) {
    if (second < TRAIL)
      return first - LEAD < LEADS ? SYLLABLE + ((first - LEAD) * VOWELS + (second - VOWEL)) * TRAILS
                                  : 0;
    return is_syllable(first) && (first - SYLLABLE) % TRAILS == 0 ? first + (second - TRAIL) : 0;
  }
  utf8proc_int32_t both[2] = {(utf8proc_int32_t)first, (utf8proc_int32_t)second};
  utf8proc_option_t how = (utf8proc_option_t)(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  return utf8proc_normalize_utf32(both, 2, how) == 1 ? (uint32_t)both[0] : 0;
}

/* Writes what cp decomposes into to `to`, which has room for LONGEST; how many.  A longer one,
 * which no version of Unicode has, would be left as it is. */
static size_t decompose(bool compat, uint32_t cp, uint32_t *to) {
  to[0] = cp;
  if (is_syllable(cp)) {
    uint32_t index = cp - SYLLABLE, trail = index % TRAILS;
    to[0] = LEAD + index / (VOWELS * TRAILS);
    to[1] = VOWEL + index / TRAILS % VOWELS;
    to[2] = TRAIL + trail;
    return trail ? 3 : 2;
  }
  if (property(cp)->decomp_seqindex == UINT16_MAX) return 1;
  utf8proc_int32_t parts[LONGEST];
  int bound = 0; /* of graphemes, which nobody asked for */
  utf8proc_option_t how = (utf8proc_option_t)(UTF8PROC_DECOMPOSE | (compat ? UTF8PROC_COMPAT : 0));
  utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, LONGEST, how, &bound);
  if (n < 1 || n > LONGEST) return 1;
  for (utf8proc_ssize_t i = 0; i < n; i++) to[i] = (uint32_t)parts[i];
  return (size_t)n;
}

/* Puts n ordered items together as far as they go; how many remain. */
static size_t compose(uint32_t *items, size_t n) {
  size_t kept = 0, starter = SIZE_MAX;
  uint32_t last = 0; /* class of the item kept last */
  for (size_t i = 0; i < n; i++) {
    uint32_t item = items[i], kind = item_class(item);
    /* Blocked is what has something of its own class or above, or a starter, in between. */
    if (starter != SIZE_MAX && (kept == starter + 1 || last < kind)) {
      uint32_t whole = pair(items[starter], item_point(item));
      if (whole) {
        items[starter] = whole;
        continue;
      }
    }
    if (kind == 0) starter = kept;
    last = kind;
    items[kept++] = item;
  }
  return kept;
}

/* Looks cp up: what the scan would have to do about it. */
static role role_of(bool composes, bool compat, uint32_t cp) {
  uint32_t parts[LONGEST];
  if (composes && is_syllable(cp)) return INERT;
  size_t n = decompose(compat, cp, parts);
  uint32_t first = parts[0];
  bool alone = class_of(first) == 0 && !(composes && is_second(first)),
       stays = n == 1 && first == cp;
  if (stays && !alone) return composes && is_second(cp) ? JOINS : MARK;
  if (!stays && composes) {
    for (size_t i = 0; i < n; i++) parts[i] = item_of(parts[i]);
    stays = compose(parts, n) == 1 && parts[0] == cp;
  }
  return !alone ? JOINS : stays ? INERT : STARTS;
}

/* The role of cp; looks all of its block up when it is the first of it. */
static role look_up(job *j, uint32_t cp) {
  size_t at = cp / BLOCK;
  if (at >= BLOCKS) return role_of(j->composes, j->compat, cp);
  block *b = &j->blocks[at];
  if (!(j->known[at / 64] >> at % 64 & 1u)) {
    for (uint32_t i = 0; i < BLOCK; i++) {
      role r = role_of(j->composes, j->compat, (uint32_t)(at * BLOCK + i));
      b->inert |= (uint64_t)(r == INERT) << i;
      b->mark |= (uint64_t)(r == MARK) << i;
      b->joins |= (uint64_t)(r == JOINS) << i;
    }
    j->known[at / 64] |= UINT64_C(1) << at % 64;
  }
  if (b->inert >> cp % BLOCK & 1u) return INERT;
  if (b->mark >> cp % BLOCK & 1u) return MARK;
  return b->joins >> cp % BLOCK & 1u ? JOINS : STARTS;
}

/* ---- sequences ---- */

static void sort_by_hand(uint32_t *items, size_t n) {
  for (size_t i = 1; i < n; i++) {
    uint32_t item = items[i];
    size_t to = i;
    for (; to > 0 && item_class(items[to - 1]) > item_class(item); to--) items[to] = items[to - 1];
    items[to] = item;
  }
}

/* Sorts n items stably by class; `spare` has room for them. */
static void sort_by_count(uint32_t *items, uint32_t *spare, size_t n) {
  size_t at[CLASSES + 1] = {0};
  for (size_t i = 0; i < n; i++) at[item_class(items[i]) + 1]++;
  for (size_t i = 0; i < CLASSES; i++) at[i + 1] += at[i];
  for (size_t i = 0; i < n; i++) spare[at[item_class(items[i])]++] = items[i];
  memcpy(items, spare, n * sizeof *items);
}

/* Brings each run of marks in the sequence into canonical order. */
static bool order(job *j) {
  for (size_t i = 0; i < j->seq.n;) {
    size_t start = i;
    uint32_t last = 0;
    bool sorted = true;
    for (; i < j->seq.n && item_class(j->seq.at[i]) != 0; i++) {
      sorted = sorted && item_class(j->seq.at[i]) >= last;
      last = item_class(j->seq.at[i]);
    }
    size_t n = i - start;
    if (n == 0) {
      i++;
    } else if (!sorted && n <= SORT_BY_HAND) {
      sort_by_hand(j->seq.at + start, n);
    } else if (!sorted) {
      if (!PST_RESERVE(&j->out->mem, &j->spare, n)) return false;
      sort_by_count(j->seq.at + start, j->spare.at, n);
    }
  }
  return true;
}

/* Whether the sequence, written out, is s [start, end). */
static bool is_same(const job *j, size_t start, size_t end) {
  for (size_t i = 0; i < j->seq.n; i++) {
    char bytes[4];
    size_t n = pst_utf8_put(bytes, item_point(j->seq.at[i]));
    if (n > end - start || memcmp(bytes, j->s + start, n) != 0) return false;
    start += n;
  }
  return start == end;
}

/* Copies what has not been copied of s [0, end). */
static bool copy_to(job *j, size_t end) {
  size_t n = end - j->copied;
  if (!PST_RESERVE(&j->out->mem, &j->out->text, n)) return false;
  if (n) memcpy(j->out->text.at + j->out->text.n, j->s + j->copied, n);
  j->out->text.n += n;
  j->copied = end;
  return true;
}

/* Writes the sequence in place of s [start, end). */
static bool replace(job *j, size_t start, size_t end) {
  pst_norm *out = j->out;
  if (!copy_to(j, start) || j->seq.n > SIZE_MAX / 4) return false;
  if (!PST_RESERVE(&out->mem, &out->text, j->seq.n * 4)) return false;
  pst_norm_seg seg = {start, out->text.n, end - start, 0};
  for (size_t i = 0; i < j->seq.n; i++)
    out->text.n += pst_utf8_put(out->text.at + out->text.n, item_point(j->seq.at[i]));
  seg.tlen = out->text.n - seg.to;
  j->copied = end;
  return PST_PUSH(&out->mem, &out->seg, seg);
}

/* Collects the sequence that starts at `start`, normalises it and finds its end. */
static bool rewrite(job *j, size_t start, size_t *end) {
  size_t at = start;
  j->seq.n = 0;
  while (at < j->len) {
    uint32_t cp, parts[LONGEST];
    size_t bytes = pst_utf8_next(j->s, j->len, at, &cp);
    if (cp == PST_ILL) break;
    if (at > start) {
      role r = look_up(j, cp);
      if (r == INERT || r == STARTS) break;
    }
    size_t n = decompose(j->compat, cp, parts);
    if (!PST_RESERVE(&j->out->mem, &j->seq, n)) return false;
    for (size_t i = 0; i < n; i++) j->seq.at[j->seq.n++] = item_of(parts[i]);
    at += bytes;
  }
  *end = at;
  if (!order(j)) return false;
  if (j->composes) j->seq.n = compose(j->seq.at, j->seq.n);
  return is_same(j, start, at) || replace(j, start, at);
}

/* ---- the scan ---- */

#define EACH(byte) (UINT64_MAX / 255u * (byte))

/* Eight bytes, the first lowest (compilers make one load of it where they can). */
static uint64_t load8(const char *s) {
  const unsigned char *b = (const unsigned char *)s;
  return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
         (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

static uint32_t load4(const char *s) {
  const unsigned char *b = (const unsigned char *)s;
  return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Whether one of 64 bytes is not ASCII. */
static bool has_top(const char *s) {
  uint64_t w[8], all = 0;
  memcpy(w, s, sizeof w);
  for (size_t i = 0; i < PST_COUNT(w); i++) all |= w[i];
  return (all & EACH(0x80u)) != 0;
}

/* The first byte at or after `at` that is not ASCII, or len. */
static size_t skip_ascii(const char *s, size_t len, size_t at) {
  size_t soon = at + 128; /* longer runs are worth the longer stride */
  for (; len - at >= 16; at += 16) {
    if (at >= soon) {
      while (len - at >= 64 && !has_top(s + at)) at += 64;
      if (len - at < 16) break;
    }
    uint64_t first = load8(s + at) & EACH(0x80u), second = load8(s + at + 8) & EACH(0x80u);
    if (!(first | second)) continue;
    uint64_t tops = first ? first : second;
    /* One bit for each byte up to the one that has its top bit set, and all of them added up. */
    uint64_t upto = ((tops & (~tops + 1)) - 1) & EACH(1u);
    return at + (first ? 0 : 8) + (size_t)(upto * EACH(1u) >> 56) - 1;
  }
  while (at < len && !((unsigned char)s[at] & 0x80u)) at++;
  return at;
}

/* Passes what needs nothing from `at` on: inert code points of two or three bytes, single marks
 * behind them, single ASCII characters between.  Where the last inert one starts goes into *base;
 * and *marked says whether it ended behind a mark.  Ends at whatever else it meets. */
static size_t skip_inert(const job *j, size_t at, size_t *base, bool *marked) {
  size_t last = *base;
  bool mark = true; /* nothing is known of what stands before `at` */
  while (j->len - at >= 4) {
    uint32_t four = load4(j->s + at);
    size_t index, n;
    unsigned bit;
    if ((four & 0xC0C0F0u) == 0x8080E0u) {
      index = (four & 0xFu) << 6 | (four >> 8 & 0x3Fu);
      bit = four >> 16 & 0x3Fu;
      n = 3;
      if (index < 0x20) break; /* overlong; surrogates need no test, for nobody looks them up */
    } else if ((four & 0xC0E0u) == 0x80C0u) {
      index = four & 0x1Fu;
      bit = four >> 8 & 0x3Fu;
      n = 2;
      if (index < 2) break;
    } else if ((four & 0x8080u) == 0x8000u) {
      last = at++;
      mark = false;
      continue;
    } else {
      break;
    }
    const block *b = &j->blocks[index];
    if (b->inert >> bit & 1u) {
      last = at;
      mark = false;
    } else {
      if (mark || !(b->mark >> bit & 1u)) break;
      mark = true;
    }
    at += n;
  }
  *base = last;
  *marked = mark;
  return at;
}

/* The class of the code point that ends at `at`. */
static uint32_t class_before(const job *j, size_t at) {
  uint32_t cp;
  pst_utf8_prev(j->s, j->len, at, &cp);
  return class_of(cp);
}

/* Goes through the text from the first byte that is not ASCII on. */
static bool scan(job *j, size_t at) {
  size_t base = at > 0 ? at - 1 : 0; /* where a sequence that goes on at `at` begins */
  uint32_t last = 0;                 /* class of the code point before */
  while (at < j->len) {
    size_t from = at;
    bool marked = false;
    at = skip_ascii(j->s, j->len, at);
    if (at > from) base = at - 1;
    size_t middle = at;
    if (at < j->len) at = skip_inert(j, at, &base, &marked);
    if (at > from) last = at > middle && marked ? class_before(j, at) : 0;
    if (at == j->len || !((unsigned char)j->s[at] & 0x80u)) continue;
    uint32_t cp;
    size_t bytes = pst_utf8_next(j->s, j->len, at, &cp);
    role r = cp == PST_ILL ? INERT : look_up(j, cp);
    uint32_t kind = r == MARK ? class_of(cp) : 0;
    if (r == INERT || (r == MARK && kind >= last)) {
      if (r == INERT) base = cp == PST_ILL ? at + bytes : at;
      last = kind;
      at += bytes;
      continue;
    }
    if (!rewrite(j, r == STARTS ? at : base, &at)) return false;
    base = at;
    last = 0;
  }
  return copy_to(j, j->len);
}

static bool run(job *j) {
  const postil_mem *mem = &j->out->mem;
  size_t at = skip_ascii(j->s, j->len, 0);
  if (!PST_RESERVE(mem, &j->out->text, j->len)) return false;
  if (at == j->len) return copy_to(j, j->len);
  j->blocks = pst_mem_new(mem, BLOCKS, sizeof *j->blocks);
  if (!j->blocks) return false;
  bool fine = scan(j, at);
  pst_mem_free(mem, j->blocks, BLOCKS, sizeof *j->blocks);
  PST_FREE(mem, &j->seq);
  PST_FREE(mem, &j->spare);
  return fine;
}

postil_status pst_norm_make(pst_norm *out, const postil_mem *mem, pst_form form, const char *text,
                            size_t len, postil_err *err) {
  job j = {0};
  pst_norm_free(out);
  out->mem = *mem;
  out->len = len;
  j.out = out;
  j.s = text;
  j.len = len;
  j.composes = form == PST_NFC || form == PST_NFKC;
  j.compat = form == PST_NFKC || form == PST_NFKD;
  if (run(&j)) return POSTIL_OK;
  pst_norm_free(out);
  return pst_err_nomem(err);
}

void pst_norm_free(pst_norm *norm) {
  if (norm->text.at) PST_FREE(&norm->mem, &norm->text);
  if (norm->seg.at) PST_FREE(&norm->mem, &norm->seg);
  norm->len = 0;
}

/* ---- the map ---- */

/* One side of a segment. */
static size_t seg_start(const pst_norm_seg *seg, bool back) { return back ? seg->to : seg->from; }

static size_t seg_length(const pst_norm_seg *seg, bool back) {
  return back ? seg->tlen : seg->flen;
}

/* Where `at` of one text lies in the other: norm to original when `back`.  Inside a segment it is
 * the segment's start, or its end when `up`. */
static size_t map_point(const pst_norm *norm, size_t at, bool back, bool up) {
  size_t low = 0, high = norm->seg.n; /* the segments before `low` start before `at` */
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (seg_start(&norm->seg.at[middle], back) < at)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0) return at;
  const pst_norm_seg *seg = &norm->seg.at[low - 1];
  size_t into = at - seg_start(seg, back), length = seg_length(seg, back);
  if (into < length && !up) return seg_start(seg, !back);
  size_t past = into < length ? 0 : into - length;
  return seg_start(seg, !back) + seg_length(seg, !back) + past;
}

/* The start of the unit of the normalised text that `at` lies in, or the end when `up`. */
static size_t whole_unit(const pst_norm *norm, size_t at, bool up) {
  size_t start = pst_utf8_floor(norm->text.at, norm->text.n, at);
  if (start == at || !up) return start;
  uint32_t cp;
  return start + pst_utf8_next(norm->text.at, norm->text.n, start, &cp);
}

pst_span pst_norm_back(const pst_norm *norm, size_t start, size_t end) {
  size_t n = norm->text.n;
  start = whole_unit(norm, start < n ? start : n, false);
  end = whole_unit(norm, end < n ? end : n, true);
  pst_span span = {map_point(norm, start, true, false), map_point(norm, end, true, true)};
  return span;
}

pst_span pst_norm_forth(const pst_norm *norm, size_t start, size_t end) {
  size_t n = norm->len;
  start = map_point(norm, start < n ? start : n, false, false);
  end = map_point(norm, end < n ? end : n, false, true);
  pst_span span = {whole_unit(norm, start, false), whole_unit(norm, end, true)};
  return span;
}
