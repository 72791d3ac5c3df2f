/* rules_image.c - rule sets and images of terms: writing the terms of a statement as one, lending
 * one to a statement, and what terms of all kinds start at an item.
 *
 * What is written is the trie as it is (term_trie.h), with the hashes and bytes of words in place
 * of their ids, which no other rule set shares.  So terms are cut, folded and compared by the same
 * code in either form.
 */
#include "rules.h"
#include "term_trie.h"

/* ---- writing ---- */

enum { SHORT = 32, RECENT = 1024 }; /* bytes of a text that may come again; a power of two */

typedef struct writer {
  const postil_rules *r;
  const pst_terms *terms;
  pst_image_counts n;
  size_t nfirst;   /* word ids that may begin a term */
  uint32_t *first; /* by word id: the number of its node, or 0 */
  uint32_t *hash;  /* by word id */
  uint32_t *name;  /* by attribute: its number among the names and 1, or 0 */
  char *block;
  size_t size;
  uint32_t at;              /* bytes written */
  pst_range recent[RECENT]; /* where short texts were put lately, by their hash */
  pst_image image;
} writer;

/* A section of the block, to be written. */
static void *section(writer *w, const void *at) { return w->block + ((const char *)at - w->block); }

static bool begins(const pst_terms *terms, size_t id) {
  return terms->first[id].last != PST_TERM_NONE || terms->first[id].kids;
}

static uint32_t node_number(const writer *w, uint32_t trie) {
  return trie & PST_TERM_FIRST ? w->first[trie & ~PST_TERM_FIRST] : w->n.firsts + trie;
}

static void count_word(void *ud, uint32_t id, uint32_t unknown, const char *word, size_t len) {
  uint64_t *bytes = ud;
  (void)id, (void)unknown, (void)word;
  *bytes += len;
}

static uint64_t count_values(writer *w) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < w->r->term_attr.n; i++) {
    const pst_const *value = &w->r->term_attr.at[i];
    bytes += value->type == POSTIL_STRING ? value->len : sizeof value->number;
    w->name[value->name] = 1;
  }
  for (size_t i = 0; i < w->r->attrs.n; i++) {
    if (!w->name[i]) continue;
    w->name[i] = ++w->n.names;
    bytes += strlen(w->r->attrs.at[i]);
  }
  return bytes;
}

static uint32_t power_from(uint64_t least) {
  uint32_t power = 1;
  while (power < least && power < UINT32_C(1) << 30) power *= 2;
  return power;
}

/* Is any text longer than a value may be? */
static bool has_long_text(const postil_rules *r) {
  for (size_t i = 0; i < r->term_attr.n; i++)
    if (r->term_attr.at[i].len > PST_IMAGE_TEXT) return true;
  return false;
}

/* How many there are of everything; false when it is more than an image holds. */
static bool count(writer *w) {
  const pst_terms *terms = w->terms;
  uint64_t bytes = count_values(w), nodes;
  pst_lexicon_visit(w->r->lex, count_word, &bytes);
  for (size_t id = 0; id < w->nfirst; id++)
    if (begins(terms, id)) w->first[id] = ++w->n.firsts;
  nodes = (uint64_t)w->n.firsts + terms->node.n - 1;
  if (w->n.names > PST_IMAGE_ATTRS || has_long_text(w->r) || bytes > PST_IMAGE_MAX ||
      nodes * sizeof(pst_image_node) > PST_IMAGE_MAX ||
      terms->need.n > PST_IMAGE_MAX / sizeof(pst_image_need) ||
      w->r->term_attr.n > PST_IMAGE_MAX / sizeof(pst_image_value))
    return false;
  w->n.bytes = (uint32_t)bytes;
  w->n.nodes = (uint32_t)nodes;
  w->n.slots = power_from(nodes * 3 / 2 + 2);
  w->n.starts = power_from(w->n.firsts / 2);
  w->n.words = (uint32_t)pst_lexicon_count(w->r->lex) + 1;
  w->n.terms = (uint32_t)(terms->term.n - 1);
  w->n.lists = (uint32_t)terms->needs.n;
  w->n.needs = (uint32_t)terms->need.n;
  w->n.sets = (uint32_t)w->r->term_data.n;
  w->n.values = (uint32_t)w->r->term_attr.n;
  return pst_image_size(&w->n) <= PST_IMAGE_MAX;
}

static uint32_t put_bytes(writer *w, const void *bytes, size_t len) {
  uint32_t at = w->at;
  if (len) memcpy((char *)section(w, w->image.bytes) + at, bytes, len);
  w->at += (uint32_t)len;
  return at;
}

