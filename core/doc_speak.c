/* doc_speak.c - aliases, speakers, pronouns of a batch of paragraphs (rules.md 1.4, stages 5 and
 * 6). */
#include "doc.h"

/* ---- Aliases ---- */

static uint32_t answer_same(void *ud, const pst_window *w, uint16_t attr, uint32_t item,
                            pst_ref *from) {
  const postil_doc *doc = ud;
  return pst_doc_fact_at(doc, w, doc->same_label, attr, item, from);
}

void pst_doc_ask_same(postil_doc *doc, uint16_t label) {
  doc->same_label = label;
  pst_matcher_same(doc->matcher, answer_same, doc);
}

/* The antecedent of an alias: found by =attr, or by the capture that `same` names. */
static bool antecedent(postil_doc *doc, const pst_rule *rule, uint32_t tag, const pst_hit *hit,
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
    if (!is) is = pst_window_attr(w, &w->tag.at[a->ref.tag], doc->rules->name_attr);
    if (is && (is->type == POSTIL_STRING || is->type == POSTIL_PLACE)) {
      value = w->bytes.at + is->as.text.at;
      len = is->as.text.len;
    }
  }
  const pst_wpara *para = pst_doc_para_of_item(w, t->first);
  if (doc->follows) pst_doc_note_word(doc, para, value, len);
  return pst_doc_fact_of(doc, rule->label, rule->same, value, len, para->index, t->start, ref);
}

/* Room for an alias: it touches no living entity, or nests whole in it or around it. */
static bool has_room(const postil_doc *doc, const pst_wtag *t, const pst_wpara *p) {
  const pst_window *w = &doc->w;
  bool free = true;
  for (uint32_t i = t->first; i < t->end && free; i++) free = doc->veto.at[i] != doc->veto_serial;
  if (free || !(t->flags & PST_TAG_NEST)) return free;
  for (size_t i = p->tag;
       i < w->tag.n && w->tag.at[i].id != PST_NONE && w->tag.at[i].start < t->stop; i++) {
    const pst_wtag *u = &w->tag.at[i];
    if (!pst_tag_is_entity(u) || u->stop <= t->start) continue;
    bool holds = (u->start <= t->start && u->stop >= t->stop) ||
                 (t->start <= u->start && t->stop >= u->stop);
    bool equal = u->start == t->start && u->stop == t->stop;
    if (!holds || equal) return false;
  }
  return true;
}

/* Who takes the room of an alias: the first entity that overlaps it and may not nest. */
static const pst_wtag *taker(const postil_doc *doc, const pst_wtag *t, const pst_wpara *p) {
  const pst_window *w = &doc->w;
  for (size_t i = p->tag; i < w->tag.n; i++) {
    const pst_wtag *u = &w->tag.at[i];
    if (u != t && pst_tag_is_entity(u) && u->first < t->end && u->end > t->first &&
        pst_tag_collide(u, t))
      return u;
  }
  return NULL;
}

/* A mention: a tag of the window, or a note of a paragraph that is not in it. */
typedef struct mention {
  const pst_wtag *tag;
  pst_ref ref; /* when tag is NULL */
} mention;

static mention mention_of(const postil_doc *doc, const pst_attr *a) {
  mention m = {NULL, {PST_NONE, PST_NONE}};
  if (a->link == PST_LINK_WINDOW) m.tag = &doc->w.tag.at[a->ref.tag];
  if (a->link == PST_LINK_DOC) m.ref = a->ref;
  return m;
}

static mention mention_at(const postil_doc *doc, pst_ref ref) {
  mention m = {NULL, ref};
  if (doc->whole && ref.para < doc->w.para.n) /* ids are still places */
    m.tag = &doc->w.tag.at[doc->w.para.at[ref.para].tag + ref.tag];
  return m;
}

/* The notes of a paragraph as this batch is to see them: from it on they are as the first pass has
 * left them. */
static const pst_notes *loaded(const postil_doc *doc, size_t i) {
  const pst_para *p = pst_doc_para(doc, i);
  return i < doc->from ? p->notes : pst_doc_first(p);
}

static const pst_notes *notes_at(const postil_doc *doc, uint32_t para) {
  size_t i;
  return pst_doc_by_id(doc, para, &i) ? loaded(doc, i) : NULL;
}

static const pst_note *note_at(const postil_doc *doc, pst_ref ref) {
  return pst_notes_find(notes_at(doc, ref.para), ref.tag);
}

