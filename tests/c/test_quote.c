/* test_quote.c - cases of tests/cases/quotes.txt (its head tells the format), then random soup
 * under laws that no text may break, speed that must not become quadratic, and failing allocations.
 *
 *   test_quote [CASES]      default: tests/cases/quotes.txt
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "../../core/quote.h"

static const char *cases_path = "tests/cases/quotes.txt";

/* ---- what the rooms around quote would hand it, in a small way ---- */

enum { MOST_PARAS = 8, MOST_SPANS = 400, LINE = 4096 };

static const char cue_words[] =
    " say says said ask asks asked add adds added tell told reply replied write writes wrote cried "
    "shouted noted stated reported sagte fragte rief dit dijo preguntó powiedział zapytał sade "
    "frågade "
    "disse сказал ответил спросил ";

typedef struct setting {
  char text[LINE];
  size_t len;
  pst_span para[MOST_PARAS];
  size_t nparas;
  char lang[16];
  bool markup, speaker;
  pst_span cue[MOST_SPANS], hole[MOST_SPANS];
  size_t stop[MOST_SPANS];
  size_t ncues, nholes, nstops;
} setting;

static bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0xc3;
}

static void find_cues(setting *s, pst_span p) {
  s->ncues = 0;
  for (size_t at = p.start; at < p.end;) {
    size_t start = at;
    char word[64] = " ";
    while (at < p.end &&
           (is_word_byte(s->text[at]) ||
            (at > start && (unsigned char)s->text[at] >= 0x80 &&
             (unsigned char)s->text[at] < 0xc0 && (unsigned char)s->text[start] != 0xe2 &&
             (unsigned char)s->text[at - 1] != 0xe2 && at - start < 60))) {
      if ((unsigned char)s->text[at] == 0xe2) break;
      at++;
    }
    size_t n = at - start;
    if (n == 0) {
      at++;
      continue;
    }
    if (n > 60) continue;
    memcpy(word + 1, s->text + start, n);
    if (word[1] >= 'A' && word[1] <= 'Z') word[1] = (char)(word[1] + 32);
    word[n + 1] = ' ';
    word[n + 2] = '\0';
    if (strstr(cue_words, word) && s->ncues < MOST_SPANS)
      s->cue[s->ncues++] = (pst_span){start, start + n};
  }
}

/* Past closing marks and brackets. */
static size_t skip_closers(const setting *s, size_t at, size_t end) {
  static const char *const closers[] = {"\"", "'", ")", "]", "”", "’", "»", "“"};
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < PST_COUNT(closers) && !more; i++) {
      size_t n = strlen(closers[i]);
      if (end - at >= n && memcmp(s->text + at, closers[i], n) == 0) {
        at += n;
        more = true;
      }
    }
  }
  return at;
}

static void find_stops(setting *s, pst_span p) {
  s->nstops = 0;
  for (size_t at = p.start; at < p.end; at++) {
    char c = s->text[at];
    if (c != '.' && c != '!' && c != '?') continue;
    size_t end = skip_closers(s, at + 1, p.end), next = end;
    while (next < p.end && s->text[next] == ' ') next++;
    bool small = next < p.end && s->text[next] >= 'a' && s->text[next] <= 'z';
    if ((end == p.end || next > end) && !small && s->nstops < MOST_SPANS)
      s->stop[s->nstops++] = end;
  }
}

static void find_holes(setting *s, pst_span p) {
  s->nholes = 0;
  for (size_t at = p.start; s->markup && at < p.end; at++) {
    if (s->text[at] != '<') continue;
    const char *close = memchr(s->text + at, '>', p.end - at);
    if (!close || s->nholes == MOST_SPANS) return;
    size_t end = (size_t)(close - s->text) + 1;
    s->hole[s->nholes++] = (pst_span){at, end};
    at = end - 1;
  }
}

static void decide(const setting *s, pst_quote_frame *frame) {
  pst_quote_sums sums;
  memset(&sums, 0, sizeof sums);
  for (size_t i = 0; i < s->nparas; i++) pst_quote_count(&sums, s->text, s->len, s->para[i], 1);
  pst_quote_decide(frame, &sums, s->lang[0] ? s->lang : NULL);
}

