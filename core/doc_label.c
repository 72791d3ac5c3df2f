/* doc_label.c - marks and labels of a batch of paragraphs (rules.md 1.4, stages 3 and 4). */
#include "doc.h"

/* ---- Tags to be, and telling of them ---- */

static pst_wtag blank_tag(const postil_doc *doc, const pst_rule *rule, uint32_t index) {
  pst_wtag t;
  memset(&t, 0, sizeof t);
  t.label = rule->label;
  t.rule = index;
  t.pattern = PST_NO_PATTERN;
  t.attr = PST_NONE;
  t.id = PST_NONE;
  t.same.para = t.same.tag = PST_NONE;
  t.prio = rule->prio;
  if (rule->nest) t.flags |= PST_TAG_NEST;
  if (rule->verb == POSTIL_PIN) t.flags |= PST_TAG_PIN;
  if (pst_label_helper(doc->rules, rule->label)) t.flags |= PST_TAG_HELPER;
  return t;
}

static PST_TELLS void tell_limit(const postil_doc *doc, uint32_t para, uint32_t rule) {
  pst_wtag t = blank_tag(doc, &doc->rules->rule.at[rule], rule);
  t.start = pst_doc_span(doc, para).start;
  t.stop = pst_doc_span(doc, para).end;
  pst_window_tell(&doc->w, PST_TOLD_LIMIT, 0, &t, NULL, NULL);
}

PST_TELLS static void tell_work(const postil_doc *doc, pst_told_kind kind, uint32_t rule,
                                uint32_t pattern, size_t steps) {
  const pst_trace *trace = doc->w.trace;
  pst_told told;
  memset(&told, 0, sizeof told);
  told.kind = kind;
  told.steps = steps;
  told.who.rule = rule;
  told.who.pattern = pattern;
  told.who.label = doc->rules->rule.at[rule].label;
  told.by.rule = POSTIL_NO_RULE;
  trace->tell(trace->ud, &told);
}

void pst_doc_tell_begins(const postil_doc *doc, const pst_step *step) {
  tell_work(doc, PST_TOLD_BEGINS, step->rule, step->pattern, 0);
}

void pst_doc_tell_ran(const postil_doc *doc, const pst_step *step, size_t steps) {
  tell_work(doc, PST_TOLD_RAN, step->rule, step->pattern, steps);
}

void pst_doc_tell_hit(const postil_doc *doc, pst_told_kind kind, const pst_wtag *t,
                      const pst_hit *hit) {
  const pst_item *item = doc->w.words.item.at, *last = &item[hit->end - 1];
  pst_span match = {pst_view_text_start(&doc->w.view, item[hit->first].at),
                    pst_view_text_end(&doc->w.view, (size_t)last->at + last->len)};
  pst_window_tell(&doc->w, kind, 0, t, NULL, &match);
}

static PST_TELLS void tell_term(const pst_window *w, const pst_wtag *t) {
  pst_span match = {t->start, t->stop};
  pst_window_tell(w, PST_TOLD_FOUND, 0, t, NULL, &match);
}

/* A veto matched: those whom it strikes will want to know. */
static PST_TELLS bool note_veto(postil_doc *doc, const pst_wtag *t) {
  pst_window_tell(&doc->w, PST_TOLD_VETO, 0, t, NULL, NULL);
  return PST_PUSH(&doc->mem, &doc->vetoes, *t);
}

/* What vetoed a candidate. */
static PST_TELLS void tell_vetoed(const postil_doc *doc, const pst_wtag *t) {
  size_t i = 0;
  while (doc->vetoes.at[i].end <= t->first || doc->vetoes.at[i].first >= t->end) i++;
  pst_window_tell(&doc->w, PST_TOLD_VETOED, 0, t, &doc->vetoes.at[i], NULL);
}

/* ---- Small helpers ---- */

bool pst_doc_limit(postil_doc *doc, uint32_t para, uint32_t rule) {
  pst_ref ref = {para, rule};
  if (para < doc->from || para >= doc->to) return true;
  if (doc->w.trace) tell_limit(doc, para, rule);
  return PST_PUSH(&doc->mem, &doc->limit, ref);
}

bool pst_doc_read_before(const postil_doc *doc, size_t *para) {
  size_t p = *para;
  while (p && pst_doc_para(doc, p - 1)->ignored) p--;
  if (!p) return false;
  *para = p - 1;
  return true;
}

bool pst_doc_read_behind(const postil_doc *doc, size_t *para) {
  size_t p = *para + 1;
  while (p < doc->paras && pst_doc_para(doc, p)->ignored) p++;
  if (p >= doc->paras) return false;
  *para = p;
  return true;
}

void pst_doc_batch(postil_doc *doc, size_t from, unsigned due) {
  size_t bytes = 0;
  doc->from = doc->to = from;
  doc->limit.n = 0;
  for (; doc->to < doc->paras && (doc->to == from || bytes < doc->batch); doc->to++) {
    const pst_para *p = pst_doc_para(doc, doc->to);
    if ((p->due & due) != due) break;
    bytes += p->len + 1;
  }
  if (!doc->w.trace || doc->to == from) return;
  doc->w.trace->from = pst_doc_start(doc, from);
  doc->w.trace->to = pst_doc_span(doc, doc->to - 1).end;
}

const pst_wpara *pst_doc_para_of_item(const pst_window *w, uint32_t item) {
  size_t lo = 0, hi = w->para.n;
  while (lo + 1 < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (w->para.at[mid].first <= item)
      lo = mid;
    else
      hi = mid;
  }
  return &w->para.at[lo];
}

bool pst_doc_budgets(postil_doc *doc) {
  const pst_window *w = &doc->w;
  doc->work.n = 0;
  if (!PST_RESERVE(&doc->mem, &doc->work, w->para.n)) return false;
  for (size_t p = 0; p < w->para.n; p++) {
    pst_matcher_budget(doc->matcher, w->para.at[p].end - w->para.at[p].first);
    doc->work.at[doc->work.n++] = pst_matcher_left(doc->matcher);
  }
  return true;
}

/* ---- Candidates ---- */

static bool set_words(postil_doc *doc, uint32_t tag, uint16_t name, uint32_t first, uint32_t end,
                      uint32_t link, bool place) {
  pst_window *w = &doc->w;
  const pst_item *item = w->words.item.at;
  pst_attr a;
  memset(&a, 0, sizeof a);
  a.name = name;
  a.type = link != PST_NONE || place ? POSTIL_PLACE : POSTIL_STRING;
  a.link = link != PST_NONE ? PST_LINK_WINDOW : PST_LINK_NONE;
  a.ref.para = PST_NONE;
  a.ref.tag = link;
  if (!pst_window_words(w, first, end, &a.as.text.at, &a.as.text.len)) return false;
  a.start = pst_view_text_start(&w->view, item[first].at);
  a.end = pst_view_text_end(&w->view, (size_t)item[end - 1].at + item[end - 1].len);
  if (link != PST_NONE) {
    a.start = w->tag.at[link].start;
    a.end = w->tag.at[link].stop;
  }
  return pst_window_set(w, tag, a);
}

