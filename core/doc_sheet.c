/* doc_sheet.c - where a document keeps its text and paragraphs: on sheets, each with some
 * paragraphs and the text from its first one to the next sheet.
 *
 * An edit makes the sheets that it touches anew and moves two numbers of each sheet behind them: at
 * 100 MB some 3,000, side by side in memory, which takes less than walking down a tree would.
 * Paragraphs have a place among all (an ordinal, which edits change) and an id, which stays: what
 * leads from one to another holds the id.
 */
#include "doc.h"

#ifdef PST_SHRUNK /* so that tests meet every boundary */
enum { SHEET_BYTES = 256, SHEET_PARAS = 4 };
#else
enum { SHEET_BYTES = 16384, SHEET_PARAS = 64 };
#endif

/* ---- Asking ---- */

/* The last sheet that begins at or before a byte or a paragraph; there is one. */
static size_t slot_at(const postil_doc *doc, size_t at, bool by_bytes) {
  size_t lo = 0, hi = doc->slot.n;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    const pst_slot *s = &doc->slot.at[mid];
    if ((by_bytes ? s->start : s->first) <= at)
      lo = mid;
    else
      hi = mid;
  }
  return lo;
}

size_t pst_doc_slot_of(const postil_doc *doc, size_t i) { return slot_at(doc, i, false); }
size_t pst_doc_slot_at(const postil_doc *doc, size_t at) { return slot_at(doc, at, true); }

/* Where a sheet's text ends, and the number of the first paragraph behind it. */
size_t pst_doc_slot_end(const postil_doc *doc, size_t i) {
  return i + 1 < doc->slot.n ? doc->slot.at[i + 1].start : doc->len;
}
static size_t slot_last(const postil_doc *doc, size_t i) {
  return i + 1 < doc->slot.n ? doc->slot.at[i + 1].first : doc->paras;
}

pst_para *pst_doc_para(const postil_doc *doc, size_t i) {
  const pst_slot *s = &doc->slot.at[slot_at(doc, i, false)];
  return &s->sheet->para.at[i - s->first];
}

pst_span pst_doc_span(const postil_doc *doc, size_t i) {
  const pst_slot *s = &doc->slot.at[slot_at(doc, i, false)];
  const pst_para *p = &s->sheet->para.at[i - s->first];
  pst_span span = {s->start + p->at, s->start + p->at + p->len};
  return span;
}

size_t pst_doc_start(const postil_doc *doc, size_t i) { return pst_doc_span(doc, i).start; }

const char *pst_doc_bytes(const postil_doc *doc, size_t i) {
  const pst_sheet *s = doc->slot.at[slot_at(doc, i, false)].sheet;
  return s->text + s->para.at[i - doc->slot.at[s->slot].first].at;
}

pst_para *pst_doc_by_id(const postil_doc *doc, uint32_t id, size_t *ordinal) {
  const pst_sheet *s = id < doc->sheet_of.n ? doc->sheet_of.at[id] : NULL;
  if (!s) return NULL;
  size_t i = id >= s->para.at[0].id ? id - s->para.at[0].id : 0;
  if (i >= s->para.n || s->para.at[i].id != id)
    for (i = 0; s->para.at[i].id != id;) i++;
  if (ordinal) *ordinal = doc->slot.at[s->slot].first + i;
  return &s->para.at[i];
}

size_t pst_doc_para_at(const postil_doc *doc, size_t at) {
  const pst_slot *s = &doc->slot.at[slot_at(doc, at, true)];
  size_t lo = 0, hi = s->sheet->para.n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (s->start + s->sheet->para.at[mid].at + s->sheet->para.at[mid].len <= at)
      lo = mid + 1;
    else
      hi = mid;
  }
  return s->first + lo;
}

void pst_doc_read(const postil_doc *doc, size_t start, size_t end, char *to) {
  for (size_t i = slot_at(doc, start, true); start < end; i++) {
    size_t stop = pst_doc_slot_end(doc, i) < end ? pst_doc_slot_end(doc, i) : end;
    if (stop > start)
      memcpy(to, doc->slot.at[i].sheet->text + (start - doc->slot.at[i].start), stop - start);
    to += stop - start;
    start = stop;
  }
}

