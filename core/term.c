/* term.c - a trie over word ids; see term.h.
 *
 * Nodes are reached through one hash table of (node, word id), as in a hashed trie; only the step
 * from the root is an array, for most items begin no term.  The trie knows nothing of case and
 * touch: a term carries what its items ask for, and that is compared once its words have been
 * found.  What terms ask for is much alike ("capital, capital"), so equal lists are kept once.
 */
#include "term.h"

enum { SLOTS = 64, NONE = 0 }; /* slots of a new table; a power of two */

/* What a term asks of an item. */
typedef struct need {
  uint32_t up;   /* upper-case letters */
  uint32_t glue; /* no white space before it */
} need;

/* A list of needs that several terms may share. */
typedef struct needs {
  size_t at; /* in terms.need */
  uint32_t n, hash;
} needs;

typedef struct term {
  uint32_t next; /* of the same node, or NONE */
  uint32_t needs, owner, data;
  bool exact, plain; /* plain: nothing is asked for */
} term;

typedef struct node {
  uint32_t parent, first, last; /* terms, in order of addition */
  uint32_t up; /* below the root: upper-case letters that all terms ask of their first item */
  bool kids;
} node;

typedef struct edge {
  uint32_t from, id, to; /* to NONE: free */
} edge;

struct pst_terms {
  postil_mem mem;
  pst_lexicon *lex;
  PST_VEC(node) node; /* 0 is the root */
  PST_VEC(term) term; /* from 1 */
  PST_VEC(need) need;
  PST_VEC(needs) needs;
  edge *edges;
  size_t edge_mask, nedges;
  uint32_t *lists; /* hash table of needs, index + 1 */
  size_t list_mask;
  uint32_t *start; /* by word id: node below the root, or NONE */
  size_t nstarts;
  bool sealed;
  pst_view view;   /* of the term being added */
  pst_words words;
};

static uint32_t hash_pair(uint32_t a, uint32_t b) {
  uint64_t x = ((uint64_t)a << 32 | b) * UINT64_C(0x9E3779B97F4A7C15);
  return (uint32_t)(x >> 32 ^ x >> 15);
}

