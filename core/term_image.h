/* term_image.h - terms compiled into one block of bytes that is used where it lies.
 *
 * An image holds the terms of one statement and their attributes (rules_image.c writes it).  It is
 * lent: a file that is mapped costs the pages that are looked at.  Words are found by the hash that
 * items have whose words no rule knows, and compared by their bytes.
 *
 * Opening checks the head, the sizes and a sum over all bytes, which finds what was damaged.  An
 * image that lies on purpose is no danger either: whatever is read from one is checked before it is
 * used, and a look-up takes a bounded number of steps.
 */
#ifndef PST_TERM_IMAGE_H
#define PST_TERM_IMAGE_H

#include "term.h"

/* Raised when images are laid out otherwise, or when words are folded, cut or hashed otherwise. */
#define PST_IMAGE_FORMAT 1u
#define PST_IMAGE_MAGIC "postil\032"
#define PST_IMAGE_ORDER 0x01020304u

enum {
  PST_IMAGE_PROBES = 128,         /* slots that a look-up tries at most; the writer sees to it */
  PST_IMAGE_ATTRS = 255,          /* names of attributes */
  PST_IMAGE_TEXT = (1 << 21) - 1, /* bytes of a value */
  PST_IMAGE_VERSION = 16,         /* bytes of the version of Unicode */
  PST_IMAGE_ALIGN = 8             /* of the block */
};
#define PST_IMAGE_MAX ((uint64_t)1 << 30) /* bytes */
#define PST_IMAGE_KIDS 0x80000000u        /* bit of a node's `above`: it is not the last word */
#define PST_IMAGE_EXACT 0x80000000u       /* bit of a list's `n`: no other upper-case letters */

/* How many elements each section has.  The sections follow the head in this order; all but the
 * bytes hold elements of 32-bit numbers. */
typedef struct pst_image_counts {
  uint32_t starts; /* words of 32 bits: which words begin a term, by their hash; a power of two */
  uint32_t slots;  /* a hash table of nodes by (above, hash); a power of two */
  uint32_t nodes;  /* from 1; those of first words come first */
  uint32_t firsts; /* how many of them are first words: the letters that all their terms ask for */
  uint32_t words;  /* where their bytes begin */
  uint32_t terms;
  uint32_t lists; /* what terms ask for: equal lists are kept once */
  uint32_t needs; /* of the lists */
  uint32_t sets;  /* of attributes: where their values begin; equal sets are kept once */
  uint32_t values;
  uint32_t names; /* of attributes: where their bytes begin */
  uint32_t bytes; /* of words, values and names */
} pst_image_counts;

typedef struct pst_image_head {
  char magic[8];
  uint32_t order, format;
  char unicode[PST_IMAGE_VERSION]; /* that words were folded by */
  uint64_t size;                   /* of the whole block */
  uint64_t sum;                    /* over what follows this field */
  pst_image_counts n;
} pst_image_head;

/* Nodes lie by word; `term` is the first of a node's terms, which end where those of the next
 * begin.  A section with an end ("where ... begin") has one element more. */
typedef struct pst_image_node {
  uint32_t above, hash, word, term;
} pst_image_node;
typedef struct pst_image_term {
  uint32_t list, set;
} pst_image_term;
typedef struct pst_image_list {
  uint32_t at, n; /* n 0: nothing is asked for */
} pst_image_list;
typedef struct pst_image_need {
  uint32_t up, glue;
} pst_image_need;
typedef struct pst_image_value {
  uint32_t at; /* bytes; a number takes eight */
  uint32_t is; /* pst_image_is */
} pst_image_value;
/* A type, the number of a name and a length in one. */
static inline uint32_t pst_image_is(uint32_t type, uint32_t name, size_t len) {
  return type << 29 | name << 21 | (uint32_t)len;
}

/* Where the sections lie, and how long they are. */
typedef struct pst_image {
  pst_image_counts n;
  const uint32_t *starts, *slots;
  const pst_image_node *node; /* nodes + 2 */
  const uint32_t *up;         /* firsts + 1 */
  const uint32_t *word;       /* words + 1 */
  const pst_image_term *term;
  const pst_image_list *list;
  const pst_image_need *need;
  const uint32_t *set; /* sets + 1 */
  const pst_image_value *value;
  const uint32_t *name; /* names + 1 */
  const char *bytes;
} pst_image;

/* The version of Unicode, with zeros behind it. */
void pst_image_unicode(char version[PST_IMAGE_VERSION]);
/* Bytes of an image with so many elements. */
uint64_t pst_image_size(const pst_image_counts *n);
/* Where the sections of a block with a good head lie. */
void pst_image_lay(const void *block, pst_image *image);
/* The sum over a block of that size. */
uint64_t pst_image_sum(const void *block, size_t size);
/* Opens a block; POSTIL_EUSE in words about what is wrong with it. */
postil_status pst_image_open(const void *block, size_t size, pst_image *image, postil_err *err);

/* The hashes of words that rules know, by id. */
typedef struct pst_hashes {
  uint32_t *at;
  size_t n;
} pst_hashes;
/* False when memory runs out. */
bool pst_hashes_make(pst_hashes *hashes, const postil_mem *mem, const pst_lexicon *lex);
void pst_hashes_free(pst_hashes *hashes, const postil_mem *mem);
static inline uint32_t pst_hash_of(const pst_hashes *hashes, uint32_t id) {
  if (id & PST_UNKNOWN) return id & ~PST_UNKNOWN;
  return id < hashes->n ? hashes->at[id] : 0;
}

/* May a term begin with a word of this hash? */
static inline bool pst_image_starts(const pst_image *image, uint32_t hash) {
  return image->starts[hash >> 5 & (image->n.starts - 1)] >> (hash & 31) & 1;
}
/* Every term of the image that starts at item `first`, as pst_terms_at gives them: `owner` is 0 and
 * `data` the set of attributes.  view: the bytes that the items are of. */
size_t pst_image_at(const pst_image *image, const pst_hashes *hashes, const char *view,
                    const pst_item *item, uint32_t first, uint32_t limit, pst_term_hit *hits,
                    size_t room);
/* Value i of a set of attributes: its name's number and itself, lent; false past the last. */
bool pst_image_value_at(const pst_image *image, uint32_t set, uint32_t i, uint32_t *name,
                        postil_value *value);
/* The name of attributes by its number; empty past the last. */
pst_str pst_image_name(const pst_image *image, uint32_t name);

#endif
