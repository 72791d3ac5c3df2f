/* test_text.c - code points, encodings, lines, paragraphs and places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../core/text.h"

static uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state * UINT64_C(0x2545F4914F6CDD1D) >> 16;
}

/* Bytes that like to be mistaken: leads, tails, terminators, letters. */
static size_t random_bytes(uint64_t *random, char *s, size_t n) {
  static const unsigned char pool[] = {'a',  'b',  ' ',  ' ',  '.',  '\n', '\n', '\r', '\v',
                                       '\f', 0,    0xC2, 0x85, 0xE2, 0x80, 0xA8, 0xA9, 0xA0,
                                       0x9F, 0xF0, 0x90, 0xF4, 0x8F, 0xED, 0xBF, 0xE0, 0xC0,
                                       0xFF, 0xC3, 0xA9, 0xEF, 0xBB, 0x98};
  static const char *const whole[] = {"\xC3\xA9", "\xE2\x80\xA8", "\xC2\x85", "\xF0\x9F\x98\x80",
                                      "\r\n",     "\xE2\x80\x9D", "word"};
  size_t len = 0;
  while (len < n) {
    if (next_random(random) % 3 == 0) {
      const char *w = whole[next_random(random) % PST_COUNT(whole)];
      memcpy(s + len, w, strlen(w));
      len += strlen(w);
    } else {
      s[len++] = (char)pool[next_random(random) % PST_COUNT(pool)];
    }
  }
  return len;
}

/* ---- code points ---- */

