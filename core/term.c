/* term.c - a trie over word ids; see term.h, and term_trie.h for its parts.
 *
 * The trie knows nothing of case and touch: a term carries what its items ask for, and that is
 * compared once its words have been found.  What terms ask for is much alike ("capital, capital"),
 * so equal lists are kept once.  Nodes and terms are small, for a gazetteer has many: memory that
 * is touched first costs more than what is written there.
 */
#include "term_trie.h"

enum { SLOTS = 64, NONE = PST_TERM_NONE }; /* slots of a new table; a power of two */
enum { TERMS_MAX = INT32_MAX };
#define FIRST PST_TERM_FIRST

typedef pst_term_need need;
typedef pst_term_needs needs;
typedef pst_term term;
typedef pst_term_node node;
typedef pst_term_edge edge;

pst_terms *pst_terms_new(const postil_mem *mem, pst_lexicon *lex) {
  pst_terms *terms = pst_mem_new(mem, 1, sizeof *terms);
  if (!terms) return NULL;
  terms->mem = *mem;
  terms->lex = lex;
  node nobody = {0};
  term none = {0};
  terms->edges = pst_mem_new(mem, SLOTS, sizeof *terms->edges);
  terms->edge_mask = SLOTS - 1;
  terms->lists = pst_mem_new(mem, SLOTS, sizeof *terms->lists);
  terms->list_mask = SLOTS - 1;
  if (terms->edges && terms->lists && PST_PUSH(mem, &terms->node, nobody) &&
      PST_PUSH(mem, &terms->term, none))
    return terms;
  pst_terms_free(terms);
  return NULL;
}

void pst_terms_free(pst_terms *terms) {
  if (!terms) return;
  postil_mem mem = terms->mem;
  pst_view_free(&terms->view, &mem);
  pst_words_free(&terms->words, &mem);
  PST_FREE(&mem, &terms->node);
  PST_FREE(&mem, &terms->term);
  PST_FREE(&mem, &terms->need);
  PST_FREE(&mem, &terms->needs);
  pst_mem_free(&mem, terms->edges, terms->edge_mask + 1, sizeof *terms->edges);
  pst_mem_free(&mem, terms->lists, terms->list_mask + 1, sizeof *terms->lists);
  pst_mem_free(&mem, terms->first, terms->nfirst, sizeof *terms->first);
  pst_mem_free(&mem, terms, 1, sizeof *terms);
}

/* ---- the trie ---- */

/* The slot of an edge, or the free one where it would be. */
static edge *seek_edge(edge *edges, size_t mask, uint32_t from, uint32_t id) {
  for (size_t i = pst_term_hash(from, id) & mask;; i = (i + 1) & mask) {
    edge *at = &edges[i];
    if (at->to == NONE || (at->from == from && at->id == id)) return at;
  }
}

/* Makes the table of edges `slots` large. */
static bool resize_edges(pst_terms *terms, size_t slots) {
  edge *edges = pst_mem_new(&terms->mem, slots, sizeof *edges);
  if (!edges) return false;
  for (size_t i = 0; i <= terms->edge_mask; i++) {
    const edge *old = &terms->edges[i];
    if (old->to != NONE) *seek_edge(edges, slots - 1, old->from, old->id) = *old;
  }
  pst_mem_free(&terms->mem, terms->edges, terms->edge_mask + 1, sizeof *edges);
  terms->edges = edges;
  terms->edge_mask = slots - 1;
  return true;
}

/* Makes the array of first words long enough for one. */
static bool grow_first(pst_terms *terms, uint32_t id) {
  size_t n = (size_t)id < terms->nfirst * 2 ? terms->nfirst * 2 : (size_t)id + 1;
  node *first = pst_mem_new(&terms->mem, n, sizeof *first);
  if (!first) return false;
  if (terms->nfirst) memcpy(first, terms->first, terms->nfirst * sizeof *first);
  pst_mem_free(&terms->mem, terms->first, terms->nfirst, sizeof *first);
  terms->first = first;
  terms->nfirst = n;
  return true;
}

static node *node_of(pst_terms *terms, uint32_t number) {
  return number & FIRST ? &terms->first[number & ~FIRST] : &terms->node.at[number];
}