/* A string attribute of a mention; empty when there is none. */
static pst_str text_of(const postil_doc *doc, mention m, uint16_t name) {
  pst_str text = {NULL, 0};
  if (m.tag) {
    const pst_attr *a = pst_window_attr(&doc->w, m.tag, name);
    if (!a || a->type != POSTIL_STRING) return text;
    text.at = doc->w.bytes.at + a->as.text.at;
    text.len = a->as.text.len;
    return text;
  }
  const pst_note *note = note_at(doc, m.ref);
  const pst_notes *notes = note ? notes_at(doc, m.ref.para) : NULL;
  const pst_note_attr *a = note ? pst_notes_attr(notes, note, name) : NULL;
  return a && a->type == POSTIL_STRING ? pst_note_text(notes, a) : text;
}

/* The antecedent of a mention, if it is an alias. */
static mention antecedent_of(const postil_doc *doc, mention m) {
  pst_ref none = {PST_NONE, PST_NONE};
  const pst_note *note = m.tag ? NULL : note_at(doc, m.ref);
  if (m.tag) return mention_at(doc, m.tag->same);
  return mention_at(doc, note ? pst_note_same(notes_at(doc, m.ref.para), note) : none);
}

/* A string attribute of a mention or, for an alias, of its antecedent; empty when there is none. */
static pst_str own_or_antecedents(const postil_doc *doc, mention m, uint16_t name) {
  pst_str text = text_of(doc, m, name);
  return text.len ? text : text_of(doc, antecedent_of(doc, m), name);
}

static uint16_t label_of(const postil_doc *doc, mention m) {
  const pst_note *note = m.tag ? NULL : note_at(doc, m.ref);
  return m.tag ? m.tag->label : note ? note->label : PST_NO_LABEL;
}

/* No conflict: one of the two is unknown, or they are equal. */
static bool agree(pst_str x, pst_str y) {
  return !x.len || !y.len || (x.len == y.len && memcmp(x.at, y.at, x.len) == 0);
}

/* A short mention that a rule of its own has tagged, without `is`, is called what its antecedent is
 * called, unless their own gender or number differ (what antecedents of theirs are is not settled
 * yet).  The tag itself stays as it was. */
static void name_mention(postil_doc *doc, const pst_wtag *t, const pst_wpara *p, pst_ref ref) {
  pst_window *w = &doc->w;
  const pst_wtag *named = NULL;
  uint16_t gender = doc->rules->gender_attr, number = doc->rules->number_attr;
  for (size_t i = p->tag; i < w->tag.n && w->tag.at[i].start <= t->start; i++) {
    pst_wtag *u = &w->tag.at[i];
    if (u == t || !pst_tag_is_entity(u) || u->flags & PST_TAG_ALIAS || u->label != t->label)
      continue;
    if (u->start != t->start || u->stop != t->stop || u->same.para != PST_NONE) continue;
    if (u->id == ref.tag && p->id == ref.para) continue;
    mention short_one = {u, {PST_NONE, PST_NONE}}, full = mention_at(doc, ref);
    if (!pst_window_attr(w, u, doc->rules->is_attr) &&
        agree(text_of(doc, short_one, gender), text_of(doc, full, gender)) &&
        agree(text_of(doc, short_one, number), text_of(doc, full, number))) {
      u->same = ref;
      named = u;
    }
  }
  if (w->trace)
    pst_window_tell(w, named ? PST_TOLD_NAMED : PST_TOLD_NO_ROOM, 0, t,
                    named ? named : taker(doc, t, p), NULL);
}

