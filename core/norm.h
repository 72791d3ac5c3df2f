/* norm.h - NFC, NFD, NFKC, NFKD of a whole text, with the map back.
 *
 * Linear in time also for floods of combining marks.  Ill-formed bytes are copied as they are,
 * count as one unit, and nothing combines with them.  The map is sparse: segments where the two
 * texts differ, everything between is equal byte for byte; so a text that is normalised already has
 * none.
 */
#ifndef PST_NORM_H
#define PST_NORM_H

#include "text.h"

typedef enum pst_form { PST_NFC, PST_NFD, PST_NFKC, PST_NFKD } pst_form;

/* text [from, from + flen) became norm [to, to + tlen); neither is empty.  Segments ascend and do
 * not overlap; each is a starter with what combines with it. */
typedef struct pst_norm_seg {
  size_t from, to;
  size_t flen, tlen;
} pst_norm_seg;

typedef struct pst_norm {
  postil_mem mem;
  size_t len; /* of the original */
  PST_VEC(char) text;
  PST_VEC(pst_norm_seg) seg;
} pst_norm;

/* *out must be zeroed or from an earlier call; what it holds is replaced.  When memory runs out,
 * *out holds nothing. */
postil_status pst_norm_make(pst_norm *out, const postil_mem *mem, pst_form form, const char *text,
                            size_t len, postil_err *err);
void pst_norm_free(pst_norm *norm);

/* The smallest span of the original that covers [start, end) of the normalised text, and the other
 * way round: monotone, whole to whole; inside a segment a span widens to all of it, inside a code
 * point to all of that.  What lies beyond a text counts as its end. */
pst_span pst_norm_back(const pst_norm *norm, size_t start, size_t end);
pst_span pst_norm_forth(const pst_norm *norm, size_t start, size_t end);

/* The version of Unicode that normalisation follows, as "15.0.0". */
const char *pst_norm_unicode(void);

#endif