/* The node behind `from` by word `id`, made if it is new; NONE when memory runs out. */
static uint32_t add_edge(pst_terms *terms, uint32_t from, uint32_t id) {
  node fresh = {.above = from};
  if (terms->nedges / 3 * 4 >= terms->edge_mask && !resize_edges(terms, (terms->edge_mask + 1) * 2))
    return NONE;
  edge *at = seek_edge(terms->edges, terms->edge_mask, from, id);
  if (at->to != NONE) return at->to;
  if (terms->node.n >= FIRST || !PST_PUSH(&terms->mem, &terms->node, fresh)) return NONE;
  node_of(terms, from)->kids = 1;
  *at = (edge){from, id, (uint32_t)(terms->node.n - 1)};
  terms->nedges++;
  return at->to;
}

/* ---- what terms ask for ---- */

static need need_of(const pst_item *item, postil_case kase) {
  need asks = {kase == POSTIL_CASE_FOLD ? 0 : item->up, item->cls & PST_GLUE};
  return asks;
}

/* Makes the table of lists twice as large. */
static bool grow_lists(pst_terms *terms) {
  size_t slots = (terms->list_mask + 1) * 2;
  uint32_t *lists = pst_mem_new(&terms->mem, slots, sizeof *lists);
  if (!lists) return false;
  for (size_t k = 0; k < terms->needs.n; k++) {
    size_t i = terms->needs.at[k].hash & (slots - 1);
    while (lists[i]) i = (i + 1) & (slots - 1);
    lists[i] = (uint32_t)k + 1;
  }
  pst_mem_free(&terms->mem, terms->lists, terms->list_mask + 1, sizeof *lists);
  terms->lists = lists;
  terms->list_mask = slots - 1;
  return true;
}

static bool same_needs(const pst_terms *terms, const needs *a, const needs *b) {
  if (a->n != b->n || a->owner != b->owner || a->exact != b->exact) return false;
  const need *x = terms->need.at + a->at, *y = terms->need.at + b->at;
  for (size_t i = 0; i < a->n; i++)
    if (x[i].up != y[i].up || x[i].glue != y[i].glue) return false;
  return true;
}

/* Writes what n items ask for behind the other lists; there is room. */
static needs *list_needs(pst_terms *terms, const pst_item *item, size_t n, postil_case kase,
                         uint32_t owner) {
  need *asks = terms->need.at + terms->need.n;
  uint32_t hash = owner, any = 0;
  for (size_t i = 0; i < n; i++) {
    asks[i] = need_of(&item[i], kase);
    any |= asks[i].up | asks[i].glue;
    hash = pst_term_hash(hash, asks[i].up ^ asks[i].glue);
  }
  needs *list = &terms->needs.at[terms->needs.n];
  *list = (needs){.at = (uint32_t)terms->need.n,
                  .n = (uint32_t)n,
                  .hash = hash,
                  .owner = owner,
                  .exact = kase == POSTIL_CASE_EXACT,
                  .plain = kase != POSTIL_CASE_EXACT && !any};
  return list;
}

/* The index of what n items ask for, kept if it is new; false when memory runs out. */
static bool add_needs(pst_terms *terms, const pst_item *item, size_t n, postil_case kase,
                      uint32_t owner, uint32_t *index) {
  if (terms->needs.n * 2 > terms->list_mask && !grow_lists(terms)) return false;
  if (n > UINT32_MAX - terms->need.n || !PST_RESERVE(&terms->mem, &terms->needs, 1) ||
      !PST_RESERVE(&terms->mem, &terms->need, n))
    return false;
  const needs *list = list_needs(terms, item, n, kase, owner);
  size_t slot = list->hash & terms->list_mask;
  for (; terms->lists[slot]; slot = (slot + 1) & terms->list_mask) {
    *index = terms->lists[slot] - 1;
    if (same_needs(terms, &terms->needs.at[*index], list)) return true;
  }
  terms->need.n += n;
  *index = (uint32_t)terms->needs.n++;
  terms->lists[slot] = *index + 1;
  return true;
}

/* ---- adding ---- */

/* The node of these words, made where it is new; NONE when memory runs out.  Their first word is
 * asked for these upper-case letters. */
static uint32_t add_path(pst_terms *terms, const pst_item *item, size_t n, uint32_t up) {
  uint32_t at = item[0].id | FIRST;
  if (item[0].id >= terms->nfirst && !grow_first(terms, item[0].id)) return NONE;
  for (size_t i = 1; i < n && at != NONE; i++) at = add_edge(terms, at, item[i].id);
  if (at != NONE) terms->first[item[0].id].above |= ~up;
  return at;
}

