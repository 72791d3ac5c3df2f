/* test_image.c - images of terms: what they find is what the same terms find that were added one by
 * one, and no bytes do harm. */
#include "support.h"

#include "../../core/rules.h"

#include <stdio.h>

/* A term, an attribute, a number (1: true), and its canonical name. */
typedef struct entry {
  const char *term, *text;
  double number;
} entry;

static postil_rule rule_of(postil_verb verb, const char *label, postil_case kase) {
  postil_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.verb = verb;
  rule.label = label;
  rule.kase = kase;
  rule.keep = POSTIL_NO_HOOK;
  return rule;
}

static uint32_t add_rule(postil_rules *r, const postil_rule *rule) {
  uint32_t index;
  assert_int_equal(postil_rules_add(r, rule, &index, NULL), POSTIL_OK);
  return index;
}

static void add_pattern(postil_rules *r, const char *label, const char *pattern) {
  postil_rule rule = rule_of(POSTIL_TAG, label, POSTIL_CASE_LETTER);
  postil_text text = {pattern, strlen(pattern)};
  rule.pattern = &text;
  rule.npatterns = 1;
  add_rule(r, &rule);
}

static postil_status add_entry(postil_rules *r, uint32_t index, const entry *e) {
  postil_pair pair[2];
  size_t n = 0;
  memset(pair, 0, sizeof pair);
  if (e->text) {
    pair[n].name = "is";
    pair[n].value.type = POSTIL_STRING;
    pair[n].value.text = e->text;
    pair[n++].value.len = strlen(e->text);
  }
  if (e->number != 0) {
    pair[n].name = "number";
    pair[n].value.type = e->number == 1 ? POSTIL_BOOL : POSTIL_NUMBER;
    pair[n++].value.number = e->number;
  }
  return postil_rules_term(r, index, e->term, strlen(e->term), pair, n, NULL);
}

static postil_rules *fresh(void) {
  postil_rules *r;
  assert_int_equal(postil_rules_new(NULL, &r, NULL), POSTIL_OK);
  return r;
}

/* An image of entries, to be freed. */
static char *image_of(const entry *e, size_t n, postil_case kase, size_t *len) {
  postil_rules *r = fresh();
  postil_rule rule = rule_of(POSTIL_TAG, "x", kase);
  char *bytes;
  uint32_t index = add_rule(r, &rule);
  for (size_t i = 0; i < n; i++) assert_int_equal(add_entry(r, index, &e[i]), POSTIL_OK);
  assert_int_equal(postil_image_make(r, NULL, &bytes, len, NULL), POSTIL_OK);
  postil_rules_free(r);
  return bytes;
}

static void seal(postil_rules *r) { assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK); }

