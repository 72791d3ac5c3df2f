/* test_word.c - items, classes, sentences and the lexicon.
 *
 * A text is written with its expected cut as one line: items in | |, classes behind.  The fast way
 * for ASCII is held against the slow one, which the same text in Cyrillic takes; what texts take
 * against literals; and edges against a twin that decides between each two code points by rules.md
 * alone.
 */
#include "support.h"

#include <utf8proc.h>

#include "../../core/word.h"

typedef struct fixture {
  postil_mem mem;
  pst_lexicon *lex;
  pst_view view;
  pst_words words;
} fixture;

static void setup(fixture *f) {
  memset(f, 0, sizeof *f);
  f->mem = pst_mem_default();
  f->lex = pst_lexicon_new(&f->mem);
  assert_non_null(f->lex);
}

static void teardown(fixture *f) {
  pst_words_free(&f->words, &f->mem);
  pst_view_free(&f->view, &f->mem);
  pst_lexicon_free(f->lex);
}

static void cut(fixture *f, const char *s, size_t len) {
  pst_span all = {0, len};
  pst_view_reset(&f->view, 0);
  f->words.item.n = 0;
  assert_true(pst_view_add(&f->view, &f->mem, s, all));
  assert_true(pst_words_add(&f->words, &f->mem, f->lex, f->view.bytes.at, 0, f->view.bytes.n,
                            NULL));
}

/* Writes the item as text: its bytes and W C U l n m p, with counts where they are not 1; '+' in
 * front for glue, '#' behind for the end of a sentence. */
static size_t show(const fixture *f, const pst_item *item, char *to) {
  size_t n = 0;
  if (item->cls & PST_PARA) return 0;
  if (item->cls & PST_GLUE) to[n++] = '+';
  memcpy(to + n, f->view.bytes.at + item->at, item->len);
  n += item->len;
  to[n++] = '/';
  if (item->cls & PST_WORD) to[n++] = 'W';
  if (item->cls & PST_WORD && item->words != 1) to[n++] = (char)('0' + item->words);
  if (item->cls & PST_CAP) to[n++] = 'C';
  if (item->cls & PST_CAP && item->caps != 1) to[n++] = (char)('0' + item->caps);
  if (item->cls & PST_UPPER) to[n++] = 'U';
  if (item->cls & PST_LOWER) to[n++] = 'l';
  if (item->cls & PST_NUM) to[n++] = 'n';
  if (item->cls & PST_MARK) to[n++] = 'm';
  if (item->cls & PST_POSS) to[n++] = 'p';
  if (item->cls & PST_SENT) to[n++] = '#';
  to[n++] = ' ';
  return n;
}

/* The cut of s as one line must be `want`. */
static void expect(const char *s, const char *want) {
  fixture f;
  char line[2048];
  size_t n = 0;
  setup(&f);
  cut(&f, s, strlen(s));
  assert_true(f.words.item.n >= 2);
  assert_int_equal(f.words.item.at[0].cls, PST_PARA);
  assert_int_equal(f.words.item.at[f.words.item.n - 1].cls, PST_PARA);
  for (size_t i = 0; i < f.words.item.n; i++) n += show(&f, &f.words.item.at[i], line + n);
  line[n ? n - 1 : 0] = '\0';
  assert_string_equal(line, want);
  teardown(&f);
}

static void test_words(void **state) {
  (void)state;
  expect("", "");
  expect("  ", "");
  expect("Bo ran, twice", "Bo/WC ran/Wl +,/m twice/Wl");
  expect("O\xE2\x80\x99Neill McCain Jean-Pierre", "O'Neill/WC McCain/WC Jean/W3C3 +-/m +Pierre/");
  expect("IBM's COVID-19 PhD iPhone",
         "IBM/WU +'s/p COVID/W3U +-/m +19/n PhD/WC iPhone/Wl");
  expect("don't rock'n'roll foo_bar _x", "don't/Wl rock'n'roll/Wl foo_bar/Wl _x/Wl");
  expect("x--y a-b-c -d e-", "x/Wl +-/m +-/m +y/Wl a/W5l +-/m +b/ +-/m +c/ -/m +d/Wl e/Wl +-/m");
  expect("see a:b c", "see/Wl a/Wl +:/m +b/Wl c/Wl"); /* the colon does not join */
  expect("___ a", "___/m a/Wl");
  expect("say \"yes\" (no)", "say/Wl \"/m +yes/Wl +\"/m (/m +no/Wl +)/m");
}

