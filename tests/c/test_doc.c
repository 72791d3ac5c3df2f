/* test_doc.c - documents: stages, hooks, speakers, and the law that batches do not show. */
#include "support.h"

#include "../../core/doc.h"

#include <stdio.h>

/* ---- Rule sets and listings, short to write ---- */

typedef struct host {
  int failing;  /* hook that fails, or 0 */
  size_t calls; /* of the hook */
} host;

enum { HOOK_KEEP_LONG = 1, HOOK_FAMILY, HOOK_NIL, HOOK_PLACE, HOOK_SPEAKS };

static postil_text text_of(const char *s) {
  postil_text text = {s, s ? strlen(s) : 0};
  return text;
}

/* What rules ask of the host in these tests. */
static postil_status answer(void *ud, uint32_t hook, const postil_match *match, postil_value *value,
                            postil_err *err) {
  host *h = ud;
  h->calls++;
  if (h->failing == (int)hook) {
    memset(err, 0, sizeof *err);
    err->code = POSTIL_EHOOK;
    return POSTIL_EHOOK;
  }
  if (hook == HOOK_KEEP_LONG) {
    value->type = POSTIL_BOOL;
    value->number = postil_match_text(match).len > 4;
  }
  if (hook == HOOK_FAMILY) {
    postil_text all = postil_match_text(match);
    size_t at = all.len;
    while (at && all.at[at - 1] != ' ') at--;
    value->type = POSTIL_STRING;
    value->text = all.at + at;
    value->len = all.len - at;
  }
  if (hook == HOOK_PLACE) value->type = POSTIL_PLACE;
  if (hook == HOOK_SPEAKS) {
    postil_value who;
    value->type = POSTIL_BOOL;
    value->number = postil_match_get(match, "speaker", &who) && who.len == 2;
  }
  return POSTIL_OK;
}

/* A rule with the fields that are not zero when nobody says anything. */
static postil_rule rule_of(postil_verb verb, const char *label, const postil_text *pattern) {
  postil_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.verb = verb;
  rule.label = label;
  rule.pattern = pattern;
  rule.npatterns = pattern ? 1 : 0;
  rule.keep = POSTIL_NO_HOOK;
  return rule;
}

static postil_status add_full(postil_rules *rules, postil_rule *rule, const char *pattern) {
  postil_text source = text_of(pattern);
  postil_err err;
  if (pattern) {
    rule->pattern = &source;
    rule->npatterns = 1;
  }
  postil_status s = postil_rules_add(rules, rule, NULL, &err);
  if (s && s != POSTIL_ENOMEM) print_message("%s: %s\n", rule->label, err.what);
  return s;
}

static postil_status add(postil_rules *rules, postil_verb verb, const char *label,
                         const char *pattern) {
  postil_rule rule = rule_of(verb, label, NULL);
  return add_full(rules, &rule, pattern);
}

static postil_rules *open_rules(const postil_mem *mem) {
  postil_rules *rules;
  assert_int_equal(postil_rules_new(mem, &rules, NULL), POSTIL_OK);
  return rules;
}

static void seal(postil_rules *rules) {
  postil_err err;
  postil_status s = postil_rules_seal(rules, &err);
  if (s) print_message("seal: %s\n", err.what);
  assert_int_equal(s, POSTIL_OK);
}

/* A growing line of text for listings. */
typedef struct listing {
  char at[1 << 16];
  size_t n;
} listing;

static void put(listing *list, const char *at, size_t len) {
  assert_true(list->n + len < sizeof list->at);
  if (len) memcpy(list->at + list->n, at, len);
  list->n += len;
  list->at[list->n] = '\0';
}

/* name=value@place, and where the tag starts that it leads to, if not there. */
static void put_value(const postil_doc *doc, listing *list, const char *name,
                      const postil_value *v) {
  postil_tag to;
  char number[64];
  put(list, " ", 1);
  put(list, name, strlen(name));
  put(list, "=", 1);
  if (v->type == POSTIL_NUMBER || v->type == POSTIL_BOOL) {
    snprintf(number, sizeof number, "%g", v->number);
    put(list, number, strlen(number));
  } else {
    put(list, v->text, v->len);
  }
  if (v->end > v->start) {
    snprintf(number, sizeof number, "@%zu-%zu", v->start, v->end);
    put(list, number, strlen(number));
  }
  if (v->tag == POSTIL_NO_TAG) return;
  assert_true(postil_doc_tag(doc, v->tag, &to));
  if (to.start == v->start) return;
  snprintf(number, sizeof number, "->%zu", to.start);
  put(list, number, strlen(number));
}

/* label[start-end] attr=value@place ...; one tag a line.  Ids are no part of it. */
static void list_doc(const postil_doc *doc, listing *list) {
  static postil_tag tags[4096];
  static postil_fault faults[4096];
  char buf[256];
  size_t n = postil_doc_tags(doc, 0, SIZE_MAX, tags, PST_COUNT(tags));
  list->n = 0;
  list->at[0] = '\0';
  assert_true(n <= PST_COUNT(tags));
  for (size_t i = 0; i < n; i++) {
    const char *name;
    postil_value v;
    snprintf(buf, sizeof buf, "%s%.*s[%zu-%zu]", postil_rules_label(doc->rules, tags[i].label),
             (int)tags[i].depth, "''''", tags[i].start, tags[i].end);
    put(list, buf, strlen(buf));
    for (size_t k = 0; postil_tag_attr_at(doc, tags[i].id, k, &name, &v); k++)
      put_value(doc, list, name, &v);
    size_t len = postil_tag_name(doc, tags[i].id, buf, sizeof buf);
    put(list, " (", 2);
    put(list, buf, len < sizeof buf ? len : sizeof buf);
    put(list, ")\n", 2);
  }
  n = postil_doc_faults(doc, 0, SIZE_MAX, faults, PST_COUNT(faults));
  for (size_t i = 0; i < n && i < PST_COUNT(faults); i++) {
    snprintf(buf, sizeof buf, "! %s[%zu-%zu]\n", faults[i].name, faults[i].start, faults[i].end);
    put(list, buf, strlen(buf));
  }
}

/* Runs all and lists; a NULL document is made of the text. */
static void tag_text(const postil_rules *rules, const char *text, listing *list) {
  postil_doc *doc;
  bool done;
  assert_int_equal(postil_doc_new(rules, text, strlen(text), NULL, &doc, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, &done, NULL), POSTIL_OK);
  assert_true(done);
  list_doc(doc, list);
  postil_doc_free(doc);
}

static void expect(const postil_rules *rules, const char *text, const char *wanted) {
  static listing list;
  tag_text(rules, text, &list);
  assert_string_equal(list.at, wanted);
}

