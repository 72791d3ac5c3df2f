/* test_rules.c - rule sets: adding, checking labels, their order, sealing. */
#include "support.h"

#include "../../core/rules.h"

#include <stdio.h>

static postil_rule rule_of(postil_verb verb, const char *label) {
  postil_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.verb = verb;
  rule.label = label;
  rule.keep = POSTIL_NO_HOOK;
  return rule;
}

static postil_status add_rule(postil_rules *r, postil_rule *rule, const char *pattern,
                              postil_err *err) {
  postil_text source = {pattern, strlen(pattern)};
  rule->pattern = &source;
  rule->npatterns = 1;
  return postil_rules_add(r, rule, NULL, err);
}

static postil_status add(postil_rules *r, postil_verb verb, const char *label, const char *pattern,
                         postil_err *err) {
  postil_rule rule = rule_of(verb, label);
  return add_rule(r, &rule, pattern, err);
}

static void must(postil_rules *r, postil_verb verb, const char *label, const char *pattern) {
  assert_int_equal(add(r, verb, label, pattern, NULL), POSTIL_OK);
}

static postil_rules *fresh(void) {
  postil_rules *r;
  assert_int_equal(postil_rules_new(NULL, &r, NULL), POSTIL_OK);
  return r;
}

static void refuses(postil_rules *r, postil_status code, const char *words, uint32_t rule) {
  postil_err err;
  memset(&err, 0, sizeof err);
  assert_int_equal(postil_rules_seal(r, &err), code);
  assert_string_equal(err.what, words);
  assert_int_equal(err.rule, rule);
  postil_rules_free(r);
}

static void test_unknown_label(void **state) {
  postil_rules *r = fresh();
  (void)state;
  must(r, POSTIL_TAG, "_title", "Mr");
  must(r, POSTIL_TAG, "person", "<_titel> <cap>");
  refuses(r, POSTIL_ERULE, "nothing defines the label <_titel> (did you mean <_title>?)", 1);
  r = fresh();
  must(r, POSTIL_TAG, "person", "<quote> <cap>");
  refuses(r, POSTIL_ERULE, "nothing defines the label <quote>; write quotes { }", 0);
  r = fresh();
  must(r, POSTIL_VETO, "persn", "Mr");
  must(r, POSTIL_TAG, "person", "Mr");
  refuses(r, POSTIL_ERULE, "nothing defines the label <persn> (did you mean <person>?)", 0);
  r = fresh();
  must(r, POSTIL_TAG, "person", "Mr");
  assert_int_equal(postil_rules_ignore(r, "html", NULL), POSTIL_OK);
  refuses(r, POSTIL_ERULE, "nothing defines the label <html>", POSTIL_NO_RULE);
}

/* A rule that is off needs nothing; its label is still known. */
static void test_off(void **state) {
  postil_rules *r = fresh();
  postil_rule rule = rule_of(POSTIL_TAG, "person");
  (void)state;
  rule.name = "news/person";
  assert_int_equal(add_rule(r, &rule, "<nobody>", NULL), POSTIL_OK);
  assert_true(postil_rules_off(r, "news/person"));
  assert_false(postil_rules_off(r, "news/persons"));
  must(r, POSTIL_TAG, "pair", "<person> <person>");
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  assert_int_equal(r->plan.n, 1);
  assert_int_equal(postil_rules_add(r, &rule, NULL, NULL), POSTIL_EUSE);
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_EUSE);
  postil_rules_free(r);
  r = fresh();
  rule.off = true;
  assert_int_equal(add_rule(r, &rule, "<nobody>", NULL), POSTIL_OK);
  must(r, POSTIL_TAG, "pair", "<person> <person>");
  rule.off = false;
  assert_int_equal(add_rule(r, &rule, "Mr", NULL), POSTIL_OK);
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  assert_int_equal(r->plan.n, 2);
  postil_rules_free(r);
}

static void test_cycles(void **state) {
  postil_rules *r = fresh();
  (void)state;
  must(r, POSTIL_TAG, "z", "<a>");
  must(r, POSTIL_TAG, "a", "x <b>");
  must(r, POSTIL_VETO, "b", "<c>");
  must(r, POSTIL_TAG, "b", "y");
  must(r, POSTIL_TAG, "c", "(<a>)? z");
  refuses(r, POSTIL_ERULE, "these labels need each other: a -> b -> c -> a", 1);
  r = fresh();
  postil_rule self = rule_of(POSTIL_TAG, "a");
  self.outside = "a";
  assert_int_equal(add_rule(r, &self, "x", NULL), POSTIL_OK);
  refuses(r, POSTIL_ERULE, "these labels need each other: a -> a", 0);
}

static size_t plan_place(const postil_rules *r, const char *label) {
  uint32_t id = postil_rules_find_label(r, label);
  for (size_t i = 0; i < r->plan.n; i++)
    if (r->plan.at[i].label == id) return i;
  return SIZE_MAX;
}

