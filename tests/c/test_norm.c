/* test_norm.c - the four normalisation forms and their maps.
 *
 * Usage: test_norm [NormalizationTest.txt], or the path in POSTIL_NORMALIZATION_TEST; without one
 * the conformance tests are skipped aloud.  Beside them a slow twin normalises random texts with
 * bubble sort, linear search and Hangul by the book.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "../../core/norm.h"

static const char *conformance_path;

/* ---- memory that counts and fails ---- */

typedef struct counted {
  size_t owned, calls, fail_at; /* fail_at: from this call on all fail; 0 never */
} counted;

static void *counted_resize(void *ud, void *p, size_t old, size_t size) {
  counted *c = ud;
  if (size == 0) {
    c->owned -= p ? old : 0;
    free(p);
    return NULL;
  }
  if (++c->calls == c->fail_at) return NULL;
  void *q = realloc(p, size);
  if (q) c->owned += size - (p ? old : 0);
  return q;
}

static postil_mem counted_mem(counted *c) {
  postil_mem mem = {counted_resize, c};
  return mem;
}

/* ---- helpers ---- */

static uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state * UINT64_C(0x2545F4914F6CDD1D) >> 16;
}

static void make(pst_norm *out, pst_form form, const char *s, size_t len) {
  postil_mem mem = pst_mem_default();
  postil_err err;
  assert_int_equal(pst_norm_make(out, &mem, form, s, len, &err), POSTIL_OK);
}

static void expect(pst_form form, const char *s, size_t len, const char *want, size_t wlen) {
  pst_norm norm = {0};
  make(&norm, form, s, len);
  assert_int_equal(norm.text.n, wlen);
  if (wlen) assert_memory_equal(norm.text.at, want, wlen);
  pst_norm_free(&norm);
}

#define EXPECT(form, s, want) expect(form, s, sizeof(s) - 1, want, sizeof(want) - 1)

/* ---- the slow twin ---- */

enum { TWIN_MOST = 4096, PAIRS_MOST = 2000 };

typedef struct twin_pair {
  uint32_t first, second, whole;
} twin_pair;

static twin_pair twin_pairs[PAIRS_MOST];
static size_t twin_pair_count;

static uint32_t ccc(uint32_t cp) {
  return cp > 0x10FFFF ? 0 : (uint32_t)utf8proc_get_property((utf8proc_int32_t)cp)->combining_class;
}

static size_t parts_of(uint32_t cp, bool compat, uint32_t *to) {
  utf8proc_int32_t parts[64];
  int bound = 0;
  if (cp > 0x10FFFF) {
    to[0] = cp;
    return 1;
  }
  utf8proc_ssize_t n = utf8proc_decompose_char(
      (utf8proc_int32_t)cp, parts, 64,
      (utf8proc_option_t)(UTF8PROC_DECOMPOSE | (compat ? UTF8PROC_COMPAT : 0)), &bound);
  assert_in_range((size_t)n, 1, 64);
  for (utf8proc_ssize_t i = 0; i < n; i++) to[i] = (uint32_t)parts[i];
  return (size_t)n;
}

/* Primary composites, found by asking which code points fall apart, not by asking which fit. */
static int set_up_twin(void **state) {
  static struct { uint32_t cp, n, parts[8]; } whole[3000];
  size_t count = 0;
  (void)state;
  for (uint32_t cp = 0x80; cp <= 0x10FFFF; cp++) {
    uint32_t parts[64];
    if (cp >= 0xAC00 && cp <= 0xDFFF) continue;
    size_t n = parts_of(cp, false, parts);
    if (n < 2 || n > 8 || count == PST_COUNT(whole)) continue;
    if (utf8proc_get_property((utf8proc_int32_t)cp)->comp_exclusion) continue;
    if (ccc(cp) != 0 || ccc(parts[0]) != 0) continue;
    whole[count].cp = cp;
    whole[count].n = (uint32_t)n;
    memcpy(whole[count++].parts, parts, n * sizeof *parts);
  }
  for (size_t i = 0; i < count; i++) {
    size_t n = whole[i].n - 1;
    uint32_t first = n == 1 ? whole[i].parts[0] : 0;
    for (size_t k = 0; k < count && !first; k++)
      if (whole[k].n == n && memcmp(whole[k].parts, whole[i].parts, n * sizeof(uint32_t)) == 0)
        first = whole[k].cp;
    if (!first) continue;
    twin_pair made = {first, whole[i].parts[n], whole[i].cp};
    assert_true(twin_pair_count < PAIRS_MOST);
    twin_pairs[twin_pair_count++] = made;
  }
  return twin_pair_count > 900 ? 0 : -1;
}