/* A text of a value; "company" is not put a thousand times. */
static uint32_t put_text(writer *w, const char *text, size_t len) {
  uint32_t hash = (uint32_t)len;
  if (len > SHORT) return put_bytes(w, text, len);
  for (size_t i = 0; i < len; i++) hash = pst_term_hash(hash, (unsigned char)text[i]);
  pst_range *last = &w->recent[hash & (RECENT - 1)];
  if (last->n != len || memcmp(w->image.bytes + last->first, text, len) != 0)
    *last = (pst_range){put_bytes(w, text, len), (uint32_t)len};
  return last->first;
}

static void note_word(void *ud, uint32_t id, uint32_t unknown, const char *word, size_t len) {
  writer *w = ud;
  uint32_t *lengths = section(w, w->image.word);
  (void)word;
  w->hash[id] = unknown & ~PST_UNKNOWN;
  lengths[id + 1] = (uint32_t)len;
}

static void put_word(void *ud, uint32_t id, uint32_t unknown, const char *word, size_t len) {
  writer *w = ud;
  (void)unknown;
  memcpy((char *)section(w, w->image.bytes) + w->image.word[id], word, len);
}

/* The words by id, at the start of the bytes. */
static void write_words(writer *w) {
  uint32_t *word = section(w, w->image.word);
  pst_lexicon_visit(w->r->lex, note_word, w);
  for (uint32_t id = 0; id < w->n.words; id++) word[id + 1] += word[id];
  w->at = word[w->n.words];
  pst_lexicon_visit(w->r->lex, put_word, w);
}

/* Puts a node into the table; false when it would stand where no look-up comes. */
static bool enter(writer *w, uint32_t number) {
  const pst_image_node *node = &w->image.node[number];
  uint32_t *slots = section(w, w->image.slots), mask = w->n.slots - 1;
  uint32_t i = pst_term_hash(node->above & ~PST_IMAGE_KIDS, node->hash) & mask;
  for (unsigned tries = 0; tries < PST_IMAGE_PROBES; tries++, i = (i + 1) & mask)
    if (slots[i] == 0) {
      slots[i] = number;
      return true;
    }
  return false;
}

static bool write_node(writer *w, uint32_t number, uint32_t above, uint32_t word,
                       const pst_term_node *from) {
  pst_image_node *node = (pst_image_node *)section(w, w->image.node) + number;
  node->above = above | (from->kids ? PST_IMAGE_KIDS : 0);
  node->hash = w->hash[word];
  node->word = word;
  return enter(w, number);
}

static bool write_nodes(writer *w) {
  const pst_terms *terms = w->terms;
  uint32_t *starts = section(w, w->image.starts), *up = section(w, w->image.up);
  for (uint32_t id = 0; id < w->nfirst; id++) {
    uint32_t number = w->first[id], hash = w->hash[id];
    if (!number) continue;
    starts[hash >> 5 & (w->n.starts - 1)] |= UINT32_C(1) << (hash & 31);
    up[number] = ~terms->first[id].above;
    if (!write_node(w, number, 0, id, &terms->first[id])) return false;
  }
  for (size_t i = 0; i <= terms->edge_mask; i++) {
    const pst_term_edge *edge = &terms->edges[i];
    if (edge->to == PST_TERM_NONE) continue;
    if (!write_node(w, node_number(w, edge->to), node_number(w, edge->from), edge->id,
                    &terms->node.at[edge->to]))
      return false;
  }
  return true;
}

/* The terms of a node, in order of addition, behind the n that are written; how many then. */
static uint32_t write_node_terms(writer *w, uint32_t number, const pst_term_node *from,
                                 uint32_t n) {
  pst_image_term *to = section(w, w->image.term);
  ((pst_image_node *)section(w, w->image.node))[number].term = n;
  for (uint32_t i = from->last; i != PST_TERM_NONE;) {
    i = w->terms->term.at[i].next;
    to[n++] = (pst_image_term){w->terms->term.at[i].needs, w->terms->term.at[i].data};
    if (i == from->last) break;
  }
  return n;
}

static void write_terms(writer *w) {
  const pst_terms *terms = w->terms;
  uint32_t n = 0;
  for (size_t id = 0; id < w->nfirst; id++)
    if (w->first[id]) n = write_node_terms(w, w->first[id], &terms->first[id], n);
  for (uint32_t i = 1; i < terms->node.n; i++)
    n = write_node_terms(w, w->n.firsts + i, &terms->node.at[i], n);
  ((pst_image_node *)section(w, w->image.node))[w->n.nodes + 1].term = n;
  pst_image_list *list = section(w, w->image.list);
  for (size_t i = 0; i < terms->needs.n; i++) {
    const pst_term_needs *from = &terms->needs.at[i];
    uint32_t count = from->n | (from->exact ? PST_IMAGE_EXACT : 0);
    list[i] = (pst_image_list){from->at, from->plain ? 0 : count};
  }
  pst_image_need *need = section(w, w->image.need);
  for (size_t i = 0; i < terms->need.n; i++)
    need[i] = (pst_image_need){terms->need.at[i].up, terms->need.at[i].glue};
}