static void test_numbers(void **state) {
  (void)state;
  expect("5m F16 3rd", "5/W2ln +m/ F/W2 +16/n 3/W2ln +rd/");
  expect("3,000.5 1'000 5\xC2\xA0" "000 4, 5", "3,000.5/n 1'000/n 5\xC2\xA0" "000/n 4/n +,/m 5/n");
  expect("10/12 19-year-old", "10/n +//m +12/n 19/W5ln +-/m +year/ +-/m +old/");
  expect("1914\xE2\x80\x93" "18 3;4 v2.5", "1914/n +-/m +18/n 3/n +;/m +4/n v/W2l +2.5/n");
}

static void test_possessive(void **state) {
  (void)state;
  expect("China's plan", "China/WC +'s/p plan/Wl");
  expect("CHINA'S x", "CHINA/WU +'S/p x/Wl");
  expect("James' and 1990's cats'", "James/WC +'/m and/Wl 1990/n +'s/p cats/Wl +'/m");
  expect("'s a'st", "'/m +s/Wl a'st/Wl"); /* none without a word, none within one */
  expect("Jean-Luc's", "Jean/W3C3 +-/m +Luc/ +'s/p");
}

/* A pattern may begin with the possessive. */
static void test_possessive_literal(void **state) {
  (void)state;
  fixture f;
  setup(&f);
  assert_true(pst_words_literal(&f.words, &f.mem, f.lex, "'s plan x 's 'st", 16));
  assert_int_equal(f.words.item.n, 6);
  assert_int_equal(f.words.item.at[0].cls, PST_POSS);
  assert_int_equal(f.words.item.at[0].len, 2);
  assert_int_equal(f.words.item.at[3].cls, PST_POSS);
  assert_int_equal(f.words.item.at[4].cls, PST_MARK);
  teardown(&f);
}

static void test_initials(void **state) {
  (void)state;
  expect("W. Bush", "W/WC2 +./m Bush/WC");
  expect("J.R. Smith", "J.R/WC2U +./m Smith/WC");
  expect("the U.S. army", "the/Wl U.S/WC2U +./m army/Wl");
  expect("A dog and I. X", "A/W dog/Wl and/Wl I/W +./m X/W");
  expect("Ph.D. x", "Ph.D/WC +./m x/Wl");
}

static void test_capitals_only(void **state) {
  (void)state;
  expect("CHINA SAYS: NO", "CHINA/WCU SAYS/WCU +:/m NO/WCU");
  expect("CHINA. It said NO", "CHINA/WU +./m# It/WC said/Wl NO/WU"); /* one word is no sentence */
  expect("GO NOW! It said NO", "GO/WCU NOW/WCU +!/m# It/WC said/Wl NO/WU");
}

static void test_scripts(void **state) {
  (void)state;
  expect("\xE7\x8E\x8B\xE6\xAF\x85\xE8\xAF\xB4\xE3\x80\x82",
         "\xE7\x8E\x8B/W +\xE6\xAF\x85/W +\xE8\xAF\xB4/W +\xE3\x80\x82/m#");
  expect("\xE3\x82\xAB\xE3\x83\x8A 5\xE6\x9C\x88",
         "\xE3\x82\xAB/W +\xE3\x83\x8A/W 5/n +\xE6\x9C\x88/W");
  expect("\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0 \xD1\x80\xD0\xB5\xD0\xBA\xD0\xB0",
         "\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0/WC \xD1\x80\xD0\xB5\xD0\xBA\xD0\xB0/Wl");
  expect("caf\xC3\xA9s \xC3\x89mile \xC3\x89TAT",
         "caf\xC3\xA9s/Wl \xC3\x89mile/WC \xC3\x89TAT/WU");
  expect("\xED\x95\x9C\xEA\xB5\xAD \xD9\x85\xE2\x80\x8C\xD9\x87",
         "\xED\x95\x9C\xEA\xB5\xAD/W \xD9\x85\xE2\x80\x8C\xD9\x87/W");
  expect("\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB8\x99", "\xE0\xB8\x81\xE0\xB8\xB4/W +\xE0\xB8\x99/W");
  expect("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA",
         "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7/m +\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA/m");
  expect("so\xE2\x80\x94yes", "so/Wl +\xE2\x80\x94/m +yes/Wl");
  expect("x\xCC\xA7y", "x\xCC\xA7y/Wl");
  expect("\xD7\xA6\xD7\x94\"\xD7\x9C \"\xD7\x9C", "\xD7\xA6\xD7\x94\"\xD7\x9C/W \"/m +\xD7\x9C/W");
}