/* A set with every verb: persons with titles, aliases, pronouns, sieves, blocks, markup. */
static postil_status add_names(postil_rules *r) {
  static const char *const titles[] = {"President", "Dr", "minister"};
  postil_set family[] = {
      {"family", POSTIL_SET_HOOK, {POSTIL_NIL, NULL, 0, 0, 0, 0, 0}, NULL, NULL, 0, HOOK_FAMILY},
      {"gender", POSTIL_SET_VALUE, {POSTIL_STRING, "m", 1, 0, 0, 0, 0}, NULL, NULL, 0, 0}};
  postil_pair iso = {"is", {POSTIL_STRING, "FR", 2, 0, 0, 0, 0}};
  postil_set man = family[1], woman = family[1];
  uint32_t index;
  woman.value.text = "f";
  postil_rule title = rule_of(POSTIL_TAG, "_title", NULL),
              person = rule_of(POSTIL_TAG, "person", NULL);
  postil_rule country = rule_of(POSTIL_TAG, "country", NULL), he = rule_of(POSTIL_TAG, "_he", NULL);
  postil_rule keep = rule_of(POSTIL_TAG, "ship", NULL);
  postil_status s = postil_rules_add(r, &title, &index, NULL);
  for (size_t i = 0; i < PST_COUNT(titles) && !s; i++)
    s = postil_rules_term(r, index, titles[i], strlen(titles[i]), NULL, 0, NULL);
  if (!s) s = postil_rules_add(r, &country, &index, NULL);
  if (!s) s = postil_rules_term(r, index, "France", 6, &iso, 1, NULL);
  if (!s) s = postil_rules_term(r, index, "New France", 10, NULL, 0, NULL);
  person.set = family;
  person.nsets = 2;
  if (!s) s = add_full(r, &person, "title:<_title>? [name:<cap>{2,3}]");
  person.set = &woman;
  person.nsets = 1;
  if (!s) s = add_full(r, &person, "[Ada] <para>");
  he.set = &man;
  he.nsets = 1;
  if (!s) s = add_full(r, &he, "he");
  he.set = &woman;
  if (!s) s = add_full(r, &he, "she");
  keep.keep = HOOK_KEEP_LONG;
  if (!s) s = add_full(r, &keep, "the [<cap>] sailed");
  return s;
}

static postil_status add_rest(postil_rules *r) {
  postil_quotes quotes = {"en", "_cue", "_he", true};
  postil_rule same = rule_of(POSTIL_ALIAS, "person", NULL),
              block = rule_of(POSTIL_BLOCK, "teaser", NULL);
  postil_rule head = rule_of(POSTIL_BLOCK, "headline", NULL);
  postil_status s = add(r, POSTIL_TAG, "_cue", "said|told|asked");
  same.same = "family";
  same.nest = true;
  block.lines = 2;
  head.at = "first line";
  if (!s) s = add(r, POSTIL_TAG, "markup", "/<[a-z]+>/");
  if (!s) s = add(r, POSTIL_VETO, "person", "Cold War|<country>");
  if (!s) s = add(r, POSTIL_PIN, "person", "the king");
  if (!s) s = add(r, POSTIL_TAG, "pair", "<para> before:<person> and [<cap>]");
  if (!s) s = add(r, POSTIL_TAG, "heir", "last:<person> <para> [<cap>]");
  if (!s) s = add(r, POSTIL_ALIAS, "person", "(Mr|Dr)? [=family]");
  if (!s) s = add(r, POSTIL_ALIAS, "person", "who:<person> <para> old [=family]");
  if (!s) s = add_full(r, &same, "the family:<cap> man");
  if (!s) s = add(r, POSTIL_AMEND, "quote", "[<quote>] ,? cue:<_cue> speaker:<person|_he>");
  if (!s) s = add(r, POSTIL_AMEND, "quote", "[<quote>] ,? speaker:<person|_he> cue:<_cue>");
  if (!s)
    s = add(r, POSTIL_AMEND, "quote",
            "<quote speaker> speaker:<_he|person> <_cue> (.|,) [<quote>]");
  if (!s) s = add(r, POSTIL_AMEND, "quote", "speaker:<person> cue:<_cue> ... : <para> [<quote>]");
  if (!s) s = add(r, POSTIL_AMEND, "person", "[<person>] <para> next:<person>");
  if (!s) s = add_full(r, &block, "^ read more : $");
  if (!s) s = postil_rules_add(r, &head, NULL, NULL);
  if (!s) s = postil_rules_ignore(r, "teaser|markup", NULL);
  if (!s) s = postil_rules_quotes(r, &quotes, NULL);
  return s;
}

/* NULL when memory runs out. */
static postil_rules *all_verbs(const postil_mem *mem, host *h) {
  postil_rules *r;
  if (postil_rules_new(mem, &r, NULL)) return NULL;
  postil_rules_set_hook(r, answer, h);
  postil_status s = add_names(r);
  if (!s) s = add_rest(r);
  postil_err err;
  if (!s) s = postil_rules_seal(r, &err);
  if (!s) return r;
  assert_int_equal(s, POSTIL_ENOMEM);
  postil_rules_free(r);
  return NULL;
}

/* Pieces that a soup of news is made of. */
static const char *const soup[] = {"Dr Pia Mohn",
                                   "Ole Brand",
                                   "Mohn",
                                   "Brand",
                                   "Mr Brand",
                                   "the Brand man",
                                   "he said",
                                   "she said",
                                   "said",
                                   "told",
                                   "asked Ole Brand",
                                   "“",
                                   "”",
                                   "\"",
                                   "‘",
                                   "’",
                                   "\n\n",
                                   "\n\n",
                                   "\n",
                                   ". ",
                                   ", ",
                                   ": ",
                                   "?\" ",
                                   "! ",
                                   "he",
                                   "she",
                                   "Ada",
                                   "Ada\n\n",
                                   "Cold War",
                                   "New France",
                                   "France",
                                   "the king",
                                   "the Merrimack sailed",
                                   "the Bo sailed",
                                   "<b>",
                                   "<i>",
                                   "read more:\n",
                                   "Read more:\n\n",
                                   "\xc2\xad",
                                   "e\xcc\x81t\xc3\xa9",
                                   "\xff",
                                   "\xe2\x80",
                                   "\xef\xac\x81",
                                   "and Tom",
                                   "Pia\nMohn",
                                   "Pia<b> Mohn",
                                   "word",
                                   "it rained",
                                   "—",
                                   "'s",
                                   "(",
                                   ")"};

static char *make_soup(uint64_t *seed, size_t pieces, size_t *len) {
  char *text = malloc(pieces * 24 + 1);
  assert_non_null(text);
  *len = 0;
  for (size_t i = 0; i < pieces; i++) {
    const char *piece = soup[support_below(seed, PST_COUNT(soup))];
    memcpy(text + *len, piece, strlen(piece));
    *len += strlen(piece);
    if (support_below(seed, 4)) text[(*len)++] = ' ';
  }
  text[*len] = '\0';
  return text;
}

/* Both ends of every span lie on code point boundaries. */
static void check_span(const char *text, size_t len, size_t start, size_t end) {
  assert_true(start <= end && end <= len);
  assert_int_equal(pst_utf8_floor(text, len, start), start);
  assert_int_equal(pst_utf8_floor(text, len, end), end);
}