const char *pst_doc_stretch(postil_doc *doc, size_t start, size_t end) {
  size_t i = slot_at(doc, start, true);
  const pst_slot *s = &doc->slot.at[i];
  if (!doc->edited || end <= pst_doc_slot_end(doc, i)) return s->sheet->text + (start - s->start);
  doc->stretch.n = 0;
  if (!PST_RESERVE(&doc->mem, &doc->stretch, end - start)) return NULL;
  pst_doc_read(doc, start, end, doc->stretch.at);
  return doc->stretch.at;
}

/* ---- What is due ---- */

void pst_doc_mark(postil_doc *doc, size_t i, unsigned what) {
  pst_slot *s = &doc->slot.at[slot_at(doc, i, false)];
  pst_para *p = &s->sheet->para.at[i - s->first];
  for (unsigned k = 0; k < PST_DUES; k++) {
    if (!(what & ~p->due & 1u << k)) continue;
    s->due[k]++;
    doc->due[k]++;
  }
  p->due |= (uint8_t)what;
}

void pst_doc_unmark(postil_doc *doc, size_t i, unsigned what) {
  pst_slot *s = &doc->slot.at[slot_at(doc, i, false)];
  pst_para *p = &s->sheet->para.at[i - s->first];
  for (unsigned k = 0; k < PST_DUES; k++) {
    if (!(what & p->due & 1u << k)) continue;
    s->due[k]--;
    doc->due[k]--;
  }
  p->due &= (uint8_t)~what;
}

size_t pst_doc_first_due(const postil_doc *doc, pst_due what) {
  size_t i = 0, p = 0;
  if (!doc->due[what]) return SIZE_MAX;
  while (!doc->slot.at[i].due[what]) i++;
  while (!(doc->slot.at[i].sheet->para.at[p].due & 1u << what)) p++;
  return doc->slot.at[i].first + p;
}

/* ---- Making ---- */

static void free_sheet(const postil_doc *doc, pst_sheet *s) {
  if (!s) return;
  PST_FREE(&doc->mem, &s->para);
  if (s->room) pst_mem_free(&doc->mem, s->text, s->room, 1);
  pst_mem_free(&doc->mem, s, 1, sizeof *s);
}

/* Adds a sheet behind those that are there; its text is lent.  NULL: no memory. */
static pst_sheet *add_sheet(postil_doc *doc, size_t start) {
  pst_slot slot = {.start = start, .first = doc->paras};
  slot.sheet = pst_mem_new(&doc->mem, 1, sizeof *slot.sheet);
  if (!slot.sheet) return NULL;
  slot.sheet->text = doc->text + start;
  slot.sheet->slot = (uint32_t)doc->slot.n;
  if (PST_PUSH(&doc->mem, &doc->slot, slot)) return slot.sheet;
  free_sheet(doc, slot.sheet);
  return NULL;
}

bool pst_doc_first_sheet(postil_doc *doc) { return add_sheet(doc, 0) != NULL; }

bool pst_doc_add_para(postil_doc *doc, pst_span span, pst_para para) {
  const pst_slot *last = &doc->slot.at[doc->slot.n - 1];
  pst_sheet *s = last->sheet;
  bool full = s->para.n >= SHEET_PARAS || (s->para.n && span.start - last->start >= SHEET_BYTES);
  if (full && !(s = add_sheet(doc, span.start))) return false;
  para.at = (uint32_t)(span.start - doc->slot.at[s->slot].start);
  para.id = (uint32_t)doc->sheet_of.n;
  if (!PST_RESERVE(&doc->mem, &s->para, 1) || !PST_PUSH(&doc->mem, &doc->sheet_of, s)) return false;
  s->para.at[s->para.n++] = para;
  doc->paras++;
  return true;
}

void pst_doc_free_para(const postil_doc *doc, pst_para *p) {
  if (p->first != p->notes) pst_notes_free(&doc->mem, p->first);
  pst_notes_free(&doc->mem, p->notes);
  pst_mem_free(&doc->mem, p->fault, p->nfaults, sizeof *p->fault);
  pst_mem_free(&doc->mem, p->gift, p->ngifts, sizeof *p->gift);
  pst_doc_forget_words(doc, p);
}