/* The i-th paragraph's input; `open` is what the one before left open. */
static pst_quote_in input(setting *s, const pst_quote_frame *frame, size_t i, pst_family open) {
  pst_span p = s->para[i];
  find_cues(s, p);
  find_stops(s, p);
  find_holes(s, p);
  pst_quote_in in = {.text = s->text, .len = s->len, .para = p, .holes = s->hole,
                     .nholes = s->nholes, .cues = s->cue, .ncues = s->ncues, .stops = s->stop,
                     .nstops = s->nstops, .open = open, .frame = frame,
                     .locale = s->lang[0] ? s->lang : NULL};
  in.next_open =
    i + 1 < s->nparas ? pst_quote_first(s->text, s->len, s->para[i + 1]) : PST_FAM_NONE;
  return in;
}

/* ---- cases as text ---- */

static const char left_sign[] = "⟦", right_sign[] = "⟧";

typedef struct one_case {
  setting set;
  char title[128];
  size_t line;
  char out[LINE], kinds[256], safe[LINE];
  char fault[32][256];
  size_t nfaults;
  bool has_out, has_kinds, has_safe;
} one_case;

typedef struct text_out {
  char at[4 * LINE];
  size_t n;
} text_out;

static void put(text_out *to, const char *s, size_t n) {
  assert_true(to->n + n < sizeof to->at);
  memcpy(to->at + to->n, s, n);
  to->n += n;
  to->at[to->n] = '\0';
}

/* Appends the escaped line: \n, \uXXXX; everything else is itself. */
static size_t unescape(const char *from, char *to, size_t room) {
  size_t n = 0;
  for (; *from && n + 5 < room; from++) {
    if (from[0] == '\\' && from[1] == 'n') {
      to[n++] = '\n';
      from++;
    } else if (from[0] == '\\' && from[1] == 'u') {
      char hex[5] = {from[2], from[3], from[4], from[5], '\0'};
      n += pst_utf8_put(to + n, (uint32_t)strtoul(hex, NULL, 16));
      from += 5;
    } else to[n++] = *from;
  }
  to[n] = '\0';
  return n;
}

static void add_line(char *to, const char *line) {
  size_t n = strlen(to);
  if (n) to[n++] = '\n';
  unescape(line, to + n, LINE - n);
}

static void add_para(one_case *c, const char *line) {
  setting *s = &c->set;
  assert_true(s->nparas < MOST_PARAS);
  if (s->len) {
    memcpy(s->text + s->len, "\n\n", 2);
    s->len += 2;
  }
  size_t n = unescape(line, s->text + s->len, LINE - s->len - 8);
  s->para[s->nparas++] = (pst_span){s->len, s->len + n};
  s->len += n;
}

typedef struct result {
  pst_quotation quote[64];
  pst_quote_kind kind[64];
  pst_fault fault[64];
  size_t nquotes, nfaults;
  uint32_t cost;
} result;

static void run_case(one_case *c, result *r) {
  postil_mem mem = pst_mem_default();
  pst_quote_frame frame;
  pst_quote_out out;
  memset(&out, 0, sizeof out);
  memset(r, 0, sizeof *r);
  decide(&c->set, &frame);
  for (size_t i = 0; i < c->set.nparas; i++) {
    pst_quote_in in = input(&c->set, &frame, i, out.open);
    assert_int_equal(pst_quote_read(&in, &out, &mem, NULL), POSTIL_OK);
    r->cost += out.cost;
    for (size_t k = 0; k < out.quote.n; k++) {
      r->kind[r->nquotes] = pst_quote_kind_of(&in, &out.quote.at[k], c->set.speaker);
      r->quote[r->nquotes++] = out.quote.at[k];
    }
    for (size_t k = 0; k < out.fault.n; k++) r->fault[r->nfaults++] = out.fault.at[k];
  }
  pst_quote_out_free(&out, &mem);
}

/* The text with its quotations in brackets. */
static void draw(const setting *s, const result *r, text_out *to) {
  for (size_t at = 0; at <= s->len; at++) {
    for (size_t k = r->nquotes; k-- > 0;) /* inner ones end first */
      if (r->quote[k].end == at && r->quote[k].start < at)
        put(to, right_sign, sizeof right_sign - 1);
    for (size_t k = 0; k < r->nquotes; k++)
      if (r->quote[k].start == at) put(to, left_sign, sizeof left_sign - 1);
    if (at == s->len) break;
    if (s->text[at] == '\n' && s->text[at + 1] == '\n') {
      put(to, "\n", 1);
      at++;
    } else put(to, s->text + at, 1);
  }
}

