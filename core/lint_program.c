/* lint_program.c - one pattern: where it may begin, and choices that are never taken; see lint.h.
 *
 * A choice is looked for in the instructions, as pattern.c writes it: SPLIT over the first way, which
 * ends with a JUMP behind the last.  One way takes all that a later one would when its instructions
 * do, one by one.  When the pattern ends there, it is enough that it does so with the first of them:
 * the first way through counts, and that is it.
 */
#include "lint.h"

enum { FEW_BYTES = 12 }; /* a regex that begins with one of so many characters is started rarely */

/* ---- Where it may begin ---- */

static unsigned first_bytes(const pst_program *p) {
  unsigned n = 0;
  for (unsigned b = 0; b < 256; b++) n += p->first[b / 8] >> b % 8 & 1;
  return n;
}

/* What a pattern is tried at, when that is nearly everything; else NULL. */
static const char *tried_at(const pst_program *p) {
  const pst_program_start *s = &p->start;
  static const struct {
    uint16_t bit;
    const char *words;
  } class[] = {{PST_WORD, "word"},
               {PST_LOWER, "word in lower case"},
               {PST_CAP, "capitalised word"},
               {PST_UPPER, "word in capitals"}};
  if (s->any && !p->first_known) return "word and mark";
  for (size_t i = 0; i < PST_COUNT(class); i++)
    if (s->classes & class[i].bit) return class[i].words;
  return s->any && first_bytes(p) > FEW_BYTES ? "word that the regex may begin with" : NULL;
}

void pst_lint_slow(const pst_lint *lint, uint32_t index, uint32_t pattern) {
  const pst_rule *rule = &lint->r->rule.at[index];
  const pst_program *p = rule->program.at[pattern];
  if (rule->verb == POSTIL_AMEND || rule->verb == POSTIL_BLOCK || p->need.n) return;
  const char *words = tried_at(p);
  pst_lint_at at = {index, pattern, {0, p->place.at[p->place.n - 1].end}};
  if (words)
    pst_lint_tell(lint, "slow", at, NULL,
                  "tried at every %s: no word, term or label must stand in it", words);
}

/* ---- Which instructions take all that others do ---- */

/* Instructions of a program that are looked at: [at, end); `from` is what jumps count from. */
typedef struct block {
  const pst_program *p;
  const pst_ins *at, *end, *from;
} block;

static bool word_takes(unsigned kase, uint32_t id, uint32_t need, unsigned other, uint32_t other_id,
                       uint32_t other_need) {
  if (id != other_id) return false;
  if (kase == POSTIL_CASE_FOLD) return true;
  if (kase == POSTIL_CASE_EXACT) return other == POSTIL_CASE_EXACT && need == other_need;
  return other != POSTIL_CASE_FOLD && (need & ~other_need) == 0;
}

/* Words of an instruction: a word is one of itself. */
static pst_want want_of(const pst_program *p, const pst_ins *ins, uint32_t i) {
  pst_want own = {ins->c, ins->d};
  return ins->op == PST_OP_SET ? p->want.at[ins->c + i] : own;
}

static bool words_take(const pst_program *p, const pst_ins *a, const pst_program *q,
                       const pst_ins *b) {
  uint32_t n = a->op == PST_OP_SET ? a->d : 1, m = b->op == PST_OP_SET ? b->d : 1;
  for (uint32_t k = 0; k < m; k++) {
    pst_want other = want_of(q, b, k);
    bool taken = false;
    for (uint32_t i = 0; i < n && !taken; i++) {
      pst_want want = want_of(p, a, i);
      taken = word_takes(a->a, want.id, want.need, b->a, other.id, other.need);
    }
    if (!taken) return false;
  }
  return true;
}

static bool same_test(const pst_program *p, const pst_test *a, const pst_program *q,
                      const pst_test *b) {
  return a->kind == b->kind && a->attr == b->attr &&
         (a->kind != PST_TEST_EQUALS ||
          (a->len == b->len && memcmp(p->bytes.at + a->at, q->bytes.at + b->at, a->len) == 0));
}

/* Every label of b is one of a, and a asks for nothing more. */
static bool label_takes(const pst_program *p, const pst_tagref *a, const pst_program *q,
                        const pst_tagref *b) {
  for (uint32_t k = 0; k < b->nlabels; k++) {
    bool taken = false;
    for (uint32_t i = 0; i < a->nlabels; i++)
      taken = taken || p->ref_label.at[a->label + i] == q->ref_label.at[b->label + k];
    if (!taken) return false;
  }
  if (a->ntests && a->ntests != b->ntests) return false;
  for (uint32_t i = 0; i < a->ntests; i++)
    if (!same_test(p, &p->test.at[a->test + i], q, &q->test.at[b->test + i])) return false;
  return true;
}