static void test_upper_bits(void **state) {
  (void)state;
  fixture f;
  static const struct {
    const char *s;
    uint32_t up;
  } rows[] = {{"us", 0},       {"US", 3},           {"Apple", 1}, {"GmbH", 9},   {"iPhone", 2},
              {"O'Neill", 5},  {"aB.C", 10},        {"\xC3\xA9\xC3\x89", 2},     {"x's", 0},
              {"abcdefghijklmnopqrstuvwxyzabcdefghI", UINT32_C(1) << 31},
              {"abcdefghijklmnopqrstuvwX", UINT32_C(1) << 23}};
  setup(&f);
  for (size_t i = 0; i < PST_COUNT(rows); i++) {
    cut(&f, rows[i].s, strlen(rows[i].s));
    assert_int_equal(f.words.item.at[1].up, rows[i].up);
  }
  teardown(&f);
}

/* Checks where sentences end: `s` has # at these places, which are taken out. */
static void expect_ends(const char *s) {
  fixture f;
  char plain[512], back[1024];
  size_t n = 0, m = 0, at = 0;
  for (size_t i = 0; s[i]; i++)
    if (s[i] != '#') plain[n++] = s[i];
  setup(&f);
  cut(&f, plain, n);
  for (size_t i = 0; i < f.words.item.n; i++) {
    const pst_item *item = &f.words.item.at[i];
    while (at < (size_t)item->at + item->len) back[m++] = f.view.bytes.at[at++];
    if (item->cls & PST_SENT) back[m++] = '#';
  }
  back[m] = '\0';
  assert_string_equal(back, s);
  teardown(&f);
}

static void test_sentences(void **state) {
  (void)state;
  expect_ends("He came.# She saw.#");
  expect_ends("He met Mr. Smith and Dr. Jones.# Then he left.#");
  expect_ends("\"Why?\" he asked.# \"Go!\"# He went.#");
  expect_ends("Why?# he asked.#");
  expect_ends("(It rained.)# It did.#");
  expect_ends("Acme Inc. makes wire.# He joined Acme Inc.# The firm grew.#");
  expect_ends("Acme Inc. Chairman Bo Ek left.#");
  expect_ends("in the U.S. Senate, and in the U.S.# He said so.#");
  expect_ends("at 5 p.m. Friday, at 6 a.m.# But not now.#");
  expect_ends("on Jan. 5 and Feb. 7.# No. 5 won.# He said no.# It was 3.5 cm.#");
  expect_ends("George W. Bush and J. A. Smith met.#");
  expect_ends("It went on... and on...# Then it ended.#");
  expect_ends("It is e.g. this, i.e. That.#");
  expect_ends("What?!# Really?# No!# It ended.#");
  expect_ends("U.S.-led forces at postil.org left.#");
  expect_ends("He paid $5.# 20 people came.#");
  expect_ends("It was so.\"# \"Not so,\" she said.#");
}

/* ---- fast and slow, clever and obvious ---- */

static const char *const pieces[] = {
    "a", "bc", "The", "X", "I", "US", "McX", "internationalisation", "abcdefghijklmnopqrstuvwxyz",
    "s",
    "'s", "'S", "'", "\"", ".", ",", "-", ":", "!", "?", "(", "_", "5", "12", "3,4", "/", " ", " ",
    " ", "  ", ". ", "\xC3\xA9", "\xC3\x89", "\xD0\x96", "\xE7\x8E\x8B",
    "\xE2\x80\x94", "\xE2\x80\xA6",
    "\xCC\x81", "\xC2\xA0", "\xC2\xB7", "\xE2\x80\x8D", "\xF0\x9F\x91\xA9", "\x01", "\xFF",
    "\xC2\xB2",
    "W.", "J.R.", "Inc.", "e.g.",
};

