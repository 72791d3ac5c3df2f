/* test_view.c - folding and its map.
 *
 * The clever fold is held against a slow one, which cuts a text into grapheme clusters, folds each
 * by a table and answers questions about the map by linear search, at every byte.
 */
#include "support.h"

#include <utf8proc.h>

#include "../../core/view.h"

static const postil_mem *heap_default(void) {
  static postil_mem mem;
  mem = pst_mem_default();
  return &mem;
}

static void fold(pst_view *view, const char *s, size_t len) {
  pst_span all = {0, len};
  pst_view_reset(view, 0);
  assert_true(pst_view_add(view, heap_default(), s, all));
}

static void expect_bytes(const char *s, size_t len, const char *want, size_t wlen) {
  pst_view view = {0};
  fold(&view, s, len);
  assert_int_equal(view.bytes.n, wlen);
  assert_memory_equal(view.bytes.at, want, wlen);
  pst_view_free(&view, heap_default());
}

#define EXPECT(s, want) expect_bytes("" s, sizeof(s) - 1, "" want, sizeof(want) - 1)

static void test_fold(void **state) {
  (void)state;
  EXPECT("plain ASCII, kept: `a' and 'b'", "plain ASCII, kept: `a' and 'b'");
  EXPECT("a\tb\nc\rd\r\ne\vf\fg", "a b c d e f g");
  EXPECT("two  spaces\n\nkept", "two  spaces  kept");
  EXPECT("``x'' y", "\"x\" y");
  EXPECT("'''", "\"'");
  EXPECT("\xE2\x80\x9Cx\xE2\x80\x9D \xC2\xABy\xC2\xBB \xE2\x80\x9Ez", "\"x\" \"y\" \"z");
  EXPECT("it\xE2\x80\x99s \xE2\x80\xB9q\xE2\x80\xBA", "it's 'q'");
  EXPECT("1\xE2\x80\x93" "2 e\xE2\x80\x90m \xE2\x80\x94 \xE2\x80\x95",
         "1-2 e-m \xE2\x80\x94 \xE2\x80\x94");
  EXPECT("so\xE2\x80\xA6", "so...");
  EXPECT("\xEF\xBC\xA1\xEF\xBC\x91\xE3\x80\x80\xEF\xAC\x81n \xEF\xAC\x84", "A1 fin ffl");
  EXPECT("5\xC2\xA0" "000 5\xE2\x80\xAF" "000 a\xC2\xA0" "b 5\xC2\xA0m",
         "5\xC2\xA0" "000 5\xC2\xA0" "000 a b 5 m");
  EXPECT("a\xE2\x80\x8B" "b", "a b");
  EXPECT("so\xC2\xAD" "ft \xEF\xBB\xBFx\xE2\x81\xA0y\xE2\x80\x8F", "soft xy");
  EXPECT("\xE2\x9D\xA4\xEF\xB8\x8F", "\xE2\x9D\xA4");
  EXPECT("a\xE2\x80\x8D" "b", "ab");
  EXPECT("\xD9\x85\xE2\x80\x8C\xD9\x87", "\xD9\x85\xE2\x80\x8C\xD9\x87");
  EXPECT("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7",
         "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7");
  EXPECT("e\xCC\x81" "A\xCC\x8A", "\xC3\xA9\xC3\x85");
  EXPECT("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C");
  EXPECT("x\xFFy\xE2\x82z\xF0\x9F\x91", "x\xEF\xBF\xBDy\xEF\xBF\xBDz\xEF\xBF\xBD");
  EXPECT("a\0b\x01", "a\0b\x01");
  EXPECT("\xC3\x84RGER Stra\xC3\x9F" "e", "\xC3\x84RGER Stra\xC3\x9F" "e");
  EXPECT("", "");
}

