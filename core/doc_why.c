/* doc_why.c - postil_doc_why: the passes run again over one paragraph, with a trace; see doc_why.h. */
#include "doc_why.h"

/* ---- Entries ---- */

static postil_who nobody(void) {
  postil_who who = {POSTIL_NO_RULE, POSTIL_NO_PATTERN, POSTIL_NO_LABEL, 0, 0};
  return who;
}

static postil_who who_of(const pst_told_who *told) {
  postil_who who = {told->rule, told->pattern, told->label, told->start, told->stop};
  return told->label == PST_TOLD_NOBODY ? nobody() : who;
}

static postil_who who_of_tag(const postil_tag *tag) {
  postil_who who = {tag->rule, POSTIL_NO_PATTERN, tag->label, tag->start, tag->end};
  return who;
}

static postil_why blank(postil_why_kind kind) {
  postil_why why;
  memset(&why, 0, sizeof why);
  why.kind = kind;
  why.who = why.by = nobody();
  return why;
}

/* Is `a` to be told before `b`?  Of equals, and of a bill and near misses, what came first is. */
static bool goes_before(const postil_why *a, const postil_why *b) {
  size_t x = a->who.end - a->who.start, y = b->who.end - b->who.start;
  if (a->kind != b->kind) return a->kind < b->kind;
  if (a->kind == POSTIL_WHY_TAG || (a->kind >= POSTIL_WHY_HIDDEN && a->kind < POSTIL_WHY_NEAR))
    return x < y;
  return false;
}

/* Puts an entry in its place. */
static void add(pst_why *v, const postil_why *why) {
  if (!PST_RESERVE(&v->doc->mem, &v->entry, 1)) {
    v->nomem = true;
    return;
  }
  size_t k = v->entry.n++;
  for (; k && goes_before(why, &v->entry.at[k - 1]); k--) v->entry.at[k] = v->entry.at[k - 1];
  v->entry.at[k] = *why;
}

bool pst_why_wants(const pst_why *v, uint16_t label) {
  return v->label == PST_NO_LABEL ? !pst_label_helper(v->doc->rules, label) : label == v->label;
}

uint32_t pst_why_item(const pst_why *v, const pst_wpara *p) {
  uint32_t first, end;
  return pst_window_items(&v->doc->w, p, v->at, v->at + 1, &first, &end) ? first : p->end;
}

static bool covers(const pst_why *v, size_t start, size_t stop) {
  return start <= v->at && v->at < stop;
}

/* ---- Listening ---- */

static const char *const strengths[] = {"is pinned",
                                        "has the higher prio",
                                        "is longer",
                                        "asks for more capitals",
                                        "stands first among the rules",
                                        "stands further left",
                                        "came first"};
static const char *const contexts[] = {"inside",    "outside", "after",
                                       "not_after", "before",  "not_before"};
static const char *const refusals[] = {"keep", "is"};
static const char *const sources[] = {"part", "turn", "quoted", "pronoun"};

/* Which pattern made a tag of the paragraph. */
static uint32_t pattern_of(const pst_why *v, const postil_who *who) {
  for (size_t i = 0; i < v->placed.n; i++) {
    const pst_told_who *p = &v->placed.at[i];
    if (p->rule == who->rule && p->start == who->start && p->stop == who->end) return p->pattern;
  }
  return who->pattern;
}

static void add_told(pst_why *v, postil_why_kind kind, const char *how, const pst_told *told) {
  postil_why why = blank(kind);
  why.how = how;
  why.who = who_of(&told->who);
  why.by = who_of(&told->by);
  why.by.pattern = pattern_of(v, &why.by);
  why.start = told->from;
  why.end = told->to;
  add(v, &why);
}

static bool same_who(const pst_told_who *a, const pst_told_who *b) {
  return a->rule == b->rule && a->pattern == b->pattern && a->start == b->start &&
         a->stop == b->stop;
}

static const pst_attr *speaker_of(const pst_why *v) {
  const pst_window *w = &v->doc->w;
  return pst_window_attr(w, &w->tag.at[v->target], v->doc->rules->speaker_attr);
}