/* Table 3-7 of the standard by its rows: can these n bytes begin (or be) a well-formed sequence? */
static bool slow_prefix(const unsigned char *b, size_t n, size_t *whole) {
  static const unsigned char rows[][9] = {
      /* length, then the range of each byte */
      {2, 0xC2, 0xDF, 0x80, 0xBF, 0, 0, 0, 0},
      {3, 0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF, 0, 0},
      {3, 0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF, 0, 0},
      {3, 0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF, 0, 0},
      {3, 0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF, 0, 0},
      {4, 0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
      {4, 0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
      {4, 0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF},
  };
  for (size_t r = 0; r < PST_COUNT(rows); r++) {
    size_t i = 0;
    while (i < n && i < rows[r][0] && b[i] >= rows[r][1 + 2 * i] && b[i] <= rows[r][2 + 2 * i]) i++;
    *whole = rows[r][0];
    if (i == n) return true;
  }
  return false;
}

static size_t slow_next(const char *s, size_t len, size_t at, bool *ill) {
  const unsigned char *b = (const unsigned char *)s + at;
  size_t n = 1, whole = 1;
  *ill = false;
  if (b[0] < 0x80) return 1;
  *ill = true;
  if (!slow_prefix(b, 1, &whole)) return 1;
  while (n < whole && at + n < len && slow_prefix(b, n + 1, &whole)) n++;
  slow_prefix(b, n, &whole);
  *ill = n != whole;
  return n;
}

static void test_points(void **state) {
  (void)state;
  for (uint32_t cp = 0; cp < 0x110000; cp++) {
    char s[5] = "....";
    uint32_t got = 0;
    if (cp >= 0xD800 && cp < 0xE000) continue;
    size_t n = pst_utf8_put(s, cp);
    assert_int_equal(n, cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4);
    assert_int_equal(pst_utf8_next(s, 5, 0, &got), n);
    assert_int_equal(got, cp);
    assert_int_equal(pst_utf8_prev(s, 5, n, &got), n);
    assert_int_equal(got, cp);
  }
}

static void test_ill_formed(void **state) {
  static const struct {
    const char *bytes;
    size_t len, unit;
  } cases[] = {
      {"\x80", 1, 1},
      {"\xC0\x80", 2, 1},
      {"\xC3", 1, 1},
      {"\xE0\x80\x80", 3, 1},
      {"\xE2\x84", 2, 2},
      {"\xE2\x84x", 3, 2},
      {"\xED\xA0\x80", 3, 1},
      {"\xF0\x80\x80", 3, 1},
      {"\xF0\x9F\x98", 3, 3},
      {"\xF4\x90\x80\x80", 4, 1},
      {"\xF5\x80", 2, 1},
      {"\xFF", 1, 1},
      {"\xF1\x80\xC3\xA9", 4, 2},
  };
  (void)state;
  for (size_t i = 0; i < PST_COUNT(cases); i++) {
    uint32_t cp = 0;
    assert_int_equal(pst_utf8_next(cases[i].bytes, cases[i].len, 0, &cp), cases[i].unit);
    assert_int_equal(cp, PST_ILL);
  }
}

/* Forwards against the table, backwards and floor against forwards. */
static void test_walks(void **state) {
  uint64_t random = 1234567;
  (void)state;
  for (int round = 0; round < 3000; round++) {
    char s[80];
    size_t len = random_bytes(&random, s, next_random(&random) % 60);
    for (size_t at = 0; at < len;) {
      uint32_t cp = 0, back = 1;
      bool ill;
      size_t n = pst_utf8_next(s, len, at, &cp);
      assert_int_equal(n, slow_next(s, len, at, &ill));
      assert_int_equal(cp == PST_ILL, ill);
      assert_int_equal(pst_utf8_prev(s, len, at + n, &back), n);
      assert_int_equal(back, cp);
      for (size_t i = 0; i < n; i++) assert_int_equal(pst_utf8_floor(s, len, at + i), at);
      at += n;
    }
    assert_int_equal(pst_utf8_floor(s, len, len), len);
  }
}

/* ---- encodings ---- */

/* What the check says of `n` code points written in `width` bytes each. */
static const char *said_of(const char *text, uint32_t shift, size_t width, bool big, bool mark) {
  static postil_err err;
  char s[4096];
  size_t len = 0;
  memset(&err, 0, sizeof err);
  for (size_t i = 0; i == 0 || text[i - 1]; i++) {
    uint32_t cp = i == 0 ? 0xFEFF : (unsigned char)text[i - 1];
    if (i == 0 && !mark) continue;
    if (i > 0 && cp >= 'a') cp += shift;
    for (size_t k = 0; k < width; k++)
      s[len++] = (char)(unsigned char)(cp >> 8 * (big ? width - 1 - k : k) & 0xFF);
  }
  postil_status status = pst_text_check(s, len, &err);
  assert_int_equal(status, err.code);
  return err.what;
}

static void test_encodings(void **state) {
  const char *text = "Some words, and then some more of them.\nA second line.\n";
  (void)state;
  for (int mark = 0; mark < 2; mark++) {
    assert_string_equal(said_of(text, 0, 2, false, mark),
                        "looks like UTF-16LE; convert it first: iconv -f UTF-16LE -t UTF-8");
    assert_string_equal(said_of(text, 0, 2, true, mark),
                        "looks like UTF-16BE; convert it first: iconv -f UTF-16BE -t UTF-8");
    assert_string_equal(said_of(text, 0, 4, false, mark),
                        "looks like UTF-32LE; convert it first: iconv -f UTF-32LE -t UTF-8");
    assert_string_equal(said_of(text, 0, 4, true, mark),
                        "looks like UTF-32BE; convert it first: iconv -f UTF-32BE -t UTF-8");
    assert_non_null(strstr(said_of(text, 0x3CF, 2, false, mark), "UTF-16LE")); /* Cyrillic */
    assert_non_null(strstr(said_of(text, 0x3CF, 2, true, mark), "UTF-16BE"));
    assert_non_null(strstr(said_of(text, 0x5000, 4, true, mark), "UTF-32BE"));
  }
}

#define FINE(s) assert_int_equal(pst_text_check(s, sizeof(s) - 1, NULL), POSTIL_OK)

static void test_not_refused(void **state) {
  char zeros[2048] = {0};
  (void)state;
  FINE("");
  FINE("a");
  FINE("\0");
  FINE("plain text");
  FINE("\xEF\xBB\xBFwith a mark");
  FINE("caf\xE9 in Latin-1, tr\xE8s p\xFCr");
  FINE("one\0two\0three\0four\0five\0six\0seven\0");
  FINE("a\0b");
  FINE("\xFE\xFE\xFF");
  FINE("\xEF\xBF\xBE \xEF\xB7\x90 \xEE\x80\x80"); /* noncharacters, private use */
  assert_int_equal(pst_text_check(zeros, sizeof zeros, NULL), POSTIL_OK);
  assert_int_equal(pst_text_bom("\xEF\xBB\xBFx", 4), 3);
  assert_int_equal(pst_text_bom("\xEF\xBB", 2), 0);
  assert_int_equal(pst_text_bom("x\xEF\xBB\xBF", 4), 0);
}

/* ---- lines ---- */

static void test_lines(void **state) {
  const char text[] =
      "a\nb\r\nc\rd\ve\ff\xC2\x85g\xE2\x80\xA8h\xE2\x80\xA9\xE2\x80\x9Di\xC2\xA0\xE2";
  static const size_t ends[] = {1, 3, 6, 8, 10, 12, 15, 19, 29};
  static const size_t nexts[] = {2, 5, 7, 9, 11, 14, 18, 22, 29};
  size_t at = 0, n = 0, len = sizeof text - 1;
  (void)state;
  assert_int_equal(len, 29);
  for (size_t next; at < len; at = next, n++) {
    assert_int_equal(pst_line_end(text, len, at, &next), ends[n]);
    assert_int_equal(next, nexts[n]);
  }
  assert_int_equal(n, PST_COUNT(ends));
  assert_int_equal(pst_line_end("x", 1, 1, &at), 1);
  assert_int_equal(at, 1);
}

/* Line by line against a walk over code points. */
static void test_lines_random(void **state) {
  uint64_t random = 99;
  (void)state;
  for (int round = 0; round < 3000; round++) {
    char s[160];
    size_t len = random_bytes(&random, s, next_random(&random) % 150);
    for (size_t from = 0; from < len; from++) {
      size_t at = from, end = len, want = len, next;
      while (at < len) {
        uint32_t cp;
        size_t n = pst_utf8_next(s, len, at, &cp);
        bool ends = (cp >= '\n' && cp <= '\r') || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
        if (ends) {
          end = at;
          want = at + n + (cp == '\r' && at + 1 < len && s[at + 1] == '\n');
          break;
        }
        at += n;
      }
      assert_int_equal(pst_line_end(s, len, from, &next), end);
      assert_int_equal(next, want);
      from += next_random(&random) % 3;
    }
  }
}

static void test_blank(void **state) {
  const char odd[] = " \t\xC2\xA0\xE3\x80\x80\xE2\x80\x8B\xEF\xBB\xBF\xC2\xAD";
  (void)state;
  assert_true(pst_line_blank("x", 0, 0));
  assert_true(pst_line_blank(odd, 0, sizeof odd - 1));
  assert_true(pst_line_blank("x \ny", 1, 3));
  assert_false(pst_line_blank("  *  ", 0, 5));
  assert_false(pst_line_blank(" \xC3", 0, 2));
  assert_false(pst_line_blank(" \xCC\x81", 0, 3));
}

/* ---- paragraphs ---- */

static bool by_line(const char *s, size_t *pairs) {
  pst_para_sums sums;
  pst_para_count(s, strlen(s), &sums);
  *pairs = sums.pairs;
  return pst_para_by_line(&sums);
}

#define LONG_LINE                                                                                  \
  "The committee met for the third time this week and, after some hours, it agreed on a budget "   \
  "for "                                                                                           \
  "the coming year."

static void test_separation(void **state) {
  size_t pairs;
  (void)state;
  assert_true(by_line(LONG_LINE "\n" LONG_LINE
                                "\n\xE2\x80\x9CNo,\xE2\x80\x9D she said, \xE2\x80\x9Cthat is not "
                                "what we have agreed upon.\xE2\x80\x9D\n" LONG_LINE "\n",
                      &pairs));
  assert_int_equal(pairs, 3);
  /* two pairs only */
  assert_false(by_line(LONG_LINE "\n" LONG_LINE "\n" LONG_LINE "\n", &pairs));
  /* blank lines everywhere: no pairs */
  assert_false(
      by_line(LONG_LINE "\n\n" LONG_LINE "\n \n" LONG_LINE "\n\n" LONG_LINE "\n\n", &pairs));
  assert_int_equal(pairs, 0);
  /* wrapped at 72 columns */
  assert_false(by_line("It was late in the evening when the last of the guests had gone, and the\n"
                       "old man sat down by the fire with a book that he had no mind to read at\n"
                       "all. He listened. Somewhere in the house a door was opened, and closed.\n"
                       "Then there was nothing to be heard but the rain upon the roof above him\n"
                       "and the slow clock in the hall.\n\n"
                       "\"Who is there?\" he asked.\n\n"
                       "No answer came, and after a while he took up the book again, though he\n"
                       "did not open it.\n",
                       &pairs));
  assert_int_equal(pairs, 5);
  /* wrapped at 110: long lines, but hardly one ends a sentence */
  assert_false(by_line("It was late in the evening when the last of the guests had gone, and the "
                       "old man sat down by the fire with a\n"
                       "book that he had no mind to read at all. He listened. Somewhere in the "
                       "house a door was opened and then, so\n"
                       "softly that he might have dreamt it, closed. After that there was nothing "
                       "to be heard but the rain upon the\n"
                       "roof above him and the slow clock in the hall, which had never been right "
                       "in all the years of its service to\n"
                       "the family.\n",
                       &pairs));
  assert_int_equal(pairs, 4);
  /* a poem: short lines all, nowhere 100 bytes */
  assert_false(by_line(
      "The rain came down,\nthe wind went by,\nthe town was brown\nbeneath the sky.\n", &pairs));
  assert_int_equal(pairs, 3);
}

static void test_sums(void **state) {
  pst_para_sums sums;
  const char text[] = "A heading\n"
                      "This line is longer than forty bytes and goes on to the\n"
                      "next one, which ends a sentence within brackets (like so.)  \n"
                      "This one is also longer than forty bytes, and it ends thus:\n"
                      "\n"
                      "Alone\r\n\r\n"
                      "This line is longer than forty bytes but has no full stop\n"
                      "end";
  (void)state;
  pst_para_count(text, sizeof text - 1, &sums);
  assert_int_equal(sums.pairs, 4);
  assert_int_equal(sums.ended, 2); /* the heading, the brackets */
  assert_int_equal(sums.longest, 60);
  sums.pairs = 5; /* exactly 60 % */
  sums.ended = 3;
  sums.longest = 100;
  assert_true(pst_para_by_line(&sums));
  sums.longest = 99;
  assert_false(pst_para_by_line(&sums));
  sums.longest = 100;
  sums.pairs = 6;
  assert_false(pst_para_by_line(&sums));
  sums.ended = 4;
  assert_true(pst_para_by_line(&sums));
}

static void expect_paras(const char *s, size_t len, bool lines, const size_t *want, size_t n) {
  size_t at = 0, next = 0, i = 0;
  pst_span para;
  while (pst_para_next(s, len, at, lines, 32768, &para, &next)) {
    assert_true(i < n);
    assert_int_equal(para.start, want[2 * i]);
    assert_int_equal(para.end, want[2 * i + 1]);
    at = next;
    i++;
  }
  assert_int_equal(i, n);
}

static void test_paras(void **state) {
  const char text[] = "\n  one\ntwo \r\n \t\n\nthree\xE2\x80\xA9"
                      "four\n";
  static const size_t blank[] = {1, 11, 17, 29}, lines[] = {1, 6, 7, 11, 17, 22, 25, 29};
  (void)state;
  expect_paras(text, sizeof text - 1, false, blank, 2);
  expect_paras(text, sizeof text - 1, true, lines, 4);
  expect_paras("", 0, false, NULL, 0);
  expect_paras(" \n\n\t", 4, true, NULL, 0);
}

/* Prose of `n` sentences without a line end; every so often another mark of its own. */
static size_t prose(uint64_t *random, char *s, size_t n) {
  static const char *const words[] = {"river",   "stone",   "of",          "a",
                                      "lantern", "through", "m\xC3\xA4rz", "go"};
  size_t len = 0;
  while (n-- > 0) {
    for (size_t k = 3 + next_random(random) % 9; k > 0; k--) {
      const char *w = words[next_random(random) % PST_COUNT(words)];
      memcpy(s + len, w, strlen(w));
      len += strlen(w);
      s[len++] = ' ';
    }
    memcpy(s + len - 1, next_random(random) % 4 ? ". " : ".\" ", 3);
    len += s[len] == '"' ? 2 : 1;
  }
  return len;
}

static bool is_boundary(const char *s, size_t len, size_t at) {
  return pst_utf8_floor(s, len, at) == at;
}

/* Pieces ascend, are no longer than max, and between them is nothing to read. */
static size_t check_pieces(const char *s, size_t len, bool lines, size_t max, size_t *ends,
                           size_t room) {
  size_t at = 0, next = 0, n = 0;
  pst_span para;
  while (pst_para_next(s, len, at, lines, max, &para, &next)) {
    assert_true(para.start >= at && para.end > para.start && next >= para.end);
    assert_true(para.end - para.start <= max);
    assert_true(pst_line_blank(s, at, para.start));
    assert_true(pst_line_blank(s, para.end, next));
    assert_true(is_boundary(s, len, para.start) && is_boundary(s, len, para.end));
    assert_true(is_boundary(s, len, next));
    if (n < room) ends[n] = para.end;
    n++;
    at = next;
  }
  assert_true(pst_line_blank(s, at, len));
  return n;
}

static void test_cut_sentences(void **state) {
  static char s[60000];
  static size_t ends[400];
  uint64_t random = 5;
  size_t len = prose(&random, s, 900);
  (void)state;
  size_t n = check_pieces(s, len, false, 1024, ends, 400);
  assert_in_range(n, len / 1024, len / 256 + 1);
  for (size_t i = 0; i < n; i++) {
    assert_true(s[ends[i] - 1] == '.' || s[ends[i] - 1] == '"' || i == n - 1);
    assert_true(i == n - 1 || s[ends[i]] == ' ');
  }
  assert_int_equal(check_pieces(s, 1024, false, 1024, ends, 400), 1); /* exactly max is whole */
  assert_int_equal(check_pieces(s, 1030, false, 1024, ends, 400), 2);
}

static void test_cut_words(void **state) {
  char s[5000];
  size_t ends[100];
  (void)state;
  for (size_t i = 0; i < sizeof s; i++)
    s[i] = i % 7 == 6 ? (i % 140 == 6 ? '\n' : ' ') : (char)('a' + i * i % 23);
  size_t n = check_pieces(s, sizeof s, false, 512, ends, 100);
  assert_in_range(n, 10, 45);
  for (size_t i = 0; i + 1 < n; i++) assert_int_equal(ends[i] % 7, 6);
}

static void test_cut_points(void **state) {
  char s[6000];
  size_t ends[200];
  (void)state;
  for (size_t i = 0; i < sizeof s; i += 3)
    memcpy(s + i, (const char[]){'\xE4', (char)(0x80 + i * i / 3 % 61), (char)(0x80 + i % 59)}, 3);
  size_t n = check_pieces(s, sizeof s, true, 400, ends, 200);
  assert_in_range(n, 15, 65);
  for (size_t i = 0; i < n; i++) assert_int_equal(ends[i] % 3, 0);
  memset(s, ' ', sizeof s); /* white to the last byte but one */
  s[5000] = 'x';
  check_pieces(s, sizeof s, false, 400, ends, 200);
  for (size_t i = 0; i + 1 < sizeof s; i += 2) memcpy(s + i, "\xC2\xAD", 2); /* soft hyphens */
  s[5998] = 'x';
  s[5999] = 'y';
  n = check_pieces(s, sizeof s, false, 400, ends, 200);
  assert_int_equal(n, 2);
}

static void test_cut_wide_stops(void **state) {
  char s[3000];
  size_t ends[100];
  (void)state;
  for (size_t i = 0; i < sizeof s; i += 3)
    memcpy(s + i,
           i % 60 == 57 ? "\xE3\x80\x82"
                        : (const char[]){'\xE5', (char)(0x80 + i % 61), (char)(0x80 + i / 3 % 53)},
           3);
  size_t n = check_pieces(s, sizeof s, false, 512, ends, 100);
  for (size_t i = 0; i + 1 < n; i++) assert_int_equal(ends[i] % 60, 0);
  assert_true(n >= 6);
}

/* After an edit near the front the later cuts fall where they fell before. */
static void test_cuts_settle(void **state) {
  static char s[60100];
  static size_t before[400], after[400];
  uint64_t random = 77;
  size_t settled = 0, rounds = 40;
  (void)state;
  for (size_t round = 0; round < rounds; round++) {
    size_t len = prose(&random, s + 100, 900), put = 100 + next_random(&random) % 3000;
    size_t n = check_pieces(s + 100, len, false, 1024, before, 400);
    memmove(s, s + 100, put);
    memset(s + put, 'z', 100);
    size_t m = check_pieces(s, len + 100, false, 1024, after, 400), same = 0;
    while (same < n && same < m && before[n - 1 - same] + 100 == after[m - 1 - same]) same++;
    assert_true(same > 0);
    settled += same * 10 >= n * 7;
  }
  assert_true(settled >= rounds * 3 / 4);
}

static void test_paras_random(void **state) {
  uint64_t random = 31337;
  (void)state;
  for (int round = 0; round < 2000; round++) {
    char s[700];
    size_t ends[1], len = random_bytes(&random, s, next_random(&random) % 680);
    check_pieces(s, len, round % 2, PST_PARA_MIN + next_random(&random) % 40, ends, 1);
  }
}

/* ---- places ---- */

static pst_place slow_place(const char *s, size_t len, size_t at) {
  pst_place place = {1, 1, 1, 1};
  for (size_t i = 0; i < at;) {
    uint32_t cp;
    size_t n = pst_utf8_next(s, len, i, &cp);
    if (i + n > at) break;
    i += n;
    place.byte += n;
    place.point += 1;
    place.utf16 += cp > 0xFFFF && cp < PST_ILL ? 2 : 1;
    if (cp == '\n' || (cp == '\r' && (i == len || s[i] != '\n'))) {
      place.line++;
      place.byte = place.point = place.utf16 = 1;
    }
  }
  return place;
}

static void expect_place(pst_place got, pst_place want) {
  assert_int_equal(got.line, want.line);
  assert_int_equal(got.byte, want.byte);
  assert_int_equal(got.point, want.point);
  assert_int_equal(got.utf16, want.utf16);
}

static const pst_mark beginning = {0, {1, 1, 1, 1}, false};

static pst_place place_at(const char *s, size_t len, size_t at) {
  pst_mark mark = beginning;
  pst_mark_walk(&mark, s, len, at < len ? at : len);
  return mark.place;
}

static size_t offset_of(const char *s, size_t len, size_t line, size_t column, pst_unit unit) {
  return pst_mark_seek(beginning, s, len, line, column, unit);
}

static void test_places(void **state) {
  const char s[] = "one\r\nt\xC3\xA9\xF0\x9F\x98\x80x\f\rz";
  const size_t len = sizeof s - 1;
  (void)state;
  expect_place(place_at(s, len, 12), (pst_place){2, 8, 4, 5});
  expect_place(place_at(s, len, 10), (pst_place){2, 4, 3, 3}); /* inside the emoji */
  expect_place(place_at(s, len, 13), (pst_place){2, 9, 5, 6}); /* a form feed ends none */
  expect_place(place_at(s, len, 99), (pst_place){3, 2, 2, 2});
  assert_int_equal(offset_of(s, len, 2, 5, PST_UTF16), 12);
  assert_int_equal(offset_of(s, len, 2, 4, PST_UTF16), 8); /* half a pair */
  assert_int_equal(offset_of(s, len, 2, 4, PST_POINTS), 12);
  assert_int_equal(offset_of(s, len, 2, 3, PST_BYTES), 6); /* half of the e */
  assert_int_equal(offset_of(s, len, 1, 50, PST_BYTES), 3);
  assert_int_equal(offset_of(s, len, 2, 50, PST_BYTES), 14);
  assert_int_equal(offset_of(s, len, 9, 1, PST_BYTES), len);
  assert_int_equal(offset_of(s, len, 0, 0, PST_POINTS), 0);
  expect_place(place_at(s, 0, 0), (pst_place){1, 1, 1, 1});
  assert_int_equal(offset_of(s, 0, 3, 3, PST_BYTES), 0);
  pst_mark feeds = {0, {1, 1, 1, 1}, true};
  assert_int_equal(pst_mark_seek(feeds, s, len, 2, 9, PST_BYTES), 13); /* behind the form feed */
  assert_int_equal(pst_mark_seek(feeds, s, len, 2, 99, PST_BYTES), len);
  pst_mark_walk(&feeds, s, len, len); /* CR alone ends none */
  expect_place(feeds.place, (pst_place){2, 12, 8, 9});
}

/* From the beginning, and from a place on the way that does not stand behind. */
static void test_places_random(void **state) {
  static char s[9000];
  uint64_t random = 4711;
  (void)state;
  for (int round = 0; round < 30; round++) {
    size_t len = random_bytes(&random, s, next_random(&random) % 8000);
    if (round % 2) /* long lines */
      for (size_t i = 0; i < len; i++)
        if ((s[i] == '\n' || s[i] == '\r') && i % 1500 > 9) s[i] = 'n';
    for (size_t i = 0; i < 400; i++) {
      size_t at = next_random(&random) % (len + 1), start = pst_utf8_floor(s, len, at);
      pst_place want = slow_place(s, len, at);
      bool inside = start > 0 && start < len && s[start] == '\n' && s[start - 1] == '\r';
      size_t home = inside ? start - 1 : start; /* the line ends at CR already */
      pst_mark mark = beginning;
      expect_place(place_at(s, len, at), want);
      assert_int_equal(offset_of(s, len, want.line, want.byte, PST_BYTES), home);
      assert_int_equal(offset_of(s, len, want.line, want.point, PST_POINTS), home);
      assert_int_equal(offset_of(s, len, want.line, want.utf16, PST_UTF16), home);
      pst_mark_walk(&mark, s, len, next_random(&random) % (home + 1));
      assert_false(pst_place_behind(&mark.place, want.line, want.byte, PST_BYTES));
      assert_int_equal(pst_mark_seek(mark, s, len, want.line, want.byte, PST_BYTES), home);
      pst_mark_walk(&mark, s, len, at);
      expect_place(mark.place, want);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_points),         cmocka_unit_test(test_ill_formed),
      cmocka_unit_test(test_walks),          cmocka_unit_test(test_encodings),
      cmocka_unit_test(test_not_refused),    cmocka_unit_test(test_lines),
      cmocka_unit_test(test_lines_random),   cmocka_unit_test(test_blank),
      cmocka_unit_test(test_separation),     cmocka_unit_test(test_sums),
      cmocka_unit_test(test_paras),          cmocka_unit_test(test_cut_sentences),
      cmocka_unit_test(test_cut_words),      cmocka_unit_test(test_cut_points),
      cmocka_unit_test(test_cut_wide_stops), cmocka_unit_test(test_cuts_settle),
      cmocka_unit_test(test_paras_random),   cmocka_unit_test(test_places),
      cmocka_unit_test(test_places_random),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
