/* lint_twice.c - patterns, phrases and terms that are there twice; see lint.h.
 *
 * What stands twice in a label is of no use the second time, if the first is not asked more of the
 * place (contexts, functions) and gives all the attributes that the second would: of two tags on the
 * same words the stronger one stays, here the earlier, with those attributes of the other that it has
 * not.  Phrases are patterns, and choices of patterns, that are nothing but words.  Phrases and terms
 * are found by a hash of their words, sorted.
 */
#include "lint.h"

/* ---- When the second of two rules is of no use ---- */

static bool same_labels(const pst_label_list *a, const pst_label_list *b) {
  return a->n == b->n && (!a->n || memcmp(a->at, b->at, a->n * sizeof *a->at) == 0);
}

static bool same_context(const pst_program *a, const pst_program *b) {
  return a && b ? pst_lint_same(a, b) : a == b;
}

static bool same_contexts(const pst_rule *a, const pst_rule *b) {
  return same_context(a->after, b->after) && same_context(a->before, b->before) &&
         same_context(a->not_after, b->not_after) && same_context(a->not_before, b->not_before) &&
         same_labels(&a->inside, &b->inside) && same_labels(&a->outside, &b->outside);
}

/* May a function refuse what the rule finds? */
static bool may_refuse(const postil_rules *r, const pst_rule *rule) {
  for (size_t i = 0; i < rule->set.n; i++)
    if (rule->set.at[i].kind == POSTIL_SET_HOOK && rule->set.at[i].name == r->is_attr) return true;
  return rule->keep != POSTIL_NO_HOOK;
}

/* Does rule a keep all that b would on the same words? */
static bool keeps_all(const postil_rules *r, const pst_rule *a, const pst_rule *b) {
  return a->verb == b->verb && a->label == b->label && a->prio == b->prio && a->nest == b->nest &&
         a->same == b->same && a->at == b->at && a->lines == b->lines && !b->overwrite &&
         !may_refuse(r, a) && (a->anywhere || same_contexts(a, b));
}

static bool sets(const pst_rule *rule, uint16_t attr) {
  for (size_t i = 0; i < rule->set.n; i++)
    if (rule->set.at[i].name == attr) return true;
  return false;
}

static bool captures(const pst_program *p, uint16_t attr) {
  for (size_t i = 0; i < p->capture.n; i++)
    if (p->capture.at[i] == attr) return true;
  for (size_t i = 0; i < p->group.n; i++)
    if (p->group.at[i] == attr) return true;
  return false;
}

/* ---- Patterns ---- */

/* Does pattern p of rule a give all attributes that q of b does? */
static bool gives_all(const pst_rule *a, const pst_program *p, const pst_rule *b,
                      const pst_program *q) {
  if (a == b)
    return true; /* the same pattern has the same captures, or others for the same words */
  for (size_t i = 0; i < b->set.n; i++)
    if (!sets(a, b->set.at[i].name) && !captures(p, b->set.at[i].name)) return false;
  for (size_t i = 0; i < q->capture.n; i++)
    if (!sets(a, q->capture.at[i]) && !captures(p, q->capture.at[i])) return false;
  for (size_t i = 0; i < q->group.n; i++)
    if (!sets(a, q->group.at[i]) && !captures(p, q->group.at[i])) return false;
  return true;
}

/* An amendment is applied whole or not at all, so its attributes must be the same. */
static bool is_twice(const postil_rules *r, const pst_rule *a, const pst_program *p,
                     const pst_rule *b, const pst_program *q) {
  if (!keeps_all(r, a, b) || !pst_lint_same(p, q) || !gives_all(a, p, b, q)) return false;
  return a->verb != POSTIL_AMEND || gives_all(b, q, a, p);
}

/* The pattern before this one that leaves it nothing, as *first; false if there is none. */
static bool seek_pattern(const pst_lint *lint, uint32_t index, uint32_t pattern,
                         pst_lint_at *first) {
  const postil_rules *r = lint->r;
  const pst_rule *rule = &r->rule.at[index];
  const pst_program *q = rule->program.at[pattern];
  for (uint32_t i = 0; i <= index; i++) {
    const pst_rule *before = &r->rule.at[i];
    if (before->off || before->label != rule->label || before->verb != rule->verb) continue;
    uint32_t n = i == index ? pattern : (uint32_t)before->program.n;
    for (uint32_t k = 0; k < n; k++) {
      const pst_program *p = before->program.at[k];
      if (p->ins.n != q->ins.n || !is_twice(r, before, p, rule, q)) continue;
      *first = (pst_lint_at){i, k, {0, p->place.at[p->place.n - 1].end}};
      return true;
    }
  }
  return false;
}

