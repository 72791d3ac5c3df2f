/* start.c - where programs may start; see start.h. */
#include "start.h"

enum { FAR = 512 /* items that the walk back looks over */ };
enum { CLASSES = 10, ROW_PARA = CLASSES, ROW_INNER, ROW_STARTS, ROW_NEEDS, ROWS };

#define PARA_RUNS (UINT64_C(1) << 32) /* a paragraph's end is farther than any need may be */

/* ---- Bits ---- */

static unsigned lowest(uint64_t bits) { return (unsigned)__builtin_ctzll(bits); }
static unsigned highest(uint64_t bits) { return 63 - (unsigned)__builtin_clzll(bits); }

uint32_t pst_bit_from(const uint64_t *row, size_t n, uint32_t from) {
  size_t k = from / 64;
  if (k >= n) return PST_NONE;
  uint64_t bits = row[k] & UINT64_MAX << from % 64;
  while (!bits && ++k < n) bits = row[k];
  return k < n ? (uint32_t)(k * 64 + lowest(bits)) : PST_NONE;
}

uint32_t pst_bit_upto(const uint64_t *row, uint32_t to) {
  size_t k = to / 64;
  uint64_t bits = row[k] & UINT64_MAX >> (63 - to % 64);
  while (!bits && k) bits = row[--k];
  return bits ? (uint32_t)(k * 64 + highest(bits)) : PST_NONE;
}

static void add_row(uint64_t *to, const uint64_t *from, size_t n) {
  for (size_t k = 0; k < n && from; k++) to[k] |= from[k];
}

static void drop_row(uint64_t *from, const uint64_t *what, size_t n) {
  for (size_t k = 0; k < n && what; k++) from[k] &= ~what[k];
}

static bool is_empty(const uint64_t *row, size_t n) {
  uint64_t any = 0;
  for (size_t k = 0; k < n; k++) any |= row[k];
  return !any;
}

/* ---- Words that matter ---- */

bool pst_start_words_make(pst_start_words *words, const postil_mem *mem, size_t lexicon) {
  static const pst_start_word none = {0, 0, 0};
  words->number.n = words->word.n = words->nlabels = words->nstarts = 0;
  if (!PST_RESERVE(mem, &words->number, lexicon + 1) || !PST_PUSH(mem, &words->word, none))
    return false;
  words->number.n = lexicon + 1;
  memset(words->number.at, 0, words->number.n * sizeof *words->number.at);
  return true;
}

bool pst_start_words_add(pst_start_words *words, const postil_mem *mem, uint32_t id) {
  static const pst_start_word none = {0, 0, 0};
  if (words->number.at[id]) return true;
  words->number.at[id] = (uint32_t)words->word.n;
  return PST_PUSH(mem, &words->word, none);
}

bool pst_start_words_label(pst_start_words *words, const postil_mem *mem, uint32_t id, uint32_t up,
                           uint32_t k) {
  pst_start_word fresh = {0, up, 0};
  if (!pst_start_words_add(words, mem, id)) return false;
  uint32_t at = words->number.at[id];
  while (words->word.at[at].up != up && words->word.at[at].next) at = words->word.at[at].next;
  if (words->word.at[at].up != up) {
    if (!PST_PUSH(mem, &words->word, fresh)) return false;
    words->word.at[at].next = (uint32_t)(words->word.n - 1);
    at = words->word.at[at].next;
  }
  words->word.at[at].labels |= (uint16_t)(1u << k);
  return true;
}

bool pst_start_words_program(pst_start_words *words, const postil_mem *mem,
                             const pst_program *program) {
  bool good = true;
  for (size_t i = 0; i < program->start.nwords && good; i++)
    good = pst_start_words_add(words, mem, program->start.word[i]);
  for (size_t i = 0; i < program->need_word.n && good; i++)
    good = pst_start_words_add(words, mem, program->need_word.at[i]);
  words->nstarts = (uint32_t)words->word.n;
  return good;
}

void pst_start_words_free(pst_start_words *words, const postil_mem *mem) {
  PST_FREE(mem, &words->number);
  PST_FREE(mem, &words->word);
}

/* ---- The window ---- */