enum { LONGEST = 640, ROUNDS = 8000 };

static size_t random_text(uint64_t *seed, char *s) {
  size_t n = 0, count = support_below(seed, 20);
  for (size_t i = 0; i < count; i++) {
    const char *piece = pieces[support_below(seed, PST_COUNT(pieces))];
    memcpy(s + n, piece, strlen(piece));
    n += strlen(piece);
  }
  return n;
}

/* Without what only the pass over sentences adds. */
static unsigned class_of(const pst_item *item) {
  unsigned cls = item->cls & ~(unsigned)PST_SENT;
  return cls & PST_UPPER ? cls & ~(unsigned)PST_CAP : cls;
}

static void test_text_and_literal(void **state) {
  (void)state;
  fixture f;
  uint64_t seed = 99;
  char s[LONGEST];
  setup(&f);
  for (int round = 0; round < ROUNDS; round++) {
    pst_words literal = {0};
    size_t len = random_text(&seed, s);
    /* A literal cuts 's otherwise where no word is before it. */
    for (size_t i = 0; i < len; i++)
      if (s[i] == '\'' && (i == 0 || s[i - 1] == ' ' || s[i - 1] == '\xA0')) s[i] = '"';
    cut(&f, s, len);
    assert_true(pst_words_literal(&literal, &f.mem, f.lex, f.view.bytes.at, f.view.bytes.n));
    assert_int_equal(literal.item.n + 2, f.words.item.n);
    cut(&f, s, len); /* again, now that all words are known */
    for (size_t i = 0; i < literal.item.n; i++) {
      const pst_item *a = &literal.item.at[i], *b = &f.words.item.at[i + 1];
      assert_int_equal(a->at, b->at);
      assert_int_equal(a->len, b->len);
      assert_int_equal(a->up, b->up);
      assert_int_equal(a->id, b->id);
      assert_int_equal(a->words, b->words);
      assert_int_equal(class_of(a), class_of(b));
    }
    pst_words_free(&literal, &f.mem);
  }
  teardown(&f);
}

/* The same text with Cyrillic letters, but where a Latin one means something: 's, and I. */
static size_t disguise(const char *s, size_t len, char *to) {
  size_t n = 0;
  for (size_t i = 0; i < len; i++) {
    bool letter = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z');
    bool means = s[i] == 'I' || (i && s[i - 1] == '\'' && (s[i] | 0x20) == 's');
    if (letter && !means) {
      memcpy(to + n, s[i] & 0x20 ? "\xD0\xB6" : "\xD0\x96", 2);
      n += 2;
    } else {
      to[n++] = s[i];
    }
  }
  return n;
}

static size_t points_before(const pst_view *view, size_t at) {
  size_t n = 0;
  for (size_t i = 0; i < at; i++) n += ((unsigned char)view->bytes.at[i] & 0xC0) != 0x80;
  return n;
}

static void test_fast_and_slow(void **state) {
  (void)state;
  fixture f, g;
  uint64_t seed = 5;
  char s[LONGEST], slow[LONGEST * 2];
  setup(&f);
  setup(&g);
  for (int round = 0; round < ROUNDS; round++) {
    size_t len = random_text(&seed, s);
    for (size_t i = 0; i + 1 < len; i++) /* a mark that makes one letter of two Latin ones only */
      if (memcmp(s + i, "\xCC\x81", 2) == 0) memcpy(s + i, "--", 2);
    cut(&f, s, len);
    cut(&g, slow, disguise(s, len, slow));
    assert_int_equal(f.words.item.n, g.words.item.n);
    for (size_t i = 0; i < f.words.item.n; i++) {
      const pst_item *a = &f.words.item.at[i], *b = &g.words.item.at[i];
      assert_int_equal(points_before(&f.view, a->at), points_before(&g.view, b->at));
      assert_int_equal(points_before(&f.view, (size_t)a->at + a->len),
                       points_before(&g.view, (size_t)b->at + b->len));
      assert_int_equal(a->up, b->up);
      assert_int_equal(a->words, b->words);
      assert_int_equal(a->extra, b->extra);
      assert_int_equal(class_of(a), class_of(b));
    }
  }
  teardown(&f);
  teardown(&g);
}