/* Forgets sieves of a label from a rule on: of a tag around this one, or, since one has decided, not
 * asked. */
static void drop_sieves(pst_why *v, uint16_t label, uint32_t rule) {
  size_t n = 0;
  for (size_t i = 0; i < v->sieve.n; i++) {
    const pst_told_who *who = &v->sieve.at[i].who;
    if (who->label != label || who->rule < rule) v->sieve.at[n++] = v->sieve.at[i];
  }
  v->sieve.n = n;
}

/* The amend rules are about to be tried on a tag at the place. */
static void aim(pst_why *v, const pst_told *told) {
  v->target = (uint32_t)(told->tag - v->doc->w.tag.at);
  v->spoken = speaker_of(v) != NULL;
  drop_sieves(v, told->who.label, 0);
  if (!pst_near_sieves(v)) v->nomem = true;
}

static postil_who mention(const pst_why *v, const pst_attr *a) {
  const pst_window *w = &v->doc->w;
  postil_who who = nobody();
  who.start = a->start;
  who.end = a->end;
  if (a->link != PST_LINK_WINDOW) return who;
  const pst_wtag *t = &w->tag.at[a->ref.tag];
  who.rule = t->rule;
  who.label = t->label;
  who.pattern = pattern_of(v, &who);
  return who;
}

static void add_amended(pst_why *v, const pst_told *told) {
  postil_why why = blank(POSTIL_WHY_AMENDED);
  why.who = who_of(&told->who);
  why.start = told->from;
  why.end = told->to;
  const pst_attr *speaker = speaker_of(v);
  if (speaker && !v->spoken) {
    why.by = mention(v, speaker);
    drop_sieves(v, told->who.label, told->who.rule);
    v->spoken = true;
  }
  add(v, &why);
}

/* A match around the place: of a tag that is at it, or elsewhere. */
static void listen_match(pst_why *v, const pst_told *told) {
  pst_around around = {told->who, told->from, told->to, told->kind == PST_TOLD_AMENDED};
  if (!covers(v, told->from, told->to)) return;
  if (told->kind == PST_TOLD_FOUND && !PST_PUSH(&v->doc->mem, &v->found, told->who))
    v->nomem = true;
  if (!covers(v, told->who.start, told->who.stop) && pst_why_wants(v, told->who.label) &&
      !PST_PUSH(&v->doc->mem, &v->around, around))
    v->nomem = true;
}

static void set_around(pst_why *v, const pst_told_who *who, bool placed) {
  for (size_t i = 0; i < v->around.n; i++)
    if (same_who(&v->around.at[i].who, who)) v->around.at[i].placed = placed;
}

static void place(pst_why *v, const pst_told_who *who) {
  set_around(v, who, true);
  if (!PST_PUSH(&v->doc->mem, &v->placed, *who)) v->nomem = true;
}

/* Something loses, which may have been placed: to a tag of another label. */
static void forget(pst_why *v, const pst_told_who *who) {
  size_t n = 0;
  set_around(v, who, false);
  for (size_t i = 0; i < v->placed.n; i++)
    if (!same_who(&v->placed.at[i], who)) v->placed.at[n++] = v->placed.at[i];
  v->placed.n = n;
}