static bool is_phrase(const pst_program *p, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++)
    if (p->ins.at[i].op != PST_OP_WORD && p->ins.at[i].op != PST_OP_GAP) return false;
  return true;
}

/* A pattern that is one phrase is looked at with the phrases. */
static void lint_patterns(const pst_lint *lint, uint32_t index) {
  const pst_rule *rule = &lint->r->rule.at[index];
  for (uint32_t i = 0; i < rule->program.n && !rule->off; i++) {
    const pst_program *p = rule->program.at[i];
    pst_lint_at first, at = {index, i, {0, p->place.at[p->place.n - 1].end}};
    if (is_phrase(p, 0, (uint32_t)p->ins.n - 1) || !seek_pattern(lint, index, i, &first)) continue;
    pst_lint_tell(
        lint, "duplicate", at, &first,
        first.rule == index ? "this pattern is there twice" : "the same pattern as one of %s",
        lint->r->rule.at[first.rule].name);
  }
}

/* ---- Phrases and terms ---- */

typedef struct phrase {
  uint64_t hash;
  uint32_t rule, pattern; /* pattern POSTIL_NO_RULE: a term */
  uint32_t data, order;   /* of a term: its attributes; order: as they were met */
  pst_span place;
} phrase;

typedef struct phrases {
  const pst_lint *lint;
  uint32_t rule, pattern; /* that are looked at */
  PST_VEC(phrase) list;
  size_t nwords;   /* of them those that are no terms: met first */
  uint32_t *first; /* of a term, by order: 1 + the rule that has its words before, or 0 */
  uint32_t *told;  /* of a rule: how many of its terms */
  uint32_t met;    /* terms that were met again */
} phrases;

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}

static uint64_t begin_hash(const pst_rule *rule, bool exact) {
  return mix(mix(rule->verb + 1u, rule->label), exact);
}

/* A word with the capitals it asks for; whether white space may stand before it, but for the first. */
static uint64_t hash_word(uint64_t hash, uint32_t id, uint32_t up, bool gap) {
  return mix(mix(hash, (uint64_t)id << 32 | up), gap);
}

static bool add_phrase(phrases *all, phrase one) {
  one.order = (uint32_t)all->list.n;
  return PST_PUSH(&all->lint->r->mem, &all->list, one);
}

static bool add_term(void *ud, const pst_term_words *term) {
  phrases *all = ud;
  const pst_rule *rule = &all->lint->r->rule.at[term->owner];
  if (rule->off) return true;
  phrase one = {begin_hash(rule, term->exact), term->owner, POSTIL_NO_RULE, term->data, 0, {0, 0}};
  for (size_t i = 0; i < term->n; i++)
    one.hash = hash_word(one.hash, term->id[i], term->up[i], i && !term->glue[i]);
  return add_phrase(all, one);
}

static const pst_program *program_of(const phrases *all) {
  return all->lint->r->rule.at[all->rule].program.at[all->pattern];
}

/* Words of a set, each a phrase. */
static bool add_set(phrases *all, const pst_ins *set) {
  const pst_program *p = program_of(all);
  uint64_t begun = begin_hash(&all->lint->r->rule.at[all->rule], set->a == POSTIL_CASE_EXACT);
  for (uint32_t i = 0; i < set->d; i++) {
    const pst_want *want = &p->want.at[set->c + i];
    uint32_t up = set->a == POSTIL_CASE_FOLD ? 0 : want->need;
    phrase one = {hash_word(begun, want->id, up, false), all->rule, all->pattern, 0, 0,
                  p->want_place.at[set->c + i]};
    if (!add_phrase(all, one)) return false;
  }
  return true;
}