bool pst_doc_captures(postil_doc *doc, const pst_program *program, const pst_hit *hit, uint32_t tag,
                      bool places) {
  const pst_program_facts *facts = pst_program_about(program);
  pst_window *w = &doc->w;
  for (size_t k = 0; k < facts->ncaptures; k++) {
    const pst_capture *c = &hit->capture[k];
    if (c->first == PST_NONE || c->end <= c->first) continue;
    if (!set_words(doc, tag, facts->capture[k], c->first, c->end, c->tag, places)) return false;
  }
  for (size_t k = 0; k < hit->ngroups; k++) {
    const pst_group *g = &hit->group[k];
    pst_attr a;
    memset(&a, 0, sizeof a);
    a.name = g->attr;
    a.type = POSTIL_STRING;
    a.as.text.len = g->stop - g->at;
    a.start = pst_view_text_start(&w->view, g->at);
    a.end = pst_view_text_end(&w->view, g->stop);
    if (!pst_window_keep(w, w->view.bytes.at + g->at, a.as.text.len, &a.as.text.at)) return false;
    if (!pst_window_set(w, tag, a)) return false;
  }
  return true;
}

bool pst_doc_placed_reset(postil_doc *doc) {
  size_t n = doc->rules->labels.n;
  doc->placed.n = doc->placed_of.n = 0;
  if (!PST_RESERVE(&doc->mem, &doc->placed_of, n + 1)) return false;
  memset(doc->placed_of.at, 0, (n + 1) * sizeof *doc->placed_of.at);
  doc->placed_of.n = n;
  return true;
}

bool pst_doc_placed(postil_doc *doc, uint16_t label, const uint32_t *tags, size_t n) {
  const pst_window *w = &doc->w;
  size_t first = doc->placed.n;
  if (!PST_RESERVE(&doc->mem, &doc->placed, n)) return false;
  for (size_t i = 0; i < n; i++) {
    const pst_wtag *t = &w->tag.at[tags[i]];
    const pst_wtag *last =
        doc->placed.n > first ? &w->tag.at[doc->placed.at[doc->placed.n - 1]] : NULL;
    if (!last || t->stop > last->stop) doc->placed.at[doc->placed.n++] = tags[i];
  }
  pst_range range = {(uint32_t)first, (uint32_t)(doc->placed.n - first)};
  doc->placed_of.at[label] = range;
  return true;
}

/* A living tag of the label that holds the whole core.  The outermost ones lie side by side. */
static bool lies_in(const postil_doc *doc, uint16_t label, size_t start, size_t stop,
                    const pst_wpara *para) {
  const pst_window *w = &doc->w;
  if (para->block == label) return true;
  pst_range range = doc->placed_of.at[label];
  size_t lo = range.first, hi = lo + range.n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (w->tag.at[doc->placed.at[mid]].start <= start)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo > range.first && w->tag.at[doc->placed.at[lo - 1]].stop >= stop;
}

static bool lies_in_any(const postil_doc *doc, const pst_label_list *labels, size_t start,
                        size_t stop, const pst_wpara *para) {
  for (size_t i = 0; i < labels->n; i++)
    if (lies_in(doc, labels->at[i], start, stop, para)) return true;
  return false;
}

/* Does a bounded pattern end where the match begins?  It is tried from up to 16 items before. */
static pst_found stands_before(postil_doc *doc, const pst_program *program, uint32_t first) {
  enum { FAR = 16 };
  pst_hit hit;
  unsigned paras = pst_program_about(program)->paras_after;
  for (uint32_t back = 1; back <= FAR && back <= first; back++) {
    uint32_t at = first - back;
    if (doc->w.words.item.at[at].cls & PST_PARA && !paras--) return PST_FOUND_NO;
    if (!pst_match_may_start(&doc->w, program, at)) continue;
    pst_found found = pst_match_at(doc->matcher, &doc->w, program, at, PST_NONE, first, &hit);
    if (found != PST_FOUND_NO) return found;
  }
  return PST_FOUND_NO;
}

static pst_found stands_behind(postil_doc *doc, const pst_program *program, uint32_t end) {
  pst_hit hit;
  if (end >= doc->w.words.item.n || !pst_match_may_start(&doc->w, program, end))
    return PST_FOUND_NO;
  return pst_match_at(doc->matcher, &doc->w, program, end, PST_NONE, PST_NONE, &hit);
}

postil_status pst_doc_contexts(postil_doc *doc, const pst_wtag *t, const pst_rule *rule,
                               uint32_t first, uint32_t end, bool *fit, postil_err *err) {
  const struct {
    const pst_program *program;
    bool behind, wanted;
    pst_told_context how;
  } context[] = {{rule->after, false, true, PST_CONTEXT_AFTER},
                 {rule->not_after, false, false, PST_CONTEXT_NOT_AFTER},
                 {rule->before, true, true, PST_CONTEXT_BEFORE},
                 {rule->not_before, true, false, PST_CONTEXT_NOT_BEFORE}};
  pst_told_context how = PST_CONTEXT_INSIDE;
  *fit = true;
  if (rule->anywhere) return POSTIL_OK;
  const pst_wpara *para = pst_doc_para_of_item(&doc->w, t->first);
  *fit = !rule->inside.n || lies_in_any(doc, &rule->inside, t->start, t->stop, para);
  if (*fit && rule->outside.n) {
    *fit = !lies_in_any(doc, &rule->outside, t->start, t->stop, para);
    how = PST_CONTEXT_OUTSIDE;
  }
  for (size_t i = 0; i < PST_COUNT(context) && *fit; i++) {
    if (!context[i].program) continue;
    pst_found found = context[i].behind ? stands_behind(doc, context[i].program, end)
                                        : stands_before(doc, context[i].program, first);
    if (found == PST_FOUND_NOMEM) return pst_err_nomem(err);
    if (found == PST_FOUND_LIMIT && !pst_doc_limit(doc, para->index, t->rule))
      return pst_err_nomem(err);
    *fit = found != PST_FOUND_LIMIT && (found == PST_FOUND_YES) == context[i].wanted;
    how = context[i].how;
  }
  if (!*fit && doc->w.trace) pst_window_tell(&doc->w, PST_TOLD_CONTEXT, how, t, NULL, NULL);
  return POSTIL_OK;
}

/* A tag stays in its paragraph. */
static bool crosses_para(const pst_window *w, uint32_t first, uint32_t end) {
  for (uint32_t i = first; i < end; i++)
    if (w->words.item.at[i].cls & PST_PARA) return true;
  return false;
}

/* The wide span: the smallest that holds core and captures, not across a sentence end. */
static void widen(const pst_window *w, const pst_program *program, const pst_hit *hit,
                  pst_wtag *t) {
  const pst_program_facts *facts = pst_program_about(program);
  for (size_t k = 0; k < facts->ncaptures; k++) {
    const pst_capture *c = &hit->capture[k];
    if (c->first == PST_NONE) continue;
    if (c->first < t->wfirst) t->wfirst = c->first;
    if (c->end > t->wend) t->wend = c->end;
  }
  for (uint32_t i = t->wfirst; i < t->first; i++)
    if (w->words.item.at[i].cls & (PST_SENT | PST_PARA)) t->wfirst = i + 1;
  for (uint32_t i = t->end; i < t->wend; i++)
    if (w->words.item.at[i - 1].cls & PST_SENT || w->words.item.at[i].cls & PST_PARA) t->wend = i;
}

