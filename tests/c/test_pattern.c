/* test_pattern.c - pattern strings: every message with its place, what is no error, facts, what a
 * match can begin with and must hold, limits, random bytes, failing memory.
 */
#include "support.h"

#include "../../core/pattern.h"

typedef struct bench {
  support_mem heap;
  postil_mem mem;
  pst_names labels, attrs;
  pst_pattern_env env;
  pst_program *program;
  postil_err err;
} bench;

static void bench_open(bench *b, const char *pattern, size_t len, unsigned flags) {
  memset(b, 0, sizeof *b);
  b->heap = support_mem_new();
  b->mem = support_mem_use(&b->heap);
  b->env.mem = b->mem;
  b->env.labels = &b->labels;
  b->env.attrs = &b->attrs;
  b->env.lex = pst_lexicon_new(&b->mem);
  b->program = pst_pattern_compile(&b->env, pattern, len, POSTIL_CASE_LETTER, flags, &b->err);
}

static void bench_close(bench *b) {
  pst_program_free(b->program);
  pst_lexicon_free(b->env.lex);
  pst_names_free(&b->labels, &b->mem);
  pst_names_free(&b->attrs, &b->mem);
  support_mem_done(&b->heap);
}

static void open_good(bench *b, const char *pattern, unsigned flags) {
  bench_open(b, pattern, strlen(pattern), flags);
  if (!b->program) fail_msg("%s: %s (at %zu)", pattern, b->err.what, b->err.at);
}

static void check_error(const char *pattern, unsigned flags, postil_status code, size_t at,
                        const char *words) {
  bench b;
  bench_open(&b, pattern, strlen(pattern), flags);
  if (b.program) fail_msg("%s: taken", pattern);
  if (b.err.code != code || b.err.at != at || strcmp(b.err.what, words) != 0)
    fail_msg("%s: %d at %zu: %s", pattern, (int)b.err.code, b.err.at, b.err.what);
  bench_close(&b);
}

static void bad(const char *pattern, size_t at, const char *words) {
  check_error(pattern, 0, POSTIL_EPATTERN, at, words);
}

static void good(const char *pattern, unsigned flags) {
  bench b;
  open_good(&b, pattern, flags);
  bench_close(&b);
}

/* ---- Messages ---- */

static void test_repeats(void **state) {
  (void)state;
  bad("<cap>{3,1} (Inc|Corp)", 6, "repeat runs backwards: 3 > 1");
  bad("a{0}", 1, "a repeat of nothing: {0}");
  bad("a{0,0}", 1, "a repeat of nothing: {0}");
  bad("a{,3}", 1, "a repeat that may be nothing is written {0,3}");
  bad("a{,b}", 1, "a repeat is {n}, {n,} or {n,m}; write \\{ for the sign");
  bad("a{2", 1, "a repeat is {n}, {n,} or {n,m}; write \\{ for the sign");
  bad("a{x}", 1, "a repeat is {n}, {n,} or {n,m}; write \\{ for the sign");
  bad("a+*", 2, "one quantifier a unit; write \\ before a sign of the text");
  bad("(a?)+", 4, "this repeats what can be nothing");
  bad("(a? b?){2}", 7, "this repeats what can be nothing");
  bad("(name:<cap> ,?)+", 1, "name the whole repeat: name:(\xE2\x80\xA6)+");
  bad("(a (x:b)?){2,3}", 4, "name the whole repeat: x:(\xE2\x80\xA6){\xE2\x80\xA6}");
  bad("(a <para>)+", 10, "a repeat of <para> needs an end: {1,3}");
  bad("<para>*", 6, "a repeat of <para> needs an end: {1,3}");
  bad("([a] b)+", 1, "[ ] marks the tagged span, once: it cannot be repeated");
  check_error("a{65}", 0, POSTIL_ELIMIT, 1, "a repeat goes up to 64");
  check_error("a{1,999999999999}", 0, POSTIL_ELIMIT, 1, "a repeat goes up to 64");
}

