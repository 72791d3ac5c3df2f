/* test_lint.c - findings about rules: which, where; that what is said never to be taken can be left
 * out; figures; and what rule sets tell of themselves. */
#include "support.h"

#include <stdio.h>

/* ---- Making rules ---- */

static postil_rules *fresh(const postil_mem *mem) {
  postil_rules *r;
  assert_int_equal(postil_rules_new(mem, &r, NULL), POSTIL_OK);
  return r;
}

static postil_status add(postil_rules *r, postil_verb verb, const char *label, const char *pattern,
                         postil_err *err) {
  postil_text source = {pattern, strlen(pattern)};
  postil_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.verb = verb;
  rule.label = label;
  rule.keep = POSTIL_NO_HOOK;
  rule.pattern = &source;
  rule.npatterns = pattern[0] ? 1 : 0;
  return postil_rules_add(r, &rule, NULL, err);
}

static void must(postil_rules *r, postil_verb verb, const char *label, const char *pattern) {
  assert_int_equal(add(r, verb, label, pattern, NULL), POSTIL_OK);
}

/* ---- What is told ---- */

typedef struct heard {
  size_t n;
  postil_finding last;
  char name[32], words[200];
} heard;

static void hear(void *ud, const postil_finding *finding) {
  heard *h = ud;
  h->n++;
  h->last = *finding;
  snprintf(h->name, sizeof h->name, "%s", finding->name);
  snprintf(h->words, sizeof h->words, "%s", finding->words);
}

static heard lint(postil_rules *r) {
  heard h;
  memset(&h, 0, sizeof h);
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  assert_int_equal(postil_rules_lint(r, hear, &h, NULL), POSTIL_OK);
  postil_rules_free(r);
  return h;
}

static void test_places(void **state) {
  postil_rules *r = fresh(NULL);
  (void)state;
  must(r, POSTIL_TAG, "x", "HMS (Dove|Wren|Dove) x");
  heard h = lint(r);
  assert_int_equal(h.n, 1);
  assert_string_equal(h.name, "unreachable");
  assert_int_equal(h.last.rule, 0);
  assert_int_equal(h.last.pattern, 0);
  assert_int_equal(h.last.start, 15);
  assert_int_equal(h.last.end, 19);
  assert_int_equal(h.last.by_rule, 0);
  assert_int_equal(h.last.by_start, 5);
  assert_int_equal(h.last.by_end, 9);
}

static void test_statement(void **state) {
  postil_rules *r = fresh(NULL);
  (void)state;
  must(r, POSTIL_TAG, "_a", "Peru");
  must(r, POSTIL_TAG, "_b", "Oslo");
  must(r, POSTIL_TAG, "x", "to <_b>");
  heard h = lint(r);
  assert_int_equal(h.n, 1);
  assert_string_equal(h.name, "unused-label");
  assert_int_equal(h.last.rule, 0);
  assert_int_equal(h.last.pattern, POSTIL_NO_RULE);
  assert_int_equal(h.last.by_rule, POSTIL_NO_RULE);
}

/* A rule that is off is nobody's first, and nothing is said of it. */
static void test_off(void **state) {
  postil_rules *r = fresh(NULL);
  (void)state;
  must(r, POSTIL_TAG, "x", "HMS <cap>");
  assert_true(postil_rules_off(r, "x"));
  must(r, POSTIL_TAG, "x", "HMS <cap>");
  assert_int_equal(lint(r).n, 0);
}

static void test_terms(void **state) {
  postil_rules *r = fresh(NULL);
  const postil_pair iso = {"iso", {.type = POSTIL_STRING, .text = "NO", .len = 2}};
  (void)state;
  must(r, POSTIL_TAG, "x", "");
  assert_int_equal(postil_rules_term(r, 0, "Oslo fjord", 10, &iso, 1, NULL), POSTIL_OK);
  assert_int_equal(postil_rules_term(r, 0, "Oslo  fjord", 11, NULL, 0, NULL), POSTIL_OK);
  assert_int_equal(postil_rules_term(r, 0, "Oslofjord", 9, NULL, 0, NULL), POSTIL_OK);
  assert_int_equal(postil_rules_term(r, 0, "Oslo-fjord", 10, NULL, 0, NULL), POSTIL_OK);
  heard h = lint(r);
  assert_int_equal(h.n, 1);
  assert_string_equal(h.words, "the term 'Oslo fjord' is there twice");
}