postil_status pst_doc_candidate(postil_doc *doc, const pst_step *step, const pst_hit *hit,
                                uint32_t *tag, postil_err *err) {
  const pst_rule *rule = &doc->rules->rule.at[step->rule];
  pst_window *w = &doc->w;
  *tag = PST_NONE;
  if (hit->core_end <= hit->core_first || hit->stop <= hit->at) return POSTIL_OK;
  pst_wtag t = blank_tag(doc, rule, step->rule);
  t.first = t.wfirst = hit->core_first;
  t.end = t.wend = hit->core_end;
  t.start = pst_view_text_start(&w->view, hit->at);
  t.stop = pst_view_text_end(&w->view, hit->stop);
  t.caps = pst_program_about(step->program)->caps;
  if (crosses_para(w, t.first, t.end)) return POSTIL_OK;
  t.pattern = step->pattern;
  widen(w, step->program, hit, &t);
  if (w->trace) pst_doc_tell_hit(doc, PST_TOLD_FOUND, &t, hit);
  bool fit;
  postil_status s = pst_doc_contexts(doc, &t, rule, hit->first, hit->end, &fit, err);
  if (s || !fit) return s;
  if (!PST_PUSH(&w->mem, &w->tag, t)) return pst_err_nomem(err);
  *tag = (uint32_t)(w->tag.n - 1);
  return pst_doc_captures(doc, step->program, hit, *tag, false) ? POSTIL_OK : pst_err_nomem(err);
}

/* ---- keep, is, set ---- */

static bool set_text(postil_doc *doc, uint32_t tag, uint16_t name, const char *text, size_t len) {
  pst_attr a;
  memset(&a, 0, sizeof a);
  a.name = name;
  a.type = POSTIL_STRING;
  a.as.text.len = (uint32_t)len;
  return pst_window_keep(&doc->w, text, len, &a.as.text.at) && pst_window_set(&doc->w, tag, a);
}

static bool set_const(postil_doc *doc, uint32_t tag, uint16_t name, const pst_const *value) {
  if (value->type == POSTIL_STRING) return set_text(doc, tag, name, value->text, value->len);
  if (value->type == POSTIL_NIL) return true;
  pst_attr a;
  memset(&a, 0, sizeof a);
  a.name = name;
  a.type = value->type;
  a.as.number = value->number;
  return pst_window_set(&doc->w, tag, a);
}

/* "$cap and more": captures in place; an unset one leaves nothing. */
static bool set_template(postil_doc *doc, uint32_t tag, uint16_t name, const pst_const *from) {
  pst_window *w = &doc->w;
  uint32_t at = (uint32_t)w->bytes.n;
  for (size_t i = 0; i < from->len;) {
    uint32_t put;
    if (from->text[i] != '$') {
      if (!pst_window_keep(w, from->text + i++, 1, &put)) return false;
      continue;
    }
    size_t end = ++i;
    if (end == from->len || from->text[end] < 'a' || from->text[end] > 'z') {
      if (!pst_window_keep(w, "$", 1, &put)) return false;
      continue;
    }
    while (end < from->len &&
           ((from->text[end] >= 'a' && from->text[end] <= 'z') ||
            (from->text[end] >= '0' && from->text[end] <= '9') || from->text[end] == '_'))
      end++;
    uint32_t id = pst_names_find(&doc->rules->attrs, from->text + i, end - i);
    const pst_attr *a = id == PST_NONE ? NULL : pst_window_attr(w, &w->tag.at[tag], id);
    i = end;
    if (!a || (a->type != POSTIL_STRING && a->type != POSTIL_PLACE)) continue;
    if (!PST_RESERVE(&w->mem, &w->bytes, a->as.text.len + 1)) return false;
    if (!pst_window_keep(w, w->bytes.at + a->as.text.at, a->as.text.len, &put)) return false;
  }
  pst_attr a;
  memset(&a, 0, sizeof a);
  a.name = name;
  a.type = POSTIL_STRING;
  a.as.text.at = at;
  a.as.text.len = (uint32_t)(w->bytes.n - at);
  return a.as.text.len == 0 || pst_window_set(w, tag, a);
}