static uint64_t *row_of(const pst_starts *s, size_t row) { return s->rows.at + row * s->n; }

static bool make_room(pst_starts *s, const postil_mem *mem, size_t items) {
  size_t numbers = s->words->nstarts + (size_t)1; /* never none */
  s->rows.n = s->by_word.n = s->word_link.n = s->byte_link.n = 0;
  if (!PST_RESERVE(mem, &s->rows, ROWS * s->n) || !PST_RESERVE(mem, &s->by_word, numbers) ||
      !PST_RESERVE(mem, &s->run, 64 * s->n) || !PST_RESERVE(mem, &s->word_link, items + 1) ||
      !PST_RESERVE(mem, &s->byte_link, items + 1))
    return false;
  memset(s->rows.at, 0, ROWS * s->n * sizeof *s->rows.at);
  memset(s->by_word.at, 0xff, numbers * sizeof *s->by_word.at);
  memset(s->by_byte, 0xff, sizeof s->by_byte);
  memset(s->run.at, 0, 64 * s->n * sizeof *s->run.at);
  return true;
}

/* Enters an item as a place of its word labels. */
static bool mark_item(pst_window *w, const pst_start_words *words, uint32_t i) {
  for (unsigned bits = w->words.item.at[i].extra; bits; bits &= bits - 1)
    if (!pst_window_mark(w, words->label[lowest(bits)], i)) return false;
  return true;
}

/* Gives an item the word labels of its word. */
static bool label_item(pst_window *w, const pst_start_words *words, uint32_t i, uint32_t number) {
  pst_item *item = &w->words.item.at[i];
  item->extra = 0;
  for (; number; number = words->word.at[number].next) {
    const pst_start_word *word = &words->word.at[number];
    if ((item->up & word->up) == word->up) item->extra |= word->labels;
  }
  return mark_item(w, words, i);
}

uint32_t pst_start_words_find(const pst_start_words *words, uint16_t label) {
  uint32_t k = 0;
  while (k < words->nlabels && words->label[k] != label) k++;
  return k < words->nlabels ? k : PST_WORD_LABELS;
}

void pst_starts_cover(const pst_start_words *words, pst_window *w, const pst_wtag *term) {
  uint32_t k = pst_start_words_find(words, term->label);
  for (uint32_t i = term->first; i < term->end && k < PST_WORD_LABELS; i++) {
    w->words.item.at[i].extra &= (uint16_t) ~(1u << k);
    if (i > term->first) pst_window_unmark(w, term->label, i);
  }
}

bool pst_starts_mark(const pst_start_words *words, pst_window *w) {
  for (uint32_t i = 0; i < w->words.item.n; i++)
    if (!mark_item(w, words, i)) return false;
  return true;
}

bool pst_starts_make(pst_starts *s, const postil_mem *mem, const pst_start_words *words,
                     pst_window *w) {
  uint32_t n = (uint32_t)w->words.item.n;
  s->words = words;
  s->n = w->row_words;
  if (!make_room(s, mem, n)) return false;
  uint64_t run = 0;
  for (uint32_t i = 0; i < n; i++) {
    const pst_item *item = &w->words.item.at[i];
    run += item->cls & PST_PARA ? PARA_RUNS : !(item->cls & PST_GLUE);
    s->run.at[i] = run;
    for (unsigned bits = item->cls; bits; bits &= bits - 1) pst_bit_set(row_of(s, lowest(bits)), i);
    if (i && (item[-1].cls & PST_PARA)) pst_bit_set(row_of(s, ROW_PARA), i);
    uint32_t number = item->id < words->number.n ? words->number.at[item->id] : 0;
    if (!label_item(w, words, i, number)) return false;
    if (number && number < words->nstarts) {
      s->word_link.at[i] = s->by_word.at[number];
      s->by_word.at[number] = i;
    }
    if (!item->len) continue;
    const char *bytes = w->view.bytes.at + item->at;
    uint8_t byte = (uint8_t)*bytes;
    if (item->len > 2 && memchr(bytes + 1, '.', item->len - 2u))
      pst_bit_set(row_of(s, ROW_INNER), i);
    s->byte_link.at[i] = s->by_byte[byte];
    s->by_byte[byte] = i;
  }
  return true;
}

