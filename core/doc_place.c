/* doc_place.c - lines and columns of a document: each sheet knows how far its text moves a place, so
 * that a question is a walk over one sheet, and an edit costs nothing but the sheets behind it a sum.
 */
#include "doc.h"

static const pst_place beginning = {1, 1, 1, 1};

/* A place behind a text that begins at `from` and is `over` long, as if that began a text. */
static pst_place add(pst_place from, pst_place over) {
  bool same = over.line == 1;
  pst_place sum = {from.line + over.line - 1, over.byte + (same ? from.byte - 1 : 0),
                   over.point + (same ? from.point - 1 : 0),
                   over.utf16 + (same ? from.utf16 - 1 : 0)};
  return sum;
}

static pst_place over_sheet(const postil_doc *doc, size_t i) {
  pst_sheet *sheet = doc->slot.at[i].sheet;
  if (!sheet->over.line) {
    pst_mark mark = {0, beginning, doc->lf};
    size_t len = pst_doc_slot_end(doc, i) - doc->slot.at[i].start;
    pst_mark_walk(&mark, sheet->text, len, len);
    sheet->over = mark.place;
  }
  return sheet->over;
}

/* Finds the places where the sheets up to number `last` begin.  False: no memory. */
static bool place_sheets(postil_doc *doc, size_t last) {
  if (doc->place.n > last) return true;
  if (!PST_RESERVE(&doc->mem, &doc->place, last + 1 - doc->place.n)) return false;
  if (!doc->place.n) doc->place.at[doc->place.n++] = beginning;
  for (size_t i = doc->place.n; i <= last; i++)
    doc->place.at[doc->place.n++] = add(doc->place.at[i - 1], over_sheet(doc, i - 1));
  return true;
}

void pst_doc_forget_places(postil_doc *doc, size_t slot) {
  if (doc->place.n > slot + 1) doc->place.n = slot + 1;
  doc->memo->near_slot = SIZE_MAX;
}

bool pst_doc_place(postil_doc *doc, size_t at, pst_place *place) {
  size_t i = pst_doc_slot_at(doc, at), start = doc->slot.at[i].start;
  pst_memo *memo = doc->memo;
  if (!place_sheets(doc, i)) return false;
  if (memo->near_slot != i || memo->near.at > at - start) {
    memo->near_slot = i;
    memo->near = (pst_mark){0, doc->place.at[i], doc->lf};
  }
  pst_mark_walk(&memo->near, doc->slot.at[i].sheet->text, pst_doc_slot_end(doc, i) - start,
                at - start);
  *place = memo->near.place;
  return true;
}

bool pst_doc_offset(postil_doc *doc, size_t line, size_t column, pst_unit unit, size_t *at) {
  size_t lo = 0, hi = doc->slot.n; /* the last sheet that does not begin behind line and column */
  if (!place_sheets(doc, doc->slot.n - 1)) return false;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    if (pst_place_behind(&doc->place.at[mid], line, column, unit))
      hi = mid;
    else
      lo = mid;
  }
  pst_mark mark = {0, doc->place.at[lo], doc->lf};
  size_t start = doc->slot.at[lo].start;
  *at = start + pst_mark_seek(mark, doc->slot.at[lo].sheet->text, pst_doc_slot_end(doc, lo) - start,
                              line, column, unit);
  return true;
}