/* The text with every safe repair made. */
static void mend(const setting *s, const result *r, text_out *to) {
  size_t at = 0;
  for (size_t i = 0; i < r->nfaults; i++) {
    const pst_fault *f = &r->fault[i];
    if (!f->safe || f->start < at) continue;
    put(to, s->text + at, f->start - at);
    put(to, f->repair, strlen(f->repair));
    at = f->end;
  }
  put(to, s->text + at, s->len - at);
  char *twin;
  while ((twin = strstr(to->at, "\n\n")) != NULL) memmove(twin, twin + 1, strlen(twin));
}

/* Does "kind left|span|right" describe the fault?  The bars show its place. */
static bool fault_is(const setting *s, const pst_fault *f, const char *line) {
  char plain[256], span[256], all[512];
  const char *name = pst_fault_name(f->kind), *place = line + strlen(name);
  if (strncmp(line, name, strlen(name)) != 0 || *place != ' ') return false;
  const char *bar = strchr(++place, '|'), *bar2 = bar ? strchr(bar + 1, '|') : NULL;
  assert_non_null(bar2);
  snprintf(plain, sizeof plain, "%.*s", (int)(bar - place), place);
  snprintf(span, sizeof span, "%.*s", (int)(bar2 - bar - 1), bar + 1);
  snprintf(all, sizeof all, "%s%s%s", plain, span, bar2 + 1);
  char show[512];
  unescape(all, show, sizeof show);
  const char *found = strstr(s->text, show);
  if (!found) return false;
  size_t before = unescape(plain, all, sizeof all), inside = unescape(span, all, sizeof all);
  size_t start = (size_t)(found - s->text) + before;
  return f->start == start && f->end == start + inside;
}

static int report(const one_case *c, const char *what, const char *want, const char *got) {
  print_error("%s:%zu: %s\n  %s\n    want %s\n    got  %s\n", cases_path, c->line, c->title, what,
              want, got);
  return 1;
}

static int check_faults(const one_case *c, const result *r) {
  int bad = 0;
  bool seen[32] = {false};
  for (size_t i = 0; i < r->nfaults; i++) {
    const pst_fault *f = &r->fault[i];
    bool known = false;
    for (size_t k = 0; k < c->nfaults && !known; k++)
      if (!seen[k] && fault_is(&c->set, f, c->fault[k])) known = seen[k] = true;
    char got[256];
    size_t left = f->start > 12 ? f->start - 12 : 0;
    snprintf(got, sizeof got, "%s %zu-%zu %.*s|%.*s|", pst_fault_name(f->kind), f->start, f->end,
             (int)(f->start - left), c->set.text + left, (int)(f->end - f->start),
             c->set.text + f->start);
    if (!known) bad += report(c, "a fault that is not expected", "-", got);
  }
  for (size_t k = 0; k < c->nfaults; k++)
    if (!seen[k]) bad += report(c, "a fault that is not found", c->fault[k], "-");
  return bad;
}

static int check_case(one_case *c) {
  static result r;
  static text_out drawn, mended;
  int bad = 0;
  drawn.n = mended.n = 0;
  run_case(c, &r);
  draw(&c->set, &r, &drawn);
  assert_true(c->has_out);
  if (strcmp(drawn.at, c->out) != 0) bad += report(c, "quotations", c->out, drawn.at);
  bad += check_faults(c, &r);
  if (c->has_kinds) {
    text_out kinds = {.n = 0};
    for (size_t i = 0; i < r.nquotes; i++) {
      if (i) put(&kinds, " ", 1);
      const char *name = pst_quote_kind_name(r.kind[i]);
      put(&kinds, name, strlen(name));
    }
    if (strcmp(kinds.at, c->kinds) != 0) bad += report(c, "kinds", c->kinds, kinds.at);
  }
  if (c->has_safe) {
    mend(&c->set, &r, &mended);
    if (strcmp(mended.at, c->safe) != 0) bad += report(c, "safe repairs", c->safe, mended.at);
  }
  return bad;
}