void pst_starts_free(pst_starts *s, const postil_mem *mem) {
  PST_FREE(mem, &s->rows);
  PST_FREE(mem, &s->run);
  PST_FREE(mem, &s->by_word);
  PST_FREE(mem, &s->word_link);
  PST_FREE(mem, &s->byte_link);
}

/* ---- One program ---- */

static void add_words(const pst_starts *s, uint64_t *row, const uint32_t *word, size_t n) {
  for (size_t k = 0; k < n; k++) {
    uint32_t i = s->by_word.at[s->words->number.at[word[k]]];
    for (; i != PST_NONE; i = s->word_link.at[i]) pst_bit_set(row, i);
  }
}

static void add_labels(const pst_starts *s, const pst_window *w, uint64_t *row,
                       const uint16_t *label, size_t n) {
  for (size_t k = 0; k < n; k++) add_row(row, pst_window_starts(w, label[k]), s->n);
}

/* Items that begin with one of these bytes. */
static void add_bytes(const pst_starts *s, uint64_t *row, const uint8_t *bytes) {
  for (unsigned b = 0; b < 256; b++) {
    if (!(bytes[b / 8] >> b % 8 & 1)) continue;
    for (uint32_t i = s->by_byte[b]; i != PST_NONE; i = s->byte_link.at[i]) pst_bit_set(row, i);
  }
}

static void find_starts(const pst_starts *s, const pst_window *w, const pst_program *program,
                        const uint64_t *same, uint64_t *row) {
  const pst_program_start *start = &program->start;
  bool all = start->any && !program->first_known;
  memset(row, all ? 0xff : 0, s->n * sizeof *row);
  if (all) return;
  for (unsigned bits = start->classes; bits; bits &= bits - 1)
    add_row(row, row_of(s, lowest(bits)), s->n);
  if (start->para) add_row(row, row_of(s, ROW_PARA), s->n);
  if (start->same) add_row(row, same, s->n);
  add_words(s, row, start->word, start->nwords);
  add_labels(s, w, row, start->label, start->nlabels);
  if (start->any) add_bytes(s, row, program->first);
}

/* How many runs of white space that is, as tags are now. */
static uint32_t runs_of(const pst_window *w, const pst_program *program, const pst_spread *far) {
  if (far->endless) return PST_NONE;
  uint64_t runs = far->runs;
  for (uint32_t i = 0; i < far->ntags; i++) {
    const pst_tagref *ref = &program->tagref.at[far->tag[i].tagref];
    uint32_t most = 0;
    for (uint32_t k = 0; k < ref->nlabels; k++) {
      uint32_t one = pst_window_spread(w, program->ref_label.at[ref->label + k]);
      if (one > most) most = one;
    }
    runs += (uint64_t)most * far->tag[i].times;
  }
  return runs < PST_NONE ? (uint32_t)runs : PST_NONE;
}

/* Leaves in `starts` what has a needed thing at it or behind it, at most so many runs of white space
 * on, in its paragraph. */
static void keep_near(const pst_starts *s, uint64_t *starts, const uint64_t *needs, uint32_t runs) {
  uint32_t next = pst_bit_from(needs, s->n, 0); /* the first need at the place or behind */
  for (size_t k = 0; k < s->n; k++) {
    uint32_t last = (uint32_t)(k * 64 + 63);
    if (!starts[k]) continue;
    if (next < k * 64) next = pst_bit_from(needs, s->n, (uint32_t)(k * 64));
    if (next == PST_NONE || (next > last && s->run.at[next] - s->run.at[last] > runs)) {
      starts[k] = 0; /* too far from all of them */
      continue;
    }
    for (uint64_t bits = starts[k]; bits; bits &= bits - 1) {
      uint32_t i = (uint32_t)(k * 64 + lowest(bits));
      if (next < i) next = pst_bit_from(needs, s->n, i);
      if (next == PST_NONE || s->run.at[next] - s->run.at[i] > runs)
        starts[k] &= ~(UINT64_C(1) << i % 64);
    }
  }
}