static void write_attributes(writer *w) {
  const postil_rules *r = w->r;
  uint32_t *set = section(w, w->image.set), *name = section(w, w->image.name);
  pst_image_value *value = section(w, w->image.value);
  for (size_t i = 0; i < r->term_data.n; i++) set[i] = r->term_data.at[i].first;
  set[r->term_data.n] = (uint32_t)r->term_attr.n;
  for (size_t i = 0; i < r->term_attr.n; i++) {
    const pst_const *from = &r->term_attr.at[i];
    bool text = from->type == POSTIL_STRING;
    size_t len = text ? from->len : sizeof from->number;
    uint32_t at = text ? put_text(w, from->text, len) : put_bytes(w, &from->number, len);
    value[i] = (pst_image_value){at, pst_image_is(from->type, w->name[from->name] - 1, len)};
  }
  for (size_t i = 0; i < r->attrs.n; i++)
    if (w->name[i]) name[w->name[i] - 1] = put_bytes(w, r->attrs.at[i], strlen(r->attrs.at[i]));
  name[w->n.names] = w->at;
}

static void write_head(writer *w) {
  pst_image_head *head = (void *)w->block;
  memcpy(head->magic, PST_IMAGE_MAGIC, sizeof head->magic);
  pst_image_unicode(head->unicode);
  head->order = PST_IMAGE_ORDER;
  head->format = PST_IMAGE_FORMAT;
  head->n = w->n;
}

/* Gives back what texts that came again did not take. */
static bool trim(writer *w, const postil_mem *mem) {
  pst_image_head *head = (void *)w->block;
  head->n.bytes = w->at;
  size_t size = (size_t)pst_image_size(&head->n);
  head->size = size;
  char *block = size == w->size ? w->block : mem->resize(mem->ud, w->block, w->size, size);
  if (!block) {
    pst_mem_free(mem, w->block, w->size, 1);
    return false;
  }
  w->block = block;
  w->size = size;
  return true;
}

/* Makes the block and writes it; false when memory runs out, *crowded when the table of nodes is
 * too full. */
static bool write_block(writer *w, const postil_mem *mem, bool *crowded) {
  w->size = (size_t)pst_image_size(&w->n);
  w->block = pst_mem_new(mem, w->size, 1);
  *crowded = false;
  if (!w->block) return false;
  write_head(w);
  pst_image_lay(w->block, &w->image);
  write_words(w);
  *crowded = !write_nodes(w);
  if (*crowded) {
    pst_mem_free(mem, w->block, w->size, 1);
    return true;
  }
  write_terms(w);
  write_attributes(w);
  if (!trim(w, mem)) return false;
  ((pst_image_head *)w->block)->sum = pst_image_sum(w->block, w->size);
  return true;
}

static postil_status write_image(writer *w, const postil_mem *mem, postil_err *err) {
  enum { DOUBLINGS = 3 };
  bool crowded = true;
  bool fits = count(w);
  for (int i = 0; fits && crowded && i <= DOUBLINGS; i++) {
    if (!write_block(w, mem, &crowded)) return pst_err_nomem(err);
    if (!crowded) return POSTIL_OK;
    w->n.slots *= 2;
    fits = pst_image_size(&w->n) <= PST_IMAGE_MAX;
  }
  return pst_err_say(err, POSTIL_ELIMIT, 0, "more terms than an image holds");
}

postil_status postil_image_make(const postil_rules *r, const postil_mem *mem, char **bytes,
                                size_t *len, postil_err *err) {
  const postil_mem *own = &r->mem;
  postil_mem standard = pst_mem_default();
  *bytes = NULL;
  *len = 0;
  if (r->rule.n != 1) return pst_err_say(err, POSTIL_EUSE, 0, "an image is of one statement");
  writer w = {.r = r, .terms = r->terms};
  size_t ids = pst_lexicon_count(r->lex) + 1;
  w.nfirst = r->terms->nfirst < ids ? r->terms->nfirst : ids;
  w.first = pst_mem_new(own, ids, sizeof *w.first);
  w.hash = pst_mem_new(own, ids, sizeof *w.hash);
  w.name = pst_mem_new(own, r->attrs.n + 1, sizeof *w.name);
  postil_status s = w.first && w.hash && w.name ? write_image(&w, mem ? mem : &standard, err)
                                                : pst_err_nomem(err);
  pst_mem_free(own, w.first, ids, sizeof *w.first);
  pst_mem_free(own, w.hash, ids, sizeof *w.hash);
  pst_mem_free(own, w.name, r->attrs.n + 1, sizeof *w.name);
  if (s) return s;
  *bytes = w.block;
  *len = w.size;
  return POSTIL_OK;
}

