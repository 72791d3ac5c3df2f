/* rules_check.c - what a rule set must be as a whole: labels that are defined, attributes that
 * something gives, nothing early that is known late only.  All that is wrong is reported.
 */
#include "rules.h"

void pst_flaw(pst_flaws *flaws, const postil_err *err) {
  if (flaws->first == POSTIL_OK) flaws->first = err->code;
  if (flaws->report) flaws->report(flaws->ud, err);
}

/* ---- What rules refer to ---- */

static postil_status refs_of_program(const pst_program *program, const char *field, size_t nth,
                                     pst_use_fn each, void *ud) {
  if (!program) return POSTIL_OK;
  const pst_program_facts *facts = pst_program_about(program);
  for (size_t i = 0; i < facts->nlabels; i++) {
    pst_use ref = {facts->label[i], field, (uint32_t)nth, facts->label_at[i]};
    postil_status s = each(ud, &ref);
    if (s) return s;
  }
  return POSTIL_OK;
}

static postil_status refs_of_list(const postil_rules *r, const pst_label_list *list,
                                  const char *field, pst_use_fn each, void *ud) {
  pst_use ref = {0, field, 0, 0};
  for (size_t i = 0; i < list->n; i++) {
    ref.label = list->at[i];
    postil_status s = each(ud, &ref);
    if (s) return s;
    ref.at += strlen(r->labels.at[ref.label]) + 1;
  }
  return POSTIL_OK;
}

postil_status pst_rules_uses(const postil_rules *r, const pst_rule *rule, pst_use_fn each,
                             void *ud) {
  const pst_program *context[PST_CONTEXTS] = {rule->after, rule->before, rule->not_after,
                                              rule->not_before};
  postil_status s = POSTIL_OK;
  for (size_t i = 0; i < rule->program.n && !s; i++)
    s = refs_of_program(rule->program.at[i], "pattern", i, each, ud);
  for (size_t i = 0; i < PST_CONTEXTS && !s; i++)
    s = refs_of_program(context[i], pst_contexts[i], 0, each, ud);
  if (!s) s = refs_of_list(r, &rule->inside, "inside", each, ud);
  if (!s) s = refs_of_list(r, &rule->outside, "outside", each, ud);
  return s;
}

/* ---- Labels that nothing defines ---- */

static bool defined(const postil_rules *r, uint16_t label) {
  if (r->quotes && label == r->quote_label) return true;
  for (size_t i = 0; i < r->rule.n; i++) {
    const pst_rule *rule = &r->rule.at[i];
    if (rule->label == label && rule->verb != POSTIL_VETO && rule->verb != POSTIL_AMEND)
      return true;
  }
  return false;
}

/* Takes `name` for the best guess at what `word` means if it is nearer than *nearest. */
static void guess(const char *word, const char *name, const char **best, unsigned *nearest) {
  unsigned d = pst_err_near(word, name);
  if (d >= *nearest) return;
  *nearest = d;
  *best = name;
}

/* `classes`: where the label stands a class may stand, too. */
static void say_undefined(const postil_rules *r, const char *name, bool classes, postil_err *err) {
  const char *best = NULL;
  unsigned nearest = PST_ERR_FAR;
  for (size_t i = 0; i < r->labels.n; i++)
    if (defined(r, (uint16_t)i)) guess(name, r->labels.at[i], &best, &nearest);
  for (size_t i = 0; classes && pst_pattern_class(i); i++)
    guess(name, pst_pattern_class(i), &best, &nearest);
  if (strcmp(name, "quote") == 0)
    pst_err_say(err, POSTIL_ERULE, 0, "nothing defines the label <quote>; write quotes { }");
  else if (best)
    pst_err_say(err, POSTIL_ERULE, 0, "nothing defines the label <%s> (did you mean <%s>?)", name,
                best);
  else
    pst_err_say(err, POSTIL_ERULE, 0, "nothing defines the label <%s>", name);
}