pst_terms *pst_terms_new(const postil_mem *mem, pst_lexicon *lex) {
  pst_terms *terms = pst_mem_new(mem, 1, sizeof *terms);
  if (!terms) return NULL;
  terms->mem = *mem;
  terms->lex = lex;
  node root = {0};
  term none = {0};
  terms->edges = pst_mem_new(mem, SLOTS, sizeof *terms->edges);
  terms->edge_mask = SLOTS - 1;
  terms->lists = pst_mem_new(mem, SLOTS, sizeof *terms->lists);
  terms->list_mask = SLOTS - 1;
  if (terms->edges && terms->lists && PST_PUSH(mem, &terms->node, root) &&
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
  pst_mem_free(&mem, terms->start, terms->nstarts, sizeof *terms->start);
  pst_mem_free(&mem, terms, 1, sizeof *terms);
}

/* ---- the trie ---- */

/* The slot of an edge, or the free one where it would be. */
static edge *seek_edge(edge *edges, size_t mask, uint32_t from, uint32_t id) {
  for (size_t i = hash_pair(from, id) & mask;; i = (i + 1) & mask) {
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

/* Makes the array of steps from the root long enough for a word. */
static bool grow_start(pst_terms *terms, uint32_t id) {
  size_t n = (size_t)id < terms->nstarts * 2 ? terms->nstarts * 2 : (size_t)id + 1;
  uint32_t *start = pst_mem_new(&terms->mem, n, sizeof *start);
  if (!start) return false;
  if (terms->nstarts) memcpy(start, terms->start, terms->nstarts * sizeof *start);
  pst_mem_free(&terms->mem, terms->start, terms->nstarts, sizeof *start);
  terms->start = start;
  terms->nstarts = n;
  return true;
}

/* A new node below `from`; NONE when memory runs out. */
static uint32_t add_node(pst_terms *terms, uint32_t from) {
  node fresh = {.parent = from, .up = UINT32_MAX};
  if (terms->node.n >= UINT32_MAX || !PST_PUSH(&terms->mem, &terms->node, fresh)) return NONE;
  terms->node.at[from].kids = true;
  return (uint32_t)(terms->node.n - 1);
}

/* The node behind `from` by word `id`, made if it is new; NONE when memory runs out. */
static uint32_t add_edge(pst_terms *terms, uint32_t from, uint32_t id) {
  if (from == 0) {
    if (id >= terms->nstarts && !grow_start(terms, id)) return NONE;
    if (terms->start[id] == NONE) terms->start[id] = add_node(terms, 0);
    return terms->start[id];
  }
  if (terms->nedges * 2 > terms->edge_mask && !resize_edges(terms, (terms->edge_mask + 1) * 2))
    return NONE;
  edge *at = seek_edge(terms->edges, terms->edge_mask, from, id);
  if (at->to != NONE) return at->to;
  uint32_t to = add_node(terms, from);
  if (to == NONE) return NONE;
  *at = (edge){from, id, to};
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

static bool same_needs(const need *a, const need *b, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (a[i].up != b[i].up || a[i].glue != b[i].glue) return false;
  return true;
}

/* The list of needs of these items into *index, shared with an equal one; false: no memory. */
static bool add_needs(pst_terms *terms, const pst_item *item, size_t n, postil_case kase,
                      uint32_t *index) {
  needs list = {terms->need.n, (uint32_t)n, (uint32_t)n};
  if (terms->needs.n * 2 > terms->list_mask && !grow_lists(terms)) return false;
  for (size_t i = 0; i < n; i++) {
    need asks = need_of(&item[i], kase);
    if (!PST_PUSH(&terms->mem, &terms->need, asks)) {
      terms->need.n = list.at;
      return false;
    }
    list.hash = hash_pair(list.hash, asks.up ^ asks.glue);
  }
  size_t slot = list.hash & terms->list_mask;
  for (; terms->lists[slot]; slot = (slot + 1) & terms->list_mask) {
    const needs *old = &terms->needs.at[terms->lists[slot] - 1];
    if (old->hash != list.hash || old->n != n) continue;
    if (!same_needs(terms->need.at + old->at, terms->need.at + list.at, n)) continue;
    terms->need.n = list.at;
    *index = terms->lists[slot] - 1;
    return true;
  }
  if (!PST_PUSH(&terms->mem, &terms->needs, list)) {
    terms->need.n = list.at;
    return false;
  }
  terms->lists[slot] = (uint32_t)terms->needs.n;
  *index = (uint32_t)terms->needs.n - 1;
  return true;
}

/* ---- adding ---- */

static bool add_items(pst_terms *terms, const pst_item *item, size_t n, postil_case kase,
                      uint32_t owner, uint32_t data) {
  term fresh = {.owner = owner, .data = data, .exact = kase == POSTIL_CASE_EXACT};
  uint32_t at = 0;
  if (!add_needs(terms, item, n, kase, &fresh.needs)) return false;
  const need *asks = terms->need.at + terms->needs.at[fresh.needs].at;
  fresh.plain = !fresh.exact;
  for (size_t i = 0; i < n; i++)
    if (asks[i].up || asks[i].glue) fresh.plain = false;
  for (size_t i = 0; i < n; i++) {
    at = add_edge(terms, at, item[i].id);
    if (at == NONE) return false;
    if (i == 0) terms->node.at[at].up &= asks[0].up;
  }
  if (terms->term.n >= UINT32_MAX || !PST_PUSH(&terms->mem, &terms->term, fresh)) return false;
  uint32_t index = (uint32_t)(terms->term.n - 1);
  node *end = &terms->node.at[at];
  if (end->first == NONE) end->first = index;
  else terms->term.at[end->last].next = index;
  end->last = index;
  return true;
}

postil_status pst_terms_add(pst_terms *terms, const char *text, size_t len, postil_case kase,
                            uint32_t owner, uint32_t data, postil_err *err) {
  pst_view *view = &terms->view;
  pst_words *words = &terms->words;
  pst_span all = {0, len};
  postil_status status = POSTIL_OK;
  if (terms->sealed) return pst_err_say(err, POSTIL_EUSE, 0, "terms are sealed already");
  bool fine = true;
  words->item.n = 0;
  if (!pst_view_same(text, len)) {
    pst_view_reset(view, 0);
    fine = pst_view_add(view, &terms->mem, text, all);
    text = view->bytes.at;
    len = view->bytes.n;
  }
  fine = fine && pst_words_literal(words, &terms->mem, terms->lex, text, len);
  if (fine && words->item.n == 0)
    status = pst_err_say(err, POSTIL_EPATTERN, 0, "a term needs a word or a mark");
  else if (!fine || !add_items(terms, words->item.at, words->item.n, kase, owner, data))
    status = pst_err_nomem(err);
  return status;
}

postil_status pst_terms_seal(pst_terms *terms, postil_err *err) {
  (void)err;
  terms->sealed = true;
  return POSTIL_OK;
}

static void visit_node(const pst_terms *terms, uint32_t at, uint32_t id, pst_term_fn fn, void *ud) {
  for (uint32_t i = terms->node.at[at].first; i != NONE; i = terms->term.at[i].next) {
    const term *t = &terms->term.at[i];
    uint32_t up = t->plain ? 0 : terms->need.at[terms->needs.at[t->needs].at].up;
    fn(ud, t->owner, t->data, id, up, t->exact);
  }
}

void pst_terms_visit(const pst_terms *terms, pst_term_fn fn, void *ud) {
  for (uint32_t id = 1; id < terms->nstarts; id++)
    if (terms->start[id] != NONE) visit_node(terms, terms->start[id], id, fn, ud);
  for (uint32_t at = 1; at < terms->node.n; at++)
    if (terms->node.at[at].parent != 0) visit_node(terms, at, 0, fn, ud);
}

/* ---- finding ---- */

bool pst_terms_start(const pst_terms *terms, uint32_t id) {
  return id < terms->nstarts && terms->start[id] != NONE;
}

/* Whether the items are what the term asks for. */
static bool agrees(const pst_terms *terms, const term *t, const pst_item *item) {
  if (t->plain) return true;
  const needs *list = &terms->needs.at[t->needs];
  const need *asks = terms->need.at + list->at;
  for (uint32_t i = 0; i < list->n; i++) {
    uint32_t has = item[i].up, wants = asks[i].up;
    if (t->exact ? has != wants : (has & wants) != wants) return false;
    if (asks[i].glue && !(item[i].cls & PST_GLUE)) return false;
  }
  return true;
}

size_t pst_terms_at(const pst_terms *terms, const pst_item *item, uint32_t first, uint32_t limit,
                    pst_term_hit *hits, size_t room) {
  size_t n = 0;
  if (first >= limit || !pst_terms_start(terms, item[first].id)) return 0;
  uint32_t at = terms->start[item[first].id], end = first + 1, up = terms->node.at[at].up;
  if ((item[first].up & up) != up) return 0;
  while (end < limit && terms->node.at[at].kids) {
    uint32_t to = seek_edge(terms->edges, terms->edge_mask, at, item[end].id)->to;
    if (to == NONE) break;
    at = to;
    end++;
  }
  for (; at != 0; at = terms->node.at[at].parent, end--) {
    for (uint32_t i = terms->node.at[at].first; i != NONE; i = terms->term.at[i].next) {
      const term *t = &terms->term.at[i];
      if (!agrees(terms, t, item + first)) continue;
      if (n == room) return n;
      pst_term_hit hit = {first, end, t->owner, t->data};
      hits[n++] = hit;
    }
  }
  return n;
}