/* Marks the items that entities cover, so that most aliases see at once whether there is room. */
static bool mark_entities(postil_doc *doc) {
  const pst_window *w = &doc->w;
  if (!pst_doc_marks(doc)) return false;
  for (size_t i = 0; i < w->tag.n; i++)
    for (uint32_t k = w->tag.at[i].first; k < w->tag.at[i].end && pst_tag_is_entity(&w->tag.at[i]);
         k++)
      doc->veto.at[k] = doc->veto_serial;
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
  const pst_wpara *p = pst_doc_para_of_item(&doc->w, t->first);
  stays = p->index >= doc->from &&
          antecedent(doc, rule, tag, hit, pst_program_about(step->program)->same, &ref);
  if (!stays && doc->w.trace) pst_window_tell(&doc->w, PST_TOLD_NO_ANTECEDENT, 0, t, NULL, NULL);
  if (stays && !has_room(doc, t, p)) {
    name_mention(doc, t, p, ref);
    stays = false;
  }
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

/* All labels' tags for `inside` and `outside` of the rules to come. */
static bool place_all(postil_doc *doc) {
  const pst_window *w = &doc->w;
  size_t labels = doc->rules->labels.n;
  if (!pst_doc_placed_reset(doc)) return false;
  for (size_t label = 0; label < labels; label++) {
    if (!doc->rules->context.at[label]) continue;
    doc->cand.n = 0;
    for (size_t i = 0; i < w->tag.n; i++)
      if (w->tag.at[i].label == label && !(w->tag.at[i].flags & (PST_TAG_DEAD | PST_TAG_ALIAS)) &&
          !PST_PUSH(&doc->mem, &doc->cand, (uint32_t)i))
        return false;
    if (!pst_doc_placed(doc, (uint16_t)label, doc->cand.at, doc->cand.n)) return false;
  }
  return true;
}

/* Marks the items where a value of a fact may stand. */
static bool find_facts(postil_doc *doc) {
  const pst_window *w = &doc->w;
  doc->same_row.n = 0;
  if (!PST_RESERVE(&doc->mem, &doc->same_row, w->row_words)) return false;
  memset(doc->same_row.at, 0, w->row_words * sizeof *doc->same_row.at);
  for (uint32_t i = 0; i < w->words.item.n; i++)
    if (pst_doc_fact_may(doc, i)) pst_bit_set(doc->same_row.at, i);
  return true;
}

/* Aliases of the batch's paragraphs and those behind; those before brought theirs with their notes,
 * but a match may begin there.  Alias rules see no aliases: only when all are there are they
 * placed. */
static postil_status run_aliases(postil_doc *doc, postil_err *err) {
  pst_window *w = &doc->w;
  if (!place_all(doc) || !mark_entities(doc)) return pst_err_nomem(err);
  doc->cand.n = 0;
  if (doc->rules->alias.n && (!pst_doc_budgets(doc) || !find_facts(doc))) return pst_err_nomem(err);
  for (size_t i = 0; i < doc->rules->alias.n; i++) {
    const pst_step *step = &doc->rules->alias.at[i];
    pst_doc_ask_same(doc, doc->rules->rule.at[step->rule].label);
    postil_status s = pst_doc_step(doc, step, doc->same_row.at, take_alias, err);
    if (s) return s;
  }
  if (!pst_tag_settle(w, doc->cand.at, &doc->cand.n, true)) return pst_err_nomem(err);
  for (uint32_t i = 0; i < w->tag.n; i++)
    if (w->tag.at[i].flags & PST_TAG_ALIAS && !(w->tag.at[i].flags & PST_TAG_DEAD) &&
        w->tag.at[i].first < w->tag.at[i].end) {
      if (!pst_window_place(w, i)) return pst_err_nomem(err);
      if (w->trace) pst_window_tell(w, PST_TOLD_PLACED, 0, &w->tag.at[i], NULL, NULL);
    }
  return POSTIL_OK;
}

/* ---- Amendments: the sieves ---- */

bool pst_doc_is_free(const postil_doc *doc, const pst_step *step, uint32_t tag,
                     const pst_hit *hit) {
  const pst_rule *rule = &doc->rules->rule.at[step->rule];
  const pst_program_facts *facts = pst_program_about(step->program);
  const pst_wtag *t = &doc->w.tag.at[tag];
  bool any = false, all = facts->ncaptures > 0;
  if (rule->overwrite) return true;
  for (size_t k = 0; k < rule->set.n; k++)
    if (pst_window_attr(&doc->w, t, rule->set.at[k].name)) return false;
  for (size_t k = 0; k < facts->ncaptures; k++) {
    bool there = pst_window_attr(&doc->w, t, facts->capture[k]) != NULL;
    any |= there && hit && hit->capture[k].first != PST_NONE;
    all &= there;
  }
  for (size_t k = 0; hit && k < hit->ngroups; k++)
    any |= pst_window_attr(&doc->w, t, hit->group[k].attr) != NULL;
  return hit ? !any : !all;
}

static const pst_attr *speaker_of(const postil_doc *doc, uint32_t tag) {
  return pst_window_attr(&doc->w, &doc->w.tag.at[tag], doc->rules->speaker_attr);
}

static PST_TELLS void tell_source(const postil_doc *doc, pst_told_source how, uint32_t tag,
                                  uint32_t from) {
  const pst_window *w = &doc->w;
  pst_window_tell(w, PST_TOLD_SPEAKER, how, &w->tag.at[tag],
                  from == PST_NONE ? NULL : &w->tag.at[from], NULL);
}

/* Another quotation's speaker becomes this quotation's, with the place it was found at. */
static bool inherit(postil_doc *doc, uint32_t tag, uint32_t from, pst_told_source how) {
  const pst_attr *a = from == PST_NONE ? NULL : speaker_of(doc, from);
  if (!a || speaker_of(doc, tag)) return true;
  if (doc->w.trace) tell_source(doc, how, tag, from);
  pst_attr copy = *a;
  return pst_window_set(&doc->w, tag, copy);
}

static void drop_attr(pst_window *w, uint32_t tag, uint16_t name) {
  uint32_t *link = &w->tag.at[tag].attr;
  while (*link != PST_NONE) {
    if (w->attr.at[*link].name == name)
      *link = w->attr.at[*link].next;
    else
      link = &w->attr.at[*link].next;
  }
}

/* The same words introduce both quotations: the cue of one becomes the other's. */
static bool inherit_cue(postil_doc *doc, uint32_t tag, uint32_t from) {
  uint32_t name = pst_names_find(&doc->rules->attrs, "cue", 3);
  const pst_attr *a = name == PST_NONE || from == PST_NONE
                          ? NULL
                          : pst_window_attr(&doc->w, &doc->w.tag.at[from], name);
  if (!a || pst_window_attr(&doc->w, &doc->w.tag.at[tag], name)) return true;
  pst_attr copy = *a;
  return pst_window_set(&doc->w, tag, copy);
}

/* A quotation caught as the speaker stands for its own speaker, and brings its cue along. */
static bool pass_on(postil_doc *doc, uint32_t tag) {
  const pst_attr *a = speaker_of(doc, tag);
  if (!a || a->link != PST_LINK_WINDOW || !(doc->w.tag.at[a->ref.tag].flags & PST_TAG_QUOTE))
    return true;
  uint32_t from = a->ref.tag;
  drop_attr(&doc->w, tag, doc->rules->speaker_attr);
  return inherit(doc, tag, from, PST_SPEAKER_QUOTED) && inherit_cue(doc, tag, from);
}

/* A tag as a step that amends it shows it to others: as its own. */
static pst_wtag as_of(const pst_wtag *tag, const pst_step *step) {
  pst_wtag t = *tag;
  t.rule = step->rule;
  t.pattern = step->pattern;
  return t;
}

/* A dead twin of a tag, with copies of its attributes: what a rule does to it can be dropped whole.
 */
static bool make_draft(pst_window *w, uint32_t tag, const pst_step *step, uint32_t *draft) {
  pst_wtag twin = as_of(&w->tag.at[tag], step);
  twin.flags |= PST_TAG_DEAD;
  twin.attr = PST_NONE;
  twin.has = 0;
  *draft = (uint32_t)w->tag.n;
  if (!PST_PUSH(&w->mem, &w->tag, twin)) return false;
  for (uint32_t a = w->tag.at[tag].attr; a != PST_NONE; a = w->attr.at[a].next) {
    pst_attr copy = w->attr.at[a];
    if (!pst_window_set(w, *draft, copy)) return false;
  }
  return true;
}

static void tell_amend(const postil_doc *doc, pst_told_kind kind, const pst_step *step,
                       const pst_hit *hit, uint32_t tag) {
  pst_wtag t = as_of(&doc->w.tag.at[tag], step);
  pst_doc_tell_hit(doc, kind, &t, hit);
}

static postil_status apply(postil_doc *doc, const pst_step *step, const pst_hit *hit, uint32_t tag,
                           postil_err *err) {
  const pst_rule *rule = &doc->rules->rule.at[step->rule];
  pst_window *w = &doc->w;
  uint32_t draft;
  bool stays;
  if (!pst_doc_is_free(doc, step, tag, hit)) {
    if (w->trace) tell_amend(doc, PST_TOLD_NOT_FREE, step, hit, tag);
    return POSTIL_OK;
  }
  if (!make_draft(w, tag, step, &draft) ||
      !pst_doc_captures(doc, step->program, hit, draft, true) || !pass_on(doc, draft))
    return pst_err_nomem(err);
  postil_status s = pst_doc_settle_sets(doc, rule, draft, &stays, err);
  if (!s && stays) {
    w->tag.at[tag].attr = w->tag.at[draft].attr;
    w->tag.at[tag].has = w->tag.at[draft].has;
    if (w->trace) tell_amend(doc, PST_TOLD_AMENDED, step, hit, tag);
  }
  w->tag.n = draft;
  return s;
}

/* Takes one from what the sieves may still spend on a paragraph. */
static bool spend(size_t *left) {
  if (!*left) return false;
  --*left;
  return true;
}

static postil_status too_complex(postil_doc *doc, uint32_t item, uint32_t rule, bool *done,
                                 postil_err *err) {
  *done = true;
  return pst_doc_limit(doc, pst_doc_para_of_item(&doc->w, item)->index, rule) ? POSTIL_OK
                                                                              : pst_err_nomem(err);
}

uint32_t pst_doc_leftmost(const pst_window *w, uint32_t first, uint32_t paras) {
  size_t p = (size_t)(pst_doc_para_of_item(w, first) - w->para.at);
  return w->para.at[p > paras ? p - paras : 0].first;
}

/* One start of a sieve; *done when it is applied. */
static postil_status try_start(postil_doc *doc, const pst_step *step, uint32_t tag, uint32_t item,
                               bool *done, postil_err *err) {
  pst_hit hit;
  bool fit;
  pst_found found = pst_match_at(doc->matcher, &doc->w, step->program, item, tag, PST_NONE, &hit);
  if (found == PST_FOUND_NOMEM) return pst_err_nomem(err);
  if (found == PST_FOUND_LIMIT)
    return too_complex(doc, doc->w.tag.at[tag].first, step->rule, done, err);
  if (found == PST_FOUND_NO) return POSTIL_OK;
  pst_matcher_unshare(doc->matcher);
  pst_wtag t = as_of(&doc->w.tag.at[tag], step);
  postil_status s =
      pst_doc_contexts(doc, &t, &doc->rules->rule.at[step->rule], hit.first, hit.end, &fit, err);
  if (s || !fit) return s;
  *done = true;
  return apply(doc, step, &hit, tag, err);
}

/* One sieve on one target: starts from the nearest leftwards, which share what they learn. */
static postil_status try_step(postil_doc *doc, const pst_step *step, const uint64_t *row,
                              uint32_t tag, const pst_lead *lead, postil_err *err) {
  const pst_program_facts *facts = pst_program_about(step->program);
  const pst_window *w = &doc->w;
  uint32_t start = w->tag.at[tag].first, from = pst_doc_leftmost(w, start, facts->paras_before);
  bool done = false;
  postil_status s = POSTIL_OK;
  if (from < lead->from) from = lead->from;
  if (!facts->left_context) from = start;
  if (from < start) pst_matcher_share(doc->matcher, from, w->tag.at[tag].end, lead);
  for (uint32_t i = pst_bit_upto(row, lead->to); i != PST_NONE && i >= from && !done && !s;
       i = i ? pst_bit_upto(row, i - 1) : PST_NONE)
    s = spend(&doc->looks) ? try_start(doc, step, tag, i, &done, err)
                           : too_complex(doc, start, step->rule, &done, err);
  pst_matcher_unshare(doc->matcher);
  return s;
}

/* The level of quotation that a match with this core is on. */
static uint32_t level_of(const pst_window *w, const pst_wtag *t) {
  return t->flags & PST_TAG_QUOTE ? t->outer : w->quote_id.at[t->first];
}

static postil_status amend_tag(postil_doc *doc, uint32_t tag, postil_err *err) {
  const pst_steps *steps = &doc->rules->amend;
  const pst_window *w = &doc->w;
  if (!doc->rules->amended.at[w->tag.at[tag].label]) return POSTIL_OK;
  if (w->trace) pst_window_tell(w, PST_TOLD_TARGET, 0, &w->tag.at[tag], NULL, NULL);
  for (size_t i = 0; i < steps->n; i++) {
    const pst_step *step = &steps->at[i];
    const pst_wtag *t = &w->tag.at[tag];
    const uint64_t *row = doc->amend_row.at + i * w->row_words;
    pst_lead lead;
    if (!doc->amend_any.at[i] || doc->rules->rule.at[step->rule].label != t->label) continue;
    if (!pst_doc_is_free(doc, step, tag, NULL)) continue;
    if (!pst_starts_lead(w, step->program, t->first, level_of(w, t), &lead)) continue;
    size_t work = pst_matcher_left(doc->matcher);
    if (w->trace) pst_doc_tell_begins(doc, step);
    postil_status s = try_step(doc, step, row, tag, &lead, err);
    if (s) return s;
    if (w->trace) pst_doc_tell_ran(doc, step, work - pst_matcher_left(doc->matcher));
  }
  return POSTIL_OK;
}

/* Where each of the sieves may start in the window. */
static bool find_amend_starts(postil_doc *doc) {
  size_t n = doc->rules->amend.n, words = doc->w.row_words;
  doc->amend_row.n = doc->amend_any.n = 0;
  if (!PST_RESERVE(&doc->mem, &doc->amend_row, n * words + 1) ||
      !PST_RESERVE(&doc->mem, &doc->amend_any, n + 1))
    return false;
  for (size_t i = 0; i < n; i++) {
    const pst_program *program = doc->rules->amend.at[i].program;
    const uint64_t *row = pst_starts_of_sieve(&doc->starts, &doc->w, program);
    doc->amend_any.at[i] = row != NULL;
    if (row) memcpy(doc->amend_row.at + i * words, row, words * sizeof *row);
  }
  return true;
}

/* ---- Structure: parts, conversation, pronouns ---- */

/* The last outermost quotation of a window paragraph, or PST_NONE. */
static uint32_t last_quote(const postil_doc *doc, uint32_t para) {
  const pst_window *w = &doc->w;
  const pst_wpara *p = &w->para.at[para];
  for (uint32_t i = p->end; i-- > p->first;) {
    if (!w->quote_end.at[i]) continue;
    for (uint32_t e = w->head.at[i]; e != PST_NONE; e = w->edge.at[e].next) {
      const pst_wtag *t = &w->tag.at[w->edge.at[e].tag];
      if (t->flags & PST_TAG_QUOTE && !t->depth && t->first == i) return w->edge.at[e].tag;
    }
  }
  return PST_NONE;
}

static bool part_of_before(postil_doc *doc, uint32_t para, uint32_t tag) {
  size_t p = doc->w.para.at[para].index;
  if (!(doc->w.tag.at[tag].quote & PST_QUOTE_CONTINUES) || !pst_doc_read_before(doc, &p))
    return true;
  if (p < doc->w.para.at[0].index) return true;
  uint32_t before = last_quote(doc, (uint32_t)(p - doc->w.para.at[0].index));
  return inherit(doc, tag, before, PST_SPEAKER_PART) && inherit_cue(doc, tag, before);
}

/* X's partner spoke in the paragraph before; X speaks again. */
static bool converse(postil_doc *doc, uint32_t para, uint32_t tag) {
  if (!doc->rules->conversation || para < 2 || speaker_of(doc, tag)) return true;
  for (uint32_t back = 0; back <= 2; back++)
    if (!pst_doc_para(doc, doc->w.para.at[para - back].index)->only_quote) return true;
  return inherit(doc, tag, last_quote(doc, para - 2), PST_SPEAKER_TURN);
}

static bool can_mean(const postil_doc *doc, const pst_wtag *pronoun, mention person) {
  mention m = {pronoun, {PST_NONE, PST_NONE}};
  uint16_t gender = doc->rules->gender_attr, number = doc->rules->number_attr;
  return agree(own_or_antecedents(doc, m, gender), own_or_antecedents(doc, person, gender)) &&
         agree(own_or_antecedents(doc, m, number), own_or_antecedents(doc, person, number));
}

/* Lists the first person outside quotations of each sentence: what a pronoun may mean. */
static bool list_subjects(postil_doc *doc, const pst_wpara *p) {
  pst_window *w = &doc->w;
  bool taken = false;
  for (uint32_t i = p->first; i < p->end; i++) {
    for (uint32_t e = w->head.at[i]; e != PST_NONE && !taken && !w->quote_id.at[i];
         e = w->edge.at[e].next) {
      const pst_wtag *t = &w->tag.at[w->edge.at[e].tag];
      if (t->label != doc->rules->person_label || t->flags & PST_TAG_DEAD || t->first != i)
        continue;
      if (!PST_PUSH(&doc->mem, &doc->subject, w->edge.at[e].tag)) return false;
      taken = true;
    }
    if (w->words.item.at[i].cls & PST_SENT && !w->quote_id.at[i]) taken = false;
  }
  return true;
}

/* The latest listed person before a pronoun, at most three paragraphs back, that agrees; or
 * PST_NONE. */
static uint32_t subject_before(const postil_doc *doc, uint32_t para, const pst_wtag *pronoun) {
  const pst_window *w = &doc->w;
  uint32_t far = para > PST_PRONOUN_PARAS ? para - PST_PRONOUN_PARAS : 0;
  size_t lo = 0, hi = doc->subject.n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (w->tag.at[doc->subject.at[mid]].start < pronoun->start)
      lo = mid + 1;
    else
      hi = mid;
  }
  while (lo--) {
    mention m = {&w->tag.at[doc->subject.at[lo]], {PST_NONE, PST_NONE}};
    if (m.tag->start < w->para.at[far].start) return PST_NONE;
    if (can_mean(doc, pronoun, m)) return doc->subject.at[lo];
  }
  return PST_NONE;
}

