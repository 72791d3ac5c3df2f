/* doc.c - documents: making, running, asking.  See postil.h; the inside is told in doc.h. */
#include "doc_redo.h"

/* ---- Making ---- */

static postil_status keep_options(postil_doc *doc, const postil_opts *opts, postil_err *err) {
  doc->by_line_asked = opts ? opts->by_line : 0;
  doc->follows = opts && opts->edits;
  doc->lf = opts && opts->lf;
  if (!opts || !opts->date) return POSTIL_OK;
  size_t n = strlen(opts->date);
  if (n != sizeof doc->date - 1) return pst_err_say(err, POSTIL_EUSE, 0, "a date is YYYY-MM-DD");
  memcpy(doc->date, opts->date, n + 1);
  doc->has_date = true;
  return POSTIL_OK;
}

static bool make_scratch(postil_doc *doc) {
  pst_window_init(&doc->w, &doc->mem, doc->text);
  doc->matcher = pst_matcher_new(&doc->mem);
  doc->memo = pst_mem_new(&doc->mem, 1, sizeof *doc->memo);
  if (doc->memo) {
    doc->memo->part.id = POSTIL_NO_TAG;
    doc->memo->near_slot = SIZE_MAX;
  }
  return doc->matcher && doc->memo;
}

static postil_status too_long(postil_err *err) {
  return pst_err_say(err, POSTIL_ELIMIT, 0, "the text is 4 GiB or longer");
}

/* A document of a text, which it takes over whether or not this succeeds (NULL: no memory). */
static postil_status make(const postil_rules *rules, char *text, size_t len,
                          const postil_opts *opts, postil_doc **out, postil_err *err) {
  postil_mem mem = rules->mem;
  postil_doc *doc = text ? pst_mem_new(&mem, 1, sizeof *doc) : NULL;
  if (!doc) {
    if (text) pst_mem_free(&mem, text, len + 1, 1);
    return pst_err_nomem(err);
  }
  doc->rules = rules;
  doc->mem = mem;
  doc->text = text;
  doc->len = doc->text_len = len;
  doc->batch = PST_BATCH_BYTES;
  pst_arena_init(&doc->arena, &doc->mem);
  postil_status s = keep_options(doc, opts, err);
  if (!s && !make_scratch(doc)) s = pst_err_nomem(err);
  if (!s) s = pst_doc_frame(doc, err);
  if (!s && doc->follows) pst_doc_all_due(doc);
  if (s) {
    postil_doc_free(doc);
    return s;
  }
  *out = doc;
  return POSTIL_OK;
}

postil_status postil_doc_new(const postil_rules *rules, const char *text, size_t len,
                             const postil_opts *opts, postil_doc **out, postil_err *err) {
  *out = NULL;
  if (!rules->sealed) return pst_err_say(err, POSTIL_EUSE, 0, "the rule set is not sealed");
  if (len >= PST_NONE) return too_long(err);
  postil_status s = pst_text_check(text, len, err);
  return s ? s : make(rules, pst_mem_copy(&rules->mem, text, len), len, opts, out, err);
}

static void free_scratch(postil_doc *doc) {
  pst_window_free(&doc->w);
  pst_matcher_free(doc->matcher);
  if (doc->memo) pst_mem_free(&doc->mem, doc->memo, 1, sizeof *doc->memo);
  pst_quote_out_free(&doc->quote, &doc->mem);
  PST_FREE(&doc->mem, &doc->limit);
  PST_FREE(&doc->mem, &doc->block_limit);
  PST_FREE(&doc->mem, &doc->packed);
  PST_FREE(&doc->mem, &doc->gift);
  PST_FREE(&doc->mem, &doc->complex);
  PST_FREE(&doc->mem, &doc->word);
  PST_FREE(&doc->mem, &doc->place);
  PST_FREE(&doc->mem, &doc->stretch);
  PST_FREE(&doc->mem, &doc->placed);
  PST_FREE(&doc->mem, &doc->placed_of);
  PST_FREE(&doc->mem, &doc->subject);
  PST_FREE(&doc->mem, &doc->cand);
  PST_FREE(&doc->mem, &doc->hit);
  PST_FREE(&doc->mem, &doc->hit_next);
  PST_FREE(&doc->mem, &doc->label_hit);
  pst_starts_free(&doc->starts, &doc->mem);
  PST_FREE(&doc->mem, &doc->same_row);
  PST_FREE(&doc->mem, &doc->amend_row);
  PST_FREE(&doc->mem, &doc->amend_any);
  PST_FREE(&doc->mem, &doc->work);
  PST_FREE(&doc->mem, &doc->veto);
  PST_FREE(&doc->mem, &doc->vetoes);
  PST_FREE(&doc->mem, &doc->hole);
  PST_FREE(&doc->mem, &doc->cue);
  PST_FREE(&doc->mem, &doc->quote_hole);
  PST_FREE(&doc->mem, &doc->stop);
}

