/* doc_redo.c - what is due of a document that follows edits, in small steps.
 *
 * The first pass over what was edited comes first, then what that gives to aliases, then the second
 * pass from left to right; each may reach further paragraphs, which become due in turn.  When
 * nothing is due all is as it would be of a new document.
 */
#include "doc_redo.h"

void pst_doc_all_due(postil_doc *doc) {
  for (size_t i = 0; i < doc->paras; i++) pst_doc_mark(doc, i, PST_DUE_LABEL);
}

bool pst_doc_any_due(const postil_doc *doc) {
  return doc->due[PST_LABEL] || doc->due[PST_FACTS] || doc->due[PST_SPEAK];
}

static void mark_range(postil_doc *doc, size_t from, size_t to, unsigned what) {
  for (size_t i = from; i < to && i < doc->paras; i++) pst_doc_mark(doc, i, what);
}

static size_t less(size_t i, size_t by) { return i > by ? i - by : 0; }

/* The paragraph's marks are read again if what they were read with is no longer so. */
static void check_marks(postil_doc *doc, size_t i) {
  const pst_para *p = pst_doc_para(doc, i);
  size_t before = i;
  if (!doc->rules->quotes || p->due & PST_DUE_LABEL) return;
  uint8_t open = pst_doc_read_before(doc, &before) ? pst_doc_para(doc, before)->open : PST_FAM_NONE;
  if (p->open_in != open || p->next_in != pst_doc_next_open(doc, i))
    pst_doc_mark(doc, i, PST_DUE_LABEL);
}

/* The same of the next paragraph that is read from `i` on; those between leave open what the one
 * before them does. */
static void check_marks_from(postil_doc *doc, size_t i) {
  for (; i < doc->paras && pst_doc_para(doc, i)->ignored; i++)
    if (!(pst_doc_para(doc, i)->due & PST_DUE_LABEL))
      pst_doc_para(doc, i)->open = i ? pst_doc_para(doc, i - 1)->open : 0;
  if (i < doc->paras) check_marks(doc, i);
}

/* The second pass over what looks back at paragraphs that end before `i`. */
static void reach_behind(postil_doc *doc, size_t i) {
  size_t next = i;
  mark_range(doc, i, i + pst_doc_speak_margin(doc), PST_DUE_SPEAK);
  while (next < doc->paras && pst_doc_para(doc, next)->ignored) next++;
  mark_range(doc, next, next + 1, PST_DUE_SPEAK);
}

void pst_doc_reached(postil_doc *doc, size_t lo, size_t hi, bool other) {
  size_t reach = 2 * (size_t)doc->rules->label_reach, before = lo;
  if (lo == hi && !other) return;
  mark_range(doc, less(lo, reach), hi + reach, PST_DUE_LABEL);
  mark_range(doc, less(lo, doc->rules->amend_after), lo, PST_DUE_SPEAK);
  if (pst_doc_read_before(doc, &before)) check_marks(doc, before);
  check_marks_from(doc, hi);
  if (other) reach_behind(doc, hi);
}

/* ---- The first pass ---- */

static postil_status label(postil_doc *doc, postil_err *err) {
  pst_doc_batch(doc, pst_doc_first_due(doc, PST_LABEL), PST_DUE_LABEL);
  postil_status s = pst_doc_label(doc, err);
  if (s) return s;
  for (size_t i = doc->from; i < doc->to; i++) {
    pst_doc_para(doc, i)->moved = true;
    pst_doc_unmark(doc, i, PST_DUE_LABEL);
    pst_doc_mark(doc, i, PST_DUE_FACTS | PST_DUE_SPEAK);
  }
  mark_range(doc, less(doc->from, doc->rules->amend_after), doc->from, PST_DUE_SPEAK);
  mark_range(doc, doc->to, doc->to + doc->rules->amend_before, PST_DUE_SPEAK);
  check_marks_from(doc, doc->to);
  return POSTIL_OK;
}

/* ---- What aliases look for ---- */

static postil_status give(postil_doc *doc, postil_err *err) {
  size_t i = doc->from = pst_doc_first_due(doc, PST_FACTS);
  doc->to = i + 1;
  if (!pst_doc_give(doc, i)) return pst_err_nomem(err);
  pst_doc_unmark(doc, i, PST_DUE_FACTS);
  return POSTIL_OK;
}

/* ---- The second pass ---- */

static uint64_t mix_attr(uint64_t hash, const pst_notes *notes, const pst_note_attr *a,
                         uint32_t own) {
  const pst_note_place *place = pst_note_place_of(notes, a);
  hash = pst_mix(hash, (uint64_t)a->name << 8 | a->type);
  if (a->type == POSTIL_NUMBER || a->type == POSTIL_BOOL) {
    uint64_t bits = 0;
    memcpy(&bits, &a->as.number, sizeof bits);
    return pst_mix(hash, bits);
  }
  hash = pst_mix_text(hash, pst_note_text(notes, a));
  if (!place) return hash;
  hash = pst_mix(hash, (uint64_t)place->ref.para << 32 | place->ref.tag);
  if (place->where == own) return hash;
  return pst_mix(pst_mix(hash, place->where), (uint64_t)place->start << 32 | place->end);
}

