/* match.c - running programs over a window; see match.h.
 *
 * The machine is a backtracking one with its own stack: a branch leaves a frame with the state to
 * come back to, a slot that is overwritten leaves its old value.  A position is an item; `glue`
 * says that the next item must touch the last; `quote` is the quotation the match lies in, known
 * from the first item it takes.  After MEMO_AFTER steps at one start the branches that were entered
 * are remembered for each item: coming there again cannot end differently, since nothing but the
 * place decides.  (That is packrat parsing's idea, kept for the patterns that need it.)
 */
#include "match.h"

#include <utf8proc.h>

enum { MEMO_AFTER = 512, MEMO_MAX = 1 << 20, FRAMES_MAX = 1 << 16, REGEX_STEPS = 16 };

#define UNSET UINT32_MAX

enum frame_kind { FRAME_SPLIT, FRAME_LABEL, FRAME_SKIP, FRAME_LOOK, FRAME_UNDO, FRAME_NOTHING };

enum slot { SLOT_OPEN = 0, SLOT_CAPTURE = PST_CAPTURES, SLOT_CORE = 2 * PST_CAPTURES, SLOT_SAME };

/* What the machine is doing; saved whole at a branch. */
typedef struct state {
  uint32_t pc, pos;
  uint32_t quote;    /* quote_id of the level the match is on, or UNSET */
  uint32_t tag;      /* the last thing taken was this tag, else PST_NONE ... */
  uint32_t tag_from; /* ... entered at this item */
  uint32_t look;     /* frame of the lookahead it is in, or UNSET */
  uint16_t ngroups;
  bool glue;
} state;

/* A state put by.  Its members lie in another order than in `state` on purpose: a compiler that
 * copied them by wide loads would wait for the narrow stores that have just made the state. */
typedef struct saved {
  uint32_t quote, pc, tag, look, pos, tag_from;
  uint16_t ngroups;
  bool glue;
} saved;

typedef struct frame {
  uint8_t kind, slot;
  bool wide;     /* LABEL: the wide end of `edge` is next */
  uint32_t edge; /* LABEL: edge to go on with */
  union {
    saved now;
    pst_capture old; /* UNDO */
    pst_ref ref;
  } as;
} frame;

typedef struct core_state {
  uint32_t open, first, end; /* items; UNSET */
} core_state;

struct pst_matcher {
  postil_mem mem;
  pst_regex_run *run;
  pst_same_fn same;
  void *ud;
  PST_VEC(frame) stack;
  PST_VEC(uint64_t) memo;
  size_t work;   /* steps that may still be spent on the paragraph */
  bool shared;   /* what is remembered serves a series of calls (pst_matcher_share) ... */
  bool share_on; /* ... and something is */
  uint32_t share_from, share_span, share_quote, share_steps;
  const pst_lead *lead;      /* of the series */
  uint32_t far_item, far_pc; /* how far the last call came; far_item UNSET: it failed nowhere */
  uint32_t far_all;          /* 1: far_item is one less, so that all who fail there are heard */
  pst_far far;               /* who they are */
};

/* One call of pst_match_at. */
typedef struct machine {
  pst_matcher *m;
  const pst_window *w;
  const pst_program *p;
  const pst_item *item;
  uint32_t nitems, first, target, end_at;
  pst_hit *hit;
  state now;
  core_state core;
  uint32_t opened[PST_CAPTURES];
  uint32_t byte_stop;    /* where a regex ended that is the whole pattern, or UNSET */
  uint32_t pfirst, pend; /* the paragraph last asked for: items */
  uint32_t steps, limit;
  bool found; /* *hit holds a match */
  bool memo_on;
  uint32_t memo_after; /* steps */
  const pst_lead *lead;
  uint32_t memo_from, memo_span, memo_quote;
  pst_found trouble;
} machine;

pst_matcher *pst_matcher_new(const postil_mem *mem) {
  pst_matcher *m = pst_mem_new(mem, 1, sizeof *m);
  if (!m) return NULL;
  m->mem = *mem;
  m->work = SIZE_MAX;
  m->run = pst_regex_run_new(mem);
  if (m->run) return m;
  pst_matcher_free(m);
  return NULL;
}

void pst_matcher_free(pst_matcher *m) {
  if (!m) return;
  postil_mem mem = m->mem;
  pst_regex_run_free(m->run);
  PST_FREE(&mem, &m->stack);
  PST_FREE(&mem, &m->memo);
  pst_mem_free(&mem, m, 1, sizeof *m);
}

void pst_matcher_same(pst_matcher *m, pst_same_fn fn, void *ud) {
  m->same = fn;
  m->ud = ud;
}

/* What is learnt lives for one call of pst_match_at only, so nothing of another window is left. */
void pst_matcher_begin(pst_matcher *m, const pst_window *w) {
  (void)w;
  m->stack.n = m->memo.n = 0;
  m->shared = false;
}

/* ---- Quotations ---- */

static const pst_wtag *quote_tag(const machine *v, uint32_t id) { return &v->w->tag.at[id - 1]; }

static bool holds(const pst_wtag *quote, uint32_t first, uint32_t end) {
  return quote->first <= first && end <= quote->end;
}

/* The innermost quotation around quotation `id`, or 0. */
static uint32_t around_quote(const machine *v, uint32_t id) { return quote_tag(v, id)->outer; }

/* The innermost quotation that holds items [first, end) and more, from the one that `at` is in.
 * False when one is cut: it is neither inside nor around. */
