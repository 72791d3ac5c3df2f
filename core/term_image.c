/* term_image.c - opens images of terms and finds terms in them; see term_image.h. */
#include "term_image.h"

#include "term_trie.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { NUMBER = 8 }; /* bytes of a number */

/* ---- the block ---- */

uint64_t pst_image_size(const pst_image_counts *n) {
  return sizeof(pst_image_head) +
         sizeof(uint32_t) * ((uint64_t)n->starts + n->slots + n->firsts + 1 + n->words + 1 +
                             (uint64_t)n->sets + 1 + n->names + 1) +
         sizeof(pst_image_node) * ((uint64_t)n->nodes + 2) +
         sizeof(pst_image_term) * (uint64_t)n->terms + sizeof(pst_image_list) * (uint64_t)n->lists +
         sizeof(pst_image_need) * (uint64_t)n->needs +
         sizeof(pst_image_value) * (uint64_t)n->values + n->bytes;
}

void pst_image_lay(const void *block, pst_image *image) {
  const pst_image_head *head = block;
  const pst_image_counts *n = &head->n;
  image->n = *n;
  image->starts = (const void *)(head + 1);
  image->slots = image->starts + n->starts;
  image->node = (const void *)(image->slots + n->slots);
  image->up = (const void *)(image->node + n->nodes + 2);
  image->word = image->up + n->firsts + 1;
  image->term = (const void *)(image->word + n->words + 1);
  image->list = (const void *)(image->term + n->terms);
  image->need = (const void *)(image->list + n->lists);
  image->set = (const void *)(image->need + n->needs);
  image->value = (const void *)(image->set + n->sets + 1);
  image->name = (const void *)(image->value + n->values);
  image->bytes = (const void *)(image->name + n->names + 1);
}

uint64_t pst_image_sum(const void *block, size_t size) {
  const size_t from = offsetof(pst_image_head, n);
  return XXH3_64bits((const char *)block + from, size - from);
}

static bool is_power(uint32_t n) { return n && !(n & (n - 1)); }

void pst_image_unicode(char version[PST_IMAGE_VERSION]) {
  const char *unicode = postil_unicode();
  size_t len = strlen(unicode);
  memset(version, 0, PST_IMAGE_VERSION);
  memcpy(version, unicode, len < PST_IMAGE_VERSION ? len : PST_IMAGE_VERSION);
}

/* What is wrong with the head of a block, or NULL. */
static const char *trouble(const pst_image_head *head, size_t size) {
  char unicode[PST_IMAGE_VERSION];
  pst_image_unicode(unicode);
  if (size < sizeof *head || memcmp(head->magic, PST_IMAGE_MAGIC, sizeof head->magic) != 0)
    return "this is no image of terms";
  if (head->order != PST_IMAGE_ORDER || head->format != PST_IMAGE_FORMAT ||
      memcmp(head->unicode, unicode, sizeof unicode) != 0)
    return "this image of terms was made by another postil";
  if (head->size != size || head->n.names > PST_IMAGE_ATTRS || pst_image_size(&head->n) != size ||
      !is_power(head->n.starts) || !is_power(head->n.slots) || head->n.firsts > head->n.nodes)
    return "this image of terms has not the size it tells";
  return head->sum == pst_image_sum(head, size) ? NULL : "this image of terms is damaged";
}

postil_status pst_image_open(const void *block, size_t size, pst_image *image, postil_err *err) {
  if ((uintptr_t)block % PST_IMAGE_ALIGN)
    return pst_err_say(err, POSTIL_EUSE, 0, "an image of terms lies at a multiple of 8");
  const char *words = trouble(block, size);
  if (words) return pst_err_say(err, POSTIL_EUSE, 0, words);
  pst_image_lay(block, image);
  return POSTIL_OK;
}

/* ---- hashes of known words ---- */

static void note_hash(void *ud, uint32_t id, uint32_t unknown, const char *word, size_t len) {
  (void)word, (void)len;
  ((pst_hashes *)ud)->at[id] = unknown & ~PST_UNKNOWN;
}

bool pst_hashes_make(pst_hashes *hashes, const postil_mem *mem, const pst_lexicon *lex) {
  pst_hashes_free(hashes, mem);
  size_t n = pst_lexicon_count(lex) + 1;
  hashes->at = pst_mem_new(mem, n, sizeof *hashes->at);
  if (!hashes->at) return false;
  hashes->n = n;
  pst_lexicon_visit(lex, note_hash, hashes);
  return true;
}

void pst_hashes_free(pst_hashes *hashes, const postil_mem *mem) {
  pst_mem_free(mem, hashes->at, hashes->n, sizeof *hashes->at);
  *hashes = (pst_hashes){0};
}

/* ---- finding ---- */

/* The bytes [at, end) of the image, empty where they are not inside. */
static pst_str bytes_of(const pst_image *image, uint32_t at, uint32_t end) {
  if (at > end || end > image->n.bytes) return (pst_str){"", 0};
  return (pst_str){image->bytes + at, end - at};
}