/* Many of one rule are counted. */
static void test_many_terms(void **state) {
  postil_rules *r = fresh(NULL);
  (void)state;
  must(r, POSTIL_TAG, "x", "");
  for (int i = 0; i < 60; i++) {
    char term[8];
    int len = snprintf(term, sizeof term, "w%d", i % 30);
    assert_int_equal(postil_rules_term(r, 0, term, (size_t)len, NULL, 0, NULL), POSTIL_OK);
  }
  heard h = lint(r);
  assert_int_equal(h.n, 21);
  assert_string_equal(h.words, "10 more of its terms are there already");
}

static void test_unsealed(void **state) {
  postil_rules *r = fresh(NULL);
  postil_stats *stats;
  heard h;
  (void)state;
  assert_int_equal(postil_rules_lint(r, hear, &h, NULL), POSTIL_EUSE);
  assert_int_equal(postil_stats_new(r, NULL, NULL, &stats, NULL), POSTIL_EUSE);
  assert_null(stats);
  postil_rules_free(r);
}

/* ---- What is never taken can be left out ---- */

enum { LONGEST = 200, SPANS = 64 };

static void put(char *to, const char *words) { strncat(to, words, LONGEST - strlen(to) - 1); }

/* A way of one to three items; `words`: of words alone. */
static void random_way(uint64_t *seed, bool words, char *to) {
  static const char *const item[] = {"a",     "b",     "A",     "(a|b)", "a?",
                                     "\"a\"", "<num>", "<cap>", "<y>",   "<y|z>"};
  size_t n = 1 + support_below(seed, 3);
  for (size_t i = 0; i < n; i++) {
    if (i) put(to, " ");
    put(to, item[support_below(seed, words ? 6 : sizeof item / sizeof *item)]);
  }
}

/* Only words, of which the longest counts, or never only words. */
static void random_pattern(uint64_t *seed, char *to) {
  static const char *const tail[] = {"", "", " c", " c?", " <num>"};
  static const char *const count[] = {"", "", "{2}", "{1,2}"};
  bool words = support_below(seed, 3) == 0;
  to[0] = '\0';
  if (!words) put(to, "&(<word>|<num>) ");
  put(to, support_below(seed, 2) ? "c (" : "(");
  size_t ways = 2 + support_below(seed, 3);
  for (size_t i = 0; i < ways; i++) {
    if (i) put(to, "|");
    random_way(seed, words, to);
  }
  put(to, ")");
  if (!words) put(to, count[support_below(seed, 4)]);
  put(to, tail[support_below(seed, words ? 4 : 5)]);
}

static void random_text(uint64_t *seed, char *to) {
  static const char *const word[] = {"a", "a", "b", "A", "7", "c", "c", "Q", "y", "z"};
  to[0] = '\0';
  for (size_t i = 0; i < 24; i++) {
    if (i) put(to, " ");
    put(to, word[support_below(seed, sizeof word / sizeof *word)]);
  }
}

/* The rules with this pattern, sealed; NULL if it is none. */
static postil_rules *rules_with(const char *pattern) {
  postil_rules *r = fresh(NULL);
  must(r, POSTIL_TAG, "y", "y <cap>?");
  must(r, POSTIL_TAG, "z", "z|b");
  if (add(r, POSTIL_TAG, "x", pattern, NULL) == POSTIL_OK &&
      postil_rules_seal(r, NULL) == POSTIL_OK)
    return r;
  postil_rules_free(r);
  return NULL;
}