static void test_brackets(void **state) {
  (void)state;
  bad("a [,.]? b", 2, "[ ] marks the tagged span; for a choice of characters write (,|.)");
  bad("[a] b [c]", 6, "a second [ ]; write \\[ for the sign");
  bad("[a [b]]", 3, "[ ] inside [ ]; write \\[ for the sign");
  bad("a !([b])", 4, "what is only looked at cannot be tagged");
  bad("[a?] b", 0, "what [ ] tags can be nothing");
  bad("x:[a]", 2, "a capture holds no [ ]; write [name:(\xE2\x80\xA6)]");
  bad("x:(a [b])", 5, "a capture holds no [ ]; write [name:(\xE2\x80\xA6)]");
  bad("a (b", 2, "( without ); write \\( for the sign");
  bad("a b)", 3, ") without (; write \\) for the sign");
  bad(") a", 0, ") without (; write \\) for the sign");
  bad("[a b", 0, "[ without ]; write \\[ for the sign");
  bad("a b]", 3, "] without [; write \\] for the sign");
  bad("(a]", 2, "] closes no [ here; write \\] for the sign");
  bad("[a)", 2, ") closes no ( here; write \\) for the sign");
  bad("a ()", 3, "nothing between the brackets");
  bad("a (b|)", 5,
      "nothing on one side of |; write (\xE2\x80\xA6)? for what may be missing, \\| for the sign");
  bad("|a", 0,
      "nothing on one side of |; write (\xE2\x80\xA6)? for what may be missing, \\| for the sign");
  bad("a (", 2, "( without ); write \\( for the sign");
  bad("a \xC3\xA9\xFF (", 4, "this pattern is no UTF-8 here");
  bad("/a\xE2\x82/", 2, "this pattern is no UTF-8 here");
}

static void test_signs(void **state) {
  (void)state;
  bad("$5", 0, "$ alone is the end of a paragraph; write \\$ for the sign");
  bad("US$ a", 2, "$ alone is the end of a paragraph; write \\$ for the sign");
  bad("a ^b", 2, "^ alone is the start of a paragraph; write \\^ for the sign");
  bad("a\\d", 1, "\\d works inside /\xE2\x80\xA6/ only; write <num> or /\\d+/");
  bad("a\\q", 1, "\\q works inside /\xE2\x80\xA6/ only");
  bad("a \\", 2, "\\ at the end; write \\\\ for a backslash");
  bad("a \\ b", 2, "\\ before white space; write \\\\ for a backslash");
  bad("a b...", 3, "... stands alone; write \\.\\.\\. for three stops");
  bad("a ...b", 2, "... stands alone; write \\.\\.\\. for three stops");
  bad("a ...+ b", 2, "... takes what is needed by itself, without a quantifier");
  bad("x:... b", 2, "... alone has no name; write name:(a ... b)");
  bad("say \"no", 4, "this phrase has no end; write \\\" for a quotation mark");
  bad("say \" \"", 4, "empty phrase; write \\\" for a quotation mark");
  bad("a \xC2\xAD b", 2, "nothing is left of this when a text is folded");
}

static void test_nothing(void **state) {
  (void)state;
  bad("", 0, "the pattern is empty");
  bad("  ", 2, "the pattern is empty");
  bad("a?", 0, "this pattern can match nothing");
  bad("...", 0, "this pattern can match nothing");
  bad("^ $", 0, "this pattern can match nothing");
  bad("a|b*", 0, "this pattern can match nothing");
  bad("!a", 0, "this pattern can match nothing");
  bad("a !b?", 2, "this looks for what can be nothing");
  bad("a &(b?)", 2, "this looks for what can be nothing");
  bad("a !(x:b)", 4, "a capture behind ! never holds anything");
}

static void test_labels(void **state) {
  (void)state;
  bad("a <Person>", 3, "labels are lower case; write <person>, or \\< for the sign");
  bad("a <3>", 3, "a label starts with a lower-case letter; write \\< for the sign");
  bad("a < b", 3, "a label starts with a lower-case letter; write \\< for the sign");
  bad("a <person|>", 10, "a label starts with a lower-case letter; write \\< for the sign");
  bad("a <person", 2, "< without >; write \\< for the sign");
  bad("a <person,org>", 9, "this does not belong in < >; write \\< for the sign");
  bad("a <person =f>", 10, "a test is name, !name or name=value");
  bad("a <person sex=>", 14, "a value is missing");
  bad("a <person sex=\"f>", 14, "this value has no end");
  bad("a <person !sex=f>", 14, "!name takes no value");
  bad("a <quote fault=x>", 14, "fault takes no value");
  check_error("a <person>", PST_PATTERN_BLOCK, POSTIL_EPATTERN, 3,
              "the pattern of a block has words, classes and regexes only");
  check_error("a <para> b", PST_PATTERN_BLOCK, POSTIL_EPATTERN, 3,
              "the pattern of a block stays on its line");
  check_error("a =family", 0, POSTIL_EPATTERN, 2, "=attr is for alias; write \\= for the sign");
  check_error("=family =given", PST_PATTERN_ALIAS, POSTIL_EPATTERN, 8, "a pattern has one =attr");
}

