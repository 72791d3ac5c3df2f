/* test_term.c - terms over items, against a list that is gone through one by one. */
#include "support.h"

#include "../../core/term.h"

typedef struct fixture {
  postil_mem mem;
  pst_lexicon *lex;
  pst_terms *terms;
  pst_view view;
  pst_words words;
} fixture;

static void setup(fixture *f) {
  memset(f, 0, sizeof *f);
  f->mem = pst_mem_default();
  f->lex = pst_lexicon_new(&f->mem);
  assert_non_null(f->lex);
  f->terms = pst_terms_new(&f->mem, f->lex);
  assert_non_null(f->terms);
}

static void teardown(fixture *f) {
  pst_words_free(&f->words, &f->mem);
  pst_view_free(&f->view, &f->mem);
  pst_terms_free(f->terms);
  pst_lexicon_free(f->lex);
}

static void add(fixture *f, const char *term, postil_case kase, uint32_t owner, uint32_t data) {
  postil_err err;
  assert_int_equal(pst_terms_add(f->terms, term, strlen(term), kase, owner, data, &err), POSTIL_OK);
}

static void seal(fixture *f) { assert_int_equal(pst_terms_seal(f->terms, NULL), POSTIL_OK); }

static void cut(fixture *f, const char *s, size_t len) {
  pst_span all = {0, len};
  pst_view_reset(&f->view, 0);
  f->words.item.n = 0;
  assert_true(pst_view_add(&f->view, &f->mem, s, all));
  assert_true(pst_words_add(&f->words, &f->mem, f->lex, f->view.bytes.at, 0, f->view.bytes.n,
                            NULL));
}

/* Finds all terms in s and writes "data[first,end) " for each, with spans in bytes of the text. */
static void find(fixture *f, const char *s, char *line) {
  size_t n = 0;
  cut(f, s, strlen(s));
  uint32_t limit = (uint32_t)f->words.item.n;
  const pst_item *item = f->words.item.at;
  line[0] = '\0';
  for (uint32_t i = 0; i < limit; i++) {
    pst_term_hit hits[16];
    size_t count = pst_terms_at(f->terms, item, i, limit, hits, PST_COUNT(hits));
    if (count) assert_true(pst_terms_start(f->terms, item[i].id));
    for (size_t k = 0; k < count; k++) {
      size_t start = pst_view_text_start(&f->view, item[i].at);
      const pst_item *last = &item[hits[k].end - 1];
      size_t end = pst_view_text_end(&f->view, (size_t)last->at + last->len);
      assert_int_equal(hits[k].first, i);
      line[n++] = (char)('0' + hits[k].data);
      line[n++] = '=';
      memcpy(line + n, s + start, end - start);
      n += end - start;
      line[n++] = ';';
      line[n] = '\0';
    }
  }
}

static void expect(fixture *f, const char *s, const char *want) {
  char line[1024];
  find(f, s, line);
  assert_string_equal(line, want);
}

static void test_case(void **state) {
  (void)state;
  fixture f;
  setup(&f);
  add(&f, "US", POSTIL_CASE_LETTER, 1, 1);
  add(&f, "us", POSTIL_CASE_LETTER, 1, 2);
  add(&f, "Apple", POSTIL_CASE_EXACT, 1, 3);
  add(&f, "GmbH", POSTIL_CASE_FOLD, 1, 4);
  add(&f, "Wren", POSTIL_CASE_LETTER, 1, 5);
  seal(&f);
  expect(&f, "us US Us", "2=us;1=US;2=US;2=Us;");
  expect(&f, "apple Apple APPLE", "3=Apple;");
  expect(&f, "gmbh GMBH GmbH", "4=gmbh;4=GMBH;4=GmbH;");
  expect(&f, "wren Wren WREN wREN", "5=Wren;5=WREN;");
  teardown(&f);
}