/* postil_tag_attrs has what postil_tag_attr_at has, with little room the first ones of it. */
static void check_attrs(const postil_doc *doc, uint64_t id) {
  postil_pair pair[32];
  const char *name;
  postil_value v;
  size_t n = postil_tag_attrs(doc, id, NULL, 0);
  assert_true(n <= PST_COUNT(pair));
  for (size_t room = 1; room <= n; room++) {
    assert_int_equal(postil_tag_attrs(doc, id, pair, room), n);
    for (size_t i = 0; i < room; i++) {
      assert_true(postil_tag_attr_at(doc, id, i, &name, &v));
      assert_ptr_equal(pair[i].name, name);
      assert_int_equal(pair[i].value.type, v.type);
      assert_ptr_equal(pair[i].value.text, v.text);
      assert_int_equal(pair[i].value.len, v.len);
      assert_true(pair[i].value.number == v.number);
      assert_int_equal(pair[i].value.start, v.start);
      assert_int_equal(pair[i].value.end, v.end);
      assert_int_equal(pair[i].value.tag, v.tag);
    }
  }
  assert_false(postil_tag_attr_at(doc, id, n, &name, &v));
}

static void check_spans(const postil_doc *doc) {
  static postil_tag tags[4096];
  size_t len, n = postil_doc_tags(doc, 0, SIZE_MAX, tags, PST_COUNT(tags));
  const char *text = postil_doc_text(doc, &len);
  for (size_t i = 0; i < n && i < PST_COUNT(tags); i++) {
    const char *name;
    postil_value v;
    postil_tag again;
    size_t start, end;
    check_span(text, len, tags[i].start, tags[i].end);
    assert_true(i == 0 || tags[i - 1].start <= tags[i].start);
    assert_true(postil_doc_tag(doc, tags[i].id, &again));
    assert_int_equal(again.start, tags[i].start);
    check_attrs(doc, tags[i].id);
    for (size_t k = 0; postil_tag_attr_at(doc, tags[i].id, k, &name, &v); k++)
      if (v.end > v.start) check_span(text, len, v.start, v.end);
    for (size_t k = 0; postil_tag_part(doc, tags[i].id, k, &start, &end); k++)
      check_span(text, len, start, end);
  }
}

static postil_doc *new_doc(const postil_rules *rules, const char *text, size_t len) {
  postil_doc *doc;
  assert_int_equal(postil_doc_new(rules, text, len, NULL, &doc, NULL), POSTIL_OK);
  return doc;
}

/* The same text in one batch and in small ones. */
static void same_in_pieces(const postil_rules *rules, const char *text, size_t bytes) {
  static listing whole, pieces;
  postil_doc *a = new_doc(rules, text, strlen(text)), *b = new_doc(rules, text, strlen(text));
  bool done = false;
  assert_int_equal(postil_doc_run(a, SIZE_MAX, NULL, NULL), POSTIL_OK);
  b->batch = bytes;
  while (!done) assert_int_equal(postil_doc_run(b, 1, &done, NULL), POSTIL_OK);
  list_doc(a, &whole);
  list_doc(b, &pieces);
  assert_string_equal(pieces.at, whole.at);
  postil_doc_free(a);
  postil_doc_free(b);
}

/* What is carried far: a speaker through many parts, a quotation around a teaser, aliases that must not
 * see aliases. */
static void test_far(void **state) {
  host h = {0, 0};
  postil_rules *rules = all_verbs(NULL, &h);
  postil_doc *doc;
  postil_tag tag;
  postil_value who;
  (void)state;
  const char *parts =
      "Top\n\nOle Brand said this:\n\n“One.\n\n“Two.\n\n“Three.\n\n“Four.\n\n“Five.\n\n“Six,” he "
      "said. “Seven.”";
  const char *teaser = "Top\n\n“One is here.\n\nread more:\nElse\n\n“Two is, too,” said Ole Brand.";
  same_in_pieces(rules, parts, 1);
  same_in_pieces(rules, teaser, 1);
  same_in_pieces(rules, "Top\n\nOle Brand\n\nold Brand\n\nold Brand\n\nsee Brand\n\nold Brand", 1);
  same_in_pieces(
      rules,
      "Top\n\nOle Brand said this:\n\n“One.”\n\n“Two.”\n\n“Three.”\n\n“Four.”\n\n“Five.”\n\n"
      "“Six.”\n\n“Seven.”\n\n“Eight.”\n\n“Nine.”",
      1);
  doc = new_doc(rules, parts, strlen(parts));
  doc->batch = 1;
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  size_t last = strlen(parts) - strlen("“Seven.”");
  assert_int_equal(postil_doc_tags(doc, last, last + 1, &tag, 1), 1);
  assert_true(postil_tag_attr(doc, tag.id, "speaker", &who));
  assert_int_equal(who.len, 9);
  assert_memory_equal(who.text, "Ole Brand", 9);
  postil_doc_free(doc);
  doc = new_doc(rules, teaser, strlen(teaser));
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_tags(doc, 5, 6, &tag, 1), 1);
  assert_int_equal(postil_doc_tags(doc, 50, 51, &tag, 1), 1); /* from inside the second part */
  assert_int_equal(tag.start, 5);
  assert_int_equal(tag.end, strlen(teaser) - strlen(" said Ole Brand."));
  postil_doc_free(doc);
  postil_rules_free(rules);
}

/* Whether short mentions agree does not hang on what those before them have come to mean. */
static void test_agree(void **state) {
  postil_rules *rules = open_rules(NULL);
  postil_set m = {"gender", POSTIL_SET_VALUE, {POSTIL_STRING, "m", 1, 0, 0, 0, 0}, NULL, NULL, 0,
                  0},
             f = m;
  postil_rule rule = rule_of(POSTIL_TAG, "person", NULL);
  const char *text = "Dr Rau came.\n\nMr Rau left.\n\nIda Rau stayed.";
  (void)state;
  f.value.text = "f";
  rule.nsets = 1;
  rule.set = &m;
  add_full(rules, &rule, "Mr [Rau]");
  rule.set = &f;
  add_full(rules, &rule, "Ida family:Rau");
  add(rules, POSTIL_TAG, "person", "Dr [alone:Rau]");
  add(rules, POSTIL_ALIAS, "person", "[=family]");
  add(rules, POSTIL_ALIAS, "person", "[=alone]");
  seal(rules);
  expect(rules, text,
         "person[3-6] alone=Rau@3-6 (Ida Rau)\nperson[17-20] gender=m (Ida Rau)\n"
         "person[28-35] family=Rau@32-35 gender=f (Ida Rau)\n");
  same_in_pieces(rules, text, 1);
  postil_rules_free(rules);
}

