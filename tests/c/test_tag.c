/* test_tag.c - settling overlaps, and packed notes. */
#include "support.h"

#include "../../core/tag.h"

enum { CAND = 8 };

static pst_wtag tag_at(size_t start, size_t stop, uint16_t label) {
  pst_wtag t;
  memset(&t, 0, sizeof t);
  t.start = start;
  t.stop = stop;
  t.first = t.wfirst = (uint32_t)start;
  t.end = t.wend = (uint32_t)stop;
  t.label = label;
  t.attr = t.id = t.same.para = t.same.tag = PST_NONE;
  return t;
}

static void add_tag(pst_window *w, pst_wtag t) { assert_true(PST_PUSH(&w->mem, &w->tag, t)); }

/* Settles all tags of the window; which live, by place. */
static size_t settle(pst_window *w, uint32_t *tags, bool merge) {
  size_t n = w->tag.n;
  for (size_t i = 0; i < n; i++) tags[i] = (uint32_t)i;
  assert_true(pst_tag_settle(w, tags, &n, merge));
  return n;
}

static pst_window window(support_mem *heap) {
  pst_window w;
  postil_mem mem = support_mem_use(heap);
  pst_window_init(&w, &mem, "");
  return w;
}

/* Each criterion decides against all that come behind it. */
static void test_order(void **state) {
  (void)state;
  for (int criterion = 0; criterion < 6; criterion++) {
    pst_wtag a = tag_at(10, 20, 1), b = tag_at(15, 25, 1);
    a.rule = b.rule = 3;
    if (criterion < 5) b.start = 9, b.stop = 19; /* leftmost is for b */
    if (criterion < 4) a.rule = 2, b.rule = 3;
    if (criterion == 4) a.rule = 2;
    if (criterion < 4) b.rule = 1;
    if (criterion == 3) a.caps = 2, b.caps = 1;
    if (criterion < 3) b.caps = 9;
    if (criterion == 2) a.stop = 30;
    if (criterion < 2) b.stop = 40;
    if (criterion == 1) a.prio = 1;
    if (criterion < 1) b.prio = 5, a.flags = PST_TAG_PIN;
    assert_int_equal(pst_tag_stronger(&a, &b), -1);
    assert_int_equal(pst_tag_stronger(&b, &a), 1);
    assert_int_equal(pst_tag_stronger(&a, &a), 0);
  }
}

static void test_settle(void **state) {
  support_mem heap = support_mem_new();
  pst_window w = window(&heap);
  uint32_t live[CAND];
  (void)state;
  add_tag(&w, tag_at(0, 10, 1));
  add_tag(&w, tag_at(8, 20, 1));  /* longer: 0 dies */
  add_tag(&w, tag_at(20, 22, 1)); /* touches only */
  add_tag(&w, tag_at(30, 40, 1));
  pst_wtag inner = tag_at(32, 35, 2);
  inner.flags = PST_TAG_NEST;
  add_tag(&w, inner);
  pst_wtag across = tag_at(38, 43, 2); /* nest does not allow a partial overlap */
  across.flags = PST_TAG_NEST;
  add_tag(&w, across);
  assert_int_equal(settle(&w, live, false), 4);
  const uint32_t wanted[] = {1, 2, 3, 4};
  assert_memory_equal(live, wanted, sizeof wanted);
  assert_true(w.tag.at[0].flags & PST_TAG_DEAD);
  assert_true(w.tag.at[5].flags & PST_TAG_DEAD);
  pst_window_free(&w);
  support_mem_done(&heap);
}

static void set_number(pst_window *w, uint32_t tag, uint16_t name, double number) {
  pst_attr a;
  memset(&a, 0, sizeof a);
  a.name = name;
  a.type = POSTIL_NUMBER;
  a.as.number = number;
  assert_true(pst_window_set(w, tag, a));
}

/* Same core, same label: one tag, the stronger one's attributes first.  Another label is another tag. */
static void test_merge(void **state) {
  support_mem heap = support_mem_new();
  pst_window w = window(&heap);
  uint32_t live[CAND];
  (void)state;
  pst_wtag weak = tag_at(5, 9, 1);
  weak.rule = 4;
  weak.wfirst = 2;
  add_tag(&w, weak);
  add_tag(&w, tag_at(5, 9, 1));
  pst_wtag other = tag_at(5, 9, 2);
  other.rule = 2;
  add_tag(&w, other);
  set_number(&w, 0, 7, 1);
  set_number(&w, 0, 8, 2);
  set_number(&w, 1, 7, 3);
  assert_int_equal(settle(&w, live, true), 1);
  assert_int_equal(live[0], 1);
  assert_int_equal(w.tag.at[1].wfirst, 2);
  assert_true(pst_window_attr(&w, &w.tag.at[1], 7)->as.number == 3);
  assert_true(pst_window_attr(&w, &w.tag.at[1], 8)->as.number == 2);
  assert_null(pst_window_attr(&w, &w.tag.at[1], 9));
  set_number(&w, 1, 8, 5); /* replaces */
  assert_true(pst_window_attr(&w, &w.tag.at[1], 8)->as.number == 5);
  pst_window_free(&w);
  support_mem_done(&heap);
}