/* Is there anything of the needed set in the window? */
static bool has_needed(const pst_starts *s, const pst_window *w, const pst_program *program,
                       const pst_need *need) {
  if (need->byte) return true;
  for (uint32_t k = 0; k < need->nwords; k++)
    if (s->by_word.at[s->words->number.at[program->need_word.at[need->word + k]]] != PST_NONE)
      return true;
  for (uint32_t k = 0; k < need->nlabels; k++)
    if (pst_window_starts(w, program->need_label.at[need->label + k])) return true;
  return false;
}

static void find_needed(const pst_starts *s, const pst_window *w, const pst_program *program,
                        const pst_need *need, uint64_t *row) {
  memset(row, 0, s->n * sizeof *row);
  if (need->nwords) add_words(s, row, program->need_word.at + need->word, need->nwords);
  if (need->nlabels) add_labels(s, w, row, program->need_label.at + need->label, need->nlabels);
  if (!need->byte) return;
  for (uint32_t i = s->by_byte[need->byte]; i != PST_NONE; i = s->byte_link.at[i])
    pst_bit_set(row, i);
  if (need->byte == '.') add_row(row, row_of(s, ROW_INNER), s->n);
}

/* The row of what a program can begin with; NULL when it is empty or a needed thing is nowhere. */
static uint64_t *first_row(pst_starts *s, const pst_window *w, const pst_program *program,
                           const uint64_t *same) {
  uint64_t *row = row_of(s, ROW_STARTS);
  for (size_t k = 0; k < program->need.n; k++)
    if (!has_needed(s, w, program, &program->need.at[k])) return NULL;
  find_starts(s, w, program, same, row);
  for (size_t k = 0; k < program->barred.n; k++)
    if (pst_window_whole(w, program->barred.at[k]))
      drop_row(row, pst_window_starts(w, program->barred.at[k]), s->n);
  return is_empty(row, s->n) ? NULL : row;
}

const uint64_t *pst_starts_of_sieve(pst_starts *s, const pst_window *w,
                                    const pst_program *program) {
  return first_row(s, w, program, NULL);
}

const uint64_t *pst_starts_all(pst_starts *s, const pst_window *w, const pst_program *program,
                               const uint64_t *same) {
  uint64_t *row = row_of(s, ROW_STARTS);
  find_starts(s, w, program, same, row);
  return row;
}

const uint64_t *pst_starts_row(pst_starts *s, const pst_window *w, const pst_program *program,
                               const uint64_t *same) {
  uint64_t *row = first_row(s, w, program, same), *needs = row_of(s, ROW_NEEDS);
  if (!row || program->facts.paras_before || program->facts.paras_after) return row;
  for (size_t k = 0; k < program->need.n; k++) {
    find_needed(s, w, program, &program->need.at[k], needs);
    keep_near(s, row, needs, runs_of(w, program, &program->need.at[k].far));
    if (is_empty(row, s->n)) return NULL;
  }
  return row;
}

/* ---- Before the core ---- */

/* The places from which the walk may go on: before items [lo, hi]. */
typedef struct reach {
  uint32_t lo, hi;
} reach;

static bool begins_para(const pst_window *w, uint32_t at) {
  return !at || (w->words.item.at[at - 1].cls & PST_PARA);
}

static bool is_word_before(const pst_window *w, const pst_program *program, const pst_back *back,
                           uint32_t at) {
  if (back->para && begins_para(w, at)) return true;
  uint32_t id = at ? w->words.item.at[at - 1].id : 0;
  for (uint32_t k = 0; k < back->nwords; k++)
    if (program->back_word.at[back->word + k] == id) return true;
  return false;
}

/* The first and the last place among [lo, hi] where one of the set ends; false: there is none. */
static bool find_ends(const pst_window *w, const pst_program *program, const pst_back *back,
                      const reach *r, reach *found) {
  uint32_t lo = PST_NONE, hi = 0;
  for (uint32_t k = 0; k < back->nlabels; k++) {
    const uint64_t *ends = pst_window_ends(w, program->back_label.at[back->label + k]);
    uint32_t at = ends ? pst_bit_from(ends, w->row_words, r->lo) : PST_NONE;
    if (at > r->hi) continue;
    if (at < lo) lo = at;
    at = pst_bit_upto(ends, r->hi);
    if (at > hi) hi = at;
  }
  bool words = back->nwords || back->para;
  for (uint32_t at = r->lo; words && at < lo && at <= r->hi; at++)
    if (is_word_before(w, program, back, at)) lo = at;
  if (lo == PST_NONE) return false;
  if (hi < lo) hi = lo;
  for (uint32_t at = r->hi; words && at > hi; at--)
    if (is_word_before(w, program, back, at)) hi = at;
  found->lo = lo;
  found->hi = hi;
  return true;
}

