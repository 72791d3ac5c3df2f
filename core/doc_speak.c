/* doc_speak.c - aliases, speakers, pronouns of a batch of paragraphs (rules.md 1.4, stages 5 and 6). */
#include "doc.h"

typedef struct batch {
  size_t from, to;    /* paragraphs to finish */
  size_t first, last; /* with margins */
} batch;

/* ---- Aliases ---- */

typedef struct same_ask {
  const postil_doc *doc;
  uint16_t label;
} same_ask;

static uint32_t answer_same(void *ud, const pst_window *w, uint16_t attr, uint32_t item, pst_ref *from) {
  const same_ask *ask = ud;
  return pst_doc_fact_at(ask->doc, w, ask->label, attr, item, from);
}

/* The antecedent of an alias: found by =attr, or by the capture that `same` names. */
static bool antecedent(const postil_doc *doc, const pst_rule *rule, uint32_t tag, const pst_hit *hit,
                       bool has_same, pst_ref *ref) {
  const pst_window *w = &doc->w;
  const pst_wtag *t = &w->tag.at[tag];
  if (has_same) *ref = hit->same;
  if (rule->same == PST_NO_ATTR) return has_same;
  const pst_attr *a = pst_window_attr(w, t, rule->same);
  if (!a || (a->type != POSTIL_STRING && a->type != POSTIL_PLACE)) return false;
  const char *value = w->bytes.at + a->as.text.at;
  size_t len = a->as.text.len;
  if (a->link == PST_LINK_WINDOW) {
    const pst_attr *is = pst_window_attr(w, &w->tag.at[a->ref.tag], doc->rules->is_attr);
    if (is && is->type == POSTIL_STRING) {
      value = w->bytes.at + is->as.text.at;
      len = is->as.text.len;
    }
  }
  return pst_doc_fact_of(doc, rule->label, rule->same, value, len, t->start, ref);
}

/* Room for an alias: it touches no living entity, or nests whole in it or around it. */
static bool has_room(const postil_doc *doc, const pst_wtag *t) {
  const pst_window *w = &doc->w;
  for (size_t i = 0; i < w->tag.n; i++) {
    const pst_wtag *u = &w->tag.at[i];
    const unsigned other = PST_TAG_DEAD | PST_TAG_HELPER | PST_TAG_QUOTE | PST_TAG_BLOCK;
    if (u == t || u->flags & other || u->stop <= t->start || u->start >= t->stop) continue;
    if (u->flags & PST_TAG_ALIAS && u->id == PST_NONE) continue; /* another candidate */
    bool holds = (u->start <= t->start && u->stop >= t->stop) || (t->start <= u->start && t->stop >= u->stop);
    bool equal = u->start == t->start && u->stop == t->stop;
    if (!(t->flags & PST_TAG_NEST) || !holds || equal) return false;
  }
  return true;
}

static postil_status take_alias(postil_doc *doc, const pst_step *step, const pst_hit *hit,
                                postil_err *err) {
  const pst_rule *rule = &doc->rules->rule.at[step->rule];
  uint32_t tag;
  bool stays;
  postil_status s = pst_doc_candidate(doc, step, hit, &tag, err);
  if (s || tag == PST_NONE) return s;
  pst_wtag *t = &doc->w.tag.at[tag];
  pst_ref ref;
  t->flags |= PST_TAG_ALIAS;
  stays = antecedent(doc, rule, tag, hit, pst_program_about(step->program)->same, &ref) && has_room(doc, t);
  if (stays) {
    t->same = ref;
    s = pst_doc_settle_sets(doc, rule, tag, &stays, err);
    if (s) return s;
  }
  if (!stays) {
    doc->w.tag.at[tag].flags |= PST_TAG_DEAD;
    return POSTIL_OK;
  }
  return PST_PUSH(&doc->mem, &doc->cand, tag) ? POSTIL_OK : pst_err_nomem(err);
}