/* The slow twin: strongest first, each against all that live. */
static size_t settle_slowly(const pst_wtag *tags, size_t n, bool *lives) {
  bool done[64] = {false};
  size_t living = 0;
  memset(lives, 0, n * sizeof *lives);
  for (size_t round = 0; round < n; round++) {
    size_t best = n;
    for (size_t i = 0; i < n; i++)
      if (!done[i] && (best == n || pst_tag_stronger(&tags[i], &tags[best]) < 0)) best = i;
    done[best] = lives[best] = true;
    for (size_t i = 0; i < n && lives[best]; i++) {
      const pst_wtag *a = &tags[best], *b = &tags[i];
      if (i == best || !lives[i] || a->stop <= b->start || b->stop <= a->start) continue;
      bool equal = a->start == b->start && a->stop == b->stop;
      bool holds = (a->start <= b->start && a->stop >= b->stop) ||
                   (b->start <= a->start && b->stop >= a->stop);
      if (equal || !holds || !((a->flags | b->flags) & PST_TAG_NEST)) lives[best] = false;
    }
    living += lives[best];
  }
  return living;
}

static void test_settle_twin(void **state) {
  uint64_t seed = 3;
  (void)state;
  for (int round = 0; round < 3000; round++) {
    support_mem heap = support_mem_new();
    pst_window w = window(&heap);
    uint32_t live[64];
    bool lives[64];
    size_t n = 2 + support_below(&seed, 40), nesting = support_below(&seed, 3);
    for (size_t i = 0; i < n; i++) {
      size_t start = support_below(&seed, 60);
      pst_wtag t = tag_at(start, start + 1 + support_below(&seed, 9), 1);
      t.rule = (uint32_t)support_below(&seed, 4);
      t.prio = support_below(&seed, 6) == 0;
      if (nesting && support_below(&seed, 3) < nesting) t.flags = PST_TAG_NEST;
      add_tag(&w, t);
    }
    size_t wanted = settle_slowly(w.tag.at, n, lives), living = settle(&w, live, false);
    assert_int_equal(living, wanted);
    for (size_t i = 0; i < living; i++) {
      assert_true(lives[live[i]]);
      assert_true(i == 0 || w.tag.at[live[i - 1]].start <= w.tag.at[live[i]].start);
    }
    pst_window_free(&w);
    support_mem_done(&heap);
  }
}

/* ---- Notes ---- */

static const char text[] = "  Dr Pia Mohn,\nof  Bonn.";

/* A window of one paragraph, without tags. */
static bool open_text(pst_window *w, const postil_mem *mem, const pst_lexicon *lex) {
  pst_span span = {2, sizeof text - 1};
  pst_wpara para = {.first = 1, .start = span.start, .stop = span.end, .index = 7, .id = 7};
  pst_window_init(w, mem, text);
  pst_window_reset(w, span.start);
  if (!pst_view_add(&w->view, mem, text + span.start, span)) return false;
  if (!pst_words_add(&w->words, mem, lex, w->view.bytes.at, 0, w->view.bytes.n, NULL)) return false;
  para.end = (uint32_t)(w->words.item.n - 1);
  return PST_PUSH(mem, &w->para, para) && pst_window_ready(w);
}

/* "Pia Mohn" with its title wide, a string, a number and links; "Bonn", which it links to; a helper. */
static bool fill_text(pst_window *w) {
  pst_wtag person = tag_at(5, 13, 3), town = tag_at(19, 23, 4), helper = tag_at(2, 4, 5);
  pst_attr a;
  memset(&a, 0, sizeof a);
  if (!pst_window_items(w, &w->para.at[0], 5, 13, &person.first, &person.end)) return false;
  person.wfirst = 1;
  person.wend = person.end;
  if (!pst_window_items(w, &w->para.at[0], 19, 23, &town.first, &town.end)) return false;
  town.wfirst = town.first, town.wend = town.end;
  helper.first = helper.wfirst = 1, helper.end = helper.wend = 2;
  helper.flags = PST_TAG_HELPER;
  person.same.para = 1, person.same.tag = 2;
  if (!PST_PUSH(&w->mem, &w->tag, town) || !PST_PUSH(&w->mem, &w->tag, person) ||
      !PST_PUSH(&w->mem, &w->tag, helper))
    return false;
  a.name = 9;
  a.type = POSTIL_PLACE;
  a.link = PST_LINK_WINDOW;
  a.ref.para = PST_NONE;
  a.start = 19, a.end = 23;
  if (!pst_window_words(w, town.first, town.end, &a.as.text.at, &a.as.text.len)) return false;
  if (!pst_window_set(w, 1, a)) return false;
  a.name = 8; /* a place in a paragraph that is not here */
  a.link = PST_LINK_DOC;
  a.ref.para = 2, a.ref.tag = 4;
  a.where = 1 + 2;
  a.start = 40, a.end = 44;
  if (!pst_window_set(w, 1, a)) return false;
  memset(&a, 0, sizeof a);
  a.name = 2;
  a.type = POSTIL_NUMBER;
  a.as.number = 2.5;
  return pst_window_set(w, 1, a);
}