/* However small the batches and the steps, the tags are the same. */
static void test_batches(void **state) {
  static listing whole, pieces;
  host h = {0, 0};
  postil_rules *rules = all_verbs(NULL, &h);
  uint64_t seed = 11;
  size_t tagged = 0;
  (void)state;
  for (int round = 0; round < 150; round++) {
    size_t len;
    char *text = make_soup(&seed, 20 + support_below(&seed, 150), &len);
    postil_doc *a = new_doc(rules, text, len), *b = new_doc(rules, text, len);
    bool done = false;
    assert_int_equal(postil_doc_run(a, SIZE_MAX, &done, NULL), POSTIL_OK);
    assert_true(done);
    b->batch = 1 + support_below(&seed, 3) * 40;
    for (done = false; !done;)
      assert_int_equal(postil_doc_run(b, 1 + support_below(&seed, 50), &done, NULL), POSTIL_OK);
    list_doc(a, &whole);
    list_doc(b, &pieces);
    if (strcmp(whole.at, pieces.at) != 0) print_message("round %d:\n%s\n----\n", round, text);
    assert_string_equal(pieces.at, whole.at);
    check_spans(a);
    tagged += whole.n;
    postil_doc_free(a);
    postil_doc_free(b);
    free(text);
  }
  assert_true(tagged > 50000);
  postil_rules_free(rules);
}

/* ---- Edits ---- */

/* An edit, made in a document that follows edits and in a copy of its text. */
typedef struct edited {
  postil_doc *doc;
  char *text;
  size_t len;
} edited;

static void edit_both(edited *e, size_t start, size_t old, const char *text, size_t len) {
  char *now = malloc(e->len - old + len + 1);
  assert_non_null(now);
  memcpy(now, e->text, start);
  memcpy(now + start, text, len);
  memcpy(now + start + len, e->text + start + old, e->len - start - old);
  e->len = e->len - old + len;
  now[e->len] = '\0';
  free(e->text);
  e->text = now;
  postil_status s;
  while ((s = postil_doc_edit(e->doc, start, old, text, len, NULL)) == POSTIL_ENOMEM) continue;
  assert_int_equal(s, POSTIL_OK);
}

/* Are places those of the text, in any order? */
static void check_places(const edited *e) {
  for (size_t k = 0; k < 12; k++) {
    size_t at = pst_utf8_floor(e->text, e->len, (e->len * 5 / 12 * k + k) % (e->len + 1)), back;
    pst_mark want = {0, {1, 1, 1, 1}, false};
    postil_place got;
    pst_mark_walk(&want, e->text, e->len, at);
    assert_int_equal(postil_doc_place(e->doc, at, &got, NULL), POSTIL_OK);
    assert_int_equal(got.line, want.place.line);
    assert_int_equal(got.byte, want.place.byte);
    assert_int_equal(got.utf16, want.place.utf16);
    assert_int_equal(
        postil_doc_offset(e->doc, got.line, got.utf16, POSTIL_UTF16, &back, NULL), POSTIL_OK);
    bool inside = at && at < e->len && e->text[at] == '\n' && e->text[at - 1] == '\r';
    assert_int_equal(back, at - inside);
  }
}

/* Is all as it is of the text when it is tagged afresh? */
static void check_edited(const edited *e) {
  static listing fresh, now;
  size_t len;
  const char *text = postil_doc_text(e->doc, &len);
  assert_int_equal(len, e->len);
  assert_memory_equal(text, e->text, len);
  postil_doc *doc = new_doc(e->doc->rules, e->text, e->len);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  list_doc(doc, &fresh);
  list_doc(e->doc, &now);
  postil_doc_free(doc);
  assert_string_equal(now.at, fresh.at);
  check_places(e);
}

static edited new_edited(const postil_rules *rules, const char *text, size_t len) {
  const postil_opts opts = {.edits = true};
  edited e = {NULL, malloc(len + 1), len};
  assert_non_null(e.text);
  memcpy(e.text, text, len + 1);
  assert_int_equal(postil_doc_new(rules, text, len, &opts, &e.doc, NULL), POSTIL_OK);
  return e;
}

static void free_edited(edited *e) {
  postil_doc_free(e->doc);
  free(e->text);
}

/* After random edits, with rules of all verbs, whole or in steps. */
static void test_edits(void **state) {
  host h = {0, 0};
  postil_rules *rules = all_verbs(NULL, &h);
  uint64_t seed = 23;
  (void)state;
  for (int round = 0; round < 60; round++) {
    size_t len;
    char *text = make_soup(&seed, 20 + support_below(&seed, 100), &len);
    edited e = new_edited(rules, text, len);
    e.doc->batch = 1 + support_below(&seed, 3) * 100;
    free(text);
    for (int step = 0; step < 40; step++) {
      size_t start = support_below(&seed, e.len + 1), old = support_below(&seed, 8);
      if (support_below(&seed, 10) == 0) old *= 20;
      if (old > e.len - start) old = e.len - start;
      text = make_soup(&seed, support_below(&seed, 3), &len);
      edit_both(&e, start, old, text, len);
      free(text);
      bool done = support_below(&seed, 5) == 0; /* several at once */
      if (done) continue;
      while (!done)
        assert_int_equal(postil_doc_run(e.doc, 1 + support_below(&seed, 99), &done, NULL),
                         POSTIL_OK);
      check_edited(&e);
    }
    free_edited(&e);
  }
  postil_rules_free(rules);
}

/* ---- Why ---- */

enum { WHYS = 512 };
typedef struct whys {
  postil_why at[WHYS];
  size_t n;
} whys;

static void keep_why(void *ud, const postil_why *why) {
  whys *list = ud;
  assert_true(list->n < WHYS);
  list->at[list->n++] = *why;
}

static size_t ask_why(postil_doc *doc, size_t at, whys *list) {
  list->n = 0;
  assert_int_equal(postil_doc_why(doc, at, NULL, keep_why, list, NULL), POSTIL_OK);
  return list->n;
}

/* A tag's entry; what a rule's pattern made was found by it again, and so was the speaker of a
 * quotation, or of its last part. */
static void check_tag_told(const postil_doc *doc, size_t at, const whys *list,
                           const postil_tag *tag) {
  const postil_why *found = NULL;
  size_t start = tag->start, end = tag->end;
  postil_value speaker;
  bool source = false;
  for (size_t i = 0; postil_tag_part(doc, tag->id, i, &start, &end);) i++;
  for (size_t i = 0; i < list->n; i++) {
    const postil_why *why = &list->at[i];
    bool same = why->who.start == tag->start && why->who.end == tag->end;
    if (why->kind == POSTIL_WHY_TAG && same && why->who.label == tag->label) found = why;
    bool last = why->who.start == start && why->who.end == end;
    source |= why->kind == POSTIL_WHY_SPEAKER && last;
    source |= why->kind == POSTIL_WHY_AMENDED && last && why->by.end > why->by.start;
  }
  assert_non_null(found);
  assert_int_equal(found->who.rule, tag->rule);
  if (tag->rule != POSTIL_NO_RULE) {
    const pst_rule *rule = &doc->rules->rule.at[tag->rule];
    if (rule->program.n && rule->verb != POSTIL_BLOCK)
      assert_int_equal(found->who.pattern, 0);
  } else if (at >= start && at < end) {
    assert_int_equal(source, postil_tag_attr(doc, tag->id, "speaker", &speaker));
  }
}