/* Is the node's word that of an item, whose hash it has? */
static bool is_word(const pst_image *image, const pst_image_node *node, const char *view,
                    const pst_item *item) {
  if (node->word >= image->n.words) return false;
  pst_str word = bytes_of(image, image->word[node->word], image->word[node->word + 1]);
  return pst_word_folds(view + item->at, item->len, word.at, word.len);
}

/* The node behind `from` (0: none) by the word of an item; 0 when there is none. */
static uint32_t seek(const pst_image *image, uint32_t from, uint32_t hash, const char *view,
                     const pst_item *item) {
  uint32_t mask = image->n.slots - 1, i = pst_term_hash(from, hash) & mask;
  for (unsigned tries = 0; tries < PST_IMAGE_PROBES; tries++, i = (i + 1) & mask) {
    uint32_t number = image->slots[i];
    if (number == 0 || number > image->n.nodes) return 0;
    const pst_image_node *node = &image->node[number];
    if ((node->above & ~PST_IMAGE_KIDS) == from && node->hash == hash &&
        is_word(image, node, view, item))
      return number;
  }
  return 0;
}

/* Do items have what the list of a term of n items asks for? */
static bool agrees(const pst_image *image, uint32_t list, size_t n, const pst_item *item) {
  if (list >= image->n.lists) return false;
  const pst_image_list *asks = &image->list[list];
  if (asks->n == 0) return true;
  bool exact = (asks->n & PST_IMAGE_EXACT) != 0;
  if ((asks->n & ~PST_IMAGE_EXACT) != n || asks->at > image->n.needs ||
      n > image->n.needs - asks->at)
    return false;
  for (size_t i = 0; i < n; i++) {
    const pst_image_need *need = &image->need[asks->at + i];
    if (!pst_term_agrees(need->up, need->glue, exact, &item[i])) return false;
  }
  return true;
}

/* The terms that end at a node, into hits from n on; how many there are then. */
static size_t hits_at(const pst_image *image, uint32_t number, const pst_item *item, uint32_t first,
                      uint32_t end, pst_term_hit *hits, size_t n, size_t room) {
  uint32_t last = image->node[number + 1].term;
  if (last > image->n.terms) last = image->n.terms;
  for (uint32_t t = image->node[number].term; t < last && n < room; t++) {
    const pst_image_term *term = &image->term[t];
    if (!agrees(image, term->list, end - first, item + first)) continue;
    pst_term_hit hit = {.first = first, .end = end, .data = term->set};
    hits[n++] = hit;
  }
  return n;
}

size_t pst_image_at(const pst_image *image, const pst_hashes *hashes, const char *view,
                    const pst_item *item, uint32_t first, uint32_t limit, pst_term_hit *hits,
                    size_t room) {
  uint32_t hash = first < limit ? pst_hash_of(hashes, item[first].id) : 0;
  if (first >= limit || !pst_image_starts(image, hash)) return 0;
  uint32_t start = seek(image, 0, hash, view, &item[first]);
  if (start == 0 || start > image->n.firsts || (image->up[start] & ~item[first].up)) return 0;
  uint32_t at = start, end = first + 1;
  while (end < limit && image->node[at].above & PST_IMAGE_KIDS) {
    uint32_t to = seek(image, at, pst_hash_of(hashes, item[end].id), view, &item[end]);
    if (to == 0) break;
    at = to;
    end++;
  }
  size_t n = 0;
  for (; end > first + 1 && n < room; end--) {
    n = hits_at(image, at, item, first, end, hits, n, room);
    at = image->node[at].above & ~PST_IMAGE_KIDS; /* seek came from there, so it is a node */
  }
  return hits_at(image, start, item, first, end, hits, n, room);
}

/* ---- attributes ---- */

bool pst_image_value_at(const pst_image *image, uint32_t set, uint32_t i, uint32_t *name,
                        postil_value *value) {
  if (set >= image->n.sets || i >= PST_IMAGE_ATTRS) return false;
  uint32_t first = image->set[set], end = image->set[set + 1];
  if (first > end || end > image->n.values || i >= end - first) return false;
  const pst_image_value *from = &image->value[first + i];
  uint32_t type = from->is >> 29, len = from->is & PST_IMAGE_TEXT;
  *value = (postil_value){.type = (postil_type)type, .tag = POSTIL_NO_TAG};
  *name = from->is >> 21 & PST_IMAGE_ATTRS;
  if (*name >= image->n.names || len > image->n.bytes || from->at > image->n.bytes - len)
    return false;
  const char *bytes = image->bytes + from->at;
  if (value->type == POSTIL_STRING) {
    value->text = bytes;
    value->len = len;
    return true;
  }
  if (len != NUMBER || type > POSTIL_BOOL) return false;
  memcpy(&value->number, bytes, NUMBER);
  return true;
}

pst_str pst_image_name(const pst_image *image, uint32_t name) {
  if (name >= image->n.names) return (pst_str){"", 0};
  return bytes_of(image, image->name[name], image->name[name + 1]);
}