/* One line of the file goes into the case; false when the word is not known. */
static bool take_line(one_case *c, const char *word, const char *rest) {
  if (strcmp(word, "in") == 0) add_para(c, rest);
  else if (strcmp(word, "out") == 0) {
    add_line(c->out, rest);
    c->has_out = true;
  } else if (strcmp(word, "safe") == 0) {
    add_line(c->safe, rest);
    c->has_safe = true;
  } else if (strcmp(word, "lang") == 0) snprintf(c->set.lang, sizeof c->set.lang, "%s", rest);
  else if (strcmp(word, "kind") == 0) {
    snprintf(c->kinds, sizeof c->kinds, "%s", rest);
    c->has_kinds = true;
  } else if (strcmp(word, "fault") == 0) {
    assert_true(c->nfaults < 32);
    snprintf(c->fault[c->nfaults++], sizeof c->fault[0], "%s", rest);
  } else if (strcmp(word, "with") == 0 && strcmp(rest, "markup") == 0) c->set.markup = true;
  else if (strcmp(word, "with") == 0 && strcmp(rest, "speaker") == 0) c->set.speaker = true;
  else return false;
  return true;
}

static void cases_hold(void **state) {
  (void)state;
  static one_case c;
  FILE *file = fopen(cases_path, "rb");
  if (!file) fail_msg("cannot read %s", cases_path);
  char line[LINE];
  size_t at = 0, count = 0;
  int bad = 0;
  bool open = false;
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\r\n")] = '\0';
    at++;
    if (line[0] == '#' || !line[0]) continue;
    if (strncmp(line, "== ", 3) == 0) {
      if (open) bad += check_case(&c);
      memset(&c, 0, sizeof c);
      snprintf(c.title, sizeof c.title, "%.120s", line + 3);
      c.line = at;
      open = true;
      count++;
      continue;
    }
    char *rest = strchr(line, ' ');
    if (!open || !rest) fail_msg("%s:%zu: not a case's line", cases_path, at);
    *rest++ = '\0';
    while (*rest == ' ') rest++;
    if (!take_line(&c, line, rest)) fail_msg("%s:%zu: unknown word %s", cases_path, at, line);
  }
  if (open) bad += check_case(&c);
  fclose(file);
  assert_true(count >= 60);
  assert_int_equal(bad, 0);
}

/* ---- laws over random soup ---- */

static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static const char *const soup_pieces[] = {"\"",
                                          "'",
                                          "“",
                                          "”",
                                          "‘",
                                          "’",
                                          "„",
                                          "«",
                                          "»",
                                          "‹",
                                          "›",
                                          "''",
                                          "``",
                                          "`",
                                          "´",
                                          "「",
                                          "」",
                                          "『",
                                          "』",
                                          "〝",
                                          "〟",
                                          "a",
                                          "b",
                                          "word",
                                          "Said",
                                          "said",
                                          "he",
                                          "I",
                                          " ",
                                          " ",
                                          " ",
                                          "\n",
                                          ".",
                                          ",",
                                          "!",
                                          "…",
                                          "—",
                                          "–",
                                          "(",
                                          ")",
                                          "[",
                                          "]",
                                          "é",
                                          "ß",
                                          "漢",
                                          "6",
                                          "'80",
                                          "\xc2\xa0",
                                          "\xe2\x80\x8b",
                                          "\xe2\x80\x8d",
                                          "\xe2\x80\xaa",
                                          "\xe2\x80\xac",
                                          "\xe2\x81\xa6",
                                          "\xff",
                                          "\xe2\x80",
                                          "\xc3",
                                          "<b>",
                                          "</b>",
                                          "tis",
                                          "s"};

static void make_soup(setting *s, uint32_t *seed, size_t pieces) {
  static const char *const langs[] = {"en", "de", "fr", "sv", "ja", "ru", "es", "zz", ""};
  memset(s, 0, sizeof *s);
  snprintf(s->lang, sizeof s->lang, "%s", langs[next_random(seed) % PST_COUNT(langs)]);
  s->markup = next_random(seed) % 2;
  size_t paras = 1 + next_random(seed) % 3;
  for (size_t p = 0; p < paras; p++) {
    size_t start = s->len;
    if (next_random(seed) % 4 == 0) {
      memcpy(s->text + s->len, "— ", 4);
      s->len += 4;
    }
    for (size_t i = 0; i < pieces; i++) {
      const char *piece = soup_pieces[next_random(seed) % PST_COUNT(soup_pieces)];
      size_t n = strlen(piece);
      if (s->len + n + 4 > LINE) break;
      memcpy(s->text + s->len, piece, n);
      s->len += n;
    }
    s->para[s->nparas++] = (pst_span){start, s->len};
    memcpy(s->text + s->len, "\n\n", 2);
    s->len += 2;
  }
}