static bool is_words(const pst_ins *ins) { return ins->op == PST_OP_WORD || ins->op == PST_OP_SET; }

/* Does instruction a of one block take all that b of the other does, and go on alike? */
static bool takes(const block *x, const pst_ins *a, const block *y, const pst_ins *b) {
  if (is_words(a) && is_words(b)) return words_take(x->p, a, y->p, b);
  if (a->op != b->op) return false;
  switch (a->op) {
    case PST_OP_CLASS: return a->b == b->b;
    case PST_OP_LABEL:
      return label_takes(x->p, &x->p->tagref.at[a->c], y->p, &y->p->tagref.at[b->c]);
    case PST_OP_REGEX:
      return a->a == b->a && pst_regex_same(x->p->regex.at[a->c].regex, y->p->regex.at[b->c].regex);
    case PST_OP_SAME: return a->c == b->c;
    case PST_OP_SPLIT:
    case PST_OP_JUMP:
    case PST_OP_LOOK:
      return a->a == b->a && a->c - (x->from - x->p->ins.at) == b->c - (y->from - y->p->ins.at);
    default: return true;
  }
}

/* What is looked ahead at must be the same: of two things that must not stand there the wider one
 * takes less. */
static bool take_one_by_one(const block *x, const block *y) {
  unsigned look = 0;
  const pst_ins *a = x->at, *b = y->at;
  for (; a < x->end; a++, b++) {
    if (!takes(x, a, y, b) || (look && !takes(y, b, x, a))) return false;
    if (a->op == PST_OP_LOOK) look++;
    if (a->op == PST_OP_LOOK_END) look--;
  }
  return true;
}

static block without_gap(block x) {
  while (x.end > x.at && x.end[-1].op == PST_OP_GAP) x.end--;
  return x;
}

/* Does block x, tried first, leave nothing for y?  `last`: a match ends behind them. */
static bool leaves_nothing(block x, block y, bool last) {
  bool gap = x.end > x.at && x.end[-1].op == PST_OP_GAP;
  block a = without_gap(x), b = without_gap(y);
  if (a.at == a.end || a.end - a.at > b.end - b.at) return false;
  if (a.end - a.at < b.end - b.at && !last) return false;
  if (!last && !gap && b.end != y.end) return false;
  return take_one_by_one(&a, &b);
}

bool pst_lint_same(const pst_program *p, const pst_program *q) {
  block x = {p, p->ins.at, p->ins.at + p->ins.n, p->ins.at};
  block y = {q, q->ins.at, q->ins.at + q->ins.n, q->ins.at};
  return p->ins.n == q->ins.n && p->longest == q->longest && take_one_by_one(&x, &y) &&
         take_one_by_one(&y, &x);
}

/* ---- Choices ---- */

/* Does a choice begin at instruction `at`?  Where its first way ends, and where all do. */
static bool way_at(const pst_program *p, uint32_t at, uint32_t *end, uint32_t *all) {
  const pst_ins *ins = &p->ins.at[at];
  if (ins->op != PST_OP_SPLIT || ins->c <= at + 2 || p->ins.at[ins->c - 1].op != PST_OP_JUMP)
    return false;
  *end = ins->c - 1;
  *all = p->ins.at[*end].c;
  return *all > ins->c;
}

bool pst_lint_each_choice(const pst_program *p, uint32_t at, pst_choice_fn fn, void *ud) {
  uint32_t end, all, own;
  if (!way_at(p, at, &end, &all)) return fn(ud, at, (uint32_t)p->ins.n - 1);
  do {
    if (!fn(ud, at + 1, end)) return false;
    at = end + 1;
  } while (way_at(p, at, &end, &own) && own == all);
  return fn(ud, at, all);
}

pst_span pst_lint_place(const pst_program *p, uint32_t from, uint32_t to) {
  pst_span place = p->place.at[from];
  for (uint32_t i = from; i < to; i++) {
    if (p->ins.at[i].op == PST_OP_GAP) continue; /* its place is that of what it lies in */
    if (p->place.at[i].start < place.start) place.start = p->place.at[i].start;
    if (p->place.at[i].end > place.end) place.end = p->place.at[i].end;
  }
  return place;
}

/* Does a match, or a look, end when instruction `at` is reached? */
static bool ends_at(const pst_program *p, uint32_t at, bool *look) {
  for (;;) {
    const pst_ins *ins = &p->ins.at[at];
    *look = ins->op == PST_OP_LOOK_END;
    if (*look || ins->op == PST_OP_MATCH) return true;
    if (ins->op == PST_OP_JUMP && ins->c > at)
      at = ins->c;
    else if (ins->op == PST_OP_GAP || ins->op == PST_OP_CLOSE || ins->op == PST_OP_CORE_CLOSE)
      at++;
    else
      return false;
  }
}