static bool level_from(machine *v, uint32_t at, uint32_t first, uint32_t end, uint32_t *level) {
  uint32_t id = v->w->quote_id.at[at];
  while (id) {
    const pst_wtag *quote = quote_tag(v, id);
    bool whole = first <= quote->first && quote->end <= end;
    if (!whole && holds(quote, first, end)) break;
    if (!whole) return false;
    id = around_quote(v, id);
  }
  *level = id;
  return true;
}

/* May the match take items [first, end) from where it is?  It stays on one level of quotation. */
static bool stays(machine *v, uint32_t first, uint32_t end, bool single) {
  uint32_t level, other;
  if (single) {
    level = v->w->quote_id.at[first];
  } else if (!level_from(v, first, first, end, &level) ||
             !level_from(v, end - 1, first, end, &other) || level != other) {
    return false;
  }
  if (v->now.quote == UNSET) v->now.quote = level;
  return v->now.quote == level;
}

/* ---- Taking things ---- */

/* The next thing touches, or need not. */
static bool near_enough(const machine *v) {
  if (v->now.pos >= v->nitems) return false;
  return !v->now.glue || (v->item[v->now.pos].cls & PST_GLUE);
}

/* Goes on behind items that were taken. */
static bool take(machine *v, uint32_t end, uint32_t tag) {
  v->now.tag = tag;
  v->now.tag_from = v->now.pos;
  v->now.pos = end;
  v->now.glue = true;
  v->now.pc++;
  return true;
}

static bool fits(const pst_item *item, uint32_t need, unsigned kase) {
  if (kase == POSTIL_CASE_EXACT) return item->up == need;
  return kase == POSTIL_CASE_FOLD || (item->up & need) == need;
}

static bool do_word(machine *v, const pst_ins *ins) {
  const pst_item *item = &v->item[v->now.pos];
  if (!near_enough(v) || item->id != ins->c || !fits(item, ins->d, ins->a)) return false;
  return stays(v, v->now.pos, v->now.pos + 1, true) && take(v, v->now.pos + 1, PST_NONE);
}

/* Words of a set lie by id, those of one id side by side. */
static bool in_set(const machine *v, const pst_ins *ins, const pst_item *item) {
  const pst_want *want = v->p->want.at + ins->c;
  size_t lo = 0, hi = ins->d;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (want[mid].id < item->id)
      lo = mid + 1;
    else
      hi = mid;
  }
  while (lo < ins->d && want[lo].id == item->id && !fits(item, want[lo].need, ins->a)) lo++;
  return lo < ins->d && want[lo].id == item->id;
}

static bool do_set(machine *v, const pst_ins *ins) {
  if (!near_enough(v) || !in_set(v, ins, &v->item[v->now.pos])) return false;
  return stays(v, v->now.pos, v->now.pos + 1, true) && take(v, v->now.pos + 1, PST_NONE);
}

static bool do_class(machine *v, const pst_ins *ins) {
  if (!near_enough(v)) return false;
  const pst_item *item = &v->item[v->now.pos];
  if (!(item->cls & ins->b)) return false;
  uint32_t n = ins->b == PST_CAP ? item->caps : ins->b == PST_NUM ? 1u : item->words;
  if (n == 0) n = 1;
  if (n > v->nitems - v->now.pos) return false;
  return stays(v, v->now.pos, v->now.pos + n, true) && take(v, v->now.pos + n, PST_NONE);
}

/* A break has a paragraph on both sides. */
static bool do_para(machine *v) {
  uint32_t pos = v->now.pos;
  if (pos == 0 || pos + 1 >= v->nitems || !(v->item[pos].cls & PST_PARA)) return false;
  take(v, pos + 1, PST_NONE);
  v->now.glue = false;
  return true;
}

static bool do_edge(machine *v, const pst_ins *ins) {
  uint32_t pos = v->now.pos;
  bool start = ins->op == PST_OP_BOP;
  uint32_t at = start ? pos - 1 : pos;
  if ((start && pos == 0) || at >= v->nitems || !(v->item[at].cls & PST_PARA)) return false;
  v->now.pc++;
  return true;
}

/* ---- Labels ---- */

/* Same letters; a lower-case letter of `want` stands for either case. */
static bool same_letters(const char *want, size_t wlen, const char *has, size_t hlen) {
  size_t i = 0, k = 0;
  while (i < wlen && k < hlen) {
    uint32_t a, b;
    i += pst_utf8_next(want, wlen, i, &a);
    k += pst_utf8_next(has, hlen, k, &b);
    if (a != b && (b >= PST_ILL || (uint32_t)utf8proc_tolower((utf8proc_int32_t)b) != a))
      return false;
  }
  return i == wlen && k == hlen;
}

/* The canonical text of a place: what its tag is called, else the words there. */
static const pst_attr *canonical(const machine *v, const pst_attr *attr) {
  if (attr->type != POSTIL_PLACE || attr->link != PST_LINK_WINDOW) return attr;
  const pst_wtag *tag = &v->w->tag.at[attr->ref.tag];
  const pst_attr *name = pst_window_attr(v->w, tag, v->p->attr_is);
  if (!name) name = pst_window_attr(v->w, tag, v->p->attr_name);
  return name && (name->type == POSTIL_STRING || name->type == POSTIL_PLACE) ? name : attr;
}