static uint32_t twin_pair_of(uint32_t a, uint32_t b) {
  if (a >= 0x1100 && a <= 0x1112 && b >= 0x1161 && b <= 0x1175)
    return 0xAC00 + ((a - 0x1100) * 21 + (b - 0x1161)) * 28;
  if (a >= 0xAC00 && a <= 0xD7A3 && (a - 0xAC00) % 28 == 0 && b >= 0x11A8 && b <= 0x11C2)
    return a + (b - 0x11A7);
  for (size_t i = 0; i < twin_pair_count; i++)
    if (twin_pairs[i].first == a && twin_pairs[i].second == b) return twin_pairs[i].whole;
  return 0;
}

/* Code points above 0x10FFFF stand for ill-formed units here. */
static size_t twin_compose(uint32_t *cps, size_t n) {
  for (size_t i = 1; i < n;) {
    size_t starter = i;
    while (starter > 0 && ccc(cps[starter - 1]) != 0) starter--;
    uint32_t whole = 0;
    bool between = starter != i,
         blocked = between && (ccc(cps[i]) == 0 || ccc(cps[i - 1]) >= ccc(cps[i]));
    if (starter > 0 && !blocked) whole = twin_pair_of(cps[starter - 1], cps[i]);
    if (!whole) {
      i++;
      continue;
    }
    cps[starter - 1] = whole;
    memmove(cps + i, cps + i + 1, (n - i - 1) * sizeof *cps);
    n--;
  }
  return n;
}

static size_t twin(pst_form form, const char *s, size_t len, char *to) {
  static uint32_t cps[TWIN_MOST];
  size_t n = 0, size = 0;
  bool compat = form == PST_NFKC || form == PST_NFKD;
  for (size_t at = 0; at < len;) {
    uint32_t cp;
    size_t bytes = pst_utf8_next(s, len, at, &cp);
    if (cp == PST_ILL) cp = (uint32_t)(0x200000 + at * 4 + bytes);
    n += parts_of(cp, compat, cps + n);
    at += bytes;
  }
  for (bool moved = true; moved;) {
    moved = false;
    for (size_t i = 1; i < n; i++) {
      if (ccc(cps[i]) == 0 || ccc(cps[i - 1]) <= ccc(cps[i])) continue;
      uint32_t swap = cps[i];
      cps[i] = cps[i - 1];
      cps[i - 1] = swap;
      moved = true;
    }
  }
  if (form == PST_NFC || form == PST_NFKC) n = twin_compose(cps, n);
  for (size_t i = 0; i < n; i++) {
    if (cps[i] < 0x200000) {
      size += pst_utf8_put(to + size, cps[i]);
    } else {
      memcpy(to + size, s + (cps[i] - 0x200000) / 4, cps[i] % 4);
      size += cps[i] % 4;
    }
  }
  return size;
}

/* ---- the map ---- */

static bool is_boundary(const char *s, size_t len, size_t at) {
  uint32_t cp;
  size_t i = 0;
  while (i < at) i += pst_utf8_next(s, len, i, &cp);
  return i == at;
}

/* Segments ascend, differ, normalise alone to what they became; all between them is equal. */
static void check_segments(const pst_norm *norm, pst_form form, const char *s, size_t len) {
  size_t from = 0, to = 0;
  assert_int_equal(norm->len, len);
  for (size_t i = 0; i <= norm->seg.n; i++) {
    pst_norm_seg rest = {len, norm->text.n, 0, 0};
    const pst_norm_seg *seg = i < norm->seg.n ? &norm->seg.at[i] : &rest;
    assert_true(seg->from >= from && seg->to >= to);
    assert_int_equal(seg->from - from, seg->to - to);
    if (seg->from > from) assert_memory_equal(s + from, norm->text.at + to, seg->from - from);
    if (i < norm->seg.n) {
      assert_true(seg->flen > 0 && seg->tlen > 0);
      assert_true(seg->flen != seg->tlen ||
                  memcmp(s + seg->from, norm->text.at + seg->to, seg->flen) != 0);
      assert_true(is_boundary(s, len, seg->from) && is_boundary(s, len, seg->from + seg->flen));
      expect(form, s + seg->from, seg->flen, norm->text.at + seg->to, seg->tlen);
    }
    from = seg->from + seg->flen;
    to = seg->to + seg->tlen;
  }
}

