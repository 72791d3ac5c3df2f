/* doc_edit.c - edits: text and paragraphs change, and what that reaches becomes due.
 *
 * Around the edit some text is split into paragraphs anew, until a paragraph begins where one began
 * before and nothing that splitting carries along is different: from there on all is as it was.
 * doc_redo.c then does what is due.
 */
#include "doc_redo.h"

enum {
  BEHIND = 2,   /* paragraphs behind the edit that are split anew, at first */
  MORE = 4,     /* times as many, if splitting has not fallen into step by then */
  CUT_SEEN = 64 /* bytes beyond its longest that a paragraph's cut may depend on */
};

typedef struct edit {
  postil_doc *doc;
  size_t start, old; /* bytes that go */
  const char *text;  /* and what comes */
  size_t len;
  size_t i, j;         /* paragraphs that are split anew: [i, j) before the edit */
  size_t from, to;     /* their text */
  size_t behind;       /* the first paragraph that begins behind the edit */
  size_t head, tail;   /* so many of them, at both ends, stay as they are */
  PST_VEC(char) bytes; /* their text as it will be */
  PST_VEC(pst_seam) seam;
  PST_VEC(pst_para) para; /* what they become */
  pst_split split;
} edit;

static uint16_t block_of(const postil_doc *doc, size_t i) {
  uint32_t rule = pst_doc_para(doc, i)->block_rule;
  return rule ? doc->rules->rule.at[rule - 1].label : PST_NO_BLOCK;
}

/* May paragraph i begin where the one before was cut? */
static bool may_be_cut(const postil_doc *doc, size_t i) {
  return pst_doc_para(doc, i - 1)->len >= PST_PARAGRAPH_MAX / 4;
}

/* Does paragraph i begin a line? */
static bool begins_line(postil_doc *doc, size_t i) {
  pst_span before = i ? pst_doc_span(doc, i - 1) : (pst_span){0, 0};
  size_t start = pst_doc_start(doc, i), next;
  if (!i || start == before.end) return !i;
  const char *gap = pst_doc_stretch(doc, before.end, start);
  if (!gap) return false;
  return pst_line_end(gap, start - before.end, 0, &next) < start - before.end;
}

/* Does paragraph i begin within the first line with a letter? */
static bool starts_in_head(postil_doc *doc, size_t i) {
  return i && pst_doc_start(doc, i) <= doc->head && !begins_line(doc, i);
}

/* Where splitting begins: at a paragraph that the edit does not reach. */
static void choose_start(edit *e) {
  postil_doc *doc = e->doc;
  size_t at = pst_doc_para_at(doc, e->start);
  e->i = at ? at - 1 : 0;
  while (e->i && (block_of(doc, e->i - 1) != PST_NO_BLOCK ||
                  (may_be_cut(doc, e->i) &&
                   pst_doc_start(doc, e->i) + PST_PARAGRAPH_MAX + CUT_SEEN > e->start)))
    e->i--;
  if (pst_doc_has_blocks(doc) && (e->start <= doc->head || starts_in_head(doc, e->i))) e->i = 0;
  e->from = e->i ? pst_doc_start(doc, e->i) : 0;
  at = pst_doc_para_at(doc, e->start + e->old);
  e->behind = at + (at < doc->paras && pst_doc_start(doc, at) < e->start + e->old);
}

/* The text that is split: up to a line `paras` paragraphs behind the edit.  False: no memory. */
static bool gather(edit *e, size_t paras) {
  postil_doc *doc = e->doc;
  e->j = doc->paras - e->behind > paras ? e->behind + paras : doc->paras;
  while (e->j < doc->paras && !begins_line(doc, e->j)) e->j++;
  e->to = e->j < doc->paras ? pst_doc_start(doc, e->j) : doc->len;
  size_t before = e->start - e->from, behind = e->to - e->start - e->old;
  e->bytes.n = 0;
  if (!PST_RESERVE(&doc->mem, &e->bytes, before + e->len + behind + 1)) return false;
  pst_doc_read(doc, e->from, e->start, e->bytes.at);
  if (e->len) memcpy(e->bytes.at + before, e->text, e->len);
  pst_doc_read(doc, e->start + e->old, e->to, e->bytes.at + before + e->len);
  e->bytes.n = before + e->len + behind;
  return true;
}