/* What was asked of the text as it was. */
static void forget_answers(postil_doc *doc) {
  if (!doc->memo) return;
  doc->memo->part.id = POSTIL_NO_TAG;
  if (doc->memo->joined) pst_mem_free(&doc->mem, doc->memo->joined, doc->len + 1, 1);
  doc->memo->joined = NULL;
}

void postil_doc_free(postil_doc *doc) {
  if (!doc) return;
  postil_mem mem = doc->mem;
  pst_doc_free_sheets(doc);
  pst_doc_facts_free(doc);
  pst_arena_free(&doc->arena);
  forget_answers(doc);
  free_scratch(doc);
  if (doc->text) pst_mem_free(&mem, doc->text, doc->text_len + 1, 1);
  pst_mem_free(&mem, doc, 1, sizeof *doc);
}

/* ---- Editing ---- */

/* Copies the first n bytes of the text as an edit makes it. */
static void read_edited(const postil_doc *doc, size_t start, size_t old, const char *text,
                        size_t len, char *to, size_t n) {
  size_t head = start < n ? start : n, mid = len < n - head ? len : n - head;
  pst_doc_read(doc, 0, head, to);
  if (mid) memcpy(to + head, text, mid);
  if (n > head + mid) pst_doc_read(doc, start + old, start + old + n - head - mid, to + head + mid);
}

/* Tags all again, in a document that follows edits from now on. */
static postil_status make_anew(postil_doc *doc, size_t start, size_t old, const char *text,
                               size_t len, postil_err *err) {
  const postil_opts opts = {doc->has_date ? doc->date : NULL, doc->by_line_asked, true, doc->lf};
  size_t n = doc->len - old + len;
  char *made = pst_mem_new(&doc->mem, n + 1, 1);
  postil_doc *fresh;
  if (made) read_edited(doc, start, old, text, len, made, n);
  postil_status s = make(doc->rules, made, n, &opts, &fresh, err);
  if (s) return s;
  postil_doc before = *doc;
  *doc = *fresh;
  *fresh = before;
  doc->w.trace = before.w.trace;
  doc->batch = before.batch;
  doc->all_changed = doc->names_changed = true;
  postil_doc_free(fresh);
  return POSTIL_OK;
}

/* Does an edit change how paragraphs are told apart or which way marks point? */
static postil_status ask_frame(const postil_doc *doc, size_t start, size_t old, const char *text,
                               size_t len, bool *other, postil_err *err) {
  size_t n = doc->len - old + len;
  *other = false;
  if (start >= PST_FRAME_BYTES) return POSTIL_OK;
  if (n > PST_FRAME_BYTES) n = PST_FRAME_BYTES;
  char *head = pst_mem_new(&doc->mem, n + 1, 1);
  if (!head) return pst_err_nomem(err);
  read_edited(doc, start, old, text, len, head, n);
  *other = pst_doc_other_frame(doc, head, n);
  pst_mem_free(&doc->mem, head, n + 1, 1);
  return POSTIL_OK;
}