/* Maps a unit boundary of one text to the other by walking all segments. */
static size_t slow_map(const pst_norm *norm, size_t at, bool back, bool up) {
  size_t from = 0, to = 0; /* of the text asked about, of the other */
  for (size_t i = 0; i < norm->seg.n; i++) {
    pst_norm_seg seg = norm->seg.at[i];
    size_t a = back ? seg.to : seg.from, an = back ? seg.tlen : seg.flen;
    size_t b = back ? seg.from : seg.to, bn = back ? seg.flen : seg.tlen;
    if (at <= a) break;
    if (at < a + an) return up ? b + bn : b;
    from = a + an;
    to = b + bn;
  }
  return to + (at - from);
}

static void check_map(const pst_norm *norm, const char *s, size_t len) {
  const char *t = norm->text.at;
  size_t n = norm->text.n;
  pst_span before = {0, 0}, whole = pst_norm_back(norm, 0, n);
  assert_true(whole.start == 0 && whole.end == len);
  whole = pst_norm_forth(norm, 0, len);
  assert_true(whole.start == 0 && whole.end == n);
  for (size_t at = 0; at <= n; at++) {
    pst_span span = pst_norm_back(norm, at, at);
    assert_true(span.start <= span.end && span.start >= before.start && span.end >= before.end);
    assert_true(is_boundary(s, len, span.start) && is_boundary(s, len, span.end));
    if (is_boundary(t, n, at)) {
      assert_int_equal(span.start, slow_map(norm, at, true, false));
      assert_int_equal(span.end, slow_map(norm, at, true, true));
    }
    before = span;
  }
  before.start = before.end = 0;
  for (size_t at = 0; at <= len; at++) {
    pst_span span = pst_norm_forth(norm, at, at);
    assert_true(span.start <= span.end && span.start >= before.start && span.end >= before.end);
    assert_true(is_boundary(t, n, span.start) && is_boundary(t, n, span.end));
    if (is_boundary(s, len, at)) {
      assert_int_equal(span.start, slow_map(norm, at, false, false));
      assert_int_equal(span.end, slow_map(norm, at, false, true));
    }
    for (size_t end = at; end <= len && end < at + 9; end++) {
      pst_span forth = pst_norm_forth(norm, at, end);
      pst_span back = pst_norm_back(norm, forth.start, forth.end);
      assert_true(back.start <= at && back.end >= end);
    }
    before = span;
  }
}

/* ---- tests ---- */

static void test_small(void **state) {
  (void)state;
  EXPECT(PST_NFC, "", "");
  EXPECT(PST_NFC, "plain \0 text", "plain \0 text");
  EXPECT(PST_NFC, "cafe\xCC\x81.", "caf\xC3\xA9.");
  EXPECT(PST_NFD, "caf\xC3\xA9.", "cafe\xCC\x81.");
  EXPECT(PST_NFKC, "\xEF\xAC\x81ne", "fine");
  EXPECT(PST_NFC, "\xEF\xAC\x81ne", "\xEF\xAC\x81ne");
  EXPECT(PST_NFKD, "\xEF\xBC\xA1\xC3\xA9", "Ae\xCC\x81");
  EXPECT(PST_NFC, "\xE2\x84\xAB", "\xC3\x85");                 /* Angstrom sign */
  EXPECT(PST_NFC, "\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC"); /* excluded from composition */
  EXPECT(PST_NFC, "q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87");
  EXPECT(PST_NFC, "\xC3\xA9\xCC\xA3", "\xE1\xBA\xB9\xCC\x81");
  EXPECT(PST_NFC,
         "\xCC\x81"
         "e",
         "\xCC\x81"
         "e");
}

static void test_hangul(void **state) {
  (void)state;
  EXPECT(PST_NFC, "\xEA\xB0\x80\xE1\x86\xA7", "\xEA\xB0\x80\xE1\x86\xA7"); /* U+11A7 is no trail */
  EXPECT(PST_NFKC, "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA7", "\xEA\xB0\x80\xE1\x86\xA7");
  EXPECT(PST_NFC, "\xEA\xB0\x80\xE1\x86\xA8", "\xEA\xB0\x81");
  EXPECT(PST_NFC, "\xE1\x84\x80\xE1\x85\xA1\xE1\x87\x82", "\xEA\xB0\x9B");
  EXPECT(PST_NFC, "\xEA\xB0\x80\xE1\x87\x83", "\xEA\xB0\x80\xE1\x87\x83"); /* one past the trails */
  EXPECT(PST_NFC, "\xEA\xB0\x81\xE1\x86\xA8", "\xEA\xB0\x81\xE1\x86\xA8"); /* has one already */
  EXPECT(PST_NFD, "\xED\x9E\xA3", "\xE1\x84\x92\xE1\x85\xB5\xE1\x87\x82");
}