static bool key_equal(const char *a, const char *b, size_t len, bool fold) {
  for (size_t i = 0; i < len; i++) {
    char c = a[i];
    if (fold && c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    if (c != b[i]) return false;
  }
  return true;
}

static bool set_mapped(postil_doc *doc, uint32_t tag, const pst_setter *set) {
  const pst_window *w = &doc->w;
  const pst_attr *a = pst_window_attr(w, &w->tag.at[tag], set->from);
  if (!a || (a->type != POSTIL_STRING && a->type != POSTIL_PLACE)) return true;
  const char *text = w->bytes.at + a->as.text.at;
  for (int fold = 0; fold < 2; fold++)
    for (size_t i = 0; i < set->nrows; i++)
      if (set->row[i].len == a->as.text.len &&
          key_equal(text, set->row[i].key, set->row[i].len, fold))
        return set_const(doc, tag, set->name, &set->row[i].value);
  return true;
}

static postil_status ask(postil_doc *doc, uint32_t hook, uint32_t tag, postil_value *answer,
                         postil_err *err) {
  postil_match match = {doc, tag};
  memset(answer, 0, sizeof *answer);
  if (!doc->rules->hook) return pst_err_say(err, POSTIL_EUSE, 0, "the rule set has no hook");
  const pst_wtag *t = &doc->w.tag.at[tag];
  if (doc->w.trace) tell_work(doc, PST_TOLD_BEGINS, t->rule, t->pattern, 0);
  postil_status s = doc->rules->hook(doc->rules->ud, hook, &match, answer, err);
  if (doc->w.trace) tell_work(doc, PST_TOLD_CALLED, t->rule, t->pattern, 0);
  return s;
}

static postil_status set_asked(postil_doc *doc, const pst_setter *set, uint32_t tag, bool *stays,
                               postil_err *err) {
  postil_value v;
  postil_status s = ask(doc, set->hook, tag, &v, err);
  if (s) return s;
  if (v.type == POSTIL_NIL) {
    if (set->name == doc->rules->is_attr) *stays = false;
    return POSTIL_OK;
  }
  if (v.type != POSTIL_STRING && v.type != POSTIL_NUMBER && v.type != POSTIL_BOOL)
    return pst_err_say(err, POSTIL_EUSE, 0,
                       "a hook answers with a string, a number, a boolean or nothing");
  pst_const value = {v.text, v.len, v.number, set->name, (uint8_t)v.type};
  return set_const(doc, tag, set->name, &value) ? POSTIL_OK : pst_err_nomem(err);
}

postil_status pst_doc_settle_sets(postil_doc *doc, const pst_rule *rule, uint32_t tag, bool *stays,
                                  postil_err *err) {
  pst_told_refusal how = PST_REFUSED_IS;
  *stays = true;
  if (rule->keep != POSTIL_NO_HOOK) {
    postil_value v;
    postil_status s = ask(doc, rule->keep, tag, &v, err);
    if (s) return s;
    *stays = v.type != POSTIL_NIL && !(v.type == POSTIL_BOOL && v.number == 0);
    how = PST_REFUSED_KEEP;
  }
  for (size_t i = 0; i < rule->set.n && *stays; i++) {
    const pst_setter *set = &rule->set.at[i];
    bool ok = true;
    switch (set->kind) {
      case POSTIL_SET_VALUE: ok = set_const(doc, tag, set->name, &set->value); break;
      case POSTIL_SET_TEMPLATE: ok = set_template(doc, tag, set->name, &set->value); break;
      case POSTIL_SET_MAP: ok = set_mapped(doc, tag, set); break;
      case POSTIL_SET_HOOK: {
        postil_status s = set_asked(doc, set, tag, stays, err);
        if (s) return s;
        break;
      }
    }
    if (!ok) return pst_err_by(err, pst_err_nomem(err), (uint32_t)(rule - doc->rules->rule.at));
  }
  if (!*stays && doc->w.trace)
    pst_window_tell(&doc->w, PST_TOLD_REFUSED, how, &doc->w.tag.at[tag], NULL, NULL);
  return POSTIL_OK;
}

/* ---- One label over the window ---- */

/* All term hits of the window, chained by label. */
static bool find_terms(postil_doc *doc) {
  const pst_window *w = &doc->w;
  const postil_rules *r = doc->rules;
  pst_term_hit found[PST_TERM_HITS];
  doc->hit.n = doc->hit_next.n = doc->label_hit.n = 0;
  if (!PST_RESERVE(&doc->mem, &doc->label_hit, r->labels.n * 2 + 1)) return false;
  doc->label_hit.n = r->labels.n * 2;
  memset(doc->label_hit.at, 0xff, doc->label_hit.n * sizeof *doc->label_hit.at);
  for (size_t p = 0; p < w->para.n; p++)
    for (uint32_t i = w->para.at[p].first; i < w->para.at[p].end; i++) {
      if (!r->lent.n && !pst_terms_start(r->terms, w->words.item.at[i].id)) continue;
      size_t n =
          pst_rules_terms_at(r, w->view.bytes.at, w->words.item.at, i, w->para.at[p].end, found);
      for (size_t k = 0; k < n; k++) {
        uint16_t label = r->rule.at[found[k].owner].label;
        bool word = found[k].end == found[k].first + 1;
        if (word && pst_start_words_find(&r->starts, label) < PST_WORD_LABELS) continue;
        uint32_t *ends = &doc->label_hit.at[2 * (size_t)label];
        uint32_t mine = (uint32_t)doc->hit.n;
        if (!PST_PUSH(&doc->mem, &doc->hit, found[k]) ||
            !PST_PUSH(&doc->mem, &doc->hit_next, PST_NONE))
          return false;
        if (ends[0] == PST_NONE)
          ends[0] = mine;
        else
          doc->hit_next.at[ends[1]] = mine;
        ends[1] = mine;
      }
    }
  return true;
}

static uint16_t capitals(const pst_window *w, uint32_t first, uint32_t end) {
  unsigned n = 0;
  for (uint32_t i = first; i < end; i++)
    for (uint32_t up = w->words.item.at[i].up; up; up &= up - 1) n++;
  return (uint16_t)n;
}

/* Where in the text items [first, end) stand. */
static void find_text(const pst_window *w, uint32_t first, uint32_t end, pst_wtag *t) {
  const pst_item *last = &w->words.item.at[end - 1];
  t->start = pst_view_text_start(&w->view, w->words.item.at[first].at);
  t->stop = pst_view_text_end(&w->view, last->at + last->len);
}

static postil_status term_candidate(postil_doc *doc, const pst_term_hit *h, postil_err *err) {
  pst_window *w = &doc->w;
  const pst_rule *rule = &doc->rules->rule.at[h->owner];
  pst_wtag t = blank_tag(doc, rule, h->owner);
  t.first = t.wfirst = h->first;
  t.end = t.wend = h->end;
  find_text(w, h->first, h->end, &t);
  t.caps = capitals(w, h->first, h->end);
  if (w->trace) tell_term(w, &t);
  bool fit;
  postil_status s = pst_doc_contexts(doc, &t, rule, h->first, h->end, &fit, err);
  if (s || !fit) return s;
  if (!PST_PUSH(&w->mem, &w->tag, t)) return pst_err_nomem(err);
  uint32_t tag = (uint32_t)(w->tag.n - 1);
  pst_const value;
  for (uint32_t i = 0; pst_rules_term_attr(doc->rules, h, i, &value); i++)
    if (!set_const(doc, tag, value.name, &value)) return pst_err_nomem(err);
  return PST_PUSH(&doc->mem, &doc->cand, tag) ? POSTIL_OK : pst_err_nomem(err);
}

/* Has the hit's rule a longer term at the same start?  Longer ones stand before it. */
static bool has_longer(const postil_doc *doc, uint32_t k) {
  const pst_term_hit *h = &doc->hit.at[k];
  while (k && doc->hit.at[--k].first == h->first)
    if (doc->hit.at[k].owner == h->owner && doc->hit.at[k].end > h->end) return true;
  return false;
}

/* Terms of the label: each rule's longest at each start; none across a quotation's edge. */
static postil_status term_candidates(postil_doc *doc, const pst_plan *plan, postil_err *err) {
  const pst_window *w = &doc->w;
  pst_matcher_budget(doc->matcher, SIZE_MAX); /* contexts are bounded by themselves */
  for (uint32_t k = doc->label_hit.at[2 * (size_t)plan->label]; k != PST_NONE;
       k = doc->hit_next.at[k]) {
    const pst_term_hit *h = &doc->hit.at[k];
    const pst_rule *rule = &doc->rules->rule.at[h->owner];
    if (rule->off || rule->verb == POSTIL_VETO) continue;
    if (w->quote_id.at[h->first] != w->quote_id.at[h->end - 1] || has_longer(doc, k)) continue;
    postil_status s = term_candidate(doc, h, err);
    if (s) return pst_err_by(err, s, h->owner);
  }
  return POSTIL_OK;
}

/* A step at one item of a window paragraph; *over when the rest of the paragraph is spared. */
static postil_status step_at(postil_doc *doc, const pst_step *step, uint32_t para, uint32_t item,
                             size_t before, pst_hit_fn take, bool *over, postil_err *err) {
  pst_hit hit;
  pst_matcher_spend(doc->matcher, doc->work.at[para]);
  pst_found found =
      pst_match_at(doc->matcher, &doc->w, step->program, item, PST_NONE, PST_NONE, &hit);
  postil_status s = POSTIL_OK;
  if (found == PST_FOUND_NOMEM) return pst_err_nomem(err);
  if (found == PST_FOUND_YES) s = take(doc, step, &hit, err);
  doc->work.at[para] = pst_matcher_left(doc->matcher);
  *over = found == PST_FOUND_LIMIT;
  if (!*over) return s;
  while (doc->cand.n > before) doc->w.tag.at[doc->cand.at[--doc->cand.n]].flags |= PST_TAG_DEAD;
  return pst_doc_limit(doc, doc->w.para.at[para].index, step->rule) ? POSTIL_OK
                                                                    : pst_err_nomem(err);
}

/* What the steps may still spend in all paragraphs. */
static size_t work_left(const postil_doc *doc) {
  size_t left = 0;
  for (size_t p = 0; p < doc->work.n; p++) left += doc->work.at[p];
  return left;
}

postil_status pst_doc_step(postil_doc *doc, const pst_step *step, const uint64_t *same,
                           pst_hit_fn take, postil_err *err) {
  const pst_window *w = &doc->w;
  size_t work = w->trace ? work_left(doc) : 0;
  if (w->trace) pst_doc_tell_begins(doc, step);
  const uint64_t *row = pst_starts_row(&doc->starts, w, step->program, same);
  uint32_t i = 0;
  for (uint32_t para = 0; row && para < w->para.n; para++) {
    uint32_t first = w->para.at[para].first, end = w->para.at[para].end;
    size_t before = doc->cand.n;
    bool over = false;
    if (i < first) i = pst_bit_from(row, w->row_words, first);
    for (; i < end && !over; i = pst_bit_from(row, w->row_words, i + 1)) {
      postil_status s = step_at(doc, step, para, i, before, take, &over, err);
      if (s) return pst_err_by(err, s, step->rule);
    }
  }
  if (w->trace) pst_doc_tell_ran(doc, step, work - work_left(doc));
  return POSTIL_OK;
}

static postil_status run_steps(postil_doc *doc, const pst_steps *steps, pst_hit_fn take,
                               postil_err *err) {
  if (steps->n && !pst_doc_budgets(doc)) return pst_err_nomem(err);
  for (size_t i = 0; i < steps->n; i++) {
    postil_status s = pst_doc_step(doc, &steps->at[i], NULL, take, err);
    if (s) return s;
  }
  return POSTIL_OK;
}

static postil_status take_candidate(postil_doc *doc, const pst_step *step, const pst_hit *hit,
                                    postil_err *err) {
  uint32_t tag;
  postil_status s = pst_doc_candidate(doc, step, hit, &tag, err);
  if (s || tag == PST_NONE) return s;
  return PST_PUSH(&doc->mem, &doc->cand, tag) ? POSTIL_OK : pst_err_nomem(err);
}

/* Marks the items of a veto whose context fits. */
static bool mark_veto(postil_doc *doc, const pst_wtag *t) {
  for (uint32_t i = t->first; i < t->end; i++) doc->veto.at[i] = doc->veto_serial;
  return !doc->w.trace || note_veto(doc, t);
}

/* A tag that is no tag, only a place for a veto to stand at. */
static pst_wtag veto_at(const postil_doc *doc, uint32_t rule, uint32_t first, uint32_t end) {
  pst_wtag t = blank_tag(doc, &doc->rules->rule.at[rule], rule);
  t.first = first;
  t.end = end;
  return t;
}

static postil_status take_veto(postil_doc *doc, const pst_step *step, const pst_hit *hit,
                               postil_err *err) {
  const pst_rule *rule = &doc->rules->rule.at[step->rule];
  pst_wtag t = veto_at(doc, step->rule, hit->core_first, hit->core_end);
  t.pattern = step->pattern;
  t.start = pst_view_text_start(&doc->w.view, hit->at);
  t.stop = pst_view_text_end(&doc->w.view, hit->stop);
  bool fit;
  postil_status s = pst_doc_contexts(doc, &t, rule, hit->first, hit->end, &fit, err);
  return s || !fit || mark_veto(doc, &t) ? s : pst_err_nomem(err);
}

static postil_status take_veto_term(postil_doc *doc, const pst_term_hit *h, postil_err *err) {
  const pst_rule *rule = &doc->rules->rule.at[h->owner];
  pst_wtag t = veto_at(doc, h->owner, h->first, h->end);
  find_text(&doc->w, h->first, h->end, &t);
  bool fit;
  postil_status s = pst_doc_contexts(doc, &t, rule, h->first, h->end, &fit, err);
  return s || !fit || mark_veto(doc, &t) ? s : pst_err_nomem(err);
}

bool pst_doc_marks(postil_doc *doc) {
  size_t n = doc->w.words.item.n;
  if (doc->veto.n < n) {
    if (!PST_RESERVE(&doc->mem, &doc->veto, n - doc->veto.n)) return false;
    memset(doc->veto.at + doc->veto.n, 0, (n - doc->veto.n) * sizeof *doc->veto.at);
    doc->veto.n = n;
  }
  if (++doc->veto_serial == 0) {
    memset(doc->veto.at, 0, doc->veto.n * sizeof *doc->veto.at);
    doc->veto_serial = 1;
  }
  return true;
}

/* Marks the items that vetoes cover. */
static postil_status run_vetoes(postil_doc *doc, const pst_plan *plan, postil_err *err) {
  if (!pst_doc_marks(doc)) return pst_err_nomem(err);
  doc->vetoes.n = 0;
  for (uint32_t k = plan->veto_terms ? doc->label_hit.at[2 * (size_t)plan->label] : PST_NONE;
       k != PST_NONE; k = doc->hit_next.at[k]) {
    const pst_term_hit *h = &doc->hit.at[k];
    const pst_rule *rule = &doc->rules->rule.at[h->owner];
    if (rule->verb != POSTIL_VETO || rule->off) continue;
    postil_status s = take_veto_term(doc, h, err);
    if (s) return s;
  }
  return run_steps(doc, &plan->veto, take_veto, err);
}

static bool vetoed(const postil_doc *doc, const pst_wtag *t) {
  if (t->flags & PST_TAG_PIN) return false;
  for (uint32_t i = t->first; i < t->end; i++)
    if (doc->veto.at[i] == doc->veto_serial) return true;
  return false;
}

static postil_status refuse_or_set(postil_doc *doc, postil_err *err) {
  size_t kept = 0;
  for (size_t i = 0; i < doc->cand.n; i++) {
    uint32_t tag = doc->cand.at[i];
    const pst_rule *rule = &doc->rules->rule.at[doc->w.tag.at[tag].rule];
    bool stays = !(doc->w.tag.at[tag].flags & PST_TAG_DEAD);
    if (stays) {
      postil_status s = pst_doc_settle_sets(doc, rule, tag, &stays, err);
      if (s) return s;
    }
    if (stays)
      doc->cand.at[kept++] = tag;
    else
      doc->w.tag.at[tag].flags |= PST_TAG_DEAD;
  }
  doc->cand.n = kept;
  return POSTIL_OK;
}

static postil_status run_plan(postil_doc *doc, const pst_plan *plan, postil_err *err) {
  pst_window *w = &doc->w;
  doc->cand.n = 0;
  postil_status s = plan->terms ? term_candidates(doc, plan, err) : POSTIL_OK;
  if (!s) s = run_steps(doc, &plan->tag, take_candidate, err);
  if (s || !doc->cand.n) return s;
  if (plan->veto.n || plan->veto_terms) {
    s = run_vetoes(doc, plan, err);
    if (s) return s;
    for (size_t i = 0; i < doc->cand.n; i++)
      if (vetoed(doc, &w->tag.at[doc->cand.at[i]])) {
        w->tag.at[doc->cand.at[i]].flags |= PST_TAG_DEAD;
        if (w->trace) tell_vetoed(doc, &w->tag.at[doc->cand.at[i]]);
      }
  }
  s = refuse_or_set(doc, err);
  if (s) return s;
  if (!pst_tag_settle(w, doc->cand.at, &doc->cand.n, true)) return pst_err_nomem(err);
  bool words = pst_start_words_find(&doc->rules->starts, plan->label) < PST_WORD_LABELS;
  for (size_t i = 0; i < doc->cand.n; i++) {
    if (!pst_window_place(w, doc->cand.at[i])) return pst_err_nomem(err);
    if (words) pst_starts_cover(&doc->rules->starts, w, &w->tag.at[doc->cand.at[i]]);
    if (w->trace) pst_window_tell(w, PST_TOLD_PLACED, 0, &w->tag.at[doc->cand.at[i]], NULL, NULL);
  }
  return pst_doc_placed(doc, plan->label, doc->cand.at, doc->cand.n) ? POSTIL_OK
                                                                     : pst_err_nomem(err);
}

/* ---- Quotations of one paragraph ---- */

static bool add_span(postil_doc *doc, size_t start, size_t end) {
  pst_span span = {start - doc->w.base, end - doc->w.base};
  return PST_PUSH(&doc->mem, &doc->cue, span);
}

/* Cues and sentence ends of a paragraph, in bytes of the window's text. */
static bool gather_for_quotes(postil_doc *doc, const pst_wpara *p) {
  const pst_window *w = &doc->w;
  doc->cue.n = doc->stop.n = 0;
  for (uint32_t i = p->first; i < p->end; i++) {
    const pst_item *item = &w->words.item.at[i];
    for (uint32_t e = w->head.at[i]; e != PST_NONE; e = w->edge.at[e].next) {
      const pst_wtag *t = &w->tag.at[w->edge.at[e].tag];
      if (t->label == doc->rules->cue_label && t->first == i && !(t->flags & PST_TAG_DEAD)) {
        if (!add_span(doc, t->start, t->stop)) return false;
        break;
      }
    }
    size_t end = pst_view_text_end(&w->view, (size_t)item->at + item->len) - w->base;
    if (item->cls & PST_SENT && !PST_PUSH(&doc->mem, &doc->stop, end)) return false;
  }
  return true;
}

static bool keep_faults(postil_doc *doc, const pst_wpara *p) {
  pst_para *para = pst_doc_para(doc, p->index);
  pst_mem_free(&doc->mem, para->fault, para->nfaults, sizeof *para->fault);
  para->fault = NULL;
  para->nfaults = 0;
  size_t n = doc->quote.fault.n;
  if (!n) return true;
  para->fault = pst_mem_new(&doc->mem, n, sizeof *para->fault);
  if (!para->fault) return false;
  para->nfaults = (uint32_t)n;
  for (size_t i = 0; i < n; i++) {
    const pst_fault *f = &doc->quote.fault.at[i];
    pst_para_fault *to = &para->fault[i];
    to->start = (uint32_t)(doc->w.base + f->start - p->start);
    to->end = (uint32_t)(doc->w.base + f->end - p->start);
    to->kind = (int)f->kind;
    to->safe = f->safe;
    to->repair = f->repair;
  }
  return true;
}

/* Does a fault touch the quotation?  Asked from left to right: *lo passes over what ends before. */
static bool has_fault(const postil_doc *doc, const pst_quotation *q, size_t *lo) {
  while (*lo < doc->quote.fault.n && doc->quote.fault.at[*lo].end < q->start) ++*lo;
  return *lo < doc->quote.fault.n && doc->quote.fault.at[*lo].start <= q->end;
}

static bool place_quotation(postil_doc *doc, const pst_quote_in *in, const pst_wpara *p,
                            const pst_quotation *q, size_t *fault) {
  pst_window *w = &doc->w;
  pst_wtag t;
  memset(&t, 0, sizeof t);
  t.start = w->base + q->start;
  t.stop = w->base + q->end;
  if (!pst_window_items(w, p, t.start, t.stop, &t.first, &t.end)) return true;
  t.wfirst = t.first;
  t.wend = t.end;
  t.label = doc->rules->quote_label;
  t.flags = PST_TAG_QUOTE | PST_TAG_NEST;
  t.rule = t.pattern = t.attr = t.id = t.same.para = t.same.tag = PST_NONE;
  t.depth = q->depth;
  t.quote = q->flags;
  t.fault = has_fault(doc, q, fault);
  t.kind[0] = (uint8_t)pst_quote_kind_of(in, q, false);
  t.kind[1] = (uint8_t)pst_quote_kind_of(in, q, true);
  if (w->trace) pst_window_tell(w, PST_TOLD_PLACED, 0, &t, NULL, NULL);
  if (!PST_PUSH(&w->mem, &w->tag, t)) return false;
  uint32_t tag = (uint32_t)(w->tag.n - 1);
  pst_window_quote(w, tag);
  return pst_window_place(w, tag);
}

static bool only_quotations(const pst_window *w, const pst_wpara *p) {
  bool any = false;
  for (uint32_t i = p->first; i < p->end; i++) {
    if (w->quote_id.at[i])
      any = true;
    else if (w->words.item.at[i].cls & (PST_WORD | PST_NUM))
      return false;
  }
  return any;
}

/* The holes inside a paragraph, as bytes of the window's text.  False: no memory. */
static bool gather_holes(postil_doc *doc, const pst_wpara *p) {
  size_t lo = 0, hi = doc->hole.n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (doc->hole.at[mid].start < p->start)
      lo = mid + 1;
    else
      hi = mid;
  }
  doc->quote_hole.n = 0;
  for (; lo < doc->hole.n && doc->hole.at[lo].start < p->stop; lo++) {
    pst_span hole = {doc->hole.at[lo].start - doc->w.base, doc->hole.at[lo].end - doc->w.base};
    if (!PST_PUSH(&doc->mem, &doc->quote_hole, hole)) return false;
  }
  return true;
}