static void test_simple(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool simple;
  } cases[] = {{"New York", true},
               {"  sPaces  about ", true},
               {"", true},
               {"a", true},
               {"Eightlet Ninelette abcdefghijklmnopqrstuvwX", true},
               {"abcdefghijklmnopqrstuvwxyzabcdefghij", false},
               {"Jean-Pierre", false},
               {"the U.S.", false},
               {"world's", false},
               {"a_b", false},
               {"caf\xC3\xA9", false},
               {"a\tb", false},
               {"No 5", false},
               {"this is a text of more than sixty-three bytes that is all words and blanks and so "
                "on and on",
                false}};
  fixture f;
  setup(&f);
  for (size_t k = 0; k < PST_COUNT(cases); k++) {
    pst_words fast = {0}, slow = {0};
    size_t len = strlen(cases[k].text);
    bool simple;
    assert_true(pst_words_simple(&fast, &f.mem, f.lex, cases[k].text, len, &simple));
    assert_int_equal(simple, cases[k].simple);
    assert_true(pst_words_literal(&slow, &f.mem, f.lex, cases[k].text, len));
    if (simple) assert_int_equal(fast.item.n, slow.item.n);
    for (size_t i = 0; simple && i < slow.item.n; i++) {
      const pst_item *a = &fast.item.at[i], *b = &slow.item.at[i];
      assert_int_equal(a->at, b->at);
      assert_int_equal(a->len, b->len);
      assert_int_equal(a->up, b->up);
      assert_int_equal(a->id, b->id);
      assert_false(b->cls & PST_GLUE);
    }
    pst_words_free(&fast, &f.mem);
    pst_words_free(&slow, &f.mem);
  }
  teardown(&f);
}

/* Kinds of the code points above: 's'pace, 'l'etter, 'd'igit, 'i'deograph, 'x' extends, 'm'ark. */
static char twin_kind(uint32_t cp) {
  if (cp == ' ' || cp == 0xA0) return 's';
  if (cp == 0x738B) return 'i';
  if (cp == '_') return 'l';
  if (cp == 0x200D) return 'x';
  switch ((int)utf8proc_category((utf8proc_int32_t)cp)) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LO: return 'l';
    case UTF8PROC_CATEGORY_ND: return 'd';
    case UTF8PROC_CATEGORY_MN: return 'x';
    default: return 'm';
  }
}

typedef struct point {
  uint32_t cp;
  size_t at;
  char kind;
} point;

/* The point before i that does not extend another one, or i itself where there is none. */
static size_t base_before(const point *p, size_t i) {
  size_t k = i;
  while (k > 0 && p[k - 1].kind == 'x') k--;
  return k > 0 ? k - 1 : i;
}

static bool twin_poss(const point *p, size_t n, size_t i) {
  if (p[i].cp != '\'' || i == 0 || i + 1 >= n || (p[i + 1].cp | 32) != 's') return false;
  char before = p[base_before(p, i)].kind;
  if ((before != 'l' && before != 'd') || (i >= 2 && twin_poss(p, n, i - 2))) return false;
  return i + 2 >= n || !strchr("ldx", p[i + 2].kind);
}