/* A byte of the old text behind the edit, as one of the bytes. */
static size_t moved(const edit *e, size_t at) { return at - e->from - e->old + e->len; }

static bool find_seams(edit *e) {
  const postil_doc *doc = e->doc;
  e->seam.n = 0;
  for (size_t i = e->behind; i < e->j; i++) {
    size_t start = pst_doc_start(doc, i);
    pst_seam seam = {moved(e, start), i ? block_of(doc, i - 1) : PST_NO_BLOCK, start > doc->head,
                     false};
    if (!PST_PUSH(&doc->mem, &e->seam, seam)) return false;
  }
  return true;
}

/* Does splitting fall into step?  Then e->j and the pieces end there. */
static bool find_step(edit *e) {
  size_t k = 0;
  for (size_t s = 0; s < e->seam.n; s++) {
    while (k < e->split.piece.n && e->split.piece.at[k].span.start < e->seam.at[s].at) k++;
    if (!e->seam.at[s].fits || k == e->split.piece.n ||
        e->split.piece.at[k].span.start != e->seam.at[s].at)
      continue;
    e->j = e->behind + s;
    e->to = pst_doc_start(e->doc, e->j);
    e->bytes.n = e->seam.at[s].at;
    e->split.piece.n = k;
    return true;
  }
  return e->split.is_end;
}

static postil_status split(edit *e, postil_err *err) {
  postil_doc *doc = e->doc;
  for (size_t paras = BEHIND;; paras *= MORE) {
    pst_doc_split_free(doc, &e->split);
    if (!gather(e, paras) || !find_seams(e)) return pst_err_nomem(err);
    e->split = (pst_split){.text = e->bytes.at, .len = e->bytes.n, .head = SIZE_MAX};
    if (!e->i) e->split.at = pst_text_bom(e->bytes.at, e->bytes.n);
    e->split.within_line = e->i && !begins_line(doc, e->i);
    e->split.is_end = e->j == doc->paras;
    e->split.first_seen = e->i && e->from > doc->head;
    e->split.seam = e->seam.at;
    e->split.nseams = e->seam.n;
    postil_status s = pst_doc_split(doc, &e->split, err);
    if (s || find_step(e)) return s;
  }
}

/* ---- What becomes of the paragraphs ---- */

/* Is a piece what paragraph i was, with its text `by` bytes further on? */
static bool is_same(const edit *e, const pst_piece *piece, size_t i, size_t by) {
  pst_span span = pst_doc_span(e->doc, i);
  return piece->span.start + e->from == span.start + by &&
         piece->span.end + e->from == span.end + by &&
         piece->block_rule == pst_doc_para(e->doc, i)->block_rule;
}

static void find_same(edit *e) {
  size_t old = e->j - e->i, n = e->split.piece.n;
  const pst_piece *piece = e->split.piece.at;
  e->head = e->tail = 0;
  while (e->head < n && e->head < old && is_same(e, &piece[e->head], e->i + e->head, 0) &&
         pst_doc_span(e->doc, e->i + e->head).end <= e->start)
    e->head++;
  while (e->head + e->tail < n && e->head + e->tail < old && e->j - e->tail > e->behind &&
         is_same(e, &piece[n - e->tail - 1], e->j - e->tail - 1, e->len - e->old))
    e->tail++;
}

/* What paragraph `old` becomes that was edited: what it has given and how others saw it is to be
 * compared. */
static pst_para edited_para(const postil_doc *doc, const pst_piece *piece, const pst_para *old) {
  pst_para para = pst_doc_new_para(doc, piece);
  para.id = PST_NONE;
  para.moved = true;
  if (!old) return para;
  para.id = old->id;
  para.gift = old->gift;
  para.ngifts = old->ngifts;
  para.shape = old->shape;
  return para;
}

static bool make_paras(edit *e) {
  const postil_doc *doc = e->doc;
  size_t n = e->split.piece.n, old = e->j - e->i - e->tail;
  if (!PST_RESERVE(&doc->mem, &e->para, n + 1)) return false;
  for (size_t k = 0; k < n; k++) {
    const pst_piece *piece = &e->split.piece.at[k];
    pst_para para;
    if (k < e->head)
      para = *pst_doc_para(doc, e->i + k);
    else if (k >= n - e->tail)
      para = *pst_doc_para(doc, e->j - (n - k));
    else
      para = edited_para(doc, piece, k < old ? pst_doc_para(doc, e->i + k) : NULL);
    para.at = (uint32_t)piece->span.start;
    e->para.at[e->para.n++] = para;
  }
  return true;
}

