/* rules_words.c - word labels: helper labels that are lists of words and nothing else.
 *
 * `_break` or `_det` have a word in every line.  When nothing is asked of such a label but whether a
 * word has it, no tags are made for its words: patterns look at the word itself (start.h).  Longer
 * terms of the label are tags; what they cover has the label no more.
 */
#include "rules.h"

typedef struct finder {
  postil_rules *r;
  uint8_t *may; /* a label: it can be a word label */
  uint8_t *bit; /* a label: 1 + its number among them, or 0 */
  bool number;  /* second walk: words get their labels */
  bool good;    /* there was memory */
} finder;

static bool is_word_list(const pst_rule *rule) {
  return rule->verb == POSTIL_TAG && rule->terms && !rule->lent && !rule->nest && rule->prio == 0 &&
         !rule->program.n && !rule->set.n && rule->keep == POSTIL_NO_HOOK && !rule->inside.n &&
         !rule->outside.n && !rule->after && !rule->before && !rule->not_after && !rule->not_before;
}

static void forbid(finder *f, const pst_label_list *labels) {
  for (size_t i = 0; i < labels->n; i++) f->may[labels->at[i]] = 0;
}

static void forbid_ref(finder *f, const pst_program *program, const pst_tagref *ref) {
  for (uint32_t i = 0; i < ref->nlabels; i++) f->may[program->ref_label.at[ref->label + i]] = 0;
}

/* A program may not test attributes of the label, nor catch its tag. */
static void forbid_of_program(finder *f, const pst_program *program) {
  for (size_t i = 0; program && i < program->tagref.n; i++)
    if (program->tagref.at[i].ntests) forbid_ref(f, program, &program->tagref.at[i]);
  for (size_t i = 0; program && i < program->ins.n; i++) {
    const pst_ins *ins = &program->ins.at[i];
    bool caught =
        ins->op == PST_OP_LABEL && ((i && ins[-1].op == PST_OP_OPEN) || ins[1].op == PST_OP_CLOSE);
    if (caught) forbid_ref(f, program, &program->tagref.at[ins->c]);
  }
}

static void forbid_of_rule(finder *f, const pst_rule *rule) {
  if (!is_word_list(rule)) f->may[rule->label] = 0;
  forbid(f, &rule->inside);
  forbid(f, &rule->outside);
  for (size_t i = 0; i < rule->program.n; i++) forbid_of_program(f, rule->program.at[i]);
  forbid_of_program(f, rule->after);
  forbid_of_program(f, rule->before);
  forbid_of_program(f, rule->not_after);
  forbid_of_program(f, rule->not_before);
}

/* A term of a label that may be one: its single words have no attributes. */
static void see_term(void *ud, uint32_t owner, uint32_t data, uint32_t id, uint32_t up,
                     bool exact) {
  finder *f = ud;
  postil_rules *r = f->r;
  uint16_t label = r->rule.at[owner].label;
  if (!f->may[label] || r->rule.at[owner].off || !f->good) return;
  if (!id) {
    r->starts.mixed = true;
    return;
  }
  if (exact || r->term_data.at[data].n) {
    f->may[label] = 0;
    return;
  }
  if (!f->number || !f->bit[label]) return;
  f->good = pst_start_words_label(&r->starts, &r->mem, id, up, f->bit[label] - 1u);
}

static void number_labels(finder *f) {
  pst_start_words *words = &f->r->starts;
  for (size_t label = 0; label < f->r->labels.n && words->nlabels < PST_WORD_LABELS; label++) {
    if (!f->may[label]) continue;
    words->label[words->nlabels++] = (uint16_t)label;
    f->bit[label] = (uint8_t)words->nlabels;
  }
}

static uint16_t bits_of(const finder *f, const uint16_t *label, size_t n) {
  unsigned bits = 0;
  for (size_t i = 0; i < n; i++)
    if (f->bit[label[i]]) bits |= 1u << (f->bit[label[i]] - 1);
  return (uint16_t)bits;
}

static void tell_program(const finder *f, pst_program *program) {
  if (!program) return;
  for (size_t i = 0; i < program->tagref.n; i++) {
    pst_tagref *ref = &program->tagref.at[i];
    ref->words = bits_of(f, program->ref_label.at + ref->label, ref->nlabels);
  }
  program->start.word_labels = bits_of(f, program->start.label, program->start.nlabels);
}

static void tell_programs(finder *f) {
  for (size_t i = 0; i < f->r->rule.n; i++) {
    pst_rule *rule = &f->r->rule.at[i];
    for (size_t p = 0; p < rule->program.n; p++) tell_program(f, rule->program.at[p]);
    tell_program(f, rule->after);
    tell_program(f, rule->before);
    tell_program(f, rule->not_after);
    tell_program(f, rule->not_before);
  }
}

static void find_labels(finder *f) {
  postil_rules *r = f->r;
  for (size_t i = 0; i < r->rule.n; i++)
    if (!r->rule.at[i].off && r->rule.at[i].terms) f->may[r->rule.at[i].label] = 1;
  for (size_t i = 0; i < r->labels.n; i++)
    if (!pst_label_helper(r, (uint16_t)i) || i == r->cue_label || i == r->pronoun_label)
      f->may[i] = 0;
  forbid(f, &r->ignored);
  for (size_t i = 0; i < r->rule.n; i++)
    if (!r->rule.at[i].off) forbid_of_rule(f, &r->rule.at[i]);
}

bool pst_rules_find_words(postil_rules *r) {
  size_t n = r->labels.n + 1;
  finder f = {r, pst_mem_new(&r->mem, n, 1), pst_mem_new(&r->mem, n, 1), false, true};
  f.good = f.may && f.bit;
  if (f.good) find_labels(&f);
  if (f.good) pst_terms_visit(r->terms, see_term, &f);
  if (f.good) {
    number_labels(&f);
    f.number = true;
    pst_terms_visit(r->terms, see_term, &f);
    tell_programs(&f);
  }
  if (f.may) pst_mem_free(&r->mem, f.may, n, 1);
  if (f.bit) pst_mem_free(&r->mem, f.bit, n, 1);
  return f.good;
}