static void listen(void *ud, const pst_told *told) {
  pst_why *v = ud;
  if (told->kind == PST_TOLD_FOUND || told->kind == PST_TOLD_AMENDED) listen_match(v, told);
  if (told->kind == PST_TOLD_PLACED) place(v, &told->who);
  if (told->kind == PST_TOLD_BEATEN) forget(v, &told->who);
  if (!covers(v, told->who.start, told->who.stop) || !pst_why_wants(v, told->who.label)) return;
  switch (told->kind) {
    case PST_TOLD_MERGED:
      if (told->who.rule != told->by.rule)
        add_told(v, POSTIL_WHY_MERGED, strengths[told->how], told);
      break;
    case PST_TOLD_NAMED: add_told(v, POSTIL_WHY_MERGED, "was there before", told); break;
    case PST_TOLD_VETOED: add_told(v, POSTIL_WHY_VETOED, NULL, told); break;
    case PST_TOLD_NO_ROOM: add_told(v, POSTIL_WHY_BEATEN, "was there before", told); break;
    case PST_TOLD_BEATEN: add_told(v, POSTIL_WHY_BEATEN, strengths[told->how], told); break;
    case PST_TOLD_CONTEXT: add_told(v, POSTIL_WHY_REFUSED, contexts[told->how], told); break;
    case PST_TOLD_REFUSED: add_told(v, POSTIL_WHY_REFUSED, refusals[told->how], told); break;
    case PST_TOLD_NO_ANTECEDENT: add_told(v, POSTIL_WHY_REFUSED, "no antecedent", told); break;
    case PST_TOLD_NOT_FREE: add_told(v, POSTIL_WHY_REFUSED, "set already", told); break;
    case PST_TOLD_LIMIT: add_told(v, POSTIL_WHY_LIMIT, NULL, told); break;
    case PST_TOLD_TARGET: aim(v, told); break;
    case PST_TOLD_AMENDED: add_amended(v, told); break;
    case PST_TOLD_SPEAKER: add_told(v, POSTIL_WHY_SPEAKER, sources[told->how], told); break;
    case PST_TOLD_RAN:
    case PST_TOLD_BEGINS:
    case PST_TOLD_CALLED:
    case PST_TOLD_FOUND:
    case PST_TOLD_PLACED:
    case PST_TOLD_VETO: break;
  }
}

/* ---- What the document has ---- */

static void add_tag(pst_why *v, const postil_tag *tag) {
  enum { ID_BITS = 32 };
  postil_why why = blank(POSTIL_WHY_TAG);
  postil_tag full;
  const pst_notes *notes = pst_doc_by_id(v->doc, (uint32_t)(tag->id >> ID_BITS), NULL)->notes;
  pst_ref same = pst_note_same(notes, pst_notes_find(notes, (uint32_t)tag->id));
  why.who = who_of_tag(tag);
  why.who.pattern = pattern_of(v, &why.who);
  if (same.para != PST_NONE &&
      postil_doc_tag(v->doc, (uint64_t)same.para << ID_BITS | same.tag, &full))
    why.by = who_of_tag(&full);
  add(v, &why);
}

/* The document's tags at the place; helpers, if one is asked for, from what was placed. */
static void add_tags(pst_why *v) {
  enum { MOST = 64 };
  postil_tag tag[MOST];
  size_t n = postil_doc_tags(v->doc, v->at, v->at + 1, tag, MOST);
  for (size_t i = 0; i < n && i < MOST; i++)
    if (pst_why_wants(v, (uint16_t)tag[i].label)) add_tag(v, &tag[i]);
  for (size_t i = 0; i < v->placed.n; i++) {
    const pst_told_who *who = &v->placed.at[i];
    postil_why why = blank(POSTIL_WHY_TAG);
    why.who = who_of(who);
    if (pst_label_helper(v->doc->rules, who->label) && who->label == v->label &&
        covers(v, who->start, who->stop))
      add(v, &why);
  }
}

/* ---- Quotations ---- */

/* Is the place in a span of the window's text? */
static bool stands_at(const pst_why *v, size_t start, size_t end) {
  size_t base = v->doc->w.base;
  return covers(v, base + start, base + end);
}

/* The innermost quotation around the place, or NULL. */
static const pst_quotation *quotation_at(const pst_why *v) {
  const pst_quotation *found = NULL;
  for (size_t i = 0; i < v->doc->quote.quote.n; i++) {
    const pst_quotation *q = &v->doc->quote.quote.at[i];
    if (stands_at(v, q->start, q->end)) found = q;
  }
  return found;
}

/* Of a quotation its own marks, and those inside that cost something; else the mark at the place. */
static bool is_billed(const pst_why *v, const pst_quote_line *line, const pst_quotation *q) {
  if (!q) return stands_at(v, line->start, line->end);
  bool own = line->start == q->start || line->end == q->end;
  return own || (line->cost && line->start >= q->start && line->end <= q->end);
}