static void test_gap_and_touch(void **state) {
  (void)state;
  fixture f;
  setup(&f);
  add(&f, "prime minister", POSTIL_CASE_LETTER, 1, 1);
  add(&f, "AT&T", POSTIL_CASE_LETTER, 1, 2);
  add(&f, "Jean-Pierre", POSTIL_CASE_LETTER, 1, 3);
  add(&f, "U.S.", POSTIL_CASE_LETTER, 1, 4);
  add(&f, "5 m", POSTIL_CASE_LETTER, 1, 5);
  add(&f, "China 's", POSTIL_CASE_LETTER, 1, 6);
  add(&f, "caf\xC3\xA9", POSTIL_CASE_LETTER, 1, 7);
  seal(&f);
  expect(&f, "Prime  Minister, PRIME\nMINISTER; prime\xC2\xA0minister",
         "1=Prime  Minister;1=PRIME\nMINISTER;1=prime\xC2\xA0minister;");
  expect(&f, "prime ministers, primeminister", "");
  expect(&f, "AT&T AT & T AT &T", "2=AT&T;");
  expect(&f, "Jean-Pierre Jean - Pierre Jean\xE2\x80\x91Pierre",
         "3=Jean-Pierre;3=Jean\xE2\x80\x91Pierre;");
  expect(&f, "the U.S. and the U.S army", "4=U.S.;");
  expect(&f, "5m 5 m 5 ma 15m", "5=5m;5=5 m;");
  expect(&f, "China's China\xE2\x80\x99s", "6=China's;6=China\xE2\x80\x99s;");
  expect(&f, "Cafe\xCC\x81 CAF\xC3\x89 cafe", "7=Cafe\xCC\x81;7=CAF\xC3\x89;");
  teardown(&f);
}

static void test_longest_first(void **state) {
  (void)state;
  fixture f;
  setup(&f);
  add(&f, "New", POSTIL_CASE_LETTER, 1, 1);
  add(&f, "New York Times", POSTIL_CASE_LETTER, 2, 2);
  add(&f, "New York", POSTIL_CASE_LETTER, 3, 3);
  add(&f, "new york", POSTIL_CASE_LETTER, 4, 4);
  add(&f, "New York", POSTIL_CASE_LETTER, 3, 5);
  seal(&f);
  expect(&f, "New York Times", "2=New York Times;3=New York;4=New York;5=New York;1=New;");
  expect(&f, "New York Time", "3=New York;4=New York;5=New York;1=New;");
  expect(&f, "York Times", "");
  cut(&f, "New York Times", 14);
  pst_term_hit hits[2];
  assert_int_equal(pst_terms_at(f.terms, f.words.item.at, 1, 4, hits, 2), 2);
  assert_int_equal(hits[0].owner, 2);
  assert_int_equal(hits[0].end, 4);
  assert_int_equal(hits[1].owner, 3);
  assert_int_equal(pst_terms_at(f.terms, f.words.item.at, 1, 3, hits, 1), 1);
  assert_int_equal(hits[0].end, 3);
  assert_int_equal(pst_terms_at(f.terms, f.words.item.at, 1, 1, hits, 2), 0);
  assert_int_equal(pst_terms_at(f.terms, f.words.item.at, 0, 5, hits, 2), 0);
  teardown(&f);
}

/* No term goes over the break between two paragraphs. */
static void test_paragraphs(void **state) {
  (void)state;
  fixture f;
  pst_term_hit hit;
  setup(&f);
  add(&f, "cold war", POSTIL_CASE_LETTER, 1, 1);
  seal(&f);
  assert_true(pst_words_add(&f.words, &f.mem, f.lex, "coldwar", 0, 4, NULL));
  assert_true(pst_words_add(&f.words, &f.mem, f.lex, "coldwar", 4, 7, NULL));
  assert_int_equal(f.words.item.n, 5);
  assert_int_equal(pst_terms_at(f.terms, f.words.item.at, 1, 5, &hit, 1), 0);
  teardown(&f);
}

static void test_refused(void **state) {
  (void)state;
  fixture f;
  postil_err err;
  setup(&f);
  assert_int_equal(pst_terms_add(f.terms, "", 0, POSTIL_CASE_LETTER, 0, 0, &err), POSTIL_EPATTERN);
  assert_int_equal(pst_terms_add(f.terms, " \t\n", 3, POSTIL_CASE_LETTER, 0, 0, &err),
                   POSTIL_EPATTERN);
  assert_int_equal(pst_terms_add(f.terms, "\xC2\xAD", 2, POSTIL_CASE_LETTER, 0, 0, &err),
                   POSTIL_EPATTERN);
  assert_false(pst_terms_start(f.terms, 1));
  seal(&f);
  assert_int_equal(pst_terms_add(f.terms, "x", 1, POSTIL_CASE_LETTER, 0, 0, &err), POSTIL_EUSE);
  expect(&f, "x y z", "");
  teardown(&f);
}

/* ---- the slow twin ---- */

enum { TERMS = 400, ROUNDS = 1500, LONGEST = 400 };

static const char *const pieces[] = {
    "a", "A", "bb", "Bb", "BB", "bB", "c's", "5", "5m", "-", "'", ".", "\xC3\xA9", "\xC3\x89",
    "\xE7\x8E\x8B", "&", "x.y", "X.y",
};