void pst_doc_free_sheets(postil_doc *doc) {
  for (size_t i = 0; i < doc->slot.n; i++) {
    pst_sheet *s = doc->slot.at[i].sheet;
    for (size_t p = 0; p < s->para.n; p++) pst_doc_free_para(doc, &s->para.at[p]);
    free_sheet(doc, s);
  }
  PST_FREE(&doc->mem, &doc->slot);
  PST_FREE(&doc->mem, &doc->sheet_of);
}

/* ---- Changing ---- */

/* Sheets [s, t] and what is to be on them. */
typedef struct remake {
  postil_doc *doc;
  const pst_swap *swap;
  size_t s, t;
  size_t start, end;  /* their text as it will be */
  size_t first, last; /* their paragraphs before: [first, swap->i), then [swap->j, last) stay */
  PST_VEC(pst_slot) made;
} remake;

static size_t count_of(const remake *r) {
  return (r->swap->i - r->first) + r->swap->n + (r->last - r->swap->j);
}

/* Paragraph k of those to be, at its place in the text to be. */
static pst_para para_of(const remake *r, size_t k, size_t *start) {
  const pst_swap *swap = r->swap;
  size_t head = swap->i - r->first;
  if (k >= head && k < head + swap->n) {
    *start = swap->from + swap->para[k - head].at;
    return swap->para[k - head];
  }
  size_t i = k < head ? r->first + k : swap->j + (k - head - swap->n);
  *start = pst_doc_start(r->doc, i) + (k < head ? 0 : swap->len - (swap->to - swap->from));
  return *pst_doc_para(r->doc, i);
}

/* Copies [start, end) of the text to be. */
static void copy_text(const remake *r, size_t start, size_t end, char *to) {
  const pst_swap *swap = r->swap;
  size_t mid = swap->from + swap->len, stop;
  if (start < swap->from) {
    stop = end < swap->from ? end : swap->from;
    pst_doc_read(r->doc, start, stop, to);
    to += stop - start;
    start = stop;
  }
  if (start < mid && start < end) {
    stop = end < mid ? end : mid;
    memcpy(to, swap->bytes + (start - swap->from), stop - start);
    to += stop - start;
    start = stop;
  }
  if (start < end) pst_doc_read(r->doc, start - mid + swap->to, end - mid + swap->to, to);
}

/* A new sheet of the paragraphs [k, n) to be; NULL: no memory. */
static pst_sheet *make_sheet(const remake *r, size_t k, size_t n, size_t start, size_t end) {
  const postil_doc *doc = r->doc;
  pst_sheet *s = pst_mem_new(&doc->mem, 1, sizeof *s);
  if (!s) return NULL;
  s->room = end - start + 1;
  s->text = pst_mem_new(&doc->mem, s->room, 1);
  if (!s->text) s->room = 0;
  if (!s->text || !PST_RESERVE(&doc->mem, &s->para, n - k)) {
    free_sheet(doc, s);
    return NULL;
  }
  copy_text(r, start, end, s->text);
  for (; k < n; k++) {
    size_t at;
    pst_para p = para_of(r, k, &at);
    p.at = (uint32_t)(at - start);
    s->para.at[s->para.n++] = p;
  }
  for (size_t i = r->s; i <= r->t; i++)
    for (size_t w = 0; w < PST_COUNT(s->filter); w++)
      s->filter[w] |= doc->slot.at[i].sheet->filter[w];
  return s;
}

/* Where a sheet that begins with paragraph k to be ends: the number of the next one's first. */
static size_t sheet_until(const remake *r, size_t k, size_t start) {
  size_t n = count_of(r), at, end = k;
  bool one = n - k <= 2 * SHEET_PARAS && r->end - start <= 2 * SHEET_BYTES;
  if (one) return n;
  do {
    end++;
    if (end < n) (void)para_of(r, end, &at);
  } while (end < n && end - k < SHEET_PARAS && at - start < SHEET_BYTES);
  return end;
}

static bool make_sheets(remake *r) {
  size_t n = count_of(r), start = r->start;
  for (size_t k = 0, until; k < n || !r->made.n; k = until) {
    size_t end = r->end;
    until = sheet_until(r, k, start);
    if (until < n) (void)para_of(r, until, &end);
    pst_slot slot = {.start = start, .first = r->first + k};
    if (!PST_RESERVE(&r->doc->mem, &r->made, 1)) return false;
    slot.sheet = make_sheet(r, k, until, start, end);
    if (!slot.sheet) return false;
    r->made.at[r->made.n++] = slot;
    start = end;
  }
  return true;
}