/* ---- The edit ---- */

/* Block rules that were too much work: those of the paragraphs [lo, hi) are told anew.  There is
 * room. */
static void move_limits(edit *e, size_t lo, size_t hi) {
  postil_doc *doc = e->doc;
  size_t n = 0, at;
  for (size_t i = 0; i < doc->block_limit.n; i++) {
    pst_ref ref = doc->block_limit.at[i];
    if (pst_doc_by_id(doc, ref.para, &at) && (at < lo || at >= hi)) doc->block_limit.at[n++] = ref;
  }
  doc->block_limit.n = n;
  for (size_t i = 0; i < e->split.limit.n; i++) {
    const pst_block *limit = &e->split.limit.at[i];
    at = pst_doc_para_at(doc, e->from + limit->start);
    if (at < lo || at >= hi || limit->start >= e->bytes.n) continue;
    pst_ref ref = {pst_doc_para(doc, at)->id, limit->rule};
    doc->block_limit.at[doc->block_limit.n++] = ref;
  }
}

static void move_head(edit *e) {
  postil_doc *doc = e->doc;
  if (e->i || !pst_doc_has_blocks(doc)) return;
  if (e->split.first_seen)
    doc->head = e->split.head;
  else
    doc->head = e->split.is_end || doc->head == SIZE_MAX ? SIZE_MAX : doc->head - e->old + e->len;
}

/* White space before paragraph i has changed: it is text of a quotation that goes on over it. */
static void tell_gap(postil_doc *doc, size_t i) {
  if (i && i < doc->paras && pst_doc_para(doc, i - 1)->open != PST_FAM_NONE)
    pst_doc_mark(doc, i - 1, PST_DUE_TELL);
}

/* Text and paragraphs have changed: so do the things that lead to them.  gone: the paragraphs that
 * were edited or went. */
static void settle(edit *e, pst_para *gone, size_t ngone) {
  postil_doc *doc = e->doc;
  size_t n = e->para.n - e->head - e->tail, lo = e->i + e->head, hi = lo + n;
  for (size_t k = 0; k < n && k < ngone; k++) { /* they live on in what they were edited to */
    gone[k].gift = NULL;
    gone[k].ngifts = 0;
  }
  if (n < ngone) pst_doc_take_back(doc, gone + n, ngone - n, hi);
  for (size_t k = 0; k < ngone; k++) pst_doc_free_para(doc, &gone[k]);
  move_limits(e, lo, hi);
  move_head(e);
  if (lo == hi) tell_gap(doc, lo);
  pst_doc_reached(doc, lo, hi, n != ngone);
}

static postil_status change(edit *e, postil_err *err) {
  postil_doc *doc = e->doc;
  PST_VEC(pst_para) gone = {NULL, 0, 0};
  find_same(e);
  bool ok = make_paras(e) && PST_RESERVE(&doc->mem, &gone, e->j - e->i + 1) &&
            PST_RESERVE(&doc->mem, &doc->block_limit, e->split.limit.n);
  for (size_t i = e->i + e->head; ok && i < e->j - e->tail; i++)
    gone.at[gone.n++] = *pst_doc_para(doc, i);
  pst_swap swap = {e->i, e->j, e->from, e->to, e->bytes.at, e->bytes.n, e->para.at, e->para.n};
  ok = ok && pst_doc_swap(doc, &swap);
  if (ok) settle(e, gone.at, gone.n);
  PST_FREE(&doc->mem, &gone);
  return ok ? POSTIL_OK : pst_err_nomem(err);
}

postil_status pst_doc_change(postil_doc *doc, size_t start, size_t old, const char *text,
                             size_t len, postil_err *err) {
  edit e = {.doc = doc, .start = start, .old = old, .text = text, .len = len};
  choose_start(&e);
  postil_status s = split(&e, err);
  if (!s) s = change(&e, err);
  pst_doc_split_free(doc, &e.split);
  PST_FREE(&doc->mem, &e.bytes);
  PST_FREE(&doc->mem, &e.seam);
  PST_FREE(&doc->mem, &e.para);
  return s;
}