static postil_status alias_step(postil_doc *doc, const pst_step *step, uint32_t para, postil_err *err) {
  const pst_wpara p = doc->w.para.at[para];
  same_ask ask = {doc, doc->rules->rule.at[step->rule].label};
  if (!pst_doc_may_match(doc, step->program, para)) return POSTIL_OK;
  pst_matcher_same(doc->matcher, answer_same, &ask);
  for (uint32_t i = p.first; i < p.end; i++) {
    pst_hit hit;
    if (!pst_match_may_start(&doc->w, step->program, i)) continue;
    pst_found found = pst_match_at(doc->matcher, &doc->w, step->program, i, PST_NONE, PST_NONE, &hit);
    if (found == PST_FOUND_NOMEM) return pst_err_nomem(err);
    if (found == PST_FOUND_LIMIT && !pst_doc_limit(doc, p.index, step->rule)) return pst_err_nomem(err);
    postil_status s = found == PST_FOUND_YES ? take_alias(doc, step, &hit, err) : POSTIL_OK;
    if (s) return s;
  }
  return POSTIL_OK;
}

/* Aliases of paragraphs that have none yet: those before the batch brought theirs with their notes. */
static postil_status run_aliases(postil_doc *doc, const batch *b, postil_err *err) {
  doc->cand.n = 0;
  for (uint32_t p = (uint32_t)(b->from - b->first); p < doc->w.para.n; p++) {
    pst_doc_see(doc, p);
    for (size_t i = 0; i < doc->rules->alias.n; i++) {
      postil_status s = alias_step(doc, &doc->rules->alias.at[i], p, err);
      if (s) return s;
    }
  }
  if (!pst_tag_settle(&doc->w, doc->cand.at, doc->cand.n, true)) return pst_err_nomem(err);
  for (size_t i = 0; i < doc->cand.n; i++)
    if (!(doc->w.tag.at[doc->cand.at[i]].flags & PST_TAG_DEAD) &&
        !pst_window_place(&doc->w, doc->cand.at[i]))
      return pst_err_nomem(err);
  return POSTIL_OK;
}

/* ---- Amendments: the sieves ---- */

/* Nothing that the pattern captures or the rule sets is there yet. */
static bool is_free(const postil_doc *doc, const pst_step *step, uint32_t tag) {
  const pst_rule *rule = &doc->rules->rule.at[step->rule];
  const pst_program_facts *facts = pst_program_about(step->program);
  const pst_wtag *t = &doc->w.tag.at[tag];
  if (rule->overwrite) return true;
  for (size_t k = 0; k < facts->ncaptures; k++)
    if (pst_window_attr(&doc->w, t, facts->capture[k])) return false;
  for (size_t k = 0; k < rule->set.n; k++)
    if (pst_window_attr(&doc->w, t, rule->set.at[k].name)) return false;
  return true;
}

static void drop_attr(pst_window *w, uint32_t tag, uint16_t name) {
  uint32_t *link = &w->tag.at[tag].attr;
  while (*link != PST_NONE) {
    if (w->attr.at[*link].name == name) *link = w->attr.at[*link].next;
    else link = &w->attr.at[*link].next;
  }
}

static postil_status apply(postil_doc *doc, const pst_step *step, const pst_hit *hit, uint32_t tag,
                           postil_err *err) {
  const pst_rule *rule = &doc->rules->rule.at[step->rule];
  const pst_program_facts *facts = pst_program_about(step->program);
  bool stays;
  if (rule->overwrite) {
    for (size_t k = 0; k < facts->ncaptures; k++)
      if (hit->capture[k].first != PST_NONE) drop_attr(&doc->w, tag, facts->capture[k]);
    for (size_t k = 0; k < rule->set.n; k++) drop_attr(&doc->w, tag, rule->set.at[k].name);
  }
  if (!pst_doc_captures(doc, step->program, hit, tag, true)) return pst_err_nomem(err);
  return pst_doc_settle_sets(doc, rule, tag, &stays, err);
}