typedef struct ways {
  const pst_lint *lint;
  pst_lint_at at; /* the pattern */
  const pst_program *p;
  uint32_t first, end; /* the ways in [first, end) are before the one that is looked at */
  bool last;           /* a match ends behind them */
} ways;

static bool tell_unreachable(const ways *w, pst_span place, pst_span by) {
  pst_lint_at at = w->at, taker = w->at;
  at.place = place;
  taker.place = by;
  pst_lint_tell(w->lint, "unreachable", at, &taker,
                "never taken: a choice before it takes all that it would", NULL);
  return true;
}

/* Is the way [from, to) left nothing by one before it? */
static bool is_taken(const ways *w, block later, pst_span place) {
  const pst_ins *ins = w->p->ins.at;
  uint32_t at = w->first, end, all;
  while (at + 1 < w->end && way_at(w->p, at, &end, &all)) {
    block before = {w->p, ins + at + 1, ins + end, ins + at + 1};
    if (leaves_nothing(before, later, w->last))
      return tell_unreachable(w, place, pst_lint_place(w->p, at + 1, end));
    at = end + 1;
  }
  return false;
}

/* Words of a set, of which those before in it may leave one nothing. */
static void see_set(const ways *w, const pst_ins *set) {
  for (uint32_t i = 0; i < set->d; i++) {
    pst_want own = w->p->want.at[set->c + i];
    for (uint32_t k = 0; k < i; k++) {
      pst_want other = w->p->want.at[set->c + k];
      if (!word_takes(set->a, other.id, other.need, set->a, own.id, own.need)) continue;
      tell_unreachable(w, w->p->want_place.at[set->c + i], w->p->want_place.at[set->c + k]);
      break;
    }
  }
}

/* Of a way that is a set of words each is a way of its own. */
static void see_words(const ways *w, const pst_ins *set) {
  for (uint32_t i = 0; i < set->d; i++) {
    pst_want own = w->p->want.at[set->c + i];
    pst_ins word = {PST_OP_WORD, set->a, PST_NO_BRANCH, own.id, own.need};
    block later = {w->p, &word, &word + 1, w->p->ins.at};
    is_taken(w, later, w->p->want_place.at[set->c + i]);
  }
}

static bool see_way(void *ud, uint32_t from, uint32_t to) {
  ways *w = ud;
  const pst_ins *ins = w->p->ins.at;
  block later = {w->p, ins + from, ins + to, ins + from};
  block words = without_gap(later);
  w->end = from;
  if (words.end - words.at == 1 && words.at->op == PST_OP_SET)
    see_words(w, words.at);
  else
    is_taken(w, later, pst_lint_place(w->p, from, to));
  return true;
}

/* Is the choice at `at` one that began before it? */
static bool goes_on(const pst_program *p, uint32_t at, uint32_t all) {
  uint32_t end, other;
  for (uint32_t i = 0; i < at; i++)
    if (way_at(p, i, &end, &other) && end + 1 == at && other == all) return true;
  return false;
}

/* Is the instruction there again, because a repeat was written out? */
static bool is_repeated(const pst_program *p, uint32_t at) {
  const pst_ins *ins = p->ins.at;
  for (uint32_t i = 0; i < p->ins.n; i++)
    if (i != at && ins[i].op == ins[at].op && p->place.at[i].start == p->place.at[at].start &&
        p->place.at[i].end == p->place.at[at].end)
      return true;
  return false;
}

/* Does a match end behind the choice at `at`, with the first way that was found?  A copy of a repeat
 * says nothing about the others. */
static bool is_last(const pst_rule *rule, uint32_t pattern, const pst_program *p, uint32_t at,
                    uint32_t all) {
  bool look;
  if (!ends_at(p, all, &look) || is_repeated(p, at + 1)) return false;
  bool every_way = rule->verb == POSTIL_AMEND || pst_lint_is_context(rule, pattern);
  return look || (!every_way && !p->longest);
}

void pst_lint_choices(const pst_lint *lint, uint32_t index, uint32_t pattern) {
  const pst_rule *rule = &lint->r->rule.at[index];
  const pst_program *p = pst_lint_program(rule, pattern);
  for (uint32_t at = 0; at < p->ins.n; at++) {
    uint32_t end, all;
    ways w = {lint, {index, pattern, {0, 0}}, p, at, at, false};
    if (p->ins.at[at].op == PST_OP_SET) see_set(&w, &p->ins.at[at]);
    if (!way_at(p, at, &end, &all) || goes_on(p, at, all)) continue;
    w.last = is_last(rule, pattern, p, at, all);
    pst_lint_each_choice(p, at, see_way, &w);
  }
}