/* One way through a pattern of words. */
static bool add_way(void *ud, uint32_t from, uint32_t to) {
  phrases *all = ud;
  const pst_program *p = program_of(all);
  const pst_ins *ins = p->ins.at;
  while (from < to && ins[from].op == PST_OP_GAP) from++;
  while (from < to && ins[to - 1].op == PST_OP_GAP) to--;
  if (to - from == 1 && ins[from].op == PST_OP_SET) return add_set(all, &ins[from]);
  if (from == to || !is_phrase(p, from, to)) return true;
  unsigned kase = ins[from].a;
  phrase one = {begin_hash(&all->lint->r->rule.at[all->rule], kase == POSTIL_CASE_EXACT),
                all->rule,
                all->pattern,
                0,
                0,
                pst_lint_place(p, from, to)};
  bool gap = false;
  for (uint32_t i = from; i < to; i++) {
    if (ins[i].op == PST_OP_GAP) {
      gap = true;
      continue;
    }
    if (ins[i].a != kase) return true;
    one.hash = hash_word(one.hash, ins[i].c, kase == POSTIL_CASE_FOLD ? 0 : ins[i].d, gap);
    gap = false;
  }
  return add_phrase(all, one);
}

static bool add_phrases(phrases *all) {
  const postil_rules *r = all->lint->r;
  for (all->rule = 0; all->rule < r->rule.n; all->rule++) {
    const pst_rule *rule = &r->rule.at[all->rule];
    if (rule->off || rule->verb == POSTIL_AMEND || rule->verb == POSTIL_BLOCK) continue;
    for (all->pattern = 0; all->pattern < rule->program.n; all->pattern++)
      if (program_of(all)->longest && !pst_lint_each_choice(program_of(all), 0, add_way, all))
        return false;
  }
  all->nwords = all->list.n;
  return pst_terms_each(r->terms, add_term, all);
}

static bool before(const phrase *a, const phrase *b) {
  if (a->hash != b->hash) return a->hash < b->hash;
  return a->rule != b->rule ? a->rule < b->rule : a->order < b->order;
}

/* Heap sort: n may be a million, and the stack is not ours. */
static void sift(phrase *list, size_t at, size_t n) {
  for (size_t kid; (kid = 2 * at + 1) < n; at = kid) {
    if (kid + 1 < n && before(&list[kid], &list[kid + 1])) kid++;
    if (!before(&list[at], &list[kid])) return;
    phrase one = list[at];
    list[at] = list[kid];
    list[kid] = one;
  }
}

static void sort_phrases(phrase *list, size_t n) {
  for (size_t i = n / 2; i-- > 0;) sift(list, i, n);
  while (n > 1) {
    phrase one = list[0];
    list[0] = list[--n];
    list[n] = one;
    sift(list, 0, n);
  }
}

/* Does `one` give the attribute? */
static bool phrase_gives(const postil_rules *r, const phrase *one, uint16_t attr) {
  const pst_rule *rule = &r->rule.at[one->rule];
  if (sets(rule, attr)) return true;
  if (one->pattern != POSTIL_NO_RULE) return captures(rule->program.at[one->pattern], attr);
  const pst_range *data = &r->term_data.at[one->data];
  for (uint32_t i = 0; i < data->n; i++)
    if (r->term_attr.at[data->first + i].name == attr) return true;
  return false;
}

/* Does `first` leave nothing for `second`, which has the same words? */
static bool leaves_nothing(const postil_rules *r, const phrase *first, const phrase *second) {
  const pst_rule *a = &r->rule.at[first->rule], *b = &r->rule.at[second->rule];
  if (!keeps_all(r, a, b)) return false;
  for (size_t i = 0; i < b->set.n; i++)
    if (!phrase_gives(r, first, b->set.at[i].name)) return false;
  if (second->pattern != POSTIL_NO_RULE) return true; /* words have no captures but of the whole */
  const pst_range *data = &r->term_data.at[second->data];
  for (uint32_t i = 0; i < data->n; i++)
    if (!phrase_gives(r, first, r->term_attr.at[data->first + i].name)) return false;
  return true;
}

/* ---- Telling ---- */

enum {
  WORDS_MAX = 96, /* bytes of a term that a finding shows */
  TERMS_MAX = 20  /* terms of a rule that are told of one by one */
};

/* A choice that is never taken is told of by lint_program.c. */
static void tell_phrase(const pst_lint *lint, const phrase *first, const phrase *second) {
  pst_lint_at at = {second->rule, second->pattern, second->place};
  pst_lint_at by = {first->rule, first->pattern, first->place};
  if (first->rule == second->rule && first->pattern == second->pattern) return;
  bool own = first->rule == second->rule;
  pst_lint_tell(lint, "duplicate", at, &by,
                own ? "these words are in this rule already" : "these words are in %s already",
                lint->r->rule.at[first->rule].name);
}