static bool pack_one(pst_window *w, pst_notes **notes) {
  uint32_t next = 0;
  *notes = NULL;
  return pst_window_order(w) && pst_notes_number(w, 0, &next) && pst_notes_pack(w, 0, notes);
}

static void check_notes(const pst_notes *notes, bool helpers) {
  assert_int_equal(notes->n, helpers ? 3 : 2);
  const pst_note *person = pst_notes_find(notes, 1), *town = pst_notes_find(notes, 2);
  assert_int_equal(pst_notes_find(notes, 0) != NULL, helpers);
  assert_null(pst_notes_find(notes, 3));
  assert_non_null(person);
  assert_non_null(town);
  assert_int_equal(town->start, 17);
  assert_int_equal(town->end, 21);
  assert_int_equal(person->start, 3);
  assert_int_equal(person->end, 11);
  assert_int_equal(pst_note_same(notes, person).para, 1);
  assert_int_equal(pst_note_same(notes, town).para, PST_NONE);
  assert_int_equal(person->nattrs, 3);
  assert_null(pst_notes_attr(notes, person, 7));
  const pst_note_attr *link = pst_notes_attr(notes, person, 9),
                      *far = pst_notes_attr(notes, person, 8);
  const pst_note_place *there = pst_note_place_of(notes, link);
  assert_int_equal(there->where, 7);
  assert_int_equal(there->start, 17);
  assert_int_equal(there->ref.para, 7);
  assert_int_equal(there->ref.tag, 2);
  assert_int_equal(pst_note_text(notes, link).len, 4);
  assert_memory_equal(pst_note_text(notes, link).at, "Bonn", 4);
  there = pst_note_place_of(notes, far);
  assert_int_equal(there->where, 2);
  assert_int_equal(there->start, 40);
  assert_int_equal(there->ref.tag, 4);
  assert_true(pst_notes_attr(notes, person, 2)->as.number == 2.5);
}

/* Packs, loads into a new window, packs again, trims. */
static postil_status round_trip(const postil_mem *mem, void *ud) {
  const uint8_t of_label[8] = {0};
  const pst_keep keep = {of_label, 1};
  pst_window w, v;
  pst_notes *notes = NULL, *again = NULL, *trimmed = NULL;
  pst_lexicon *lex = pst_lexicon_new(mem);
  (void)ud;
  memset(&w, 0, sizeof w);
  memset(&v, 0, sizeof v);
  w.mem = v.mem = *mem;
  bool ok = lex && open_text(&w, mem, lex) && fill_text(&w) && pack_one(&w, &notes);
  if (ok) check_notes(notes, true);
  ok = ok && open_text(&v, mem, lex) && pst_notes_load(&v, 0, notes) && pack_one(&v, &again);
  if (ok) check_notes(again, true);
  if (ok) assert_true(v.head.at[1] != PST_NONE); /* the person's wide start */
  ok = ok && pst_notes_trim(mem, again, &keep, &trimmed);
  if (ok) check_notes(trimmed, false);
  pst_notes_free(mem, notes);
  if (trimmed != again) pst_notes_free(mem, trimmed);
  pst_notes_free(mem, again);
  pst_window_free(&w);
  pst_window_free(&v);
  pst_lexicon_free(lex);
  return ok ? POSTIL_OK : POSTIL_ENOMEM;
}

static void test_notes(void **state) {
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  (void)state;
  assert_int_equal(round_trip(&mem, NULL), POSTIL_OK);
  support_mem_done(&heap);
}

static void test_notes_fail(void **state) {
  (void)state;
  assert_true(support_fail_each(round_trip, NULL) > 10);
}

static void test_names(void **state) {
  support_mem heap = support_mem_new();
  postil_mem mem = support_mem_use(&heap);
  pst_names names = {NULL, 0, 0};
  (void)state;
  assert_int_equal(pst_names_add(&names, &mem, "one", 3), 0);
  assert_int_equal(pst_names_add(&names, &mem, "only", 2), 1);
  assert_int_equal(pst_names_add(&names, &mem, "one", 3), 0);
  assert_int_equal(pst_names_find(&names, "on", 2), 1);
  assert_int_equal(pst_names_find(&names, "only", 4), PST_NONE);
  pst_names_free(&names, &mem);
  support_mem_done(&heap);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_names),       cmocka_unit_test(test_order),
      cmocka_unit_test(test_settle),      cmocka_unit_test(test_merge),
      cmocka_unit_test(test_settle_twin), cmocka_unit_test(test_notes),
      cmocka_unit_test(test_notes_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
