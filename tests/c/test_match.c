/* test_match.c - programs over windows: what matches, where, and what does not; the machine against
 * a slow twin; hostile patterns; failing allocations.
 *
 * A text of these tests is marked up: [ ] stands around what must be found, <label:...> around a
 * tag, with ~ ~ around its core where the tag is wider, and an empty line is a paragraph break.
 */
#include "support.h"

#include <stdio.h>

#include "../../core/start.h"

enum { TEXT_MAX = 4096, TAGS_MAX = 64 };

typedef struct markup_tag {
  char label[24];
  size_t start, end, core_start, core_end;
} markup_tag;

typedef struct bench {
  const postil_mem *mem;
  pst_pattern_env env;
  pst_names labels, attrs;
  pst_program *program;
  pst_window w;
  pst_matcher *m;
  pst_hit hit;
  postil_err err;
  char text[TEXT_MAX];
  size_t len, want_at, want_stop;
  markup_tag tag[TAGS_MAX];
  size_t ntags;
} bench;

/* ---- The bench ---- */

static void read_open(bench *b, const char **s, size_t *stack, size_t *depth) {
  markup_tag *tag = &b->tag[b->ntags];
  size_t n = 0;
  for ((*s)++; **s != ':'; (*s)++) tag->label[n++] = **s;
  tag->label[n] = '\0';
  (*s)++;
  tag->start = b->len;
  tag->core_start = tag->core_end = SIZE_MAX;
  stack[(*depth)++] = b->ntags++;
}

/* Takes the marks out of a text and notes what they say. */
static void read_markup(bench *b, const char *s) {
  size_t stack[16], depth = 0;
  b->len = b->ntags = 0;
  b->want_at = b->want_stop = SIZE_MAX;
  while (*s) {
    markup_tag *top = depth ? &b->tag[stack[depth - 1]] : NULL;
    if (*s == '<') {
      read_open(b, &s, stack, &depth);
      continue;
    }
    if (*s == '>') {
      top->end = b->len;
      if (top->core_start == SIZE_MAX) {
        top->core_start = top->start;
        top->core_end = top->end;
      }
      depth--;
    } else if (*s == '~') {
      *(top->core_start == SIZE_MAX ? &top->core_start : &top->core_end) = b->len;
    } else if (*s == '[') {
      b->want_at = b->len;
    } else if (*s == ']') {
      b->want_stop = b->len;
    } else {
      b->text[b->len++] = *s;
    }
    s++;
  }
}

/* The item that starts at (or after) a byte of the text. */
static uint32_t item_from(const bench *b, size_t text) {
  size_t at = pst_view_at_start(&b->w.view, text);
  uint32_t i = 0;
  while (i < b->w.words.item.n &&
         (b->w.words.item.at[i].at < at || b->w.words.item.at[i].cls & PST_PARA))
    i++;
  return i;
}

static uint32_t item_to(const bench *b, size_t text) {
  size_t at = pst_view_at_end(&b->w.view, text);
  uint32_t end = 0;
  for (uint32_t i = 0; i < b->w.words.item.n; i++) {
    const pst_item *item = &b->w.words.item.at[i];
    if (!(item->cls & PST_PARA) && item->at + item->len <= at) end = i + 1;
  }
  return end;
}

static bool place_tag(bench *b, const markup_tag *m) {
  pst_wtag tag;
  memset(&tag, 0, sizeof tag);
  tag.first = item_from(b, m->core_start);
  tag.end = item_to(b, m->core_end);
  tag.wfirst = item_from(b, m->start);
  tag.wend = item_to(b, m->end);
  tag.start = m->core_start;
  tag.stop = m->core_end;
  uint32_t label = pst_names_add(&b->labels, b->mem, m->label, strlen(m->label));
  if (label == PST_NONE) return false;
  tag.label = (uint16_t)label;
  tag.attr = PST_NONE;
  tag.same.para = tag.same.tag = tag.id = PST_NONE;
  bool quote = strcmp(m->label, "quote") == 0;
  if (!PST_PUSH(b->mem, &b->w.tag, tag)) return false;
  uint32_t index = (uint32_t)b->w.tag.n - 1;
  if (quote) pst_window_quote(&b->w, index);
  return pst_window_place(&b->w, index);
}

/* Folds and cuts the text, a paragraph at a time, and places the tags; outer ones come first. */
static bool fill_window(bench *b) {
  pst_window_init(&b->w, b->mem, b->text);
  for (size_t at = 0; at <= b->len;) {
    size_t end = at;
    while (end < b->len && !(b->text[end] == '\n' && end + 1 < b->len && b->text[end + 1] == '\n'))
      end++;
    size_t from = b->w.view.bytes.n;
    pst_span span = {at, end};
    pst_wpara para;
    memset(&para, 0, sizeof para);
    para.first = b->w.words.item.n ? (uint32_t)b->w.words.item.n : 1;
    para.start = at;
    para.stop = end;
    para.index = (uint32_t)b->w.para.n;
    if (!pst_view_add(&b->w.view, b->mem, b->text + span.start, span) ||
        !pst_words_add(&b->w.words, b->mem, b->env.lex, b->w.view.bytes.at, from, b->w.view.bytes.n,
                       NULL))
      return false;
    para.end = (uint32_t)b->w.words.item.n - 1;
    if (!PST_PUSH(b->mem, &b->w.para, para)) return false;
    at = end + 2;
  }
  if (!pst_window_ready(&b->w)) return false;
  for (size_t i = 0; i < b->ntags; i++)
    if (!place_tag(b, &b->tag[i])) return false;
  return true;
}

static bool bench_open(bench *b, const postil_mem *mem, const char *pattern, size_t len,
                       postil_case kase, unsigned flags) {
  memset(b, 0, sizeof *b);
  b->mem = mem;
  pst_window_init(&b->w, mem, b->text);
  b->env.mem = *mem;
  b->env.labels = &b->labels;
  b->env.attrs = &b->attrs;
  b->env.lex = pst_lexicon_new(mem);
  b->m = pst_matcher_new(mem);
  if (!b->env.lex || !b->m) return false;
  b->program = pst_pattern_compile(&b->env, pattern, len, kase, flags, &b->err);
  return b->program != NULL;
}

static void bench_close(bench *b) {
  pst_program_free(b->program);
  pst_matcher_free(b->m);
  pst_window_free(&b->w);
  pst_lexicon_free(b->env.lex);
  pst_names_free(&b->labels, b->mem);
  pst_names_free(&b->attrs, b->mem);
}

/* The level of quotation that the hit is on: the innermost quotation that holds it and more. */
static uint32_t hit_level(const bench *b) {
  uint32_t id = b->w.quote_id.at[b->hit.first];
  while (id) {
    const pst_wtag *quote = &b->w.tag.at[id - 1];
    bool whole = b->hit.first <= quote->first && quote->end <= b->hit.end;
    if (!whole && quote->first <= b->hit.first && b->hit.end <= quote->end) break;
    id = quote->outer;
  }
  return id;
}

/* A tag that stands where the hit's core does, or PST_NONE. */
static uint32_t tag_of_core(const bench *b) {
  for (uint32_t i = 0; i < b->w.tag.n; i++)
    if (b->w.tag.at[i].first == b->hit.core_first && b->w.tag.at[i].end == b->hit.core_end)
      return i;
  return PST_NONE;
}