static bool equals(const machine *v, const pst_attr *attr, const pst_test *test) {
  const char *want = v->p->bytes.at + test->at;
  if (!attr) return false;
  attr = canonical(v, attr);
  switch (attr->type) {
    case POSTIL_NUMBER:
      return test->is_number && !(attr->as.number < test->number) &&
             !(attr->as.number > test->number);
    case POSTIL_BOOL:
      return attr->as.number > 0 ? same_letters(want, test->len, "true", 4)
                                 : same_letters(want, test->len, "false", 5);
    case POSTIL_STRING:
    case POSTIL_PLACE:
      return same_letters(want, test->len, v->w->bytes.at + attr->as.text.at, attr->as.text.len);
    default: return false;
  }
}

static bool passes(const machine *v, const pst_wtag *tag, const pst_test *test) {
  if (test->kind == PST_TEST_FAULT || test->kind == PST_TEST_SOUND)
    return (tag->fault != 0) == (test->kind == PST_TEST_FAULT);
  bool may = tag->has >> (test->attr % 64) & 1;
  const pst_attr *attr = may ? pst_window_attr(v->w, tag, test->attr) : NULL;
  if (test->kind == PST_TEST_EQUALS) return equals(v, attr, test);
  return (attr != NULL) == (test->kind == PST_TEST_HAS);
}

static bool tag_fits(const machine *v, const pst_wtag *tag, const pst_tagref *ref) {
  if (tag->flags & PST_TAG_DEAD) return false;
  uint32_t i = 0;
  while (i < ref->nlabels && v->p->ref_label.at[ref->label + i] != tag->label) i++;
  if (i == ref->nlabels) return false;
  for (i = 0; i < ref->ntests; i++)
    if (!passes(v, tag, &v->p->test.at[ref->test + i])) return false;
  return true;
}

/* A new frame on the stack, or NULL and *trouble. */
static frame *push_frame(machine *v, enum frame_kind kind) {
  pst_matcher *m = v->m;
  if (m->stack.n >= FRAMES_MAX)
    v->trouble = PST_FOUND_LIMIT;
  else if (!PST_RESERVE(&m->mem, &m->stack, 1))
    v->trouble = PST_FOUND_NOMEM;
  if (v->trouble != PST_FOUND_NO) return NULL;
  frame *f = &m->stack.at[m->stack.n++];
  f->kind = (uint8_t)kind;
  return f;
}

static frame *push_branch(machine *v, enum frame_kind kind) {
  frame *f = push_frame(v, kind);
  if (!f) return NULL;
  f->as.now.pc = v->now.pc;
  f->as.now.tag = v->now.tag;
  f->as.now.pos = v->now.pos;
  f->as.now.look = v->now.look;
  f->as.now.quote = v->now.quote;
  f->as.now.tag_from = v->now.tag_from;
  f->as.now.ngroups = v->now.ngroups;
  f->as.now.glue = v->now.glue;
  return f;
}

static void come_back(machine *v, const frame *f) {
  v->now.pc = f->as.now.pc;
  v->now.tag = f->as.now.tag;
  v->now.pos = f->as.now.pos;
  v->now.look = f->as.now.look;
  v->now.quote = f->as.now.quote;
  v->now.tag_from = f->as.now.tag_from;
  v->now.ngroups = f->as.now.ngroups;
  v->now.glue = f->as.now.glue;
}

/* Leaves the rest of the edges for later, on the level of quotation that the match was on. */
static bool push_label(machine *v, uint32_t edge, bool wide, uint32_t quote) {
  frame *f = push_branch(v, FRAME_LABEL);
  if (!f) return false;
  f->edge = edge;
  f->wide = wide;
  f->as.now.quote = quote;
  return true;
}

/* Along the word itself, when it has one of the labels. */
static bool follow_word(machine *v, const pst_tagref *ref) {
  uint32_t pos = v->now.pos;
  return (v->item[pos].extra & ref->words) && stays(v, pos, pos + 1, false) &&
         take(v, pos + 1, PST_NONE);
}

/* Along the first tag that fits, from `edge` on: its core end, then its wide end; last, since it is
 * shortest, along the word.  What is left is pushed for later. */
static bool follow(machine *v, const pst_ins *ins, uint32_t edge, bool wide) {
  const pst_tagref *ref = &v->p->tagref.at[ins->c];
  bool word = v->item[v->now.pos].extra & ref->words;
  for (; edge != PST_NONE; edge = v->w->edge.at[edge].next, wide = false) {
    v->steps++;
    uint32_t index = v->w->edge.at[edge].tag;
    const pst_wtag *tag = &v->w->tag.at[index];
    if (!tag_fits(v, tag, ref)) continue;
    for (;; wide = true) {
      uint32_t to = wide ? tag->wend : tag->end, quote = v->now.quote;
      bool more = !wide && tag->wend != tag->end;
      if (to > v->now.pos && to <= v->nitems && stays(v, v->now.pos, to, false)) {
        uint32_t next = more ? edge : v->w->edge.at[edge].next;
        bool left = next != PST_NONE || word;
        return (!left || push_label(v, next, more, quote)) && take(v, to, index);
      }
      v->now.quote = quote;
      if (!more) break;
    }
  }
  return word && follow_word(v, ref);
}

/* ---- ... ---- */

/* A quotation [.., end) ends its sentence when its last character inside does and a capital
 * follows. */
static bool quote_ends_sentence(const machine *v, uint32_t start, uint32_t end) {
  uint32_t k = end - 1;
  const char *bytes = v->w->view.bytes.at;
  while (k > start && strchr("\"'", bytes[v->item[k].at]) && bytes[v->item[k].at]) k--;
  char c = bytes[v->item[k].at];
  bool stop = c == '.' || c == '!' || c == '?';
  return stop && end < v->nitems && (v->item[end].up & 1);
}