/* What a label needs runs before it; cue words and what they need run before quotations are read. */
static void test_order(void **state) {
  postil_rules *r = fresh();
  postil_quotes quotes = {"en", "_cue", NULL, false};
  (void)state;
  must(r, POSTIL_TAG, "person", "<_title> family:<cap>");
  must(r, POSTIL_TAG, "_cue", "<_verb>");
  must(r, POSTIL_TAG, "_title", "Mr");
  must(r, POSTIL_TAG, "_verb", "said");
  must(r, POSTIL_VETO, "_title", "<country>");
  must(r, POSTIL_TAG, "country", "France");
  must(r, POSTIL_ALIAS, "person", "<org> [=family]");
  must(r, POSTIL_TAG, "org", "<person> <quote> Ltd");
  assert_int_equal(postil_rules_quotes(r, &quotes, NULL), POSTIL_OK);
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  assert_int_equal(r->plan.n, 6);
  assert_true(plan_place(r, "country") < plan_place(r, "_title"));
  assert_true(plan_place(r, "_title") < plan_place(r, "person"));
  assert_true(plan_place(r, "person") < plan_place(r, "org"));
  assert_true(plan_place(r, "_verb") < plan_place(r, "_cue"));
  assert_int_equal(r->plan.at[plan_place(r, "_verb")].stage, PST_STAGE_CUES);
  assert_int_equal(r->plan.at[plan_place(r, "_cue")].stage, PST_STAGE_CUES);
  assert_int_equal(r->plan.at[plan_place(r, "country")].stage, PST_STAGE_LABELS);
  assert_int_equal(r->alias.n, 1);
  assert_int_equal(r->keys.n, 2);
  postil_rules_free(r);
}

static void test_quotes_first(void **state) {
  postil_rules *r = fresh();
  postil_quotes quotes = {"en", "_cue", NULL, false};
  (void)state;
  must(r, POSTIL_TAG, "_cue", "<_verb>");
  must(r, POSTIL_TAG, "_verb", "said <quote>");
  assert_int_equal(postil_rules_quotes(r, &quotes, NULL), POSTIL_OK);
  refuses(r, POSTIL_ERULE, "this label is needed to read quotations, so it cannot ask for <quote>",
          1);
}

/* Nothing but amend may ask for what amend sets. */
static void test_speaker_early(void **state) {
  postil_quotes quotes = {"en", NULL, NULL, false};
  (void)state;
  postil_rules *r = fresh();
  assert_int_equal(postil_rules_quotes(r, &quotes, NULL), POSTIL_OK);
  must(r, POSTIL_AMEND, "quote", "[<quote>] cue:said");
  must(r, POSTIL_AMEND, "quote", "<quote speaker> [<quote>]");
  must(r, POSTIL_TAG, "noise", "<quote fault> <cap>");
  must(r, POSTIL_TAG, "noise", "<cap> <quote !cue>");
  refuses(r, POSTIL_ERULE, "<quote cue> asks for what only amend sets, and amend runs last", 3);
  r = fresh();
  assert_int_equal(postil_rules_quotes(r, &quotes, NULL), POSTIL_OK);
  must(r, POSTIL_TAG, "noise", "<quote speaker> <cap>");
  refuses(r, POSTIL_ERULE, "<quote speaker> asks for what only amend sets, and amend runs last", 0);
}

/* A failing addition says where and changes nothing. */
static void test_bad_rules(void **state) {
  postil_rules *r = fresh();
  postil_err err;
  postil_rule rule = rule_of(POSTIL_TAG, "person");
  postil_text two[] = {{"fine", 4}, {"<cap>{3,1}", 10}};
  (void)state;
  rule.pattern = two;
  rule.npatterns = 2;
  assert_int_equal(postil_rules_add(r, &rule, NULL, &err), POSTIL_EPATTERN);
  assert_int_equal(err.nth, 1);
  assert_int_equal(add(r, POSTIL_TAG, "Person", "x", &err), POSTIL_ERULE);
  assert_int_equal(add(r, POSTIL_TAG, "_", "x", &err), POSTIL_ERULE);
  assert_int_equal(add(r, POSTIL_TAG, NULL, "x", &err), POSTIL_EUSE);
  assert_int_equal(add(r, POSTIL_TAG, "pair", "a <para> b", &err), POSTIL_EPATTERN);
  assert_int_equal(add(r, POSTIL_TAG, "pair", "[a <para> b] c", &err), POSTIL_EPATTERN);
  assert_int_equal(add(r, POSTIL_ALIAS, "pair", "a", &err), POSTIL_EPATTERN);
  rule = rule_of(POSTIL_BLOCK, "head");
  rule.at = "middle";
  assert_int_equal(postil_rules_add(r, &rule, NULL, &err), POSTIL_ERULE);
  assert_int_equal(r->rule.n, 0);
  must(r, POSTIL_TAG, "pair", "a <para> [b]");
  must(r, POSTIL_TAG, "pair", "[a] &(<para>) <para>");
  assert_int_equal(r->rule.n, 2);
  assert_int_equal(postil_rules_term(r, 2, "x", 1, NULL, 0, &err), POSTIL_EUSE);
  postil_rules_free(r);
}

