/* test_flaws.c - what is wrong with rules: each thing with its place, all at once; the word that was
 * meant; calls that are wrong by themselves, and limits. */
#include "../../core/rules.h"
#include "support.h"

static postil_rule rule_of(postil_verb verb, const char *label) {
  postil_rule rule = {.verb = verb, .label = label, .keep = POSTIL_NO_HOOK};
  return rule;
}

static postil_text text_of(const char *s) {
  postil_text text = {s, strlen(s)};
  return text;
}

static postil_rules *fresh(void) {
  postil_rules *r;
  assert_int_equal(postil_rules_new(NULL, &r, NULL), POSTIL_OK);
  return r;
}

static postil_status add(postil_rules *r, postil_rule *rule, const char *pattern, postil_err *err) {
  postil_text text = text_of(pattern);
  rule->pattern = &text;
  rule->npatterns = 1;
  return postil_rules_add(r, rule, NULL, err);
}

static void must(postil_rules *r, postil_verb verb, const char *label, const char *pattern) {
  postil_rule rule = rule_of(verb, label);
  assert_int_equal(add(r, &rule, pattern, NULL), POSTIL_OK);
}

static void is_at(const postil_err *err, const char *field, uint32_t nth, size_t at) {
  if (field)
    assert_string_equal(err->field, field);
  else
    assert_null(err->field);
  assert_int_equal(err->nth, nth);
  assert_int_equal(err->at, at);
}

/* A refused statement says which of its texts is wrong, and where. */
static void places_of_a_statement(void **state) {
  (void)state;
  postil_rules *r = fresh();
  postil_err err;
  postil_rule rule = rule_of(POSTIL_TAG, "person");
  postil_text two[] = {{"fine", 4}, {"<cap>{3,1}", 10}};
  rule.pattern = two;
  rule.npatterns = 2;
  assert_int_equal(postil_rules_add(r, &rule, NULL, &err), POSTIL_EPATTERN);
  is_at(&err, "pattern", 1, 6);
  rule = rule_of(POSTIL_TAG, "person");
  rule.not_after = text_of("one two*");
  assert_int_equal(add(r, &rule, "fine", &err), POSTIL_EPATTERN);
  is_at(&err, "not_after", 0, 7);
  rule = rule_of(POSTIL_TAG, "person");
  rule.outside = "quote|Headline";
  assert_int_equal(add(r, &rule, "fine", &err), POSTIL_ERULE);
  is_at(&err, "outside", 0, 6);
  rule = rule_of(POSTIL_TAG, "Person");
  assert_int_equal(add(r, &rule, "fine", &err), POSTIL_ERULE);
  is_at(&err, "label", 0, 0);
  postil_quotes quotes = {"en", "_cue", "He", false};
  assert_int_equal(postil_rules_quotes(r, &quotes, &err), POSTIL_ERULE);
  is_at(&err, "pronoun", 0, 0);
  quotes = (postil_quotes){"zz", NULL, NULL, false};
  assert_int_equal(postil_rules_quotes(r, &quotes, &err), POSTIL_ERULE);
  is_at(&err, "locale", 0, 0);
  assert_int_equal(postil_rules_ignore(r, "code|Table", &err), POSTIL_ERULE);
  is_at(&err, "ignore", 0, 5);
  assert_int_equal(r->ignored.n, 0);
  postil_rules_free(r);
}

enum { FLAWS = 16 };
typedef struct list {
  postil_err at[FLAWS];
  size_t n;
} list;

static void note(void *ud, const postil_err *err) {
  list *l = ud;
  assert_true(l->n < FLAWS);
  l->at[l->n++] = *err;
}

/* Everything that is wrong with a set is told, and the set is as it was. */
static void all_flaws_are_told(void **state) {
  (void)state;
  postil_rules *r = fresh();
  list l = {.n = 0};
  postil_rule rule = rule_of(POSTIL_TAG, "a");
  rule.inside = "b|nobody";
  assert_int_equal(add(r, &rule, "one <nothing>", NULL), POSTIL_OK);
  must(r, POSTIL_TAG, "b", "<c> <c>");
  must(r, POSTIL_TAG, "c", "two <b>");
  must(r, POSTIL_TAG, "d", "<d>");
  must(r, POSTIL_TAG, "e", "<c kind=f>");
  must(r, POSTIL_VETO, "f", "three");
  assert_int_equal(postil_rules_ignore(r, "a|teaser", NULL), POSTIL_OK);
  assert_int_equal(postil_rules_check(r, note, &l), POSTIL_ERULE);
  const struct {
    const char *words, *field;
    uint32_t rule, nth;
    size_t at;
  } want[] = {
      {"nothing defines the label <nothing>", "pattern", 0, 0, 5},
      {"nothing defines the label <nobody>", "inside", 0, 0, 2},
      {"nothing defines the label <f>", "label", 5, 0, 0},
      {"nothing defines the label <teaser>", "ignore", POSTIL_NO_RULE, 1, 0},
      {"no rule of <c> gives 'kind'", "pattern", 4, 0, 3},
      {"these labels need each other: b -> c -> b", "pattern", 1, 0, 1},
      {"these labels need each other: d -> d", "pattern", 3, 0, 1},
  };
  assert_int_equal(l.n, PST_COUNT(want));
  for (size_t i = 0; i < l.n; i++) {
    assert_string_equal(l.at[i].what, want[i].words);
    is_at(&l.at[i], want[i].field, want[i].nth, want[i].at);
    assert_int_equal(l.at[i].rule, want[i].rule);
  }
  postil_err err;
  assert_int_equal(postil_rules_seal(r, &err), POSTIL_ERULE);
  assert_string_equal(err.what, want[0].words);
  must(r, POSTIL_TAG, "nothing", "four"); /* it is still open */
  assert_int_equal(postil_rules_check(r, NULL, NULL), POSTIL_ERULE);
  postil_rules_free(r);
}