/* Tells paragraphs where they are, counts what is due on a new sheet. */
static void settle_in(postil_doc *doc, pst_slot *slot) {
  pst_sheet *s = slot->sheet;
  for (size_t p = 0; p < s->para.n; p++) {
    pst_para *para = &s->para.at[p];
    if (para->id == PST_NONE) {
      para->id = (uint32_t)doc->sheet_of.n;
      doc->sheet_of.at[doc->sheet_of.n++] = NULL;
    }
    doc->sheet_of.at[para->id] = s;
    for (unsigned k = 0; k < PST_DUES; k++)
      if (para->due & 1u << k) {
        slot->due[k]++;
        doc->due[k]++;
      }
  }
}

/* Puts the new sheets in place of the old ones.  There is room. */
static void put_sheets(remake *r) {
  postil_doc *doc = r->doc;
  const pst_swap *swap = r->swap;
  size_t old = r->t - r->s + 1, made = r->made.n;
  for (size_t i = swap->i; i < swap->j; i++) doc->sheet_of.at[pst_doc_para(doc, i)->id] = NULL;
  for (size_t i = r->s; i <= r->t; i++) {
    for (unsigned k = 0; k < PST_DUES; k++) doc->due[k] -= doc->slot.at[i].due[k];
    free_sheet(doc, doc->slot.at[i].sheet);
  }
  memmove(doc->slot.at + r->s + made, doc->slot.at + r->t + 1,
          (doc->slot.n - r->t - 1) * sizeof *doc->slot.at);
  memcpy(doc->slot.at + r->s, r->made.at, made * sizeof *doc->slot.at);
  doc->slot.n = doc->slot.n - old + made;
  for (size_t i = r->s; i < r->s + made; i++) settle_in(doc, &doc->slot.at[i]);
  for (size_t i = r->s + made; i < doc->slot.n; i++) {
    doc->slot.at[i].start += swap->len - (swap->to - swap->from);
    doc->slot.at[i].first += swap->n - (swap->j - swap->i);
  }
  for (size_t i = r->s; i < (old == made ? r->s + made : doc->slot.n); i++)
    doc->slot.at[i].sheet->slot = (uint32_t)i;
  pst_doc_forget_places(doc, r->s);
  doc->len += swap->len - (swap->to - swap->from);
  doc->paras += swap->n - (swap->j - swap->i);
}

/* Which sheets are made anew: those that the swap touches, and a neighbour of what is little. */
static void choose_sheets(remake *r) {
  const postil_doc *doc = r->doc;
  const pst_swap *swap = r->swap;
  r->s = slot_at(doc, swap->i < doc->paras ? swap->i : doc->paras, false);
  r->t = swap->j > swap->i ? slot_at(doc, swap->j - 1, false) : r->s;
  for (bool more = true;;) {
    r->start = doc->slot.at[r->s].start;
    r->end = pst_doc_slot_end(doc, r->t) - swap->to + swap->from + swap->len;
    r->first = doc->slot.at[r->s].first;
    r->last = slot_last(doc, r->t);
    size_t n = count_of(r);
    more = !n || (n < SHEET_PARAS / 4 && r->end - r->start < SHEET_BYTES / 4);
    if (more && r->t + 1 < doc->slot.n)
      r->t++;
    else if (more && r->s)
      r->s--;
    else
      return;
  }
}

bool pst_doc_swap(postil_doc *doc, const pst_swap *swap) {
  remake r = {.doc = doc, .swap = swap};
  choose_sheets(&r);
  bool ok = make_sheets(&r) && PST_RESERVE(&doc->mem, &doc->slot, r.made.n) &&
            PST_RESERVE(&doc->mem, &doc->sheet_of, swap->n);
  if (ok)
    put_sheets(&r);
  else
    for (size_t i = 0; i < r.made.n; i++) free_sheet(doc, r.made.at[i].sheet);
  PST_FREE(&doc->mem, &r.made);
  doc->edited |= ok;
  return ok;
}
