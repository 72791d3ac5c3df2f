/* start.h - where in a window programs may start: bits over its items.
 *
 * Most rules match nowhere near.  What a match can begin with, and what it needs and how far on, are
 * looked up for all items at once: a row of bits for each class and label, a chain of places for
 * each word and first byte.  A bit that is not set is a place where no match begins; one that is
 * set is to be tried.  (Bit-parallel sets of starts are what Hyperscan does for literals.)
 */
#ifndef PST_START_H
#define PST_START_H

#include "match.h"

/* Words that tell where programs may start, by number: those that some program begins with or needs,
 * and those of word labels.  A word label is a helper label that is a list of words and nothing
 * else; no tags are made for its single words, they are looked at themselves. */
enum { PST_WORD_LABELS = 16 };
typedef struct pst_start_word {
  uint16_t labels; /* bit k: the k-th word label has the word ... */
  uint32_t up;     /* ... when these letters are upper case */
  uint32_t next;   /* the same word with other letters; 0: none */
} pst_start_word;
typedef struct pst_start_words {
  PST_VEC(uint32_t) number; /* by word id; 0: it tells nothing */
  PST_VEC(pst_start_word) word;
  uint32_t nstarts; /* words below that number are those of programs */
  uint16_t label[PST_WORD_LABELS];
  uint32_t nlabels;
  bool mixed; /* a word label has longer terms, too */
} pst_start_words;

/* Makes room for the words of a lexicon; then its programs are added, then word labels.  False: no
 * memory. */
bool pst_start_words_make(pst_start_words *words, const postil_mem *mem, size_t lexicon);
bool pst_start_words_add(pst_start_words *words, const postil_mem *mem, uint32_t id);
/* Says that the k-th word label has a word, with these letters upper case at least. */
bool pst_start_words_label(pst_start_words *words, const postil_mem *mem, uint32_t id, uint32_t up,
                           uint32_t k);
bool pst_start_words_program(pst_start_words *words, const postil_mem *mem,
                             const pst_program *program);
void pst_start_words_free(pst_start_words *words, const postil_mem *mem);

typedef struct pst_starts {
  const pst_start_words *words;
  size_t n;               /* 64-bit words of a row, as the window's */
  PST_VEC(uint64_t) rows; /* of each class, paragraph starts, stops inside items; two of scratch */
  PST_VEC(uint64_t) run;  /* an item: runs of white space before it, 2^32 for each paragraph */
  PST_VEC(uint32_t) by_word;              /* a word's number: its last item, or PST_NONE */
  PST_VEC(uint32_t) word_link, byte_link; /* an item: the one before with this word, first byte */
  uint32_t by_byte[256];
} pst_starts;

/* Looks the window's items over, and gives them their word labels; tags are looked up when a row is
 * asked for.  False: no memory. */
bool pst_starts_make(pst_starts *s, const postil_mem *mem, const pst_start_words *words,
                     pst_window *w);
/* The number of a word label, or PST_WORD_LABELS. */
uint32_t pst_start_words_find(const pst_start_words *words, uint16_t label);
/* Takes a word label from the items of a longer term of it, which has been placed there. */
void pst_starts_cover(const pst_start_words *words, pst_window *w, const pst_wtag *term);
/* Gives back to a window that was tidied the places of its word labels.  False: no memory. */
bool pst_starts_mark(const pst_start_words *words, pst_window *w);
void pst_starts_free(pst_starts *s, const postil_mem *mem);

/* The items where a match may begin, or NULL when there are none; good until the next call.  `same`:
 * the items where the host may find something at =attr, or NULL.  Tags that died after they were
 * placed must have been tidied away (pst_window_tidy). */
const uint64_t *pst_starts_row(pst_starts *s, const pst_window *w, const pst_program *program,
                               const uint64_t *same);
/* The same for a sieve, of which pst_starts_lead will know more: only what it begins with counts. */
const uint64_t *pst_starts_of_sieve(pst_starts *s, const pst_window *w, const pst_program *program);

/* Could what must stand before the core stand before item `core`, and where?  The match is on the
 * quotation level `level` (quote_id). */
bool pst_starts_lead(const pst_window *w, const pst_program *program, uint32_t core, uint32_t level,
                     pst_lead *lead);

/* All items where it could begin, whether or not what it needs is near; never NULL. */
const uint64_t *pst_starts_all(pst_starts *s, const pst_window *w, const pst_program *program,
                               const uint64_t *same);

/* The lowest set bit from `from` on, or PST_NONE; the highest up to `to`, or PST_NONE.  The row has
 * n words. */
uint32_t pst_bit_from(const uint64_t *row, size_t n, uint32_t from);
uint32_t pst_bit_upto(const uint64_t *row, uint32_t to);

#endif