static uint64_t mix_antecedent(const postil_doc *doc, uint64_t hash, pst_ref ref) {
  const pst_para *p = pst_doc_by_id(doc, ref.para, NULL);
  const pst_notes *notes = p ? pst_doc_first(p) : NULL;
  const pst_note *note = pst_notes_find(notes, ref.tag);
  hash = pst_mix(hash, (uint64_t)ref.para << 32 | ref.tag);
  return note ? pst_mix(hash, pst_doc_about(doc, notes, note)) : hash;
}

/* A hash of what other paragraphs see of one: not where in it something stands. */
static uint64_t shape_of(const postil_doc *doc, const pst_wpara *wp, const pst_para *p) {
  const pst_notes *notes = p->notes;
  uint64_t hash = pst_mix(p->only_quote, p->open);
  for (size_t i = 0; notes && i < notes->n; i++) {
    const pst_note *note = &notes->note[i];
    pst_ref same = pst_note_same(notes, note);
    hash = pst_mix(hash, (uint64_t)note->id << 32 | (uint32_t)note->flags << 16 | note->label);
    hash = pst_mix(hash, (uint64_t)note->quote << 16 | (uint64_t)note->depth << 8 | note->kind);
    if (same.para != PST_NONE) hash = mix_antecedent(doc, hash, same);
    for (uint32_t a = 0; a < note->nattrs; a++)
      hash = mix_attr(hash, notes, &notes->attr[note->attr + a], p->id);
  }
  for (size_t i = 0; i < doc->subject.n; i++) {
    const pst_wtag *t = &doc->w.tag.at[doc->subject.at[i]];
    if (t->start >= wp->start && t->start < wp->stop) hash = pst_mix(hash, t->id);
  }
  return hash;
}

/* Does something in paragraph i stand in the paragraph of this id? */
static bool leads_to(const postil_doc *doc, size_t i, uint32_t id) {
  const pst_notes *notes = pst_doc_para(doc, i)->notes;
  for (uint32_t k = 0; notes && k < notes->nplaces; k++)
    if (notes->place[k].where == id) return true;
  return false;
}

/* Places in paragraph i have moved: those behind it that know some find them again.  A quotation
 * that goes on may hand one down a long way. */
static void reach_places(postil_doc *doc, size_t i) {
  size_t at = i, far = i + pst_doc_speak_margin(doc);
  uint32_t id = pst_doc_para(doc, i)->id;
  bool more = true;
  while (more && pst_doc_read_behind(doc, &at)) {
    bool leads = leads_to(doc, at, id);
    if (leads) pst_doc_mark(doc, at, PST_DUE_SPEAK);
    more = leads || at < far;
  }
}

/* Something in paragraph i is no longer what it was.  Where a part of a quotation comes or goes, its
 * other parts are another tag. */
static void tell(postil_doc *doc, size_t i) {
  size_t before = i, behind = i;
  pst_doc_mark(doc, i, PST_DUE_TELL);
  if (pst_doc_para(doc, i)->open_in != PST_FAM_NONE && pst_doc_read_before(doc, &before))
    pst_doc_mark(doc, before, PST_DUE_TELL);
  if (pst_doc_para(doc, i)->open != PST_FAM_NONE && pst_doc_read_behind(doc, &behind))
    pst_doc_mark(doc, behind, PST_DUE_TELL);
}

/* Paragraph i has been spoken: who must look again? */
static void spoken(postil_doc *doc, const pst_wpara *wp) {
  size_t i = wp->index;
  pst_para *p = pst_doc_para(doc, i);
  uint64_t shape = shape_of(doc, wp, p);
  if (shape != p->shape) {
    reach_behind(doc, i + 1);
    doc->names_changed = true;
  } else if (p->moved) {
    reach_places(doc, i);
  }
  if (doc->tells && (p->moved || p->differs)) tell(doc, i);
  p->shape = shape;
  p->moved = p->differs = false;
}

static postil_status speak(postil_doc *doc, postil_err *err) {
  const pst_window *w = &doc->w;
  pst_doc_batch(doc, pst_doc_first_due(doc, PST_SPEAK), PST_DUE_SPEAK);
  postil_status s = pst_doc_speak(doc, err);
  if (s) return s;
  for (size_t i = doc->from; i < doc->to; i++) pst_doc_unmark(doc, i, PST_DUE_SPEAK);
  for (size_t p = 0; p < w->para.n; p++) {
    if (w->para.at[p].index < doc->from || w->para.at[p].index >= doc->to) continue;
    spoken(doc, &w->para.at[p]);
  }
  return POSTIL_OK;
}

postil_status pst_doc_redo(postil_doc *doc, size_t *work, postil_err *err) {
  postil_status s = POSTIL_OK;
  size_t cost = 1;
  if (doc->due[PST_LABEL])
    s = label(doc, err);
  else if (doc->due[PST_FACTS])
    s = give(doc, err);
  else if (doc->due[PST_SPEAK])
    s = speak(doc, err);
  if (s) return s;
  cost += pst_doc_span(doc, doc->to - 1).end - pst_doc_start(doc, doc->from);
  *work += cost;
  return POSTIL_OK;
}