/* True when `at` is the start of a code point, walking from the paragraph's start. */
static void boundaries(const setting *s, pst_span p, bool *is) {
  uint32_t cp;
  memset(is, 0, LINE + 1);
  for (size_t at = p.start; at < p.end; at += pst_utf8_next(s->text, p.end, at, &cp)) is[at] = true;
  is[p.end] = true;
}

static void check_quotes(const pst_quote_in *in, const pst_quote_out *out, const bool *is) {
  size_t ends[8], depth;
  for (size_t i = 0; i < out->quote.n; i++) {
    const pst_quotation *q = &out->quote.at[i];
    assert_true(in->para.start <= q->start && q->start <= q->inner_start);
    assert_true(q->inner_start <= q->inner_end && q->inner_end <= q->end && q->end <= in->para.end);
    assert_true(q->start < q->end);
    assert_true(is[q->start] && is[q->inner_start] && is[q->inner_end] && is[q->end]);
    depth = q->depth;
    assert_true(depth < 6);
    if (i == 0) assert_int_equal(depth, 0);
    else {
      assert_true(out->quote.at[i - 1].start <= q->start);
      assert_true(depth <= (size_t)out->quote.at[i - 1].depth + 1);
    }
    if (depth) assert_true(q->end <= ends[depth - 1]);
    ends[depth] = q->end;
    for (size_t k = i; k-- > 0 && out->quote.at[k].depth >= depth;)
      if (out->quote.at[k].depth == depth) {
        assert_true(out->quote.at[k].end <= q->start);
        break;
      }
  }
}

static void check_faults_hold(const pst_quote_in *in, const pst_quote_out *out, const bool *is) {
  for (size_t i = 0; i < out->fault.n; i++) {
    const pst_fault *f = &out->fault.at[i];
    assert_true(in->para.start <= f->start && f->start <= f->end && f->end <= in->para.end);
    assert_true(is[f->start] && is[f->end]);
    assert_true(f->kind < PST_FAULT_COUNT);
    assert_true(strlen(pst_fault_name(f->kind)) > 3 && strlen(pst_fault_words(f->kind)) > 10);
    if (f->safe) assert_non_null(f->repair);
    if (f->start == f->end && f->repair) assert_true(f->repair[0] != '\0');
    if (i) assert_true(out->fault.at[i - 1].start <= f->start);
  }
}

/* A carry is promised only to a mark that takes it up, and kept. */
static void check_carry(const pst_quote_in *in, const pst_quote_out *out) {
  size_t on = 0;
  for (size_t i = 0; i < out->quote.n; i++) {
    unsigned flags = out->quote.at[i].flags;
    if (flags & PST_QUOTE_GOES_ON) {
      on++;
      assert_int_equal(out->quote.at[i].family, out->open);
      if (!in->frame->dash) assert_int_equal(out->quote.at[i].depth, 0);
    }
    if (flags & PST_QUOTE_CONTINUES) assert_int_equal(out->quote.at[i].family, in->open);
  }
  if (out->open != PST_FAM_NONE) {
    assert_int_equal(out->open, in->next_open);
    assert_int_equal(on, 1);
  } else assert_int_equal(on, 0);
}