/* The family that a paragraph leaves open, as this window or else the document knows it. */
static pst_family open_behind(const postil_doc *doc, size_t i) {
  const pst_window *w = &doc->w;
  uint32_t first = w->para.at[0].index;
  bool here = i >= first && i - first < w->para.n && w->para.at[i - first].read;
  return (pst_family)(here ? w->para.at[i - first].open : pst_doc_para(doc, i)->open);
}

pst_family pst_doc_next_open(const postil_doc *doc, size_t i) {
  if (!pst_doc_read_behind(doc, &i)) return PST_FAM_NONE;
  pst_span all = {0, pst_doc_para(doc, i)->len};
  return pst_quote_first(pst_doc_bytes(doc, i), all.end, all);
}

bool pst_doc_quote_in(postil_doc *doc, const pst_wpara *p, pst_quote_in *in) {
  size_t before = p->index;
  if (!gather_for_quotes(doc, p) || !gather_holes(doc, p)) return false;
  memset(in, 0, sizeof *in);
  in->text = doc->w.text;
  in->para.start = p->start - doc->w.base;
  in->para.end = in->len = p->stop - doc->w.base;
  in->holes = doc->quote_hole.at;
  in->nholes = doc->quote_hole.n;
  in->cues = doc->cue.at;
  in->ncues = doc->cue.n;
  in->stops = doc->stop.at;
  in->nstops = doc->stop.n;
  if (pst_doc_read_before(doc, &before)) in->open = open_behind(doc, before);
  in->next_open = pst_doc_next_open(doc, p->index);
  in->frame = &doc->frame;
  in->locale = doc->rules->locale;
  return true;
}

