/* term.h - terms: gazetteers from ten to a million entries, over items.
 *
 * A term is plain text.  Case goes by letter (a lower-case letter of the term matches either case,
 * an upper-case one only itself), or exact, or folded.  Items of a term that touch must touch in
 * the text; where the term has white space the text has white space or an edge.
 */
#ifndef PST_TERM_H
#define PST_TERM_H

#include "word.h"

typedef struct pst_terms pst_terms;
pst_terms *pst_terms_new(const postil_mem *mem, pst_lexicon *lex);
void pst_terms_free(pst_terms *terms);
/* Adds a term under `owner` (a rule) with `data` (the owner's own number).  text is folded
 * first.  A term without a word or mark is refused (POSTIL_EPATTERN). */
postil_status pst_terms_add(pst_terms *terms, const char *text, size_t len, postil_case kase,
                            uint32_t owner, uint32_t data, postil_err *err);
/* No more additions; makes finding fast. */
postil_status pst_terms_seal(pst_terms *terms, postil_err *err);

typedef struct pst_term_hit {
  uint32_t first, end; /* items */
  uint32_t owner, data;
  uint32_t image; /* 0, or the number of the image that it is from, from 1 (rules.h) */
} pst_term_hit;
/* Every term that starts at item `first` and ends before `limit`, into hits (at most `room`),
 * longest first; how many.  Ends on text edges only (any item edge is one). */
size_t pst_terms_at(const pst_terms *terms, const pst_item *item, uint32_t first, uint32_t limit,
                    pst_term_hit *hits, size_t room);
/* Goes over all terms.  `id` is the word of a term that is one item, 0 for longer ones; `up` the
 * upper-case letters it asks for, and `exact` that it allows no others. */
typedef void (*pst_term_fn)(void *ud, uint32_t owner, uint32_t data, uint32_t id, uint32_t up,
                            bool exact);
void pst_terms_visit(const pst_terms *terms, pst_term_fn fn, void *ud);
/* Goes over all terms with their words, those of the same words in the order in which they were
 * added.  glue[i]: no white space stands before word i.  False: no memory, or fn said so. */
typedef struct pst_term_words {
  uint32_t owner, data;
  size_t n;
  const uint32_t *id, *up;
  const bool *glue;
  bool exact;
} pst_term_words;
typedef bool (*pst_term_words_fn)(void *ud, const pst_term_words *term);
bool pst_terms_each(const pst_terms *terms, pst_term_words_fn fn, void *ud);
/* True when some term may start with this word id: a cheap test before pst_terms_at. */
bool pst_terms_start(const pst_terms *terms, uint32_t id);

#endif