/* Down to `runs` stretches of white space before `at`. */
static uint32_t walk_back(const pst_window *w, uint32_t at, uint32_t hi, uint32_t runs) {
  while (!begins_para(w, at) && hi - at < FAR) {
    if (!(w->words.item.at[at].cls & PST_GLUE) && !runs--) break;
    at--;
  }
  return at;
}

static bool pass(const pst_window *w, const pst_program *program, const pst_back *back, reach *r) {
  bool guarded = back->nwords || back->nlabels || back->para;
  reach found;
  if (guarded && !find_ends(w, program, back, r, &found)) return back->least == 0;
  if (r->hi < back->least) return false;
  r->hi -= back->least;
  if (back->most < PST_BACK_FAR) {
    r->lo = r->lo > back->most ? r->lo - back->most : 0;
    return r->lo <= r->hi;
  }
  uint32_t runs = runs_of(w, program, &back->far);
  if (r->lo > r->hi) r->lo = r->hi;
  r->lo = walk_back(w, r->lo, r->hi, runs < PST_NONE ? runs + 1 : runs);
  return true;
}

/* `...` stops at the end of a sentence, but steps over quotations, whatever ends in them. */
static void skip(const pst_window *w, uint32_t level, reach *r) {
  while (!begins_para(w, r->lo) && r->hi - r->lo < FAR) {
    bool ends = w->words.item.at[r->lo - 1].cls & PST_SENT;
    if (ends && w->quote_id.at[r->lo - 1] == level) return;
    r->lo--;
  }
}

/* Does a tag with its core here begin before it, so that the walk back would begin elsewhere? */
static bool is_wider(const pst_window *w, uint32_t core) {
  for (uint32_t e = w->head.at[core]; e != PST_NONE; e = w->edge.at[e].next) {
    const pst_wtag *tag = &w->tag.at[w->edge.at[e].tag];
    if (tag->first == core && tag->wfirst < core) return true;
  }
  return false;
}

/* What stands in a region ends within r. */
static void lead_to(pst_lead *lead, uint32_t region, const reach *r) {
  lead->low[region - 1] = r->lo;
  lead->high[region] = r->hi;
}

/* From region `from` on a match is within r. */
static void lead_within(pst_lead *lead, uint32_t from, const reach *r) {
  lead->from = r->lo;
  lead->to = r->hi;
  for (uint32_t k = from; k <= PST_REGIONS; k++) {
    lead->low[k] = 0;
    lead->high[k] = r->hi;
  }
}

bool pst_starts_lead(const pst_window *w, const pst_program *program, uint32_t core, uint32_t level,
                     pst_lead *lead) {
  reach r = {core, core}, all = {0, core};
  uint32_t region = 0;
  lead->low[0] = 0;
  lead->high[0] = UINT32_MAX;
  for (size_t i = 0; i < program->back.n; i++) {
    const pst_back *back = &program->back.at[i];
    if (i == 0 && is_wider(w, core)) break;
    while (region < back->region) lead_to(lead, ++region, &r);
    if (back->kind == PST_BACK_NEED && !find_ends(w, program, back, &r, &r)) return false;
    lead_to(lead, region, &r);
    if (back->kind == PST_BACK_SKIP) skip(w, level, &r);
    if (back->kind == PST_BACK_PASS && !pass(w, program, back, &r)) return false;
    if (r.hi - r.lo < FAR) continue;
    all.hi = r.hi; /* too far to tell */
    lead_within(lead, region + 1, &all);
    lead->low[region] = 0;
    return true;
  }
  if (region == 0) r = all;
  lead_within(lead, region + 1, &r);
  lead->low[region] = region ? r.lo : 0;
  if (!program->back_whole) lead->from = 0;
  return true;
}