/* The last speaker before the k-th tag of the paragraph (doc->cand) that is a person and agrees. */
static bool speaker_before(const postil_doc *doc, size_t k, const pst_wtag *pronoun,
                           pst_attr *out) {
  while (k--) {
    if (!(doc->w.tag.at[doc->cand.at[k]].flags & PST_TAG_QUOTE)) continue;
    const pst_attr *a = speaker_of(doc, doc->cand.at[k]);
    if (!a) continue;
    mention who = mention_of(doc, a);
    if (label_of(doc, who) != doc->rules->person_label || !can_mean(doc, pronoun, who)) continue;
    *out = *a;
    return true;
  }
  return false;
}

/* A speaker that is a pronoun points at the person it means; its name is empty if nobody fits. */
static void resolve(postil_doc *doc, uint32_t para, size_t k) {
  pst_window *w = &doc->w;
  pst_wtag *t = &w->tag.at[doc->cand.at[k]];
  pst_attr *a = NULL;
  for (uint32_t i = t->attr; i != PST_NONE; i = w->attr.at[i].next)
    if (w->attr.at[i].name == doc->rules->speaker_attr) a = &w->attr.at[i];
  if (!a || a->link != PST_LINK_WINDOW) return;
  const pst_wtag *pronoun = &w->tag.at[a->ref.tag];
  if (pronoun->label != doc->rules->pronoun_label) return;
  pst_attr before;
  uint32_t person;
  a->as.text.len = 0;
  if (speaker_before(doc, k, pronoun, &before)) {
    a->link = before.link;
    a->ref = before.ref;
    person = before.link == PST_LINK_WINDOW ? before.ref.tag : PST_NONE;
  } else {
    person = subject_before(doc, para, pronoun);
    a->link = person == PST_NONE ? PST_LINK_NONE : PST_LINK_WINDOW;
    a->ref.tag = person;
  }
  if (w->trace) tell_source(doc, PST_SPEAKER_PRONOUN, doc->cand.at[k], person);
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

static postil_status speak_quote(postil_doc *doc, uint32_t para, size_t k, postil_err *err) {
  uint32_t tag = doc->cand.at[k];
  if (!part_of_before(doc, para, tag)) return pst_err_nomem(err);
  postil_status s = amend_tag(doc, tag, err);
  if (s) return s;
  if (!converse(doc, para, tag)) return pst_err_nomem(err);
  if (doc->rules->pronoun_label != PST_NO_LABEL) resolve(doc, para, k);
  return settle_kind(doc, tag) ? POSTIL_OK : pst_err_nomem(err);
}

static postil_status speak_para(postil_doc *doc, uint32_t para, postil_err *err) {
  const pst_wpara p = doc->w.para.at[para];
  pst_matcher_budget(doc->matcher, p.end - p.first);
  doc->looks = POSTIL_LOOKS_BASE + POSTIL_LOOKS_ITEM * (size_t)(p.end - p.first);
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
    postil_status s = doc->w.tag.at[tag].flags & PST_TAG_QUOTE ? speak_quote(doc, para, k, err)
                                                               : amend_tag(doc, tag, err);
    if (s) return s;
  }
  return POSTIL_OK;
}