static void soup_keeps_the_laws(void **state) {
  (void)state;
  static setting s;
  static bool is[LINE + 1];
  uint32_t seed = 20230222;
  postil_mem mem = pst_mem_default();
  pst_quote_out out, again;
  memset(&out, 0, sizeof out);
  memset(&again, 0, sizeof again);
  for (int round = 0; round < 3000; round++) {
    make_soup(&s, &seed, 1 + next_random(&seed) % 60);
    pst_quote_frame frame;
    decide(&s, &frame);
    out.open = PST_FAM_NONE;
    for (size_t i = 0; i < s.nparas; i++) {
      pst_quote_in in = input(&s, &frame, i, out.open);
      assert_int_equal(pst_quote_read(&in, &out, &mem, NULL), POSTIL_OK);
      boundaries(&s, in.para, is);
      check_quotes(&in, &out, is);
      check_faults_hold(&in, &out, is);
      check_carry(&in, &out);
      in.bill = true;
      assert_int_equal(pst_quote_read(&in, &again, &mem, NULL), POSTIL_OK);
      assert_int_equal(out.cost, again.cost);
      uint32_t cost = 0;
      for (size_t k = 0; k < again.bill.n; k++) cost += again.bill.at[k].cost;
      assert_int_equal(cost, out.cost);
      assert_int_equal(out.bill.n, 0);
      assert_int_equal(out.quote.n, again.quote.n);
      for (size_t k = 0; k < out.quote.n; k++) {
        assert_int_equal(out.quote.at[k].start, again.quote.at[k].start);
        assert_int_equal(out.quote.at[k].end, again.quote.at[k].end);
        pst_quote_kind_of(&in, &out.quote.at[k], next_random(&seed) % 2);
      }
    }
  }
  pst_quote_out_free(&out, &mem);
  pst_quote_out_free(&again, &mem);
}

/* What a paragraph contributes to the frame is taken out again to the last bit. */
static void counts_go_in_and_out(void **state) {
  (void)state;
  static setting s;
  uint32_t seed = 7;
  for (int round = 0; round < 300; round++) {
    make_soup(&s, &seed, 40);
    pst_quote_sums all, none;
    memset(&all, 0, sizeof all);
    memset(&none, 0, sizeof none);
    for (size_t i = 0; i < s.nparas; i++) pst_quote_count(&all, s.text, s.len, s.para[i], 1);
    for (size_t i = s.nparas; i-- > 0;) pst_quote_count(&all, s.text, s.len, s.para[i], -1);
    assert_memory_equal(&all, &none, sizeof all);
  }
}

/* Directions: what a locale says, and what a document teaches against it. */
static void frame_learns(void **state) {
  (void)state;
  static const char swapped[] =
      "»Ja«, sagte er. »Nein«, sagte sie. »Gut«, sagten alle. »Los«, rief er.";
  pst_quote_sums sums;
  pst_quote_frame frame;
  memset(&sums, 0, sizeof sums);
  pst_quote_decide(&frame, &sums, "en");
  assert_int_equal(frame.dir[1], 'o');
  assert_int_equal(frame.dir[2], 'c');
  assert_int_equal(frame.dir[16], 'o');
  pst_quote_decide(&frame, &sums, "de-AT");
  assert_int_equal(frame.dir[1], 'c');
  assert_int_equal(frame.dir[3], 'o');
  pst_quote_decide(&frame, &sums, "sv_SE");
  assert_int_equal(frame.dir[2], 'e');
  assert_int_equal(frame.dir[10], 'e');
  pst_quote_decide(&frame, &sums, "no such language");
  assert_int_equal(frame.dir[1], 'o');
  pst_quote_count(&sums, swapped, sizeof swapped - 1, (pst_span){0, sizeof swapped - 1}, 1);
  pst_quote_decide(&frame, &sums, "de");
  assert_int_equal(frame.dir[16], 'c');
  assert_int_equal(frame.dir[17], 'o');
}

static void first_mark(void **state) {
  (void)state;
  static const struct {
    const char *text;
    pst_family family;
  } rows[] = {{"“A", PST_FAM_DOUBLE}, {"  \"A", PST_FAM_DOUBLE}, {"''A", PST_FAM_DOUBLE},
              {"«A", PST_FAM_GUILLEMET}, {"「A", PST_FAM_CORNER}, {"‘A", PST_FAM_SINGLE},
              {"'Tis", PST_FAM_NONE}, {"’80s", PST_FAM_NONE}, {"A “", PST_FAM_NONE},
              {"", PST_FAM_NONE}, {"   ", PST_FAM_NONE}, {"\"", PST_FAM_DOUBLE}};
  for (size_t i = 0; i < PST_COUNT(rows); i++) {
    size_t n = strlen(rows[i].text);
    assert_int_equal(pst_quote_first(rows[i].text, n, (pst_span){0, n}), rows[i].family);
  }
}

/* ---- a slow and obvious twin of the search ---- */

/* It knows three double marks, words, spaces and stops, and tries every sequence of roles.  The
 * numbers are those of the table of costs, in tenths. */
typedef struct twin_mark {
  char glyph;      /* '"', or 'o' and 'c' for the curly ones */
  char l, r;       /* 'B' space or edge, 'W' word, 'P' stop; other marks are looked through */
  bool first, last; /* nothing at all on that side */
} twin_mark;