typedef struct check {
  const postil_rules *r;
  uint32_t rule;
  pst_flaws *flaws;
} check;

/* Fills in the place of words and reports them. */
static void report(const check *c, postil_err *err, const pst_use *ref) {
  err->rule = c->rule;
  err->at = ref->at;
  err->field = ref->field;
  err->nth = ref->nth;
  pst_flaw(c->flaws, err);
}

static postil_status check_defined(void *ud, const pst_use *ref) {
  const check *c = ud;
  if (defined(c->r, ref->label)) return POSTIL_OK;
  bool list = strcmp(ref->field, "inside") == 0 || strcmp(ref->field, "outside") == 0;
  postil_err err;
  say_undefined(c->r, c->r->labels.at[ref->label], !list, &err);
  report(c, &err, ref);
  return POSTIL_OK;
}

/* A label that is named for itself, not in a pattern. */
static void check_label(const check *c, uint16_t label, const char *field, size_t nth) {
  pst_use ref = {label, field, (uint32_t)nth, 0};
  postil_err err;
  if (label == PST_NO_LABEL || defined(c->r, label)) return;
  say_undefined(c->r, c->r->labels.at[label], false, &err);
  report(c, &err, &ref);
}

static void check_labels(const postil_rules *r, pst_flaws *flaws) {
  check whole = {r, POSTIL_NO_RULE, flaws};
  for (size_t i = 0; i < r->rule.n; i++) {
    const pst_rule *rule = &r->rule.at[i];
    check c = {r, (uint32_t)i, flaws};
    if (rule->off) continue;
    pst_rules_uses(r, rule, check_defined, &c);
    if (rule->verb == POSTIL_AMEND || rule->verb == POSTIL_VETO)
      check_label(&c, rule->label, "label", 0);
  }
  for (size_t i = 0; i < r->ignored.n; i++) check_label(&whole, r->ignored.at[i], "ignore", i);
  if (!r->quotes) return;
  check_label(&whole, r->cue_label, "cue", 0);
  check_label(&whole, r->pronoun_label, "pronoun", 0);
}

/* ---- Attributes that something gives ---- */

/* May a tag of this rule have the attribute, of itself?  Any attribute of any term counts where the
 * rule has terms, and of any image where it has one. */
static bool rule_gives(const postil_rules *r, const pst_rule *rule, uint16_t attr) {
  for (size_t i = 0; i < rule->set.n; i++)
    if (rule->set.at[i].name == attr) return true;
  for (size_t i = 0; i < rule->program.n; i++) {
    const pst_program *program = rule->program.at[i];
    for (size_t k = 0; k < program->capture.n; k++)
      if (program->capture.at[k] == attr) return true;
    for (size_t k = 0; k < program->group.n; k++)
      if (program->group.at[k] == attr) return true;
  }
  if (rule->terms && attr < r->term_gives.n && r->term_gives.at[attr]) return true;
  return rule->lent && pst_rules_lent_gives(r, attr);
}

bool postil_rules_gives(const postil_rules *r, uint32_t rule, uint32_t attr) {
  return rule < r->rule.n && attr < r->attrs.n && rule_gives(r, &r->rule.at[rule], (uint16_t)attr);
}

/* May a tag of the label have it, whichever rules tagged and amended it?  Rules that are off count:
 * who turns one off has not mistyped a name. */
static bool label_gives(const postil_rules *r, uint16_t label, uint16_t attr) {
  if (attr == r->is_attr || attr == r->name_attr) return true;
  if (label == r->quote_label && (attr == r->speaker_attr || attr == r->kind_attr)) return true;
  for (size_t i = 0; i < r->rule.n; i++)
    if (r->rule.at[i].label == label && rule_gives(r, &r->rule.at[i], attr)) return true;
  return false;
}

/* Who may give an attribute: a rule, or whatever rules the n labels have. */
typedef struct givers {
  const pst_rule *rule;
  const uint16_t *label;
  size_t n;
} givers;

