/* test_why.c - why something is tagged at a place, or is not: each kind of entry once, with its exact
 * line.  (test_doc.c holds that asking changes nothing and that what is said of tags is so.) */
#include "support.h"

#include "../../core/doc.h"

#include <stdio.h>

/* ---- Rules and listings, short to write ---- */

enum { HOOK_NO = 1, HOOK_NIL };

static postil_status answer(void *ud, uint32_t hook, const postil_match *match, postil_value *value,
                            postil_err *err) {
  const bool *failing = ud;
  (void)match;
  if (failing && *failing) {
    memset(err, 0, sizeof *err);
    err->code = POSTIL_EHOOK;
    return POSTIL_EHOOK;
  }
  value->type = hook == HOOK_NO ? POSTIL_BOOL : POSTIL_NIL;
  return POSTIL_OK;
}

static postil_text text_of(const char *s) {
  postil_text text = {s, s ? strlen(s) : 0};
  return text;
}

static postil_rule blank_rule(postil_verb verb, const char *label) {
  postil_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.verb = verb;
  rule.label = label;
  rule.keep = POSTIL_NO_HOOK;
  return rule;
}

static void add(postil_rules *r, postil_rule rule, const char *pattern) {
  postil_text source = text_of(pattern);
  postil_err err = {0};
  rule.pattern = &source;
  rule.npatterns = pattern ? 1 : 0;
  if (postil_rules_add(r, &rule, NULL, &err)) fail_msg("%s", err.what);
}

static void plain(postil_rules *r, postil_verb verb, const char *label, const char *pattern) {
  add(r, blank_rule(verb, label), pattern);
}

static postil_rules *new_rules(const postil_mem *mem) {
  postil_rules *r;
  assert_int_equal(postil_rules_new(mem, &r, NULL), POSTIL_OK);
  postil_rules_set_hook(r, answer, NULL);
  return r;
}

typedef struct listing {
  const postil_rules *rules;
  char at[8192];
  size_t n;
} listing;

static void put(listing *to, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsnprintf(to->at + to->n, sizeof to->at - to->n, format, args);
  va_end(args);
  assert_true(n >= 0 && (size_t)n < sizeof to->at - to->n);
  to->n += (size_t)n;
}

/* label[start-end] #rule.pattern */
static void put_who(listing *to, const postil_who *who) {
  const char *label = postil_rules_label(to->rules, who->label);
  put(to, " %s[%zu-%zu]", label ? label : "", who->start, who->end);
  if (who->rule != POSTIL_NO_RULE) put(to, " #%u", who->rule);
  if (who->pattern != POSTIL_NO_PATTERN) put(to, ".%u", who->pattern);
}

static void put_why(void *ud, const postil_why *why) {
  listing *to = ud;
  put(to, "%s", postil_why_name(why->kind));
  put_who(to, &why->who);
  if (why->by.label != POSTIL_NO_LABEL || why->by.end > why->by.start) {
    put(to, " <-");
    put_who(to, &why->by);
  }
  if (why->how) put(to, " (%s)", why->how);
  if (why->end || why->kind == POSTIL_WHY_NEAR) put(to, " at %zu-%zu", why->start, why->end);
  if (why->wanted_end) put(to, " wanted %zu-%zu", why->wanted, why->wanted_end);
  if (why->kind == POSTIL_WHY_COST) put(to, " %u", why->cost);
  if (why->kind == POSTIL_WHY_COST && why->margin != POSTIL_NO_MARGIN) put(to, "+%u", why->margin);
  put(to, "\n");
}