/* The prefilters must not say no where there is a match. */
static void check_starts(bench *b, uint32_t first, const char *pattern) {
  postil_mem mem = pst_mem_default();
  pst_start_words words = {0};
  pst_starts starts = {0};
  pst_lead lead;
  assert_true(pst_match_may_start(&b->w, b->program, first));
  if (pst_program_starts(b->program)->same) return;
  assert_true(pst_start_words_make(&words, &mem, pst_lexicon_count(b->env.lex)));
  assert_true(pst_start_words_program(&words, &mem, b->program));
  assert_true(pst_starts_make(&starts, &mem, &words, &b->w));
  const uint64_t *row = pst_starts_row(&starts, &b->w, b->program, NULL);
  assert_non_null(row);
  assert_int_equal(pst_bit_from(row, b->w.row_words, first), first);
  assert_int_equal(pst_bit_upto(row, first), first);
  if (pst_program_about(b->program)->has_core) {
    bool led = pst_starts_lead(&b->w, b->program, b->hit.core_first, hit_level(b), &lead);
    if (!led || first < lead.from || first > lead.to)
      fail_msg("%s on %.*s: no way back from item %u to %u", pattern, (int)b->len, b->text,
               (unsigned)b->hit.core_first, (unsigned)first);
    pst_hit hit = b->hit;
    uint32_t tag = tag_of_core(b);
    pst_matcher_share(b->m, lead.from, b->hit.end, &lead);
    pst_found again = pst_match_at(b->m, &b->w, b->program, first, tag, PST_NONE, &hit);
    pst_matcher_unshare(b->m);
    if (tag != PST_NONE && again != PST_FOUND_YES)
      fail_msg("%s on %.*s: led astray from item %u", pattern, (int)b->len, b->text,
               (unsigned)first);
  }
  pst_starts_free(&starts, &mem);
  pst_start_words_free(&words, &mem);
}

/* The first match from the left; its start must pass the prefilter. */
static pst_found search(bench *b) {
  pst_matcher_begin(b->m, &b->w);
  for (uint32_t i = 0; i < b->w.words.item.n; i++) {
    pst_found found = pst_match_at(b->m, &b->w, b->program, i, PST_NONE, PST_NONE, &b->hit);
    if (found == PST_FOUND_NO) continue;
    if (found == PST_FOUND_YES) {
      check_starts(b, i, "this");
    }
    return found;
  }
  return PST_FOUND_NO;
}

static void open_text(bench *b, const postil_mem *mem, const char *pattern, const char *text) {
  if (!bench_open(b, mem, pattern, strlen(pattern), POSTIL_CASE_LETTER, 0))
    fail_msg("%s: %s (at %zu)", pattern, b->err.what, b->err.at);
  read_markup(b, text);
  assert_true(fill_window(b));
}

static void check_place(const bench *b, const char *pattern, const char *text) {
  size_t at = pst_view_text_start(&b->w.view, b->hit.at);
  size_t stop = pst_view_text_end(&b->w.view, b->hit.stop);
  if (at != b->want_at || stop != b->want_stop)
    fail_msg("%s on %s: found [%zu, %zu)", pattern, text, at, stop);
}

/* The first match's core is what stands in [ ]; without them there must be no match. */
static void check_case(const char *pattern, const char *text, postil_case kase) {
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  if (!bench_open(&b, &mem, pattern, strlen(pattern), kase, 0))
    fail_msg("%s: %s (at %zu)", pattern, b.err.what, b.err.at);
  read_markup(&b, text);
  assert_true(fill_window(&b));
  pst_found found = search(&b);
  if (found != (b.want_at == SIZE_MAX ? PST_FOUND_NO : PST_FOUND_YES))
    fail_msg("%s on %s: result %d", pattern, text, (int)found);
  if (found == PST_FOUND_YES) check_place(&b, pattern, text);
  bench_close(&b);
  support_mem_done(&heap);
}

static void check(const char *pattern, const char *text) {
  check_case(pattern, text, POSTIL_CASE_LETTER);
}

/* The text of capture `name` in the first match; NULL: it took no part. */
static void check_capture(const char *pattern, const char *text, const char *name,
                          const char *want) {
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  open_text(&b, &mem, pattern, text);
  assert_int_equal(search(&b), PST_FOUND_YES);
  const pst_program_facts *facts = pst_program_about(b.program);
  uint32_t attr = pst_names_find(&b.attrs, name, strlen(name));
  const pst_capture *c = NULL;
  for (size_t k = 0; k < facts->ncaptures; k++)
    if (facts->capture[k] == attr) c = &b.hit.capture[k];
  assert_non_null(c);
  if (!want) {
    assert_int_equal(c->first, PST_NONE);
  } else {
    assert_true(c->first != PST_NONE);
    assert_int_equal(c->stop - c->at, strlen(want));
    assert_memory_equal(b.w.view.bytes.at + c->at, want, strlen(want));
  }
  bench_close(&b);
  support_mem_done(&heap);
}

/* ---- The table of twelve ---- */

static void test_twelve(void **state) {
  (void)state;
  check("what?  now", "so [now]");
  check("what? now", "[what now]");
  check("what ?", "and [what?] then");
  check("what ?", "and [what ?] then");
  check("what\\?", "and [what?] then");
  check("what\\?", "and what ? then");
  check("Mr.? <cap>", "saw [Mr Bush] go");
  check("Mr.? <cap>", "saw [Mr. Bush] go");
  check("Mr.? <cap>", "saw Mr . Bush go");
  check("Mr .? <cap>", "saw [Mr . Bush] go");
  check("left ,? right", "[left right]");
  check("left ,? right", "[left, right]");
  check("left ,? right", "[left , right]");
  check("left,? right", "[left right]");
  check("left,? right", "[left, right]");
  check("left,? right", "left , right");
  check("<num> m", "just [5m] wide");
  check("<num> m", "just [5 m] wide");
  check("<num>m", "just [5m] wide");
  check("<num>m", "just 5 m wide");
  check("said: <quote>", "he [said: <quote:\"no\">]");
  check("said: <quote>", "he said <quote:\"no\">");
  check_capture("said:<quote>", "he said <quote:\"no\">", "said", "\"no\"");
  check("<country> 's foreign ministry", "as [<country:China>\xE2\x80\x99s foreign ministry] said");
  check("<country> 's foreign ministry",
        "as [<country:China> \xE2\x80\x99s foreign ministry] said");
  check("<country>'s", "as [<country:China>'s] foreign");
  check("<country>'s", "as <country:China> 's foreign");
  check("and/or", "this [and/or] that");
  check("10/12", "by [10/12] at");
  check("a /\\d+/", "now [a 27] b");
  check("AT&T", "by [AT&T] today");
  check("R&D !lab", "the R&D lab, our [R&D] here");
  check("Yahoo! <cap>", "on [Yahoo! News] today");
  check("Cold War|New START", "since [New START] began");
  check("Cold War|New START", "the [Cold War] ended");
  check("Cold War|New START", "since New War began");
  check("Cold (War|Peace)", "a [Cold Peace] came");
  check_capture("names:(<cap> ,?)+ and", "for Ann, Bob, Cyd and", "names", "Ann, Bob, Cyd");
  check("(a )?b", "ab cb");
  check("<person> ... <_cue>", "[<person:Ann> then, at last, <_cue:said>] so");
  check("<person> \xE2\x80\xA6 <_cue>", "[<person:Ann> ... <_cue:said>]");
  check("<person> \xE2\x80\xA6 <_cue>", "<person:Ann> then <_cue:said>");
}