/* Why tells of exactly the tags at a place, innermost first, and finds again what made them. */
static void check_why(postil_doc *doc, size_t at) {
  static whys list;
  postil_tag tag[64];
  size_t n = postil_doc_tags(doc, at, at + 1, tag, PST_COUNT(tag)), told = 0;
  ask_why(doc, at, &list);
  for (size_t i = 0; i < list.n; i++) {
    told += list.at[i].kind == POSTIL_WHY_TAG;
    if (i) assert_true(list.at[i - 1].kind <= list.at[i].kind);
    if (i && list.at[i].kind == POSTIL_WHY_TAG)
      assert_true(list.at[i - 1].who.end - list.at[i - 1].who.start <=
                  list.at[i].who.end - list.at[i].who.start);
  }
  assert_int_equal(told, n);
  for (size_t i = 0; i < n; i++) check_tag_told(doc, at, &list, &tag[i]);
}

/* Asking why changes nothing, wherever, and what it says of tags is so, in any batches. */
static void test_why(void **state) {
  static listing before, after;
  uint64_t seed = 77;
  host h = {0, 0};
  postil_rules *rules = all_verbs(NULL, &h);
  (void)state;
  for (int round = 0; round < 400; round++) {
    size_t len;
    char *text = make_soup(&seed, 20 + support_below(&seed, 60), &len);
    postil_doc *doc = new_doc(rules, text, len);
    if (round % 2) doc->batch = 1 + support_below(&seed, 100);
    assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
    list_doc(doc, &before);
    for (int i = 0; i < 12; i++) check_why(doc, support_below(&seed, len));
    list_doc(doc, &after);
    assert_string_equal(after.at, before.at);
    postil_doc_free(doc);
    free(text);
  }
  postil_rules_free(rules);
}

/* ---- Memory ---- */

static const char *const story =
    "Big news from France\n\nDr Pia Mohn met Ole Brand in New France. “It is cold,” Mohn said. “And\n"
    "<b>wet</b>.” She left; the Brand man stayed.\n\n“We will go,” he said. “We must. The Cold War is over.\n\n"
    "read more:\nSomething Nice Here\n\n“And so on,” said Mr Brand.\n\nThen Pia\nMohn told us this:\n\n“I know.”\n\n"
    "“Do you?”\n\n“I do.\n\nAda\n\nand she said, “No.” the Merrimack sailed. the Bo sailed.";

/* In one batch or, with `ud`, in some. */
static postil_status work_all(const postil_mem *mem, void *ud) {
  host h = {0, 0};
  postil_rules *rules = all_verbs(mem, &h);
  postil_doc *doc = NULL;
  postil_place place;
  if (!rules) return POSTIL_ENOMEM;
  postil_status s = postil_doc_new(rules, story, strlen(story), NULL, &doc, NULL);
  if (!s && ud) doc->batch = 100;
  if (!s) s = postil_doc_run(doc, SIZE_MAX, NULL, NULL);
  if (!s) s = postil_doc_place(doc, 30, &place, NULL);
  static whys list;
  list.n = 0;
  if (!s) s = postil_doc_why(doc, (size_t)(strstr(story, "It is cold") - story), NULL, keep_why,
                             &list, NULL);
  postil_doc_free(doc);
  postil_rules_free(rules);
  return s;
}

static void test_fail_each(void **state) {
  (void)state;
  int many;
  assert_true(support_fail_each(work_all, NULL) > 300);
  assert_true(support_fail_each(work_all, &many) > 300);
}

static void fail_and_go_on(size_t batch) {
  static listing whole, again;
  for (size_t n = 1, last = 0; !last; n++) {
    support_mem heap = support_mem_new();
    postil_mem mem = support_mem_use(&heap);
    host h = {0, 0};
    postil_rules *rules = all_verbs(&mem, &h);
    postil_doc *doc;
    assert_int_equal(postil_doc_new(rules, story, strlen(story), NULL, &doc, NULL), POSTIL_OK);
    doc->batch = batch;
    if (n > 1) heap.fail_at = heap.asked + n - 1;
    postil_status s;
    bool done = false;
    while ((s = postil_doc_run(doc, SIZE_MAX, &done, NULL)) == POSTIL_ENOMEM) assert_false(done);
    assert_int_equal(s, POSTIL_OK);
    assert_true(done);
    last = n > 1 && !heap.failed;
    list_doc(doc, n == 1 ? &whole : &again);
    if (n > 1) assert_string_equal(again.at, whole.at);
    postil_doc_free(doc);
    postil_rules_free(rules);
    support_mem_done(&heap);
  }
}

/* An allocation that fails once: the run is called again, and the tags are the same. */
static void test_fail_and_go_on(void **state) {
  (void)state;
  fail_and_go_on(100);
  fail_and_go_on(SIZE_MAX);
}