/* One sieve on one target: starts from the nearest leftwards. */
static postil_status try_step(postil_doc *doc, const pst_step *step, uint32_t tag, bool *done,
                              postil_err *err) {
  const pst_program_facts *facts = pst_program_about(step->program);
  const pst_window *w = &doc->w;
  uint32_t start = w->tag.at[tag].first;
  uint32_t paras = facts->paras_before;
  for (uint32_t i = start + 1; i-- > 1;) {
    const pst_item *item = &w->words.item.at[i];
    if (item->cls & PST_PARA) {
      if (!paras--) return POSTIL_OK;
    }
    if (pst_match_may_start(w, step->program, i)) {
      pst_hit hit;
      pst_found found = pst_match_at(doc->matcher, w, step->program, i, tag, PST_NONE, &hit);
      if (found == PST_FOUND_NOMEM) return pst_err_nomem(err);
      if (found == PST_FOUND_YES) {
        *done = true;
        return apply(doc, step, &hit, tag, err);
      }
    }
    if (!facts->left_context) return POSTIL_OK;
  }
  return POSTIL_OK;
}

static postil_status amend_tag(postil_doc *doc, uint32_t para, uint32_t tag, postil_err *err) {
  const pst_steps *steps = &doc->rules->amend;
  for (size_t i = 0; i < steps->n; i++) {
    const pst_step *step = &steps->at[i];
    bool done = false;
    if (doc->rules->rule.at[step->rule].label != doc->w.tag.at[tag].label) continue;
    if (!is_free(doc, step, tag) || !pst_doc_may_match(doc, step->program, para)) continue;
    postil_status s = try_step(doc, step, tag, &done, err);
    if (s) return s;
  }
  return POSTIL_OK;
}

/* ---- Structure: parts, conversation, pronouns ---- */

static const pst_attr *speaker_of(const postil_doc *doc, uint32_t tag) {
  return pst_window_attr(&doc->w, &doc->w.tag.at[tag], doc->rules->speaker_attr);
}

/* First or last outermost quotation of a window paragraph, or PST_NONE. */
static uint32_t quote_of(const postil_doc *doc, uint32_t para, bool last) {
  const pst_wpara *p = &doc->w.para.at[para];
  uint32_t best = PST_NONE;
  for (uint32_t i = 0; i < doc->w.tag.n; i++) {
    const pst_wtag *t = &doc->w.tag.at[i];
    if (!(t->flags & PST_TAG_QUOTE) || t->depth || t->start < p->start || t->start >= p->stop) continue;
    if (best == PST_NONE || (t->start > doc->w.tag.at[best].start) == last) best = i;
  }
  return best;
}

/* Another paragraph's speaker becomes this quotation's, with the place it was found at. */
static bool inherit(postil_doc *doc, uint32_t tag, uint32_t from) {
  const pst_attr *a = from == PST_NONE ? NULL : speaker_of(doc, from);
  if (!a || speaker_of(doc, tag)) return true;
  pst_attr copy = *a;
  return pst_window_set(&doc->w, tag, copy);
}

static bool part_of_before(postil_doc *doc, uint32_t para, uint32_t tag) {
  if (!para || !(doc->w.tag.at[tag].quote & PST_QUOTE_CONTINUES)) return true;
  return inherit(doc, tag, quote_of(doc, para - 1, true));
}

/* X's partner spoke in the paragraph before; X speaks again. */
static bool converse(postil_doc *doc, uint32_t para, uint32_t tag) {
  if (!doc->rules->conversation || para < 2 || speaker_of(doc, tag)) return true;
  for (uint32_t back = 0; back <= 2; back++)
    if (!doc->para.at[doc->w.para.at[para - back].index].only_quote) return true;
  return inherit(doc, tag, quote_of(doc, para - 2, true));
}