postil_status postil_doc_edit(postil_doc *doc, size_t start, size_t old, const char *text,
                              size_t len, postil_err *err) {
  bool anew = !doc->follows;
  if (start > doc->len || old > doc->len - start)
    return pst_err_say(err, POSTIL_EUSE, start, "the text has no such span");
  if (len >= PST_NONE - (doc->len - old)) return too_long(err);
  postil_status s = anew ? POSTIL_OK : ask_frame(doc, start, old, text, len, &anew, err);
  size_t was = doc->len;
  char *joined = doc->memo->joined;
  doc->memo->joined = NULL; /* the text of the edit may lie in it */
  if (!s && !anew) s = pst_doc_change(doc, start, old, text, len, err);
  if (!s && anew) s = make_anew(doc, start, old, text, len, err);
  if (s) {
    doc->memo->joined = joined;
    return s;
  }
  if (joined) pst_mem_free(&doc->mem, joined, was + 1, 1);
  if (!anew) forget_answers(doc);
  if (!anew && !doc->tells) doc->names_changed = false; /* until now nobody was to be told */
  doc->tells = true;
  return POSTIL_OK;
}

bool postil_doc_changed(postil_doc *doc, postil_change *change) {
  size_t i = pst_doc_first_due(doc, PST_TELL);
  bool all = doc->all_changed;
  if (!all && i == SIZE_MAX) return false;
  change->start = all ? 0 : pst_doc_start(doc, i);
  change->end = all ? doc->len : pst_doc_span(doc, i).end;
  change->names = doc->names_changed;
  doc->all_changed = doc->names_changed = false;
  for (; i < doc->paras && (all || pst_doc_para(doc, i)->due & PST_DUE_TELL); i++) {
    if (!all) change->end = pst_doc_span(doc, i).end;
    pst_doc_unmark(doc, i, PST_DUE_TELL);
  }
  return true;
}

/* ---- Running ---- */

/* Facts of the paragraphs that nothing labelled later is linked from. */
static bool contribute(postil_doc *doc) {
  size_t n = doc->labelled, reach = doc->rules->label_reach;
  if (n < doc->paras) n = n > reach ? n - reach : 0;
  while (doc->contributed < n) {
    if (!pst_doc_contribute(doc, doc->contributed)) return false;
    doc->contributed++;
  }
  return true;
}

/* Helpers of the paragraphs that no batch looks at again go. */
static bool trim(postil_doc *doc) {
  const pst_keep named = {doc->rules->late.at, PST_LATE_NAMED};
  size_t n = doc->spoken;
  if (n < doc->paras) n = n > pst_doc_speak_margin(doc) ? n - pst_doc_speak_margin(doc) : 0;
  for (; doc->trimmed < n; doc->trimmed++) {
    pst_para *para = pst_doc_para(doc, doc->trimmed);
    pst_notes *rest;
    if (!pst_notes_trim(&doc->mem, para->notes, &named, &rest)) return false;
    if (rest != para->notes) pst_notes_free(&doc->mem, para->notes);
    para->notes = rest;
  }
  return true;
}

/* One batch of the pass that is due. */
static postil_status run_batch(postil_doc *doc, postil_err *err) {
  postil_status s = POSTIL_OK;
  if (doc->labelled < doc->paras) {
    pst_doc_batch(doc, doc->labelled, 0);
    s = pst_doc_label(doc, err);
    if (!s) doc->labelled = doc->to;
  } else if (doc->contributed == doc->paras && doc->spoken < doc->paras) {
    pst_doc_batch(doc, doc->spoken, 0);
    s = pst_doc_speak(doc, err);
    if (!s) doc->spoken = doc->to;
  }
  if (!s && (!contribute(doc) || !trim(doc))) s = pst_err_nomem(err);
  return s;
}

postil_status postil_doc_run(postil_doc *doc, size_t bytes, bool *done, postil_err *err) {
  postil_status s = POSTIL_OK;
  size_t work = 0, n = doc->paras;
  doc->from = doc->to = 0;
  doc->memo->part.id = POSTIL_NO_TAG;
  while (doc->follows && pst_doc_any_due(doc) && work < bytes && !s)
    s = pst_doc_redo(doc, &work, err);
  while (!doc->follows && doc->trimmed < n && work < bytes && !s) {
    s = run_batch(doc, err);
    if (!s && doc->to > doc->from)
      work += pst_doc_span(doc, doc->to - 1).end - pst_doc_start(doc, doc->from);
  }
  if (done) *done = !s && pst_doc_done(doc);
  return s;
}

bool pst_doc_done(const postil_doc *doc) {
  return doc->follows ? !pst_doc_any_due(doc) : doc->trimmed == doc->paras;
}

/* ---- Tags ---- */