static void nothing_wrong(void **state) {
  (void)state;
  postil_rules *r = fresh();
  list l = {.n = 0};
  postil_rule rule = rule_of(POSTIL_TAG, "doi");
  postil_set set = {
      "from", POSTIL_SET_TEMPLATE, {POSTIL_STRING, "$registrant", 11, 0, 0, 0, 0}, NULL, NULL, 0,
      0};
  rule.set = &set;
  rule.nsets = 1;
  assert_int_equal(add(r, &rule, "/10\\.(?<registrant>[0-9]+)/", NULL), POSTIL_OK);
  must(r, POSTIL_TAG, "x", "<doi registrant=1> <doi !from>");
  assert_int_equal(postil_rules_check(r, note, &l), POSTIL_OK);
  assert_int_equal(l.n, 0);
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  assert_int_equal(postil_rules_check(r, note, &l), POSTIL_OK);
  postil_rules_free(r);
}

static void wrong_calls(void **state) {
  (void)state;
  postil_rules *r = fresh();
  postil_err err;
  postil_rule rule = rule_of(POSTIL_TAG, NULL);
  assert_int_equal(add(r, &rule, "one", &err), POSTIL_EUSE);
  assert_string_equal(err.what, "a rule has a label");
  assert_int_equal(postil_rules_term(r, 0, "one", 3, NULL, 0, &err), POSTIL_EUSE);
  assert_string_equal(err.what, "no such rule");
  postil_set set = {"a", POSTIL_SET_VALUE, {.type = POSTIL_PLACE}, NULL, NULL, 0, 0};
  rule = rule_of(POSTIL_TAG, "x");
  rule.set = &set;
  rule.nsets = 1;
  assert_int_equal(add(r, &rule, "one", &err), POSTIL_EUSE);
  assert_string_equal(err.what, "a constant is a string, a number or a boolean");
  is_at(&err, "set", 0, 0);
  must(r, POSTIL_TAG, "x", "one");
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  rule.nsets = 0;
  assert_int_equal(add(r, &rule, "one", &err), POSTIL_EUSE);
  assert_string_equal(err.what, "the rule set is sealed");
  assert_int_equal(pst_terms_add(r->terms, "one", 3, POSTIL_CASE_LETTER, 0, 0, &err), POSTIL_EUSE);
  assert_string_equal(err.what, "terms are sealed already");
  postil_rules_free(r);
}

/* Takes all numbers for names but those that are in use. */
static void fill(const postil_mem *mem, pst_names *names) {
  while (names->n < UINT16_MAX) {
    char *copy = pst_mem_copy(mem, "#", 1);
    assert_true(copy && PST_PUSH(mem, names, copy));
  }
}

static void too_many_names(void **state) {
  (void)state;
  postil_rules *r = fresh();
  postil_err err;
  must(r, POSTIL_TAG, "x", "one");
  fill(&r->mem, &r->labels);
  postil_rule rule = rule_of(POSTIL_TAG, "x");
  assert_int_equal(add(r, &rule, "two <y>", &err), POSTIL_ELIMIT);
  assert_string_equal(err.what, "too many names");
  is_at(&err, "pattern", 0, 5);
  rule.label = "another";
  assert_int_equal(add(r, &rule, "one", &err), POSTIL_ELIMIT);
  assert_string_equal(err.what, "too many labels");
  fill(&r->mem, &r->attrs);
  postil_set set = {"a", POSTIL_SET_VALUE, {.type = POSTIL_BOOL}, NULL, NULL, 0, 0};
  rule = rule_of(POSTIL_TAG, "x");
  rule.set = &set;
  rule.nsets = 1;
  assert_int_equal(add(r, &rule, "one", &err), POSTIL_ELIMIT);
  assert_string_equal(err.what, "too many attributes");
  postil_rules_free(r);
}

static void meant(const char *word, const char *want) {
  static const char *const words[] = {"before",     "cap",    "inside", "is",
                                      "not_before", "person", "tag"};
  const char *got = postil_nearest(word, words, PST_COUNT(words));
  if (want && got)
    assert_string_equal(got, want);
  else
    assert_true(got == want);
}

static void the_word_that_was_meant(void **state) {
  (void)state;
  meant("befor", "before");          /* cut short */
  meant("not_befroe", "not_before"); /* letters swapped */
  meant("persn", "person");
  meant("PERSON", "person"); /* capitals are no mistake of their own */
  meant("tga", "tag");
  meant("tags", "tag");
  meant("capp", "cap");
  meant("person", "person");
  meant("xx", NULL); /* nothing is left of it */
  meant("place", NULL);
  meant("", NULL);
  meant("an option that is so long that nobody can have mistyped all of its letters", NULL);
  assert_null(postil_nearest("x", NULL, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(places_of_a_statement), cmocka_unit_test(all_flaws_are_told),
      cmocka_unit_test(nothing_wrong),         cmocka_unit_test(wrong_calls),
      cmocka_unit_test(too_many_names),        cmocka_unit_test(the_word_that_was_meant),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