static size_t random_text(uint64_t *seed, char *s, size_t most) {
  size_t n = 0, count = 1 + support_below(seed, most);
  for (size_t i = 0; i < count; i++) {
    const char *piece = pieces[support_below(seed, PST_COUNT(pieces))];
    if (n && support_below(seed, 3)) s[n++] = ' ';
    memcpy(s + n, piece, strlen(piece));
    n += strlen(piece);
  }
  s[n] = '\0';
  return n;
}

typedef struct listed {
  char text[64];
  postil_case kase;
  pst_words words;
} listed;

static bool twin_matches(const fixture *f, const listed *term, uint32_t first) {
  for (size_t i = 0; i < term->words.item.n; i++) {
    if (first + i >= f->words.item.n) return false;
    const pst_item *a = &term->words.item.at[i], *b = &f->words.item.at[first + i];
    if (b->cls & PST_PARA || a->id != b->id) return false;
    if (a->cls & PST_GLUE && !(b->cls & PST_GLUE)) return false;
    if (term->kase == POSTIL_CASE_EXACT && a->up != b->up) return false;
    if (term->kase == POSTIL_CASE_LETTER && (a->up & ~b->up)) return false;
  }
  return true;
}

/* The hits at `first` from the longest to the shortest, in order of addition. */
static size_t twin_at(const fixture *f, const listed *list, uint32_t first, pst_term_hit *hits) {
  size_t n = 0;
  for (uint32_t len = 16; len > 0; len--)
    for (uint32_t k = 0; k < TERMS; k++)
      if (list[k].words.item.n == len && twin_matches(f, &list[k], first)) {
        pst_term_hit hit = {first, first + len, k % 7, k, 0};
        hits[n++] = hit;
      }
  return n;
}

static void test_twin(void **state) {
  (void)state;
  static listed list[TERMS];
  static pst_term_hit want[TERMS], got[TERMS];
  fixture f;
  uint64_t seed = 17;
  size_t found = 0;
  char s[LONGEST];
  setup(&f);
  for (uint32_t k = 0; k < TERMS; k++) {
    size_t len = random_text(&seed, list[k].text, 4);
    list[k].kase = (postil_case)support_below(&seed, 3);
    add(&f, list[k].text, list[k].kase, k % 7, k);
    pst_words_literal(&list[k].words, &f.mem, f.lex, list[k].text, len);
    assert_true(list[k].words.item.n <= 16);
  }
  seal(&f);
  for (int round = 0; round < ROUNDS; round++) {
    cut(&f, s, random_text(&seed, s, 30));
    for (uint32_t i = 0; i < f.words.item.n; i++) {
      size_t n = twin_at(&f, list, i, want);
      assert_int_equal(pst_terms_at(f.terms, f.words.item.at, i, (uint32_t)f.words.item.n, got,
                                    TERMS),
                       n);
      found += n;
      for (size_t k = 0; k < n; k++) {
        assert_int_equal(got[k].first, want[k].first);
        assert_int_equal(got[k].end, want[k].end);
        assert_int_equal(got[k].owner, want[k].owner);
        assert_int_equal(got[k].data, want[k].data);
      }
    }
  }
  assert_true(found > 1000);
  for (size_t k = 0; k < TERMS; k++) pst_words_free(&list[k].words, &f.mem);
  teardown(&f);
}

static postil_status add_failing(const postil_mem *mem, void *ud) {
  pst_lexicon *lex = pst_lexicon_new(mem);
  pst_terms *terms = lex ? pst_terms_new(mem, lex) : NULL;
  postil_status status = terms ? POSTIL_OK : POSTIL_ENOMEM;
  char word[8] = "aaa Bbb";
  (void)ud;
  for (uint32_t i = 0; status == POSTIL_OK && i < 60; i++) {
    word[0] = (char)('a' + i % 26);
    word[2] = (char)(i % 2 ? 'X' : 'x');
    word[5] = (char)('A' + i / 2);
    status = pst_terms_add(terms, word, 7, POSTIL_CASE_LETTER, 0, i, NULL);
  }
  if (status == POSTIL_OK) status = pst_terms_seal(terms, NULL);
  pst_terms_free(terms);
  pst_lexicon_free(lex);
  return status;
}

static void test_no_memory(void **state) {
  (void)state;
  assert_true(support_fail_each(add_failing, NULL) > 20); /* some by each table that grows */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_case),       cmocka_unit_test(test_gap_and_touch),
      cmocka_unit_test(test_longest_first), cmocka_unit_test(test_paragraphs),
      cmocka_unit_test(test_refused),    cmocka_unit_test(test_twin),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