size_t postil_doc_read(const postil_doc *doc, size_t start, size_t end, char *out) {
  if (end > doc->len) end = doc->len;
  if (start >= end) return 0;
  if (out) pst_doc_read(doc, start, end, out);
  return end - start;
}

const char *postil_doc_text(const postil_doc *doc, size_t *len) {
  pst_memo *memo = doc->memo;
  if (doc->edited && !memo->joined) {
    memo->joined = pst_mem_new(&doc->mem, doc->len + 1, 1);
    if (memo->joined) pst_doc_read(doc, 0, doc->len, memo->joined);
  }
  const char *text = doc->edited ? memo->joined : doc->text;
  if (len) *len = text ? doc->len : 0;
  return text;
}

enum { ID_BITS = 32 }; /* a note's id; the rest of a tag's id is that of the paragraph */

static uint64_t id_of(uint32_t para, uint32_t note) { return (uint64_t)para << ID_BITS | note; }

static pst_ref ref_of(uint64_t id) { return (pst_ref){(uint32_t)(id >> ID_BITS), (uint32_t)id}; }

static const pst_note *note_of(const postil_doc *doc, uint64_t id, size_t *para) {
  const pst_para *p = pst_doc_by_id(doc, (uint32_t)(id >> ID_BITS), para);
  return p ? pst_notes_find(p->notes, (uint32_t)id) : NULL;
}

/* The part of a quotation that goes on behind paragraph *para, which moves there; or NULL. */
static const pst_note *next_part(const postil_doc *doc, size_t *para, const pst_note *note) {
  size_t p = *para;
  if (!(note->quote & PST_QUOTE_GOES_ON) || !pst_doc_read_behind(doc, &p)) return NULL;
  const pst_notes *notes = pst_doc_para(doc, p)->notes;
  for (size_t i = 0; notes && i < notes->n; i++)
    if (notes->note[i].flags & PST_TAG_QUOTE && notes->note[i].quote & PST_QUOTE_CONTINUES) {
      *para = p;
      return &notes->note[i];
    }
  return NULL;
}

static const pst_note *last_part(const postil_doc *doc, size_t *para, const pst_note *note) {
  for (const pst_note *part; (part = next_part(doc, para, note)) != NULL;) note = part;
  return note;
}

static size_t end_of(const postil_doc *doc, size_t para, const pst_note *note) {
  size_t end = last_part(doc, &para, note)->end;
  return pst_doc_start(doc, para) + end;
}

/* Helpers stay inside unless they are to be shown; a part that goes on from the paragraph before
 * belongs to the first one. */
static bool is_public(const postil_doc *doc, size_t para, const pst_note *note) {
  if (note->flags & PST_TAG_HELPER && !doc->rules->helpers) return false;
  if (!(note->quote & PST_QUOTE_CONTINUES) || !pst_doc_read_before(doc, &para)) return true;
  const pst_notes *before = pst_doc_para(doc, para)->notes;
  for (size_t i = 0; before && i < before->n; i++)
    if (before->note[i].flags & PST_TAG_QUOTE && before->note[i].quote & PST_QUOTE_GOES_ON)
      return false;
  return true;
}

static postil_tag tag_of(const postil_doc *doc, size_t para, const pst_note *note) {
  postil_tag tag;
  memset(&tag, 0, sizeof tag);
  tag.start = pst_doc_start(doc, para) + note->start;
  tag.end = end_of(doc, para, note);
  tag.id = id_of(pst_doc_para(doc, para)->id, note->id);
  tag.label = note->label;
  tag.rule = note->rule;
  tag.depth = note->depth;
  return tag;
}

/* Where to begin looking: a quotation may reach in from paragraphs before. */
static size_t first_para(const postil_doc *doc, size_t at) {
  size_t p = pst_doc_para_at(doc, at);
  while (p && p <= doc->paras && pst_doc_para(doc, p - 1)->open) p--;
  return p;
}

