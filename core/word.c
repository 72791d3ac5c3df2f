/* word.c - the cut into items, their classes, sentences; and the lexicon; see word.h.
 *
 * Edges are those of UAX #29 with the tailorings of word.h, found by going forward once: ASCII by
 * a table of kinds, the rest by utf8proc's categories.  The lexicon is a hash table with open
 * addressing whose slots hold words of up to eight bytes whole, so that nearly every question
 * touches one line of the cache.
 */
#include "word.h"

#include <utf8proc.h>

enum {
  RUN_MAX = 60000, /* bytes of an item; what is longer is split */
  CHUNK = 256,     /* folded bytes of a word that are hashed at once */
  SLOTS = 256,     /* of a new lexicon; a power of two */
  ASCII_IDS = 128, /* ids below are single ASCII characters */
  OPENERS = 8,     /* marks between a stop and the next word that are looked over */
  LAST_BIT = 31    /* of item.up: stands for all letters from there on */
};

/* ---- the lexicon ---- */

/* The key is the folded bytes where these are eight at most.  Else its upper half is the lower one
 * of their hash, its lower half where in lexicon.bytes they are. */
typedef struct slot {
  uint64_t key;
  uint32_t id;  /* 0: free */
  uint32_t len; /* folded bytes */
} slot;

struct pst_lexicon {
  postil_mem mem;
  slot *slots;
  size_t mask;         /* slots - 1 */
  size_t count;        /* words in slots */
  PST_VEC(char) bytes; /* of words longer than eight, folded */
};

/* A word being looked up. */
typedef struct probe {
  uint64_t key, hash; /* key: of a longer word, the upper half of its slot's */
  size_t len;         /* folded bytes */
} probe;

#define EACH(byte) (UINT64_MAX / 255u * (byte))