static void test_wide(void **state) {
  (void)state;
  const char *pattern = "[<quote>] ,? cue:<_cue> speaker:<person>";
  const char *text =
      "[<quote:\"It is so,\">] <_cue:said> <person:Foreign Minister ~Sergei Lavrov~> then";
  check(pattern, text);
  check_capture(pattern, text, "speaker", "Sergei Lavrov");
  check("<person> then", "[<person:Foreign Minister ~Sergei Lavrov~, the envoy> then]");
  check("<person> , the", "so [<person:~Ann Lee~, the] envoy> ran");
  check("so <person> ran", "[so <person:old ~Ann Lee~, the envoy,> ran]");
}

/* ---- Words, case, edges ---- */

static void test_case(void **state) {
  (void)state;
  check("US", "tell us what the [US] did");
  check("us", "so [US] it is");
  check("Apple", "an apple, an [APPLE] now");
  check("Apple", "an [Apple] now");
  check("GmbH", "a Gmbh, a gmbh, a [GmbH]");
  check("GmbH", "the [GMBH] here");
  check("iPhone", "an iphone, an [iPhone]");
  check("iPhone", "an [IPHONE] here");
  check("\"Apple\"", "an APPLE, an [Apple]");
  check("\"prime minister\"", "a Prime Minister, a [prime minister]");
  check_case("us", "the US and [us]", POSTIL_CASE_EXACT);
  check_case("US", "what [us] is", POSTIL_CASE_FOLD);
  check("(US|Apple)", "us, apple, [APPLE]");
}

static void test_words(void **state) {
  (void)state;
  check("COVID-19",
        "had [COVID\xE2\x80\x93"
        "19] then");
  check("COVID-19", "had COVID - 19 then");
  check("U.S", "the [U.S] army");
  check("O'Neill", "by [O\xE2\x80\x99Neill] then");
  check("prime minister", "the [prime\xC2\xA0minister] said");
  check("prime minister", "the [prime\nminister] said");
  check("prime minister", "the prime\n\nminister said");
  check("prime", "a primer, a [prime]");
  check("Mars\\'s", "on [Mars's] face");
  check("\\$ <num>", "for [$ 5] or");
  check("cur:(\\$|\xE2\x82\xAC) <num>",
        "for [\xE2\x82\xAC"
        "1,200] or");
  check("1,200", "for [1,200] or");
  check("caf\xC3\xA9", "the [Caf\xC3\x89] there");
}

static void test_classes(void **state) {
  (void)state;
  check("the <cap>", "the dog, [the Dog]");
  check("the <word> ran", "[the Jean-Pierre ran]");
  check("the <upper>", "the Nato, [the NATO]");
  check("the <lower>", "the Dog, [the dog]");
  check("<num>", "about [1,200.50] or");
  check("<cap>{2} said", "by [Ann Lee said] it");
  check("<cap>{3} said", "by [John W. Kerry said] it");
  check("<person|cap> ran", "the [Dog ran] off");
  check("<person|cap> ran", "the [<person:old dog> ran] off");
  check("one <para> two", "[one\n\ntwo]");
  check("one <para> two", "one two");
  check("one <para>", "so one");
  check("^ two", "one two\n\n[two] one");
  check("one $", "one two\n\ntwo [one]");
  check("^ (one|two) $", "one two\n\n[two]");
}

static void test_quantifiers(void **state) {
  (void)state;
  check("(a|b)+", "c [a b a] c");
  check("(a|b)+?", "c [a] b a c");
  check("x (a|b)* c", "[x a b c]");
  check("x (a|b)*? [c]", "x a b [c]");
  check("x a{2}", "x a, [x a a] a");
  check("x a{2,3}", "[x a a a] a");
  check("x a{2,3}?", "[x a a] a");
  check("x a{2,}", "[x a a a a] b");
  check("x a??", "[x] a");
  check("x a?? b", "[x a b]");
  check("(a ,?)+", "[a, a a,] b");
  check("(a,)+ b", "[a, a, b]");
  check("(a,)+ b", "a , b");
  check("a (b|b c) d", "[a b c d]");
  check("x:(b|b c)", "[b] c");
  check("x:(b c|b)", "[b c]");
}

/* Only words: the longest phrase, whatever the order. */
static void test_longest(void **state) {
  (void)state;
  check("Cold War|Cold War era", "the [Cold War era] ended");
  check("Cold War era|Cold War", "the [Cold War era] ended");
  check("(cold|cold war) (era)?", "the [cold war era] ended");
  check("a (b|b c) (d|c d e)", "[a b c d e] f");
  check("[b|b c]", "[b] c");
  check("(b|b c) <num>?", "[b] c");
}

/* How far the last try came, what did not fit, and all that did not. */
static void check_furthest(const char *pattern, const char *text, uint32_t item, const char *part,
                           const char *all) {
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  open_text(&b, &mem, pattern, text);
  assert_int_equal(pst_match_at(b.m, &b.w, b.program, 1, PST_NONE, PST_NONE, &b.hit), PST_FOUND_NO);
  pst_far far;
  assert_true(pst_matcher_furthest(b.m, b.program, &far));
  assert_int_equal(far.item, item);
  pst_span place = far.wanted;
  assert_int_equal(place.end - place.start, strlen(part));
  assert_memory_equal(pattern + place.start, part, strlen(part));
  pst_matcher_all_wanted(b.m, true);
  assert_int_equal(pst_match_at(b.m, &b.w, b.program, 1, PST_NONE, PST_NONE, &b.hit), PST_FOUND_NO);
  assert_true(pst_matcher_furthest(b.m, b.program, &far));
  assert_int_equal(far.item, item);
  assert_int_equal(far.wanted.end - far.wanted.start, strlen(all));
  assert_memory_equal(pattern + far.wanted.start, all, strlen(all));
  bench_close(&b);
  support_mem_done(&heap);
}

static void test_furthest(void **state) {
  (void)state;
  check_furthest("one two <cap>{2} end", "one two Three four", 4, "<cap>", "<cap>");
  check_furthest("one (two|three) end", "one four", 2, "(two|three)", "(two|three)");
  check_furthest("one (two|<cap> x|<num>) end", "one four", 2, "two", "two|<cap> x|<num>");
  check_furthest("one ,? <num>", "one four", 2, ",", ",? <num>");
  check_furthest("one ,? <num>", "one, four", 3, "<num>", "<num>");
  check_furthest("one !two <word>", "one two", 2, "!two", "!two");
  check_furthest("one <person gender=f> ran", "one two", 2, "<person gender=f>",
                 "<person gender=f>");
  check_furthest("x:(one two three|one) four", "one two five", 3, "three", "three");
}

static void test_context(void **state) {
  (void)state;
  check("the [dog] ran", "the [dog] ran");
  check("[the (old)?] dog", "[the old] dog");
  check("([a] b|a [c])", "a [c] d");
  check("a !b", "a b, [a] c");
  check("a !b", "so [a]");
  check("a &b", "a c, [a] b");
  check("[a] &(x:b c)", "a b d, [a] b c");
  check_capture("a &(x:(b c))", "a b c", "x", "b c");
  check("(!bad <word>){2} end", "bad [one two end]");
  check("(!<date> <cap>){2}", "<date:Wednesday> [Ann Lee]");
  check("a &(b|!c d) <word>", "a c, [a d]");
  check_capture("x:a? b", "so b", "x", NULL);
  check_capture("(x:a b|x:c d)", "so c d", "x", "c");
  check_capture("(x:a b c|x:a b) d", "a b d", "x", "a");
}