static void test_ill_formed(void **state) {
  (void)state;
  EXPECT(PST_NFC, "e\xCC", "e\xCC");
  EXPECT(PST_NFC, "e\xFF\xCC\x81", "e\xFF\xCC\x81"); /* nothing combines across it */
  EXPECT(PST_NFC,
         "\xE2\x84"
         "e\xCC\x81\xC0\x80",
         "\xE2\x84\xC3\xA9\xC0\x80");
  EXPECT(PST_NFD, "\xFF\xCC\x87\xCC\xA3", "\xFF\xCC\xA3\xCC\x87"); /* marks behind it are sorted */
  EXPECT(PST_NFC, "\xED\xA0\x80\xF4\x90\x80\x80", "\xED\xA0\x80\xF4\x90\x80\x80");
}

static void test_segments(void **state) {
  pst_norm norm = {0};
  const char text[] = "A cafe\xCC\x81, caf\xC3\xA9; re\xCC\x81sume\xCC\x81";
  (void)state;
  make(&norm, PST_NFC, text, sizeof text - 1);
  assert_int_equal(norm.seg.n, 3);
  assert_int_equal(norm.seg.at[0].from, 5);
  assert_int_equal(norm.seg.at[0].flen, 3);
  assert_int_equal(norm.seg.at[0].to, 5);
  assert_int_equal(norm.seg.at[0].tlen, 2);
  assert_int_equal(norm.seg.at[1].from, 18);
  assert_int_equal(norm.seg.at[1].to, 17);
  pst_span span = pst_norm_back(&norm, 5, 7);
  assert_true(span.start == 5 && span.end == 8);
  span = pst_norm_forth(&norm, 6, 8); /* from inside of the segment */
  assert_true(span.start == 5 && span.end == 7);
  span = pst_norm_back(&norm, 9, SIZE_MAX);
  assert_true(span.start == 10 && span.end == sizeof text - 1);
  make(&norm, PST_NFC, "again", 5); /* replaces */
  assert_int_equal(norm.seg.n, 0);
  assert_int_equal(norm.text.n, 5);
  make(&norm, PST_NFC, "\xC3\xA9t\xC3\xA9", 5);
  assert_int_equal(norm.seg.n, 0);
  make(&norm, PST_NFKC, "\xEF\xAC\x81\xEF\xAC\x82", 6); /* each ligature has its own */
  assert_int_equal(norm.seg.n, 2);
  assert_int_equal(norm.seg.at[1].from, 3);
  assert_int_equal(norm.seg.at[1].to, 2);
  make(&norm, PST_NFC, "\xC3\xA9t\xC3\xA9", 5);
  span = pst_norm_back(&norm, 1, 1); /* inside of a code point */
  assert_true(span.start == 0 && span.end == 2);
  pst_norm_free(&norm);
  pst_norm_free(&norm);
  assert_null(norm.text.at);
}

static void test_version(void **state) {
  (void)state;
  assert_string_equal(pst_norm_unicode(), utf8proc_unicode_version());
}

/* A flood: a letter and `n` marks of classes 230, 220, 202 and 216
 * as chance has it, which must come out sorted by class with the order inside of a class kept. */
static void check_flood(size_t n) {
  static const uint32_t marks[] = {0x302, 0x323, 0x327, 0x31B, 0x30D, 0x34D, 0x321};
  char *text = malloc(n * 2 + 1), *want = malloc(n * 2 + 1);
  size_t len = 0, wlen = 0;
  uint64_t random = 42 + n;
  assert_non_null(text);
  assert_non_null(want);
  text[len++] = 'x';
  for (size_t i = 0; i < n; i++)
    len += pst_utf8_put(text + len, marks[next_random(&random) % PST_COUNT(marks)]);
  want[wlen++] = 'x';
  for (uint32_t class = 0; class < 256; class ++) {
    for (size_t at = 1; at < len; at += 2) {
      uint32_t cp;
      pst_utf8_next(text, len, at, &cp);
      if (ccc(cp) == class) wlen += pst_utf8_put(want + wlen, cp);
    }
  }
  expect(PST_NFD, text, len, want, wlen);
  expect(PST_NFC, text, len, want, wlen); /* x takes none of them */
  free(text);
  free(want);
}

