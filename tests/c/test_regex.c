/* test_regex.c - PCRE2 behind its door: places, groups, limits, what is refused, failing memory. */
#include "support.h"

#include "../../core/regex.h"

typedef struct bench {
  support_mem heap;
  postil_mem mem;
  pst_regex *regex;
  pst_regex_run *run;
  postil_err err;
} bench;

static void bench_open(bench *b, const char *source, const char *flags) {
  memset(b, 0, sizeof *b);
  b->heap = support_mem_new();
  b->mem = support_mem_use(&b->heap);
  b->regex = pst_regex_new(&b->mem, source, strlen(source), flags, &b->err);
  b->run = pst_regex_run_new(&b->mem);
  assert_non_null(b->run);
}

static void bench_close(bench *b) {
  pst_regex_free(b->regex);
  pst_regex_run_free(b->run);
  support_mem_done(&b->heap);
}

/* Where a match at `at` of text[0, end) stops; 0: none. */
static size_t stop_of(const char *source, const char *flags, const char *text, size_t end,
                      size_t at) {
  bench b;
  bench_open(&b, source, flags);
  if (!b.regex) fail_msg("%s: %s", source, b.err.what);
  size_t stop = 99;
  assert_int_equal(pst_regex_at(b.regex, b.run, text, end, at, &stop), POSTIL_OK);
  if (stop) {
    unsigned char byte = (unsigned char)text[at];
    assert_true(pst_regex_first(b.regex)[byte / 8] >> byte % 8 & 1);
  }
  bench_close(&b);
  return stop;
}

static void test_places(void **state) {
  (void)state;
  assert_int_equal(stop_of("\\d+", "", "ab 123 c", 8, 3), 6);
  assert_int_equal(stop_of("\\d+", "", "ab 123 c", 8, 2), 0);
  assert_int_equal(stop_of("\\d+", "", "ab 123 c", 5, 3), 5);
  assert_int_equal(stop_of("c", "", "ab 123 c", 8, 7), 8);
  assert_int_equal(stop_of("c", "", "ab 123 c", 8, 8), 0);
  assert_int_equal(stop_of("(?<=b )\\d", "", "ab 1", 4, 3), 4);
  assert_int_equal(stop_of("a.c", "", "a\0c", 3, 0), 3);
  assert_int_equal(stop_of("a|", "", "b", 1, 0), 0);
  assert_int_equal(stop_of("b*?", "", "bb", 2, 0), 1);
  assert_int_equal(stop_of("^a", "", "ba", 2, 1), 0);
  assert_int_equal(stop_of("a$", "", "ab", 1, 0), 1);
}

static void test_flags(void **state) {
  (void)state;
  assert_int_equal(stop_of("AB", "i", "ab", 2, 0), 2);
  assert_int_equal(stop_of("AB", "", "ab", 2, 0), 0);
  assert_int_equal(stop_of("a.b", "s", "a\nb", 3, 0), 3);
  assert_int_equal(stop_of("a.b", "", "a\nb", 3, 0), 0);
  assert_int_equal(stop_of("a b # note", "x", "ab", 2, 0), 2);
  assert_int_equal(stop_of("A b", "ix", "aB", 2, 0), 2);
  assert_int_equal(stop_of("k", "i", "\xE2\x84\xAA", 3, 0), 3);
}

static void test_unicode(void **state) {
  (void)state;
  assert_int_equal(stop_of("\\w+", "", "\xC3\xA9t\xC3\xA9 b", 7, 0), 5);
  assert_int_equal(stop_of(".", "", "\xE4\xBA\xAC", 3, 0), 3);
  assert_int_equal(stop_of("[\xC3\xA0-\xC3\xBF]+", "", "\xC3\xA9\xC3\xA8z", 5, 0), 4);
  assert_int_equal(stop_of("\xC3\x89", "i", "\xC3\xA9", 2, 0), 2);
}