/* Whether there is an edge between points i - 1 and i (both within the text). */
static bool twin_edge(const point *p, size_t n, size_t i) {
  size_t b = base_before(p, i);
  char before = b == i ? 'x' : p[b].kind, here = p[i].kind;
  if (here == 'x') return p[i - 1].kind == 's';
  if (p[i - 1].cp == 0x200D && here == 'm' && p[i].cp == 0x1F469 && before == 'm' &&
      p[b].cp >= 0x80)
    return false;
  if (twin_poss(p, n, i)) return true;
  if (twin_poss(p, n, i - 1)) return false;
  if (i >= 2 && twin_poss(p, n, i - 2)) return true; /* 's ends its word whatever follows */
  if (before == here && (here == 'l' || here == 'd')) return false;
  bool joins_l = p[i].cp == '\'' || p[i].cp == '.' || p[i].cp == 0xB7;
  if (before == 'l' && joins_l && i + 1 < n && p[i + 1].kind == 'l') return false;
  bool joins_d = p[i].cp == '\'' || p[i].cp == '.' || p[i].cp == ',' || p[i].cp == 0xA0;
  if (before == 'd' && joins_d && i + 1 < n && p[i + 1].kind == 'd') return false;
  if (i < 2 || p[i - 1].kind == 'x') return true;
  uint32_t mark = p[i - 1].cp;
  char left = p[base_before(p, i - 1)].kind;
  if (base_before(p, i - 1) == i - 1 || (i >= 3 && twin_poss(p, n, i - 3))) return true;
  if (here == 'l' && left == 'l' && (mark == '\'' || mark == '.' || mark == 0xB7)) return false;
  return !(here == 'd' && left == 'd' &&
           (mark == '\'' || mark == '.' || mark == ',' || mark == 0xA0));
}

static void test_edges(void **state) {
  (void)state;
  fixture f;
  uint64_t seed = 4711;
  char s[LONGEST];
  point p[LONGEST];
  setup(&f);
  for (int round = 0; round < ROUNDS; round++) {
    size_t n = 0, len = random_text(&seed, s), item = 1;
    cut(&f, s, len);
    for (size_t at = 0; at < f.view.bytes.n; n++) {
      p[n].at = at;
      at += pst_utf8_next(f.view.bytes.at, f.view.bytes.n, at, &p[n].cp);
      p[n].kind = twin_kind(p[n].cp);
    }
    for (size_t i = 0; i < n;) {
      size_t from = i++;
      while (i < n && !twin_edge(p, n, i)) i++;
      if (p[from].kind == 's') continue;
      size_t end = i < n ? p[i].at : f.view.bytes.n;
      assert_int_equal(f.words.item.at[item].at, p[from].at);
      assert_int_equal(f.words.item.at[item].len, end - p[from].at);
      assert_int_equal((f.words.item.at[item].cls & PST_GLUE) != 0,
                       from > 0 && p[from - 1].kind != 's');
      item++;
    }
    assert_int_equal(item + 1, f.words.item.n);
  }
  teardown(&f);
}

/* ---- the lexicon ---- */

static uint32_t find(const fixture *f, const char *s) {
  return pst_lexicon_find(f->lex, s, strlen(s));
}

static uint32_t add(const fixture *f, const char *s) {
  return pst_lexicon_add(f->lex, s, strlen(s));
}

static void test_lexicon(void **state) {
  (void)state;
  fixture f;
  setup(&f);
  uint32_t said = add(&f, "Said"), long_one = add(&f, "Internationalisation");
  assert_int_equal(add(&f, "said"), said);
  assert_int_equal(find(&f, "SAID"), said);
  assert_int_equal(find(&f, "internationalisatioN"), long_one);
  assert_int_not_equal(find(&f, "internationalisatio_") & PST_UNKNOWN, 0);
  assert_int_equal(find(&f, "unseen"), find(&f, "UNSEEN"));
  assert_int_not_equal(find(&f, "unseen") & PST_UNKNOWN, 0);
  assert_int_not_equal(find(&f, "unseen"), find(&f, "unseem"));
  uint32_t river = add(&f, "\xD1\x80\xD0\xB5\xD0\xBA\xD0\xB0");
  assert_int_equal(find(&f, "\xD0\xA0\xD0\x95\xD0\x9A\xD0\x90"), river);
  assert_int_not_equal(find(&f, "\xD1\xA0\xD0\xB5\xD0\xBA\xD0\xB0"), river);
  assert_int_equal(find(&f, "\xC4\xB0stanbul"), find(&f, "Istanbul"));
  assert_int_equal(find(&f, "x"), find(&f, "X"));
  assert_int_equal(add(&f, "\xC4\xB0"), find(&f, "i"));
  assert_int_not_equal(find(&f, "["), find(&f, "{"));
  assert_int_not_equal(find(&f, "a_b"), find(&f, "a\x7f" "b"));
  assert_int_not_equal(pst_lexicon_find(f.lex, "ab", 2), pst_lexicon_find(f.lex, "ab\0", 3));
  assert_true(said <= pst_lexicon_count(f.lex) && river <= pst_lexicon_count(f.lex));
  teardown(&f);
}