/* ---- The batch ---- */

/* What the notes say of quotations, back in the window's own tables. */
static void restore_quotes(pst_window *w) {
  for (uint32_t k = 0; k < w->tag.n; k++) {
    if (w->tag.at[k].flags & PST_TAG_QUOTE) pst_window_quote(w, k);
  }
}

/* Links to tags of the document point into the window again where their paragraph is in it. */
static void relink(postil_doc *doc) {
  pst_window *w = &doc->w;
  for (size_t i = 0; i < w->attr.n; i++) {
    pst_attr *a = &w->attr.at[i];
    const pst_wpara *p = a->link == PST_LINK_DOC ? pst_window_para(w, a->ref.para) : NULL;
    const pst_notes *notes = p ? loaded(doc, p->index) : NULL;
    const pst_note *note = pst_notes_find(notes, a->ref.tag);
    if (!note) continue;
    a->link = PST_LINK_WINDOW;
    a->ref.para = PST_NONE;
    a->ref.tag = p->tag + (uint32_t)(note - notes->note);
  }
}

/* The holes that the first pass looked through: spans of ignored tags among the notes. */
static bool holes_of_notes(postil_doc *doc, size_t first, size_t last) {
  doc->hole.n = 0;
  for (size_t i = first; i < last && doc->rules->ignored.n; i++) {
    const pst_notes *notes = loaded(doc, i);
    size_t start = pst_doc_start(doc, i);
    for (size_t k = 0; notes && k < notes->n; k++) {
      const pst_note *note = &notes->note[k];
      pst_span hole = {start + note->start, start + note->end};
      if (note->flags & PST_TAG_HOLE && !pst_doc_hole(doc, hole)) return false;
    }
  }
  return true;
}