/* The same of edits: what fails has changed nothing, and is done when it is asked for again. */
static void test_fail_edits(void **state) {
  static const struct {
    size_t start, old;
    const char *text;
  } list[] = {{25, 0, "x"}, {20, 2, " "}, {60, 0, "\n\nDr Ada Mohn stayed.\n\n"}, {10, 90, "“"}};
  size_t n = 1;
  (void)state;
  for (bool more = true; more; n++) {
    support_mem heap = support_mem_new();
    postil_mem mem = support_mem_use(&heap);
    host h = {0, 0};
    postil_rules *rules = all_verbs(&mem, &h);
    edited e = new_edited(rules, story, strlen(story));
    assert_int_equal(postil_doc_run(e.doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
    heap.fail_at = heap.asked + n;
    for (size_t i = 0; i < PST_COUNT(list); i++) {
      postil_status s;
      edit_both(&e, list[i].start, list[i].old, list[i].text, strlen(list[i].text));
      while ((s = postil_doc_run(e.doc, SIZE_MAX, NULL, NULL)) == POSTIL_ENOMEM) continue;
      assert_int_equal(s, POSTIL_OK);
    }
    more = heap.failed > 0;
    heap.fail_at = 0;
    check_edited(&e);
    free_edited(&e);
    postil_rules_free(rules);
    support_mem_done(&heap);
  }
  assert_true(n > 100);
}

/* ---- Hostile texts ---- */

static void test_bytes(void **state) {
  host h = {0, 0};
  postil_rules *rules = all_verbs(NULL, &h);
  uint64_t seed = 5;
  (void)state;
  for (int round = 0; round < 200; round++) {
    char text[400];
    size_t len = support_below(&seed, sizeof text);
    bool narrow = support_below(&seed, 2);
    for (size_t i = 0; i < len; i++) {
      size_t byte = narrow ? support_below(&seed, 6) : support_below(&seed, 256);
      text[i] = narrow ? "\n \"A\xe2.'"[byte] : (char)(unsigned char)byte;
    }
    postil_doc *doc;
    postil_status s = postil_doc_new(rules, text, len, NULL, &doc, NULL);
    if (s == POSTIL_ETEXT) continue;
    assert_int_equal(s, POSTIL_OK);
    if (round % 2) doc->batch = 1;
    assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
    check_spans(doc);
    postil_doc_free(doc);
  }
  postil_rules_free(rules);
}

static size_t cost_of(const postil_rules *rules, support_mem *heap, const char *piece,
                      size_t times) {
  size_t n = strlen(piece), before = heap->asked;
  char *text = malloc(n * times);
  assert_non_null(text);
  for (size_t i = 0; i < times; i++) memcpy(text + i * n, piece, n);
  postil_doc *doc = new_doc(rules, text, n * times);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  postil_doc_free(doc);
  free(text);
  return heap->asked - before;
}

/* Four times the text asks for at most six times the allocations. */
static void test_linear(void **state) {
  static const char *const piece[] = {"\"",     "“",
                                      "“‘a ",   "“Go,” he said. ",
                                      "\n\n",   "e\xcc\x81\xcc\xa7",
                                      "a ",     "Ole Brand ",
                                      "“x\n\n", "<b>",
                                      "A\n\n",  "Brand, Ole Brand. ",
                                      "( “ ",   "read more:\n"};
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  host h = {0, 0};
  postil_rules *rules = all_verbs(&mem, &h);
  (void)state;
  for (size_t i = 0; i < PST_COUNT(piece); i++) {
    size_t times = 8000 / strlen(piece[i]);
    size_t one = cost_of(rules, &heap, piece[i], times),
           four = cost_of(rules, &heap, piece[i], 4 * times);
    if (four > 6 * one) print_message("%s: %zu, %zu\n", piece[i], one, four);
    assert_true(four <= 6 * one);
  }
  postil_rules_free(rules);
  support_mem_done(&heap);
}

/* ---- Labels ---- */

/* A set of some rules, sealed: verb, label, pattern each. */
typedef struct line {
  postil_verb verb;
  const char *label, *pattern;
} line;

static postil_rules *lines_of(const line *lines, size_t n, const postil_quotes *quotes) {
  postil_rules *r = open_rules(NULL);
  for (size_t i = 0; i < n; i++)
    assert_int_equal(add(r, lines[i].verb, lines[i].label, lines[i].pattern), POSTIL_OK);
  if (quotes) assert_int_equal(postil_rules_quotes(r, quotes, NULL), POSTIL_OK);
  return r;
}

static void test_settled(void **state) {
  static const line lines[] = {{POSTIL_TAG, "pron", "us"},
                               {POSTIL_TAG, "country", "US"},
                               {POSTIL_TAG, "office", "prime minister"},
                               {POSTIL_TAG, "job", "minister"},
                               {POSTIL_PIN, "it", "minister of"},
                               {POSTIL_VETO, "office", "minister"},
                               {POSTIL_VETO, "it", "of"}};
  (void)state;
  postil_rules *r = lines_of(lines, 5, NULL);
  seal(r);
  expect(r, "US and us", "country[0-2] (US)\npron[7-9] (us)\n");
  expect(r, "The Prime\nMinister.", "office[4-18] (Prime Minister)\n");
  expect(r, "prime minister of", "it[6-17] (minister of)\n"); /* a pin beats the longer tag */
  postil_rules_free(r);
  r = lines_of(lines, PST_COUNT(lines), NULL);
  seal(r);
  expect(r, "prime minister", "job[6-14] (minister)\n");
  expect(r, "minister of", "it[0-11] (minister of)\n"); /* a pin cannot be vetoed */
  postil_rules_free(r);
}

static void test_contexts(void **state) {
  static const line lines[] = {{POSTIL_TAG, "zone", "(zone <word>{3})"}};
  postil_rules *r = lines_of(lines, 1, NULL);
  postil_rule rule = rule_of(POSTIL_TAG, "city", NULL);
  (void)state;
  rule.not_after = text_of("George|Denzel");
  rule.not_before = text_of("Post");
  assert_int_equal(add_full(r, &rule, "Washington"), POSTIL_OK);
  rule = rule_of(POSTIL_TAG, "near", NULL);
  rule.after = text_of("the old");
  rule.before = text_of("town|city");
  assert_int_equal(add_full(r, &rule, "<cap>"), POSTIL_OK);
  rule = rule_of(POSTIL_TAG, "in", NULL);
  rule.inside = "zone";
  rule.nest = true;
  assert_int_equal(add_full(r, &rule, "x"), POSTIL_OK);
  rule = rule_of(POSTIL_TAG, "out", NULL);
  rule.outside = "zone|city";
  assert_int_equal(add_full(r, &rule, "x"), POSTIL_OK);
  seal(r);
  expect(r, "Washington; George Washington; Washington Post; (Washington)",
         "city[0-10] (Washington)\ncity[49-59] (Washington)\n");
  expect(r, "the old Rome city, the Rome city, the old Rome road", "near[8-12] (Rome)\n");
  expect(r, "x zone a x b x",
         "out[0-1] (x)\nzone[2-12] (zone a x b)\nin[9-10] (x)\nout[13-14] (x)\n");
  postil_rules_free(r);
}

static void test_sets(void **state) {
  postil_pair signs[] = {{"$", {POSTIL_STRING, "USD", 3, 0, 0, 0, 0}},
                         {"mark", {POSTIL_NUMBER, NULL, 0, 7, 0, 0, 0}}};
  postil_set set[] = {
      {"currency", POSTIL_SET_MAP, {POSTIL_NIL, NULL, 0, 0, 0, 0, 0}, "cur", signs, 2, 0},
      {"both",
       POSTIL_SET_TEMPLATE,
       {POSTIL_STRING, "$cur:$amount$none US$", 21, 0, 0, 0, 0},
       NULL,
       NULL,
       0,
       0},
      {"is", POSTIL_SET_TEMPLATE, {POSTIL_STRING, "$$amount", 8, 0, 0, 0, 0}, NULL, NULL, 0, 0}};
  postil_rules *r = open_rules(NULL);
  postil_rule rule = rule_of(POSTIL_TAG, "money", NULL);
  (void)state;
  rule.set = set;
  rule.nsets = 3;
  assert_int_equal(add_full(r, &rule, "cur:(\\$|mark|£) none:%? amount:<num>"), POSTIL_OK);
  seal(r);
  expect(r, "$ 5, Mark 6.5; £7",
         "money[0-3] amount=5@2-3 both=$:5 US$ cur=$@0-1 currency=USD is=$5 ($5)\n"
         "money[5-13] amount=6.5@10-13 both=Mark:6.5 US$ cur=Mark@5-9 currency=7 is=$6.5 ($6.5)\n"
         "money[15-18] amount=7@17-18 both=£:7 US$ cur=£@15-17 is=$7 ($7)\n");
  postil_rules_free(r);
}

/* A hook that fails stops the run; the document can be run again or freed. */
static void test_hooks(void **state) {
  host h = {HOOK_NIL, 0};
  postil_set set = {"is", POSTIL_SET_HOOK, {POSTIL_NIL, NULL, 0, 0, 0, 0, 0}, NULL, NULL,
                    0,    HOOK_NIL};
  postil_rules *r = open_rules(NULL);
  postil_rule rule = rule_of(POSTIL_TAG, "ship", NULL);
  postil_err err;
  bool done = true;
  (void)state;
  postil_rules_set_hook(r, answer, &h);
  rule.keep = HOOK_KEEP_LONG;
  assert_int_equal(add_full(r, &rule, "the [<cap>]"), POSTIL_OK);
  rule = rule_of(POSTIL_TAG, "never", NULL);
  rule.set = &set;
  rule.nsets = 1;
  assert_int_equal(add_full(r, &rule, "never"), POSTIL_OK);
  seal(r);
  postil_doc *doc = new_doc(r, "the Bo, the Astra never", 23);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, &done, &err), POSTIL_EHOOK);
  assert_false(done);
  h.failing = 0;
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, &done, &err), POSTIL_OK);
  assert_true(done);
  static listing list;
  list_doc(doc, &list);
  assert_string_equal(list.at, "ship[12-17] (Astra)\n"); /* nil for `is` refuses */
  postil_doc_free(doc);
  set.hook = HOOK_PLACE;
  postil_rules_free(r);
  r = open_rules(NULL);
  postil_rules_set_hook(r, answer, &h);
  assert_int_equal(add_full(r, &rule, "never"), POSTIL_OK);
  seal(r);
  doc = new_doc(r, "never", 5);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, &done, &err), POSTIL_EUSE);
  postil_doc_free(doc);
  postil_rules_free(r);
}