static void add_bill(pst_why *v, const pst_quotation *q) {
  const pst_quote_out *out = &v->doc->quote;
  size_t base = v->doc->w.base, at = v->at - base;
  for (size_t i = 0; i < out->bill.n; i++) {
    const pst_quote_line *line = &out->bill.at[i];
    postil_why why = blank(POSTIL_WHY_COST);
    if (!is_billed(v, line, q)) continue;
    why.how = line->role;
    why.who.label = v->doc->rules->quote_label;
    why.who.start = base + line->start;
    why.who.end = base + line->end;
    why.cost = line->cost;
    why.margin = line->margin;
    add(v, &why);
  }
  for (size_t i = 0; i < out->fault.n; i++) {
    const pst_fault *fault = &out->fault.at[i];
    postil_why why = blank(POSTIL_WHY_FAULT);
    bool near = q ? fault->start <= q->end && fault->end >= q->start
                  : fault->start <= at && fault->end >= at;
    if (!near) continue;
    why.how = pst_fault_name(fault->kind);
    why.who.label = v->doc->rules->quote_label;
    why.who.start = base + fault->start;
    why.who.end = base + fault->end;
    add(v, &why);
  }
}

static postil_status explain_quotes(pst_why *v, postil_err *err) {
  postil_doc *doc = v->doc;
  const pst_wpara p = doc->w.para.at[v->para - doc->w.para.at[0].index];
  pst_quote_in in;
  if (!doc->rules->quotes || !pst_why_wants(v, doc->rules->quote_label)) return POSTIL_OK;
  if (!pst_doc_quote_in(doc, &p, &in)) return pst_err_nomem(err);
  in.bill = true;
  postil_status s = pst_quote_read(&in, &doc->quote, &doc->mem, err);
  if (!s) add_bill(v, quotation_at(v));
  return s;
}

/* ---- Word labels ---- */

/* The rule that gives an item a word label (start.h), which are looked up and never placed. */
static bool gives_word(pst_why *v, uint32_t index, uint32_t item, pst_told_who *who) {
  enum { AT_ONCE = 64 };
  postil_doc *doc = v->doc;
  const pst_window *w = &doc->w;
  const pst_rule *rule = &doc->rules->rule.at[index];
  pst_term_hit found[AT_ONCE];
  pst_hit hit;
  if (rule->label != v->label || rule->off || rule->verb == POSTIL_VETO) return false;
  who->rule = index;
  who->pattern = PST_NO_PATTERN;
  size_t n = pst_terms_at(doc->rules->terms, w->words.item.at, item, item + 1, found, AT_ONCE);
  for (size_t i = 0; i < n && i < AT_ONCE; i++)
    if (found[i].owner == index) return true;
  for (uint32_t p = 0; p < rule->program.n; p++) {
    who->pattern = p;
    pst_matcher_budget(doc->matcher, SIZE_MAX);
    pst_found match =
        pst_match_at(doc->matcher, w, rule->program.at[p], item, PST_NONE, PST_NONE, &hit);
    v->nomem |= match == PST_FOUND_NOMEM;
    if (match == PST_FOUND_YES) return true;
  }
  return false;
}

static bool explain_word(pst_why *v) {
  const pst_window *w = &v->doc->w;
  const postil_rules *r = v->doc->rules;
  const pst_wpara *p = &w->para.at[v->para - w->para.at[0].index];
  uint32_t k = pst_start_words_find(&r->starts, v->label), i = pst_why_item(v, p);
  if (k == PST_WORD_LABELS || !(w->words.item.at[i].extra >> k & 1)) return true;
  const pst_item *item = &w->words.item.at[i];
  pst_told_who who = {POSTIL_NO_RULE, PST_NO_PATTERN, v->label,
                      pst_view_text_start(&w->view, item->at),
                      pst_view_text_end(&w->view, (size_t)item->at + item->len)};
  for (uint32_t rule = 0; rule < r->rule.n; rule++)
    if (gives_word(v, rule, i, &who)) return PST_PUSH(&v->doc->mem, &v->placed, who);
  return true;
}

/* ---- What is ignored ---- */