static void test_floods(void **state) {
  (void)state;
  check_flood(10);
  check_flood(100);
  check_flood(64000);
}

/* Alphabet of the random texts: whatever interacts. */
static const uint32_t letters[] = {
    'a',      'e',     'o',     'u',     ' ',     '\n',    0,       0xE9,    0x1EC7,  0x1EB9,
    0x1E69,   0x17F,   0x212B,  0x2126,  0x3A9,   0x390,   0x301,   0x302,   0x323,   0x307,
    0x308,    0x327,   0x31B,   0x344,   0x345,   0x340,   0x35C,   0x5B4,   0x5B0,   0x5D0,
    0xFB2C,   0x64B,   0x651,   0x654,   0x627,   0x622,   0x915,   0x93C,   0x94D,   0x958,
    0x9C7,    0x9BE,   0x9D7,   0x9CB,   0xBC6,   0xBBE,   0xDD9,   0xDCF,   0xDCA,   0xDDC,
    0xF71,    0xF72,   0xF73,   0xF80,   0xF81,   0x1025,  0x102E,  0x1100,  0x1112,  0x1161,
    0x1175,   0x11A7,  0x11A8,  0x11C2,  0x11C3,  0xAC00,  0xAC01,  0xD7A3,  0x3131,  0x304B,
    0x3099,   0x304C,  0xFF76,  0xFF9E,  0xFB01,  0xFDFA,  0xFF21,  0xB2,    0x3300,  0x4E00,
    0xF900,   0x11099, 0x110BA, 0x11131, 0x11127, 0x1D15F, 0x1D165, 0x1D16D, 0x2F800, 0x1F600,
    0x10FFFF, 0xFFFE,
};

static size_t random_text(uint64_t *random, char *s, size_t units) {
  static const char *const broken[] = {"\xFF",         "\xC3",         "\xE2\x84",
                                       "\xF0\x9F\x98", "\x80",         "\xED\xA0\x80",
                                       "\xC0\x80",     "\xE0\x85\xA1", "\xE0\x83\xA9"};
  size_t len = 0, from = next_random(random) % PST_COUNT(letters);
  size_t span = next_random(random) % 2 ? 8 : PST_COUNT(letters); /* often only neighbours */
  for (size_t i = 0; i < units; i++) {
    if (next_random(random) % 24 == 0) {
      const char *bytes = broken[next_random(random) % PST_COUNT(broken)];
      memcpy(s + len, bytes, strlen(bytes));
      len += strlen(bytes);
    } else {
      size_t pick = (from + next_random(random) % span) % PST_COUNT(letters);
      len += pst_utf8_put(s + len, letters[pick]);
    }
  }
  return len;
}

static void test_random(void **state) {
  uint64_t random = 20240607;
  static char s[256], want[TWIN_MOST * 4];
  (void)state;
  for (int round = 0; round < 6000; round++) {
    size_t len = random_text(&random, s, next_random(&random) % 40);
    for (pst_form form = PST_NFC; form <= PST_NFKD; form++) {
      pst_norm norm = {0};
      size_t wlen = twin(form, s, len, want);
      make(&norm, form, s, len);
      assert_int_equal(norm.text.n, wlen);
      if (wlen) assert_memory_equal(norm.text.at, want, wlen);
      if (round % 8 == 0) {
        check_segments(&norm, form, s, len);
        check_map(&norm, s, len);
      }
      pst_norm_free(&norm);
    }
  }
}

/* Any single code point of any plane, alone and between two letters, against the twin. */
static void test_each_point(void **state) {
  (void)state;
  for (uint32_t cp = 0x80; cp <= 0x10FFFF; cp += cp < 0x3200 ? 1 : cp < 0x30000 ? 13 : 997) {
    char s[16], want[256];
    if (cp >= 0xD800 && cp < 0xE000) continue;
    size_t len = 0;
    s[len++] = 'o';
    len += pst_utf8_put(s + len, cp);
    len += pst_utf8_put(s + len, 0x323);
    for (pst_form form = PST_NFC; form <= PST_NFKD; form++) {
      size_t wlen = twin(form, s, len, want);
      expect(form, s, len, want, wlen);
    }
  }
}

