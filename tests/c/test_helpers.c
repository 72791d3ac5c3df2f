/* test_helpers.c - helper labels that are shown, and what tags of a rule may have. */
#include "support.h"

#include <stdio.h>

static const char text[] = "The old man saw HMS Wren.\n\nHMS Dove was old.\n\nSo it was.";

/* _old is a list of words, which makes no tags unless it is shown; _ship is one that does. */
static postil_status add_rules(postil_rules *rules) {
  const postil_text ship = {"HMS name:<cap>", 14}, fleet = {"<_ship> (... <_old>)?", 21};
  const postil_pair age = {"age", {.type = POSTIL_STRING, .text = "great", .len = 5}};
  const postil_set calm = {
      .name = "calm", .kind = POSTIL_SET_VALUE, .value = {.type = POSTIL_BOOL, .number = 1}};
  uint32_t list;
  postil_rule rule = {.label = "_ship", .pattern = &ship, .npatterns = 1, .keep = POSTIL_NO_HOOK};
  postil_status s = postil_rules_add(rules, &rule, NULL, NULL);
  rule = (postil_rule){.label = "_old", .keep = POSTIL_NO_HOOK};
  if (!s) s = postil_rules_add(rules, &rule, &list, NULL);
  if (!s) s = postil_rules_term(rules, list, "old", 3, NULL, 0, NULL);
  if (!s) s = postil_rules_term(rules, list, "old man", 7, &age, 1, NULL);
  rule = (postil_rule){.label = "fleet",
                       .pattern = &fleet,
                       .npatterns = 1,
                       .set = &calm,
                       .nsets = 1,
                       .keep = POSTIL_NO_HOOK};
  return s ? s : postil_rules_add(rules, &rule, NULL, NULL);
}

static postil_rules *rules_of(bool shown) {
  postil_rules *rules;
  assert_int_equal(postil_rules_new(NULL, &rules, NULL), POSTIL_OK);
  assert_int_equal(add_rules(rules), POSTIL_OK);
  if (shown) assert_true(postil_rules_show_helpers(rules));
  assert_int_equal(postil_rules_seal(rules, NULL), POSTIL_OK);
  return rules;
}

/* "label start-end" of all tags, a blank behind each. */
static void tell(const postil_rules *rules, size_t step, char *to, size_t room) {
  postil_doc *doc;
  postil_tag tag[16];
  bool done = false;
  assert_int_equal(postil_doc_new(rules, text, sizeof text - 1, NULL, &doc, NULL), POSTIL_OK);
  while (!done) assert_int_equal(postil_doc_run(doc, step, &done, NULL), POSTIL_OK);
  size_t n = postil_doc_tags(doc, 0, SIZE_MAX, tag, 16), at = 0;
  for (size_t i = 0; i < n && at < room; i++)
    at += (size_t)snprintf(to + at, room - at, "%s %zu-%zu ",
                           postil_rules_label(rules, tag[i].label), tag[i].start, tag[i].end);
  postil_doc_free(doc);
}

static void test_shown(void **state) {
  char told[256];
  postil_rules *rules = rules_of(false);
  (void)state;
  tell(rules, SIZE_MAX, told, sizeof told);
  assert_string_equal(told, "fleet 16-24 fleet 27-43 ");
  assert_false(postil_rules_show_helpers(rules));
  postil_rules_free(rules);
  rules = rules_of(true);
  const char *all = "_old 4-11 _ship 16-24 fleet 16-24 fleet 27-43 _ship 27-35 _old 40-43 ";
  for (size_t step = 1; step < sizeof text; step += 9) {
    tell(rules, step, told, sizeof told);
    assert_string_equal(told, all);
  }
  tell(rules, SIZE_MAX, told, sizeof told);
  assert_string_equal(told, all);
  postil_rules_free(rules);
}

/* The number of an attribute, or UINT32_MAX. */
static uint32_t attr_of(const postil_rules *rules, const char *wanted) {
  const char *name;
  for (uint32_t i = 0; (name = postil_rules_attr(rules, i)) != NULL; i++)
    if (strcmp(name, wanted) == 0) return i;
  return UINT32_MAX;
}

static void test_attributes(void **state) {
  static const struct {
    const char *name;
    bool gives[3];
  } want[] = {{"name", {true, false, false}},
              {"age", {false, true, false}},
              {"calm", {false, false, true}},
              {"cue", {false, false, false}}};
  postil_rules *rules = rules_of(false);
  (void)state;
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    for (uint32_t rule = 0; rule < 3; rule++)
      assert_int_equal(postil_rules_gives(rules, rule, attr_of(rules, want[i].name)),
                       want[i].gives[rule]);
  assert_int_equal(attr_of(rules, "nothing"), UINT32_MAX);
  assert_false(postil_rules_gives(rules, 3, attr_of(rules, "age")));
  assert_false(postil_rules_gives(rules, 0, UINT32_MAX));
  postil_rules_free(rules);
}

static postil_status all_of_it(const postil_mem *mem, void *ud) {
  postil_rules *rules;
  postil_doc *doc = NULL;
  (void)ud;
  postil_status s = postil_rules_new(mem, &rules, NULL);
  if (s) return s;
  s = add_rules(rules);
  if (!s) (void)postil_rules_show_helpers(rules);
  if (!s) s = postil_rules_seal(rules, NULL);
  if (!s) s = postil_doc_new(rules, text, sizeof text - 1, NULL, &doc, NULL);
  if (!s) s = postil_doc_run(doc, SIZE_MAX, NULL, NULL);
  postil_doc_free(doc);
  postil_rules_free(rules);
  return s;
}

static void test_fail(void **state) {
  (void)state;
  assert_true(support_fail_each(all_of_it, NULL) > 30);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_shown), cmocka_unit_test(test_attributes), cmocka_unit_test(test_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