/* All tags of a text under r as words: "0-4 x is=Acme". */
static char *listing(const postil_rules *r, const char *text) {
  postil_doc *doc;
  postil_tag tags[256];
  char *list = calloc(1, 65536), *to = list;
  assert_non_null(list);
  assert_int_equal(postil_doc_new(r, text, strlen(text), NULL, &doc, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  size_t n = postil_doc_tags(doc, 0, SIZE_MAX, tags, PST_COUNT(tags));
  assert_true(n <= PST_COUNT(tags));
  for (size_t i = 0; i < n; i++) {
    const char *name;
    postil_value v;
    to += sprintf(to, "%zu-%zu %s %u", tags[i].start, tags[i].end,
                  postil_rules_label(r, tags[i].label), (unsigned)tags[i].rule);
    for (size_t k = 0; postil_tag_attr_at(doc, tags[i].id, k, &name, &v); k++)
      to += v.type == POSTIL_STRING ? sprintf(to, " %s=%.*s", name, (int)v.len, v.text)
                                    : sprintf(to, " %s=%g/%d", name, v.number, (int)v.type);
    *to++ = '\n';
  }
  postil_doc_free(doc);
  return list;
}

static void expect(const postil_rules *r, const char *text, const char *want) {
  char *list = listing(r, text);
  assert_string_equal(list, want);
  free(list);
}

static void test_finds(void **state) {
  (void)state;
  static const entry some[] = {{"Acme", "Acme Corp", 0},
                               {"New York", NULL, 7},
                               {"new", NULL, 1},
                               {"\xE5\x8C\x97\xE4\xBA\xAC", NULL, 0},
                               {"O\xE2\x80\x99Neill", NULL, 0}};
  size_t len;
  char *bytes = image_of(some, PST_COUNT(some), POSTIL_CASE_LETTER, &len);
  postil_rules *r = fresh();
  postil_rule rule = rule_of(POSTIL_TAG, "x", POSTIL_CASE_LETTER);
  assert_int_equal(postil_rules_image(r, add_rule(r, &rule), bytes, len, NULL), POSTIL_OK);
  seal(r);
  assert_int_equal(postil_rules_image(r, 0, bytes, len, NULL), POSTIL_EUSE);
  expect(r, "Acme, ACME and acme", "0-4 x 0 is=Acme Corp\n6-10 x 0 is=Acme Corp\n");
  expect(r, "a New\nYork, a new york", "2-10 x 0 number=7/2\n14-17 x 0 number=1/3\n");
  expect(r, "\xE5\x9C\xA8\xE5\x8C\x97\xE4\xBA\xAC, O'Neill's", "3-9 x 0\n11-18 x 0\n");
  expect(r, "Newer Yorks", "");
  postil_rules_free(r);
  free(bytes);
}

/* A statement gives the attributes of its image, so patterns may test them and templates take them;
 * others are nobody's. */
static void test_names(void **state) {
  (void)state;
  static const entry one = {"Acme", NULL, 7};
  size_t len;
  char *bytes = image_of(&one, 1, POSTIL_CASE_LETTER, &len);
  for (int good = 0; good < 2; good++) {
    postil_rules *r = fresh();
    postil_rule rule = rule_of(POSTIL_TAG, "_x", POSTIL_CASE_LETTER);
    postil_set set = {.name = "kind", .kind = POSTIL_SET_TEMPLATE};
    set.value.type = POSTIL_STRING;
    set.value.text = good ? "$number" : "$nummer";
    set.value.len = 7;
    rule.set = &set;
    rule.nsets = 1;
    uint32_t index = add_rule(r, &rule);
    assert_int_equal(postil_rules_image(r, index, bytes, len, NULL), POSTIL_OK);
    assert_int_equal(postil_rules_image(r, 9, bytes, len, NULL), POSTIL_EUSE);
    add_pattern(r, "y", "the <_x number=7>");
    assert_int_equal(postil_rules_seal(r, NULL), good ? POSTIL_OK : POSTIL_ERULE);
    if (good) expect(r, "the Acme", "0-8 y 1\n");
    postil_rules_free(r);
  }
  free(bytes);
}

/* ---- the twin ---- */

static const char *const pieces[] = {"a",
                                     "New",
                                     "new",
                                     "NEW",
                                     "York",
                                     "york",
                                     "iPhone",
                                     "O'Neill",
                                     "O\xE2\x80\x99Neill",
                                     "co-op",
                                     "the",
                                     "The",
                                     "'s",
                                     "Li's",
                                     ".",
                                     ",",
                                     "-",
                                     "\xE2\x80\x94",
                                     "7",
                                     "12.5",
                                     "B",
                                     "b",
                                     "\xC3\x89tat",
                                     "\xC3\xA9tat",
                                     "E\xCC\x81tat",
                                     "\xC4\xB0zmir",
                                     "\xE5\x8C\x97",
                                     "\xE4\xBA\xAC",
                                     "\xE0\xB9\x84\xE0\xB8\x97\xE0\xB8\xA2",
                                     "\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0",
                                     "\xD0\xBC\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0",
                                     "Incomprehensibilities",
                                     "&",
                                     "U.S.",
                                     "\xC2\xAD",
                                     "\xE2\x80\x8B",
                                     "\xEF\xAC\x81n",
                                     "Donaudampfschifffahrtsgesellschaft"};

/* Up to `most` pieces, mostly with blanks between, as a string to be freed. */
static char *random_text(uint64_t *seed, size_t most, const char *gaps) {
  size_t n = 1 + support_below(seed, most), len = 0;
  char *text = calloc(n, 64);
  assert_non_null(text);
  for (size_t i = 0; i < n; i++) {
    const char *piece = pieces[support_below(seed, PST_COUNT(pieces))];
    if (i && support_below(seed, 4)) text[len++] = gaps[support_below(seed, strlen(gaps))];
    memcpy(text + len, piece, strlen(piece));
    len += strlen(piece);
  }
  return text;
}

typedef struct twin {
  entry e[24];
  size_t n;
} twin;

static twin random_entries(uint64_t *seed) {
  static const char *const names[] = {NULL, "one", "two"};
  twin t = {.n = 1 + support_below(seed, PST_COUNT(t.e) - 1)};
  for (size_t i = 0; i < t.n; i++)
    t.e[i] = (entry){random_text(seed, 3, " "), names[support_below(seed, 3)],
                     (double)support_below(seed, 3)};
  return t;
}

/* The statement's terms, as an image or one by one; entries without a word or mark are left out. */
static char *give(postil_rules *r, uint32_t index, postil_case kase, const twin *t, bool lend) {
  postil_rules *scratch = fresh();
  postil_rule rule = rule_of(POSTIL_TAG, "x", kase);
  char *bytes;
  size_t len;
  add_rule(scratch, &rule);
  for (size_t i = 0; i < t->n; i++) {
    postil_status s = add_entry(scratch, 0, &t->e[i]);
    assert_true(s == POSTIL_OK || s == POSTIL_EPATTERN);
    if (!lend) assert_int_equal(add_entry(r, index, &t->e[i]), s);
  }
  assert_int_equal(postil_image_make(scratch, NULL, &bytes, &len, NULL), POSTIL_OK);
  postil_rules_free(scratch);
  if (lend) assert_int_equal(postil_rules_image(r, index, bytes, len, NULL), POSTIL_OK);
  return bytes;
}

/* Two labels, a veto and a helper with a pattern behind it, each with terms of its own; which of
 * them lie in images, `lend` says bit by bit. */
static postil_rules *twin_rules(const twin *t, unsigned kase, unsigned lend, char *bytes[4]) {
  static const char *const labels[] = {"x", "y", "x", "_h"};
  postil_rules *r = fresh();
  for (unsigned k = 0; k < 4; k++) {
    postil_rule rule =
        rule_of(k == 2 ? POSTIL_VETO : POSTIL_TAG, labels[k], (postil_case)((kase + k) % 3));
    rule.nest = k == 1;
    bytes[k] = give(r, add_rule(r, &rule), rule.kase, &t[k], lend >> k & 1);
  }
  add_pattern(r, "z", "new <_h>|<x> york");
  seal(r);
  return r;
}

static void test_twin(void **state) {
  (void)state;
  uint64_t seed = 20261;
  size_t found = 0;
  for (unsigned round = 0; round < 400; round++) {
    twin t[4];
    char *bytes[8], *text[6], *list[6];
    for (int k = 0; k < 4; k++) t[k] = random_entries(&seed);
    postil_rules *plain = twin_rules(t, round % 3, 0, bytes);
    postil_rules *lent = twin_rules(t, round % 3, 1 + round % 15, bytes + 4);
    for (size_t i = 0; i < PST_COUNT(text); i++) {
      text[i] = random_text(&seed, 30, "  \n");
      list[i] = listing(plain, text[i]);
      found += strlen(list[i]) != 0;
      expect(lent, text[i], list[i]);
      free(text[i]);
      free(list[i]);
    }
    postil_rules_free(plain);
    postil_rules_free(lent);
    for (int k = 0; k < 8; k++) free(bytes[k]);
    for (int k = 0; k < 4; k++)
      for (size_t i = 0; i < t[k].n; i++) free((char *)(uintptr_t)t[k].e[i].term);
  }
  assert_true(found > 1500);
}

/* One statement may have terms of its own and several images: the longest at a place is found. */
static void test_together(void **state) {
  (void)state;
  static const entry longer[] = {{"New York City", "NYC", 0}, {"York", "b", 0}};
  static const entry other[] = {{"New York City Hall", "hall", 0}, {"York", "c", 0}};
  size_t n[2];
  char *image[2] = {image_of(longer, 2, POSTIL_CASE_LETTER, &n[0]),
                    image_of(other, 2, POSTIL_CASE_LETTER, &n[1])};
  postil_rules *r = fresh();
  postil_rule rule = rule_of(POSTIL_TAG, "x", POSTIL_CASE_LETTER);
  uint32_t index = add_rule(r, &rule);
  assert_int_equal(postil_rules_term(r, index, "New York", 8, NULL, 0, NULL), POSTIL_OK);
  for (int i = 0; i < 2; i++)
    assert_int_equal(postil_rules_image(r, index, image[i], n[i], NULL), POSTIL_OK);
  seal(r);
  expect(r, "New York City Hall", "0-18 x 0 is=hall\n");
  expect(r, "New York City", "0-13 x 0 is=NYC\n");
  expect(r, "New York", "0-8 x 0\n");
  expect(r, "York", "0-4 x 0 is=b\n");
  postil_rules_free(r);
  free(image[0]);
  free(image[1]);
}

/* More terms at one place than are kept: the longest are. */
static void test_many(void **state) {
  (void)state;
  entry many[80];
  char names[80][8];
  for (size_t i = 0; i < 80; i++) {
    (void)sprintf(names[i], "n%u", (unsigned)i);
    many[i] = (entry){i < 79 ? "Ann" : "Ann Lee", names[i], 0};
  }
  for (int lend = 0; lend < 2; lend++) {
    size_t len;
    char *bytes = image_of(many, 80, POSTIL_CASE_LETTER, &len);
    postil_rules *r = fresh();
    postil_rule rule = rule_of(POSTIL_TAG, "x", POSTIL_CASE_LETTER);
    add_rule(r, &rule);
    if (lend) assert_int_equal(postil_rules_image(r, 0, bytes, len, NULL), POSTIL_OK);
    for (size_t i = 0; i < 80 && !lend; i++) assert_int_equal(add_entry(r, 0, &many[i]), POSTIL_OK);
    seal(r);
    expect(r, "Ann", "0-3 x 0 is=n0\n");
    expect(r, "Ann Lee", "0-7 x 0 is=n79\n");
    postil_rules_free(r);
    free(bytes);
  }
}

static void test_nothing(void **state) {
  (void)state;
  size_t len;
  char *bytes = image_of(NULL, 0, POSTIL_CASE_LETTER, &len);
  postil_rules *r = fresh();
  postil_rule rule = rule_of(POSTIL_TAG, "x", POSTIL_CASE_LETTER);
  assert_int_equal(postil_image_make(r, NULL, &(char *){NULL}, &(size_t){0}, NULL), POSTIL_EUSE);
  assert_int_equal(postil_rules_image(r, add_rule(r, &rule), bytes, len, NULL), POSTIL_OK);
  seal(r);
  expect(r, "Nothing is found in an empty image.", "");
  postil_rules_free(r);
  free(bytes);
}

/* ---- bytes that are wrong ---- */

static const entry hostile[] = {{"New York City", "NYC", 2},
                                {"York", "y", 0},
                                {"new", NULL, 1},
                                {"Incomprehensibilities", "long", 3},
                                {"O'Neill", NULL, 0}};

static void try_image(const char *bytes, size_t len, postil_status want) {
  postil_rules *r = fresh();
  postil_rule rule = rule_of(POSTIL_TAG, "x", POSTIL_CASE_LETTER);
  add_rule(r, &rule);
  postil_status s = postil_rules_image(r, 0, bytes, len, NULL);
  if (want != POSTIL_EHOOK) assert_int_equal(s, want);
  if (s == POSTIL_OK) {
    seal(r);
    free(listing(r, "New York City, new O'Neill's Incomprehensibilities in York"));
  }
  postil_rules_free(r);
}

/* A copy in a block of exactly this length, so that sanitizers see a step beyond it. */
static char *copy_of(const char *bytes, size_t len) {
  char *copy = malloc(len ? len : 1);
  assert_non_null(copy);
  if (len) memcpy(copy, bytes, len);
  return copy;
}

static void test_damage(void **state) {
  (void)state;
  size_t len;
  char *bytes = image_of(hostile, PST_COUNT(hostile), POSTIL_CASE_LETTER, &len);
  for (size_t at = 0; at < len; at++) {
    bytes[at] ^= 0x10;
    try_image(bytes, len, POSTIL_EUSE);
    bytes[at] ^= 0x10;
  }
  for (size_t n = 0; n < len; n++) {
    char *cut = copy_of(bytes, n);
    try_image(cut, n, POSTIL_EUSE);
    free(cut);
  }
  char *moved = malloc(len + 1);
  assert_non_null(moved);
  memcpy(moved + 1, bytes, len);
  try_image(moved + 1, len, POSTIL_EUSE);
  free(moved);
  try_image(bytes, len, POSTIL_OK);
  free(bytes);
}

/* Whoever makes the sum right again may have any tags, but no harm is done. */
static void test_hostile(void **state) {
  (void)state;
  static const uint32_t values[] = {0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 64, 4096};
  size_t len, from = sizeof(pst_image_head);
  uint64_t seed = 7;
  char *bytes = image_of(hostile, PST_COUNT(hostile), POSTIL_CASE_LETTER, &len);
  char *copy = copy_of(bytes, len);
  for (int round = 0; round < 6000; round++) {
    memcpy(copy, bytes, len);
    for (size_t k = 1 + support_below(&seed, 4); k--;) {
      size_t at = from + 4 * support_below(&seed, (len - from) / 4);
      if (round < (int)((len - from) / 4) * 2 && k == 0) at = from + 4 * (size_t)(round / 2);
      memcpy(copy + at, &values[support_below(&seed, PST_COUNT(values))], 4);
    }
    uint64_t sum = pst_image_sum(copy, len);
    memcpy(copy + offsetof(pst_image_head, sum), &sum, sizeof sum);
    try_image(copy, len, POSTIL_EHOOK);
  }
  /* Every table of nodes full, every node the first one: look-ups end. */
  memcpy(copy, bytes, len);
  pst_image image;
  pst_image_lay(copy, &image);
  for (uint32_t i = 0; i < image.n.slots; i++)
    memcpy(copy + ((const char *)&image.slots[i] - copy), &(uint32_t){1}, 4);
  uint64_t sum = pst_image_sum(copy, len);
  memcpy(copy + offsetof(pst_image_head, sum), &sum, sizeof sum);
  try_image(copy, len, POSTIL_OK);
  free(copy);
  free(bytes);
}

/* ---- memory ---- */

static postil_status all_of_it(const postil_mem *mem, void *ud) {
  postil_rules *r = NULL, *use = NULL;
  postil_rule rule = rule_of(POSTIL_TAG, "x", POSTIL_CASE_LETTER);
  char *bytes = NULL;
  size_t len = 0;
  (void)ud;
  postil_status s = postil_rules_new(mem, &r, NULL);
  if (!s) s = postil_rules_add(r, &rule, NULL, NULL);
  for (size_t i = 0; !s && i < PST_COUNT(hostile); i++) s = add_entry(r, 0, &hostile[i]);
  if (!s) s = postil_image_make(r, mem, &bytes, &len, NULL);
  if (!s) s = postil_rules_new(mem, &use, NULL);
  if (!s) s = postil_rules_add(use, &rule, NULL, NULL);
  if (!s) s = postil_rules_image(use, 0, bytes, len, NULL);
  if (!s) s = postil_rules_seal(use, NULL);
  postil_rules_free(use);
  postil_rules_free(r);
  if (bytes) mem->resize(mem->ud, bytes, len, 0);
  return s;
}

static void test_fail(void **state) {
  (void)state;
  assert_true(support_fail_each(all_of_it, NULL) > 30);
}

/* ---- what the images stand on ---- */

typedef struct visit {
  const pst_lexicon *empty;
  size_t n;
} visit;

/* A known word's hash is the one it would have were it unknown. */
static void check_word(void *ud, uint32_t id, uint32_t unknown, const char *word, size_t len) {
  visit *v = ud;
  uint32_t there = pst_lexicon_find(v->empty, word, len);
  if (id >= 128) assert_int_equal(unknown, there);
  assert_true(pst_word_folds(word, len, word, len));
  v->n++;
}

static void test_hashes(void **state) {
  (void)state;
  postil_mem mem = pst_mem_default();
  pst_lexicon *lex = pst_lexicon_new(&mem), *empty = pst_lexicon_new(&mem);
  assert_non_null(lex);
  assert_non_null(empty);
  for (uint32_t cp = 0x80; cp < 0x30000; cp++) {
    char word[20];
    if (cp >= 0xD800 && cp < 0xE000) continue;
    size_t n = pst_utf8_put(word, cp);
    memcpy(word + n, "Longer Word", 11);
    assert_true(pst_lexicon_add(lex, word, cp % 2 ? n : n + 11));
  }
  visit v = {empty, 0};
  pst_lexicon_visit(lex, check_word, &v);
  assert_true(v.n > 100000);
  assert_false(pst_word_folds("Word", 4, "wor", 3));
  assert_false(pst_word_folds("Wor", 3, "word", 4));
  assert_true(pst_word_folds("\xC4\xB0zmir", 6, "izmir", 5));
  pst_lexicon_free(lex);
  pst_lexicon_free(empty);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_finds),  cmocka_unit_test(test_names),
                                     cmocka_unit_test(test_twin),   cmocka_unit_test(test_together),
                                     cmocka_unit_test(test_many),   cmocka_unit_test(test_nothing),
                                     cmocka_unit_test(test_damage), cmocka_unit_test(test_hostile),
                                     cmocka_unit_test(test_fail),   cmocka_unit_test(test_hashes)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