/* Eight bytes, the first lowest (compilers make one load of it where they can). */
static inline uint64_t load8(const char *s) {
  const unsigned char *b = (const unsigned char *)s;
  return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
         (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

static inline uint64_t load4(const char *s) {
  const unsigned char *b = (const unsigned char *)s;
  return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24;
}

/* Up to eight bytes, the first lowest, zeros above; the loads overlap. */
static inline uint64_t load_upto8(const char *s, size_t n) {
  const unsigned char *b = (const unsigned char *)s;
  if (n == 8) return load8(s);
  if (n >= 4) return load4(s) | load4(s + n - 4) << 8 * (n - 4);
  if (n == 0) return 0;
  return (uint64_t)b[0] | (uint64_t)b[n / 2] << 8 * (n / 2) | (uint64_t)b[n - 1] << 8 * (n - 1);
}

/* Eight ASCII bytes in lower case. */
static inline uint64_t lower8(uint64_t w) {
  uint64_t upper = (w + EACH(0x80u - 'A')) & ~(w + EACH(0x80u - 'Z' - 1)) & EACH(0x80u);
  return w | upper >> 2;
}

static inline uint64_t mix(uint64_t x) {
  x *= UINT64_C(0x9E3779B97F4A7C15);
  return x ^ x >> 32;
}

/* The hash of a word of eight folded bytes at most. */
static inline uint64_t hash_key(uint64_t key, size_t n) { return mix(key ^ (uint64_t)n << 56); }

/* Fills the probe for n bytes, CHUNK at most: ASCII in any case, or `folded` already. */
static probe probe_bytes(const char *s, size_t n, bool folded) {
  probe p = {0, 0, n};
  if (n <= 8) {
    p.key = load_upto8(s, n);
    if (!folded) p.key = lower8(p.key);
    p.hash = hash_key(p.key, n);
    return p;
  }
  uint64_t h = mix(n + 1);
  for (size_t at = 0; at + 8 < n; at += 8)
    h = mix(h ^ (folded ? load8(s + at) : lower8(load8(s + at))));
  h = mix(h ^ (folded ? load8(s + n - 8) : lower8(load8(s + n - 8))));
  p.hash = h;
  p.key = h << 32;
  return p;
}

static bool is_ascii(const char *s, size_t n) {
  unsigned char all = 0;
  for (size_t i = 0; i < n; i++) all |= (unsigned char)s[i];
  return all < 0x80;
}

/* Folds from *at on into `to` as many whole code points as CHUNK bytes hold; how many bytes. */
static size_t fold_chunk(const char *s, size_t len, size_t *at, char *to) {
  size_t n = 0;
  while (*at < len && n + 4 <= CHUNK) {
    unsigned char b = (unsigned char)s[*at];
    uint32_t cp;
    if (b < 0x80) {
      to[n++] = (char)((unsigned)b - 'A' < 26 ? b + ('a' - 'A') : b);
      ++*at;
      continue;
    }
    size_t bytes = pst_utf8_next(s, len, *at, &cp);
    if (cp == PST_ILL) {
      memcpy(to + n, s + *at, bytes);
      n += bytes;
    } else {
      n += pst_utf8_put(to + n, (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp));
    }
    *at += bytes;
  }
  return n;
}

/* The probe of any word.  The chunks of a long one depend on its folded bytes alone. */
static probe probe_word(const char *s, size_t len) {
  char chunk[CHUNK];
  size_t at = 0;
  if (len <= CHUNK - 4 && is_ascii(s, len)) return probe_bytes(s, len, false);
  size_t n = fold_chunk(s, len, &at, chunk);
  probe p = probe_bytes(chunk, n, true);
  if (at == len) return p;
  while (at < len) {
    n = fold_chunk(s, len, &at, chunk);
    p.hash = mix(p.hash ^ probe_bytes(chunk, n, true).hash);
    p.len += n;
  }
  p.key = p.hash << 32;
  return p;
}

/* Whether the word folds to these bytes, which are as long as its fold. */
static bool folds_to(const char *s, size_t len, const char *bytes) {
  char chunk[CHUNK];
  size_t at = 0;
  for (; len - at >= 8; at += 8, bytes += 8) {
    uint64_t w = load8(s + at);
    if (w & EACH(0x80u)) break;
    if (lower8(w) != load8(bytes)) return false;
  }
  while (at < len) {
    size_t n = fold_chunk(s, len, &at, chunk);
    if (memcmp(bytes, chunk, n) != 0) return false;
    bytes += n;
  }
  return true;
}

/* The slot where the word is or would be. */
static inline slot *seek(const pst_lexicon *lex, const probe *p, const char *s, size_t len) {
  for (size_t i = (size_t)p->hash & lex->mask;; i = (i + 1) & lex->mask) {
    slot *at = &lex->slots[i];
    if (at->id == 0) return at;
    if (at->len != p->len) continue;
    if (p->len <= 8 ? at->key == p->key
                    : at->key >> 32 == p->key >> 32 &&
                          folds_to(s, len, lex->bytes.at + (uint32_t)at->key))
      return at;
  }
}

static uint32_t unknown_id(const probe *p) { return PST_UNKNOWN | (uint32_t)(p->hash >> 33); }

/* The id of a word that folds to a single ASCII character but NUL; else 0. */
static inline uint32_t ascii_id(const probe *p) {
  return p->len == 1 && p->key < ASCII_IDS ? (uint32_t)p->key : 0;
}

/* The id of a word, known or not. */
static uint32_t find_probe(const pst_lexicon *lex, const probe *p, const char *s, size_t len) {
  if (ascii_id(p)) return ascii_id(p);
  uint32_t id = seek(lex, p, s, len)->id;
  return id ? id : unknown_id(p);
}

pst_lexicon *pst_lexicon_new(const postil_mem *mem) {
  pst_lexicon *lex = pst_mem_new(mem, 1, sizeof *lex);
  if (!lex) return NULL;
  lex->mem = *mem;
  lex->slots = pst_mem_new(mem, SLOTS, sizeof *lex->slots);
  lex->mask = SLOTS - 1;
  if (lex->slots) return lex;
  pst_mem_free(mem, lex, 1, sizeof *lex);
  return NULL;
}

void pst_lexicon_free(pst_lexicon *lex) {
  if (!lex) return;
  postil_mem mem = lex->mem;
  pst_mem_free(&mem, lex->slots, lex->mask + 1, sizeof *lex->slots);
  PST_FREE(&mem, &lex->bytes);
  pst_mem_free(&mem, lex, 1, sizeof *lex);
}

/* The hash a slot was placed by, as far as it is needed: ids have 31 bits. */
static uint64_t slot_hash(const slot *at) {
  return at->len <= 8 ? hash_key(at->key, at->len) : at->key >> 32;
}

/* Twice as many slots. */
static bool grow(pst_lexicon *lex) {
  size_t count = lex->mask + 1, mask = count * 2 - 1;
  slot *slots = count > SIZE_MAX / 2 ? NULL : pst_mem_new(&lex->mem, count * 2, sizeof *slots);
  if (!slots) return false;
  for (size_t i = 0; i < count; i++) {
    if (lex->slots[i].id == 0) continue;
    size_t to = (size_t)slot_hash(&lex->slots[i]) & mask;
    while (slots[to].id) to = (to + 1) & mask;
    slots[to] = lex->slots[i];
  }
  pst_mem_free(&lex->mem, lex->slots, count, sizeof *slots);
  lex->slots = slots;
  lex->mask = mask;
  return true;
}

/* Appends the fold of a word to the lexicon's bytes; there is room for it. */
static void keep_fold(pst_lexicon *lex, const char *word, size_t len) {
  char *to = lex->bytes.at + lex->bytes.n;
  if (is_ascii(word, len)) {
    for (size_t i = 0; i < len; i++)
      to[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] + ('a' - 'A') : word[i]);
    lex->bytes.n += len;
    return;
  }
  for (size_t from = 0; from < len;) {
    char chunk[CHUNK];
    size_t n = fold_chunk(word, len, &from, chunk);
    memcpy(lex->bytes.at + lex->bytes.n, chunk, n);
    lex->bytes.n += n;
  }
}

/* The id of a word whose probe is known, added if it is new; 0 when memory runs out. */
static uint32_t add_probe(pst_lexicon *lex, const probe *p, const char *word, size_t len) {
  if (ascii_id(p)) return ascii_id(p);
  if (lex->count / 3 * 4 >= lex->mask && !grow(lex)) return 0;
  slot *at = seek(lex, p, word, len);
  if (at->id) return at->id;
  if (lex->count >= PST_UNKNOWN - ASCII_IDS) return 0;
  at->key = p->key;
  if (p->len > 8) {
    if (p->len > UINT32_MAX || lex->bytes.n > UINT32_MAX) return 0;
    if (!PST_RESERVE(&lex->mem, &lex->bytes, p->len + 4)) return 0;
    at->key |= lex->bytes.n;
    keep_fold(lex, word, len);
  }
  at->len = (uint32_t)p->len;
  at->id = (uint32_t)(ASCII_IDS + lex->count++);
  return at->id;
}

uint32_t pst_lexicon_add(pst_lexicon *lex, const char *word, size_t len) {
  probe p = probe_word(word, len);
  return add_probe(lex, &p, word, len);
}

uint32_t pst_lexicon_find(const pst_lexicon *lex, const char *word, size_t len) {
  probe p = probe_word(word, len);
  return find_probe(lex, &p, word, len);
}

size_t pst_lexicon_word(const pst_lexicon *lex, uint32_t id, char *buf, size_t room) {
  if (id && id < ASCII_IDS) {
    if (room) *buf = (char)id;
    return 1;
  }
  for (size_t i = 0; id && i <= lex->mask; i++) {
    const slot *at = &lex->slots[i];
    if (at->id != id) continue;
    for (size_t k = 0; k < at->len && k < room; k++) {
      if (at->len <= 8) buf[k] = (char)(unsigned char)(at->key >> 8 * k);
      else buf[k] = (char)lex->bytes.at[(uint32_t)at->key + k];
    }
    return at->len;
  }
  return 0;
}

size_t pst_lexicon_count(const pst_lexicon *lex) { return ASCII_IDS - 1 + lex->count; }

void pst_lexicon_visit(const pst_lexicon *lex, pst_lexicon_fn fn, void *ud) {
  for (uint32_t id = 1; id < ASCII_IDS; id++) {
    char letter = (char)id;
    probe p = probe_bytes(&letter, 1, false);
    if (ascii_id(&p) == id) fn(ud, id, unknown_id(&p), &letter, 1);
  }
  for (size_t i = 0; i <= lex->mask; i++) {
    const slot *at = &lex->slots[i];
    char bytes[8];
    const char *word = bytes;
    if (at->id == 0) continue;
    if (at->len > sizeof bytes) word = lex->bytes.at + (uint32_t)at->key;
    for (size_t k = 0; k < at->len && at->len <= sizeof bytes; k++)
      bytes[k] = (char)(at->key >> 8 * k & 0xFF);
    probe p = probe_word(word, at->len);
    fn(ud, at->id, unknown_id(&p), word, at->len);
  }
}

bool pst_word_folds(const char *word, size_t len, const char *folded, size_t n) {
  char chunk[CHUNK];
  for (size_t at = 0; at < len;) {
    size_t k = fold_chunk(word, len, &at, chunk);
    if (k > n || memcmp(folded, chunk, k) != 0) return false;
    folded += k;
    n -= k;
  }
  return n == 0;
}

/* ---- kinds of characters ---- */

typedef enum kind { MARK, SPACE, LETTER, DIGIT, ALONE, EXTEND } kind;

#define M MARK
#define L LETTER
#define D DIGIT
static const unsigned char ascii_kinds[128] = {
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    SPACE, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    D, D, D, D, D, D, D, D, D, D, M, M, M, M, M, M,
    M, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, M, M, M, M, L,
    M, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, M, M, M, M, M,
};
#undef M
#undef L
#undef D

/* Scripts without spaces: every character is an item. */
static bool stands_alone(uint32_t cp) {
  if (cp < 0xE00) return false;
  return cp < 0xF00 || (cp >= 0x1000 && cp < 0x10A0) || (cp >= 0x1780 && cp < 0x1800) ||
         (cp >= 0x1950 && cp < 0x19E0) || (cp >= 0x1A20 && cp < 0x1AB0) ||
         (cp >= 0x2E80 && cp < 0x3100) || (cp >= 0x31F0 && cp < 0xA000) ||
         (cp >= 0xA9E0 && cp < 0xAA00) || (cp >= 0xAA60 && cp < 0xAAE0) ||
         (cp >= 0xF900 && cp < 0xFB00) || (cp >= 0xFF66 && cp < 0xFFA0) ||
         (cp >= 0x1B000 && cp < 0x1B170) || (cp >= 0x20000 && cp < 0x40000);
}

/* The kind of a code point beyond ASCII; *upper: a capital or title-case letter, *lower
 * likewise. */
static kind kind_of(uint32_t cp, bool *upper, bool *lower) {
  *upper = *lower = false;
  if (cp == PST_ILL || (cp >= 0x2010 && cp < 0x2070)) return MARK;
  if (cp == 0xA0) return SPACE;
  if (cp == 0x200C || cp == 0x200D || (cp >= 0x1F3FB && cp <= 0x1F3FF)) return EXTEND;
  if (cp >= 0x4E00 && cp < 0xA000) return ALONE;
  switch ((utf8proc_category_t)utf8proc_get_property((utf8proc_int32_t)cp)->category) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LT: *upper = true; return LETTER;
    case UTF8PROC_CATEGORY_LL: *lower = true; return LETTER;
    case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_LO: case UTF8PROC_CATEGORY_NL:
      return stands_alone(cp) ? ALONE : LETTER;
    case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_MC: case UTF8PROC_CATEGORY_ME: return EXTEND;
    case UTF8PROC_CATEGORY_CF: return EXTEND;
    case UTF8PROC_CATEGORY_ND: return DIGIT;
    case UTF8PROC_CATEGORY_PC: return LETTER;
    default: return MARK;
  }
}