static void test_contexts(void **state) {
  (void)state;
  const char *endless = "a context has a longest match: no ... * + {n,}";
  check_error("a ... b", PST_PATTERN_BOUNDED, POSTIL_EPATTERN, 2, endless);
  check_error("a b*", PST_PATTERN_BOUNDED, POSTIL_EPATTERN, 3, endless);
  check_error("a b{2,}", PST_PATTERN_BOUNDED, POSTIL_EPATTERN, 3, endless);
  check_error("[a] b", PST_PATTERN_BOUNDED, POSTIL_EPATTERN, 0,
              "a context tags nothing; write \\[ for the sign");
  check_error("<word>{17}", PST_PATTERN_BOUNDED, POSTIL_ELIMIT, 0,
              "a context takes at most 16 words and marks");
  good("<word>{16}", PST_PATTERN_BOUNDED);
  good("George|Denzel", PST_PATTERN_BOUNDED);
}

static void test_regexes(void **state) {
  (void)state;
  bad("see http://x", 9, "empty regex; write http\\:\\/\\/x");
  bad("a // b", 2, "empty regex; write \\/\\/");
  bad("10 / 12", 3, "this regex has no end; write \\/ for a slash");
  bad("a /b/g", 5, "a regex takes the letters i, s and x only");
  bad("a /b(/", 5, "missing closing parenthesis");
  bad("see /it\xE2\x80\x99s/", 7, "\xE2\x80\x99 is ' in the text; write that");
}

static void test_limits(void **state) {
  (void)state;
  static char s[40000];
  bench b;
  memset(s, 'a', sizeof s);
  bench_open(&b, s, 32769, 0);
  assert_int_equal(b.err.code, POSTIL_ELIMIT);
  bench_close(&b);
  bench_open(&b, s, 32768, 0);
  assert_non_null(b.program);
  bench_close(&b);
  for (size_t depth = 64; depth <= 65; depth++) {
    memset(s, '(', depth);
    s[depth] = 'a';
    memset(s + depth + 1, ')', depth);
    bench_open(&b, s, 2 * depth + 1, 0);
    assert_int_equal(b.program == NULL, depth == 65);
    if (!b.program) {
      assert_int_equal(b.err.code, POSTIL_ELIMIT);
      assert_int_equal(b.err.at, 64);
      assert_string_equal(b.err.what, "brackets nest at most 64 deep");
    }
    bench_close(&b);
  }
  check_error("((a b){64}){64}", 0, POSTIL_ELIMIT, 0,
              "this pattern is too large when its repeats are written out");
  size_t n = 0;
  for (unsigned i = 0; i < 25; i++) {
    s[n++] = 'c';
    s[n++] = (char)('a' + i);
    memcpy(s + n, ":x ", 3);
    n += 3;
  }
  bench_open(&b, s, n, 0);
  assert_null(b.program);
  assert_int_equal(b.err.code, POSTIL_ELIMIT);
  assert_int_equal(b.err.at, 24 * 5);
  bench_close(&b);
  bench_open(&b, s, n - 5, 0);
  assert_non_null(b.program);
  bench_close(&b);
}

/* What is no error, though it looks like one. */
static void test_taken(void **state) {
  (void)state;
  good("what ?", 0);
  good("a * b + c", 0);
  good("{ a }", 0);
  good("a & b ! c", 0);
  good("a = b", 0);
  good("AT&T and/or 10/12 a:b", 0);
  good("said :", 0);
  good("(said:)", 0);
  good("x:a|x:b", 0);
  good("([a] b|c [d])", 0);
  good("(x:a)? b", 0);
  good("b (a|$)", 0);
  good("a > b", 0);
  good("<para>{1,3} a", 0);
  good("a \xE2\x80\xA6 b", 0);
  good("\xE2\x80\x9Cquoted\xE2\x80\x9D", 0);
  good("a /x\\/y/ b", 0);
  good("the =nat leader", PST_PATTERN_ALIAS);
}

/* ---- Facts ---- */

