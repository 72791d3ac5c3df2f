/* doc_why.h - what doc_why.c and doc_near.c share: why something is tagged at a place, or is not.
 *
 * The passes are run once more over the paragraph of the place with a trace (trace.h), and nothing of
 * that is kept.  Near misses are looked for while the window is as the rules saw it.
 */
#ifndef PST_DOC_WHY_H
#define PST_DOC_WHY_H

#include "doc.h"

/* How far a pattern came: things it took, of those that it takes at least. */
typedef struct pst_near {
  pst_told_who who;            /* what it matched */
  size_t start, end;           /* where it stopped, in the text */
  uint32_t done, whole, items; /* items: what it went over */
  bool over;                   /* the place is among them */
  pst_span wanted;             /* bytes of the pattern */
} pst_near;
typedef PST_VEC(pst_near) pst_nears; /* the best of each rule, in any order */

/* A match around the place, whose tag is elsewhere. */
typedef struct pst_around {
  pst_told_who who;
  size_t start, end;
  bool placed; /* and it lives */
} pst_around;

typedef struct pst_why {
  postil_doc *doc;
  size_t at, para;
  uint16_t label; /* PST_NO_LABEL: all but helpers */
  PST_VEC(postil_why) entry;
  PST_VEC(pst_told_who) found;  /* patterns that matched around the place */
  PST_VEC(pst_told_who) placed; /* tags of the paragraph */
  PST_VEC(pst_around) around;
  pst_nears near, sieve; /* of tag and alias rules, of amend rules */
  uint32_t target;       /* tag of the window that amend rules are tried on */
  bool spoken;           /* it has a speaker */
  bool nomem;
  PST_VEC(uint32_t) left; /* scratch: things that are left to take from each instruction on */
} pst_why;

/* The item of the window's paragraph that stands at the place, or behind it if nothing does. */
uint32_t pst_why_item(const pst_why *v, const pst_wpara *p);
/* Is a label asked for? */
bool pst_why_wants(const pst_why *v, uint16_t label);

/* doc_near.c.  False: no memory. */
/* Tries the steps from all items of the paragraph from which they may come to the place.  `alias`: the
 * second pass's, else the first one's. */
bool pst_near_steps(pst_why *v, bool alias);
/* Tries the amend steps on the target that find it without what they set. */
bool pst_near_sieves(pst_why *v);
/* Leaves the `most` nearest, nearest first. */
void pst_near_sort(pst_nears *nears, size_t most);

#endif
