/* term_trie.h - how term.c keeps terms, for what writes them elsewhere (rules_image.c).
 *
 * Nodes are reached through one hash table of (node, word id), as in a hashed trie; only those of
 * first words lie in an array by the word's id, for most items begin no term.
 */
#ifndef PST_TERM_TRIE_H
#define PST_TERM_TRIE_H

#include "term.h"

enum { PST_TERM_NONE = 0 };

/* A node's number is that of its first word with this bit, or its index. */
#define PST_TERM_FIRST 0x80000000u

/* What a term asks of an item. */
typedef struct pst_term_need {
  uint32_t up;   /* upper-case letters */
  uint32_t glue; /* no white space before it */
} pst_term_need;

/* A list of needs that several terms of an owner may share. */
typedef struct pst_term_needs {
  uint32_t at; /* in terms.need */
  uint32_t n, hash, owner;
  bool exact, plain; /* exact: no other upper-case letters; plain: nothing is asked for */
} pst_term_needs;

typedef struct pst_term {
  uint32_t next; /* of the same node: a ring, in order of addition */
  uint32_t needs, data;
} pst_term;

typedef struct pst_term_node {
  uint32_t above; /* the parent; of a first word the upper-case letters that no term asks of it */
  uint32_t last : 31; /* the term that was added last, or NONE */
  uint32_t kids : 1;
} pst_term_node;

typedef struct pst_term_edge {
  uint32_t from, id, to; /* to NONE: free */
} pst_term_edge;

struct pst_terms {
  postil_mem mem;
  pst_lexicon *lex;
  pst_term_node *first; /* by word id */
  size_t nfirst;
  PST_VEC(pst_term_node) node; /* of words that are not the first; from 1 */
  PST_VEC(pst_term) term;      /* from 1 */
  PST_VEC(pst_term_need) need;
  PST_VEC(pst_term_needs) needs;
  pst_term_edge *edges;
  size_t edge_mask, nedges;
  uint32_t *lists; /* hash table of needs, index + 1 */
  size_t list_mask;
  bool sealed;
  pst_view view; /* of the term being added */
  pst_words words;
};

/* Is an item what a term asks for? */
static inline bool pst_term_agrees(uint32_t up, uint32_t glue, bool exact, const pst_item *item) {
  if (exact ? item->up != up : (item->up & up) != up) return false;
  return !glue || (item->cls & PST_GLUE);
}

static inline uint32_t pst_term_hash(uint32_t a, uint32_t b) {
  uint64_t x = ((uint64_t)a << 32 | b) * UINT64_C(0x9E3779B97F4A7C15);
  return (uint32_t)(x >> 32 ^ x >> 15);
}

#endif