static void add_hidden(pst_why *v, const pst_told_who *by) {
  postil_why why = blank(POSTIL_WHY_HIDDEN);
  why.by = who_of(by);
  why.who.start = by->start;
  why.who.end = by->stop;
  add(v, &why);
}

static void explain_holes(pst_why *v) {
  const pst_window *w = &v->doc->w;
  for (size_t i = 0; i < w->tag.n; i++) {
    const pst_wtag *t = &w->tag.at[i];
    pst_told_who by = {t->rule, t->pattern, t->label, t->start, t->stop};
    if (t->flags & PST_TAG_HOLE && covers(v, t->start, t->stop)) add_hidden(v, &by);
  }
}

/* ---- The passes again ---- */

/* What a run needs to give back. */
typedef struct rerun {
  size_t first, last; /* paragraphs that the second pass looks at */
  pst_notes **notes;  /* one for each: those of the first pass */
} rerun;

/* The first pass over these paragraphs, and what it says of the place. */
static postil_status label_again(pst_why *v, rerun *run, postil_err *err) {
  postil_doc *doc = v->doc;
  const pst_keep asked = {doc->rules->late.at, PST_LATE_ASKED};
  size_t first;
  doc->from = run->first;
  doc->to = run->last;
  postil_status s = pst_doc_label_window(doc, &first, err);
  if (!s) explain_holes(v);
  if (!s && (!explain_word(v) || !pst_near_steps(v, false))) s = pst_err_nomem(err);
  if (!s) s = explain_quotes(v, err);
  if (s) return s;
  pst_window_drop(&doc->w, &asked, PST_TAG_HOLE);
  if (!pst_window_order(&doc->w)) return pst_err_nomem(err);
  for (size_t p = 0; p < doc->w.para.n; p++) {
    uint32_t id = 0;
    if (!pst_notes_number(&doc->w, p, &id)) return pst_err_nomem(err);
  }
  for (size_t p = run->first; p < run->last; p++)
    if (!pst_notes_pack(&doc->w, p - first, &run->notes[p - run->first])) return pst_err_nomem(err);
  return POSTIL_OK;
}

/* What stands before the paragraph is done, but its helpers are wanted, too. */
static bool join_before(pst_why *v, rerun *run) {
  const postil_mem *mem = &v->doc->mem;
  for (size_t p = run->first; p < v->para; p++) {
    pst_notes *both, **notes = &run->notes[p - run->first];
    if (!pst_notes_join(mem, pst_doc_para(v->doc, p)->notes, *notes, &both)) return false;
    pst_notes_free(mem, *notes);
    *notes = both;
  }
  return true;
}

/* Changes the document's notes for those of the run, and back. */
static void swap_notes(postil_doc *doc, rerun *run) {
  for (size_t p = run->first; p < run->last; p++) {
    pst_para *para = pst_doc_para(doc, p);
    pst_notes *notes = para->notes;
    para->notes = run->notes[p - run->first];
    run->notes[p - run->first] = notes;
  }
}

static postil_status speak_again(pst_why *v, rerun *run, postil_err *err) {
  postil_doc *doc = v->doc;
  if (!join_before(v, run)) return pst_err_nomem(err);
  doc->from = v->para;
  doc->to = v->para + 1;
  swap_notes(doc, run);
  postil_status s = pst_doc_speak_window(doc, run->first, run->last, err);
  if (!s && !pst_near_steps(v, true)) s = pst_err_nomem(err);
  swap_notes(doc, run);
  return s;
}

static postil_status run_again(pst_why *v, postil_err *err) {
  postil_doc *doc = v->doc;
  pst_span span = pst_doc_span(doc, v->para);
  pst_trace trace = {listen, v, span.start, span.end};
  rerun run;
  doc->from = v->para;
  doc->to = v->para + 1;
  doc->limit.n = 0;
  pst_doc_speak_reach(doc, &run.first, &run.last);
  size_t n = run.last - run.first;
  run.notes = pst_mem_new(&doc->mem, n, sizeof(pst_notes *));
  if (!run.notes) return pst_err_nomem(err);
  pst_trace *other = doc->w.trace; /* figures (stats.c) */
  doc->w.trace = &trace;
  doc->again = true;
  pst_matcher_all_wanted(doc->matcher, true);
  postil_status s = label_again(v, &run, err);
  if (!s) s = speak_again(v, &run, err);
  pst_matcher_all_wanted(doc->matcher, false);
  doc->again = false;
  doc->w.trace = other;
  for (size_t i = 0; i < n; i++) pst_notes_free(&doc->mem, run.notes[i]);
  pst_mem_free(&doc->mem, run.notes, n, sizeof(pst_notes *));
  return s;
}