/* ---- lending ---- */

static postil_status name_attributes(postil_rules *r, pst_lent *lent, postil_err *err) {
  for (uint32_t i = 0; i < lent->image.n.names; i++) {
    pst_str name = pst_image_name(&lent->image, i);
    if (!name.len || memchr(name.at, 0, name.len))
      return pst_err_say(err, POSTIL_EUSE, 0, "this image of terms has a name that is none");
    postil_status s = pst_rules_attr(r, name.at, name.len, &lent->attr[i], err);
    if (s) return s;
  }
  return POSTIL_OK;
}

postil_status postil_rules_image(postil_rules *r, uint32_t index, const char *bytes, size_t len,
                                 postil_err *err) {
  pst_lent lent = {.owner = index};
  if (r->sealed) return pst_err_say(err, POSTIL_EUSE, 0, "the rule set is sealed already");
  if (index >= r->rule.n) return pst_err_say(err, POSTIL_EUSE, 0, "no such rule");
  postil_status s = pst_image_open(bytes, len, &lent.image, err);
  if (s) return s;
  lent.attr = pst_mem_new(&r->mem, lent.image.n.names + (size_t)1, sizeof *lent.attr);
  if (!lent.attr) return pst_err_nomem(err);
  s = name_attributes(r, &lent, err);
  if (!s && !PST_PUSH(&r->mem, &r->lent, lent)) s = pst_err_nomem(err);
  if (s) {
    pst_mem_free(&r->mem, lent.attr, lent.image.n.names + (size_t)1, sizeof *lent.attr);
    return s;
  }
  r->rule.at[index].terms += lent.image.n.terms;
  r->rule.at[index].lent = true;
  return POSTIL_OK;
}

void pst_rules_free_lent(postil_rules *r) {
  for (size_t i = 0; i < r->lent.n; i++)
    pst_mem_free(&r->mem, r->lent.at[i].attr, r->lent.at[i].image.n.names + (size_t)1,
                 sizeof *r->lent.at[i].attr);
  PST_FREE(&r->mem, &r->lent);
  pst_hashes_free(&r->hashes, &r->mem);
}

bool pst_rules_lent_gives(const postil_rules *r, uint16_t attr) {
  for (size_t i = 0; i < r->lent.n; i++)
    for (uint32_t k = 0; k < r->lent.at[i].image.n.names; k++)
      if (r->lent.at[i].attr[k] == attr) return true;
  return false;
}

/* ---- finding ---- */

/* Two lists of hits, each longest first, become one of at most `room`; of equal length those of
 * earlier statements first. */
static size_t merge(pst_term_hit *hits, size_t n, const pst_term_hit *more, size_t m, size_t room) {
  for (size_t k = 0; k < m; k++) {
    size_t at = n;
    while (at && (hits[at - 1].end < more[k].end ||
                  (hits[at - 1].end == more[k].end && hits[at - 1].owner > more[k].owner)))
      at--;
    if (at == room) continue;
    size_t behind = n < room ? n - at : n - at - 1;
    memmove(hits + at + 1, hits + at, behind * sizeof *hits);
    hits[at] = more[k];
    if (n < room) n++;
  }
  return n;
}

size_t pst_rules_terms_at(const postil_rules *r, const char *view, const pst_item *item,
                          uint32_t first, uint32_t limit, pst_term_hit hits[PST_TERM_HITS]) {
  pst_term_hit more[PST_TERM_HITS];
  size_t n = pst_terms_start(r->terms, item[first].id)
                 ? pst_terms_at(r->terms, item, first, limit, hits, PST_TERM_HITS)
                 : 0;
  for (uint32_t i = 0; i < r->lent.n; i++) {
    const pst_lent *lent = &r->lent.at[i];
    if (r->rule.at[lent->owner].off) continue;
    size_t m =
        pst_image_at(&lent->image, &r->hashes, view, item, first, limit, more, PST_TERM_HITS);
    for (size_t k = 0; k < m; k++) {
      more[k].owner = lent->owner;
      more[k].image = i + 1;
    }
    n = merge(hits, n, more, m, PST_TERM_HITS);
  }
  return n;
}

bool pst_rules_term_attr(const postil_rules *r, const pst_term_hit *hit, uint32_t i,
                         pst_const *value) {
  if (hit->image) {
    const pst_lent *lent = &r->lent.at[hit->image - 1];
    uint32_t name;
    postil_value v;
    if (!pst_image_value_at(&lent->image, hit->data, i, &name, &v)) return false;
    *value = (pst_const){v.text, v.len, v.number, lent->attr[name], (uint8_t)v.type};
    return true;
  }
  pst_range data = r->term_data.at[hit->data];
  if (i >= data.n) return false;
  *value = r->term_attr.at[data.first + i];
  return true;
}
