/* doc_near.c - near misses: patterns that came some way and stopped; see doc_why.h. */
#include "doc_why.h"

enum { BACK = 256 /* items before the place where a pattern may begin */ };

#define FAR_OFF (UINT32_MAX / 2)

/* ---- How much is left ---- */

/* What is left to take at least from an instruction on, as far as those behind it are known. */
static uint32_t left_at(const pst_program *p, const uint32_t *left, size_t pc) {
  const pst_ins *ins = &p->ins.at[pc];
  switch (ins->op) {
    case PST_OP_MATCH: return 0;
    case PST_OP_JUMP:
    case PST_OP_LOOK: return left[ins->c];
    case PST_OP_SPLIT: return left[pc + 1] < left[ins->c] ? left[pc + 1] : left[ins->c];
    case PST_OP_WORD:
    case PST_OP_SET:
    case PST_OP_CLASS:
    case PST_OP_LABEL:
    case PST_OP_REGEX:
    case PST_OP_PARA:
    case PST_OP_SAME: return left[pc + 1] + 1;
    default: return left[pc + 1];
  }
}

/* Fills v->left for a program.  Loops lead back, so that it may take more than one walk. */
static bool count_left(pst_why *v, const pst_program *p) {
  size_t n = p->ins.n;
  v->left.n = 0;
  if (!PST_RESERVE(&v->doc->mem, &v->left, n)) return false;
  v->left.n = n;
  for (size_t pc = 0; pc < n; pc++) v->left.at[pc] = FAR_OFF;
  for (bool more = true; more;) {
    more = false;
    for (size_t pc = n; pc-- > 0;) {
      uint32_t left = left_at(p, v->left.at, pc);
      more |= left < v->left.at[pc];
      if (left < v->left.at[pc]) v->left.at[pc] = left;
    }
  }
  return true;
}

/* ---- Keeping the best ---- */

static bool is_nearer(const pst_near *a, const pst_near *b) {
  uint64_t x = (uint64_t)a->done * b->whole, y = (uint64_t)b->done * a->whole;
  if (x != y) return x > y;
  if (a->over != b->over) return a->over;
  if (a->done != b->done) return a->done > b->done;
  return a->items > b->items;
}

static bool keep_near(pst_why *v, pst_nears *nears, const pst_near *near) {
  for (size_t i = 0; i < nears->n; i++)
    if (nears->at[i].who.rule == near->who.rule) {
      if (is_nearer(near, &nears->at[i])) nears->at[i] = *near;
      return true;
    }
  return PST_PUSH(&v->doc->mem, nears, *near);
}

void pst_near_sort(pst_nears *nears, size_t most) {
  for (size_t i = 1; i < nears->n; i++) {
    pst_near x = nears->at[i];
    size_t k = i;
    for (; k && is_nearer(&x, &nears->at[k - 1]); k--) nears->at[k] = nears->at[k - 1];
    nears->at[k] = x;
  }
  if (nears->n > most) nears->n = most;
}

/* Where items [first, end) stand in the text; a break is nothing, at the paragraph's end. */
static pst_span text_of(const pst_window *w, uint32_t first, uint32_t end) {
  const pst_item *item = w->words.item.at;
  uint32_t last = end - 1;
  bool is_break = item[first].cls & PST_PARA;
  while (is_break && last && (item[last].cls & PST_PARA)) last--;
  pst_span span = {pst_view_text_start(&w->view, item[first].at),
                   pst_view_text_end(&w->view, (size_t)item[last].at + item[last].len)};
  if (is_break) span.start = span.end;
  return span;
}

/* Keeps the try from `first` that has just failed, if it came to item `least` and took anything.
 * *counted: v->left is that of the program. */
static bool note_try(pst_why *v, pst_nears *nears, const pst_step *step, uint32_t first,
                     uint32_t least, bool *counted) {
  const pst_window *w = &v->doc->w;
  pst_far far;
  if (!pst_matcher_furthest(v->doc->matcher, step->program, &far) || far.item < least ||
      far.item == first)
    return true;
  if (!*counted && !count_left(v, step->program)) return false;
  *counted = true;
  pst_near near;
  near.whole = v->left.at[0];
  uint32_t left = FAR_OFF;
  for (uint32_t i = 0; i < far.npcs; i++)
    if (v->left.at[far.pc[i]] < left) left = v->left.at[far.pc[i]];
  if (near.whole <= left) return true;
  near.done = near.whole - left;
  near.items = far.item - first;
  near.over = far.item > least;
  near.wanted = far.wanted;
  near.who.rule = step->rule;
  near.who.pattern = step->pattern;
  near.who.label = v->doc->rules->rule.at[step->rule].label;
  pst_span match = text_of(w, first, far.item), stopped = text_of(w, far.item, far.item + 1);
  near.who.start = match.start;
  near.who.stop = match.end;
  near.start = stopped.start;
  near.end = stopped.end;
  return keep_near(v, nears, &near);
}

