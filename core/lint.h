/* lint.h - what is odd about a sealed rule set, without any text; between its files.
 *
 *   lint.c          statements: labels, captures, contexts; the way out
 *   lint_program.c  one pattern: where it may begin, choices that are never taken
 *   lint_twice.c    patterns, phrases and terms that are there twice
 *
 * Nothing is said that is not so of every text.
 */
#ifndef PST_LINT_H
#define PST_LINT_H

#include "rules.h"

typedef struct pst_lint {
  const postil_rules *r;
  postil_finding_fn fn;
  void *ud;
} pst_lint;

/* A piece of a pattern of a statement. */
typedef struct pst_lint_at {
  uint32_t rule, pattern; /* POSTIL_NO_RULE: none, the statement itself */
  pst_span place;
} pst_lint_at;

/* Tells of a finding; `by` may be NULL.  words is as for pst_err_say, with one %s at most. */
void pst_lint_tell(const pst_lint *lint, const char *name, pst_lint_at at, const pst_lint_at *by,
                   const char *words, const char *more);

/* Goes over the patterns of a statement, then its contexts; NULL past the last.  Contexts that are
 * not there are left out and have no number. */
const pst_program *pst_lint_program(const pst_rule *rule, uint32_t pattern);
/* Is it one of the contexts? */
static inline bool pst_lint_is_context(const pst_rule *rule, uint32_t pattern) {
  return pattern >= rule->program.n;
}

/* lint_program.c */
void pst_lint_slow(const pst_lint *lint, uint32_t rule, uint32_t pattern);
void pst_lint_choices(const pst_lint *lint, uint32_t rule, uint32_t pattern);
/* Do two programs take the same, step by step? */
bool pst_lint_same(const pst_program *p, const pst_program *q);
/* Goes over the ways of the choice that begins at instruction `at`, else the one way from there to
 * the end: fn(ud, from, to) of each, until it says false. */
typedef bool (*pst_choice_fn)(void *ud, uint32_t from, uint32_t to);
bool pst_lint_each_choice(const pst_program *p, uint32_t at, pst_choice_fn fn, void *ud);
/* The bytes of the pattern that instructions [from, to) come from. */
pst_span pst_lint_place(const pst_program *p, uint32_t from, uint32_t to);

/* lint_twice.c; false: no memory. */
bool pst_lint_twice(const pst_lint *lint);

#endif