/* A string attribute of a tag or, for an alias, of its antecedent; *len is 0 when there is none. */
static void own_or_antecedents(const postil_doc *doc, const pst_wtag *t, uint16_t name,
                               const char **text, size_t *len) {
  const pst_attr *a = pst_window_attr(&doc->w, t, name);
  *text = NULL;
  *len = 0;
  if (a && a->type == POSTIL_STRING) {
    *text = doc->w.bytes.at + a->as.text.at;
    *len = a->as.text.len;
    return;
  }
  if (t->same.para == PST_NONE) return;
  const pst_notes *notes = doc->para.at[t->same.para].notes;
  const pst_note *note = pst_notes_find(notes, t->same.tag);
  const pst_note_attr *n = note ? pst_notes_attr(notes, note, name) : NULL;
  if (n && n->type == POSTIL_STRING) {
    *text = notes->bytes + n->at;
    *len = n->len;
  }
}

/* No conflict: one of the two is unknown, or they are equal. */
static bool agrees(const postil_doc *doc, const pst_wtag *a, const pst_wtag *b, uint16_t name) {
  const char *x, *y;
  size_t n, m;
  own_or_antecedents(doc, a, name, &x, &n);
  own_or_antecedents(doc, b, name, &y, &m);
  return !n || !m || (n == m && memcmp(x, y, n) == 0);
}

static bool can_mean(const postil_doc *doc, const pst_wtag *pronoun, const pst_wtag *person) {
  return agrees(doc, pronoun, person, doc->rules->gender_attr) &&
         agrees(doc, pronoun, person, doc->rules->number_attr);
}

/* Marks the first person outside quotations of each sentence: what a pronoun may mean. */
static void mark_subjects(postil_doc *doc, const pst_wpara *p) {
  pst_window *w = &doc->w;
  bool taken = false;
  for (uint32_t i = p->first; i < p->end; i++) {
    for (uint32_t e = w->head.at[i]; e != PST_NONE && !taken && !w->quote_id.at[i]; e = w->edge.at[e].next) {
      pst_wtag *t = &w->tag.at[w->edge.at[e].tag];
      if (t->label != doc->rules->person_label || t->flags & PST_TAG_DEAD || t->first != i) continue;
      t->flags |= PST_TAG_SUBJECT;
      taken = true;
    }
    if (w->words.item.at[i].cls & PST_SENT && !w->quote_id.at[i]) taken = false;
  }
}

/* The latest marked person before a place, at most three paragraphs back, that agrees. */
static uint32_t subject_before(const postil_doc *doc, uint32_t para, const pst_wtag *pronoun) {
  const pst_window *w = &doc->w;
  uint32_t best = PST_NONE, far = para > PST_PRONOUN_PARAS ? para - PST_PRONOUN_PARAS : 0;
  for (uint32_t i = 0; i < w->tag.n; i++) {
    const pst_wtag *t = &w->tag.at[i];
    if (!(t->flags & PST_TAG_SUBJECT) || t->flags & PST_TAG_DEAD) continue;
    if (t->start >= pronoun->start || t->start < w->para.at[far].start) continue;
    if ((best == PST_NONE || t->start > w->tag.at[best].start) && can_mean(doc, pronoun, t)) best = i;
  }
  return best;
}

/* The person of the last speaker before the quotation in its paragraph, if it is one and agrees. */
static bool speaker_before(const postil_doc *doc, uint32_t para, uint32_t tag, const pst_wtag *pronoun,
                           pst_attr *out) {
  const pst_window *w = &doc->w;
  const pst_wtag *quote = &w->tag.at[tag];
  size_t latest = 0;
  bool found = false;
  for (uint32_t i = 0; i < w->tag.n; i++) {
    const pst_wtag *t = &w->tag.at[i];
    if (!(t->flags & PST_TAG_QUOTE) || t->start < w->para.at[para].start || t->start >= quote->start) continue;
    const pst_attr *a = speaker_of(doc, i);
    if (!a || a->link != PST_LINK_WINDOW || t->start < latest) continue;
    const pst_wtag *who = &w->tag.at[a->ref.tag];
    if (who->label != doc->rules->person_label || !can_mean(doc, pronoun, who)) continue;
    latest = t->start;
    *out = *a;
    found = true;
  }
  return found;
}