size_t postil_doc_tags(const postil_doc *doc, size_t start, size_t end, postil_tag *out,
                       size_t room) {
  size_t n = 0;
  for (size_t p = first_para(doc, start); p < doc->paras && pst_doc_start(doc, p) < end; p++) {
    const pst_notes *notes = pst_doc_para(doc, p)->notes;
    for (size_t i = 0; notes && i < notes->n; i++) {
      if (!is_public(doc, p, &notes->note[i])) continue;
      postil_tag tag = tag_of(doc, p, &notes->note[i]);
      if (tag.start >= end || tag.end <= start) continue;
      if (n < room) out[n] = tag;
      n++;
    }
  }
  return n;
}

bool postil_doc_tag(const postil_doc *doc, uint64_t id, postil_tag *out) {
  size_t para;
  const pst_note *note = note_of(doc, id, &para);
  if (note) *out = tag_of(doc, para, note);
  return note != NULL;
}

bool postil_tag_part(const postil_doc *doc, uint64_t id, size_t i, size_t *start, size_t *end) {
  pst_part_memo at = doc->memo->part;
  if (at.id != id || at.i > i) {
    at.id = id;
    at.i = 0;
    at.note = note_of(doc, id, &at.para);
    size_t p = at.para;
    if (!at.note || !next_part(doc, &p, at.note)) return false;
  }
  for (; at.i < i && at.note; at.i++) at.note = next_part(doc, &at.para, at.note);
  if (!at.note) return false;
  doc->memo->part = at;
  *start = pst_doc_start(doc, at.para) + at.note->start;
  *end = pst_doc_start(doc, at.para) + at.note->end;
  return true;
}

/* ---- Attributes ---- */

static void value_of(const postil_doc *doc, const pst_notes *notes, const pst_note_attr *a,
                     postil_value *value) {
  memset(value, 0, sizeof *value);
  value->type = (postil_type)a->type;
  value->tag = POSTIL_NO_TAG;
  if (a->type == POSTIL_NUMBER || a->type == POSTIL_BOOL) {
    value->number = a->as.number;
    return;
  }
  const pst_note_place *place = pst_note_place_of(notes, a);
  pst_str text = pst_note_text(notes, a);
  value->text = text.at;
  value->len = text.len;
  size_t where;
  if (place && place->end > place->start && pst_doc_by_id(doc, place->where, &where)) {
    value->start = pst_doc_start(doc, where) + place->start;
    value->end = pst_doc_start(doc, where) + place->end;
  }
  if (place && place->ref.para != PST_NONE) {
    value->tag = id_of(place->ref.para, place->ref.tag);
    pst_doc_name(doc, place->ref, &value->text, &value->len);
  }
}

/* A tag's notes; of a quotation in parts those of the first part and of the last, to which the
 * parts between have passed on what they knew. */
typedef struct holder {
  const pst_notes *notes[2];
  const pst_note *note[2];
} holder;

static bool hold(const postil_doc *doc, uint64_t id, holder *h) {
  size_t para;
  memset(h, 0, sizeof *h);
  h->note[0] = note_of(doc, id, &para);
  if (!h->note[0]) return false;
  h->notes[0] = pst_doc_para(doc, para)->notes;
  const pst_note *last = last_part(doc, &para, h->note[0]);
  if (last == h->note[0]) return true;
  h->note[1] = last;
  h->notes[1] = pst_doc_para(doc, para)->notes;
  return true;
}

static const pst_note_attr *held_attr(const holder *h, uint32_t name, const pst_notes **notes) {
  for (size_t k = 0; k < 2 && h->note[k]; k++) {
    const pst_note_attr *a = pst_notes_attr(h->notes[k], h->note[k], name);
    if (!a) continue;
    *notes = h->notes[k];
    return a;
  }
  return NULL;
}

bool postil_tag_attr(const postil_doc *doc, uint64_t id, const char *name, postil_value *value) {
  holder h;
  const pst_notes *notes = NULL;
  uint32_t attr = pst_names_find(&doc->rules->attrs, name, strlen(name));
  if (attr == PST_NONE || !hold(doc, id, &h)) return false;
  const pst_note_attr *a = held_attr(&h, attr, &notes);
  if (a) value_of(doc, notes, a, value);
  return a != NULL;
}