static postil_doc *tagged(const postil_rules *r, const char *text) {
  postil_doc *doc;
  assert_int_equal(postil_doc_new(r, text, strlen(text), NULL, &doc, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  return doc;
}

/* What is told of the place where `word` stands, of a label or (NULL) all. */
static void check_label(postil_rules *r, const char *text, const char *word, const char *label,
                        const char *wanted) {
  static listing list;
  postil_err err = {0};
  if (postil_rules_seal(r, &err) && err.code != POSTIL_EUSE) fail_msg("%s", err.what);
  postil_doc *doc = tagged(r, text);
  list.rules = r;
  list.n = 0;
  list.at[0] = '\0';
  size_t at = (size_t)(strstr(text, word) - text);
  assert_int_equal(postil_doc_why(doc, at, label, put_why, &list, &err), POSTIL_OK);
  assert_string_equal(list.at, wanted);
  postil_doc_free(doc);
}

static void check(postil_rules *r, const char *text, const char *word, const char *wanted) {
  check_label(r, text, word, NULL, wanted);
}

/* ---- Tags and what lost ---- */

static void test_tags(void **state) {
  (void)state;
  postil_rules *r = new_rules(NULL);
  postil_rule outer = blank_rule(POSTIL_TAG, "org");
  outer.nest = true;
  plain(r, POSTIL_TAG, "city", "Oslo");
  add(r, outer, "University of <city>");
  plain(r, POSTIL_TAG, "_uni", "University");
  check(r, "The University of Oslo", "Oslo", "tag city[18-22] #0.0\ntag org[4-22] #1.0\n");
  check_label(r, "The University of Oslo", "Oslo", "org", "tag org[4-22] #1.0\n");
  check(r, "The University of Oslo", "Univ", "tag org[4-22] #1.0\n");
  check_label(r, "The University of Oslo", "Univ", "_uni", "tag _uni[4-14] #2.0\n");
  check(r, "The University of Oslo", "The", "");
  postil_rules_free(r);
}

static void test_veto(void **state) {
  (void)state;
  postil_rules *r = new_rules(NULL);
  plain(r, POSTIL_TAG, "date", "(earlier|later) Wednesday");
  plain(r, POSTIL_TAG, "person", "<cap>{2}");
  plain(r, POSTIL_VETO, "person", "<date>");
  check(r, "so Earlier Wednesday", "Earlier",
        "tag date[3-20] #0.0\nvetoed person[3-20] #1.0 <- person[3-20] #2.0\n");
  check_label(r, "so Earlier Wednesday", "Earlier", "person",
              "vetoed person[3-20] #1.0 <- person[3-20] #2.0\n");
  postil_rules_free(r);
  r = new_rules(NULL);
  plain(r, POSTIL_TAG, "person", "<cap>{2}");
  plain(r, POSTIL_VETO, "person", NULL);
  assert_int_equal(postil_rules_term(r, 1, "War", 3, NULL, 0, NULL), POSTIL_OK);
  check(r, "the Cold War", "Cold", "vetoed person[4-12] #0.0 <- person[9-12] #1\n");
  postil_rules_free(r);
}

static void test_beaten(void **state) {
  (void)state;
  postil_rules *r = new_rules(NULL);
  postil_rule prio = blank_rule(POSTIL_TAG, "d");
  prio.prio = 1;
  plain(r, POSTIL_TAG, "a", "Karl Lund");
  plain(r, POSTIL_TAG, "b", "Lund");
  plain(r, POSTIL_TAG, "c", "karl lund");
  check(r, "Karl Lund", "Lund",
        "tag a[0-9] #0.0\n"
        "beaten b[5-9] #1.0 <- a[0-9] #0.0 (is longer)\n"
        "beaten c[0-9] #2.0 <- a[0-9] #0.0 (asks for more capitals)\n");
  postil_rules_free(r);
  r = new_rules(NULL);
  plain(r, POSTIL_TAG, "a", "Karl Lund");
  plain(r, POSTIL_TAG, "b", "Karl Lund");
  add(r, prio, "Lund Oslo");
  plain(r, POSTIL_PIN, "e", "Oslo");
  check(r, "Karl Lund Oslo", "Oslo",
        "tag e[10-14] #3.0\nbeaten d[5-14] #2.0 <- e[10-14] #3.0 (is pinned)\n");
  check(r, "Karl Lund Oslo", "Karl",
        "tag a[0-9] #0.0\n"
        "beaten b[0-9] #1.0 <- a[0-9] #0.0 (stands first among the rules)\n");
  check(r, "Karl Lund, Lund Oslo", "Karl",
        "tag a[0-9] #0.0\n"
        "beaten b[0-9] #1.0 <- a[0-9] #0.0 (stands first among the rules)\n");
  postil_rules_free(r);
  r = new_rules(NULL);
  plain(r, POSTIL_TAG, "a", "Karl Lund Oslo");
  add(r, prio, "Lund");
  check(r, "Karl Lund Oslo", "Lund",
        "tag d[5-9] #1.0\nbeaten a[0-14] #0.0 <- d[5-9] #1.0 (has the higher prio)\n");
  postil_rules_free(r);
}

/* Two rules of a label found the same; two of one rule are one. */
static void test_merged(void **state) {
  (void)state;
  postil_rules *r = new_rules(NULL);
  plain(r, POSTIL_TAG, "person", "Mr [<cap>]");
  plain(r, POSTIL_TAG, "person", "[Lund] ran");
  check(r, "Mr Lund ran", "Lund",
        "tag person[3-7] #0.0\n"
        "merged person[3-7] #1.0 <- person[3-7] #0.0 (stands first among the rules)\n");
  check(r, "Mr Lund ran", "Mr", "around person[3-7] #0.0 at 0-7\n");
  check(r, "Mr Lund ran", "ran", "");
  postil_rules_free(r);
}

static void test_refused(void **state) {
  (void)state;
  struct {
    const char *how, *text;
  } context[] = {
      {"after", "Oslo"},  {"not_after", "not Oslo"}, {"before", "Oslo"}, {"not_before", "Oslo no"},
      {"inside", "Oslo"}, {"outside", "Ice Oslo"},   {"keep", "Oslo"},   {"is", "Oslo"}};
  for (size_t i = 0; i < PST_COUNT(context); i++) {
    char wanted[200];
    postil_rules *r = new_rules(NULL);
    postil_rule rule = blank_rule(POSTIL_TAG, "city");
    postil_set is = {"is", POSTIL_SET_HOOK, {0}, NULL, NULL, 0, HOOK_NIL};
    if (i == 0) rule.after = text_of("in");
    if (i == 1) rule.not_after = text_of("not");
    if (i == 2) rule.before = text_of("city");
    if (i == 3) rule.not_before = text_of("no");
    if (i == 4) rule.inside = "_ice";
    if (i == 5) rule.outside = "_ice";
    if (i == 6) rule.keep = HOOK_NO;
    if (i == 7) {
      rule.set = &is;
      rule.nsets = 1;
    }
    plain(r, POSTIL_TAG, "_ice", "Ice Oslo");
    add(r, rule, "Oslo");
    size_t at = (size_t)(strstr(context[i].text, "Oslo") - context[i].text);
    snprintf(wanted, sizeof wanted, "refused city[%zu-%zu] #1.0 (%s)\n", at, at + 4,
             context[i].how);
    check(r, context[i].text, "Oslo", wanted);
    postil_rules_free(r);
  }
}

static void test_hidden(void **state) {
  (void)state;
  postil_rules *r = new_rules(NULL);
  plain(r, POSTIL_TAG, "markup", "/<[^>]*>/");
  plain(r, POSTIL_TAG, "city", "Oslo");
  plain(r, POSTIL_BLOCK, "teaser", "^ read more");
  assert_int_equal(postil_rules_ignore(r, "markup|teaser", NULL), POSTIL_OK);
  check(r, "in <b Oslo> Oslo", "Oslo",
        "tag markup[3-11] #0.0\nhidden [3-11] <- markup[3-11] #0.0\n");
  check(r, "it is\nRead more Oslo\nso", "Oslo",
        "tag teaser[6-20] #2\nhidden [6-20] <- teaser[6-20] #2\n");
  postil_rules_free(r);
}

static void test_limit(void **state) {
  static char text[500];
  size_t n = 0;
  (void)state;
  postil_rules *r = new_rules(NULL);
  plain(r, POSTIL_TAG, "deep", "/(?:(?:a|b|ab)*)*c/");
  for (int i = 0; i < 200; i++) n += (size_t)snprintf(text + n, sizeof text - n, "ab");
  snprintf(text + n, sizeof text - n, " x");
  check(r, text, "x", "limit deep[0-402] #0\n");
  postil_rules_free(r);
}

/* A context of an amend rule that gives up is told of that rule. */
static void test_amend_limit(void **state) {
  static char text[500];
  size_t n = 0;
  (void)state;
  postil_rules *r = new_rules(NULL);
  postil_quotes quotes = {"en", NULL, NULL, false};
  postil_rule rule = blank_rule(POSTIL_AMEND, "quote");
  rule.before = text_of("/(?:(?:a|b|ab)*)*c/");
  assert_int_equal(postil_rules_quotes(r, &quotes, NULL), POSTIL_OK);
  add(r, rule, "[<quote>] x:said");
  n += (size_t)snprintf(text, sizeof text, "“No” said ");
  for (int i = 0; i < 200; i++) n += (size_t)snprintf(text + n, sizeof text - n, "ab");
  check_label(r, text, "No", "quote",
              "tag quote[0-8]\n"
              "cost quote[0-3] (opens) 0+49\ncost quote[5-8] (closes) 0+47\n"
              "refused quote[0-8] #0.0 (before)\nlimit quote[0-414] #0\n");
  postil_rules_free(r);
}

/* ---- Aliases ---- */

static void test_alias(void **state) {
  (void)state;
  postil_rules *r = new_rules(NULL);
  postil_rule same = blank_rule(POSTIL_ALIAS, "person");
  plain(r, POSTIL_TAG, "person", "name:<cap> family:<cap>");
  plain(r, POSTIL_TAG, "ship", "HMS <cap>");
  plain(r, POSTIL_ALIAS, "person", "[=family]");
  same.same = "family";
  add(r, same, "old family:<cap>");
  check(r, "Karl Lund ran. so Lund fell.", "Lund fell",
        "tag person[18-22] #2.0 <- person[0-9] #0\n"
        "near person[18-22] #0.0 at 23-27 wanted 18-23\n");
  check(r, "Karl Lund ran. HMS Lund fell.", "HMS", "tag ship[15-23] #1.0\n");
  check(r, "Karl Lund ran. so HMS Lund fell.", "Lund fell",
        "tag ship[18-26] #1.0\n"
        "beaten person[22-26] #2.0 <- ship[18-26] #1.0 (was there before)\n"
        "near person[22-26] #0.0 at 27-31 wanted 18-23\n");
  check(r, "Karl Lund ran. An old Mohn fell.", "Mohn",
        "refused person[18-26] #3.0 (no antecedent)\n"
        "near person[22-26] #0.0 at 27-31 wanted 18-23\n");
  postil_rules_free(r);
}

/* ---- Quotations ---- */

static postil_rules *speaking(const postil_mem *mem) {
  postil_rules *r = new_rules(mem);
  postil_quotes quotes = {"en", "_cue", "_he", true};
  plain(r, POSTIL_TAG, "_cue", "said");
  plain(r, POSTIL_TAG, "person", "Ada|Karl");
  plain(r, POSTIL_TAG, "_he", "he|she");
  plain(r, POSTIL_AMEND, "quote", "[<quote>] ,? cue:<_cue> speaker:<person>");
  plain(r, POSTIL_AMEND, "quote", "speaker:<person|_he> cue:<_cue> : [<quote>]");
  plain(r, POSTIL_AMEND, "quote", "[<quote>] , speaker:<person|_he> cue:<_cue>");
  assert_int_equal(postil_rules_quotes(r, &quotes, NULL), POSTIL_OK);
  return r;
}

#define BILL(a, b, c, d) \
  "cost quote[" #a "-" #b "] (opens) 0+45\ncost quote[" #c "-" #d "] (closes) 0+45\n"
#define BILL_OUTSIDE(a, b, c, d) \
  "cost quote[" #a "-" #b "] (opens) 0+49\ncost quote[" #c "-" #d "] (closes) 0+47\n"

/* The sieve that decided, and those before it: where they stopped. */
static void test_sieves(void **state) {
  (void)state;
  postil_rules *r = speaking(NULL);
  check_label(r, "“No,” said Ada.", "No", "quote",
              "tag quote[0-9]\n"
              "amended quote[0-9] #3.0 <- person[15-18] #1.0 at 0-18\n" BILL(0, 3, 6, 9));
  check_label(r, "“No,” Ada said.", "No", "quote",
              "tag quote[0-9]\n" BILL(0, 3, 6, 9)
              "near quote[0-9] #3.0 at 10-13 wanted 10-23\n"
              "near quote[0-9] #5.0 at 10-13 wanted 10-11\n");
  check_label(r, "“No”, he said.", "No", "quote",
              "tag quote[0-8]\n"
              "amended quote[0-8] #5.0 <- _he[10-12] #2.0 at 0-17\n"
              "speaker quote[0-8] (pronoun)\n" BILL_OUTSIDE(
                  0, 3, 5, 8) "near quote[0-9] #3.0 at 10-12 wanted 17-23\n");
  check(r, "“No,” said Ada.", "said", "around quote[0-9] #3.0 at 0-18\n");
  postil_rules_free(r);
}

static void test_speakers(void **state) {
  (void)state;
  postil_rules *r = speaking(NULL);
  plain(r, POSTIL_AMEND, "quote", "speaker:<person> cue:<_cue> : <para> [<quote>]");
  check_label(r, "Ada left.\n\n“No”, she said.", "No", "quote",
              "tag quote[11-19]\n"
              "amended quote[11-19] #5.0 <- _he[21-24] #2.0 at 11-29\n"
              "speaker quote[11-19] <- person[0-3] #1 (pronoun)\n" BILL_OUTSIDE(
                  11, 14, 16, 19) "near quote[11-20] #3.0 at 21-24 wanted 17-23\n");
  /* It goes on from the paragraph before, whose helpers are gone. */
  check_label(r, "Karl said: “Yes.\n\n“No.”", "No", "quote",
              "tag quote[11-29]\n"
              "speaker quote[20-29] <- quote[11-18] (part)\n"
              "cost quote[20-23] (opens again) 0\ncost quote[26-29] (closes) 0+47\n");
  /* Ada's turn again: the speakers of the paragraphs before are known. */
  check_label(r, "Ada said:\n\n“No!”\n\n“Yes!”\n\n“Oh!”", "Oh", "quote",
              "tag quote[34-43]\n"
              "speaker quote[34-43] <- quote[11-20] (turn)\n" BILL(34, 37, 40, 43)
              "near quote[34-43] #3.0 at 43-43 wanted 10-23\n"
              "near quote[34-43] #5.0 at 43-43 wanted 10-11\n");
  postil_rules_free(r);
}

/* The bill of a quotation that has faults, and of marks that are none. */
static void test_bill(void **state) {
  (void)state;
  postil_rules *r = speaking(NULL);

  check_label(r, "“No one ran.", "No", "quote",
              "tag quote[0-14]\n"
              "cost quote[0-3] (opens) 0+3\n"
              "cost quote[14-14] (never closed) 22\n"
              "fault quote[14-14] (missing-close)\n"
              "near quote[0-14] #3.0 at 14-14 wanted 10-23\n"
              "near quote[0-14] #5.0 at 14-14 wanted 10-11\n");
  check(r, "“ No one ran.", "“",
        "cost quote[0-3] (stray) 25+4\n"
        "fault quote[0-3] (stray-close)\n"
        "fault quote[0-3] (wrong-direction)\n");
  check(r, "It ran.” So", "”",
        "tag quote[0-10]\n"
        "cost quote[7-10] (closes, never opened) 20+5\n"
        "fault quote[0-0] (missing-open)\n"
        "near quote[0-10] #3.0 at 11-13 wanted 10-23\n"
        "near quote[0-10] #5.0 at 11-13 wanted 10-11\n");
  check(r, "we don’t know", "’", "cost quote[6-9] (apostrophe) 0+25\n");
  postil_rules_free(r);
}

/* ---- Near misses ---- */

/* The nearest first: what took most of what it takes at least. */
static void test_near(void **state) {
  (void)state;
  postil_rules *r = new_rules(NULL);
  plain(r, POSTIL_TAG, "a", "<cap> <cap> <cap> <cap> ltd");
  plain(r, POSTIL_TAG, "b", "minister [name:<cap>{2}]");
  plain(r, POSTIL_TAG, "c", "<cap> ltd");
  plain(r, POSTIL_TAG, "d", "ltd minister");
  plain(r, POSTIL_TAG, "_e", "minister lund mohn");
  plain(r, POSTIL_TAG, "f", "lund (mohn|<num> x|<upper>)");
  check(r, "The Minister Lund ran", "Lund",
        "near b[4-17] #1.0 at 18-21 wanted 15-20\n"
        "near a[0-17] #0.0 at 18-21 wanted 18-23\n"
        "near c[13-17] #2.0 at 18-21 wanted 6-9\n"
        "near f[13-17] #5.0 at 18-21 wanted 6-26\n");
  check_label(r, "The Minister Lund", "Lund", "_e", "near _e[4-17] #4.0 at 17-17 wanted 14-18\n");
  check(r, "The Minister Lund ran", "ran",
        "near b[4-17] #1.0 at 18-21 wanted 15-20\n"
        "near a[0-17] #0.0 at 18-21 wanted 18-23\n"
        "near c[13-17] #2.0 at 18-21 wanted 6-9\n"
        "near f[13-17] #5.0 at 18-21 wanted 6-26\n");
  check(r, "The Minister Lund ran off", "off", "");
  postil_rules_free(r);
}

/* No more than eight; of a rule its nearest pattern. */
static void test_near_most(void **state) {
  (void)state;
  postil_rules *r = new_rules(NULL);
  static listing list;
  postil_text patterns[] = {text_of("oslo a"), text_of("oslo fjord a"), text_of("oslo a b c")};
  postil_rule rule = blank_rule(POSTIL_TAG, "a");
  rule.pattern = patterns;
  rule.npatterns = 3;
  assert_int_equal(postil_rules_add(r, &rule, NULL, NULL), POSTIL_OK);
  for (int i = 0; i < 20; i++) plain(r, POSTIL_TAG, "b", "oslo a b");
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  postil_doc *doc = tagged(r, "Oslo fjord ran");
  list.rules = r;
  list.n = 0;
  assert_int_equal(postil_doc_why(doc, 0, NULL, put_why, &list, NULL), POSTIL_OK);
  size_t lines = 0;
  for (size_t i = 0; i < list.n; i++) lines += list.at[i] == '\n';
  assert_int_equal(lines, POSTIL_WHY_NEAR_MOST);
  assert_memory_equal(list.at, "near a[0-10] #0.1 at 11-14 wanted 11-12\n", 40);
  postil_doc_free(doc);
  postil_rules_free(r);
}

/* ---- Wrong use, failing hooks ---- */

static void count(void *ud, const postil_why *why) {
  (void)why;
  ++*(size_t *)ud;
}

static void test_use(void **state) {
  (void)state;
  static const char text[] = "Oslo\n\nOslo";
  postil_rules *r = new_rules(NULL);
  postil_doc *doc;
  postil_err err = {0};
  size_t told = 0;
  plain(r, POSTIL_TAG, "city", "Oslo");
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_new(r, text, sizeof text - 1, NULL, &doc, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_why(doc, 0, NULL, count, &told, &err), POSTIL_EUSE);
  assert_string_equal(err.what, "the document is not tagged to its end yet");
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_why(doc, 11, NULL, count, &told, &err), POSTIL_EUSE);
  assert_string_equal(err.what, "the text has no such place");
  assert_int_equal(postil_doc_why(doc, 0, "town", count, &told, &err), POSTIL_EUSE);
  assert_string_equal(err.what, "no rule has this label");
  assert_int_equal(told, 0);
  assert_int_equal(postil_doc_why(doc, 4, NULL, count, &told, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_why(doc, 5, NULL, count, &told, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_why(doc, 10, NULL, count, &told, NULL), POSTIL_OK);
  assert_int_equal(told, 0);
  assert_int_equal(postil_doc_why(doc, 9, NULL, count, &told, NULL), POSTIL_OK);
  assert_int_equal(told, 1);
  postil_doc_free(doc);
  postil_rules_free(r);
}

/* A hook that fails ends the call with its words; afterwards all is as before. */
static void test_hook(void **state) {
  (void)state;
  bool failing = false;
  postil_rules *r = new_rules(NULL);
  postil_rule rule = blank_rule(POSTIL_TAG, "city");
  postil_err err = {0};
  size_t told = 0;
  rule.keep = HOOK_NO;
  postil_rules_set_hook(r, answer, &failing);
  add(r, rule, "Oslo");
  plain(r, POSTIL_TAG, "fjord", "Fjord");
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  postil_doc *doc = tagged(r, "Oslo Fjord");
  failing = true;
  assert_int_equal(postil_doc_why(doc, 0, NULL, count, &told, &err), POSTIL_EHOOK);
  assert_int_equal(told, 0);
  failing = false;
  assert_int_equal(postil_doc_why(doc, 0, NULL, count, &told, NULL), POSTIL_OK);
  assert_int_equal(told, 1);
  assert_int_equal(postil_doc_tags(doc, 0, SIZE_MAX, NULL, 0), 1);
  postil_doc_free(doc);
  postil_rules_free(r);
}

/* Asks of every third byte, and lists the tags: what is told must be the same each time. */
static postil_status ask_all(postil_doc *doc, listing *list) {
  postil_status s = POSTIL_OK;
  size_t len;
  postil_tag tag[16];
  postil_doc_text(doc, &len);
  list->n = 0;
  for (size_t at = 0; at < len && !s; at += 3) s = postil_doc_why(doc, at, NULL, put_why, list, NULL);
  size_t n = postil_doc_tags(doc, 0, SIZE_MAX, tag, PST_COUNT(tag));
  assert_true(n > 0 && n <= PST_COUNT(tag));
  for (size_t i = 0; i < n; i++) put(list, "%zu-%zu %u\n", tag[i].start, tag[i].end, tag[i].label);
  return s;
}

/* Each allocation fails in turn, alone and with all behind it: the document stays as it was. */
static void test_memory(void **state) {
  static listing before, after;
  (void)state;
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  postil_rules *r = speaking(&mem);
  plain(r, POSTIL_TAG, "person", "name:<cap> family:<cap>");
  plain(r, POSTIL_ALIAS, "person", "[=family]");
  assert_int_equal(postil_rules_seal(r, NULL), POSTIL_OK);
  postil_doc *doc =
      tagged(r, "Karl Lund left.\n\n“No”, she said. Lund said: “Yes.\n\n“No.”\n\n“Oh!” Ada said.");
  before.rules = after.rules = r;
  assert_int_equal(ask_all(doc, &before), POSTIL_OK);
  for (int sticky = 0; sticky < 2; sticky++) {
    postil_status s = POSTIL_ENOMEM;
    heap.sticky = sticky;
    for (size_t n = 1; s; n++) {
      heap.asked = heap.failed = 0;
      heap.fail_at = n;
      s = ask_all(doc, &after);
      assert_int_equal(s, heap.failed ? POSTIL_ENOMEM : POSTIL_OK);
      heap.fail_at = 0;
      assert_int_equal(ask_all(doc, &after), POSTIL_OK);
      assert_string_equal(after.at, before.at);
    }
  }
  postil_doc_free(doc);
  postil_rules_free(r);
  support_mem_done(&heap);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tags),      cmocka_unit_test(test_veto),
      cmocka_unit_test(test_beaten),    cmocka_unit_test(test_merged),
      cmocka_unit_test(test_refused),   cmocka_unit_test(test_hidden),
      cmocka_unit_test(test_limit),     cmocka_unit_test(test_amend_limit),
      cmocka_unit_test(test_alias),     cmocka_unit_test(test_sieves),
      cmocka_unit_test(test_speakers),  cmocka_unit_test(test_near),
      cmocka_unit_test(test_near_most), cmocka_unit_test(test_bill),
      cmocka_unit_test(test_use),       cmocka_unit_test(test_hook),
      cmocka_unit_test(test_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