/* A speaker that is a pronoun points at the person it means; its name is empty if nobody fits. */
static void resolve(postil_doc *doc, uint32_t para, uint32_t tag) {
  pst_window *w = &doc->w;
  pst_wtag *t = &w->tag.at[tag];
  pst_attr *a = NULL;
  for (uint32_t i = t->attr; i != PST_NONE; i = w->attr.at[i].next)
    if (w->attr.at[i].name == doc->rules->speaker_attr) a = &w->attr.at[i];
  if (!a || a->link != PST_LINK_WINDOW) return;
  const pst_wtag *pronoun = &w->tag.at[a->ref.tag];
  if (pronoun->label != doc->rules->pronoun_label) return;
  pst_attr before;
  uint32_t person;
  a->as.text.len = 0;
  if (speaker_before(doc, para, tag, pronoun, &before)) {
    a->ref = before.ref;
    return;
  }
  person = subject_before(doc, para, pronoun);
  a->link = person == PST_NONE ? PST_LINK_NONE : PST_LINK_WINDOW;
  a->ref.tag = person;
}

static bool settle_kind(postil_doc *doc, uint32_t tag) {
  pst_window *w = &doc->w;
  const pst_wtag *t = &w->tag.at[tag];
  if (pst_window_attr(w, t, doc->rules->kind_attr)) return true;
  const char *kind = pst_quote_kind_name((pst_quote_kind)t->kind[speaker_of(doc, tag) != NULL]);
  pst_attr a;
  memset(&a, 0, sizeof a);
  a.name = doc->rules->kind_attr;
  a.type = POSTIL_STRING;
  a.as.text.len = (uint32_t)strlen(kind);
  return pst_window_keep(w, kind, a.as.text.len, &a.as.text.at) && pst_window_set(w, tag, a);
}

static postil_status speak_quote(postil_doc *doc, uint32_t para, uint32_t tag, postil_err *err) {
  if (!part_of_before(doc, para, tag)) return pst_err_nomem(err);
  postil_status s = amend_tag(doc, para, tag, err);
  if (s) return s;
  if (!converse(doc, para, tag)) return pst_err_nomem(err);
  if (doc->rules->pronoun_label != PST_NO_LABEL) resolve(doc, para, tag);
  return settle_kind(doc, tag) ? POSTIL_OK : pst_err_nomem(err);
}

static postil_status speak_para(postil_doc *doc, uint32_t para, postil_err *err) {
  const pst_wpara p = doc->w.para.at[para];
  pst_doc_see(doc, para);
  doc->cand.n = 0;
  for (uint32_t i = p.first; i < p.end; i++)
    for (uint32_t e = doc->w.head.at[i]; e != PST_NONE; e = doc->w.edge.at[e].next) {
      uint32_t tag = doc->w.edge.at[e].tag;
      const pst_wtag *t = &doc->w.tag.at[tag];
      if (t->first == i && !(t->flags & PST_TAG_DEAD) && !PST_PUSH(&doc->mem, &doc->cand, tag))
        return pst_err_nomem(err);
    }
  for (size_t k = 0; k < doc->cand.n; k++) {
    uint32_t tag = doc->cand.at[k];
    postil_status s = doc->w.tag.at[tag].flags & PST_TAG_QUOTE ? speak_quote(doc, para, tag, err)
                                                               : amend_tag(doc, para, tag, err);
    if (s) return s;
  }
  return POSTIL_OK;
}

/* ---- The batch ---- */

/* What the notes say of quotations, back in the window's own tables. */
static void restore_quotes(pst_window *w) {
  for (uint32_t k = 0; k < w->tag.n; k++) {
    const pst_wtag *t = &w->tag.at[k];
    if (!(t->flags & PST_TAG_QUOTE)) continue;
    if (!t->depth) w->quote_end.at[t->first] = t->end;
    for (uint32_t i = t->first; i < t->end; i++) w->quote_id.at[i] = k + 1;
  }
}