/* Words of up to 900 bytes, mixed with letters that fold to other lengths, against a list. */
static void test_lexicon_long(void **state) {
  (void)state;
  fixture f;
  uint64_t seed = 5;
  static char words[300][960], other[960];
  size_t len[300];
  uint32_t id[300];
  setup(&f);
  for (size_t i = 0; i < 300; i++) {
    len[i] = 0;
    size_t most = support_below(&seed, 4) ? 20 : 900, want = 1 + support_below(&seed, most);
    while (len[i] < want) {
      const char *piece = support_below(&seed, 40) ? "k" : "\xE2\x84\xAA"; /* Kelvin, folds to k */
      if (support_below(&seed, 2)) piece = "m";
      memcpy(words[i] + len[i], piece, strlen(piece));
      len[i] += strlen(piece);
    }
    id[i] = pst_lexicon_add(f.lex, words[i], len[i]);
    assert_true(id[i] > 0 && id[i] <= pst_lexicon_count(f.lex));
  }
  for (size_t i = 0; i < 300; i++) {
    size_t n = 0;
    for (size_t k = 0; k < len[i]; k++) {
      bool kelvin = words[i][k] == '\xE2';
      other[n++] = kelvin ? 'K' : words[i][k] == 'k' ? 'k' : 'M';
      if (kelvin) k += 2;
    }
    assert_int_equal(pst_lexicon_find(f.lex, other, n), id[i]);
    if (n > 1) {
      other[n / 2] = 'q';
      assert_int_not_equal(pst_lexicon_find(f.lex, other, n), id[i]);
    }
  }
  teardown(&f);
}

/* A run longer than an item may be is cut, and stays one text word. */
static void test_long_run(void **state) {
  (void)state;
  fixture f;
  size_t len = 130000, sum = 0;
  char *s = malloc(len);
  assert_non_null(s);
  memset(s, 'a', len);
  setup(&f);
  assert_true(pst_words_add(&f.words, &f.mem, f.lex, s, 0, len, NULL));
  assert_true(f.words.item.n > 4);
  for (size_t i = 1; i + 1 < f.words.item.n; i++) sum += f.words.item.at[i].len;
  assert_int_equal(sum, len);
  assert_int_equal(f.words.item.at[1].words, f.words.item.n - 2);
  assert_int_equal(f.words.item.at[2].words, 0);
  teardown(&f);
  free(s);
}

static postil_status cut_failing(const postil_mem *mem, void *ud) {
  pst_words words = {0}, more = {0};
  pst_lexicon *lex = pst_lexicon_new(mem);
  bool fine = lex && pst_words_literal(&words, mem, lex, ud, strlen(ud)) &&
              pst_words_add(&more, mem, lex, ud, 0, strlen(ud), "en");
  pst_words_free(&words, mem);
  pst_words_free(&more, mem);
  pst_lexicon_free(lex);
  return fine ? POSTIL_OK : POSTIL_ENOMEM;
}

static void test_no_memory(void **state) {
  (void)state;
  char s[1500];
  for (size_t i = 0; i + 1 < sizeof s; i += 5) { /* 300 words: the table has to grow */
    memcpy(s + i, "aaa  ", 5);
    for (size_t k = 0, v = i / 5; k < 3; k++, v /= 26) s[i + k] = (char)('a' + v % 26);
  }
  s[sizeof s - 1] = '\0';
  assert_true(support_fail_each(cut_failing, s) >= 6);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_words),      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_possessive), cmocka_unit_test(test_initials),
      cmocka_unit_test(test_possessive_literal),
      cmocka_unit_test(test_capitals_only), cmocka_unit_test(test_scripts),
      cmocka_unit_test(test_upper_bits), cmocka_unit_test(test_sentences),
      cmocka_unit_test(test_text_and_literal), cmocka_unit_test(test_fast_and_slow),
      cmocka_unit_test(test_edges), cmocka_unit_test(test_simple),
      cmocka_unit_test(test_lexicon),    cmocka_unit_test(test_lexicon_long),
      cmocka_unit_test(test_long_run),   cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests_name("word", tests, NULL, NULL);
}