/* Superscripts and fractions are no digits: the view is not NFKC. */
static void test_kept(void **state) {
  (void)state;
  EXPECT("10\xC2\xB2 2\xC2\xBD \xE2\x84\xA2", "10\xC2\xB2 2\xC2\xBD \xE2\x84\xA2");
  EXPECT("\xE3\x80\x8Cx\xE3\x80\x8D", "\xE3\x80\x8Cx\xE3\x80\x8D");
}

static void test_map(void **state) {
  (void)state;
  static const char s[] = "\xEF\xBB\xBFso\xC2\xAD" "ft e\xCC\x81t\xE2\x80\xA6 x";
  pst_view view = {0}; /*  "soft \u00E9t... x" */
  fold(&view, s, sizeof s - 1);
  assert_int_equal(pst_view_text_start(&view, 0), 3); /* what vanished is in no span beside it */
  assert_int_equal(pst_view_text_end(&view, 2), 5);
  assert_int_equal(pst_view_text_start(&view, 2), 7);
  assert_int_equal(pst_view_text_end(&view, 4), 9);
  assert_int_equal(pst_view_text_start(&view, 5), 10);
  assert_int_equal(pst_view_text_start(&view, 6), 10); /* inside of the e: all of it */
  assert_int_equal(pst_view_text_end(&view, 6), 13);
  assert_int_equal(pst_view_text_end(&view, 7), 13);
  assert_int_equal(pst_view_text_start(&view, 9), 14); /* inside of the ellipsis */
  assert_int_equal(pst_view_text_end(&view, 9), 17);
  assert_int_equal(pst_view_text_end(&view, view.bytes.n), sizeof s - 1);
  assert_int_equal(pst_view_at_start(&view, 11), 5);
  assert_int_equal(pst_view_at_end(&view, 11), 7);
  assert_int_equal(pst_view_at_start(&view, 0), 0);
  assert_int_equal(pst_view_at_end(&view, 1000), view.bytes.n);
  pst_view_free(&view, heap_default());
}

/* A span never ends within a grapheme cluster, though its bytes are the same in both. */
static void test_clusters(void **state) {
  (void)state;
  static const char s[] = "x\xCC\xA7y \xF0\x9F\x87\xA9\xF0\x9F\x87\xAA"; /* x, a flag */
  pst_view view = {0};
  fold(&view, s, sizeof s - 1);
  assert_int_equal(view.bytes.n, sizeof s - 1);
  assert_int_equal(pst_view_text_end(&view, 1), 3);
  assert_int_equal(pst_view_text_start(&view, 1), 0);
  assert_int_equal(pst_view_text_end(&view, 4), 4);
  assert_int_equal(pst_view_text_end(&view, 9), 13);
  assert_int_equal(pst_view_text_start(&view, 9), 5);
  pst_view_free(&view, heap_default());
}

/* Spans of a text added one by one; what lies between belongs to neither. */
static void test_gaps(void **state) {
  (void)state;
  static const char s[] = "....one<b>two....";
  pst_view view = {0};
  pst_span one = {4, 7}, two = {10, 13};
  pst_view_reset(&view, 2);
  assert_true(pst_view_add(&view, heap_default(), s + one.start, one));
  assert_true(pst_view_add(&view, heap_default(), s + two.start, two));
  assert_int_equal(view.bytes.n, 6);
  assert_memory_equal(view.bytes.at, "onetwo", 6);
  assert_int_equal(pst_view_text_start(&view, 0), 4);
  assert_int_equal(pst_view_text_end(&view, 3), 7);
  assert_int_equal(pst_view_text_start(&view, 3), 10);
  assert_int_equal(pst_view_text_end(&view, 6), 13);
  assert_int_equal(pst_view_at_start(&view, 8), 3);
  assert_int_equal(pst_view_at_end(&view, 8), 3);
  assert_int_equal(pst_view_at_start(&view, 0), 0);
  assert_int_equal(pst_view_at_start(&view, 11), 4);
  pst_view_free(&view, heap_default());
}