/* The quotation that starts at `i` on the level the match is on (the outermost one there if that is
 * not known yet), or 0. */
static uint32_t quote_at(machine *v, uint32_t i) {
  uint32_t id = v->w->quote_id.at[i], found = 0;
  while (id && id != v->now.quote) {
    if (quote_tag(v, id)->first != i) break;
    found = id;
    id = around_quote(v, id);
  }
  return id == v->now.quote || v->now.quote == UNSET ? found : 0;
}

/* One text word, mark or whole quotation further, inside the sentence.  Where the paragraph ends,
 * its last stop may be taken, too. */
static bool extend(machine *v) {
  uint32_t i = v->now.pos;
  if (i >= v->nitems || (v->item[i].cls & PST_PARA)) return false;
  uint32_t quote = quote_at(v, i), end;
  if (quote) {
    end = quote_tag(v, quote)->end;
    if (v->now.quote == UNSET) v->now.quote = around_quote(v, quote);
    if (end <= i || end > v->nitems || quote_ends_sentence(v, i, end)) return false;
  } else {
    end = i + (v->item[i].words ? v->item[i].words : 1u);
    if (end > v->nitems || !stays(v, i, i + 1, true)) return false;
    bool last = end < v->nitems && (v->item[end].cls & PST_PARA);
    if ((v->item[end - 1].cls & PST_SENT) && !last) return false;
  }
  v->now.pos = end;
  v->now.glue = false;
  v->now.tag = PST_NONE;
  return true;
}

/* ---- Regexes ---- */

/* The paragraph that `pos` is in; a break is one by itself. */
static void find_para(machine *v, uint32_t pos) {
  if (pos >= v->pfirst && pos < v->pend) return;
  size_t lo = 0, hi = v->w->para.n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (v->w->para.at[mid].end <= pos)
      lo = mid + 1;
    else
      hi = mid;
  }
  bool inside = lo < v->w->para.n && v->w->para.at[lo].first <= pos;
  v->pfirst = inside ? v->w->para.at[lo].first : pos;
  v->pend = inside ? v->w->para.at[lo].end : pos + 1;
}

static uint32_t item_stop(const machine *v, uint32_t i) { return v->item[i].at + v->item[i].len; }