/* ---- Tag and alias rules ---- */

static bool was_found(const pst_why *v, const pst_step *step) {
  for (size_t i = 0; i < v->found.n; i++)
    if (v->found.at[i].rule == step->rule && v->found.at[i].pattern == step->pattern) return true;
  return false;
}

/* Tries a step from the items of `row` in [first, item]. */
static bool near_step(pst_why *v, const pst_step *step, const uint64_t *same, uint32_t first,
                      uint32_t item) {
  postil_doc *doc = v->doc;
  const pst_window *w = &doc->w;
  bool counted = false;
  pst_hit hit;
  if (was_found(v, step)) return true;
  const uint64_t *row = pst_starts_all(&doc->starts, w, step->program, same);
  for (uint32_t i = pst_bit_from(row, w->row_words, first); i <= item;
       i = pst_bit_from(row, w->row_words, i + 1)) {
    pst_found found = pst_match_at(doc->matcher, w, step->program, i, PST_NONE, PST_NONE, &hit);
    if (found == PST_FOUND_NOMEM) return false;
    if (found == PST_FOUND_NO && !note_try(v, &v->near, step, i, item, &counted)) return false;
  }
  return true;
}

bool pst_near_steps(pst_why *v, bool alias) {
  postil_doc *doc = v->doc;
  const postil_rules *r = doc->rules;
  const pst_wpara *p = &doc->w.para.at[v->para - doc->w.para.at[0].index];
  uint32_t item = pst_why_item(v, p), first = item > p->first + BACK ? item - BACK : p->first;
  if (item >= p->end) return true;
  pst_matcher_begin(doc->matcher, &doc->w);
  pst_matcher_budget(doc->matcher, p->end - p->first);
  for (size_t i = 0; i < (alias ? r->alias.n : r->plan.n); i++) {
    const pst_steps one = {alias ? r->alias.at + i : NULL, alias, alias};
    const pst_steps *steps = alias ? &one : &r->plan.at[i].tag;
    if (!steps->n || !pst_why_wants(v, r->rule.at[steps->at->rule].label)) continue;
    if (alias) pst_doc_ask_same(doc, r->rule.at[steps->at->rule].label);
    for (size_t k = 0; k < steps->n; k++)
      if (!near_step(v, &steps->at[k], alias ? doc->same_row.at : NULL, first, item)) return false;
  }
  return true;
}

/* ---- Amend rules ---- */

/* Tries a step on the target, from the nearest start leftwards: the tries share what they learn. */
static bool near_sieve(pst_why *v, const pst_step *step) {
  postil_doc *doc = v->doc;
  const pst_window *w = &doc->w;
  const pst_program_facts *facts = pst_program_about(step->program);
  uint32_t core = w->tag.at[v->target].first, from = core, left = BACK;
  bool counted = false, good = true;
  pst_hit hit;
  if (facts->left_context) from = pst_doc_leftmost(w, core, facts->paras_before);
  const uint64_t *row = pst_starts_all(&doc->starts, w, step->program, NULL);
  pst_matcher_share(doc->matcher, from, w->tag.at[v->target].end, NULL);
  for (uint32_t i = pst_bit_upto(row, core); i != PST_NONE && i >= from && left-- && good;
       i = i ? pst_bit_upto(row, i - 1) : PST_NONE) {
    pst_found found = pst_match_at(doc->matcher, w, step->program, i, v->target, PST_NONE, &hit);
    good = found != PST_FOUND_NOMEM;
    if (found == PST_FOUND_YES) break;
    if (found == PST_FOUND_NO) good = note_try(v, &v->sieve, step, i, 0, &counted);
  }
  pst_matcher_unshare(doc->matcher);
  return good;
}

bool pst_near_sieves(pst_why *v) {
  postil_doc *doc = v->doc;
  const pst_steps *steps = &doc->rules->amend;
  const pst_wtag *t = &doc->w.tag.at[v->target];
  size_t work = pst_matcher_left(doc->matcher);
  bool good = true;
  pst_matcher_budget(doc->matcher, t->end - t->first);
  for (size_t i = 0; i < steps->n && good; i++)
    if (doc->rules->rule.at[steps->at[i].rule].label == t->label &&
        pst_doc_is_free(doc, &steps->at[i], v->target, NULL))
      good = near_sieve(v, &steps->at[i]);
  pst_matcher_spend(doc->matcher, work);
  return good;
}