/* Links to tags of the document point into the window again where their paragraph is in it. */
static void relink(pst_window *w) {
  for (size_t i = 0; i < w->attr.n; i++) {
    pst_attr *a = &w->attr.at[i];
    if (a->link != PST_LINK_DOC) continue;
    for (size_t p = 0; p < w->para.n; p++) {
      if (w->para.at[p].index != a->ref.para) continue;
      for (uint32_t t = 0; t < w->tag.n; t++)
        if (w->tag.at[t].id == a->ref.tag && w->tag.at[t].start >= w->para.at[p].start &&
            w->tag.at[t].start < w->para.at[p].stop) {
          a->link = PST_LINK_WINDOW;
          a->ref.tag = t;
          break;
        }
    }
  }
}

/* The holes that the first pass looked through: spans of ignored tags among the notes. */
static bool holes_of_notes(postil_doc *doc, const batch *b) {
  doc->hole.n = 0;
  for (size_t i = b->first; i < b->last && doc->rules->ignored.n; i++) {
    const pst_para *para = &doc->para.at[i];
    for (size_t k = 0; para->notes && k < para->notes->n; k++) {
      const pst_note *note = &para->notes->note[k];
      if (note->flags & PST_TAG_BLOCK || !pst_rules_ignores(doc->rules, note->label)) continue;
      pst_span hole = {para->start + note->start, para->start + note->end};
      if (!PST_PUSH(&doc->mem, &doc->hole, hole)) return false;
    }
  }
  return true;
}

static postil_status open_batch(postil_doc *doc, const batch *b, postil_err *err) {
  if (!holes_of_notes(doc, b) || !pst_doc_window(doc, b->first, b->last - b->first))
    return pst_err_nomem(err);
  pst_matcher_begin(doc->matcher, &doc->w);
  memset(doc->seen.at, 0, doc->seen.n * sizeof *doc->seen.at);
  for (size_t i = b->first; i < b->last; i++)
    if (!pst_notes_load(&doc->w, i - b->first, doc->para.at[i].notes)) return pst_err_nomem(err);
  restore_quotes(&doc->w);
  relink(&doc->w);
  return POSTIL_OK;
}

static postil_status pack(postil_doc *doc, const batch *b, postil_err *err) {
  for (size_t i = b->from; i < b->to; i++) {
    pst_para *para = &doc->para.at[i];
    pst_notes *notes;
    if (!pst_notes_pack(&doc->w, i - b->first, true, &para->next_id, &notes)) return pst_err_nomem(err);
    pst_notes_free(&doc->mem, para->notes);
    para->notes = notes;
  }
  return POSTIL_OK;
}

postil_status pst_doc_speak(postil_doc *doc, postil_err *err) {
  const postil_rules *r = doc->rules;
  size_t before = r->amend_before > PST_PRONOUN_PARAS ? r->amend_before : PST_PRONOUN_PARAS;
  batch b = {doc->spoken, doc->spoken, 0, 0};
  size_t bytes = 0;
  while (b.to < doc->para.n && (b.to == b.from || bytes < PST_BATCH_BYTES)) {
    bytes += doc->para.at[b.to].stop - doc->para.at[b.to].start;
    b.to++;
  }
  b.first = b.from > before ? b.from - before : 0;
  b.last = doc->para.n - b.to > r->amend_after ? b.to + r->amend_after : doc->para.n;
  postil_status s = open_batch(doc, &b, err);
  if (!s) s = run_aliases(doc, &b, err);
  for (size_t p = 0; p < doc->w.para.n && !s; p++) mark_subjects(doc, &doc->w.para.at[p]);
  for (size_t p = b.from; p < b.to && !s; p++) s = speak_para(doc, (uint32_t)(p - b.first), err);
  if (!s) s = pack(doc, &b, err);
  if (!s) doc->spoken = b.to;
  return s;
}