/* ---- The answer ---- */

static void add_nears(pst_why *v, pst_nears *nears) {
  pst_near_sort(nears, POSTIL_WHY_NEAR_MOST);
  for (size_t i = 0; i < nears->n; i++) {
    const pst_near *near = &nears->at[i];
    postil_why why = blank(POSTIL_WHY_NEAR);
    why.who = who_of(&near->who);
    why.start = near->start;
    why.end = near->end;
    why.wanted = near->wanted.start;
    why.wanted_end = near->wanted.end;
    add(v, &why);
  }
}

static void add_around(pst_why *v) {
  for (size_t i = 0; i < v->around.n; i++) {
    const pst_around *around = &v->around.at[i];
    postil_why why = blank(POSTIL_WHY_AROUND);
    why.who = who_of(&around->who);
    why.start = around->start;
    why.end = around->end;
    if (around->placed) add(v, &why);
  }
}

static postil_status explain(pst_why *v, postil_err *err) {
  const pst_para *p = v->para < v->doc->paras ? pst_doc_para(v->doc, v->para) : NULL;
  pst_span span = {0, 0};
  postil_status s = POSTIL_OK;
  if (p) span = pst_doc_span(v->doc, v->para);
  if (!covers(v, span.start, span.end)) {
    /* between paragraphs there is nothing but a quotation that goes on */
  } else if (p->ignored) {
    uint32_t rule = p->block_rule - 1;
    pst_told_who by = {rule, PST_NO_PATTERN, v->doc->rules->rule.at[rule].label, span.start,
                       span.end};
    add_hidden(v, &by);
  } else {
    s = run_again(v, err);
  }
  if (s) return s;
  add_tags(v);
  add_around(v);
  add_nears(v, &v->near);
  add_nears(v, &v->sieve);
  return v->nomem ? pst_err_nomem(err) : POSTIL_OK;
}

static void free_why(pst_why *v) {
  const postil_mem *mem = &v->doc->mem;
  PST_FREE(mem, &v->entry);
  PST_FREE(mem, &v->found);
  PST_FREE(mem, &v->placed);
  PST_FREE(mem, &v->around);
  PST_FREE(mem, &v->near);
  PST_FREE(mem, &v->sieve);
  PST_FREE(mem, &v->left);
}

postil_status postil_doc_why(postil_doc *doc, size_t at, const char *label, postil_why_fn tell,
                             void *ud, postil_err *err) {
  uint32_t number = label ? postil_rules_find_label(doc->rules, label) : PST_NO_LABEL;
  pst_why v;
  if (!pst_doc_done(doc))
    return pst_err_say(err, POSTIL_EUSE, 0, "the document is not tagged to its end yet");
  if (at > doc->len) return pst_err_say(err, POSTIL_EUSE, at, "the text has no such place");
  if (number == UINT32_MAX) return pst_err_say(err, POSTIL_EUSE, 0, "no rule has this label");
  memset(&v, 0, sizeof v);
  v.doc = doc;
  v.at = at;
  v.label = (uint16_t)number;
  v.para = pst_doc_para_at(doc, at);
  postil_status s = explain(&v, err);
  for (size_t i = 0; i < v.entry.n && !s; i++) tell(ud, &v.entry.at[i]);
  free_why(&v);
  return s;
}

const char *postil_why_name(postil_why_kind kind) {
  static const char *const names[] = {"tag",     "merged", "amended", "speaker", "cost",
                                      "fault",   "around", "hidden",  "vetoed",  "beaten",
                                      "refused", "limit",  "near"};
  return (size_t)kind < PST_COUNT(names) ? names[kind] : "";
}
