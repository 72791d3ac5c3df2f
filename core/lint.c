/* lint.c - what is odd about statements; see lint.h. */
#include "lint.h"

void pst_lint_tell(const pst_lint *lint, const char *name, pst_lint_at at, const pst_lint_at *by,
                   const char *words, const char *more) {
  postil_err line;
  pst_err_say(&line, POSTIL_OK, 0, words, more);
  postil_finding finding = {.name = name,
                            .words = line.what,
                            .rule = at.rule,
                            .pattern = at.pattern,
                            .start = at.place.start,
                            .end = at.place.end,
                            .by_rule = POSTIL_NO_RULE,
                            .by_pattern = POSTIL_NO_RULE};
  if (by) {
    finding.by_rule = by->rule;
    finding.by_pattern = by->pattern;
    finding.by_start = by->place.start;
    finding.by_end = by->place.end;
  }
  lint->fn(lint->ud, &finding);
}

const pst_program *pst_lint_program(const pst_rule *rule, uint32_t pattern) {
  if (pattern < rule->program.n) return rule->program.at[pattern];
  const pst_program *context[] = {rule->after, rule->before, rule->not_after, rule->not_before};
  size_t n = rule->program.n;
  for (size_t i = 0; i < PST_COUNT(context); i++)
    if (context[i] && n++ == pattern) return context[i];
  return NULL;
}

/* ---- What is asked for ---- */

typedef struct usage {
  const postil_rules *r;
  uint8_t *label;    /* 1: some rule refers to it */
  uint8_t *attr;     /* 1: some rule asks for it, or sets it */
  uint8_t *word;     /* by id: 1: some pattern has it */
  uint32_t *capture; /* attributes: how many captures are called so */
} usage;

static void use_words(usage *u, const pst_program *p) {
  for (size_t i = 0; i < p->ins.n; i++)
    if (p->ins.at[i].op == PST_OP_WORD) u->word[p->ins.at[i].c] = 1;
  for (size_t i = 0; i < p->want.n; i++) u->word[p->want.at[i].id] = 1;
}

static void use_program(usage *u, const pst_program *p) {
  for (size_t i = 0; i < p->label.n; i++) u->label[p->label.at[i]] = 1;
  for (size_t i = 0; i < p->tested.n; i++) u->attr[p->tested.at[i]] = 1;
  for (size_t i = 0; i < p->capture.n; i++) u->capture[p->capture.at[i]]++;
  for (size_t i = 0; i < p->group.n; i++) u->capture[p->group.at[i]]++;
  if (p->facts.same) u->attr[p->facts.same_attr] = 1;
  use_words(u, p);
}