/* ---- the slow twin ---- */

static const char *const pieces[] = {
    "a", "B", "z", "5", "0", " ", "\t", "\n", "\r", "\r\n", "'", "`", "\"", ".", "-", "wordswords",
    "e\xCC\x81", "o\xCC\x88", "\xCC\x81", "\xCC\xA7", "\xCC\x88", "\xC3\xA9", "x\xCC\x81\xCC\xA7",
    "\xE1\x84\x92", "\xE1\x85\xA1", "\xE1\x86\xAB", "\xE1\x86\xA7", "\xEA\xB0\x80", "\xED\x95\x9C",
    "\xE7\x8E\x8B", "\xE3\x82\xAB", "\xE3\x82\x99", "\xF0\x9F\x91\xA9", "\xE2\x80\x8D",
    "\xE2\x80\x8C", "\xF0\x9F\x8F\xBD", "\xEF\xB8\x8F", "\xE2\x9D\xA4", "\xF0\x9F\x87\xA9",
    "\xC2\xAD", "\xEF\xBB\xBF", "\xE2\x81\xA0", "\xE2\x80\x8F", "\xE2\x80\x8B", "\xC2\xA0",
    "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x99", "\xE2\x80\x93",
    "\xE2\x80\x94", "\xE2\x80\x95", "\xE2\x80\xA6", "\xEF\xBC\xA1", "\xEF\xAC\x83", "\xD0\xB9",
    "\xD0\xB8\xCC\x86", "\xD9\x85", "\xD9\x8F", "\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC",
    "\xE0\xA4\xBF", "\xE0\xB8\xB3", "\xE2\x84\xAA", "\xCD\xBE", "\xE2\x84\xAB", "\xE1\xBF\xAF",
    "\xDB\x9D", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x91", "\x80", "\xED\xA0\x80", "\xC2\x85",
    "\xE2\x80\xA8", "\xCD\x8F", "\xF0\x9D\x85\x9E",
};

enum { LONGEST = 512, ROUNDS = 6000 };

/* A cluster in both texts. */
typedef struct cell {
  size_t text, tend, view, vend;
} cell;

typedef struct twin {
  char bytes[LONGEST * 4];
  size_t n;
  cell cells[LONGEST];
  size_t ncells;
} twin;

/* One code point of the normalised text, and the span of the original that it must not be parted
 * from. */
typedef struct unit {
  uint32_t cp;
  size_t text, tend;
} unit;

static size_t units_of(const char *s, size_t len, unit *to) {
  pst_norm norm = {0};
  size_t n = 0;
  assert_int_equal(pst_norm_make(&norm, heap_default(), PST_NFC, s, len, NULL), POSTIL_OK);
  for (size_t at = 0; at < norm.text.n;) {
    unit u;
    size_t bytes = pst_utf8_next(norm.text.at, norm.text.n, at, &u.cp);
    pst_span back = pst_norm_back(&norm, at, at + bytes);
    u.text = back.start;
    u.tend = back.end;
    to[n++] = u;
    at += bytes;
  }
  pst_norm_free(&norm);
  return n;
}

static bool twin_letter(uint32_t cp) {
  return cp < 0x600 && (utf8proc_category((utf8proc_int32_t)cp) <= UTF8PROC_CATEGORY_LO ||
                        (cp >= 0x300 && cp < 0x370)) &&
         utf8proc_category((utf8proc_int32_t)cp) != UTF8PROC_CATEGORY_CN;
}

static bool twin_digit(uint32_t cp) { return cp >= '0' && cp <= '9'; }

static bool twin_in(uint32_t cp, const uint32_t *list) {
  for (; *list; list++)
    if (*list == cp) return true;
  return false;
}