/* Does the window know better than the document what is left open behind a paragraph? */
static void leave_open(postil_doc *doc, pst_wpara *p, uint8_t open) {
  p->read = p->index >= doc->from && !doc->again;
  p->open = open;
}

static postil_status read_quotes(postil_doc *doc, uint32_t index, postil_err *err) {
  const pst_wpara p = doc->w.para.at[index];
  pst_para *para = pst_doc_para(doc, p.index);
  size_t fault = 0;
  bool mine = p.index >= doc->from && p.index < doc->to && !doc->again;
  pst_quote_in in;
  if (para->ignored) {
    uint8_t open = p.index ? (uint8_t)open_behind(doc, p.index - 1) : 0;
    leave_open(doc, &doc->w.para.at[index], open);
    if (mine) para->open = open;
    return POSTIL_OK;
  }
  if (!pst_doc_quote_in(doc, &p, &in)) return pst_err_nomem(err);
  postil_status s = pst_quote_read(&in, &doc->quote, &doc->mem, err);
  if (s) return s;
  leave_open(doc, &doc->w.para.at[index], (uint8_t)doc->quote.open);
  if (mine && !keep_faults(doc, &p)) return pst_err_nomem(err);
  for (size_t i = 0; i < doc->quote.quote.n; i++)
    if (!place_quotation(doc, &in, &p, &doc->quote.quote.at[i], &fault)) return pst_err_nomem(err);
  if (!mine) return POSTIL_OK;
  para->open = (uint8_t)doc->quote.open;
  para->open_in = (uint8_t)in.open;
  para->next_in = (uint8_t)in.next_open;
  para->only_quote = only_quotations(&doc->w, &p);
  return POSTIL_OK;
}