typedef struct twin {
  twin_mark mark[8];
  size_t n;
} twin;

static char twin_side(const char *s, size_t n, size_t at, int by) {
  for (;; at = by > 0 ? at + 1 : at - 1) {
    if (at >= n || s[at] == ' ') return 'B';
    if (s[at] == '.') return 'P';
    if (s[at] == 'a') return 'W';
  }
}

static unsigned twin_open(const twin_mark *m) {
  unsigned cost = m->glyph == 'c' ? 15 : 0;
  if (m->last || (m->r == 'B' && m->l != 'B')) return cost + 30;
  if (m->l == 'P') cost += 8;
  if (m->l == 'W') cost += 15;
  if (m->r == 'B') cost += 7;
  if (m->r == 'P') cost += 8;
  return cost;
}

static unsigned twin_close(const twin_mark *m) {
  unsigned cost = m->glyph == 'o' ? 15 : 0;
  if (m->first || (m->l == 'B' && m->r == 'W')) return cost + 30;
  if (m->l == 'B') return cost + 7;
  return cost + (m->r == 'W' ? 12 : 0);
}

/* The least cost of the marks from i on, `open` holding the glyphs that opened. */
static unsigned twin_least(const twin *t, size_t i, const char *open, size_t depth) {
  if (i == t->n) return 22 * (unsigned)depth;
  const twin_mark *m = &t->mark[i];
  char more[4];
  memcpy(more, open, depth);
  unsigned best = 25 + twin_least(t, i + 1, open, depth), cost;
  if (depth < 2) {
    more[depth] = m->glyph;
    cost = twin_open(m) + (depth ? 20 : 0) + twin_least(t, i + 1, more, depth + 1);
    if (cost < best) best = cost;
  }
  if (depth) {
    bool mixed = (open[depth - 1] == '"') != (m->glyph == '"');
    cost = twin_close(m) + (mixed ? 3 : 0) + twin_least(t, i + 1, open, depth - 1);
  } else cost = twin_close(m) + (m->l == 'P' ? 20 : 24) + twin_least(t, i + 1, open, 0);
  return cost < best ? cost : best;
}

static void search_equals_its_twin(void **state) {
  (void)state;
  static const char letters[] = "\"\"ococ  aa. ";
  uint32_t seed = 4711;
  postil_mem mem = pst_mem_default();
  pst_quote_sums sums;
  pst_quote_frame frame;
  pst_quote_out out;
  memset(&sums, 0, sizeof sums);
  memset(&out, 0, sizeof out);
  pst_quote_decide(&frame, &sums, "en");
  for (int round = 0; round < 5000; round++) {
    char plain[16], text[64];
    twin t = {.n = 0};
    size_t n = 1 + next_random(&seed) % 14, len = 0;
    for (size_t i = 0; i < n; i++) {
      do plain[i] = letters[next_random(&seed) % (sizeof letters - 1)];
      while (i && plain[i] == '.' && plain[i - 1] == '.');
    }
    for (size_t i = 0; i < n; i++) {
      bool mark = strchr("\"oc", plain[i]) != NULL;
      if (mark && t.n == 8) plain[i] = 'a', mark = false;
      if (mark) t.mark[t.n++].glyph = plain[i];
      const char *put_it = plain[i] == 'o' ? "“" : plain[i] == 'c' ? "”" : NULL;
      if (put_it) memcpy(text + len, put_it, 3);
      else text[len] = plain[i];
      len += put_it ? 3 : 1;
    }
    for (size_t i = 0, k = 0; i < n; i++) {
      if (!strchr("\"oc", plain[i])) continue;
      t.mark[k].l = twin_side(plain, n, i - 1, -1);
      t.mark[k].r = twin_side(plain, n, i + 1, 1);
      t.mark[k].first = i == 0;
      t.mark[k++].last = i + 1 == n;
    }
    pst_quote_in in = {.text = text, .len = len, .para = {0, len}, .frame = &frame};
    assert_int_equal(pst_quote_read(&in, &out, &mem, NULL), POSTIL_OK);
    unsigned least = twin_least(&t, 0, "", 0);
    if (out.cost != least) fail_msg("%.*s: cost %u, twin %u", (int)len, text, out.cost, least);
  }
  pst_quote_out_free(&out, &mem);
}