/* Appends a word with its ASCII capitals; the new length. */
static size_t put_word(const postil_rules *r, char *to, size_t n, uint32_t id, uint32_t up) {
  size_t len = pst_lexicon_word(r->lex, id, to + n, WORDS_MAX - n);
  if (len > WORDS_MAX - n) len = WORDS_MAX - n;
  unsigned letter = 0;
  for (size_t i = n; i < n + len; i++) {
    if (((unsigned char)to[i] & 0xC0) == 0x80) continue;
    if (letter < 31 && up >> letter & 1 && to[i] >= 'a' && to[i] <= 'z')
      to[i] = (char)(to[i] - ('a' - 'A'));
    letter++;
  }
  return n + len;
}

/* What a term says, cut where it is long. */
static void spell(const postil_rules *r, const pst_term_words *term, char *to) {
  size_t n = 0;
  for (size_t i = 0; i < term->n && n < WORDS_MAX; i++) {
    if (i && !term->glue[i]) to[n++] = ' ';
    n = put_word(r, to, n, term->id[i], term->up[i]);
  }
  to[n] = '\0';
}

/* A term, met again in the same order. */
static bool tell_term(void *ud, const pst_term_words *term) {
  phrases *all = ud;
  const postil_rules *r = all->lint->r;
  if (r->rule.at[term->owner].off) return true;
  uint32_t first = all->first[all->met++];
  if (!first || all->told[term->owner]++ >= TERMS_MAX) return true;
  char words[WORDS_MAX + 1];
  postil_err line;
  spell(r, term, words);
  bool own = first - 1 == term->owner;
  pst_err_say(&line, POSTIL_OK, 0,
              own ? "the term '%s' is there twice" : "the term '%s' is in %s already", words,
              r->rule.at[first - 1].name);
  pst_lint_at at = {term->owner, POSTIL_NO_RULE, {0, 0}}, by = {first - 1, POSTIL_NO_RULE, {0, 0}};
  pst_lint_tell(all->lint, "duplicate", at, &by, "%s", line.what);
  return true;
}

/* Tells of each phrase that has one before it; terms are noted, their words are not at hand. */
static void compare(phrases *all) {
  const phrase *list = all->list.at;
  for (size_t i = 0, k; i < all->list.n; i = k) {
    for (k = i + 1; k < all->list.n && list[k].hash == list[i].hash; k++) {
      size_t first = i;
      while (first < k && !leaves_nothing(all->lint->r, &list[first], &list[k])) first++;
      if (first == k) continue;
      if (list[k].order < all->nwords)
        tell_phrase(all->lint, &list[first], &list[k]);
      else
        all->first[list[k].order - all->nwords] = list[first].rule + 1;
    }
  }
}

/* Of a rule with many such terms the others are counted. */
static void tell_rest(const phrases *all) {
  for (uint32_t i = 0; i < all->lint->r->rule.n; i++) {
    if (all->told[i] <= TERMS_MAX) continue;
    postil_err line;
    pst_err_say(&line, POSTIL_OK, 0, "%u more of its terms are there already",
                (unsigned)(all->told[i] - TERMS_MAX));
    pst_lint_at at = {i, POSTIL_NO_RULE, {0, 0}};
    pst_lint_tell(all->lint, "duplicate", at, NULL, "%s", line.what);
  }
}

bool pst_lint_twice(const pst_lint *lint) {
  const postil_rules *r = lint->r;
  phrases all;
  memset(&all, 0, sizeof all);
  all.lint = lint;
  bool good = add_phrases(&all);
  size_t nterms = all.list.n - all.nwords;
  all.first = pst_mem_new(&r->mem, nterms + 1, sizeof *all.first);
  all.told = pst_mem_new(&r->mem, r->rule.n + 1, sizeof *all.told);
  good = good && all.first && all.told;
  if (good) {
    for (uint32_t i = 0; i < r->rule.n; i++) lint_patterns(lint, i);
    sort_phrases(all.list.at, all.list.n);
    compare(&all);
    good = pst_terms_each(r->terms, tell_term, &all);
  }
  if (good) tell_rest(&all);
  pst_mem_free(&r->mem, all.first, nterms + 1, sizeof *all.first);
  pst_mem_free(&r->mem, all.told, r->rule.n + 1, sizeof *all.told);
  PST_FREE(&r->mem, &all.list);
  return good;
}