static void test_skip(void **state) {
  (void)state;
  check("a ... b", "[a b] c b");
  check("a ... b", "[a x, y b] b");
  check("a ... b", "a x. Then b is");
  check("a ... b .", "so [a x b.] Then");
  check("[a ... $]", "so [a x y.]");
  check("a ... $", "so [a x.]\n\nThen a y");
  check("a ... z", "so a x.\n\nThen z");
  check("said ... :", "[said to all:] no");
  check("a ... b", "[a <quote:\"b is it. So b.\"> it b] c");
  check("a ... b", "a <quote:\"so it is.\"> But b");
  check("a ... b", "[a <quote:\"so it is,\"> but b]");
  check("a ... Pierre", "a Jean-Pierre");
  check("a ... : ... <para> [<quote>]", "a told us:\n\n[<quote:\"Yes.\">]");
}

/* ---- Quotations ---- */

static void test_quotes(void **state) {
  (void)state;
  check("one two", "<quote:\"so one\"> two, [one two]");
  check("one \\\" two", "<quote:\"so one\"> two");
  check("one two", "say <quote:\"[one two] three\"> four");
  check("\\\" one", "say <quote:[\"one] two\">");
  check("say \\\" one", "say <quote:\"one two\">");
  check("say <quote> now", "[say <quote:\"one two\"> now]");
  check("<wish> now", "[<wish:say <quote:\"one two\">> now]");
  check("b ... c", "x <quote:\"a b <quote:'c d'> e\"> c");
  check("b ... c", "x <quote:\"a [b <quote:'c d'> e c]\"> c");
  check("b [<quote>] c", "x <quote:\"a b [<quote:'z d'>] c\"> c");
  check("said !\\\"", "he said <quote:\"no\">, she [said] so");
}

/* A tag that cuts a quotation is not stepped along. */
static void test_cut_quote(void **state) {
  (void)state;
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  open_text(&b, &mem, "<wish> two|<wish> then", "<wish:say> <quote:\"one two\"> then");
  pst_wtag *wish = &b.w.tag.at[0];
  wish->end = wish->wend = b.w.tag.at[1].first + 2;
  assert_int_equal(search(&b), PST_FOUND_NO);
  wish->end = wish->wend = b.w.tag.at[1].end;
  assert_int_equal(search(&b), PST_FOUND_YES);
  bench_close(&b);
  support_mem_done(&heap);
}

/* ---- Labels: attributes, targets ---- */

static uint32_t add_attr(bench *b, uint32_t tag, const char *name, postil_type type,
                         const char *text, double number) {
  pst_attr attr;
  memset(&attr, 0, sizeof attr);
  uint32_t id = pst_names_add(&b->attrs, b->mem, name, strlen(name));
  attr.name = (uint16_t)id;
  attr.type = (uint8_t)type;
  attr.next = PST_NONE;
  attr.ref.para = attr.ref.tag = PST_NONE;
  if (text) {
    assert_true(pst_window_keep(&b->w, text, strlen(text), &attr.as.text.at));
    attr.as.text.len = (uint32_t)strlen(text);
  } else {
    attr.as.number = number;
  }
  assert_true(pst_window_set(&b->w, tag, attr));
  return (uint32_t)b->w.attr.n - 1;
}

/* Whether <person TEST> fits the one person of the text. */
static bool test_holds(const char *pattern) {
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  open_text(&b, &mem, pattern, "[<person:Ann> of] <org:Acme>");
  add_attr(&b, 0, "gender", POSTIL_STRING, "Female", 0);
  add_attr(&b, 0, "age", POSTIL_NUMBER, NULL, 42);
  add_attr(&b, 0, "alive", POSTIL_BOOL, NULL, 1);
  uint32_t link = add_attr(&b, 0, "boss", POSTIL_PLACE, "Acme", 0);
  b.w.attr.at[link].link = PST_LINK_WINDOW;
  b.w.attr.at[link].ref.tag = 1;
  add_attr(&b, 1, "is", POSTIL_STRING, "Acme Ltd", 0);
  bool found = search(&b) == PST_FOUND_YES;
  bench_close(&b);
  support_mem_done(&heap);
  return found;
}

static void test_tests(void **state) {
  (void)state;
  assert_true(test_holds("<person gender> of"));
  assert_false(test_holds("<person !gender> of"));
  assert_true(test_holds("<person !height age> of"));
  assert_false(test_holds("<person height> of"));
  assert_true(test_holds("<person gender=female> of"));
  assert_true(test_holds("<person gender=Female> of"));
  assert_false(test_holds("<person gender=FEMALE> of"));
  assert_false(test_holds("<person gender=fem> of"));
  assert_false(test_holds("<person gender=females> of"));
  assert_true(test_holds("<person age=42> of"));
  assert_true(test_holds("<person age=42.0> of"));
  assert_false(test_holds("<person age=41> of"));
  assert_false(test_holds("<person age=old> of"));
  assert_true(test_holds("<person alive=true> of"));
  assert_false(test_holds("<person alive=false> of"));
  assert_true(test_holds("<person boss=\"acme ltd\"> of"));
  assert_false(test_holds("<person boss=Acme> of"));
  assert_false(test_holds("<person height=42> of"));
  assert_false(test_holds("<person fault> of"));
  assert_true(test_holds("<person !fault> of"));
}

static void test_dead(void **state) {
  (void)state;
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  open_text(&b, &mem, "<person fault>", "so <person:Ann Lee> ran");
  assert_int_equal(search(&b), PST_FOUND_NO);
  b.w.tag.at[0].fault = 3;
  assert_int_equal(search(&b), PST_FOUND_YES);
  b.w.tag.at[0].flags |= PST_TAG_DEAD;
  assert_int_equal(search(&b), PST_FOUND_NO);
  assert_false(pst_match_may_start(&b.w, b.program, b.w.tag.at[0].first));
  bench_close(&b);
  support_mem_done(&heap);
}

/* Ways other than the first are taken when the core must be a certain tag. */
static void test_target(void **state) {
  (void)state;
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  open_text(&b, &mem, "<person> ... [<quote>]",
            "<person:Ann> began: <quote:\"one\"> and then <quote:\"two\"> so");
  uint32_t first = b.w.tag.at[0].first;
  for (uint32_t target = 1; target < 3; target++) {
    assert_int_equal(pst_match_at(b.m, &b.w, b.program, first, target, PST_NONE, &b.hit),
                     PST_FOUND_YES);
    assert_int_equal(b.hit.core_first, b.w.tag.at[target].first);
    assert_int_equal(b.hit.core_end, b.w.tag.at[target].end);
  }
  assert_int_equal(pst_match_at(b.m, &b.w, b.program, first, 0, PST_NONE, &b.hit), PST_FOUND_NO);
  bench_close(&b);
  open_text(&b, &mem, "<word>{1,3}", "one two three four");
  for (uint32_t end = 2; end < 5; end++) {
    assert_int_equal(pst_match_at(b.m, &b.w, b.program, 1, PST_NONE, end, &b.hit), PST_FOUND_YES);
    assert_int_equal(b.hit.end, end);
  }
  assert_int_equal(pst_match_at(b.m, &b.w, b.program, 1, PST_NONE, 5, &b.hit), PST_FOUND_NO);
  bench_close(&b);
  support_mem_done(&heap);
}