/* ---- size and memory ---- */

static void read_big(const char *unit, size_t size) {
  postil_mem mem = pst_mem_default();
  char *text = malloc(size);
  size_t n = strlen(unit);
  assert_non_null(text);
  for (size_t i = 0; i < size; i++) text[i] = unit[i % n];
  pst_quote_sums sums;
  pst_quote_frame frame;
  pst_quote_out out;
  memset(&sums, 0, sizeof sums);
  memset(&out, 0, sizeof out);
  pst_span para = {0, size - size % n};
  pst_quote_count(&sums, text, size, para, 1);
  pst_quote_decide(&frame, &sums, "en");
  pst_quote_in in = {.text = text, .len = size, .para = para, .frame = &frame};
  assert_int_equal(pst_quote_read(&in, &out, &mem, NULL), POSTIL_OK);
  pst_quote_out_free(&out, &mem);
  free(text);
}

static double seconds_for(const char *unit, size_t size) {
  double best = 1e9;
  for (int round = 0; round < 3; round++) {
    clock_t before = clock();
    read_big(unit, size);
    double took = (double)(clock() - before) / CLOCKS_PER_SEC;
    if (took < best) best = took;
  }
  return best;
}

/* Eight times the marks may take eight times as long and some, never sixty-four times. */
static void marks_alone_stay_linear(void **state) {
  (void)state;
  static const char *const units[] = {"\"",
                                      "'",
                                      "“",
                                      "”",
                                      "\"'",
                                      "“‘«",
                                      "' ",
                                      "\" \"a",
                                      "''`",
                                      "(“",
                                      "a'",
                                      "s' ",
                                      "\"\xe2\x80\x8d",
                                      ". . ",
                                      "a[b c]"};
  for (size_t i = 0; i < PST_COUNT(units); i++) {
    double small = seconds_for(units[i], 4096), big = seconds_for(units[i], 32768);
    if (big > 0.5 && big > 24 * small)
      fail_msg("%s: 4 KiB in %f s, 32 KiB in %f s", units[i], small, big);
  }
}

typedef struct failing {
  size_t left, live;
} failing;

static void *fail_later(void *ud, void *p, size_t old, size_t size) {
  failing *f = ud;
  if (size == 0) {
    f->live -= old;
    free(p);
    return NULL;
  }
  if (f->left == 0) return NULL;
  f->left--;
  void *q = realloc(p, size);
  assert_non_null(q);
  f->live = f->live - old + size;
  return q;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  static setting s;
  uint32_t seed = 99;
  for (int round = 0; round < 20; round++) {
    make_soup(&s, &seed, 60);
    snprintf(s.lang, sizeof s.lang, "fr");
    pst_quote_frame frame;
    decide(&s, &frame);
    frame.dash = true;
    pst_quote_in in = input(&s, &frame, 0, PST_FAM_NONE);
    for (size_t n = 0;; n++) {
      failing f = {n, 0};
      postil_mem mem = {fail_later, &f};
      postil_err err;
      pst_quote_out out;
      memset(&out, 0, sizeof out);
      postil_status status = pst_quote_read(&in, &out, &mem, &err);
      if (status != POSTIL_OK) {
        assert_int_equal(status, POSTIL_ENOMEM);
        assert_int_equal(err.code, POSTIL_ENOMEM);
        assert_int_equal(out.quote.n, 0);
        assert_int_equal(out.fault.n, 0);
        assert_int_equal(out.open, PST_FAM_NONE);
      }
      pst_quote_out_free(&out, &mem);
      assert_int_equal(f.live, 0);
      if (status == POSTIL_OK) break;
      assert_true(n < 1000);
    }
  }
}

int main(int argc, char **argv) {
  if (argc > 1) cases_path = argv[1];
  const struct CMUnitTest tests[] = {cmocka_unit_test(cases_hold),
                                     cmocka_unit_test(soup_keeps_the_laws),
                                     cmocka_unit_test(search_equals_its_twin),
                                     cmocka_unit_test(counts_go_in_and_out),
                                     cmocka_unit_test(frame_learns),
                                     cmocka_unit_test(first_mark),
                                     cmocka_unit_test(marks_alone_stay_linear),
                                     cmocka_unit_test(every_allocation_may_fail)};
  return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