/* What unit i of n folds to. */
static const char *twin_fold(const unit *u, size_t n, size_t i, char *buf) {
  static const uint32_t spaces[] = {9, 10, 11, 12, 13, 0x85, 0xA0, 0x2009, 0x200B, 0x2028,
                                    0x202F, 0};
  static const uint32_t gone[] = {0xAD, 0x34F, 0x200F, 0x2060, 0xFE0F, 0xFEFF, 0};
  uint32_t cp = u[i].cp, before = i ? u[i - 1].cp : 0, after = i + 1 < n ? u[i + 1].cp : 0;
  if (cp == PST_ILL) return "\xEF\xBF\xBD";
  if (twin_in(cp, gone)) return "";
  if ((cp == 0x200C || cp == 0x200D) && before != PST_ILL && after != PST_ILL &&
      twin_letter(before) && twin_letter(after))
    return "";
  if ((cp == 0xA0 || cp == 0x202F || cp == 0x2009) && twin_digit(before) && twin_digit(after))
    return "\xC2\xA0";
  if (twin_in(cp, spaces)) return " ";
  switch (cp) {
    case 0x201C: case 0x201D: return "\"";
    case 0x2019: return "'";
    case 0x2013: return "-";
    case 0x2015: return "\xE2\x80\x94";
    case 0x2026: return "...";
    case 0xFF21: return "A";
    case 0xFB03: return "ffi";
    default: break;
  }
  buf[pst_utf8_put(buf, cp)] = '\0';
  return buf;
}

static void twin_make(twin *t, const char *s, size_t len) {
  static unit u[LONGEST];
  size_t n = units_of(s, len, u);
  utf8proc_int32_t how = 0;
  t->n = t->ncells = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t cp = u[i].cp, before = i ? u[i - 1].cp : PST_ILL;
    char buf[5];
    bool pair = i + 1 < n && (cp == '\'' || cp == '`') && u[i + 1].cp == cp;
    bool whole = i && u[i].text < t->cells[t->ncells - 1].tend; /* one normalised piece */
    bool joined = i && cp != PST_ILL && before != PST_ILL &&
                  !utf8proc_grapheme_break_stateful((utf8proc_int32_t)before,
                                                    (utf8proc_int32_t)cp, &how);
    if (!whole && !joined) {
      cell fresh = {u[i].text, 0, t->n, 0};
      t->cells[t->ncells++] = fresh;
      how = 0;
    }
    const char *put = pair ? "\"" : twin_fold(u, n, i, buf);
    if (cp == 0) put = buf;
    if (cp == '\r' && i + 1 < n && u[i + 1].cp == '\n') put = "";
    memcpy(t->bytes + t->n, put, cp == 0 ? 1 : strlen(put));
    t->n += cp == 0 ? 1 : strlen(put);
    i += pair;
    t->cells[t->ncells - 1].tend = u[i].tend;
    t->cells[t->ncells - 1].vend = t->n;
  }
}

static size_t twin_text_start(const twin *t, size_t at, size_t len) {
  for (size_t i = 0; i < t->ncells; i++)
    if (at >= t->cells[i].view && at < t->cells[i].vend) return t->cells[i].text;
  return len;
}

static size_t twin_text_end(const twin *t, size_t at) {
  for (size_t i = 0; i < t->ncells; i++)
    if (at > t->cells[i].view && at <= t->cells[i].vend) return t->cells[i].tend;
  return 0;
}

static size_t twin_at_start(const twin *t, size_t text) {
  for (size_t i = 0; i < t->ncells; i++)
    if (text >= t->cells[i].text && text < t->cells[i].tend) return t->cells[i].view;
  return t->n;
}

static size_t twin_at_end(const twin *t, size_t text) {
  for (size_t i = 0; i < t->ncells; i++)
    if (text > t->cells[i].text && text <= t->cells[i].tend) return t->cells[i].vend;
  return 0;
}