/* ---- the cut ---- */

/* One character of the view. */
typedef struct glyph {
  uint32_t cp;
  size_t n; /* bytes; 0 at the end */
  kind kind;
  bool upper, lower;
} glyph;

/* The text word being collected, and what has been seen of its letters. */
typedef struct text_word {
  size_t first, last; /* items */
  uint32_t letters, lowers, uppers;
  bool open, first_upper, first_lower;
  bool solo; /* no two letters touch and there are no digits: W or J.R */
} text_word;

typedef struct cutter {
  pst_words *words;
  const postil_mem *mem;
  const pst_lexicon *lex;
  pst_lexicon *add; /* words are added here, or NULL */
  const char *s;
  size_t start, at, end;
  bool glue; /* no white space before `at` */
  text_word word;
} cutter;

/* The character at `at`, which is beyond ASCII. */
static glyph wide_glyph(const cutter *c, size_t at) {
  glyph g = {0, 0, SPACE, false, false};
  g.n = pst_utf8_next(c->s, c->end, at, &g.cp);
  g.kind = kind_of(g.cp, &g.upper, &g.lower);
  return g;
}

static inline glyph glyph_at(const cutter *c, size_t at) {
  glyph g = {0, 0, SPACE, false, false};
  if (at >= c->end) return g;
  unsigned char b = (unsigned char)c->s[at];
  if (b >= 0x80) return wide_glyph(c, at);
  g.cp = b;
  g.n = 1;
  g.kind = (kind)ascii_kinds[b];
  g.upper = b >= 'A' && b <= 'Z';
  g.lower = b >= 'a' && b <= 'z';
  return g;
}

/* Appends the item [from, c->at). */
static bool push(cutter *c, size_t from, unsigned cls, uint32_t up, bool lower) {
  size_t len = c->at - from;
  pst_item item = {.at = (uint32_t)from, .len = (uint16_t)len, .cls = (uint16_t)cls, .up = up,
                   .extra = lower};
  if (c->glue) item.cls |= PST_GLUE;
  item.id = c->add ? pst_lexicon_add(c->add, c->s + from, len)
                   : pst_lexicon_find(c->lex, c->s + from, len);
  c->glue = true;
  return item.id && PST_PUSH(c->mem, &c->words->item, item);
}