/* A target is found although the memo is on: many ways to many cores. */
static void test_target_memo(void **state) {
  (void)state;
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  open_text(&b, &mem, "(<word>+ ,?)+ [(<word>{1,2}|<name>)] <word>* stop",
            "a b c d e f g h i j k l m n o p q r s t u v w x y z "
            "a b c d e f g h i j k <name:l m> n o stop");
  assert_int_equal(pst_match_at(b.m, &b.w, b.program, 1, 0, PST_NONE, &b.hit), PST_FOUND_YES);
  assert_int_equal(b.hit.core_first, b.w.tag.at[0].first);
  assert_int_equal(b.hit.core_end, b.w.tag.at[0].end);
  bench_close(&b);
  support_mem_done(&heap);
}

/* ---- Regexes ---- */

static void test_regex_atoms(void **state) {
  (void)state;
  check("/10\\.\\d{4,9}\\/\\S+/", "see [10.1234/ab.c-d] or");
  check("/ab/", "so [ab]cd");
  check("doi:/ab/", "so [ab]cd");
  check("so /ab/", "so abcd");
  check("so /ab/", "[so ab] cd");
  check("/(19|20)\\d\\d/ .", "in 1877. In [1999.]");
  check("one /t.*o/s .", "[one two.]");
  check("one /two.three/", "one two\n\nthree");
  check("/AB/i", "an [ab] or");
  check_capture("y:/\\d+/ m", "is 27 m", "y", "27");
  check_capture("y:/\\d/", "is 27 m", "y", "2");
}

static void test_regex_groups(void **state) {
  (void)state;
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  open_text(&b, &mem, "see /(?<doi>10\\.(?<who>\\d+))\\/(?<rest>z)?\\w+/", "one. see 10.55/abc");
  assert_int_equal(search(&b), PST_FOUND_YES);
  assert_int_equal(b.hit.ngroups, 2);
  assert_int_equal(b.hit.group[0].attr, pst_names_find(&b.attrs, "doi", 3));
  assert_int_equal(b.hit.group[0].at, 9);
  assert_int_equal(b.hit.group[0].stop, 14);
  assert_int_equal(b.hit.group[1].attr, pst_names_find(&b.attrs, "who", 3));
  assert_int_equal(b.hit.group[1].at, 12);
  assert_int_equal(b.hit.group[1].stop, 14);
  bench_close(&b);
  support_mem_done(&heap);
}

/* ---- =attr ---- */

static uint32_t same_two(void *ud, const pst_window *w, uint16_t attr, uint32_t item,
                         pst_ref *from) {
  *(uint16_t *)ud = attr;
  from->para = 7;
  from->tag = item;
  return w->words.item.at[item].up & 1 ? 2 : 0;
}

static void test_same(void **state) {
  (void)state;
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  static bench b;
  const char *pattern = "(Mr|Mrs)? [=family] ran";
  assert_true(
      bench_open(&b, &mem, pattern, strlen(pattern), POSTIL_CASE_LETTER, PST_PATTERN_ALIAS));
  read_markup(&b, "so Mr [Lee Wang] ran");
  assert_true(fill_window(&b));
  assert_int_equal(search(&b), PST_FOUND_NO);
  uint16_t asked = UINT16_MAX;
  pst_matcher_same(b.m, same_two, &asked);
  assert_int_equal(search(&b), PST_FOUND_YES);
  check_place(&b, pattern, "Mr Lee Wang");
  assert_int_equal(asked, pst_names_find(&b.attrs, "family", 6));
  assert_int_equal(b.hit.same.para, 7);
  assert_int_equal(b.hit.same.tag, 3);
  bench_close(&b);
  support_mem_done(&heap);
}

/* ---- Hostile patterns ---- */

static void test_hostile(void **state) {
  (void)state;
  static const char *const patterns[] = {"(<word>+ ,?)+ zzz",
                                         "((<word>+ <word>*)+ ,?)+ zzz",
                                         "<word>* <word>* <word>* <word>* zzz",
                                         "... a ... b ... c ... d ... zzz",
                                         "(<word>|<word> <word>)+ zzz",
                                         "(&(<word>+ zzz) <word>)+ zzz",
                                         "(<word>{1,8} ,?){1,8} zzz",
                                         "(<word>+? ,?)+? zzz"};
  static char text[4000];
  size_t n = 0;
  for (size_t i = 0; i < 400; i++) {
    memcpy(text + n, "ab cd, ef ", 10);
    n += i % 3 == 0 ? 10 : 3;
  }
  text[n] = '\0';
  for (size_t i = 0; i < PST_COUNT(patterns); i++) {
    support_mem heap = support_mem_new();
    postil_mem mem = support_mem_use(&heap);
    static bench b;
    open_text(&b, &mem, patterns[i], text);
    pst_found found = pst_match_at(b.m, &b.w, b.program, 1, PST_NONE, PST_NONE, &b.hit);
    assert_true(found == PST_FOUND_NO || found == PST_FOUND_LIMIT);
    bench_close(&b);
    support_mem_done(&heap);
  }
}

