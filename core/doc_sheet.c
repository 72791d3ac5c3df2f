/* doc_sheet.c - where a document keeps its text and paragraphs: on sheets, each with some
 * paragraphs and the text from its first one to the next sheet.
 *
 * So an edit moves the bytes and paragraphs of a sheet, and for the sheets behind it two numbers
 * each: at 100 MB some 3,000, which takes less than a tree would.  Paragraphs have a place among
 * all (an ordinal, which edits change) and an id, which stays: what leads from one to another holds
 * the id.
 */
#include "doc.h"

enum { SHEET_BYTES = 32768, SHEET_PARAS = 128 };

/* ---- Asking ---- */

/* The last sheet for which one of its numbers is not beyond `at`; there is one. */
static size_t sheet_at(const postil_doc *doc, size_t at, bool by_bytes) {
  size_t lo = 0, hi = doc->sheet.n;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    const pst_sheet *s = doc->sheet.at[mid];
    if ((by_bytes ? s->start : s->first) <= at)
      lo = mid;
    else
      hi = mid;
  }
  return lo;
}

pst_para *pst_doc_para(const postil_doc *doc, size_t i) {
  const pst_sheet *s = doc->sheet.at[sheet_at(doc, i, false)];
  return &s->para.at[i - s->first];
}

pst_span pst_doc_span(const postil_doc *doc, size_t i) {
  const pst_sheet *s = doc->sheet.at[sheet_at(doc, i, false)];
  const pst_para *p = &s->para.at[i - s->first];
  pst_span span = {s->start + p->at, s->start + p->at + p->len};
  return span;
}

size_t pst_doc_start(const postil_doc *doc, size_t i) { return pst_doc_span(doc, i).start; }

const char *pst_doc_bytes(const postil_doc *doc, size_t i) {
  return doc->text + pst_doc_start(doc, i);
}

pst_para *pst_doc_by_id(const postil_doc *doc, uint32_t id, size_t *ordinal) {
  const pst_sheet *s = id < doc->sheet_of.n ? doc->sheet_of.at[id] : NULL;
  if (!s) return NULL;
  size_t guess = s->para.n && id >= s->para.at[0].id ? id - s->para.at[0].id : 0, i = 0;
  if (guess < s->para.n && s->para.at[guess].id == id)
    i = guess;
  else
    while (s->para.at[i].id != id) i++;
  if (ordinal) *ordinal = s->first + i;
  return &s->para.at[i];
}

size_t pst_doc_para_at(const postil_doc *doc, size_t at) {
  if (!doc->sheet.n) return 0;
  const pst_sheet *s = doc->sheet.at[sheet_at(doc, at, true)];
  size_t lo = 0, hi = s->para.n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (s->start + s->para.at[mid].at + s->para.at[mid].len <= at)
      lo = mid + 1;
    else
      hi = mid;
  }
  return s->first + lo;
}

/* ---- Making ---- */

/* A sheet behind all others; NULL: no memory. */
static pst_sheet *add_sheet(postil_doc *doc, size_t start) {
  pst_sheet *s = pst_mem_new(&doc->mem, 1, sizeof *s);
  if (!s) return NULL;
  if (!PST_PUSH(&doc->mem, &doc->sheet, s)) {
    pst_mem_free(&doc->mem, s, 1, sizeof *s);
    return NULL;
  }
  s->start = start;
  s->first = doc->paras;
  return s;
}

bool pst_doc_add_para(postil_doc *doc, pst_span span, pst_para para) {
  pst_sheet *s = doc->sheet.n ? doc->sheet.at[doc->sheet.n - 1] : NULL;
  bool full = s && (s->para.n >= SHEET_PARAS || span.start - s->start >= SHEET_BYTES);
  if ((!s || full) && !(s = add_sheet(doc, s ? span.start : 0))) return false;
  para.at = (uint32_t)(span.start - s->start);
  para.len = (uint32_t)(span.end - span.start);
  para.id = (uint32_t)doc->sheet_of.n;
  if (!PST_RESERVE(&doc->mem, &s->para, 1) || !PST_PUSH(&doc->mem, &doc->sheet_of, s)) return false;
  s->para.at[s->para.n++] = para;
  doc->paras++;
  return true;
}

void pst_doc_free_sheets(postil_doc *doc) {
  for (size_t i = 0; i < doc->sheet.n; i++) {
    pst_sheet *s = doc->sheet.at[i];
    for (size_t p = 0; p < s->para.n; p++) {
      pst_notes_free(&doc->mem, s->para.at[p].notes);
      pst_mem_free(&doc->mem, s->para.at[p].fault, s->para.at[p].nfaults,
                   sizeof *s->para.at[p].fault);
    }
    PST_FREE(&doc->mem, &s->para);
    pst_mem_free(&doc->mem, s, 1, sizeof *s);
  }
  PST_FREE(&doc->mem, &doc->sheet);
  PST_FREE(&doc->mem, &doc->sheet_of);
}
