/* rules_info.c - what a rule set tells of itself: statements, and the attributes they give. */
#include "rules.h"

bool postil_rules_info(const postil_rules *r, uint32_t index, postil_rule_info *info) {
  if (index >= r->rule.n) return false;
  const pst_rule *rule = &r->rule.at[index];
  *info = (postil_rule_info){.verb = rule->verb,
                             .label = rule->label,
                             .name = rule->name,
                             .npatterns = rule->program.n,
                             .nterms = rule->terms,
                             .term = rule->term,
                             .off = rule->off};
  return true;
}

/* Bit `name` of row `rule`: some term of the rule has the attribute. */
typedef struct term_attrs {
  const postil_rules *r;
  uint64_t *bits;
  size_t row; /* 64-bit words of a row */
} term_attrs;

static void see_term(void *ud, uint32_t owner, uint32_t data, uint32_t id, uint32_t up,
                     bool exact) {
  const term_attrs *seen = ud;
  const pst_range *set = &seen->r->term_data.at[data];
  (void)id, (void)up, (void)exact;
  for (uint32_t i = 0; i < set->n; i++) {
    uint16_t name = seen->r->term_attr.at[set->first + i].name;
    seen->bits[owner * seen->row + name / 64] |= UINT64_C(1) << name % 64;
  }
}

typedef struct teller {
  const term_attrs *seen;
  postil_attr_fn fn;
  void *ud;
} teller;

static void tell_captures(const teller *t, uint32_t index, const pst_program *program) {
  const postil_rules *r = t->seen->r;
  for (size_t k = 0; k < program->capture.n; k++)
    t->fn(t->ud, index, r->attrs.at[program->capture.at[k]], POSTIL_FROM_CAPTURE);
  for (size_t k = 0; k < program->group.n; k++)
    t->fn(t->ud, index, r->attrs.at[program->group.at[k]], POSTIL_FROM_CAPTURE);
}

static void tell_rule(const teller *t, uint32_t index) {
  const postil_rules *r = t->seen->r;
  const pst_rule *rule = &r->rule.at[index];
  for (unsigned kind = POSTIL_SET_VALUE; kind <= POSTIL_SET_HOOK; kind++)
    for (size_t i = 0; i < rule->set.n; i++)
      if (rule->set.at[i].kind == (postil_set_kind)kind)
        t->fn(t->ud, index, r->attrs.at[rule->set.at[i].name], (postil_source)kind);
  for (size_t i = 0; i < rule->program.n; i++) tell_captures(t, index, rule->program.at[i]);
  const uint64_t *bits = t->seen->bits + index * t->seen->row;
  for (size_t name = 0; name < r->attrs.n; name++)
    if (bits[name / 64] >> name % 64 & 1) t->fn(t->ud, index, r->attrs.at[name], POSTIL_FROM_TERM);
}

postil_status postil_rules_attrs(const postil_rules *r, postil_attr_fn fn, void *ud,
                                 postil_err *err) {
  if (!r->rule.n) return POSTIL_OK;
  term_attrs seen = {r, NULL, r->attrs.n / 64 + 1};
  seen.bits = pst_mem_new(&r->mem, r->rule.n, seen.row * sizeof *seen.bits);
  if (!seen.bits) return pst_err_nomem(err);
  pst_terms_visit(r->terms, see_term, &seen);
  teller t = {&seen, fn, ud};
  for (uint32_t i = 0; i < r->rule.n; i++)
    if (!r->rule.at[i].off) tell_rule(&t, i);
  pst_mem_free(&r->mem, seen.bits, r->rule.n, seen.row * sizeof *seen.bits);
  return POSTIL_OK;
}