static postil_status read_all_quotes(postil_doc *doc, postil_err *err) {
  size_t before = doc->w.tag.n;
  for (uint32_t p = 0; p < doc->w.para.n; p++) {
    postil_status s = read_quotes(doc, p, err);
    if (s) return s;
  }
  doc->cand.n = 0;
  for (size_t i = before; i < doc->w.tag.n; i++)
    if (!PST_PUSH(&doc->mem, &doc->cand, (uint32_t)i)) return pst_err_nomem(err);
  return pst_doc_placed(doc, doc->rules->quote_label, doc->cand.at, doc->cand.n)
             ? POSTIL_OK
             : pst_err_nomem(err);
}

/* ---- The batch ---- */

static postil_status run_plans(postil_doc *doc, pst_stage stage, bool holes_known,
                               postil_err *err) {
  for (size_t i = 0; i < doc->rules->plan.n; i++) {
    if (doc->rules->plan.at[i].stage != stage) continue;
    if (holes_known && pst_rules_ignores(doc->rules, doc->rules->plan.at[i].label)) continue;
    postil_status s = run_plan(doc, &doc->rules->plan.at[i], err);
    if (s) return s;
  }
  return POSTIL_OK;
}

bool pst_doc_hole(postil_doc *doc, pst_span hole) {
  pst_span *last = doc->hole.n ? &doc->hole.at[doc->hole.n - 1] : NULL;
  if (!last || hole.start >= last->end) return PST_PUSH(&doc->mem, &doc->hole, hole);
  if (hole.end > last->end) last->end = hole.end;
  return true;
}

/* Tags of ignored labels are holes.  If there are any, they go to the front, by place, and all other
 * tags are dropped, for the window is to be filled again; *n is how many there are. */
static bool find_holes(postil_doc *doc, size_t *n) {
  pst_window *w = &doc->w;
  size_t kept = 0;
  for (size_t i = 0; i < w->tag.n; i++)
    if (!(w->tag.at[i].flags & PST_TAG_DEAD) && pst_rules_ignores(doc->rules, w->tag.at[i].label))
      w->tag.at[kept++] = w->tag.at[i];
  *n = kept;
  if (!kept) return true;
  w->tag.n = kept;
  if (!pst_window_order(w)) return false;
  for (size_t i = 0; i < kept; i++) {
    const pst_wtag *t = &w->tag.at[w->order.at[i]];
    pst_span hole = {t->start, t->stop};
    if (!pst_doc_hole(doc, hole)) return false;
  }
  return true;
}

static bool place_blocks(postil_doc *doc) {
  pst_window *w = &doc->w;
  for (size_t i = 0; i < w->para.n; i++) {
    const pst_wpara *p = &w->para.at[i];
    uint32_t rule = p->block == PST_NO_BLOCK ? 0 : pst_doc_para(doc, p->index)->block_rule;
    if (!rule) continue;
    pst_wtag t = blank_tag(doc, &doc->rules->rule.at[rule - 1], rule - 1);
    t.flags |= PST_TAG_BLOCK | PST_TAG_NEST;
    t.start = p->start;
    t.stop = p->stop;
    t.first = t.wfirst = p->first;
    t.end = t.wend = p->end;
    if (w->trace) pst_window_tell(w, PST_TOLD_PLACED, 0, &t, NULL, NULL);
    if (!PST_PUSH(&w->mem, &w->tag, t)) return false;
    if (p->first < p->end && !pst_window_place(w, (uint32_t)(w->tag.n - 1))) return false;
  }
  return true;
}

/* The window's words, with nothing found in them but `holes` tags. */
static bool open_window(postil_doc *doc, size_t first, size_t n, size_t holes) {
  if (!pst_doc_window(doc, first, n, holes) || !pst_doc_placed_reset(doc)) return false;
  pst_matcher_begin(doc->matcher, &doc->w);
  return pst_starts_make(&doc->starts, &doc->mem, &doc->rules->starts, &doc->w);
}

static bool holes_want_terms(const postil_rules *r) {
  for (size_t i = 0; i < r->plan.n; i++) {
    const pst_plan *plan = &r->plan.at[i];
    if (plan->stage == PST_STAGE_HOLES && (plan->terms || plan->veto_terms)) return true;
  }
  return false;
}

static postil_status fill_window(postil_doc *doc, size_t first, size_t n, postil_err *err) {
  size_t holes = 0;
  bool known = holes_want_terms(doc->rules);
  doc->hole.n = 0;
  if (!open_window(doc, first, n, 0) || (known && !find_terms(doc))) return pst_err_nomem(err);
  postil_status s = run_plans(doc, PST_STAGE_HOLES, false, err);
  if (s) return s;
  if (!find_holes(doc, &holes)) return pst_err_nomem(err);
  if (holes && !open_window(doc, first, n, holes)) return pst_err_nomem(err);
  if ((holes || !known) && !find_terms(doc)) return pst_err_nomem(err);
  if (holes) s = run_plans(doc, PST_STAGE_HOLES, true, err);
  return s ? s : run_plans(doc, PST_STAGE_CUES, false, err);
}

/* All entities together: one of two labels that claim the same words goes. */
static bool settle_layer(postil_doc *doc) {
  const pst_window *w = &doc->w;
  doc->cand.n = 0;
  for (size_t i = 0; i < w->tag.n; i++)
    if (pst_tag_is_entity(&w->tag.at[i]) && !PST_PUSH(&doc->mem, &doc->cand, (uint32_t)i))
      return false;
  return pst_tag_settle(&doc->w, doc->cand.at, &doc->cand.n, false);
}

/* "the rule NAME takes too many steps here; it finds nothing".  One for each rule. */
static const char *complex_words(postil_doc *doc, uint32_t rule) {
  for (size_t i = 0; i < doc->complex.n; i++)
    if (doc->complex.at[i].rule == rule) return doc->complex.at[i].words;
  const char *part[] = {"the rule ", doc->rules->rule.at[rule].name,
                        " takes too many steps here; it finds nothing"};
  size_t len = 0;
  for (size_t i = 0; i < PST_COUNT(part); i++) len += strlen(part[i]);
  char *words = pst_arena_get(&doc->arena, len + 1), *at = words;
  for (size_t i = 0; i < PST_COUNT(part) && words; i++) {
    memcpy(at, part[i], strlen(part[i]));
    at += strlen(part[i]);
  }
  if (!words) return NULL;
  *at = '\0';
  pst_complex told = {rule, words};
  return PST_PUSH(&doc->mem, &doc->complex, told) ? words : NULL;
}

static bool is_late(const postil_doc *doc, uint32_t rule) {
  postil_verb verb = doc->rules->rule.at[rule].verb;
  return verb == POSTIL_ALIAS || verb == POSTIL_AMEND;
}

/* Limits by paragraph and rule, those of the second pass first. */
static bool limit_before(const postil_doc *doc, pst_ref a, pst_ref b) {
  bool late_a = is_late(doc, a.tag), late_b = is_late(doc, b.tag);
  if (a.para != b.para) return a.para < b.para;
  return late_a != late_b ? late_a : a.tag < b.tag;
}