static bool add_items(pst_terms *terms, const pst_item *item, size_t n, postil_case kase,
                      uint32_t owner, uint32_t data) {
  term fresh = {.data = data};
  uint32_t index = (uint32_t)terms->term.n;
  if (terms->term.n >= TERMS_MAX || !PST_RESERVE(&terms->mem, &terms->term, 1) ||
      !add_needs(terms, item, n, kase, owner, &fresh.needs))
    return false;
  uint32_t at = add_path(terms, item, n, terms->need.at[terms->needs.at[fresh.needs].at].up);
  if (at == NONE) return false;
  node *end = node_of(terms, at);
  term *last = &terms->term.at[end->last];
  fresh.next = end->last == NONE ? index : last->next;
  terms->term.at[terms->term.n++] = fresh;
  if (end->last != NONE) last->next = index;
  end->last = index & TERMS_MAX;
  return true;
}

/* The items of a term, into terms->words; false when memory runs out. */
static bool cut_term(pst_terms *terms, const char *text, size_t len) {
  pst_view *view = &terms->view;
  pst_span all = {0, len};
  bool simple;
  terms->words.item.n = 0;
  if (!pst_words_simple(&terms->words, &terms->mem, terms->lex, text, len, &simple)) return false;
  if (simple) return true;
  terms->words.item.n = 0;
  if (!pst_view_same(text, len)) {
    pst_view_reset(view, 0);
    if (!pst_view_add(view, &terms->mem, text, all)) return false;
    text = view->bytes.at;
    len = view->bytes.n;
  }
  return pst_words_literal(&terms->words, &terms->mem, terms->lex, text, len);
}

postil_status pst_terms_add(pst_terms *terms, const char *text, size_t len, postil_case kase,
                            uint32_t owner, uint32_t data, postil_err *err) {
  if (terms->sealed) return pst_err_say(err, POSTIL_EUSE, 0, "terms are sealed already");
  if (!cut_term(terms, text, len)) return pst_err_nomem(err);
  const pst_item *item = terms->words.item.at;
  size_t n = terms->words.item.n;
  if (n == 0) return pst_err_say(err, POSTIL_EPATTERN, 0, "a term needs a word or a mark");
  return add_items(terms, item, n, kase, owner, data) ? POSTIL_OK : pst_err_nomem(err);
}

postil_status pst_terms_seal(pst_terms *terms, postil_err *err) {
  (void)err;
  terms->sealed = true;
  return POSTIL_OK;
}

static void visit_node(const pst_terms *terms, const node *at, uint32_t id, pst_term_fn fn,
                       void *ud) {
  for (uint32_t i = at->last; i != NONE;) {
    i = terms->term.at[i].next;
    const term *t = &terms->term.at[i];
    const needs *list = &terms->needs.at[t->needs];
    uint32_t up = list->plain ? 0 : terms->need.at[list->at].up;
    fn(ud, list->owner, t->data, id, up, list->exact);
    if (i == at->last) break;
  }
}

void pst_terms_visit(const pst_terms *terms, pst_term_fn fn, void *ud) {
  for (uint32_t id = 1; id < terms->nfirst; id++) visit_node(terms, &terms->first[id], id, fn, ud);
  for (uint32_t at = 1; at < terms->node.n; at++) visit_node(terms, &terms->node.at[at], 0, fn, ud);
}

/* ---- all words of all terms ---- */

/* Scratch for the words of one term. */
typedef struct spelling {
  const pst_terms *terms;
  uint32_t *word; /* of each node: its last word */
  PST_VEC(uint32_t) id;
  PST_VEC(uint32_t) up;
  PST_VEC(bool) glue;
} spelling;

/* The words on the way to a node, into s->id. */
static bool spell_node(spelling *s, uint32_t number) {
  const postil_mem *mem = &s->terms->mem;
  s->id.n = 0;
  for (; !(number & FIRST); number = s->terms->node.at[number].above)
    if (!PST_PUSH(mem, &s->id, s->word[number])) return false;
  if (!PST_PUSH(mem, &s->id, number & ~FIRST)) return false;
  for (size_t i = 0, k = s->id.n - 1; i < k; i++, k--) {
    uint32_t id = s->id.at[i];
    s->id.at[i] = s->id.at[k];
    s->id.at[k] = id;
  }
  s->up.n = s->glue.n = 0;
  return PST_RESERVE(mem, &s->up, s->id.n) && PST_RESERVE(mem, &s->glue, s->id.n);
}