/* The memo keeps these within the budget; they end in "no", not at the limit. */
static void test_memo(void **state) {
  (void)state;
  check("(<word>+ ,?)+ zzz",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i");
  check("(<word>|<word> <word>)+ zzz", "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c");
  check("... a ... a ... a ... a ... zzz",
        "a a a a a a a a a a a a a a a a a a a a a a a a a a a a");
  check("(<word>+ ,?)+ zzz", "[a b c d e f g h i j k l m n o p q r s t u v w x y z a b c zzz]");
}

/* ---- A slow twin ---- */

enum twin_kind { T_WORD, T_CLASS, T_TAG, T_SEQ, T_ALT, T_REPEAT, T_LOOK, T_SKIP, T_CORE };

enum { TWIN_WORK = 400000 };

#define NO_LEVEL UINT32_MAX

typedef struct twin_node {
  enum twin_kind kind;
  const char *word; /* or a label */
  uint16_t cls;
  size_t child[3], nchildren;
  bool gap[3]; /* before the child */
  unsigned lo, hi;
  bool lazy, negative;
} twin_node;

typedef struct twin {
  twin_node node[64];
  size_t n;
  const bench *b;
  uint32_t first, core_first, core_end, end, target;
  bool longest;
  unsigned long work;
} twin;

/* Where a way is: `level` has a bit for each tag that is a quotation around what was taken. */
typedef struct spot {
  uint32_t pos, level, tag, tag_from;
  bool glue;
} spot;

/* What is left to do after a node: a list of jobs, so that "all ways, in order" is plain recursion.
 */
typedef struct job {
  size_t node;
  unsigned child, times; /* SEQ: the next child; REPEAT: iterations done */
  uint32_t open;         /* CORE: where it began */
  const struct job *rest;
} job;

static bool twin_go(twin *t, const job *todo, spot at);

static bool twin_start(twin *t, size_t node, const job *rest, spot at) {
  job next = {node, 0, 0, 0, rest};
  return twin_go(t, &next, at);
}

static bool letters_fit(const char *want, const bench *b, const pst_item *item) {
  const char *has = b->w.view.bytes.at + item->at;
  if (strlen(want) != item->len) return false;
  for (size_t i = 0; i < item->len; i++) {
    char low = (char)(has[i] >= 'A' && has[i] <= 'Z' ? has[i] + 32 : has[i]);
    if (has[i] != want[i] && low != want[i]) return false;
  }
  return true;
}

static bool is_label(const bench *b, const pst_wtag *tag, const char *label) {
  return strcmp(b->labels.at[tag->label], label) == 0;
}

/* The quotations around items [first, end); false when one is cut.  One item alone is inside a
 * quotation of just that item. */
static bool level_of(const bench *b, uint32_t first, uint32_t end, bool single, uint32_t *level) {
  *level = 0;
  for (uint32_t i = 0; i < b->w.tag.n; i++) {
    const pst_wtag *q = &b->w.tag.at[i];
    if (!is_label(b, q, "quote") || q->end <= first || q->first >= end) continue;
    bool whole = first <= q->first && q->end <= end, around = q->first <= first && end <= q->end;
    if (single ? around : around && !whole)
      *level |= UINT32_C(1) << i;
    else if (!whole)
      return false;
  }
  return true;
}

/* Takes items up to `end`, if that stays on the level. */
static bool twin_take(twin *t, const job *rest, spot at, uint32_t end, uint32_t tag, bool glue) {
  uint32_t level;
  if (!level_of(t->b, at.pos, end, tag == PST_NONE && end == at.pos + 1, &level)) return false;
  if (at.level != NO_LEVEL && at.level != level) return false;
  spot next = {end, level, tag, at.pos, glue};
  return twin_go(t, rest, next);
}

static bool twin_item(twin *t, const twin_node *n, const job *rest, spot at) {
  const pst_item *item = &t->b->w.words.item.at[at.pos];
  if (item->cls & PST_PARA || (at.glue && !(item->cls & PST_GLUE))) return false;
  bool fits = n->kind == T_WORD ? letters_fit(n->word, t->b, item) : (item->cls & n->cls) != 0;
  return fits && twin_take(t, rest, at, at.pos + 1, PST_NONE, true);
}

static bool twin_tag(twin *t, const twin_node *n, const job *rest, spot at) {
  const pst_window *w = &t->b->w;
  if (at.glue && !(w->words.item.at[at.pos].cls & PST_GLUE)) return false;
  for (uint32_t e = w->head.at[at.pos]; e != PST_NONE; e = w->edge.at[e].next) {
    uint32_t index = w->edge.at[e].tag;
    const pst_wtag *tag = &w->tag.at[index];
    if (!is_label(t->b, tag, n->word)) continue;
    if (tag->end > at.pos && twin_take(t, rest, at, tag->end, index, true)) return true;
    if (tag->wend != tag->end && twin_take(t, rest, at, tag->wend, index, true)) return true;
  }
  return false;
}

static bool twin_repeat(twin *t, const job *todo, spot at) {
  const twin_node *n = &t->node[todo->node];
  job again = *todo;
  again.times++;
  spot inside = at;
  if (todo->times) inside.glue = false;
  for (int round = 0; round < 2; round++) {
    bool more = (round == 0) != n->lazy;
    if (more && todo->times < n->hi && twin_start(t, n->child[0], &again, inside)) return true;
    if (!more && todo->times >= n->lo && twin_go(t, todo->rest, at)) return true;
  }
  return false;
}

static bool twin_look(twin *t, const job *todo, spot at) {
  const twin_node *n = &t->node[todo->node];
  twin inner = *t;
  inner.target = PST_NONE;
  inner.longest = false;
  spot inside = at;
  inside.level = NO_LEVEL;
  bool there = twin_start(&inner, n->child[0], NULL, inside);
  t->work = inner.work;
  return there != n->negative && twin_go(t, todo->rest, at);
}

static bool twin_seq(twin *t, const job *todo, spot at) {
  const twin_node *n = &t->node[todo->node];
  if (todo->child == n->nchildren) return twin_go(t, todo->rest, at);
  job next = *todo;
  next.child++;
  if (n->gap[todo->child]) at.glue = false;
  return twin_start(t, n->child[todo->child], &next, at);
}

/* The core is noted by two visits: child 0 opens it, child 1 closes it.  A core of one tag is that
 * tag's. */
static bool twin_core(twin *t, const job *todo, spot at) {
  const twin_node *n = &t->node[todo->node];
  uint32_t first = t->core_first, end = t->core_end;
  if (todo->child == 0) {
    job close = *todo;
    close.child = 1;
    close.open = at.pos;
    at.tag = PST_NONE;
    return twin_start(t, n->child[0], &close, at);
  }
  bool linked = at.tag != PST_NONE && at.tag_from == todo->open;
  t->core_first = linked ? t->b->w.tag.at[at.tag].first : todo->open;
  t->core_end = linked ? t->b->w.tag.at[at.tag].end : at.pos;
  if (twin_go(t, todo->rest, at)) return true;
  t->core_first = first;
  t->core_end = end;
  return false;
}

/* Where one step of a skip leads: behind a whole quotation that starts here on this level (the
 * largest, if no level is known), else behind one item. */
static uint32_t skip_end(const twin *t, spot at, uint32_t *tag) {
  const pst_window *w = &t->b->w;
  uint32_t best = 0, level;
  for (uint32_t i = 0; i < w->tag.n; i++) {
    const pst_wtag *q = &w->tag.at[i];
    if (!is_label(t->b, q, "quote") || q->first != at.pos) continue;
    if (!level_of(t->b, q->first, q->end, false, &level)) continue;
    if ((at.level == NO_LEVEL || at.level == level) && q->end > best) best = q->end;
  }
  *tag = best ? 0 : PST_NONE;
  return best ? best : at.pos + 1;
}

static bool twin_skip(twin *t, const job *todo, spot at) {
  at.glue = false;
  for (;;) {
    if (twin_go(t, todo->rest, at)) return true;
    if (t->b->w.words.item.at[at.pos].cls & PST_PARA) return false;
    uint32_t whole, level, end = skip_end(t, at, &whole);
    if (!level_of(t->b, at.pos, end, whole == PST_NONE, &level)) return false;
    if (at.level != NO_LEVEL && at.level != level) return false;
    at.level = level;
    at.pos = end;
    at.tag = PST_NONE;
  }
}

/* Is this node, with all below it, words and choices and ? only?  Then the longest counts. */
static bool twin_words(const twin *t, size_t node) {
  const twin_node *n = &t->node[node];
  bool plain = n->kind == T_WORD || n->kind == T_SEQ || n->kind == T_ALT ||
               (n->kind == T_REPEAT && n->hi == 1 && !n->lazy);
  if (n->kind == T_REPEAT) return plain && twin_words(t, n->child[0]);
  for (size_t i = 0; plain && i < n->nchildren; i++) plain = twin_words(t, n->child[i]);
  return plain;
}

/* A way is through: is it the one that is wanted?  Of words all ways are seen, and the longest
 * kept. */
static bool twin_done(twin *t, spot at) {
  bool core = t->core_first != UINT32_MAX;
  if (t->target != PST_NONE) {
    const pst_wtag *tag = &t->b->w.tag.at[t->target];
    if ((core ? t->core_first : t->first) != tag->first) return false;
    if ((core ? t->core_end : at.pos) != tag->end) return false;
  }
  if (at.pos > t->end || !t->longest) t->end = at.pos;
  return !t->longest;
}

static bool twin_go(twin *t, const job *todo, spot at) {
  if (++t->work > TWIN_WORK) return false;
  if (!todo) return twin_done(t, at);
  const twin_node *n = &t->node[todo->node];
  switch (n->kind) {
    case T_WORD:
    case T_CLASS: return twin_item(t, n, todo->rest, at);
    case T_TAG: return twin_tag(t, n, todo->rest, at);
    case T_SEQ: return twin_seq(t, todo, at);
    case T_ALT:
      for (size_t i = 0; i < n->nchildren; i++)
        if (twin_start(t, n->child[i], todo->rest, at)) return true;
      return false;
    case T_REPEAT: return twin_repeat(t, todo, at);
    case T_LOOK: return twin_look(t, todo, at);
    case T_CORE: return twin_core(t, todo, at);
    default: return twin_skip(t, todo, at);
  }
}

typedef struct maker {
  twin *t;
  uint64_t seed;
  char text[1024];
  size_t len;
  bool tags;
} maker;

static void say(maker *m, const char *words) {
  size_t n = strlen(words);
  memcpy(m->text + m->len, words, n + 1);
  m->len += n;
}

static size_t make_node(maker *m, unsigned depth);

static size_t new_node(maker *m, enum twin_kind kind) {
  twin_node *n = &m->t->node[m->t->n];
  memset(n, 0, sizeof *n);
  n->kind = kind;
  return m->t->n++;
}

static size_t make_atom(maker *m) {
  static const char *const words[] = {"go", "Go", "us", "US", ",", ";"};
  static const struct {
    const char *words;
    uint16_t bit;
  } classes[] = {
      {"<word>", PST_WORD}, {"<cap>", PST_CAP}, {"<upper>", PST_UPPER}, {"<lower>", PST_LOWER}};
  static const char *const labels[] = {"p", "q", "quote"};
  if (m->tags && support_below(&m->seed, 3) == 0) {
    size_t tag = new_node(m, T_TAG);
    m->t->node[tag].word = labels[support_below(&m->seed, PST_COUNT(labels))];
    say(m, "<");
    say(m, m->t->node[tag].word);
    say(m, ">");
    return tag;
  }
  bool word = support_below(&m->seed, 3) != 0;
  size_t at = new_node(m, word ? T_WORD : T_CLASS);
  if (word) {
    m->t->node[at].word = words[support_below(&m->seed, PST_COUNT(words))];
    say(m, m->t->node[at].word);
  } else {
    size_t k = support_below(&m->seed, PST_COUNT(classes));
    m->t->node[at].cls = classes[k].bit;
    say(m, classes[k].words);
  }
  return at;
}

/* A group whose first item takes something, so that it can be repeated. */
static size_t make_group(maker *m, unsigned depth) {
  bool alt = support_below(&m->seed, 2) == 0;
  size_t at = new_node(m, alt ? T_ALT : T_SEQ), n = 2 + support_below(&m->seed, 2);
  say(m, "(");
  for (size_t i = 0; i < n; i++) {
    if (i && alt) say(m, "|");
    bool gap = i && !alt;
    if (gap) say(m, " ");
    size_t child = alt || i == 0 ? make_atom(m) : make_node(m, depth + 1);
    m->t->node[at].gap[i] = gap;
    m->t->node[at].child[m->t->node[at].nchildren++] = child;
  }
  say(m, ")");
  return at;
}

static size_t make_repeat(maker *m, unsigned depth) {
  static const struct {
    const char *words;
    unsigned lo, hi;
  } quants[] = {{"?", 0, 1},   {"*", 0, 99},    {"+", 1, 99},
                {"{2}", 2, 2}, {"{1,2}", 1, 2}, {"{2,}", 2, 99}};
  size_t at = new_node(m, T_REPEAT), k = support_below(&m->seed, PST_COUNT(quants));
  size_t child = support_below(&m->seed, 2) || depth > 2 ? make_atom(m) : make_group(m, depth + 1);
  say(m, quants[k].words);
  twin_node *n = &m->t->node[at];
  n->child[0] = child;
  n->lo = quants[k].lo;
  n->hi = quants[k].hi;
  n->lazy = support_below(&m->seed, 3) == 0;
  if (n->lazy) say(m, "?");
  return at;
}

static size_t make_wrapped(maker *m, enum twin_kind kind, unsigned depth) {
  size_t at = new_node(m, kind);
  bool negative = support_below(&m->seed, 2) == 0;
  say(m, kind == T_CORE ? "[" : negative ? "!" : "&");
  size_t child = kind == T_CORE && depth < 2 && support_below(&m->seed, 2)
                     ? make_group(m, depth + 1)
                     : make_atom(m);
  m->t->node[at].child[0] = child;
  m->t->node[at].negative = negative;
  if (kind == T_CORE) say(m, "]");
  return at;
}

static size_t make_node(maker *m, unsigned depth) {
  size_t pick = support_below(&m->seed, 10);
  if (pick < 4 || depth > 2) return make_atom(m);
  if (pick < 7) return make_repeat(m, depth);
  if (pick == 7) return make_wrapped(m, T_LOOK, depth);
  if (pick == 8) {
    say(m, "...");
    return new_node(m, T_SKIP);
  }
  return make_group(m, depth);
}

/* A sequence whose second item takes something; sometimes with a core, sometimes touching. */
static void make_pattern(maker *m) {
  size_t at = new_node(m, T_SEQ);
  m->t->node[at].nchildren = 3;
  m->t->node[at].child[0] = make_node(m, 0);
  say(m, " ");
  m->t->node[at].gap[1] = true;
  m->t->node[at].child[1] = support_below(&m->seed, 2) ? make_wrapped(m, T_CORE, 0) : make_atom(m);
  bool gap = support_below(&m->seed, 4) != 0 || m->text[m->len - 1] != ']';
  if (gap) say(m, " ");
  m->t->node[at].gap[2] = gap;
  m->t->node[at].child[2] = gap ? make_node(m, 0) : make_atom(m);
}

static void make_text(uint64_t *seed, size_t most, char *text) {
  static const char *const words[] = {"go", "Go", "GO", "us", "Us", "US"};
  size_t n = 1 + support_below(seed, most), len = 0;
  bool word = false;
  for (size_t i = 0; i < n; i++) {
    bool next = support_below(seed, 4) != 0;
    if (i && ((word && next) || support_below(seed, 2))) text[len++] = ' ';
    const char *add = next ? words[support_below(seed, PST_COUNT(words))] : i % 2 ? "," : ";";
    memcpy(text + len, add, strlen(add));
    len += strlen(add);
    word = next;
  }
  text[len] = '\0';
}

static void add_tag(bench *b, const char *label, uint32_t first, uint32_t end, uint32_t before,
                    uint32_t behind) {
  pst_wtag tag;
  memset(&tag, 0, sizeof tag);
  tag.first = first;
  tag.end = end;
  tag.wfirst = first - before;
  tag.wend = end + behind;
  tag.attr = PST_NONE;
  tag.label = (uint16_t)pst_names_add(&b->labels, b->mem, label, strlen(label));
  assert_true(PST_PUSH(b->mem, &b->w.tag, tag));
  uint32_t index = (uint32_t)b->w.tag.n - 1;
  if (strcmp(label, "quote") == 0) pst_window_quote(&b->w, index);
  assert_true(pst_window_place(&b->w, index));
}

/* Quotations beside and inside each other, and tags anywhere. */
static void add_tags(bench *b, uint64_t *seed) {
  uint32_t last = (uint32_t)b->w.words.item.n - 1, at = 1;
  while (at < last && b->w.tag.n < 8) {
    at += (uint32_t)support_below(seed, 4);
    uint32_t end = at + 1 + (uint32_t)support_below(seed, 6);
    if (end > last) break;
    add_tag(b, "quote", at, end, 0, 0);
    uint32_t inner = at + (uint32_t)support_below(seed, end - at);
    uint32_t stop = inner + 1 + (uint32_t)support_below(seed, end - inner);
    if (stop <= end && stop - inner < end - at && support_below(seed, 2))
      add_tag(b, "quote", inner, stop, 0, 0);
    at = end;
  }
  for (size_t n = support_below(seed, 8); n > 0; n--) {
    uint32_t first = 1 + (uint32_t)support_below(seed, last - 1);
    uint32_t end = first + 1 + (uint32_t)support_below(seed, 4);
    if (end > last) continue;
    uint32_t before = (uint32_t)support_below(seed, 2), behind = (uint32_t)support_below(seed, 2);
    add_tag(b, n % 2 ? "p" : "q", first, end, first > before ? before : 0,
            end + behind <= last ? behind : 0);
  }
}

/* Both at item i; how the twin ended: 1 found, 0 not, -1 too much work. */
static int compare_at(bench *b, twin *t, uint32_t i, const char *pattern) {
  t->b = b;
  t->work = 0;
  t->first = i;
  t->core_first = t->core_end = UINT32_MAX;
  spot at = {i, NO_LEVEL, PST_NONE, 0, false};
  t->end = 0;
  t->longest = twin_words(t, 0);
  bool want = twin_start(t, 0, NULL, at) || (t->longest && t->end);
  if (t->work > TWIN_WORK) return -1;
  pst_found found = pst_match_at(b->m, &b->w, b->program, i, t->target, PST_NONE, &b->hit);
  if (found != (want ? PST_FOUND_YES : PST_FOUND_NO))
    fail_msg("%s on %.*s at item %u: %d", pattern, (int)b->len, b->text, (unsigned)i, (int)found);
  if (!want) return 0;
  bool core = t->core_first != UINT32_MAX;
  if (b->hit.end != t->end || b->hit.core_first != (core ? t->core_first : i) ||
      b->hit.core_end != (core ? t->core_end : t->end))
    fail_msg("%s on %.*s at item %u: other place", pattern, (int)b->len, b->text, (unsigned)i);
  check_starts(b, i, pattern);
  return 1;
}

/* Random patterns on random texts of up to `most` items.  How often both found something. */
static size_t run_twin(uint64_t seed, int rounds, size_t most, bool tags) {
  size_t matched = 0, given_up = 0;
  for (int round = 0; round < rounds; round++) {
    static bench b;
    static twin t;
    static maker m;
    char text[1024];
    memset(&t, 0, sizeof t);
    memset(&m, 0, sizeof m);
    m.t = &t;
    m.tags = tags;
    m.seed = support_random(&seed);
    make_pattern(&m);
    make_text(&m.seed, most, text);
    support_mem heap = support_mem_new();
    postil_mem mem = support_mem_use(&heap);
    open_text(&b, &mem, m.text, text);
    if (tags) add_tags(&b, &m.seed);
    for (uint32_t i = 1; i + 1 < b.w.words.item.n; i++) {
      t.target = PST_NONE;
      if (b.w.tag.n && support_below(&m.seed, 3) == 0)
        t.target = (uint32_t)support_below(&m.seed, b.w.tag.n);
      int result = compare_at(&b, &t, i, m.text);
      if (result > 0) matched++;
      if (result >= 0) continue;
      given_up++;
      break;
    }
    bench_close(&b);
    support_mem_done(&heap);
  }
  assert_true(given_up * 20 < (size_t)rounds);
  return matched;
}

static void test_twin(void **state) {
  (void)state;
  assert_true(run_twin(20240607, 5000, 12, false) > 1000);
}

static void test_twin_tags(void **state) {
  (void)state;
  assert_true(run_twin(77, 6000, 14, true) > 1000);
}

/* Texts long enough for the memo to work. */
static void test_twin_memo(void **state) {
  (void)state;
  assert_true(run_twin(5, 600, 60, false) > 500);
  assert_true(run_twin(6, 600, 60, true) > 500);
}

/* ---- Memory ---- */

static postil_status match_once(const postil_mem *mem, void *ud) {
  (void)ud;
  static bench b;
  const char *pattern =
      "x:(one|two three) [/(?<n>t\\w+)/ (<person gender=f>|<cap>+)] !(six|<quote fault>) ... end";
  postil_status status = POSTIL_ENOMEM;
  if (bench_open(&b, mem, pattern, strlen(pattern), POSTIL_CASE_LETTER, 0)) {
    read_markup(&b, "so two three ten [Ann Lee] five <person:Bob> end");
    if (fill_window(&b)) {
      pst_found found = search(&b);
      assert_true(found == PST_FOUND_YES || found == PST_FOUND_NOMEM);
      if (found == PST_FOUND_YES) status = POSTIL_OK;
    }
  }
  bench_close(&b);
  return status;
}

static postil_status match_long(const postil_mem *mem, void *ud) {
  (void)ud;
  static bench b;
  postil_status status = POSTIL_ENOMEM;
  if (bench_open(&b, mem, "(<word>+ ,?)+ zzz", 17, POSTIL_CASE_LETTER, 0)) {
    read_markup(
        &b, "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p");
    if (fill_window(&b)) {
      pst_found found = search(&b);
      assert_true(found == PST_FOUND_NO || found == PST_FOUND_NOMEM);
      if (found == PST_FOUND_NO) status = POSTIL_OK;
    }
  }
  bench_close(&b);
  return status;
}

static void test_memory(void **state) {
  (void)state;
  assert_true(support_fail_each(match_once, NULL) > 20);
  assert_true(support_fail_each(match_long, NULL) > 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_twelve),      cmocka_unit_test(test_wide),
      cmocka_unit_test(test_case),        cmocka_unit_test(test_words),
      cmocka_unit_test(test_classes),     cmocka_unit_test(test_quantifiers),
      cmocka_unit_test(test_context),     cmocka_unit_test(test_skip),
      cmocka_unit_test(test_longest),     cmocka_unit_test(test_furthest),
      cmocka_unit_test(test_quotes),      cmocka_unit_test(test_cut_quote),
      cmocka_unit_test(test_tests),       cmocka_unit_test(test_dead),
      cmocka_unit_test(test_target),      cmocka_unit_test(test_target_memo),
      cmocka_unit_test(test_regex_atoms), cmocka_unit_test(test_regex_groups),
      cmocka_unit_test(test_same),        cmocka_unit_test(test_hostile),
      cmocka_unit_test(test_memo),        cmocka_unit_test(test_twin),
      cmocka_unit_test(test_twin_tags),   cmocka_unit_test(test_twin_memo),
      cmocka_unit_test(test_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