/* Equal sets of attributes are kept once, and only those. */
static void test_term_sets(void **state) {
  (void)state;
  enum { SETS = 200 };
  postil_rules *r = fresh();
  char text[SETS][8];
  must(r, POSTIL_TAG, "pair", "x");
  for (int round = 0; round < 2; round++)
    for (unsigned i = 0; i < SETS; i++) {
      postil_pair attr[2] = {{.name = "a"}, {.name = i % 3 ? "b" : "c"}};
      (void)snprintf(text[i], sizeof text[i], "%u", i / 4);
      attr[0].value.type = POSTIL_STRING;
      attr[0].value.text = text[i];
      attr[0].value.len = strlen(text[i]);
      attr[1].value.type = i % 2 ? POSTIL_NUMBER : POSTIL_BOOL;
      attr[1].value.number = 1;
      assert_int_equal(postil_rules_term(r, 0, "w", 1, attr, i % 4 ? 2 : 1, NULL), POSTIL_OK);
      pst_range set = r->term_data.at[r->term_last];
      const pst_const *value = &r->term_attr.at[set.first];
      assert_int_equal(set.n, i % 4 ? 2 : 1);
      assert_string_equal(value[0].text, text[i]);
      if (set.n == 2) assert_int_equal(value[1].type, attr[1].value.type);
      if (set.n == 2) assert_string_equal(r->attrs.at[value[1].name], attr[1].name);
    }
  size_t sets = r->term_data.n;
  assert_true(sets >= SETS / 2 && sets <= SETS);
  postil_rules_free(r);
}

static void test_names(void **state) {
  postil_rules *r = fresh();
  postil_rule rule = rule_of(POSTIL_TAG, "person");
  (void)state;
  rule.file = "news.lua";
  rule.line = 12;
  assert_int_equal(add_rule(r, &rule, "x", NULL), POSTIL_OK);
  rule.name = "news/titled";
  assert_int_equal(add_rule(r, &rule, "x", NULL), POSTIL_OK);
  must(r, POSTIL_TAG, "org", "x");
  assert_string_equal(postil_rules_name(r, 0), "news.lua:12");
  assert_string_equal(postil_rules_name(r, 1), "news/titled");
  assert_string_equal(postil_rules_name(r, 2), "org");
  assert_null(postil_rules_name(r, 3));
  assert_string_equal(postil_rules_label(r, postil_rules_find_label(r, "org")), "org");
  assert_int_equal(postil_rules_find_label(r, "place"), UINT32_MAX);
  postil_rules_free(r);
}

/* One of each; a seal that fails for want of memory may be tried again. */
static postil_status all_of_it(const postil_mem *mem, void *ud) {
  postil_pair attr = {"iso", {POSTIL_STRING, "FR", 2, 0, 0, 0, 0}};
  postil_set set[] = {
      {"a", POSTIL_SET_VALUE, {POSTIL_NUMBER, NULL, 0, 4, 0, 0, 0}, NULL, NULL, 0, 0},
      {"b", POSTIL_SET_TEMPLATE, {POSTIL_STRING, "$a!", 3, 0, 0, 0, 0}, NULL, NULL, 0, 0},
      {"c", POSTIL_SET_MAP, {POSTIL_NIL, NULL, 0, 0, 0, 0, 0}, "a", &attr, 1, 0}};
  postil_quotes quotes = {"de", "_cue", "_he", true};
  postil_rules *r = NULL;
  uint32_t index;
  (void)ud;
  postil_status s = postil_rules_new(mem, &r, NULL);
  postil_rule rule = rule_of(POSTIL_TAG, "person");
  rule.set = set;
  rule.nsets = 3;
  rule.inside = "quote|country";
  rule.not_after = (postil_text){"x|y", 3};
  if (!s) s = add_rule(r, &rule, "name:<cap> <country>", NULL);
  rule = rule_of(POSTIL_TAG, "country");
  if (!s) s = postil_rules_add(r, &rule, &index, NULL);
  if (!s) s = postil_rules_term(r, index, "France", 6, &attr, 1, NULL);
  if (!s) s = add(r, POSTIL_TAG, "_cue", "said", NULL);
  if (!s) s = add(r, POSTIL_TAG, "_he", "he", NULL);
  if (!s) s = add(r, POSTIL_ALIAS, "person", "[=name]", NULL);
  if (!s) s = add(r, POSTIL_AMEND, "quote", "[<quote>] speaker:<person>", NULL);
  if (!s) s = postil_rules_quotes(r, &quotes, NULL);
  if (!s) s = postil_rules_ignore(r, "_cue", NULL);
  if (!s) s = postil_rules_check(r, NULL, NULL);
  if (!s) s = postil_rules_seal(r, NULL);
  postil_rules_free(r);
  return s;
}

static void test_fail(void **state) {
  (void)state;
  assert_true(support_fail_each(all_of_it, NULL) > 60);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_unknown_label), cmocka_unit_test(test_off),
      cmocka_unit_test(test_cycles),        cmocka_unit_test(test_order),
      cmocka_unit_test(test_quotes_first),  cmocka_unit_test(test_speaker_early),
      cmocka_unit_test(test_bad_rules),     cmocka_unit_test(test_names),
      cmocka_unit_test(test_term_sets),
      cmocka_unit_test(test_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