/* The $names of a template. */
static void use_template(usage *u, const pst_const *value) {
  for (const char *at = value->text, *end = at + value->len; at < end;) {
    if (*at++ != '$') continue;
    const char *name = at;
    while (at < end && ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
      at++;
    uint32_t attr = pst_names_find(&u->r->attrs, name, (size_t)(at - name));
    if (attr != PST_NONE) u->attr[attr] = 1;
  }
}

static void use_labels(usage *u, const pst_label_list *labels) {
  for (size_t i = 0; i < labels->n; i++) u->label[labels->at[i]] = 1;
}

static void use_rule(usage *u, const pst_rule *rule) {
  const pst_program *p;
  for (uint32_t i = 0; (p = pst_lint_program(rule, i)) != NULL; i++) use_program(u, p);
  use_labels(u, &rule->inside);
  use_labels(u, &rule->outside);
  if (rule->same != PST_NO_ATTR) u->attr[rule->same] = 1;
  for (size_t i = 0; i < rule->set.n; i++) {
    const pst_setter *set = &rule->set.at[i];
    u->attr[set->name] = 1;
    if (set->kind == POSTIL_SET_MAP) u->attr[set->from] = 1;
    if (set->kind == POSTIL_SET_TEMPLATE) use_template(u, &set->value);
  }
}

/* What the core asks for itself. */
static void use_own(usage *u) {
  const postil_rules *r = u->r;
  const uint16_t attr[] = {r->is_attr,     r->name_attr,   r->speaker_attr,
                           r->gender_attr, r->number_attr, r->kind_attr};
  for (size_t i = 0; i < PST_COUNT(attr); i++) u->attr[attr[i]] = 1;
  use_labels(u, &r->ignored);
  if (r->cue_label != PST_NO_LABEL) u->label[r->cue_label] = 1;
  if (r->pronoun_label != PST_NO_LABEL) u->label[r->pronoun_label] = 1;
}

static bool usage_make(usage *u, const postil_rules *r) {
  const postil_mem *mem = &r->mem;
  u->r = r;
  u->label = pst_mem_new(mem, r->labels.n + 1, 1);
  u->attr = pst_mem_new(mem, r->attrs.n + 1, 1);
  u->word = pst_mem_new(mem, pst_lexicon_count(r->lex) + 1, 1);
  u->capture = pst_mem_new(mem, r->attrs.n + 1, sizeof *u->capture);
  if (!u->label || !u->attr || !u->word || !u->capture) return false;
  for (size_t i = 0; i < r->rule.n; i++)
    if (!r->rule.at[i].off) use_rule(u, &r->rule.at[i]);
  use_own(u);
  return true;
}

static void usage_free(const usage *u) {
  const postil_mem *mem = &u->r->mem;
  pst_mem_free(mem, u->label, u->r->labels.n + 1, 1);
  pst_mem_free(mem, u->attr, u->r->attrs.n + 1, 1);
  pst_mem_free(mem, u->word, pst_lexicon_count(u->r->lex) + 1, 1);
  pst_mem_free(mem, u->capture, u->r->attrs.n + 1, sizeof *u->capture);
}

/* ---- Labels and captures ---- */

static bool gives_tags(const pst_rule *rule) {
  return !rule->off && rule->verb != POSTIL_VETO && rule->verb != POSTIL_AMEND;
}

/* Helper labels that nobody asks for, at their first statement. */
static void lint_labels(const pst_lint *lint, const usage *u) {
  const postil_rules *r = lint->r;
  for (uint32_t i = 0; i < r->rule.n; i++) {
    const pst_rule *rule = &r->rule.at[i];
    if (!gives_tags(rule) || u->label[rule->label]) continue;
    u->label[rule->label] = 1;
    if (!pst_label_helper(r, rule->label)) continue;
    pst_lint_at at = {i, POSTIL_NO_RULE, {0, 0}};
    pst_lint_tell(lint, "unused-label", at, NULL,
                  "no rule refers to the helper label <%s>, and it is never shown",
                  r->labels.at[rule->label]);
  }
}

/* A function may ask for any capture of its rule. */
static bool has_hook(const pst_rule *rule) {
  bool hook = rule->keep != POSTIL_NO_HOOK;
  for (size_t i = 0; i < rule->set.n; i++) hook = hook || rule->set.at[i].kind == POSTIL_SET_HOOK;
  return hook;
}

/* Why nobody sees what a capture of this pattern holds, or NULL. */
static const char *lost(const pst_lint *lint, const usage *u, const pst_rule *rule,
                        uint32_t pattern, uint16_t attr) {
  if (pst_lint_is_context(rule, pattern)) return "nothing is kept of a context: '%s' is lost";
  if (has_hook(rule)) return NULL;
  if (rule->verb == POSTIL_VETO) return "a veto has no attributes: '%s' is lost";
  if (pst_label_helper(lint->r, rule->label) && !u->attr[attr])
    return "no rule asks for '%s' of this helper label";
  return NULL;
}

/* The captures of a pattern, each where it begins. */
static void lint_captures(const pst_lint *lint, const usage *u, uint32_t index, uint32_t pattern) {
  const postil_rules *r = lint->r;
  const pst_rule *rule = &r->rule.at[index];
  const pst_program *p = pst_lint_program(rule, pattern);
  for (size_t i = 0; i < p->ins.n; i++) {
    if (p->ins.at[i].op != PST_OP_OPEN) continue;
    uint16_t attr = p->capture.at[p->ins.at[i].c];
    const char *name = r->attrs.at[attr], *words = lost(lint, u, rule, pattern, attr);
    pst_lint_at at = {index, pattern, p->place.at[i]};
    if (words) pst_lint_tell(lint, "unused-capture", at, NULL, words, name);
    uint32_t id = pst_lexicon_find(r->lex, name, strlen(name));
    if (u->attr[attr] || u->capture[attr] > 1 || id & PST_UNKNOWN || !u->word[id]) continue;
    pst_lint_tell(
        lint, "capture-word", at, NULL,
        "'%s' is a capture here and a word elsewhere; for a colon in the text put a space "
        "behind it",
        name);
  }
}

/* ---- Contexts ---- */

static bool has_break(const pst_program *p) {
  for (size_t i = 0; i < p->ins.n; i++)
    if (p->ins.at[i].op == PST_OP_PARA) return true;
  return false;
}

static bool begins_paragraph(const pst_program *p) {
  const pst_program_start *s = &p->start;
  return s->para && !s->nwords && !s->classes && !s->nlabels && !s->same && !s->any;
}

/* Does every match end with `$`?  Not known of one with choices. */
static bool ends_paragraph(const pst_program *p) {
  size_t last = p->ins.n - 1;
  for (size_t i = 0; i < last; i++)
    if (p->ins.at[i].op == PST_OP_SPLIT || p->ins.at[i].op == PST_OP_JUMP) return false;
  while (last && p->ins.at[last - 1].op != PST_OP_EOP) {
    uint8_t op = p->ins.at[last - 1].op;
    if (op != PST_OP_GAP && op != PST_OP_CLOSE && op != PST_OP_CORE_CLOSE) return false;
    last--;
  }
  return last > 0;
}

static void lint_context(const pst_lint *lint, uint32_t index, const pst_program *context,
                         const char *words) {
  pst_lint_at at = {index, POSTIL_NO_RULE, {0, 0}};
  if (context && !has_break(context)) pst_lint_tell(lint, "context", at, NULL, words, NULL);
}

static void lint_contexts(const pst_lint *lint, uint32_t index) {
  const pst_rule *rule = &lint->r->rule.at[index];
  bool begins = rule->program.n > 0 && !rule->terms, ends = begins;
  for (size_t i = 0; i < rule->program.n; i++) {
    begins = begins && begins_paragraph(rule->program.at[i]);
    ends = ends && ends_paragraph(rule->program.at[i]);
  }
  if (begins) {
    lint_context(lint, index, rule->after, "after never holds: nothing stands before ^");
    lint_context(lint, index, rule->not_after, "not_after never applies: nothing stands before ^");
  }
  if (ends) {
    lint_context(lint, index, rule->before, "before never holds: nothing stands behind $");
    lint_context(lint, index, rule->not_before,
                 "not_before never applies: nothing stands behind $");
  }
}

/* ---- All of it ---- */

static void lint_rule(const pst_lint *lint, const usage *u, uint32_t index) {
  const pst_rule *rule = &lint->r->rule.at[index];
  if (rule->off) return;
  lint_contexts(lint, index);
  for (uint32_t i = 0; pst_lint_program(rule, i); i++) {
    lint_captures(lint, u, index, i);
    pst_lint_choices(lint, index, i);
    if (!pst_lint_is_context(rule, i)) pst_lint_slow(lint, index, i);
  }
}

postil_status postil_rules_lint(const postil_rules *r, postil_finding_fn fn, void *ud,
                                postil_err *err) {
  if (!r->sealed) return pst_err_say(err, POSTIL_EUSE, 0, "the rule set is not sealed");
  pst_lint lint = {r, fn, ud};
  usage u;
  memset(&u, 0, sizeof u);
  bool good = usage_make(&u, r) && pst_lint_twice(&lint);
  if (good) {
    lint_labels(&lint, &u);
    for (uint32_t i = 0; i < r->rule.n; i++) lint_rule(&lint, &u, i);
  }
  usage_free(&u);
  return good ? POSTIL_OK : pst_err_nomem(err);
}