static postil_status open_window(postil_doc *doc, size_t first, size_t last, postil_err *err) {
  if (!holes_of_notes(doc, first, last) || !pst_doc_window(doc, first, last - first, 0) ||
      !pst_starts_make(&doc->starts, &doc->mem, &doc->rules->starts, &doc->w))
    return pst_err_nomem(err);
  pst_matcher_begin(doc->matcher, &doc->w);
  for (size_t i = first; i < last; i++)
    if (!pst_notes_load(&doc->w, i - first, loaded(doc, i))) return pst_err_nomem(err);
  for (size_t i = 0; i < doc->w.tag.n && doc->rules->starts.mixed; i++)
    pst_starts_cover(&doc->rules->starts, &doc->w, &doc->w.tag.at[i]);
  restore_quotes(&doc->w);
  relink(doc);
  return POSTIL_OK;
}

size_t pst_doc_speak_margin(const postil_doc *doc) {
  return doc->rules->amend_before > PST_PRONOUN_PARAS ? doc->rules->amend_before
                                                      : PST_PRONOUN_PARAS;
}

/* Aliases, then amendments of the window's paragraphs [from, to). */
static postil_status speak_window(postil_doc *doc, uint32_t from, uint32_t to, postil_err *err) {
  postil_status s = run_aliases(doc, err);
  if (!s && !find_amend_starts(doc)) s = pst_err_nomem(err);
  doc->subject.n = 0;
  for (uint32_t p = 0; p < to && !s; p++)
    if (!list_subjects(doc, &doc->w.para.at[p])) s = pst_err_nomem(err);
  for (uint32_t p = from; p < to && !s; p++) s = speak_para(doc, p, err);
  return s;
}