static void test_facts(void **state) {
  (void)state;
  bench b;
  open_good(
      &b, "speaker:<person|_he> ... cue:<_cue> : <para>{1,2} [<quote !speaker source=X>] <para> Mr",
      0);
  const pst_program_facts *f = pst_program_about(b.program);
  assert_true(f->has_core);
  assert_true(f->left_context);
  assert_int_equal(f->paras_before, 2);
  assert_int_equal(f->paras_after, 1);
  assert_int_equal(f->ncaptures, 2);
  assert_string_equal(b.attrs.at[f->capture[0]], "speaker");
  assert_string_equal(b.attrs.at[f->capture[1]], "cue");
  assert_int_equal(f->nlabels, 4);
  assert_string_equal(b.labels.at[f->label[0]], "person");
  assert_string_equal(b.labels.at[f->label[3]], "quote");
  assert_int_equal(f->ntested, 2);
  assert_string_equal(b.attrs.at[f->tested[0]], "speaker");
  assert_string_equal(b.attrs.at[f->tested[1]], "source");
  assert_int_equal(f->caps, 1);
  assert_false(f->same);
  bench_close(&b);
  open_good(&b, "[a <para> b] (US|Nato){2} <person person>|<person>", 0);
  f = pst_program_about(b.program);
  assert_false(f->left_context);
  assert_int_equal(f->paras_before, 0);
  assert_int_equal(f->paras_after, 1);
  assert_int_equal(f->nlabels, 1);
  assert_int_equal(f->caps, 0);
  bench_close(&b);
  open_good(&b, "x:US (GmbH|us)? =family", PST_PATTERN_ALIAS);
  f = pst_program_about(b.program);
  assert_false(f->has_core);
  assert_true(f->same);
  assert_string_equal(b.attrs.at[f->same_attr], "family");
  assert_int_equal(f->caps, 2);
  bench_close(&b);
}

/* ---- Prefilter ---- */

static bool has_word(const bench *b, const uint32_t *id, size_t n, const char *word) {
  uint32_t want = pst_lexicon_find(b->env.lex, word, strlen(word));
  for (size_t i = 0; i < n; i++)
    if (id[i] == want) return true;
  return false;
}

static bool has_label(const bench *b, const uint16_t *id, size_t n, const char *label) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(b->labels.at[id[i]], label) == 0) return true;
  return false;
}

static void test_starts(void **state) {
  (void)state;
  bench b;
  open_good(&b, "!z (Mr|Mrs)? (<_title>|<cap>{2}) x|Dr <name>", 0);
  const pst_program_start *s = pst_program_starts(b.program);
  assert_false(s->any);
  assert_int_equal(s->nwords, 3);
  assert_true(has_word(&b, s->word, s->nwords, "Mr"));
  assert_true(has_word(&b, s->word, s->nwords, "Mrs"));
  assert_true(has_word(&b, s->word, s->nwords, "Dr"));
  assert_int_equal(s->classes, PST_CAP);
  assert_int_equal(s->nlabels, 1);
  assert_true(has_label(&b, s->label, s->nlabels, "_title"));
  bench_close(&b);
  open_good(&b, "... a", 0);
  assert_true(pst_program_starts(b.program)->any);
  bench_close(&b);
  open_good(&b, "a? /\\d/", 0);
  assert_true(pst_program_starts(b.program)->any);
  bench_close(&b);
}

/* One set of words and <labels>, with blanks between. */
static void check_set(const bench *b, const pst_need *need, const char *pattern, const char *set) {
  const uint32_t *word = b->program->need_word.at + need->word;
  const uint16_t *label = b->program->need_label.at + need->label;
  size_t nwords = 0, nlabels = 0;
  char part[32];
  while (*set) {
    size_t n = strcspn(set, " "), tag = set[0] == '<';
    memcpy(part, set + tag, n);
    part[n - 2 * tag] = '\0';
    set += n + (set[n] == ' ');
    if (tag ? !has_label(b, label, need->nlabels, part) : !has_word(b, word, need->nwords, part))
      fail_msg("%s: no need of %s", pattern, part);
    *(tag ? &nlabels : &nwords) += 1;
  }
  assert_int_equal(need->nwords, nwords);
  assert_int_equal(need->nlabels, nlabels);
}

/* All that matches need, set by set, and how many runs of white space on. */
static void check_needs(const char *pattern, const char *const *sets, const int *far) {
  bench b;
  size_t n = 0;
  open_good(&b, pattern, 0);
  for (; sets[n]; n++) {
    if (n == b.program->need.n) fail_msg("%s: no need of %s", pattern, sets[n]);
    const pst_need *need = &b.program->need.at[n];
    check_set(&b, need, pattern, sets[n]);
    if (far[n] < 0 ? !need->far.endless : need->far.endless || need->far.runs != (uint32_t)far[n])
      fail_msg("%s: %s is %u runs on", pattern, sets[n], need->far.runs);
  }
  assert_int_equal(b.program->need.n, n);
  bench_close(&b);
}