static void compare(const pst_view *view, const twin *t, const char *s, size_t len) {
  size_t start = 0, end = 0;
  assert_int_equal(view->bytes.n, t->n);
  assert_memory_equal(view->bytes.at, t->bytes, t->n);
  for (size_t at = 0; at <= t->n; at++) {
    size_t a = pst_view_text_start(view, at), b = pst_view_text_end(view, at);
    assert_int_equal(a, twin_text_start(t, at, len));
    assert_int_equal(b, twin_text_end(t, at));
    assert_true(a >= start && b >= end); /* monotone */
    assert_int_equal(a, pst_utf8_floor(s, len, a));
    assert_int_equal(b, pst_utf8_floor(s, len, b));
    start = a;
    end = b;
  }
  for (size_t at = 0; at <= len; at++) {
    assert_int_equal(pst_view_at_start(view, at), twin_at_start(t, at));
    assert_int_equal(pst_view_at_end(view, at), twin_at_end(t, at));
  }
}

static size_t random_text(uint64_t *seed, char *s) {
  size_t n = 0, count = support_below(seed, 24);
  for (size_t i = 0; i < count; i++) {
    const char *piece = pieces[support_below(seed, PST_COUNT(pieces))];
    if (support_below(seed, 3) == 0) piece = pieces[support_below(seed, 16)]; /* more of ASCII */
    memcpy(s + n, piece, strlen(piece));
    n += strlen(piece);
  }
  return n;
}

static void test_twin(void **state) {
  (void)state;
  static twin t;
  char s[LONGEST];
  uint64_t seed = 20231;
  pst_view view = {0};
  for (int round = 0; round < ROUNDS; round++) {
    size_t len = random_text(&seed, s);
    fold(&view, s, len);
    twin_make(&t, s, len);
    compare(&view, &t, s, len);
  }
  pst_view_free(&view, heap_default());
}

/* Random bytes, well-formed hardly anywhere. */
static void test_noise(void **state) {
  (void)state;
  uint64_t seed = 7;
  char s[48];
  pst_view view = {0};
  for (int round = 0; round < ROUNDS; round++) {
    size_t len = support_below(&seed, sizeof s + 1), end = 0;
    for (size_t i = 0; i < len; i++) s[i] = (char)support_random(&seed);
    fold(&view, s, len);
    for (size_t at = 0; at <= view.bytes.n; at++) {
      size_t b = pst_view_text_end(&view, at);
      assert_true(b >= end && b <= len && b == pst_utf8_floor(s, len, b));
      end = b;
    }
    for (size_t at = 0; at < view.bytes.n;) {
      uint32_t cp;
      at += pst_utf8_next(view.bytes.at, view.bytes.n, at, &cp);
      assert_int_not_equal(cp, PST_ILL);
    }
  }
  pst_view_free(&view, heap_default());
}

static postil_status fold_failing(const postil_mem *mem, void *ud) {
  pst_view view = {0};
  pst_span one = {1, 20}, two = {22, strlen(ud)};
  bool fine = pst_view_add(&view, mem, (char *)ud + one.start, one) &&
              pst_view_add(&view, mem, (char *)ud + two.start, two);
  pst_view_free(&view, mem);
  return fine ? POSTIL_OK : POSTIL_ENOMEM;
}

static void test_no_memory(void **state) {
  (void)state;
  char s[] = "\xE2\x80\x9Cso\xE2\x80\x9D e\xCC\x81t\xC3\xA9 \xE2\x80\x93 x\xCC\x88y\xCC\xA7z "
             "\xE2\x80\x94 \xE2\x80\xA6 \xE2\x80\xA6 \xE2\x80\xA6 \xE2\x80\xA6 \xE2\x80\xA6";
  assert_true(support_fail_each(fold_failing, s) >= 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fold),     cmocka_unit_test(test_kept),
      cmocka_unit_test(test_map),      cmocka_unit_test(test_clusters),
      cmocka_unit_test(test_gaps),     cmocka_unit_test(test_twin),
      cmocka_unit_test(test_noise),    cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