void pst_doc_speak_reach(const postil_doc *doc, size_t *first, size_t *last) {
  size_t margin = pst_doc_speak_margin(doc), behind = doc->rules->amend_after;
  size_t before = doc->from;
  *first = doc->from > margin ? doc->from - margin : 0;
  if (pst_doc_read_before(doc, &before) && before < *first) *first = before;
  *last = doc->paras - doc->to > behind ? doc->to + behind : doc->paras;
}

postil_status pst_doc_speak_window(postil_doc *doc, size_t first, size_t last, postil_err *err) {
  uint32_t from = (uint32_t)(doc->from - first), to = (uint32_t)(doc->to - first);
  postil_status s = open_window(doc, first, last, err);
  return s ? s : speak_window(doc, from, to, err);
}

static bool keep_words(postil_doc *doc) {
  const pst_window *w = &doc->w;
  bool ok = true;
  for (size_t p = 0; p < w->para.n && ok && doc->rules->alias.n; p++)
    if (w->para.at[p].index >= doc->from && w->para.at[p].index < doc->to)
      ok = pst_doc_keep_words(doc, &w->para.at[p]);
  return ok;
}

postil_status pst_doc_speak(postil_doc *doc, postil_err *err) {
  size_t first, last;
  pst_doc_speak_reach(doc, &first, &last);
  pst_doc_words_begin(doc);
  postil_status s = pst_doc_speak_window(doc, first, last, err);
  if (!s && doc->follows && !keep_words(doc)) s = pst_err_nomem(err);
  doc->late = true;
  if (!s) s = pst_doc_pack(doc, first, err);
  doc->late = false;
  return s;
}