static bool gives(const postil_rules *r, const givers *from, uint16_t attr) {
  if (from->rule && rule_gives(r, from->rule, attr)) return true;
  for (size_t i = 0; i < from->n; i++)
    if (label_gives(r, from->label[i], attr)) return true;
  return false;
}

/* Alias and amend rules work on tags that others made. */
static givers givers_of(const pst_rule *rule) {
  bool own = rule->verb != POSTIL_ALIAS && rule->verb != POSTIL_AMEND;
  givers from = {rule, &rule->label, own ? 0 : 1};
  return from;
}

/* The given attribute that `name` may have been meant for, or NULL. */
static const char *guess_attr(const postil_rules *r, const givers *from, const char *name) {
  const char *best = NULL;
  unsigned nearest = PST_ERR_FAR;
  for (size_t i = 0; i < r->attrs.n; i++)
    if (gives(r, from, (uint16_t)i)) guess(name, r->attrs.at[i], &best, &nearest);
  return best;
}

/* Complains about a name that nothing gives; `words` has a place for the name. */
static void check_given(const check *c, const givers *from, const char *name, bool dollar,
                        const pst_use *ref) {
  uint32_t attr = pst_names_find(&c->r->attrs, name, strlen(name));
  if (attr != PST_NONE && gives(c->r, from, (uint16_t)attr)) return;
  const char *best = guess_attr(c->r, from, name), *sign = dollar ? "$" : "";
  postil_err err;
  if (best)
    pst_err_say(&err, POSTIL_ERULE, 0,
                "no capture of this rule is called '%s%s' (did you mean '%s%s'?)", sign, name, sign,
                best);
  else
    pst_err_say(&err, POSTIL_ERULE, 0, "no capture of this rule is called '%s%s'", sign, name);
  report(c, &err, ref);
}

/* The names of a template: "$amount of $cur". */
static void check_template(const check *c, const pst_rule *rule, const pst_setter *set,
                           size_t nth) {
  givers from = givers_of(rule);
  for (const char *at = set->value.text, *end = at + set->value.len; at < end;) {
    if (*at++ != '$' || at == end || *at < 'a' || *at > 'z') continue;
    pst_use ref = {0, "set", (uint32_t)nth, (size_t)(at - 1 - set->value.text)};
    char name[48];
    size_t n = 0;
    for (; at < end && pst_name_char(*at); at++)
      if (n < sizeof name - 1) name[n++] = *at;
    name[n] = '\0';
    check_given(c, &from, name, true, &ref);
  }
}

static void check_sets(const check *c, const pst_rule *rule) {
  for (size_t i = 0; i < rule->set.n; i++) {
    const pst_setter *set = &rule->set.at[i];
    pst_use ref = {0, "from", (uint32_t)i, 0};
    givers from = givers_of(rule);
    if (set->kind == POSTIL_SET_MAP) check_given(c, &from, c->r->attrs.at[set->from], false, &ref);
    if (set->kind == POSTIL_SET_TEMPLATE) check_template(c, rule, set, i);
  }
}

/* =attr and same. */
static void check_same(const check *c, const pst_rule *rule, uint16_t attr, const pst_use *ref) {
  givers from = {NULL, &rule->label, 1};
  if (gives(c->r, &from, attr)) return;
  const char *name = c->r->attrs.at[attr], *label = c->r->labels.at[rule->label];
  const char *best = guess_attr(c->r, &from, name);
  postil_err err;
  if (best)
    pst_err_say(&err, POSTIL_ERULE, 0,
                "no rule of <%s> sets what '=%s' asks for (did you mean '=%s'?)", label, name,
                best);
  else
    pst_err_say(&err, POSTIL_ERULE, 0, "no rule of <%s> sets what '=%s' asks for", label, name);
  report(c, &err, ref);
}

/* ---- Tests of labels: <person gender=f> ---- */

/* Does an amendment give tags of this label the attribute?  The kind of a quotation counts as such.
 */