/* ---- What reaches further ---- */

/* The nearest full mention before, else the first behind. */
static void test_alias(void **state) {
  static const line lines[] = {{POSTIL_TAG, "person", "(Pia|Ida) family:<cap>"},
                               {POSTIL_ALIAS, "person", "Mr [=family]"}};
  postil_rules *r = lines_of(lines, 2, NULL);
  (void)state;
  seal(r);
  expect(r, "then Mr Mohn. Pia Mohn x Mr Mohn x Ida Mohn x Mr Mohn x Mr Mohnson",
         "person[8-12] (Pia Mohn)\nperson[14-22] family=Mohn@18-22 (Pia Mohn)\n"
         "person[28-32] (Pia Mohn)\nperson[35-43] family=Mohn@39-43 (Ida Mohn)\n"
         "person[49-53] (Ida Mohn)\n");
  postil_rules_free(r);
}

static void test_sieves(void **state) {
  static const line lines[] = {
      {POSTIL_TAG, "_cue", "said|told"},
      {POSTIL_TAG, "person", "Ada|Bo|Cy"},
      {POSTIL_AMEND, "quote", "[<quote>] cue:<_cue> speaker:<person>"},
      {POSTIL_AMEND, "quote", "speaker:<person> ... [<quote>]"},
      {POSTIL_AMEND, "quote", "<quote speaker> speaker:<person> (.|,) [<quote>]"},
      {POSTIL_AMEND, "quote", "speaker:<person> : <para> [<quote>]"}};
  postil_quotes quotes = {"en", "_cue", NULL, true};
  postil_rules *r = lines_of(lines, PST_COUNT(lines), &quotes);
  (void)state;
  seal(r);
  /* the first sieve that fits; of one sieve the nearest start */
  expect(
      r, "Ada saw Bo: “It is so,” said Cy.",
      "person[0-3] (Ada)\nperson[8-10] (Bo)\nquote[12-27] cue=said@28-32 kind=direct speaker=Cy@33-35 "
      "(“It is so,”)\nperson[33-35] (Cy)\n");
  expect(
      r, "Ada saw Bo: “It is so.”",
      "person[0-3] (Ada)\nperson[8-10] (Bo)\nquote[12-27] kind=direct speaker=Bo@8-10 (“It is so.”)\n");
  expect(r, "Then Ada:\n\n“It is so.”",
         "person[5-8] (Ada)\nquote[11-26] kind=direct speaker=Ada@5-8 (“It is so.”)\n");
  postil_rules_free(r);
}

/* Two speak in turn; parts of one quotation are one tag, whose speaker may stand behind the last. */
static void test_structure(void **state) {
  static const line lines[] = {{POSTIL_TAG, "_cue", "said"},
                               {POSTIL_TAG, "person", "Ada|Bo"},
                               {POSTIL_AMEND, "quote", "[<quote>] cue:<_cue> speaker:<person>"}};
  postil_quotes quotes = {"en", "_cue", NULL, true};
  postil_rules *r = lines_of(lines, PST_COUNT(lines), &quotes);
  size_t start, end;
  (void)state;
  seal(r);
  const char *parts = "“One and one.\n\n“Two and two,” said Ada.";
  postil_doc *doc = new_doc(r, parts, strlen(parts));
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  postil_tag tag;
  postil_value who;
  assert_int_equal(postil_doc_tags(doc, 0, 1, &tag, 1), 1);
  assert_true(tag.start == 0 && tag.end == 35);
  assert_true(postil_tag_attr(doc, tag.id, "speaker", &who));
  assert_true(who.start == 41 && who.end == 44);
  assert_true(postil_tag_part(doc, tag.id, 0, &start, &end));
  assert_true(start == 0 && end == 15);
  assert_true(postil_tag_part(doc, tag.id, 1, &start, &end));
  assert_true(start == 17 && end == 35);
  assert_false(postil_tag_part(doc, tag.id, 2, &start, &end));
  assert_false(postil_tag_part(doc, POSTIL_NO_TAG, 1, &start, &end));
  assert_true(postil_tag_part(doc, tag.id, 1, &start, &end)); /* in any order */
  assert_true(start == 17 && end == 35);
  assert_true(postil_tag_part(doc, tag.id, 0, &start, &end));
  assert_true(start == 0 && end == 15);
  postil_doc_free(doc);
  postil_rules_free(r);
}

static void test_pronouns(void **state) {
  postil_set man = {"gender", POSTIL_SET_VALUE, {POSTIL_STRING, "m", 1, 0, 0, 0, 0}, NULL, NULL, 0,
                    0},
             woman = man;
  postil_quotes quotes = {"en", NULL, "_he", false};
  postil_rules *r = open_rules(NULL);
  (void)state;
  woman.value.text = "f";
  const struct {
    const char *label, *pattern;
    const postil_set *set;
  } row[] = {{"person", "Bo|Cy", &man},
             {"person", "Ada", &woman},
             {"_he", "he", &man},
             {"_he", "she", &woman}};
  for (size_t i = 0; i < PST_COUNT(row); i++) {
    postil_rule rule = rule_of(POSTIL_TAG, row[i].label, NULL);
    rule.set = row[i].set;
    rule.nsets = 1;
    assert_int_equal(add_full(r, &rule, row[i].pattern), POSTIL_OK);
  }
  assert_int_equal(add(r, POSTIL_AMEND, "quote", "[<quote>] speaker:<_he> said"), POSTIL_OK);
  assert_int_equal(postil_rules_quotes(r, &quotes, NULL), POSTIL_OK);
  seal(r);
  expect(r, "Bo saw Cy. Ada came.\n\n“It is so,” he said. “Is it,” she said.",
         "person[0-2] gender=m (Bo)\nperson[7-9] gender=m (Cy)\nperson[11-14] gender=f (Ada)\n"
         "quote[22-37] kind=direct speaker=Bo@38-40->0 (“It is so,”)\n"
         "quote[47-59] kind=direct speaker=Ada@60-63->11 (“Is it,”)\n");
  expect(r, "Ada came. “It is so,” he said.",
         "person[0-3] gender=f (Ada)\nquote[10-25] kind=direct speaker=@26-28 (“It is so,”)\n");
  postil_rules_free(r);
}