/* Writes what is known of the text word into its first item. */
static void set_class(cutter *c) {
  const text_word *w = &c->word;
  pst_item *item = &c->words->item.at[w->first];
  size_t count = w->last - w->first + 1;
  item->words = (uint8_t)(count < UINT8_MAX ? count : UINT8_MAX);
  item->caps = 0;
  item->cls &= (uint16_t)~(PST_WORD | PST_CAP | PST_UPPER | PST_LOWER);
  if (w->letters) item->cls |= PST_WORD;
  if (w->first_lower) item->cls |= PST_LOWER;
  if (w->uppers >= 2 && w->uppers == w->letters) item->cls |= PST_UPPER;
  if (w->first_upper && w->lowers) {
    item->cls |= PST_CAP;
    item->caps = item->words;
  }
}

/* Whether the item to come goes on with the text word: it touches it, or a single - ' . between. */
static inline bool continues(const cutter *c) {
  size_t n = c->words->item.n;
  if (!c->word.open || !c->glue) return false;
  if (c->word.last + 1 == n) return true;
  const pst_item *mark = &c->words->item.at[n - 1];
  if (c->word.last + 2 != n || !(mark->cls & PST_GLUE) || mark->len != 1) return false;
  char b = c->s[mark->at];
  return b == '-' || b == '\'' || b == '.';
}

/* Starts a text word, or goes on with one, at the item that is pushed next. */
static void join_word(cutter *c) {
  size_t n = c->words->item.n;
  if (continues(c)) {
    c->word.solo = false;
  } else {
    memset(&c->word, 0, sizeof c->word);
    c->word.open = c->word.solo = true;
    c->word.first = n;
  }
  c->word.last = n;
}

/* Counts a letter of the text word. */
static void count_letter(text_word *w, const glyph *g) {
  if (w->letters == 0) {
    w->first_upper = g->upper;
    w->first_lower = g->lower;
  }
  w->letters++;
  w->uppers += g->upper;
  w->lowers += g->lower;
}

static bool is_inner(kind k) { return k == LETTER || k == DIGIT || k == EXTEND; }

/* A final possessive 's at `at`. */
static bool is_possessive(const cutter *c, size_t at) {
  if (at + 1 >= c->end || c->s[at] != '\'' || (c->s[at + 1] | 0x20) != 's') return false;
  return !is_inner(glyph_at(c, at + 2).kind);
}

static bool is_hebrew(uint32_t cp) { return cp >= 0x5D0 && cp < 0x5F3; }

/* Whether g joins the letter before it to a letter behind it (MidLetter, MidNumLet; but the
 * colon). */
static bool joins_letters(const cutter *c, size_t at, const glyph *g, uint32_t last) {
  if (g->cp != '\'' && g->cp != '.' && g->cp != 0xB7 && g->cp != 0x2027 && g->cp != 0x5F4 &&
      !(g->cp == '"' && is_hebrew(last)))
    return false;
  if (is_possessive(c, at)) return false;
  glyph next = glyph_at(c, at + g->n);
  return next.kind == LETTER && (g->cp != '"' || is_hebrew(next.cp));
}

/* Takes the possessive at c->at if there is one. */
static bool take_possessive(cutter *c) {
  if (!is_possessive(c, c->at)) return true;
  size_t from = c->at;
  uint32_t up = c->s[from + 1] == 'S' ? 2 : 0;
  c->word.open = false;
  c->at += 2;
  return push(c, from, PST_POSS, up, false);
}

static bool take_letters(cutter *c) {
  size_t from = c->at;
  uint32_t up = 0, index = 0, last = 0;
  bool touching = false, letter = false, lower = false;
  join_word(c);
  for (;;) {
    glyph g = glyph_at(c, c->at);
    if (g.n == 0 || c->at - from > RUN_MAX) break;
    if (g.kind == LETTER) {
      if (touching || g.lower) c->word.solo = false;
      touching = true;
      letter = letter || g.cp != '_';
      lower = lower || g.lower;
      if (g.cp != '_') count_letter(&c->word, &g);
    } else if (g.kind != EXTEND) {
      if (!joins_letters(c, c->at, &g, last)) break;
      touching = false;
      if (g.cp != '.') c->word.solo = false;
    }
    if (g.upper) up |= UINT32_C(1) << (index < LAST_BIT ? index : LAST_BIT);
    index++;
    last = g.cp;
    c->at += g.n;
  }
  if (!push(c, from, letter ? 0 : PST_MARK, up, lower)) return false;
  set_class(c);
  return take_possessive(c);
}

static bool take_digits(cutter *c) {
  size_t from = c->at;
  join_word(c);
  c->word.solo = false;
  for (;;) {
    glyph g = glyph_at(c, c->at);
    if (g.n == 0 || c->at - from > RUN_MAX) break;
    if (g.kind != DIGIT && g.kind != EXTEND) {
      if (g.cp != ',' && g.cp != '.' && g.cp != '\'' && g.cp != 0xA0) break;
      if (glyph_at(c, c->at + g.n).kind != DIGIT) break;
    }
    c->at += g.n;
  }
  if (!push(c, from, PST_NUM, 0, false)) return false;
  set_class(c);
  return take_possessive(c);
}