static void test_groups(void **state) {
  (void)state;
  bench b;
  bench_open(&b, "(?<year>\\d{4})(-)(?<month>\\d\\d)(?<day>-\\d\\d)?", "");
  assert_non_null(b.regex);
  assert_string_equal(pst_regex_group(b.regex, 0), "year");
  assert_string_equal(pst_regex_group(b.regex, 1), "month");
  assert_string_equal(pst_regex_group(b.regex, 2), "day");
  assert_null(pst_regex_group(b.regex, 3));
  size_t stop, start, end;
  assert_int_equal(pst_regex_at(b.regex, b.run, "on 2023-02 x", 12, 3, &stop), POSTIL_OK);
  assert_int_equal(stop, 10);
  assert_true(pst_regex_span(b.regex, b.run, 0, &start, &end));
  assert_int_equal(start, 3);
  assert_int_equal(end, 7);
  assert_true(pst_regex_span(b.regex, b.run, 1, &start, &end));
  assert_int_equal(start, 8);
  assert_int_equal(end, 10);
  assert_false(pst_regex_span(b.regex, b.run, 2, &start, &end));
  assert_false(pst_regex_span(b.regex, b.run, 3, &start, &end));
  bench_close(&b);
}

/* Bytes that a match cannot begin with are known where PCRE2 knows them. */
static void test_first(void **state) {
  (void)state;
  bench b;
  bench_open(&b, "(19|20)\\d\\d", "");
  const uint8_t *first = pst_regex_first(b.regex);
  for (unsigned byte = 0; byte < 256; byte++)
    assert_int_equal(first[byte / 8] >> byte % 8 & 1, byte == '1' || byte == '2');
  bench_close(&b);
  bench_open(&b, "www\\.", "i");
  first = pst_regex_first(b.regex);
  for (unsigned byte = 0; byte < 256; byte++)
    assert_int_equal(first[byte / 8] >> byte % 8 & 1, byte == 'w' || byte == 'W');
  bench_close(&b);
}

static void test_long(void **state) {
  (void)state;
  static char source[32770];
  memset(source, 'a', sizeof source - 1);
  bench b;
  bench_open(&b, source, "");
  assert_null(b.regex);
  assert_int_equal(b.err.code, POSTIL_ELIMIT);
  assert_string_equal(b.err.what, "a regex has at most 32768 bytes");
  bench_close(&b);
}

static void test_refused(void **state) {
  (void)state;
  static const struct {
    const char *source, *flags;
    postil_status code;
    size_t at;
    const char *words;
  } cases[] = {
      {"", "", POSTIL_EPATTERN, 0, "empty regex"},
      {"a(", "", POSTIL_EPATTERN, 2, "missing closing parenthesis"},
      {"a\xE2\x80\x99s", "", POSTIL_EPATTERN, 1, "\xE2\x80\x99 is ' in the text; write that"},
      {"\xE2\x80\x9Cx", "", POSTIL_EPATTERN, 0, "\xE2\x80\x9C is \" in the text; write that"},
      {"[\xE2\x80\x93]", "", POSTIL_EPATTERN, 1, "\xE2\x80\x93 is - in the text; write that"},
      {"a\xC2\xA0"
       "b",
       "", POSTIL_EPATTERN, 1, "every space of the text is a plain one; write \\s"},
      {"a\xC2\xAD"
       "b",
       "", POSTIL_EPATTERN, 1, "this character is left out of the text; drop it"},
      {"a\\Cb", "", POSTIL_EPATTERN, 1, "\\C would split a character; write ."},
      {"ab(*FAIL)", "", POSTIL_EPATTERN, 2, "verbs such as (*FAIL) are not taken"},
      {"(*UTF)a", "", POSTIL_EPATTERN, 0, "verbs such as (*FAIL) are not taken"},
      {"a(?C1)b", "", POSTIL_EPATTERN, 1, "callouts are not taken"},
      {"(?J)(?<n>a)|(?<n>b)", "", POSTIL_EPATTERN, 0,
       "a name stands for one group; (?J) is not taken"},
      {"(?iJ:a)", "", POSTIL_EPATTERN, 0, "a name stands for one group; (?J) is not taken"},
      {"a", "g", POSTIL_EPATTERN, 1, "a regex takes the letters i, s and x only"}};
  for (size_t i = 0; i < PST_COUNT(cases); i++) {
    bench b;
    bench_open(&b, cases[i].source, cases[i].flags);
    assert_null(b.regex);
    assert_int_equal(b.err.code, cases[i].code);
    assert_string_equal(b.err.what, cases[i].words);
    assert_int_equal(b.err.at, cases[i].at);
    bench_close(&b);
  }
}