/* Hands over the terms that end at a node. */
static bool spell_terms(spelling *s, const node *at, uint32_t number, pst_term_words_fn fn,
                        void *ud) {
  if (at->last == NONE) return true;
  if (!spell_node(s, number)) return false;
  uint32_t i = at->last;
  do {
    i = s->terms->term.at[i].next;
    const term *t = &s->terms->term.at[i];
    const needs *list = &s->terms->needs.at[t->needs];
    for (size_t k = 0; k < s->id.n; k++) {
      s->up.at[k] = list->plain ? 0 : s->terms->need.at[list->at + k].up;
      s->glue.at[k] = !list->plain && s->terms->need.at[list->at + k].glue;
    }
    pst_term_words one = {list->owner, t->data,    s->id.n,    s->id.at,
                          s->up.at,    s->glue.at, list->exact};
    if (!fn(ud, &one)) return false;
  } while (i != at->last);
  return true;
}

bool pst_terms_each(const pst_terms *terms, pst_term_words_fn fn, void *ud) {
  spelling s = {.terms = terms, .word = pst_mem_new(&terms->mem, terms->node.n, sizeof *s.word)};
  bool good = s.word != NULL;
  for (size_t i = 0; good && i <= terms->edge_mask; i++)
    s.word[terms->edges[i].to] = terms->edges[i].id; /* of a free one: to NONE, which is no node */
  for (uint32_t id = 1; good && id < terms->nfirst; id++)
    good = spell_terms(&s, &terms->first[id], id | FIRST, fn, ud);
  for (uint32_t at = 1; good && at < terms->node.n; at++)
    good = spell_terms(&s, &terms->node.at[at], at, fn, ud);
  pst_mem_free(&terms->mem, s.word, terms->node.n, sizeof *s.word);
  PST_FREE(&terms->mem, &s.id);
  PST_FREE(&terms->mem, &s.up);
  PST_FREE(&terms->mem, &s.glue);
  return good;
}

/* ---- finding ---- */

bool pst_terms_start(const pst_terms *terms, uint32_t id) {
  return id < terms->nfirst && (terms->first[id].last != NONE || terms->first[id].kids);
}

/* Whether the items are what a list asks for. */
static bool agrees(const pst_terms *terms, const needs *list, const pst_item *item) {
  const need *asks = terms->need.at + list->at;
  for (uint32_t i = 0; i < list->n; i++)
    if (!pst_term_agrees(asks[i].up, asks[i].glue, list->exact, &item[i])) return false;
  return true;
}

/* The terms that end at a node, into hits from n on; how many there are then. */
static size_t hits_at(const pst_terms *terms, const node *at, const pst_item *item, uint32_t first,
                      uint32_t end, pst_term_hit *hits, size_t n, size_t room) {
  if (at->last == NONE) return n;
  uint32_t i = at->last;
  do {
    i = terms->term.at[i].next;
    const term *t = &terms->term.at[i];
    const needs *list = &terms->needs.at[t->needs];
    if (!list->plain && !agrees(terms, list, item + first)) continue;
    if (n == room) return n;
    pst_term_hit hit = {first, end, list->owner, t->data, 0};
    hits[n++] = hit;
  } while (i != at->last);
  return n;
}

size_t pst_terms_at(const pst_terms *terms, const pst_item *item, uint32_t first, uint32_t limit,
                    pst_term_hit *hits, size_t room) {
  if (first >= limit || !pst_terms_start(terms, item[first].id)) return 0;
  const node *start = &terms->first[item[first].id];
  if (~start->above & ~item[first].up) return 0;
  uint32_t at = item[first].id | FIRST, end = first + 1;
  bool kids = start->kids;
  while (end < limit && kids) {
    uint32_t to = seek_edge(terms->edges, terms->edge_mask, at, item[end].id)->to;
    if (to == NONE) break;
    at = to;
    kids = terms->node.at[at].kids;
    end++;
  }
  size_t n = 0;
  for (; end > first + 1; at = terms->node.at[at].above, end--)
    n = hits_at(terms, &terms->node.at[at], item, first, end, hits, n, room);
  return hits_at(terms, start, item, first, end, hits, n, room);
}