static size_t tags_of(const postil_rules *r, const char *text, postil_tag *out) {
  postil_doc *doc;
  assert_int_equal(postil_doc_new(r, text, strlen(text), NULL, &doc, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  size_t n = postil_doc_tags(doc, 0, SIZE_MAX, out, SPANS);
  postil_doc_free(doc);
  return n;
}

static void same_tags(const postil_rules *a, const postil_rules *b, const char *text,
                      const char *pattern) {
  postil_tag x[SPANS], y[SPANS];
  size_t n = tags_of(a, text, x), m = tags_of(b, text, y);
  bool same = n == m;
  for (size_t i = 0; i < n && same; i++)
    same = x[i].start == y[i].start && x[i].end == y[i].end && x[i].label == y[i].label;
  if (!same) fail_msg("%s is not the same without a way: %s", pattern, text);
}

/* The pattern without the bytes of a finding and the bar before them; false where they are the first
 * of a group. */
static bool leave_out(const char *pattern, const postil_finding *f, char *to) {
  size_t start = f->start, end = f->end;
  if (start > 0 && pattern[start - 1] == '"') start--; /* places of phrases are without quotes */
  if (pattern[end] == '"') end++;
  if (start == 0 || pattern[start - 1] != '|') return false;
  snprintf(to, LONGEST, "%.*s%s", (int)start - 1, pattern, pattern + end);
  return true;
}

typedef struct taken {
  const char *pattern;
  uint64_t *seed;
  const postil_rules *whole;
  size_t n;
} taken;

static void try_without(void *ud, const postil_finding *f) {
  taken *t = ud;
  char less[LONGEST], text[LONGEST];
  if (strcmp(f->name, "unreachable") != 0 || f->rule != 2) return;
  if (!leave_out(t->pattern, f, less)) return;
  postil_rules *r = rules_with(less);
  if (!r) fail_msg("%s is no pattern any more: %s", t->pattern, less);
  t->n++;
  for (int i = 0; i < 20; i++) {
    random_text(t->seed, text);
    same_tags(t->whole, r, text, t->pattern);
  }
  postil_rules_free(r);
}

static void test_never_taken(void **state) {
  uint64_t seed = 7;
  char pattern[LONGEST];
  size_t n = 0;
  (void)state;
  for (int i = 0; i < 1500; i++) {
    random_pattern(&seed, pattern);
    postil_rules *r = rules_with(pattern);
    if (!r) continue;
    taken t = {pattern, &seed, r, 0};
    assert_int_equal(postil_rules_lint(r, try_without, &t, NULL), POSTIL_OK);
    n += t.n;
    postil_rules_free(r);
  }
  assert_true(n > 200);
}

/* ---- Figures ---- */

static double ticks(void *ud) {
  double *now = ud;
  return *now += 1;
}

static postil_rules *ships(const postil_mem *mem) {
  postil_rules *r;
  if (postil_rules_new(mem, &r, NULL)) return NULL;
  bool good = !add(r, POSTIL_TAG, "ship", "HMS <cap>", NULL) &&
              !add(r, POSTIL_TAG, "bird", "Dove|Wren", NULL) &&
              !add(r, POSTIL_VETO, "bird", "Wren of", NULL) && !postil_rules_seal(r, NULL);
  if (good) return r;
  postil_rules_free(r);
  return NULL;
}

typedef struct losses {
  size_t n;
  uint32_t rule, by;
  uint64_t times;
} losses;

static void see_loss(void *ud, uint32_t rule, uint32_t by, uint64_t times) {
  losses *l = ud;
  l->n++;
  if (rule != 1 || by != 0) return;
  *l = (losses){l->n, rule, by, times};
}

static const char text[] = "HMS Dove and HMS Dove met a Dove. A Wren of old.";

static postil_status count(const postil_mem *mem, void *ud) {
  postil_stats *stats = NULL;
  postil_doc *doc = NULL;
  postil_rules *r = ships(mem);
  double now = 0;
  bool whole = true;
  losses l = {0};
  postil_stat *stat = ud;
  if (!r) return POSTIL_ENOMEM;
  postil_status s = postil_stats_new(r, ticks, &now, &stats, NULL);
  if (!s) s = postil_doc_new(r, text, sizeof text - 1, NULL, &doc, NULL);
  if (!s) postil_doc_count(doc, stats);
  if (!s) s = postil_doc_run(doc, SIZE_MAX, NULL, NULL);
  if (!s) {
    postil_stats_losses(stats, see_loss, &l, &whole);
    for (uint32_t i = 0; i < 3; i++) assert_true(postil_stats_rule(stats, i, &stat[i]));
    if (!whole) s = POSTIL_ENOMEM;
    if (whole) assert_true(l.n == 2 && l.times == 2);
  }
  postil_doc_free(doc);
  postil_stats_free(stats);
  postil_rules_free(r);
  return s;
}

static void test_stats(void **state) {
  postil_stat stat[3];
  (void)state;
  assert_int_equal(count(NULL, stat), POSTIL_OK);
  assert_true(stat[0].found == 2 && stat[0].kept == 2 && stat[0].beaten == 0);
  assert_true(stat[1].found == 4 && stat[1].kept == 1 && stat[1].beaten == 2 &&
              stat[1].vetoed == 1);
  assert_true(stat[2].found == 1 && stat[2].kept == 1);
  for (int i = 0; i < 3; i++) assert_true(stat[i].steps > 0 && stat[i].seconds == 1);
}

/* Nothing is counted when it is no longer asked for, and nobody past the end is told of. */
static void test_stats_end(void **state) {
  postil_rules *r = ships(NULL);
  postil_stats *stats;
  postil_doc *doc;
  postil_stat stat;
  (void)state;
  assert_int_equal(postil_stats_new(r, NULL, NULL, &stats, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_new(r, text, sizeof text - 1, NULL, &doc, NULL), POSTIL_OK);
  postil_doc_count(doc, stats);
  postil_doc_count(doc, NULL);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  assert_true(postil_stats_pattern(stats, 0, 0, &stat));
  assert_true(stat.found == 0 && stat.steps == 0);
  assert_false(postil_stats_rule(stats, 3, &stat));
  assert_false(postil_stats_pattern(stats, 0, 1, &stat));
  assert_false(postil_stats_counts(stats, 3));
  assert_true(postil_stats_counts(stats, 0));
  postil_doc_free(doc);
  postil_stats_free(stats);
  postil_stats_free(NULL);
  postil_rules_free(r);
}

/* ---- What rule sets tell of themselves ---- */

static void count_attr(void *ud, uint32_t rule, const char *name, postil_source source) {
  char *to = ud;
  size_t n = strlen(to);
  snprintf(to + n, LONGEST - n, "%u %s %d\n", (unsigned)rule, name, (int)source);
}

static void test_info(void **state) {
  const postil_pair iso = {"iso", {.type = POSTIL_STRING, .text = "NO", .len = 2}};
  postil_rules *r = fresh(NULL);
  postil_rule_info info;
  char told[LONGEST] = "";
  (void)state;
  must(r, POSTIL_TAG, "ship", "HMS name:<cap> /(?<no>\\d)x/");
  must(r, POSTIL_PIN, "city", "");
  assert_int_equal(postil_rules_term(r, 1, " ", 1, NULL, 0, NULL), POSTIL_EPATTERN);
  assert_true(postil_rules_info(r, 1, &info));
  assert_true(info.nterms == 0 && info.term.at == NULL);
  assert_int_equal(postil_rules_term(r, 1, "Oslo", 4, NULL, 0, NULL), POSTIL_OK);
  assert_int_equal(postil_rules_term(r, 1, "Bergen", 6, &iso, 1, NULL), POSTIL_OK);
  assert_true(postil_rules_info(r, 1, &info));
  assert_true(info.verb == POSTIL_PIN && info.npatterns == 0 && info.nterms == 2 && !info.off);
  assert_string_equal(info.name, "city");
  assert_string_equal(postil_rules_label(r, info.label), "city");
  assert_int_equal(info.term.len, 4);
  assert_memory_equal(info.term.at, "Oslo", 4);
  assert_true(postil_rules_info(r, 0, &info));
  assert_true(info.npatterns == 1 && info.nterms == 0 && info.term.at == NULL);
  assert_false(postil_rules_info(r, 2, &info));
  assert_int_equal(postil_rules_attrs(r, count_attr, told, NULL), POSTIL_OK);
  assert_string_equal(told, "0 name 4\n0 no 4\n1 iso 5\n");
  postil_rules_free(r);
}

/* ---- Memory ---- */

static void ignore_finding(void *ud, const postil_finding *finding) { (void)ud, (void)finding; }

static void ignore_attr(void *ud, uint32_t rule, const char *name, postil_source source) {
  (void)ud, (void)rule, (void)name, (void)source;
}

static postil_status lint_once(const postil_mem *mem, void *ud) {
  postil_rules *r;
  (void)ud;
  postil_status s = postil_rules_new(mem, &r, NULL);
  if (s) return s;
  s = add(r, POSTIL_TAG, "x", "(a b|c d|a b) e", NULL);
  if (!s) s = add(r, POSTIL_TAG, "x", "a b|c|c d", NULL);
  if (!s) s = postil_rules_term(r, 0, "Oslo fjord", 10, NULL, 0, NULL);
  if (!s) s = postil_rules_term(r, 1, "Oslo fjord", 10, NULL, 0, NULL);
  if (!s) s = postil_rules_seal(r, NULL);
  if (!s) s = postil_rules_lint(r, ignore_finding, NULL, NULL);
  if (!s) s = postil_rules_attrs(r, ignore_attr, NULL, NULL);
  postil_rules_free(r);
  return s;
}

static void test_fail(void **state) {
  postil_stat stat[3];
  (void)state;
  assert_true(support_fail_each(lint_once, NULL) > 40);
  assert_true(support_fail_each(count, stat) > 40);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_places),      cmocka_unit_test(test_statement),
      cmocka_unit_test(test_off),         cmocka_unit_test(test_terms),
      cmocka_unit_test(test_many_terms),  cmocka_unit_test(test_unsealed),
      cmocka_unit_test(test_never_taken), cmocka_unit_test(test_stats),
      cmocka_unit_test(test_stats_end),   cmocka_unit_test(test_info),
      cmocka_unit_test(test_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
