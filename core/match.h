/* match.h - running programs over a window.
 *
 * The window's items, paragraphs, tags and quotations must be in place (tag.h).
 * A backtracking machine over items with a step budget for each start; failures are remembered for
 * each (item, instruction), so that a paragraph costs at most items times instructions.
 */
#ifndef PST_MATCH_H
#define PST_MATCH_H

#include "pattern.h"

typedef struct pst_capture {
  uint32_t first, end; /* items; first PST_NONE: took no part */
  uint32_t tag;        /* the tag captured (capture of exactly one <X>), or PST_NONE */
  uint32_t at, stop;   /* view bytes */
} pst_capture;

enum { PST_CAPTURES = 24 };

typedef struct pst_group { /* named group of a regex */
  uint16_t attr;
  uint32_t at, stop; /* view bytes */
} pst_group;

typedef struct pst_hit {
  uint32_t first, end;           /* the whole match, items */
  uint32_t core_first, core_end; /* what gets tagged; equal to the whole without [ ] */
  uint32_t at, stop; /* core in view bytes: finer than items only for a whole-pattern regex */
  pst_capture capture[PST_CAPTURES]; /* only as many as the pattern has */
  pst_group group[PST_CAPTURES];
  size_t ngroups;
  pst_ref same; /* alias: the contributor that =attr found */
} pst_hit;

/* Asked at =attr: does a value of `attr` stand at `item`?  Number of items it takes (0: no) and who
 * contributed it. */
typedef uint32_t (*pst_same_fn)(void *ud, const pst_window *w, uint16_t attr, uint32_t item,
                                pst_ref *from);

typedef struct pst_matcher pst_matcher; /* scratch: stack, memo */
pst_matcher *pst_matcher_new(const postil_mem *mem);
void pst_matcher_free(pst_matcher *m);
void pst_matcher_same(pst_matcher *m, pst_same_fn fn, void *ud);
/* Forget what earlier windows taught; call when the window or its tags have changed. */
void pst_matcher_begin(pst_matcher *m, const pst_window *w);

/* From here on all calls together may spend the work of a paragraph of so many items; then each
 * answers PST_FOUND_LIMIT.  SIZE_MAX, and a new matcher: no such bound. */
void pst_matcher_budget(pst_matcher *m, size_t items);
/* What is left of it, to go on with later. */
size_t pst_matcher_left(const pst_matcher *m);
void pst_matcher_spend(pst_matcher *m, size_t left);

/* Where a match may be in each region of its program: it comes to [low, high] at best.  What is
 * beyond need not be tried. */
typedef struct pst_lead {
  uint32_t from, to; /* items where it may begin */
  uint32_t low[PST_REGIONS + 1], high[PST_REGIONS + 1];
} pst_lead;

/* A series of calls with one program, one target and no end_at, on items [from, end] of one window:
 * what failed for one start is not tried again for the next, nor what `lead` (or NULL) excludes.
 * Ends with a match (share again to go on) or pst_matcher_unshare. */
void pst_matcher_share(pst_matcher *m, uint32_t from, uint32_t end, const pst_lead *lead);
void pst_matcher_unshare(pst_matcher *m);

typedef enum pst_found { PST_FOUND_NO, PST_FOUND_YES, PST_FOUND_LIMIT, PST_FOUND_NOMEM } pst_found;

/* The first way through `program` from item `first`; the longest if the pattern is only words.
 * `target` (or PST_NONE): the core must be exactly that tag, other ways are tried until it is.
 * `end_at` (or PST_NONE): the whole match must end at that item. */
pst_found pst_match_at(pst_matcher *m, const pst_window *w, const pst_program *program,
                       uint32_t first, uint32_t target, uint32_t end_at, pst_hit *hit);
/* Why not: the item that the last pst_match_at came to at most, the instruction that did not fit there
 * (the first one), and its bytes of the pattern. */
enum { PST_FAR_PCS = 16 };
typedef struct pst_far {
  uint32_t item, npcs, pc[PST_FAR_PCS];
  pst_span wanted;
} pst_far;
/* False when no way failed. */
bool pst_matcher_furthest(const pst_matcher *m, const pst_program *program, pst_far *far);
/* From here on it tells of all instructions that did not fit at that item (`pc` has the first ones of
 * them, `wanted` spans them all), or again of one. */
void pst_matcher_all_wanted(pst_matcher *m, bool all);
/* May a match begin at this item?  The program's start set, tested; whether it may begin with =attr
 * there is for the caller to say. */
bool pst_match_may_start(const pst_window *w, const pst_program *program, uint32_t item);
#endif
