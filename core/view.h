/* view.h - the folded form of text that patterns see, and the map back.
 *
 * Folding (rules.md 2): NFC; every space and line end becomes ' ' (but U+00A0/U+202F/U+2009
 * between two digits becomes U+00A0), U+200B too; double quotation marks of every kind become '"'
 * (`''` and ``` `` ``` become '"' as well), single ones '\''; hyphens and en dash '-'; em dash and
 * bar U+2014; the ellipsis "..."; full-width forms and ligatures their plain letters; ignorables
 * (SHY, WJ, BOM, bidi controls, variation selectors; ZWJ/ZWNJ only between Latin, Cyrillic or
 * Greek letters) vanish.  Ill-formed bytes become U+FFFD, one for each maximal subpart.  Case is
 * kept.  The map is sparse: segments where text and view differ or several code points make a
 * grapheme cluster, equal bytes between.
 */
#ifndef PST_VIEW_H
#define PST_VIEW_H

#include "norm.h"

/* text [text, text + tlen) became view [view, view + vlen); text counts from the view's base. */
typedef struct pst_view_seg {
  uint32_t text, view, tlen, vlen;
} pst_view_seg;

/* For each PST_VIEW_BLOCK bytes: how many segments start before them. */
enum { PST_VIEW_BLOCK = 64 };
typedef PST_VEC(uint32_t) pst_view_index;

typedef struct pst_view {
  PST_VEC(char) bytes;
  PST_VEC(pst_view_seg) seg; /* ascending in both; after a segment the two run in step */
  pst_view_index by_view, by_text;
  size_t base; /* offset in the text that the map counts from */
} pst_view;

/* Empties the view and sets its base. */
void pst_view_reset(pst_view *view, size_t base);
void pst_view_free(pst_view *view, const postil_mem *mem);
/* Whether text is surely its own fold: ASCII without controls, and no two quotes in a row. */
bool pst_view_same(const char *text, size_t len);
/* Appends the fold of the bytes that stand at `span` of the text, which starts at or after
 * everything added before (what lies between is left out).  False when memory runs out. */
bool pst_view_add(pst_view *view, const postil_mem *mem, const char *bytes, pst_span span);
/* Offset in the text (absolute) of a view offset taken as the start, or as the end, of a span:
 * what folding changed counts as a whole, and so does a grapheme cluster, so starts go left and
 * ends go right.  What vanished beside a span, or was left out, is not in it: so take one of the
 * two for both ends of an empty span. */
size_t pst_view_text_start(const pst_view *view, size_t at);
size_t pst_view_text_end(const pst_view *view, size_t at);
/* The other way: view offset of a text offset (absolute), as start (goes left) or end (goes
 * right). */
size_t pst_view_at_start(const pst_view *view, size_t text);
size_t pst_view_at_end(const pst_view *view, size_t text);

#endif