/* The name that comes first behind `after` (NULL: of all), or PST_NONE. */
static uint32_t next_name(const postil_doc *doc, const holder *h, const char *after) {
  uint32_t best = PST_NONE;
  char *const *names = doc->rules->attrs.at;
  for (size_t k = 0; k < 2 && h->note[k]; k++)
    for (uint32_t a = 0; a < h->note[k]->nattrs; a++) {
      uint32_t name = h->notes[k]->attr[h->note[k]->attr + a].name;
      if (after && strcmp(names[name], after) <= 0) continue;
      if (best == PST_NONE || strcmp(names[name], names[best]) < 0) best = name;
    }
  return best;
}

/* Attributes lie by number; what is asked for is the i-th by name. */
bool postil_tag_attr_at(const postil_doc *doc, uint64_t id, size_t i, const char **name,
                        postil_value *value) {
  holder h;
  const pst_notes *notes = NULL;
  if (!hold(doc, id, &h)) return false;
  uint32_t attr = next_name(doc, &h, NULL);
  for (; i && attr != PST_NONE; i--) attr = next_name(doc, &h, doc->rules->attrs.at[attr]);
  if (attr == PST_NONE) return false;
  *name = doc->rules->attrs.at[attr];
  const pst_note_attr *a = held_attr(&h, attr, &notes);
  value_of(doc, notes, a, value);
  return true;
}

/* Puts a pair in its place among *n sorted ones; what has no room falls off the end. */
static void insert_pair(postil_pair *out, size_t *n, size_t room, postil_pair pair) {
  size_t at = *n;
  if (*n < room) ++*n;
  for (; at && strcmp(pair.name, out[at - 1].name) < 0; at--)
    if (at < room) out[at] = out[at - 1];
  if (at < room) out[at] = pair;
}

size_t postil_tag_attrs(const postil_doc *doc, uint64_t id, postil_pair *out, size_t room) {
  holder h;
  size_t n = 0, written = 0;
  if (!hold(doc, id, &h)) return 0;
  for (size_t k = 0; k < 2 && h.note[k]; k++)
    for (uint32_t i = 0; i < h.note[k]->nattrs; i++) {
      const pst_note_attr *a = &h.notes[k]->attr[h.note[k]->attr + i];
      postil_pair pair = {.name = doc->rules->attrs.at[a->name]};
      if (k && pst_notes_attr(h.notes[0], h.note[0], a->name)) continue;
      value_of(doc, h.notes[k], a, &pair.value);
      insert_pair(out, &written, room, pair);
      n++;
    }
  return n;
}

size_t postil_tag_name(const postil_doc *doc, uint64_t id, char *buf, size_t room) {
  size_t len, n = 0;
  const char *name;
  if (!pst_doc_name(doc, ref_of(id), &name, &len)) return 0;
  bool space = false;
  for (size_t i = 0; i < len; i++) {
    bool blank = name[i] == ' ' || (name[i] >= '\t' && name[i] <= '\r');
    if (blank && space) continue;
    if (n < room) buf[n] = blank ? ' ' : name[i];
    n++;
    space = blank;
  }
  return n;
}

/* ---- Faults ---- */

static postil_fault fault_of(size_t start, const pst_para_fault *f) {
  postil_fault out;
  bool complex = f->kind == PST_FAULT_COMPLEX;
  out.start = start + f->start;
  out.end = start + f->end;
  out.name = complex ? "too-complex" : pst_fault_name((pst_fault_kind)f->kind);
  out.words = complex ? f->words : pst_fault_words((pst_fault_kind)f->kind);
  out.repair = f->repair;
  out.safe = f->safe;
  return out;
}

/* A fault without a width counts as in the span that begins there, and at the text's end. */
size_t postil_doc_faults(const postil_doc *doc, size_t start, size_t end, postil_fault *out,
                         size_t room) {
  size_t n = 0, p = pst_doc_para_at(doc, start);
  if (p && pst_doc_span(doc, p - 1).end == start) p--;
  for (; p < doc->paras && pst_doc_start(doc, p) < end; p++) {
    const pst_para *para = pst_doc_para(doc, p);
    for (size_t i = 0; i < para->nfaults; i++) {
      postil_fault f = fault_of(pst_doc_start(doc, p), &para->fault[i]);
      bool inside = f.start == f.end ? f.start >= start && (f.start < end || end >= doc->len)
                                     : f.start < end && f.end > start;
      if (!inside) continue;
      if (n < room) out[n] = f;
      n++;
    }
  }
  return n;
}