/* What a joiner builds emoji of. */
static bool is_picture(uint32_t cp) {
  if (cp < 0x80 || cp == PST_ILL) return false;
  return utf8proc_get_property((utf8proc_int32_t)cp)->boundclass ==
         UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* Takes the marks and joiners that follow a character; what a joiner joins as well. */
static void take_extends(cutter *c, bool symbol) {
  size_t from = c->at;
  for (;;) {
    glyph g = glyph_at(c, c->at);
    if (g.n == 0 || g.kind != EXTEND || c->at - from > RUN_MAX) return;
    c->at += g.n;
    if (!symbol || g.cp != 0x200D) continue;
    g = glyph_at(c, c->at);
    if (is_picture(g.cp)) c->at += g.n;
  }
}

static bool is_flag(uint32_t cp) { return cp >= 0x1F1E6 && cp <= 0x1F1FF; }

static bool take_alone(cutter *c, const glyph *g) {
  size_t from = c->at;
  c->at += g->n;
  take_extends(c, false);
  c->word.open = false;
  if (!push(c, from, PST_WORD, 0, false)) return false;
  c->words->item.at[c->words->item.n - 1].words = 1;
  return true;
}

/* An initial takes its stop: W. J.R. U.S. but not I. */
static void take_stop(cutter *c) {
  const text_word *w = &c->word;
  pst_item *item = &c->words->item.at[w->first];
  if (!w->solo || !w->letters || w->uppers != w->letters) return;
  if (item->len == 1 && c->s[item->at] == 'I') return;
  item->cls |= PST_CAP;
  item->caps = 2;
}

static bool take_mark(cutter *c, const glyph *g) {
  size_t from = c->at, n = c->words->item.n;
  c->at += g->n;
  if (is_flag(g->cp)) {
    glyph next = glyph_at(c, c->at);
    if (is_flag(next.cp)) c->at += next.n;
  }
  take_extends(c, g->cp >= 0x80);
  if (!c->glue || c->word.last + 1 != n) c->word.open = false;
  if (g->cp == '.' && c->word.open) take_stop(c);
  return push(c, from, PST_MARK, 0, false);
}

/* ---- the fast way: words and marks in ASCII ---- */

enum { SPAN = 64 }; /* bytes that are looked at together */

/* What each of the SPAN bytes from `at` on is: a bit each, the first lowest. */
typedef struct outlook {
  size_t at;
  uint64_t letters, uppers; /* ASCII alone */
} outlook;

/* The top bits of eight bytes, which are all that is set, in the lowest eight bits. */
static inline uint64_t gather(uint64_t tops) {
  return (tops >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline unsigned lowest(uint64_t bits) { return (unsigned)__builtin_ctzll(bits); }

static outlook look_ahead(const cutter *c) {
  outlook o = {c->at, 0, 0};
  const char *s = c->s + c->at;
  size_t left = c->end - c->at < SPAN ? c->end - c->at : SPAN;
  for (size_t i = 0; i < left; i += 8) {
    uint64_t w = left - i >= 8 ? load8(s + i) : load_upto8(s + i, left - i);
    uint64_t ascii = ~w & EACH(0x80u), x = (w & EACH(0x7Fu)) | EACH(0x20u);
    uint64_t letters = (x + EACH(0x80u - 'a')) & ~(x + EACH(0x80u - 'z' - 1)) & ascii;
    o.letters |= gather(letters) << i;
    o.uppers |= gather(letters & ~(w << 2)) << i; /* bit 5 of a letter is its case */
  }
  return o;
}

/* Whether a run of ASCII letters ends at `at` without a look at what stands there. */
static inline bool ends_plainly(const cutter *c, size_t at) {
  unsigned char b = (unsigned char)c->s[at];
  if (b < 0x80) {
    if (b == '.') return at + 1 == c->end || c->s[at + 1] == ' ';
    return b == '\'' ? is_possessive(c, at) : b != '_';
  }
  /* Dashes, which are E2 80 94 or so; but not joiners and no middle dot. */
  return b == 0xE2 && c->end - at >= 3 && c->s[at + 1] == '\x80' &&
         (unsigned char)c->s[at + 2] >= 0x90 && c->s[at + 2] != '\xA7';
}

/* The probe of n ASCII letters, eight at most, where eight bytes can be read. */
static inline probe probe_letters(const char *s, size_t n) {
  probe p = {(load8(s) | EACH(0x20u)) & UINT64_MAX >> (64 - 8 * n), 0, n};
  p.hash = hash_key(p.key, n);
  return p;
}

/* Case and class of a text word that is n ASCII letters, with these capitals. */
static inline unsigned class_of_letters(size_t n, uint64_t upper) {
  bool lower = upper != (UINT64_C(1) << n) - 1;
  if (!(upper & 1)) return PST_WORD | PST_LOWER;
  if (lower) return PST_WORD | PST_CAP;
  return n > 1 ? PST_WORD | PST_UPPER : PST_WORD;
}

/* Takes words of eight letters at most between two spaces, what most text is, while such come.
 * There is no text word that could go on. */
static bool take_plain_words(cutter *c, const outlook *o) {
  enum { MOST = 8, MARGIN = MOST + 1 };
  const char *s = c->s;
  size_t at = c->at, last = o->at + SPAN - MARGIN;
  if (c->end < MARGIN) return true;
  if (last > c->end - MARGIN) last = c->end - MARGIN;
  if (!PST_RESERVE(c->mem, &c->words->item, SPAN / 2)) return false;
  pst_item *item = c->words->item.at + c->words->item.n;
  while (at <= last) {
    size_t i = at - o->at, n = lowest(~(o->letters >> i) | UINT64_C(1) << MARGIN);
    if (n - 1 >= MOST || s[at + n] != ' ') break;
    probe p = probe_letters(s + at, n);
    uint32_t upper = (uint32_t)(o->uppers >> i) & ((1u << n) - 1);
    unsigned cls = class_of_letters(n, upper);
    *item++ = (pst_item){.at = (uint32_t)at, .len = (uint16_t)n, .cls = (uint16_t)cls,
                         .id = find_probe(c->lex, &p, s + at, n), .up = upper, .words = 1,
                         .caps = (cls & PST_CAP) != 0, .extra = upper != (1u << n) - 1};
    at += n + 1;
  }
  c->at = at;
  c->words->item.n = (size_t)(item - c->words->item.at);
  return true;
}

/* The next item, with its id (0: there was no memory to add it) and class; NULL: no memory. */
static inline pst_item *put_item(cutter *c, size_t n, uint32_t id, unsigned cls) {
  if (!id || !PST_RESERVE(c->mem, &c->words->item, 1)) return NULL;
  pst_item *item = &c->words->item.at[c->words->item.n++];
  *item = (pst_item){.at = (uint32_t)c->at, .len = (uint16_t)n, .id = id,
                     .cls = (uint16_t)(cls | (c->glue ? PST_GLUE : 0))};
  c->at += n;
  c->glue = true;
  return item;
}

/* Enters n letters into the text word that goes on or starts with the next item. */
static void join_letters(cutter *c, size_t n, uint64_t upper) {
  join_word(c);
  text_word *w = &c->word;
  uint32_t uppers = 0;
  for (uint64_t bits = upper; bits; bits &= bits - 1) uppers++;
  if (w->letters == 0) {
    w->first_upper = upper & 1u;
    w->first_lower = !w->first_upper;
  }
  w->letters += (uint32_t)n;
  w->uppers += uppers;
  w->lowers += (uint32_t)n - uppers;
  if (n > 1 || !upper) w->solo = false;
}

/* Takes the n ASCII letters at c->at, LAST_BIT at most, whose capitals are `upper`. */
static bool take_word(cutter *c, size_t n, uint64_t upper) {
  const char *s = c->s + c->at;
  probe p = n <= 8 && c->end - c->at >= 8 ? probe_letters(s, n) : probe_bytes(s, n, false);
  uint32_t id = c->add ? add_probe(c->add, &p, s, n) : find_probe(c->lex, &p, s, n);
  bool lower = upper != (UINT64_C(1) << n) - 1, goes_on = c->glue && continues(c);
  bool alone = !goes_on && (c->at + n == c->end || s[n] == ' ');
  unsigned cls = 0;
  if (alone) {
    c->word.open = false; /* the white space would end it */
    cls = class_of_letters(n, upper);
  } else {
    join_letters(c, n, upper);
  }
  pst_item *item = put_item(c, n, id, cls);
  if (!item) return false;
  item->up = (uint32_t)upper;
  item->extra = lower;
  item->words = alone;
  item->caps = (cls & PST_CAP) != 0;
  if (alone) return true;
  set_class(c);
  return take_possessive(c);
}

/* Takes a mark of one byte that nothing beyond ASCII follows; *done is false if there is none. */
static bool take_fast_mark(cutter *c, bool *done) {
  unsigned char b = (unsigned char)c->s[c->at];
  size_t n = c->words->item.n;
  *done = b != 0 && b < 0x80 && ascii_kinds[b] == MARK &&
          (c->at + 1 >= c->end || (unsigned char)c->s[c->at + 1] < 0x80) &&
          !(c->add && b == '\'' && is_possessive(c, c->at)); /* see take_item */
  if (!*done) return true;
  if (!c->glue || c->word.last + 1 != n) c->word.open = false;
  if (b == '.' && c->word.open) take_stop(c);
  return put_item(c, 1, b, PST_MARK) != NULL;
}

static bool take_item(cutter *c) {
  glyph g = glyph_at(c, c->at);
  /* A pattern says "<country> 's": there it is no mark and a letter. */
  if (c->add && !c->glue && is_possessive(c, c->at)) return take_possessive(c);
  switch (g.kind) {
    case SPACE:
      c->at += g.n;
      c->glue = false;
      return true;
    case LETTER: return take_letters(c);
    case DIGIT: return take_digits(c);
    case ALONE: return take_alone(c, &g);
    default: return take_mark(c, &g);
  }
}

/* Takes what is no space: letters are `letters` from here on, of which `upper` are capitals. */
static bool take_next(cutter *c, uint64_t letters, uint64_t upper) {
  size_t n = letters == UINT64_MAX ? SPAN : lowest(~letters);
  bool done = false;
  if (n && n <= LAST_BIT && (c->at + n == c->end || ends_plainly(c, c->at + n)))
    return take_word(c, n, upper & ((UINT64_C(1) << n) - 1));
  if (!n && !take_fast_mark(c, &done)) return false;
  return done || take_item(c);
}

static bool cut(cutter *c) {
  while (c->at < c->end) {
    outlook o = look_ahead(c);
    for (size_t i = 0; i < SPAN && c->at < c->end; i = c->at - o.at) {
      uint64_t letters = o.letters >> i;
      if (c->s[c->at] == ' ') {
        c->at++;
        c->glue = c->word.open = false; /* a space ends a text word */
        if (!c->add && !take_plain_words(c, &o)) return false;
      } else if (i && letters == UINT64_MAX >> i) {
        break; /* a word that goes on beyond what was looked at */
      } else if (!take_next(c, letters, o.uppers >> i)) {
        return false;
      }
    }
  }
  return true;
}

static bool push_para(pst_words *words, const postil_mem *mem, size_t at) {
  pst_item item = {.at = (uint32_t)at, .cls = PST_PARA};
  return PST_PUSH(mem, &words->item, item);
}

bool pst_words_literal(pst_words *words, const postil_mem *mem, pst_lexicon *lex, const char *bytes,
                       size_t len) {
  cutter c = {.words = words, .mem = mem, .lex = lex, .add = lex, .s = bytes, .end = len};
  return cut(&c);
}

bool pst_words_simple(pst_words *words, const postil_mem *mem, pst_lexicon *lex, const char *bytes,
                      size_t len, bool *simple) {
  char padded[SPAN + 8] = {0}; /* so that eight bytes can be read from anywhere */
  *simple = len < SPAN;
  if (!*simple) return true;
  if (len) memcpy(padded, bytes, len);
  cutter c = {.s = padded, .end = SPAN};
  outlook o = look_ahead(&c);
  for (size_t at = 0; at < len; at++) {
    if (padded[at] == ' ') continue;
    size_t n = lowest(~(o.letters >> at)), end = at + n;
    *simple = n > 0 && n <= LAST_BIT && (end == len || padded[end] == ' ');
    if (!*simple) return true;
    pst_item item = {.at = (uint32_t)at, .len = (uint16_t)n};
    item.up = (uint32_t)(o.uppers >> at & ((UINT64_C(1) << n) - 1));
    const char *word = padded + at;
    probe p = n <= 8 ? probe_letters(word, n) : probe_bytes(word, n, false);
    item.id = add_probe(lex, &p, word, n);
    if (!item.id || !PST_PUSH(mem, &words->item, item)) return false;
    at = end;
  }
  return true;
}

void pst_words_free(pst_words *words, const postil_mem *mem) { PST_FREE(mem, &words->item); }

/* ---- sentences ---- */

/* What an abbreviation says about the stop behind it. */
typedef enum abbrev {
  NONE,
  TITLE, /* never ends a sentence: Mr */
  LOOSE, /* ends one only before a word that surely starts one: Inc, U.S, Jan */
  COUNT  /* ends none before a number: No, p */
} abbrev;

typedef struct abbrev_word {
  const char *word; /* lower case, without its last stop */
  abbrev kind;
} abbrev_word;

/* English, by first letter.  Words that are as often just words (no, fig) are believed before a number
 * only. */
static const abbrev_word abbrevs_en[] = {
    {"adm", TITLE}, {"assn", LOOSE}, {"ave", LOOSE}, {"a.m", LOOSE}, {"apr", LOOSE}, {"aug", LOOSE},
    {"al", LOOSE}, {"art", COUNT}, {"approx", TITLE}, {"bros", LOOSE}, {"blvd", LOOSE},
    {"col", TITLE}, {"capt", TITLE}, {"cmdr", TITLE}, {"cf", TITLE}, {"corp", LOOSE}, {"co", LOOSE},
    {"cos", LOOSE}, {"calif", LOOSE}, {"conn", LOOSE}, {"ca", TITLE}, {"dr", TITLE}, {"det", TITLE},
    {"dept", LOOSE}, {"dec", LOOSE}, {"e.g", TITLE}, {"etc", LOOSE}, {"est", LOOSE}, {"ft", TITLE},
    {"feb", LOOSE}, {"fig", COUNT}, {"gen", TITLE}, {"gov", TITLE}, {"hon", TITLE}, {"insp", TITLE},
    {"i.e", TITLE}, {"inc", LOOSE}, {"jr", LOOSE}, {"jan", LOOSE}, {"jun", COUNT}, {"jul", COUNT},
    {"lt", TITLE}, {"ltd", LOOSE}, {"mr", TITLE}, {"mrs", TITLE}, {"ms", TITLE}, {"messrs", TITLE},
    {"maj", TITLE}, {"mt", TITLE}, {"mar", COUNT}, {"mass", COUNT}, {"nov", LOOSE}, {"no", COUNT},
    {"nos", COUNT}, {"oct", LOOSE}, {"prof", TITLE}, {"pres", TITLE}, {"p.m", LOOSE},
    {"ph.d", LOOSE}, {"p", COUNT}, {"pp", COUNT}, {"rep", TITLE}, {"reps", TITLE}, {"rev", TITLE},
    {"sen", TITLE}, {"sens", TITLE}, {"sgt", TITLE}, {"supt", TITLE}, {"st", TITLE}, {"sr", LOOSE},
    {"sep", LOOSE}, {"sept", LOOSE}, {"sec", COUNT}, {"univ", LOOSE}, {"vs", TITLE}, {"v", TITLE},
    {"viz", TITLE}, {"vol", COUNT},
};

/* Capitalised, these start a sentence even behind an abbreviation. */
static const char *const starters_en[] = {
    "a",     "according", "after",   "all",   "also",   "although", "an",    "and",     "another",
    "as",    "at",        "because", "before", "both",  "but",      "by",    "despite", "during",
    "each",  "even",      "every",   "few",   "for",    "from",     "has",   "have",    "he",
    "her",   "here",      "his",     "how",   "however", "i",       "if",    "in",      "instead",
    "is",    "it",        "its",     "last",  "many",   "meanwhile", "more", "most",    "my",
    "neither", "no",      "nor",     "not",   "now",    "of",       "on",    "once",    "only",
    "or",    "other",     "others",  "our",   "perhaps", "several", "she",   "since",   "so",
    "some",  "still",     "such",    "that",  "the",    "their",    "then",  "there",   "these",
    "they",  "this",      "those",   "though", "through", "thus",   "to",    "today",   "under",
    "until", "was",       "we",      "were",  "what",   "when",     "where", "whether", "which",
    "while", "who",       "why",     "with",  "without", "would",   "yes",   "yet",     "you",
    "your",
};

typedef struct sentence_words {
  const char *locale;
  const abbrev_word *abbrev; /* by first letter */
  size_t nabbrevs;
  const char *const *starter;
  size_t nstarters;
} sentence_words;

static const sentence_words locales[] = {
    {"en", abbrevs_en, PST_COUNT(abbrevs_en), starters_en, PST_COUNT(starters_en)},
};

/* The words of a locale ("en-GB" is "en"); those of the first one for what is not known. */
static const sentence_words *words_of(const char *locale) {
  for (size_t i = 0; locale && i < PST_COUNT(locales); i++) {
    size_t n = strlen(locales[i].locale);
    if (strncmp(locale, locales[i].locale, n) == 0 && (locale[n] == '\0' || locale[n] == '-' ||
                                                       locale[n] == '_'))
      return &locales[i];
  }
  return &locales[0];
}

/* The items of a paragraph, [first, end), with their bytes. */
typedef struct para {
  pst_item *item;
  size_t first, end;
  const char *s;
  const sentence_words *words;
} para;

/* The byte of a mark of one byte, the code point of any other; 0 for words. */
static uint32_t mark_of(const para *p, size_t i) {
  const pst_item *item = &p->item[i];
  uint32_t cp = (unsigned char)p->s[item->at];
  if (!(item->cls & PST_MARK)) return 0;
  if (cp < 0x80) return cp;
  pst_utf8_next(p->s, item->at + item->len, item->at, &cp);
  return cp;
}

static bool is_glued(const para *p, size_t i) { return (p->item[i].cls & PST_GLUE) != 0; }

/* Stops of scripts that write no space behind them. */
static bool is_full_stop(uint32_t cp) {
  return cp == 0x3002 || cp == 0xFF61 || cp == 0x964 || cp == 0x6D4 || cp == 0x61F;
}

static bool is_stop(uint32_t cp) {
  if (cp < 0x80) return cp == '.' || cp == '!' || cp == '?';
  return is_full_stop(cp) || cp == 0x203D;
}

static bool is_closing(uint32_t cp) {
  return cp == '"' || cp == '\'' || cp == ')' || cp == ']' || cp == '}' || cp == 0x300D ||
         cp == 0x300F;
}

/* Whether item i is this lower-case word, in any case. */
static bool is_word(const para *p, size_t i, const char *word) {
  const pst_item *item = &p->item[i];
  if ((p->s[item->at] | 0x20) != word[0]) return false;
  size_t n = strlen(word);
  if (item->len != n) return false;
  for (size_t k = 0; k < n; k++) {
    char b = p->s[item->at + k];
    if (b >= 'A' && b <= 'Z') b = (char)(b + 32);
    if (b != word[k]) return false;
  }
  return true;
}

static abbrev abbrev_of(const para *p, size_t i) {
  const abbrev_word *at = p->words->abbrev, *end = at + p->words->nabbrevs;
  if (p->item[i].len > 8) return NONE;
  char first = p->s[p->item[i].at];
  if (first >= 'A' && first <= 'Z') first = (char)(first + ('a' - 'A'));
  while (at < end && at->word[0] < first) at++;
  for (; at < end && at->word[0] == first; at++)
    if (is_word(p, i, at->word)) return at->kind;
  return NONE;
}

/* Case of the first letter of item i: 'u', 'l', or 0 where there is none. */
static char case_of(const para *p, size_t i) {
  const pst_item *item = &p->item[i];
  uint32_t cp;
  bool upper, lower;
  if (item->cls & (PST_MARK | PST_NUM)) return 0;
  pst_utf8_next(p->s, item->at + item->len, item->at, &cp);
  if (cp < 0x80) return cp - 'a' < 26 ? 'l' : cp - 'A' < 26 ? 'u' : 0;
  kind_of(cp, &upper, &lower);
  return upper ? 'u' : lower ? 'l' : 0;
}

/* A capitalised word that starts a sentence, and no initial. */
static bool is_starter(const para *p, size_t i) {
  if (case_of(p, i) != 'u' || p->item[i].len > 12) return false;
  if (i + 1 < p->end && is_glued(p, i + 1) && mark_of(p, i + 1) == '.') return false;
  for (size_t k = 0; k < p->words->nstarters; k++)
    if (is_word(p, i, p->words->starter[k])) return true;
  return false;
}

/* Whether the stop behind item i is that of an initial. */
static bool is_initial(const para *p, size_t i) {
  const pst_item *item = &p->item[i];
  return item->caps == 2 || (item->len == 1 && case_of(p, i) == 'u');
}

/* Whether the single stop at i ends a sentence when word `next` follows (p->end: only marks do). */
static bool stop_ends(const para *p, size_t i, size_t next) {
  if (i == p->first || !is_glued(p, i) || (p->item[i - 1].cls & PST_MARK)) return true;
  abbrev says = is_initial(p, i - 1) ? LOOSE : abbrev_of(p, i - 1);
  if (says == TITLE) return false;
  if (next == p->end || says == NONE) return true;
  if (says == COUNT) return !(p->item[next].cls & PST_NUM);
  return is_starter(p, next);
}

/* Whether a sentence ends with the stops [i, stops), of which the marks up to `closed` close
 * more. */
static bool sentence_ends(const para *p, size_t i, size_t stops, size_t closed) {
  uint32_t last = mark_of(p, stops - 1);
  size_t next = closed;
  if (closed == p->end || is_full_stop(last)) return true;
  if (is_glued(p, closed)) return false;
  while (next < p->end && next - closed < OPENERS && (p->item[next].cls & PST_MARK)) next++;
  char letter = next < p->end ? case_of(p, next) : 0;
  bool dots = last == '.';
  if (dots && stops - i > 1) return next == p->end || letter == 'u';
  if (letter == 'l') return !dots && closed == stops;
  return !dots || stop_ends(p, i, next);
}

/* In a sentence [from, to) of two words or more that has no lower-case letter, <cap> takes
 * <upper>. */
static void raise_caps(para *p, size_t from, size_t to) {
  size_t words = 0;
  for (size_t i = from; i < to; i++) {
    if (p->item[i].extra) return;
    words += (p->item[i].cls & PST_WORD) != 0;
  }
  for (size_t i = from; words >= 2 && i < to; i++) {
    pst_item *item = &p->item[i];
    if (!(item->cls & PST_UPPER) || item->caps) continue;
    item->cls |= PST_CAP;
    item->caps = item->words;
  }
}

static void mark_sentences(para *p) {
  size_t from = p->first;
  for (size_t i = p->first; i < p->end;) {
    if (!(p->item[i].cls & PST_MARK) || !is_stop(mark_of(p, i))) {
      i++;
      continue;
    }
    size_t stops = i + 1;
    while (stops < p->end && is_glued(p, stops) && is_stop(mark_of(p, stops))) stops++;
    size_t closed = stops;
    while (closed < p->end && is_glued(p, closed) && is_closing(mark_of(p, closed))) closed++;
    if (sentence_ends(p, i, stops, closed)) {
      p->item[closed - 1].cls |= PST_SENT;
      raise_caps(p, from, closed);
      from = closed;
    }
    i = closed;
  }
  raise_caps(p, from, p->end);
}

bool pst_words_add(pst_words *words, const postil_mem *mem, const pst_lexicon *lex,
                   const char *view, size_t start, size_t end, const char *locale) {
  cutter c = {.words = words, .mem = mem, .lex = lex, .s = view, .start = start, .at = start,
              .end = end};
  if (words->item.n == 0 && !push_para(words, mem, start)) return false;
  size_t first = words->item.n;
  if (!cut(&c)) return false;
  para p = {words->item.at, first, words->item.n, view, words_of(locale)};
  mark_sentences(&p);
  return push_para(words, mem, end);
}