/* The number of faults from which on those of the first pass stand. */
static size_t first_faults(const postil_doc *doc, const pst_para *p) {
  size_t i = 0;
  while (i < p->nfaults && p->fault[i].kind == PST_FAULT_COMPLEX && is_late(doc, p->fault[i].rule))
    i++;
  return i;
}

/* Faults of a paragraph with those of the limits [*at, ...) that are its own, into *out; those that
 * the pass has found in it before go. */
static bool add_limits(postil_doc *doc, size_t para, size_t *at, pst_packed *out) {
  const pst_para *p = pst_doc_para(doc, para);
  size_t first = *at, from = first_faults(doc, p), n = p->nfaults - from;
  while (*at < doc->limit.n && doc->limit.at[*at].para == para) ++*at;
  if (*at == first && !from) return true;
  out->faults = true;
  out->nfaults = (uint32_t)(n + *at - first);
  if (!out->nfaults) return true;
  out->fault = pst_mem_new(&doc->mem, out->nfaults, sizeof *out->fault);
  if (!out->fault) return false;
  if (n) memcpy(out->fault + (*at - first), p->fault + from, n * sizeof *p->fault);
  for (size_t i = first; i < *at; i++) {
    pst_para_fault *f = &out->fault[i - first];
    f->end = p->len;
    f->kind = PST_FAULT_COMPLEX;
    f->rule = doc->limit.at[i].tag;
    f->words = complex_words(doc, f->rule);
    if (!f->words) return false;
  }
  return true;
}

/* The limits that were hit, by paragraph and rule, each once.  A Shell sort: there are few, and it
 * takes no memory. */
static void sort_limits(postil_doc *doc) {
  pst_ref *at = doc->limit.at;
  size_t n = 0, gap = 1;
  while (gap < doc->limit.n / 3) gap = gap * 3 + 1;
  for (; gap; gap /= 3)
    for (size_t i = gap; i < doc->limit.n; i++) {
      pst_ref x = at[i];
      size_t k = i;
      for (; k >= gap && limit_before(doc, x, at[k - gap]); k -= gap) at[k] = at[k - gap];
      at[k] = x;
    }
  for (size_t i = 0; i < doc->limit.n; i++)
    if (!n || limit_before(doc, at[n - 1], at[i])) at[n++] = at[i];
  doc->limit.n = n;
}

/* The first pass numbers also what it finds again in paragraphs that are done: with the ids that it
 * has there. */
bool pst_doc_number(postil_doc *doc, size_t first) {
  pst_window *w = &doc->w;
  bool late = doc->whole || doc->late;
  doc->packed.n = 0;
  if (!pst_window_order(w) || !PST_RESERVE(&doc->mem, &doc->packed, w->para.n)) return false;
  for (size_t p = 0; p < w->para.n; p++) {
    pst_packed *out = &doc->packed.at[doc->packed.n++];
    memset(out, 0, sizeof *out);
    out->next_id = late ? pst_doc_para(doc, first + p)->next_id : 0;
    if (!(doc->follows ? pst_notes_number_by_words(w, p, late)
                       : pst_notes_number(w, p, &out->next_id)))
      return false;
  }
  return true;
}

static bool pack_all(postil_doc *doc, size_t first) {
  pst_window *w = &doc->w;
  size_t limit = 0;
  if (!pst_doc_number(doc, first)) return false;
  sort_limits(doc);
  for (size_t i = doc->from; i < doc->to; i++) {
    pst_packed *out = &doc->packed.at[i - first];
    if (!pst_notes_pack(w, i - first, &out->notes) || !add_limits(doc, i, &limit, out))
      return false;
  }
  return true;
}

/* Notes of a paragraph of a document that follows edits: what the first pass found stays, too. */
static void keep_both(const postil_doc *doc, pst_para *para, pst_notes *made) {
  pst_notes *old = para->notes == para->first ? NULL : para->notes;
  if (!doc->late) {
    if (para->has_first) pst_notes_free(&doc->mem, para->first);
    if (!old) para->notes = made;
    para->first = made;
    para->has_first = true;
    return;
  }
  if (pst_notes_same(made, para->first)) {
    pst_notes_free(&doc->mem, made);
    made = para->first;
  }
  para->differs = !pst_notes_same(made, para->notes);
  pst_notes_free(&doc->mem, old);
  para->notes = made;
}

static void keep_notes(const postil_doc *doc, pst_para *para, const pst_packed *made) {
  if (doc->follows) {
    keep_both(doc, para, made->notes);
  } else {
    pst_notes_free(&doc->mem, para->notes);
    para->notes = made->notes;
  }
  para->next_id = made->next_id;
}

postil_status pst_doc_pack(postil_doc *doc, size_t first, postil_err *err) {
  bool ok = pack_all(doc, first);
  for (size_t i = 0; i < doc->packed.n; i++) {
    pst_packed *made = &doc->packed.at[i];
    pst_para *para = pst_doc_para(doc, first + i);
    bool mine = first + i >= doc->from && first + i < doc->to;
    if (!ok || !mine) {
      pst_notes_free(&doc->mem, made->notes);
      pst_mem_free(&doc->mem, made->fault, made->nfaults, sizeof *made->fault);
      continue;
    }
    keep_notes(doc, para, made);
    if (!made->faults) continue;
    pst_mem_free(&doc->mem, para->fault, para->nfaults, sizeof *para->fault);
    para->fault = made->fault;
    para->nfaults = made->nfaults;
  }
  doc->packed.n = 0;
  return ok ? POSTIL_OK : pst_err_nomem(err);
}

/* What block rules hit in the paragraphs of the batch. */
static bool take_block_limits(postil_doc *doc) {
  for (size_t i = 0; i < doc->block_limit.n; i++) {
    size_t para;
    if (pst_doc_by_id(doc, doc->block_limit.at[i].para, &para) &&
        !pst_doc_limit(doc, (uint32_t)para, doc->block_limit.at[i].tag))
      return false;
  }
  return true;
}

/* Links need what stands in a margin whole, so it is as wide as two rules reach. */
postil_status pst_doc_label_window(postil_doc *doc, size_t *first, postil_err *err) {
  size_t margin = (size_t)doc->rules->label_reach * 2;
  *first = doc->from > margin ? doc->from - margin : 0;
  size_t last = doc->paras - doc->to > margin ? doc->to + margin : doc->paras;
  postil_status s = fill_window(doc, *first, last - *first, err);
  if (!s && !place_blocks(doc)) s = pst_err_nomem(err);
  if (!s && doc->rules->quotes) s = read_all_quotes(doc, err);
  if (!s) s = run_plans(doc, PST_STAGE_LABELS, false, err);
  if (!s && !settle_layer(doc)) s = pst_err_nomem(err);
  return s;
}

postil_status pst_doc_label(postil_doc *doc, postil_err *err) {
  const pst_keep asked = {doc->rules->late.at, PST_LATE_ASKED};
  size_t first;
  postil_status s = take_block_limits(doc) ? POSTIL_OK : pst_err_nomem(err);
  if (!s) s = pst_doc_label_window(doc, &first, err);
  if (!s) pst_window_drop(&doc->w, &asked, PST_TAG_HOLE);
  if (!s && !doc->follows && doc->to - doc->from == doc->paras) return pst_doc_speak_on(doc, err);
  if (!s) s = pst_doc_pack(doc, first, err);
  return s;
}