static void test_no_memory(void **state) {
  counted c = {0};
  postil_mem mem = counted_mem(&c);
  char text[400];
  size_t len = 0;
  (void)state;
  for (int i = 0; i < 8; i++) {
    memcpy(text + len, "e\xCC\x81 \xEF\xB7\xBA", 7);
    len += 7;
  }
  for (int i = 0; i < 60; i++) len += pst_utf8_put(text + len, i % 2 ? 0x323 : 0x302);
  size_t fail_at = 1;
  for (bool failed = true; failed; fail_at++) {
    pst_norm norm = {0};
    postil_err err = {0};
    c.calls = 0;
    c.fail_at = fail_at;
    failed = pst_norm_make(&norm, &mem, PST_NFKD, text, len, &err) != POSTIL_OK;
    if (failed) {
      assert_int_equal(err.code, POSTIL_ENOMEM);
      assert_null(norm.text.at);
      assert_int_equal(norm.text.n, 0);
      assert_int_equal(norm.seg.n, 0);
      assert_int_equal(c.owned, 0);
    }
    pst_norm_free(&norm);
    assert_int_equal(c.owned, 0);
  }
  assert_true(fail_at > 6);
}

/* ---- Unicode's own test ---- */

/* One column: code points in hexadecimal up to ';'.  Where it ends. */
static const char *read_column(const char *line, char *to, size_t *n, uint32_t *first) {
  *n = 0;
  *first = 0;
  while (*line && *line != ';') {
    char *end;
    uint32_t cp = (uint32_t)strtoul(line, &end, 16);
    assert_ptr_not_equal(end, line);
    if (*n == 0) *first = cp;
    *n += pst_utf8_put(to + *n, cp);
    line = end + (*end == ' ');
  }
  return line + (*line == ';');
}

/* The conformance clauses of the file's head, for one row. */
static void check_row(char column[5][256], const size_t n[5]) {
  for (size_t i = 0; i < 5; i++) {
    size_t composed = i < 3 ? 1 : 3, apart = i < 3 ? 2 : 4;
    expect(PST_NFC, column[i], n[i], column[composed], n[composed]);
    expect(PST_NFD, column[i], n[i], column[apart], n[apart]);
    expect(PST_NFKC, column[i], n[i], column[3], n[3]);
    expect(PST_NFKD, column[i], n[i], column[4], n[4]);
  }
}

static void test_conformance(void **state) {
  static unsigned char listed[0x110000];
  FILE *file = conformance_path ? fopen(conformance_path, "r") : NULL;
  char line[2048], column[5][256];
  size_t n[5], rows = 0, part = 0;
  (void)state;
  if (!file) {
    print_message("no NormalizationTest.txt: give its path as the first argument\n");
    skip();
    return;
  }
  while (fgets(line, sizeof line, file)) {
    if (line[0] == '@') part = (size_t)strtoul(line + 5, NULL, 10);
    if (line[0] == '@' || line[0] == '#' || line[0] == '\n') continue;
    const char *at = line;
    for (size_t i = 0; i < 5; i++) {
      uint32_t first;
      at = read_column(at, column[i], &n[i], &first);
      if (part == 1 && i == 0) listed[first] = 1;
    }
    check_row(column, n);
    rows++;
  }
  fclose(file);
  print_message("%zu rows, Unicode %s\n", rows, pst_norm_unicode());
  assert_true(rows > 18000);
  char *all = malloc(0x110000 * 5); /* what is not listed, each with a space behind it */
  size_t len = 0;
  assert_non_null(all);
  for (uint32_t cp = 0; cp < 0x110000; cp++) {
    if (listed[cp] || (cp >= 0xD800 && cp < 0xE000)) continue;
    len += pst_utf8_put(all + len, cp);
    all[len++] = ' ';
  }
  for (pst_form form = PST_NFC; form <= PST_NFKD; form++) expect(form, all, len, all, len);
  free(all);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_small),      cmocka_unit_test(test_hangul),
      cmocka_unit_test(test_ill_formed), cmocka_unit_test(test_segments),
      cmocka_unit_test(test_version),    cmocka_unit_test(test_floods),
      cmocka_unit_test(test_random),     cmocka_unit_test(test_each_point),
      cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_conformance),
  };
  conformance_path = argc > 1 ? argv[1] : getenv("POSTIL_NORMALIZATION_TEST");
  return cmocka_run_group_tests(tests, set_up_twin, NULL);
}