static bool amended(const postil_rules *r, uint16_t label, uint16_t attr) {
  if (r->quotes && label == r->quote_label && (attr == r->kind_attr || attr == r->speaker_attr))
    return true;
  for (size_t i = 0; i < r->rule.n; i++) {
    const pst_rule *rule = &r->rule.at[i];
    if (rule->verb == POSTIL_AMEND && rule->label == label && !rule->off &&
        rule_gives(r, rule, attr))
      return true;
  }
  return false;
}

/* The first of a tagref's labels that amend gives the attribute, or PST_NO_LABEL. */
static uint16_t amended_label(const postil_rules *r, const uint16_t *label, size_t n,
                              uint16_t attr) {
  for (size_t i = 0; i < n; i++)
    if (amended(r, label[i], attr)) return label[i];
  return PST_NO_LABEL;
}

/* A label that nothing defines has been complained about. */
static bool all_defined(const postil_rules *r, const uint16_t *label, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!defined(r, label[i])) return false;
  return true;
}

static void check_test(const check *c, const pst_test *test, const uint16_t *label, size_t n,
                       const char *field, size_t nth) {
  const postil_rules *r = c->r;
  pst_use ref = {0, field, (uint32_t)nth, test->place};
  givers from = {NULL, label, n};
  postil_err err;
  if (test->kind == PST_TEST_FAULT || test->kind == PST_TEST_SOUND || !all_defined(r, label, n))
    return;
  const char *name = r->attrs.at[test->attr];
  uint16_t late = amended_label(r, label, n, test->attr);
  if (late != PST_NO_LABEL && r->rule.at[c->rule].verb != POSTIL_AMEND) {
    pst_err_say(&err, POSTIL_ERULE, 0, "<%s %s> asks for what only amend sets, and amend runs last",
                r->labels.at[late], name);
    report(c, &err, &ref);
  } else if (!gives(r, &from, test->attr)) {
    const char *best = guess_attr(r, &from, name), *first = r->labels.at[label[0]];
    if (best)
      pst_err_say(&err, POSTIL_ERULE, 0, "no rule of <%s> gives '%s' (did you mean '%s'?)", first,
                  name, best);
    else
      pst_err_say(&err, POSTIL_ERULE, 0, "no rule of <%s> gives '%s'", first, name);
    report(c, &err, &ref);
  }
}

static void check_tests(const check *c, const pst_program *program, const char *field, size_t nth) {
  for (size_t i = 0; program && i < program->tagref.n; i++) {
    const pst_tagref *ref = &program->tagref.at[i];
    for (size_t k = 0; k < ref->ntests; k++)
      check_test(c, &program->test.at[ref->test + k], &program->ref_label.at[ref->label],
                 ref->nlabels, field, nth);
  }
}

static void check_attrs_of(const check *c, const pst_rule *rule) {
  const pst_program *context[PST_CONTEXTS] = {rule->after, rule->before, rule->not_after,
                                              rule->not_before};
  for (size_t i = 0; i < rule->program.n; i++) {
    const pst_program_facts *facts = pst_program_about(rule->program.at[i]);
    pst_use ref = {0, "pattern", (uint32_t)i, facts->same_at};
    check_tests(c, rule->program.at[i], "pattern", i);
    if (facts->same) check_same(c, rule, facts->same_attr, &ref);
  }
  for (size_t i = 0; i < PST_CONTEXTS; i++) check_tests(c, context[i], pst_contexts[i], 0);
  pst_use same = {0, "same", 0, 0};
  if (rule->same != PST_NO_ATTR) check_same(c, rule, rule->same, &same);
  check_sets(c, rule);
}

void pst_rules_flaws(const postil_rules *r, pst_flaws *flaws) {
  check_labels(r, flaws);
  for (size_t i = 0; i < r->rule.n; i++) {
    check c = {r, (uint32_t)i, flaws};
    if (!r->rule.at[i].off) check_attrs_of(&c, &r->rule.at[i]);
  }
}