/* Blocks and markup are looked through, and offsets stay those of the text. */
static void test_ignored(void **state) {
  static const line lines[] = {{POSTIL_TAG, "person", "name:(<cap> <cap>)"},
                               {POSTIL_TAG, "markup", "/<[a-z]+>/"}};
  postil_rules *r = lines_of(lines, 2, NULL);
  postil_rule block = rule_of(POSTIL_BLOCK, "teaser", NULL);
  (void)state;
  block.lines = 2;
  assert_int_equal(add_full(r, &block, "^ read more : $"), POSTIL_OK);
  block = rule_of(POSTIL_BLOCK, "headline", NULL);
  block.at = "first line";
  assert_int_equal(add_full(r, &block, NULL), POSTIL_OK);
  assert_int_equal(postil_rules_ignore(r, "teaser|markup", NULL), POSTIL_OK);
  seal(r);
  expect(r, "Top Man wins\n\nPia <b>Mohn came.\n\nRead more:\nIda Rau\n\nOle\nBrand",
         "headline[0-12] (Top Man wins)\nperson[0-7] name=Top Man@0-7 (Top Man)\n"
         "person[14-25] name=Pia Mohn@14-25 (Pia Mohn)\nmarkup[18-21] (<b>)\n"
         "teaser[33-51] (Read more: Ida Rau)\nperson[53-62] name=Ole Brand@53-62 (Ole Brand)\n");
  postil_rules_free(r);
}

/* Helpers are dropped when nothing looks at them any more. */
static void test_notes_size(void **state) {
  static const line lines[] = {{POSTIL_TAG, "_word", "<word>"}, {POSTIL_TAG, "ship", "Astra"}};
  postil_rules *r = lines_of(lines, 2, NULL);
  (void)state;
  seal(r);
  postil_doc *doc = new_doc(r, "a b c d e f Astra\n\ng h", 22);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  assert_int_equal(pst_doc_para(doc, 0)->notes->n, 1);
  assert_null(pst_doc_para(doc, 1)->notes);
  postil_doc_free(doc);
  postil_rules_free(r);
}

/* A limit that a rule hits is a fault of that paragraph; the others are tagged. */
static void test_limit(void **state) {
  static char text[30000];
  static listing list;
  postil_rules *r = open_rules(NULL);
  postil_rule rule = rule_of(POSTIL_TAG, "deep", NULL);
  postil_fault fault[4];
  size_t n = 0;
  (void)state;
  rule.name = "mine/deep";
  assert_int_equal(add_full(r, &rule, "/(?:(?:a|b|ab)*)*c/"), POSTIL_OK);
  assert_int_equal(add(r, POSTIL_TAG, "ship", "Astra"), POSTIL_OK);
  seal(r);
  n += (size_t)snprintf(text, sizeof text, "Astra\n\n");
  for (int i = 0; i < 200; i++) n += (size_t)snprintf(text + n, sizeof text - n, "ab");
  n += (size_t)snprintf(text + n, sizeof text - n, " Astra\n\nabc");
  postil_doc *doc = new_doc(r, text, n);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_faults(doc, 0, SIZE_MAX, fault, 4), 1);
  assert_string_equal(fault[0].name, "too-complex");
  assert_string_equal(fault[0].words,
                      "the rule mine/deep takes too many steps here; it finds nothing");
  assert_int_equal(fault[0].start, 7);
  assert_int_equal(fault[0].end, 413);
  assert_int_equal(postil_doc_faults(doc, 0, 6, fault, 4), 0);
  assert_int_equal(postil_doc_faults(doc, 100, 101, fault, 4), 1);
  assert_int_equal(postil_doc_faults(doc, 414, SIZE_MAX, fault, 4), 0);
  list_doc(doc, &list);
  assert_string_equal(list.at,
                      "ship[0-5] (Astra)\nship[408-413] (Astra)\ndeep[415-418] (abc)\n"
                      "! too-complex[7-413]\n");
  postil_doc_free(doc);
  postil_rules_free(r);
}

/* A block rule that gives up says so at its line, and the other lines go on. */
static void test_block_limit(void **state) {
  static char text[3000];
  postil_rules *r = open_rules(NULL);
  postil_rule rule = rule_of(POSTIL_BLOCK, "teaser", NULL);
  postil_fault fault[4];
  size_t n = 0;
  (void)state;
  rule.name = "mine/teaser";
  assert_int_equal(add_full(r, &rule, "/(?:(?:a|b|ab)*)*c/"), POSTIL_OK);
  seal(r);
  n += (size_t)snprintf(text, sizeof text, "Astra\n\n");
  for (int i = 0; i < 200; i++) n += (size_t)snprintf(text + n, sizeof text - n, "ab");
  n += (size_t)snprintf(text + n, sizeof text - n, "\n\nabc");
  postil_doc *doc = new_doc(r, text, n);
  assert_int_equal(postil_doc_run(doc, SIZE_MAX, NULL, NULL), POSTIL_OK);
  assert_int_equal(postil_doc_faults(doc, 0, SIZE_MAX, fault, 4), 1);
  assert_string_equal(fault[0].name, "too-complex");
  assert_int_equal(fault[0].start, 7);
  assert_int_equal(fault[0].end, 407);
  postil_doc_free(doc);
  postil_rules_free(r);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_block_limit),
                                     cmocka_unit_test(test_settled),
                                     cmocka_unit_test(test_contexts),
                                     cmocka_unit_test(test_sets),
                                     cmocka_unit_test(test_hooks),
                                     cmocka_unit_test(test_alias),
                                     cmocka_unit_test(test_sieves),
                                     cmocka_unit_test(test_structure),
                                     cmocka_unit_test(test_pronouns),
                                     cmocka_unit_test(test_ignored),
                                     cmocka_unit_test(test_notes_size),
                                     cmocka_unit_test(test_limit),
                                     cmocka_unit_test(test_far),
                                     cmocka_unit_test(test_agree),
                                     cmocka_unit_test(test_batches),
                                     cmocka_unit_test(test_edits),
                                     cmocka_unit_test(test_why),
                                     cmocka_unit_test(test_fail_each),
                                     cmocka_unit_test(test_fail_and_go_on),
                                     cmocka_unit_test(test_fail_edits),
                                     cmocka_unit_test(test_bytes),
                                     cmocka_unit_test(test_linear)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