/* ---- What a hook may ask ---- */

bool postil_match_get(const postil_match *match, const char *name, postil_value *value) {
  const postil_doc *doc = match->doc;
  const pst_window *w = &doc->w;
  uint32_t attr = pst_names_find(&doc->rules->attrs, name, strlen(name));
  const pst_attr *a = attr == PST_NONE ? NULL : pst_window_attr(w, &w->tag.at[match->tag], attr);
  if (!a) return false;
  memset(value, 0, sizeof *value);
  value->type = (postil_type)a->type;
  value->tag = POSTIL_NO_TAG;
  if (a->type == POSTIL_NUMBER || a->type == POSTIL_BOOL) {
    value->number = a->as.number;
    return true;
  }
  value->text = w->bytes.at + a->as.text.at;
  value->len = a->as.text.len;
  value->start = a->start;
  value->end = a->end;
  return true;
}

postil_text postil_match_text(const postil_match *match) {
  const pst_wtag *t = &match->doc->w.tag.at[match->tag];
  postil_text text = {pst_window_text(&match->doc->w, t->start), t->stop - t->start};
  return text;
}

postil_text postil_match_paragraph(const postil_match *match) {
  const pst_window *w = &match->doc->w;
  const pst_wpara *para = pst_doc_para_of_item(w, w->tag.at[match->tag].first);
  postil_text text = {pst_window_text(w, para->start), para->stop - para->start};
  return text;
}

const char *postil_match_date(const postil_match *match) {
  return match->doc->has_date ? match->doc->date : NULL;
}

/* ---- Places ---- */

postil_status postil_doc_place(postil_doc *doc, size_t at, postil_place *place, postil_err *err) {
  pst_place p;
  if (!pst_doc_place(doc, at < doc->len ? at : doc->len, &p)) return pst_err_nomem(err);
  place->line = p.line;
  place->byte = p.byte;
  place->point = p.point;
  place->utf16 = p.utf16;
  return POSTIL_OK;
}

postil_status postil_doc_offset(postil_doc *doc, size_t line, size_t column, postil_unit unit,
                                size_t *at, postil_err *err) {
  pst_unit u = unit == POSTIL_POINTS ? PST_POINTS : unit == POSTIL_UTF16 ? PST_UTF16 : PST_BYTES;
  return pst_doc_offset(doc, line, column, u, at) ? POSTIL_OK : pst_err_nomem(err);
}

/* ---- Normalisation ---- */

struct postil_norm {
  pst_norm norm;
};

postil_status postil_normalize(const postil_mem *mem, postil_form form, const char *text,
                               size_t len, postil_norm **out, postil_err *err) {
  static const pst_form forms[] = {PST_NFC, PST_NFD, PST_NFKC, PST_NFKD};
  postil_mem own = mem ? *mem : pst_mem_default();
  *out = NULL;
  postil_status s = pst_text_check(text, len, err);
  if (s) return s;
  *out = pst_mem_new(&own, 1, sizeof **out);
  if (!*out) return pst_err_nomem(err);
  s = pst_norm_make(&(*out)->norm, &own, forms[form], text, len, err);
  if (s) {
    pst_mem_free(&own, *out, 1, sizeof **out);
    *out = NULL;
  }
  return s;
}

void postil_norm_free(postil_norm *norm) {
  if (!norm) return;
  postil_mem mem = norm->norm.mem;
  pst_norm_free(&norm->norm);
  pst_mem_free(&mem, norm, 1, sizeof *norm);
}

const char *postil_norm_text(const postil_norm *norm, size_t *len) {
  *len = norm->norm.text.n;
  return norm->norm.text.at ? norm->norm.text.at : "";
}

void postil_norm_back(const postil_norm *norm, size_t *start, size_t *end) {
  pst_span span = pst_norm_back(&norm->norm, *start, *end);
  *start = span.start;
  *end = span.end;
}

void postil_norm_forth(const postil_norm *norm, size_t *start, size_t *end) {
  pst_span span = pst_norm_forth(&norm->norm, *start, *end);
  *start = span.start;
  *end = span.end;
}

const char *postil_version(void) { return POSTIL_VERSION; }

const char *postil_unicode(void) { return pst_norm_unicode(); }