/* The item behind the one that ends at or after byte `stop`, in [first, pend). */
static uint32_t item_behind(const machine *v, uint32_t first, uint32_t stop) {
  uint32_t lo = first, hi = v->pend - 1;
  while (lo < hi) {
    uint32_t mid = lo + (hi - lo) / 2;
    if (item_stop(v, mid) < stop)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo + 1;
}

static void keep_groups(machine *v, const pst_program_regex *one, uint32_t base) {
  for (uint32_t i = 0; i < one->ngroups && v->now.ngroups < PST_CAPTURES; i++) {
    size_t start, end;
    if (!pst_regex_span(one->regex, v->m->run, i, &start, &end)) continue;
    pst_group *group = &v->hit->group[v->now.ngroups++];
    group->attr = v->p->group.at[one->group + i];
    group->at = base + (uint32_t)start;
    group->stop = base + (uint32_t)end;
  }
}

static bool may_begin(const machine *v, const pst_ins *ins) {
  const pst_item *item = &v->item[v->now.pos];
  return pst_regex_may(v->p->regex.at[ins->c].regex, v->w->view.bytes.at + item->at, item->len);
}

static bool do_regex(machine *v, const pst_ins *ins) {
  if (!near_enough(v) || (v->item[v->now.pos].cls & PST_PARA)) return false;
  const pst_program_regex *one = &v->p->regex.at[ins->c];
  if (!may_begin(v, ins)) return false;
  find_para(v, v->now.pos);
  uint32_t base = v->item[v->pfirst].at, at = v->item[v->now.pos].at;
  size_t stop, limit = item_stop(v, v->pend - 1);
  v->steps += REGEX_STEPS;
  postil_status status = pst_regex_at(one->regex, v->m->run, v->w->view.bytes.at + base,
                                      limit - base, at - base, &stop);
  if (status != POSTIL_OK) {
    v->trouble = status == POSTIL_ENOMEM ? PST_FOUND_NOMEM : PST_FOUND_LIMIT;
    return false;
  }
  if (stop == 0) return false;
  uint32_t last = base + (uint32_t)stop, end = item_behind(v, v->now.pos, last);
  if (!ins->a && item_stop(v, end - 1) != last) return false;
  if (!stays(v, v->now.pos, end, false)) return false;
  if (ins->a) v->byte_stop = last;
  keep_groups(v, one, base);
  return take(v, end, PST_NONE);
}

/* ---- Slots ---- */

static bool save_slot(machine *v, unsigned slot, pst_capture old) {
  if (v->m->stack.n == 0) return true;
  frame *f = push_frame(v, FRAME_UNDO);
  if (!f) return false;
  f->slot = (uint8_t)slot;
  f->as.old = old;
  return true;
}

static void undo(machine *v, const frame *f) {
  if (f->slot == SLOT_SAME) {
    v->hit->same = f->as.ref;
  } else if (f->slot == SLOT_CORE) {
    v->core.open = f->as.old.tag;
    v->core.first = f->as.old.first;
    v->core.end = f->as.old.end;
  } else if (f->slot >= SLOT_CAPTURE) {
    v->hit->capture[f->slot - SLOT_CAPTURE] = f->as.old;
  } else {
    v->opened[f->slot] = f->as.old.first;
  }
}

static bool save_core(machine *v) {
  pst_capture old = {v->core.first, v->core.end, v->core.open, 0, 0};
  return save_slot(v, SLOT_CORE, old);
}

/* What stands between a bracket's start and here: items, and the tag if it is just one. */
static pst_capture between(const machine *v, uint32_t open) {
  pst_capture c = {open, v->now.pos, PST_NONE, 0, 0};
  if (v->now.pos == open) {
    c.first = c.end = PST_NONE;
    return c;
  }
  if (v->now.tag != PST_NONE && v->now.tag_from == open) {
    c.tag = v->now.tag;
    c.first = v->w->tag.at[c.tag].first;
    c.end = v->w->tag.at[c.tag].end;
  }
  c.at = v->item[c.first].at;
  c.stop = v->byte_stop != UNSET ? v->byte_stop : item_stop(v, c.end - 1);
  return c;
}

static bool do_core(machine *v, const pst_ins *ins) {
  if (!save_core(v)) return false;
  v->now.pc++;
  if (ins->op == PST_OP_CORE_OPEN) {
    v->core.open = v->now.pos;
    v->core.first = v->core.end = UNSET;
    v->now.tag = PST_NONE;
    return true;
  }
  pst_capture c = between(v, v->core.open);
  v->core.first = c.first;
  v->core.end = c.end;
  if (v->target == PST_NONE) return true;
  const pst_wtag *tag = &v->w->tag.at[v->target];
  return c.first == tag->first && c.end == tag->end;
}

static bool do_capture(machine *v, const pst_ins *ins) {
  uint32_t k = ins->c;
  v->now.pc++;
  if (ins->op == PST_OP_OPEN) {
    pst_capture old = {v->opened[k], 0, 0, 0, 0};
    if (!save_slot(v, SLOT_OPEN + k, old)) return false;
    v->opened[k] = v->now.pos;
    return true;
  }
  pst_capture c = between(v, v->opened[k]);
  if (c.first == PST_NONE) return true;
  if (!save_slot(v, SLOT_CAPTURE + k, v->hit->capture[k])) return false;
  v->hit->capture[k] = c;
  return true;
}

static bool do_same(machine *v, const pst_ins *ins) {
  if (!near_enough(v) || !v->m->same) return false;
  pst_ref from = {PST_NONE, PST_NONE};
  uint32_t n = v->m->same(v->m->ud, v->w, (uint16_t)ins->c, v->now.pos, &from);
  v->steps++;
  if (n == 0 || n > v->nitems - v->now.pos) return false;
  if (!stays(v, v->now.pos, v->now.pos + n, false)) return false;
  frame *f = v->m->stack.n ? push_frame(v, FRAME_UNDO) : NULL;
  if (v->m->stack.n && !f) return false;
  if (f) {
    f->slot = SLOT_SAME;
    f->as.ref = v->hit->same;
  }
  v->hit->same = from;
  return take(v, v->now.pos + n, PST_NONE);
}

/* ---- What is remembered ---- */

/* Room for one bit for each branch, item and glue, all clear.  False where that would be too much
 * (then nothing is remembered and the step budget alone holds), or *trouble. */
static bool clear_memo(pst_matcher *m, const pst_program *p, uint32_t span, pst_found *trouble) {
  size_t words = ((size_t)span * p->nbranches * 2 + 63) / 64;
  if (words > MEMO_MAX / 8) return false;
  m->memo.n = 0;
  if (!PST_RESERVE(&m->mem, &m->memo, words + 1)) {
    *trouble = PST_FOUND_NOMEM;
    return false;
  }
  memset(m->memo.at, 0, words * sizeof *m->memo.at);
  return true;
}

static void start_memo(machine *v) {
  uint32_t end = v->nitems;
  if (v->m->shared) {
    v->memo_from = v->m->share_from;
    v->memo_span = v->m->share_span;
    v->memo_quote = UNSET;
    v->memo_on = v->m->share_on = clear_memo(v->m, v->p, v->memo_span, &v->trouble);
    return;
  }
  if (v->p->facts.paras_before + v->p->facts.paras_after == 0) {
    find_para(v, v->first);
    end = v->pend < v->nitems ? v->pend + 1 : v->nitems;
  }
  v->memo_from = v->first;
  v->memo_span = end - v->first + 1;
  v->memo_quote = UNSET;
  v->memo_on = clear_memo(v->m, v->p, v->memo_span, &v->trouble);
}

void pst_matcher_share(pst_matcher *m, uint32_t from, uint32_t end, const pst_lead *lead) {
  m->lead = lead;
  m->share_from = from;
  m->share_span = end - from + 1;
  m->share_quote = UNSET;
  m->share_steps = 0;
  m->share_on = false;
  m->shared = true;
}

void pst_matcher_unshare(pst_matcher *m) { m->shared = false; }

/* Was the machine at this branch and place before?  Then it failed. */
static bool known(machine *v, uint16_t branch) {
  if (!v->memo_on || branch == PST_NO_BRANCH || v->now.quote == UNSET) return false;
  if (v->now.pos - v->memo_from >= v->memo_span) return false;
  bool open = v->core.open != UNSET && v->core.end == UNSET;
  if (v->target != PST_NONE && (open || !v->p->core_always)) return false;
  if (v->memo_quote == UNSET) v->memo_quote = v->now.quote;
  if (v->memo_quote != v->now.quote) return false;
  size_t bit = ((size_t)branch * v->memo_span + (v->now.pos - v->memo_from)) * 2 + v->now.glue;
  uint64_t mask = UINT64_C(1) << bit % 64, *word = &v->m->memo.at[bit / 64];
  if (*word & mask) return true;
  *word |= mask;
  return false;
}

/* ---- A glance ahead ---- */

/* Adds far_pc to what did not fit at the item. */
static PST_TELLS void note_all(machine *v) {
  pst_matcher *m = v->m;
  const pst_span *place = &v->p->place.at[m->far_pc];
  bool first = m->far_item != v->now.pos - 1;
  if (first) m->far.npcs = 0;
  if (first || place->start < m->far.wanted.start) m->far.wanted.start = place->start;
  if (first || place->end > m->far.wanted.end) m->far.wanted.end = place->end;
  if (m->far.npcs < PST_FAR_PCS) m->far.pc[m->far.npcs++] = m->far_pc;
}

/* Notes where a way ended, if none came further. */
static void note_failure(machine *v, const pst_ins *ins) {
  pst_matcher *m = v->m;
  if (v->now.look != UNSET || (m->far_item != UNSET && v->now.pos <= m->far_item)) return;
  m->far_pc = (uint32_t)(ins - v->p->ins.at);
  if (m->far_all) note_all(v);
  m->far_item = v->now.pos - m->far_all;
}

/* May a tag of the labels that an instruction asks for start at the next item? */
static bool has_label(const machine *v, const pst_ins *ins) {
  return v->w->here.at[v->now.pos] & v->p->tagref.at[ins->c].bits;
}

/* The instruction at which the way at `pc` fails at once, by what a glance at the next item tells;
 * NULL when it may go on.  `touch`: the item must touch the last; *left: choices to look into. */
static const pst_ins *glance(const machine *v, uint32_t pc, bool touch, int *left) {
  const pst_ins *ins = &v->p->ins.at[pc];
  const pst_item *item = &v->item[v->now.pos];
  for (;; ins++) {
    bool fits = !touch || (item->cls & PST_GLUE);
    switch (ins->op) {
      case PST_OP_JUMP: ins = &v->p->ins.at[ins->c] - 1; continue;
      case PST_OP_GAP: touch = false; continue;
      case PST_OP_OPEN: continue;
      case PST_OP_SPLIT:
        if (!(*left)--) return NULL;
        if (!glance(v, (uint32_t)(ins + 1 - v->p->ins.at), touch, left)) return NULL;
        ins = &v->p->ins.at[ins->c] - 1;
        continue;
      case PST_OP_WORD: return fits && item->id == ins->c ? NULL : ins;
      case PST_OP_SET: return fits && in_set(v, ins, item) ? NULL : ins;
      case PST_OP_CLASS: return fits && (item->cls & ins->b) ? NULL : ins;
      case PST_OP_LABEL: return fits && has_label(v, ins) ? NULL : ins;
      case PST_OP_REGEX: return fits && may_begin(v, ins) ? NULL : ins;
      default: return NULL;
    }
  }
}

static const pst_ins *fails_at_once(const machine *v, uint32_t pc) {
  int left = 16; /* choices to look into */
  return v->now.pos < v->nitems ? glance(v, pc, v->now.glue, &left) : NULL;
}

/* ---- Lookahead ---- */

static bool do_look(machine *v, const pst_ins *ins) {
  if (fails_at_once(v, v->now.pc + 1)) {
    v->now.pc = ins->c;
    return ins->a;
  }
  uint32_t at = (uint32_t)v->m->stack.n;
  if (!push_branch(v, FRAME_LOOK)) return false;
  v->now.look = at;
  v->now.quote = UNSET;
  v->now.pc++;
  return true;
}

/* What was looked for is there.  For & the ways that are left inside are dropped, slots keep what
 * they can be undone to; for ! all of it is undone and this way fails. */
static bool do_look_end(machine *v, const pst_ins *ins) {
  uint32_t at = v->now.look;
  uint16_t ngroups = v->now.ngroups;
  uint32_t pc = v->now.pc;
  if (ins->a) {
    while (v->m->stack.n > at + (size_t)1) {
      const frame *f = &v->m->stack.at[--v->m->stack.n];
      if (f->kind == FRAME_UNDO) undo(v, f);
    }
    come_back(v, &v->m->stack.at[--v->m->stack.n]);
    return false;
  }
  come_back(v, &v->m->stack.at[at]);
  for (size_t i = at; i < v->m->stack.n; i++)
    if (v->m->stack.at[i].kind != FRAME_UNDO) v->m->stack.at[i].kind = FRAME_NOTHING;
  v->now.ngroups = ngroups;
  v->now.pc = pc + 1;
  return true;
}

/* ---- The machine ---- */

/* A way that fails at once is not even begun. */
static bool do_split(machine *v, const pst_ins *ins) {
  if (known(v, ins->b)) return false;
  const pst_ins *failed = fails_at_once(v, v->now.pc + 1);
  bool first = !failed;
  if (first) failed = fails_at_once(v, ins->c);
  if (failed) {
    note_failure(v, failed);
    v->now.pc = first ? v->now.pc + 1 : ins->c;
    return true;
  }
  frame *f = push_branch(v, FRAME_SPLIT);
  if (!f) return false;
  f->as.now.pc = ins->c;
  v->now.pc++;
  return true;
}

/* Begins with nothing; more is taken when that fails. */
static bool do_skip(machine *v, const pst_ins *ins) {
  if (known(v, ins->b) || !push_branch(v, FRAME_SKIP)) return false;
  v->now.glue = false;
  v->now.pc++;
  return true;
}

static bool do_label(machine *v, const pst_ins *ins) {
  if (!near_enough(v) || !has_label(v, ins) || known(v, ins->b)) return false;
  return follow(v, ins, v->w->head.at[v->now.pos], false);
}

/* The way is through: it counts if core and end are those wanted, and if it is longer than one
 * found before. */
static bool accept(machine *v) {
  bool core = v->core.end != UNSET;
  uint32_t first = core ? v->core.first : v->first, end = core ? v->core.end : v->now.pos;
  if (v->end_at != PST_NONE && v->now.pos != v->end_at) return false;
  if (v->target != PST_NONE) {
    const pst_wtag *tag = &v->w->tag.at[v->target];
    if (first != tag->first || end != tag->end) return false;
  }
  pst_hit *hit = v->hit;
  if (v->found && v->now.pos <= hit->end) return false;
  v->found = true;
  hit->first = v->first;
  hit->end = v->now.pos;
  hit->core_first = first;
  hit->core_end = end;
  hit->at = v->item[first].at;
  hit->stop = v->byte_stop != UNSET ? v->byte_stop : item_stop(v, end - 1);
  hit->ngroups = v->now.ngroups;
  return true;
}

/* One instruction.  False: this way has failed. */
static bool step(machine *v, const pst_ins *ins) {
  switch (ins->op) {
    case PST_OP_WORD: return do_word(v, ins);
    case PST_OP_SET: return do_set(v, ins);
    case PST_OP_CLASS: return do_class(v, ins);
    case PST_OP_LABEL: return do_label(v, ins);
    case PST_OP_REGEX: return do_regex(v, ins);
    case PST_OP_PARA: return do_para(v);
    case PST_OP_BOP:
    case PST_OP_EOP: return do_edge(v, ins);
    case PST_OP_SPLIT: return do_split(v, ins);
    case PST_OP_JUMP: v->now.pc = ins->c; return true;
    case PST_OP_CORE_OPEN:
    case PST_OP_CORE_CLOSE: return do_core(v, ins);
    case PST_OP_OPEN:
    case PST_OP_CLOSE: return do_capture(v, ins);
    case PST_OP_GAP:
      v->now.glue = false;
      v->now.pc++;
      return true;
    case PST_OP_SKIP: return do_skip(v, ins);
    case PST_OP_LOOK: return do_look(v, ins);
    case PST_OP_LOOK_END: return do_look_end(v, ins);
    case PST_OP_SAME: return do_same(v, ins);
    default: return false;
  }
}

/* Could what follows the skip at `pc` begin here?  Looks at one word, set or label; anything else
 * might. */
static bool may_stop(const machine *v, uint32_t pc) {
  const pst_ins *ins = &v->p->ins.at[pc + 1];
  while (ins->op == PST_OP_GAP || ins->op == PST_OP_OPEN || ins->op == PST_OP_CORE_OPEN) ins++;
  if (v->now.pos >= v->nitems) return false;
  if (ins->op == PST_OP_LABEL) return has_label(v, ins);
  const pst_item *item = &v->item[v->now.pos];
  if (ins->op == PST_OP_WORD) return item->id == ins->c && fits(item, ins->d, ins->a);
  return ins->op != PST_OP_SET || in_set(v, ins, item);
}

/* A skip that is taken up again: further, up to where it may stop. */
static bool resume_skip(machine *v) {
  uint32_t pc = v->now.pc;
  do {
    v->steps++;
    if (!extend(v)) return false;
  } while (!may_stop(v, pc));
  if (known(v, v->p->ins.at[pc].b) || !push_branch(v, FRAME_SKIP)) return false;
  v->now.pc = pc + 1;
  return true;
}

/* Back to the newest way that is left.  False: there is none. */
static bool backtrack(machine *v) {
  while (v->m->stack.n && v->trouble == PST_FOUND_NO) {
    const frame *f = &v->m->stack.at[--v->m->stack.n];
    uint8_t kind = f->kind;
    v->steps++;
    if (kind == FRAME_NOTHING) continue;
    if (kind == FRAME_UNDO) {
      undo(v, f);
      continue;
    }
    come_back(v, f);
    const pst_ins *ins = &v->p->ins.at[v->now.pc];
    if (kind == FRAME_SPLIT) return true;
    if (kind == FRAME_LABEL && follow(v, ins, f->edge, f->wide)) return true;
    if (kind == FRAME_SKIP && resume_skip(v)) return true;
    if (kind == FRAME_LOOK && ins->a) {
      v->now.pc = ins->c;
      return true;
    }
  }
  return false;
}

/* Has the match gone too far, or not far enough, for where it is in the pattern? */
static bool is_astray(const machine *v) {
  if (!v->lead || v->now.look != UNSET) return false;
  unsigned region = v->p->region.at[v->now.pc];
  return v->now.pos > v->lead->high[region] || v->now.pos < v->lead->low[region];
}

/* The first way through; of a pattern that is only words the longest. */
static pst_found run(machine *v) {
  for (;;) {
    const pst_ins *ins = &v->p->ins.at[v->now.pc];
    if (++v->steps > v->limit) return PST_FOUND_LIMIT;
    if (v->steps > v->memo_after && !v->memo_on && v->memo_span == 0) start_memo(v);
    bool match = ins->op == PST_OP_MATCH;
    bool good = !is_astray(v) && (match ? accept(v) : step(v, ins));
    if (v->trouble != PST_FOUND_NO) return v->trouble;
    if (good && match && !v->p->longest) return PST_FOUND_YES;
    if (good && !match) continue;
    if (!good) note_failure(v, ins);
    if (backtrack(v)) continue;
    if (v->trouble != PST_FOUND_NO) return v->trouble;
    return v->found ? PST_FOUND_YES : PST_FOUND_NO;
  }
}

/* An empty hit.  It is large and most starts fail, so captures that the pattern lacks are left
 * alone. */
static void clear_hit(pst_hit *hit, size_t ncaptures) {
  static const pst_capture none = {PST_NONE, PST_NONE, PST_NONE, 0, 0};
  hit->ngroups = 0;
  hit->same.para = hit->same.tag = PST_NONE;
  for (size_t k = 0; k < ncaptures; k++) hit->capture[k] = none;
}

pst_found pst_match_at(pst_matcher *m, const pst_window *w, const pst_program *program,
                       uint32_t first, uint32_t target, uint32_t end_at, pst_hit *hit) {
  machine v; /* `opened` is set where a bracket opens */
  if (first >= w->words.item.n) return PST_FOUND_NO;
  v.m = m;
  v.w = w;
  v.p = program;
  v.item = w->words.item.at;
  v.nitems = (uint32_t)w->words.item.n;
  v.first = first;
  v.target = target;
  v.end_at = end_at;
  v.hit = hit;
  v.byte_stop = UNSET;
  v.pfirst = v.pend = v.steps = 0;
  v.found = v.memo_on = false;
  v.memo_from = v.memo_span = v.memo_quote = 0;
  v.now.pc = v.now.tag_from = 0;
  v.now.ngroups = 0;
  v.now.glue = false;
  v.now.pos = first;
  v.now.quote = v.now.look = UNSET;
  v.now.tag = PST_NONE;
  v.core.open = v.core.first = v.core.end = UNSET;
  v.trouble = PST_FOUND_NO;
  m->stack.n = 0;
  m->far_item = UNSET;
  v.limit = m->work < POSTIL_STEPS_MAX ? (uint32_t)m->work : POSTIL_STEPS_MAX;
  clear_hit(hit, program->facts.ncaptures);
  v.memo_after = MEMO_AFTER;
  v.lead = m->shared ? m->lead : NULL;
  if (m->shared) {
    v.memo_after -= m->share_steps < MEMO_AFTER ? m->share_steps : MEMO_AFTER;
    v.memo_on = m->share_on;
    v.memo_from = m->share_from;
    v.memo_span = m->share_on ? m->share_span : 0;
    v.memo_quote = m->share_quote;
  }
  pst_found found = run(&v);
  if (m->shared) {
    m->share_quote = v.memo_quote;
    m->share_steps += v.steps < MEMO_AFTER ? v.steps : MEMO_AFTER;
  }
  m->work -= v.steps < m->work ? v.steps : m->work;
  return found;
}

void pst_matcher_budget(pst_matcher *m, size_t items) {
  m->work = items == SIZE_MAX ? SIZE_MAX : POSTIL_WORK_BASE + POSTIL_WORK_ITEM * items;
}

void pst_matcher_all_wanted(pst_matcher *m, bool all) { m->far_all = all; }

size_t pst_matcher_left(const pst_matcher *m) { return m->work; }
void pst_matcher_spend(pst_matcher *m, size_t left) { m->work = left; }

bool pst_matcher_furthest(const pst_matcher *m, const pst_program *program, pst_far *far) {
  if (m->far_item == UNSET) return false;
  if (m->far_all) {
    *far = m->far;
  } else {
    far->pc[0] = m->far_pc;
    far->npcs = 1;
    far->wanted = program->place.at[m->far_pc];
  }
  far->item = m->far_item + m->far_all;
  return true;
}

/* ---- Where to try ---- */

static bool word_starts(const pst_program_start *start, uint32_t id) {
  size_t lo = 0, hi = start->nwords;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (start->word[mid] < id)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo < start->nwords && start->word[lo] == id;
}

static bool label_starts(const pst_window *w, const pst_program_start *start, uint32_t item) {
  for (uint32_t e = w->head.at[item]; e != PST_NONE; e = w->edge.at[e].next) {
    const pst_wtag *tag = &w->tag.at[w->edge.at[e].tag];
    if (tag->flags & PST_TAG_DEAD) continue;
    for (size_t i = 0; i < start->nlabels; i++)
      if (start->label[i] == tag->label) return true;
  }
  return false;
}

bool pst_match_may_start(const pst_window *w, const pst_program *program, uint32_t item) {
  if (item >= w->words.item.n) return false;
  const pst_item *it = &w->words.item.at[item];
  const pst_program_start *start = &program->start;
  if ((it->cls & start->classes) || (it->extra & start->word_labels)) return true;
  if (start->nwords && word_starts(start, it->id)) return true;
  if (start->nlabels && label_starts(w, start, item)) return true;
  if (start->para && item && (it[-1].cls & PST_PARA)) return true;
  if (!start->any) return false;
  if (!program->first_known) return true;
  if (it->cls & PST_PARA || it->len == 0) return false;
  uint8_t byte = (uint8_t)w->view.bytes.at[it->at];
  return program->first[byte / 8] >> byte % 8 & 1;
}