#define NEEDS(pattern, far, ...) check_needs(pattern, (const char *const[]){__VA_ARGS__, NULL}, far)

static void test_needs(void **state) {
  (void)state;
  const int none[] = {0}, one[] = {1}, ends[] = {0, 1, -1}, start[] = {-1, -1};
  const int title[] = {3, 4}, said[] = {0, 2, 3}, tags[] = {0, 2}, caught[] = {0, 2, -1};
  NEEDS("<cap>", none, NULL);
  NEEDS("<word>+ the?", none, NULL);
  NEEDS("<person|cap> !x", none, NULL);
  NEEDS("<word>+ (the|<cap>)", none, NULL);
  NEEDS("COVID-19", none, "covid");
  NEEDS("!analyst the", one, "the");
  NEEDS("x , ... (professor|analyst)", ends, "x", ",", "professor analyst");
  NEEDS("... x", start, "x");
  NEEDS("<cap>{2,3} , the", title, ",", "the");
  NEEDS("said <word> of minister", said, "said", "of", "minister");
  NEEDS("the <word> (<person>|<org>)", tags, "the", "<person> <org>");
  NEEDS("the x:(of <person>|Kremlin)+ [of]", caught, "the", "kremlin <person>", "of");
}

/* ---- Random patterns ---- */

/* Bytes at random from what patterns are made of: no crash, and an error lies within the pattern.
 */
static void test_random(void **state) {
  (void)state;
  static const char *const parts[] = {"a",
                                      "Bc",
                                      " ",
                                      " ",
                                      "(",
                                      ")",
                                      "[",
                                      "]",
                                      "|",
                                      "?",
                                      "*",
                                      "+",
                                      "{2",
                                      "}",
                                      ",",
                                      "<cap>",
                                      "<p",
                                      ">",
                                      "/",
                                      "\\",
                                      "..",
                                      ".",
                                      "!",
                                      "&",
                                      "^",
                                      "$",
                                      "=",
                                      "n:",
                                      "\"",
                                      "'s",
                                      "\xE2\x80\x99",
                                      "\xFF",
                                      "\xE2\x80",
                                      "3",
                                      "<para>",
                                      "<q x=1>"};
  uint64_t seed = 99;
  size_t taken = 0;
  for (int round = 0; round < 20000; round++) {
    char s[256];
    size_t n = 0, parts_in = 1 + support_below(&seed, 12);
    for (size_t i = 0; i < parts_in; i++) {
      const char *part = parts[support_below(&seed, PST_COUNT(parts))];
      memcpy(s + n, part, strlen(part));
      n += strlen(part);
      if (support_below(&seed, 40) == 0) s[n++] = '\0';
    }
    bench b;
    bench_open(&b, s, n, (unsigned)support_below(&seed, 16));
    if (!b.program)
      assert_true(b.err.at <= n && b.err.what[0]);
    else
      taken++;
    bench_close(&b);
  }
  assert_true(taken > 500);
}

static postil_status compile_once(const postil_mem *mem, void *ud) {
  (void)ud;
  pst_names labels = {0}, attrs = {0};
  pst_pattern_env env = {*mem, pst_lexicon_new(mem), &labels, &attrs};
  postil_err err;
  postil_status status = POSTIL_ENOMEM;
  const char *s =
      "x:(one|two \"Three four\") [<p|q a=1 !b>{1,3}] !y /(?<n>z+)/i ... 's (US|Nato) end";
  if (env.lex) {
    pst_program *p = pst_pattern_compile(&env, s, strlen(s), POSTIL_CASE_LETTER, 0, &err);
    status = p ? POSTIL_OK : err.code;
    pst_program_free(p);
  }
  pst_lexicon_free(env.lex);
  pst_names_free(&labels, mem);
  pst_names_free(&attrs, mem);
  return status;
}

static void test_memory(void **state) {
  (void)state;
  assert_true(support_fail_each(compile_once, NULL) > 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_repeats), cmocka_unit_test(test_brackets),
      cmocka_unit_test(test_signs),   cmocka_unit_test(test_nothing),
      cmocka_unit_test(test_labels),  cmocka_unit_test(test_contexts),
      cmocka_unit_test(test_regexes), cmocka_unit_test(test_limits),
      cmocka_unit_test(test_taken),   cmocka_unit_test(test_facts),
      cmocka_unit_test(test_starts),  cmocka_unit_test(test_needs),
      cmocka_unit_test(test_random),  cmocka_unit_test(test_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