/* Makes of the first pass's window what loading its notes into a new one would make. */
static bool turn_window(postil_doc *doc) {
  if (!pst_doc_number(doc, 0)) return false;
  for (size_t p = 0; p < doc->packed.n; p++)
    pst_doc_para(doc, p)->next_id = doc->packed.at[p].next_id;
  if (!pst_window_tidy(&doc->w) || !pst_starts_mark(&doc->rules->starts, &doc->w) ||
      !pst_doc_contribute_window(doc))
    return false;
  restore_quotes(&doc->w);
  pst_matcher_begin(doc->matcher, &doc->w);
  return true;
}

postil_status pst_doc_speak_on(postil_doc *doc, postil_err *err) {
  const pst_keep named = {doc->rules->late.at, PST_LATE_NAMED};
  size_t n = doc->paras;
  postil_status s = turn_window(doc) ? POSTIL_OK : pst_err_nomem(err);
  doc->whole = true;
  if (!s) s = speak_window(doc, 0, (uint32_t)n, err);
  pst_window_drop(&doc->w, &named, 0);
  if (!s) s = pst_doc_pack(doc, 0, err);
  doc->whole = false;
  if (s)
    pst_doc_facts_forget(doc);
  else
    doc->labelled = doc->contributed = doc->spoken = doc->trimmed = n;
  return s;
}