/* Taken: what only looks like something refused. */
static void test_taken(void **state) {
  (void)state;
  assert_int_equal(stop_of("\\(*", "", "((", 2, 0), 2);
  assert_int_equal(stop_of("[(*]+", "", "(*", 2, 0), 2);
  assert_int_equal(stop_of("[](*]+", "", "](*", 3, 0), 3);
  assert_int_equal(stop_of("[^](*]+", "", "ab", 2, 0), 2);
  assert_int_equal(stop_of("(?i)a(?-i:b)", "", "Ab", 2, 0), 2);
  assert_int_equal(stop_of("(?<J>a)", "", "a", 1, 0), 1);
  assert_int_equal(stop_of("\xE2\x80\x94", "", "\xE2\x80\x94", 3, 0), 3);
  assert_int_equal(stop_of("[[:alpha:]]+", "", "ab1", 3, 0), 2);
}

static void test_too_much(void **state) {
  (void)state;
  bench b;
  bench_open(&b, "(a+)+(b+)+(\\1\\2)+x", "");
  assert_non_null(b.regex);
  char text[400];
  memset(text, 'a', sizeof text);
  memset(text + 60, 'b', 200);
  memcpy(text + sizeof text - 2, "cx", 2);
  size_t stop = 0;
  assert_int_equal(pst_regex_at(b.regex, b.run, text, sizeof text, 0, &stop), POSTIL_ELIMIT);
  assert_int_equal(stop, 0);
  bench_close(&b);
  static char many[66 * 3 + 1];
  for (size_t i = 0; i < 66; i++) memcpy(many + 3 * i, "(a)", 3);
  bench_open(&b, many, "");
  assert_null(b.regex);
  assert_int_equal(b.err.code, POSTIL_ELIMIT);
  bench_close(&b);
  static char deep[200];
  memset(deep, '(', 80);
  deep[80] = 'a';
  memset(deep + 81, ')', 80);
  bench_open(&b, deep, "");
  assert_null(b.regex);
  assert_int_equal(b.err.code, POSTIL_EPATTERN);
  bench_close(&b);
}

static postil_status make_and_match(const postil_mem *mem, void *ud) {
  (void)ud;
  postil_err err;
  pst_regex *regex = pst_regex_new(mem, "(?<n>a+\xC3\xA9)(?<m>b|c)*x", 21, "i", &err);
  pst_regex_run *run = regex ? pst_regex_run_new(mem) : NULL;
  postil_status status = POSTIL_ENOMEM;
  size_t stop = 0;
  if (run)
    status = pst_regex_at(regex, run,
                          "aa\xC3\xA9"
                          "bcx",
                          7, 0, &stop);
  if (status == POSTIL_OK) assert_int_equal(stop, 7);
  if (!regex) assert_int_equal(err.code, POSTIL_ENOMEM);
  pst_regex_free(regex);
  pst_regex_run_free(run);
  return status;
}

static void test_memory(void **state) {
  (void)state;
  assert_true(support_fail_each(make_and_match, NULL) > 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_places),  cmocka_unit_test(test_flags),
      cmocka_unit_test(test_unicode), cmocka_unit_test(test_groups),
      cmocka_unit_test(test_first),   cmocka_unit_test(test_refused), cmocka_unit_test(test_long),
      cmocka_unit_test(test_taken),   cmocka_unit_test(test_too_much),
      cmocka_unit_test(test_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
