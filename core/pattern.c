/* pattern.c - pattern strings to programs; see pattern.h.
 *
 * pattern_parse.c makes a tree; here it becomes instructions, what rules need to know, and what
 * lets most places of a text be passed over: the first things a match can begin with, and the
 * rarest set of words one of which it must hold.  Repeats are unrolled, * and + are loops.  The
 * functions call themselves as deep as brackets nest, which has a limit.  The set of needed words
 * is compromise's idea (its needs and wants), chosen by rarity as an inverted index would.
 */
#include "pattern_parse.h"

enum { PROGRAM_MAX = 4096, CONTEXT_MAX = 16 };

typedef struct compiler {
  pst_program *program;
  postil_case kase;
  bool in_look, free_end;
  pst_span place; /* of the node that is written */
  postil_status status;
} compiler;

/* ---- Instructions ---- */

static pst_program *prog(compiler *c) { return c->program; }

/* Appends an instruction; its place.  After a failure the status says why. */
static uint32_t emit(compiler *c, enum pst_op op, unsigned a, uint32_t d1, uint32_t d2) {
  pst_ins ins = {(uint8_t)op, (uint8_t)a, PST_NO_BRANCH, d1, d2};
  uint32_t at = (uint32_t)prog(c)->ins.n;
  if (c->status != POSTIL_OK) return at;
  pst_program *p = prog(c);
  if (at >= PROGRAM_MAX)
    c->status = POSTIL_ELIMIT;
  else if (!PST_PUSH(&p->mem, &p->ins, ins) || !PST_PUSH(&p->mem, &p->place, c->place))
    c->status = POSTIL_ENOMEM;
  return at;
}

/* The same for an instruction that can be taken up again.  What is looked ahead at has no number:
 * its failing there says nothing about a later visit. */
static uint32_t emit_branch(compiler *c, enum pst_op op, uint32_t d1) {
  uint32_t at = emit(c, op, 0, d1, 0);
  if (c->status == POSTIL_OK && !c->in_look) prog(c)->ins.at[at].b = prog(c)->nbranches++;
  return at;
}

/* Lets the instruction at `at` go on behind all that is there. */
static void land(compiler *c, uint32_t at) {
  if (c->status == POSTIL_OK) prog(c)->ins.at[at].c = (uint32_t)prog(c)->ins.n;
}

static void emit_node(compiler *c, const pst_node *node);

static unsigned case_of(const compiler *c, const pst_node *node) {
  return (unsigned)(node->exact ? POSTIL_CASE_EXACT : c->kase);
}

/* 's is one item behind a word and two elsewhere. */
static void emit_possessive(compiler *c, const pst_node *node) {
  uint32_t split = emit_branch(c, PST_OP_SPLIT, 0);
  emit(c, PST_OP_WORD, case_of(c, node), node->word[0].id, node->word[0].need);
  uint32_t done = emit(c, PST_OP_JUMP, 0, 0, 0);
  land(c, split);
  emit(c, PST_OP_WORD, case_of(c, node), node->mark_id, 0);
  emit(c, PST_OP_WORD, case_of(c, node), node->s_id, node->word[0].need);
  land(c, done);
}

static void emit_literal(compiler *c, const pst_node *node) {
  if (node->mark_id) emit_possessive(c, node);
  for (size_t i = node->mark_id ? 1 : 0; i < node->nwords; i++) {
    if (node->word[i].gap) emit(c, PST_OP_GAP, 0, 0, 0);
    emit(c, PST_OP_WORD, case_of(c, node), node->word[i].id, node->word[i].need);
  }
}

/* Alternatives in a row that are single words of one kind are a set: their order cannot matter. */
static const pst_node *single_word(const pst_node *node) {
  while (node->kind == PST_NODE_SEQ && !node->child->next && !node->gap_after && !node->child->gap)
    node = node->child;
  return node->kind == PST_NODE_LITERAL && node->nwords == 1 && !node->mark_id ? node : NULL;
}

/* Where the words that begin at alternative `n` end; `n` itself when it is no single word. */
static const pst_node *set_end(const pst_node *n) {
  const pst_node *first = single_word(n), *word = first;
  while (first && word && word->exact == first->exact) {
    n = n->next;
    word = n ? single_word(n) : NULL;
  }
  return n;
}

static void emit_set(compiler *c, const pst_node *alt, const pst_node *end) {
  pst_program *p = prog(c);
  size_t from = p->want.n;
  for (const pst_node *n = alt; n != end; n = n->next) {
    const pst_literal *word = single_word(n)->word;
    pst_want want = {word->id, word->need};
    pst_span place = {n->at, n->end};
    if (!PST_PUSH(&p->mem, &p->want, want) || !PST_PUSH(&p->mem, &p->want_place, place)) {
      c->status = POSTIL_ENOMEM;
      return;
    }
    size_t to = p->want.n - 1;
    for (; to > from && p->want.at[to - 1].id > want.id; to--) {
      p->want.at[to] = p->want.at[to - 1];
      p->want_place.at[to] = p->want_place.at[to - 1];
    }
    p->want.at[to] = want;
    p->want_place.at[to] = place;
  }
  emit(c, PST_OP_SET, case_of(c, single_word(alt)), (uint32_t)from, (uint32_t)(p->want.n - from));
}

static void emit_alt(compiler *c, const pst_node *node) {
  uint32_t chain = UINT32_MAX; /* jumps to the end, linked through their targets */
  for (const pst_node *n = node->child, *next; n && c->status == POSTIL_OK; n = next) {
    const pst_node *end = set_end(n);
    bool set = end != n && end != n->next;
    next = set ? end : n->next;
    uint32_t split = next ? emit_branch(c, PST_OP_SPLIT, 0) : 0;
    if (set)
      emit_set(c, n, end);
    else
      emit_node(c, n);
    if (!next) break;
    chain = emit(c, PST_OP_JUMP, 0, chain, 0);
    land(c, split);
  }
  while (c->status == POSTIL_OK && chain != UINT32_MAX) {
    uint32_t before = prog(c)->ins.at[chain].c;
    land(c, chain);
    chain = before;
  }
}

/* A choice between going on (greedy) and leaving: the places that need the exit are landed later. A
 * lazy one prefers the exit, so it splits to the body over a jump out. */
static uint32_t emit_leave(compiler *c, bool lazy) {
  uint32_t split = emit_branch(c, PST_OP_SPLIT, 0);
  if (!lazy) return split;
  uint32_t out = emit(c, PST_OP_JUMP, 0, 0, 0);
  land(c, split);
  return out;
}

static void emit_repeat(compiler *c, const pst_node *node) {
  uint32_t leave[POSTIL_REPEAT_MAX + 1];
  size_t nleave = 0;
  bool endless = node->hi == PST_ENDLESS;
  unsigned times = endless ? (node->lo ? node->lo : 1u) : node->hi;
  uint32_t body = 0;
  for (unsigned i = 0; i < times && c->status == POSTIL_OK; i++) {
    if (i >= node->lo) leave[nleave++] = emit_leave(c, node->lazy);
    if (i) emit(c, PST_OP_GAP, 0, 0, 0);
    body = (uint32_t)prog(c)->ins.n;
    emit_node(c, node->child);
  }
  if (endless) {
    uint32_t out = emit_leave(c, node->lazy);
    emit(c, PST_OP_GAP, 0, 0, 0);
    emit(c, PST_OP_JUMP, 0, body, 0);
    land(c, out);
  }
  while (nleave) land(c, leave[--nleave]);
}

static void emit_look(compiler *c, const pst_node *node) {
  bool outer = c->in_look;
  c->in_look = true;
  uint32_t look = emit(c, PST_OP_LOOK, node->negative, 0, 0);
  emit_node(c, node->child);
  emit(c, PST_OP_LOOK_END, node->negative, 0, 0);
  land(c, look);
  c->in_look = outer;
}

static void emit_seq(compiler *c, const pst_node *node) {
  for (const pst_node *n = node->child; n; n = n->next) {
    if (n->gap) emit(c, PST_OP_GAP, 0, 0, 0);
    emit_node(c, n);
  }
  if (node->gap_after) emit(c, PST_OP_GAP, 0, 0, 0);
}

static void emit_wrapped(compiler *c, const pst_node *node) {
  bool core = node->kind == PST_NODE_CORE;
  emit(c, core ? PST_OP_CORE_OPEN : PST_OP_OPEN, 0, node->number, 0);
  emit_node(c, node->child);
  emit(c, core ? PST_OP_CORE_CLOSE : PST_OP_CLOSE, 0, node->number, 0);
}

/* The instructions of one node. */
static void emit_kind(compiler *c, const pst_node *node) {
  switch (node->kind) {
    case PST_NODE_LITERAL: emit_literal(c, node); break;
    case PST_NODE_CLASS:
      emit(c, PST_OP_CLASS, 0, 0, 0);
      if (c->status == POSTIL_OK) prog(c)->ins.at[prog(c)->ins.n - 1].b = (uint16_t)node->number;
      break;
    case PST_NODE_TAG: emit_branch(c, PST_OP_LABEL, node->number); break;
    case PST_NODE_REGEX: emit(c, PST_OP_REGEX, c->free_end, node->number, 0); break;
    case PST_NODE_PARA: emit(c, PST_OP_PARA, 0, 0, 0); break;
    case PST_NODE_BOP: emit(c, PST_OP_BOP, 0, 0, 0); break;
    case PST_NODE_EOP: emit(c, PST_OP_EOP, 0, 0, 0); break;
    case PST_NODE_SKIP: emit_branch(c, PST_OP_SKIP, 0); break;
    case PST_NODE_SAME: emit(c, PST_OP_SAME, 0, node->number, 0); break;
    case PST_NODE_SEQ: emit_seq(c, node); break;
    case PST_NODE_ALT: emit_alt(c, node); break;
    case PST_NODE_REPEAT: emit_repeat(c, node); break;
    case PST_NODE_LOOK: emit_look(c, node); break;
    default: emit_wrapped(c, node); break;
  }
}

static void emit_node(compiler *c, const pst_node *node) {
  if (c->status != POSTIL_OK) return;
  pst_span outer = c->place, own = {node->at, node->end};
  c->place = own;
  emit_kind(c, node);
  c->place = outer;
}

/* ---- What a match begins with ---- */

typedef struct first_set {
  pst_program *program;
  uint8_t bytes[32];
  bool any, good; /* any: anything at all; good: there was memory */
} first_set;

static bool push_u32(pst_program *p, void *list, uint32_t value) {
  PST_VEC(uint32_t) v;
  memcpy(&v, list, sizeof v);
  bool good = PST_PUSH(&p->mem, &v, value);
  memcpy(list, &v, sizeof v);
  return good;
}

static bool push_label(pst_program *p, void *list, uint16_t value) {
  PST_VEC(uint16_t) v;
  memcpy(&v, list, sizeof v);
  bool good = true;
  size_t i = 0;
  while (i < v.n && v.at[i] != value) i++;
  if (i == v.n) good = PST_PUSH(&p->mem, &v, value);
  memcpy(list, &v, sizeof v);
  return good;
}

static bool push_ref(pst_program *p, void *list, uint32_t number) {
  const pst_tagref *ref = &p->tagref.at[number];
  for (uint32_t i = 0; i < ref->nlabels; i++)
    if (!push_label(p, list, p->ref_label.at[ref->label + i])) return false;
  return true;
}

static void add_bytes(first_set *set, const pst_regex *regex) {
  const uint8_t *first = pst_regex_first(regex);
  for (size_t i = 0; i < sizeof set->bytes; i++) set->bytes[i] |= first[i];
  set->program->start.any = true;
}

/* Can a match begin behind `node` at any item?  Behind `^` it can only where a paragraph begins,
 * and that start is added as such.  The depth of the tree is bounded by the parser. */
static bool lets_pass(const pst_node *node) {
  switch (node->kind) {
    case PST_NODE_BOP: return false;
    case PST_NODE_SEQ:
      for (const pst_node *n = node->child; n; n = n->next)
        if (!lets_pass(n)) return false;
      return true;
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next)
        if (lets_pass(n)) return true;
      return false;
    case PST_NODE_REPEAT: return node->lo == 0 || lets_pass(node->child);
    case PST_NODE_CAPTURE:
    case PST_NODE_CORE: return lets_pass(node->child);
    default: return node->nullable;
  }
}

/* Adds what `node` can begin with; the caller looks on when the node lets a match pass. */
static void add_first(first_set *set, const pst_node *node) {
  pst_program *p = set->program;
  switch (node->kind) {
    case PST_NODE_LITERAL:
      if (!push_u32(p, &p->start_word, node->word[0].id)) set->good = false;
      if (node->mark_id && !push_u32(p, &p->start_word, node->mark_id)) set->good = false;
      break;
    case PST_NODE_CLASS: p->start.classes = (uint16_t)(p->start.classes | node->number); break;
    case PST_NODE_PARA: p->start.classes |= PST_PARA; break;
    case PST_NODE_TAG:
      if (!push_ref(p, &p->start_label, node->number)) set->good = false;
      break;
    case PST_NODE_REGEX: add_bytes(set, p->regex.at[node->number].regex); break;
    case PST_NODE_SKIP: set->any = true; break;
    case PST_NODE_SAME: p->start.same = true; break;
    case PST_NODE_BOP: p->start.para = true; break;
    case PST_NODE_EOP:
    case PST_NODE_LOOK: break;
    case PST_NODE_SEQ:
      for (const pst_node *n = node->child; n; n = n->next) {
        bool seen = n->kind == PST_NODE_LOOK && !n->negative; /* so it says what comes */
        add_first(set, seen ? n->child : n);
        if (seen || !lets_pass(n)) break;
      }
      break;
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next) add_first(set, n);
      break;
    default: add_first(set, node->child); break;
  }
}

/* Sorts ids and drops those that come twice. */
static size_t sort_ids(uint32_t *id, size_t n) {
  for (size_t gap = n / 2; gap > 0; gap /= 2) {
    for (size_t i = gap; i < n; i++) {
      uint32_t one = id[i];
      size_t to = i;
      for (; to >= gap && id[to - gap] > one; to -= gap) id[to] = id[to - gap];
      id[to] = one;
    }
  }
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (i == 0 || id[i] != id[i - 1]) id[kept++] = id[i];
  return kept;
}

/* Adds the labels any of which `node`, looked for, finds for sure. */
static bool add_barred(pst_program *p, const pst_node *node) {
  if (node->kind == PST_NODE_TAG)
    return p->tagref.at[node->number].ntests || push_ref(p, &p->barred, node->number);
  if (node->kind == PST_NODE_SEQ && !node->child->next) return add_barred(p, node->child);
  for (const pst_node *n = node->kind == PST_NODE_ALT ? node->child : NULL; n; n = n->next)
    if (!add_barred(p, n)) return false;
  return true;
}

/* What must not stand where a match begins: !<X> before anything else. */
static bool make_barred(pst_program *p, const pst_node *node) {
  while (node) {
    if (node->kind == PST_NODE_CORE || node->kind == PST_NODE_CAPTURE)
      node = node->child;
    else if (node->kind != PST_NODE_SEQ)
      return true;
    else
      for (node = node->child; node && node->kind == PST_NODE_LOOK; node = node->next)
        if (node->negative && !add_barred(p, node->child)) return false;
  }
  return true;
}

static bool make_starts(pst_program *p, const pst_node *root) {
  first_set set = {p, {0}, false, true};
  add_first(&set, root);
  if (!set.good || !make_barred(p, root)) return false;
  if (set.any) p->start.any = true;
  p->first_known = p->start.any && !set.any;
  memcpy(p->first, set.bytes, sizeof p->first);
  p->start_word.n = sort_ids(p->start_word.at, p->start_word.n);
  p->start.word = p->start_word.at;
  p->start.nwords = p->start_word.n;
  p->start.label = p->start_label.at;
  p->start.nlabels = p->start_label.n;
  return true;
}

/* ---- How far one thing may stand behind another ---- */

static void spread_tag(pst_spread *sum, uint32_t tagref, uint32_t times, bool most) {
  uint32_t i = 0;
  while (i < sum->ntags && sum->tag[i].tagref != tagref) i++;
  if (i == PST_SPREAD_TAGS) {
    sum->endless = true;
    return;
  }
  uint32_t before = i < sum->ntags ? sum->tag[i].times : 0;
  if (i == sum->ntags) sum->ntags++;
  sum->tag[i].tagref = tagref;
  sum->tag[i].times = most ? (times > before ? times : before) : before + times;
}

static void spread_add(pst_spread *sum, const pst_spread *more, uint32_t times) {
  sum->endless = sum->endless || more->endless;
  sum->runs += more->runs * times;
  for (uint32_t i = 0; i < more->ntags && !sum->endless; i++)
    spread_tag(sum, more->tag[i].tagref, more->tag[i].times * times, false);
}

static void spread_most(pst_spread *sum, const pst_spread *other) {
  sum->endless = sum->endless || other->endless;
  if (other->runs > sum->runs) sum->runs = other->runs;
  for (uint32_t i = 0; i < other->ntags && !sum->endless; i++)
    spread_tag(sum, other->tag[i].tagref, other->tag[i].times, true);
}

static pst_spread spread_of(const pst_program *p, const pst_node *node);

/* Of the children up to `stop`, with the white space before each. */
static pst_spread spread_until(const pst_program *p, const pst_node *child, const pst_node *stop) {
  pst_spread sum;
  memset(&sum, 0, sizeof sum);
  for (const pst_node *n = child; n != stop && !sum.endless; n = n->next) {
    pst_spread one = spread_of(p, n);
    spread_add(&sum, &one, 1);
    sum.runs += n->gap;
  }
  return sum;
}

/* White space inside what `node` takes, at most. */
static pst_spread spread_of(const pst_program *p, const pst_node *node) {
  pst_spread sum, one;
  memset(&sum, 0, sizeof sum);
  switch (node->kind) {
    case PST_NODE_LITERAL:
      for (size_t i = 0; i < node->nwords; i++) sum.runs += node->word[i].gap;
      break;
    case PST_NODE_CLASS:
    case PST_NODE_BOP:
    case PST_NODE_EOP:
    case PST_NODE_LOOK: break;
    case PST_NODE_TAG: spread_tag(&sum, node->number, 1, false); break;
    case PST_NODE_REGEX: sum.endless = pst_regex_spaces(p->regex.at[node->number].regex); break;
    case PST_NODE_SEQ:
      sum = spread_until(p, node->child, NULL);
      sum.runs += node->gap_after;
      break;
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n && !sum.endless; n = n->next) {
        one = spread_of(p, n);
        spread_most(&sum, &one);
      }
      break;
    case PST_NODE_REPEAT:
      one = spread_of(p, node->child);
      sum.endless = node->hi == PST_ENDLESS;
      if (sum.endless || !node->hi) break;
      spread_add(&sum, &one, node->hi);
      sum.runs += node->hi - 1u;
      break;
    case PST_NODE_CAPTURE:
    case PST_NODE_CORE: return spread_of(p, node->child);
    default: sum.endless = true; break;
  }
  return sum;
}

/* ---- What stands before the core ---- */

/* Adds what `node` may end with to the words and labels at the end of the program's lists.  *known
 * is false when that can be anything. */
static bool add_last(pst_program *p, const pst_node *node, pst_back *set, bool *known);

/* The ends of a sequence: those of its nodes from the last that is not nullable. */
static bool add_last_of(pst_program *p, const pst_node *child, pst_back *set, bool *known) {
  const pst_node *from = child;
  for (const pst_node *n = child; n; n = n->next)
    if (!n->nullable) from = n;
  for (const pst_node *n = from; n; n = n->next)
    if (!add_last(p, n, set, known)) return false;
  return true;
}

static bool add_last(pst_program *p, const pst_node *node, pst_back *set, bool *known) {
  switch (node->kind) {
    case PST_NODE_LITERAL:
      if (node->mark_id) *known = false;
      set->nwords++;
      return PST_PUSH(&p->mem, &p->back_word, node->word[node->nwords - 1].id);
    case PST_NODE_TAG: {
      const pst_tagref *ref = &p->tagref.at[node->number];
      set->nlabels += ref->nlabels;
      for (uint32_t i = 0; i < ref->nlabels; i++)
        if (!PST_PUSH(&p->mem, &p->back_label, p->ref_label.at[ref->label + i])) return false;
      return true;
    }
    case PST_NODE_PARA: set->para = true; return true;
    case PST_NODE_BOP:
    case PST_NODE_EOP:
    case PST_NODE_LOOK: return true;
    case PST_NODE_SEQ: return add_last_of(p, node->child, set, known);
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next)
        if (!add_last(p, n, set, known)) return false;
      return true;
    case PST_NODE_REPEAT:
    case PST_NODE_CAPTURE: return add_last(p, node->child, set, known);
    default: *known = false; return true;
  }
}

/* The items that `node` takes at least and at most; a tag may take any number. */
static void width(const pst_node *node, uint32_t *least, uint32_t *most) {
  uint32_t lo, hi;
  *least = *most = 0;
  switch (node->kind) {
    case PST_NODE_LITERAL:
      *least = (uint32_t)node->nwords;
      *most = *least + (node->mark_id != 0);
      return;
    case PST_NODE_BOP:
    case PST_NODE_EOP:
    case PST_NODE_LOOK: return;
    case PST_NODE_PARA: *least = *most = 1; return;
    case PST_NODE_SEQ:
      for (const pst_node *n = node->child; n; n = n->next) {
        width(n, &lo, &hi);
        *least += lo;
        *most += hi;
      }
      break;
    case PST_NODE_ALT:
      *least = UINT32_MAX;
      for (const pst_node *n = node->child; n; n = n->next) {
        width(n, &lo, &hi);
        if (lo < *least) *least = lo;
        if (hi > *most) *most = hi;
      }
      break;
    case PST_NODE_REPEAT:
      width(node->child, &lo, &hi);
      *least = lo * node->lo;
      *most = node->hi == PST_ENDLESS || hi >= PST_BACK_FAR ? PST_BACK_FAR : hi * node->hi;
      break;
    case PST_NODE_CAPTURE:
    case PST_NODE_CORE: width(node->child, least, most); return;
    case PST_NODE_SKIP: *most = PST_BACK_FAR; return;
    default:
      *least = 1;
      *most = PST_BACK_FAR;
      return;
  }
  if (*least > PST_BACK_FAR) *least = PST_BACK_FAR;
  if (*most > PST_BACK_FAR) *most = PST_BACK_FAR;
}

/* Adds what the walk back from the core meets at one node. */
static bool add_back(pst_program *p, const pst_node *node, uint32_t region) {
  pst_back set, pass;
  bool known = true;
  uint32_t least, most;
  memset(&set, 0, sizeof set);
  set.kind = PST_BACK_NEED;
  set.region = (uint8_t)region;
  set.word = (uint32_t)p->back_word.n;
  set.label = (uint32_t)p->back_label.n;
  if (!add_last(p, node, &set, &known)) return false;
  if (!known) set.nwords = set.nlabels = set.para = 0;
  pass = set;
  width(node, &least, &most);
  pass.kind = node->kind == PST_NODE_SKIP ? PST_BACK_SKIP : PST_BACK_PASS;
  pass.least = (uint16_t)least;
  pass.most = (uint16_t)most;
  pass.far = spread_of(p, node);
  bool needed = !node->nullable && (set.nwords || set.nlabels || set.para);
  return (!needed || PST_PUSH(&p->mem, &p->back, set)) &&
         (most == 0 || PST_PUSH(&p->mem, &p->back, pass));
}

static const pst_node *core_of(const pst_node *root) {
  const pst_node *core = root->kind == PST_NODE_SEQ ? root->child : NULL;
  while (core && core->kind != PST_NODE_CORE) core = core->next;
  return core;
}

/* From the core leftwards, as far as paragraphs are not left in more than one way. */
static bool make_back(pst_program *p, const pst_node *root) {
  const pst_node *core = core_of(root);
  uint32_t region = 0;
  for (const pst_node *before = core; before && before != root->child;) {
    const pst_node *n = root->child;
    while (n->next != before) n = n->next;
    if ((n->paras && n->kind != PST_NODE_PARA) || ++region == PST_REGIONS) return true;
    if (!add_back(p, n, region)) return false;
    before = n;
  }
  p->back_whole = core != NULL;
  return true;
}

/* The region of a place of the pattern. */
static uint8_t region_at(const pst_node *root, const pst_node *core, pst_span place) {
  const pst_node *n = root->child;
  uint32_t region = 0;
  while (n != core && !(n->at <= place.start && place.end <= n->end)) n = n->next;
  for (; n != core; n = n->next) region++;
  return (uint8_t)(region < PST_REGIONS ? region : PST_REGIONS);
}

static bool make_regions(pst_program *p, const pst_node *root) {
  const pst_node *core = core_of(root);
  if (!PST_RESERVE(&p->mem, &p->region, p->ins.n)) return false;
  p->region.n = p->ins.n;
  memset(p->region.at, 0, p->region.n);
  for (size_t pc = p->ins.n; pc-- && core;) {
    bool between = p->place.at[pc].start <= root->at && p->place.at[pc].end >= root->end;
    p->region.at[pc] = between && pc + 1 < p->ins.n ? p->region.at[pc + 1]
                                                    : region_at(root, core, p->place.at[pc]);
  }
  return true;
}

/* ---- What a match must hold ---- */

enum { LABEL_COST = 15, POSSESSIVE_COST = 40, NEEDS_MAX = 8 };
#define NO_NEED UINT32_MAX

/* Cost of a literal's rarest word, and which it is; 's counts for the apostrophe, too, that it may
 * begin with. */
static uint32_t rarest(const pst_node *literal, size_t *which) {
  uint32_t best = literal->mark_id ? POSSESSIVE_COST : NO_NEED;
  *which = 0;
  for (size_t i = literal->mark_id ? 1 : 0; i < literal->nwords; i++) {
    if (literal->word[i].cost >= best) continue;
    best = literal->word[i].cost;
    *which = i;
  }
  return best;
}

/* Cost of the best set that each match of `node` must hold one of, NO_NEED if there is none. */
static uint32_t need_cost(const pst_program *p, const pst_node *node) {
  uint32_t best = NO_NEED, sum = 0;
  size_t which;
  switch (node->kind) {
    case PST_NODE_LITERAL: return rarest(node, &which);
    case PST_NODE_TAG: return LABEL_COST * (uint32_t)p->tagref.at[node->number].nlabels;
    case PST_NODE_SEQ:
      for (const pst_node *n = node->child; n; n = n->next) {
        uint32_t cost = need_cost(p, n);
        if (cost < best) best = cost;
      }
      return best;
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next) {
        uint32_t cost = need_cost(p, n);
        if (cost == NO_NEED) return NO_NEED;
        sum = sum < 1000000 ? sum + cost : sum;
      }
      return sum;
    case PST_NODE_REPEAT: return node->lo ? need_cost(p, node->child) : NO_NEED;
    case PST_NODE_CAPTURE:
    case PST_NODE_CORE: return need_cost(p, node->child);
    default: return NO_NEED;
  }
}

/* Adds to a set what `node` needs that need_cost() has weighed; `before`: what may stand before the
 * node. */
static bool add_to_need(pst_program *p, const pst_node *node, pst_spread before, pst_need *need) {
  size_t which = 0;
  switch (node->kind) {
    case PST_NODE_LITERAL:
      rarest(node, &which);
      for (size_t i = 0; i <= which; i++) before.runs += node->word[i].gap;
      spread_most(&need->far, &before);
      need->nwords++;
      if (!PST_PUSH(&p->mem, &p->need_word, node->word[which].id)) return false;
      if (which || !node->mark_id) return true;
      need->nwords++;
      return PST_PUSH(&p->mem, &p->need_word, node->mark_id);
    case PST_NODE_TAG: {
      const pst_tagref *ref = &p->tagref.at[node->number];
      spread_most(&need->far, &before);
      need->nlabels += ref->nlabels;
      for (uint32_t i = 0; i < ref->nlabels; i++)
        if (!PST_PUSH(&p->mem, &p->need_label, p->ref_label.at[ref->label + i])) return false;
      return true;
    }
    case PST_NODE_SEQ: {
      uint32_t best = need_cost(p, node);
      const pst_node *n = node->child;
      while (need_cost(p, n) != best) n = n->next;
      pst_spread passed = spread_until(p, node->child, n);
      passed.runs += n->gap;
      spread_add(&before, &passed, 1);
      return add_to_need(p, n, before, need);
    }
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next)
        if (!add_to_need(p, n, before, need)) return false;
      return true;
    default: return add_to_need(p, node->child, before, need);
  }
}

static bool add_need(pst_program *p, const pst_node *node, pst_spread before) {
  pst_need need;
  memset(&need, 0, sizeof need);
  need.word = (uint32_t)p->need_word.n;
  need.label = (uint32_t)p->need_label.n;
  if (node->kind == PST_NODE_REGEX) {
    const pst_regex *regex = p->regex.at[node->number].regex;
    pst_spread inside = spread_of(p, node);
    need.byte = pst_regex_mark(regex);
    spread_add(&before, &inside, 1);
    spread_most(&need.far, &before);
    return !need.byte || PST_PUSH(&p->mem, &p->need, need);
  }
  return add_to_need(p, node, before, &need) && PST_PUSH(&p->mem, &p->need, need);
}

/* Each thing that every match of `node` must hold.  What a match begins with is no news: `first`. */
static bool add_needs(pst_program *p, const pst_node *node, pst_spread before, bool first) {
  switch (node->kind) {
    case PST_NODE_SEQ:
      for (const pst_node *n = node->child; n && p->need.n < NEEDS_MAX; n = n->next) {
        before.runs += n->gap;
        if (!add_needs(p, n, before, first && n == node->child)) return false;
        pst_spread passed = spread_of(p, n);
        spread_add(&before, &passed, 1);
      }
      return true;
    case PST_NODE_REPEAT: return !node->lo || add_needs(p, node->child, before, first);
    case PST_NODE_CAPTURE:
    case PST_NODE_CORE: return add_needs(p, node->child, before, first);
    case PST_NODE_REGEX: return add_need(p, node, before);
    default:
      if (first && node->kind == PST_NODE_TAG) return true;
      return need_cost(p, node) == NO_NEED || add_need(p, node, before);
  }
}

static bool make_needs(pst_program *p, const pst_node *root) {
  pst_spread none;
  memset(&none, 0, sizeof none);
  return add_needs(p, root, none, true);
}

/* ---- Facts ---- */

static unsigned count_bits(uint32_t bits) {
  unsigned n = 0;
  for (; bits; bits &= bits - 1) n++;
  return n;
}

/* Capitals that the words of any match ask for at least. */
static unsigned caps_of(const pst_node *node) {
  unsigned sum = 0, least = UINT16_MAX;
  switch (node->kind) {
    case PST_NODE_LITERAL:
      for (size_t i = 0; i < node->nwords; i++) sum += count_bits(node->word[i].need);
      break;
    case PST_NODE_SEQ:
      for (const pst_node *n = node->child; n; n = n->next) sum += caps_of(n);
      break;
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next) {
        unsigned caps = caps_of(n);
        if (caps < least) least = caps;
      }
      return least;
    case PST_NODE_REPEAT: sum = node->lo * caps_of(node->child); break;
    case PST_NODE_CAPTURE:
    case PST_NODE_CORE: sum = caps_of(node->child); break;
    default: break;
  }
  return sum < UINT16_MAX ? sum : UINT16_MAX;
}

/* Where the core stands among the rest. */
typedef struct around {
  uint32_t before, after; /* <para>s */
  bool left;              /* something stands before it */
} around;

static around core_around(const pst_node *node) {
  around a = {0, node->paras, false};
  if (node->core_at == SIZE_MAX || node->kind == PST_NODE_CORE) return a;
  if (node->kind == PST_NODE_SEQ) {
    uint32_t before = 0;
    const pst_node *n = node->child;
    for (; n->core_at == SIZE_MAX; n = n->next) before += n->paras;
    a = core_around(n);
    a.before += before;
    if (n != node->child) a.left = true;
    for (n = n->next; n; n = n->next) a.after += n->paras;
    return a;
  }
  if (node->kind != PST_NODE_ALT) return core_around(node->child);
  a.after = 0;
  for (const pst_node *n = node->child; n; n = n->next) {
    around one = core_around(n);
    if (one.before > a.before) a.before = one.before;
    if (one.after > a.after) a.after = one.after;
    a.left = a.left || one.left;
  }
  return a;
}

/* Every way through `node` has a core. */
static bool core_certain(const pst_node *node) {
  if (node->core_at == SIZE_MAX) return false;
  bool all = true;
  switch (node->kind) {
    case PST_NODE_SEQ:
      for (const pst_node *n = node->child; n; n = n->next)
        if (core_certain(n)) return true;
      return false;
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next) all = all && core_certain(n);
      return all;
    case PST_NODE_REPEAT: return node->lo > 0 && core_certain(node->child);
    default: return true;
  }
}

/* Items a match takes at most; a tag counts as one, since it is stepped over at once. */
static uint32_t most_items(const pst_node *node) {
  uint32_t sum = 0;
  switch (node->kind) {
    case PST_NODE_LITERAL: return (uint32_t)node->nwords + (node->mark_id ? 1 : 0);
    case PST_NODE_BOP:
    case PST_NODE_EOP:
    case PST_NODE_LOOK: return 0;
    case PST_NODE_SEQ:
      for (const pst_node *n = node->child; n; n = n->next) sum += most_items(n);
      return sum;
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next) {
        uint32_t one = most_items(n);
        if (one > sum) sum = one;
      }
      return sum;
    case PST_NODE_REPEAT:
      sum = most_items(node->child);
      return sum < UINT16_MAX ? node->hi * sum : sum;
    case PST_NODE_CAPTURE:
    case PST_NODE_CORE: return most_items(node->child);
    default: return 1;
  }
}

static void make_facts(pst_program *p, const pst_node *root) {
  pst_program_facts *f = &p->facts;
  around a = core_around(root);
  f->has_core = root->core_at != SIZE_MAX;
  f->left_context = f->has_core && a.left;
  f->paras_before = a.before < UINT8_MAX ? (uint8_t)a.before : UINT8_MAX;
  f->paras_after = a.after < UINT8_MAX ? (uint8_t)a.after : UINT8_MAX;
  f->ncaptures = (uint16_t)p->capture.n;
  f->capture = p->capture.at;
  f->nlabels = p->label.n;
  f->label = p->label.at;
  f->label_at = p->label_at.at;
  f->tested = p->tested.at;
  f->ntested = p->tested.n;
  f->caps = (uint16_t)caps_of(root);
  p->core_always = !f->has_core || core_certain(root);
}

/* ---- All of it ---- */

/* The pattern is one regex, perhaps with a name or in brackets. */
static bool only_regex(const pst_node *node) {
  while (node->kind == PST_NODE_CAPTURE || node->kind == PST_NODE_CORE ||
         (node->kind == PST_NODE_SEQ && !node->child->next))
    node = node->child;
  return node->kind == PST_NODE_REGEX;
}

/* Words, choices and what may be missing: nothing else. */
static bool only_words(const pst_node *node) {
  switch (node->kind) {
    case PST_NODE_LITERAL: return true;
    case PST_NODE_REPEAT: return node->hi == 1 && !node->lazy && only_words(node->child);
    case PST_NODE_SEQ:
    case PST_NODE_ALT:
      for (const pst_node *n = node->child; n; n = n->next)
        if (!only_words(n)) return false;
      return true;
    default: return false;
  }
}

/* Makes instructions and all that is known of them from the tree. */
static postil_status compile(pst_program *p, const pst_node *root, postil_case kase, unsigned flags,
                             postil_err *err) {
  if (flags & PST_PATTERN_BOUNDED && most_items(root) > CONTEXT_MAX)
    return pst_err_say(err, POSTIL_ELIMIT, 0, "a context takes at most %u words and marks",
                       (unsigned)CONTEXT_MAX);
  pst_span all = {root->at, root->end};
  compiler c = {p, kase, false, only_regex(root), all, POSTIL_OK};
  emit_node(&c, root);
  emit(&c, PST_OP_MATCH, 0, 0, 0);
  if (c.status == POSTIL_ELIMIT)
    return pst_err_say(err, POSTIL_ELIMIT, 0,
                       "this pattern is too large when its repeats are written out");
  if (c.status != POSTIL_OK || !make_starts(p, root) || !make_back(p, root) ||
      !make_regions(p, root) || !make_needs(p, root))
    return pst_err_nomem(err);
  make_facts(p, root);
  p->longest = only_words(root);
  return POSTIL_OK;
}

pst_program *pst_pattern_compile(const pst_pattern_env *env, const char *source, size_t len,
                                 postil_case kase, unsigned flags, postil_err *err) {
  pst_program *p = pst_mem_new(&env->mem, 1, sizeof *p);
  if (!p) {
    pst_err_nomem(err);
    return NULL;
  }
  p->mem = env->mem;
  pst_arena arena;
  pst_arena_init(&arena, &env->mem);
  postil_status status = POSTIL_OK;
  const pst_node *root = pst_pattern_parse(env, &arena, p, source, len, kase, flags, &status, err);
  if (root) status = compile(p, root, kase, flags, err);
  pst_arena_free(&arena);
  if (root && status == POSTIL_OK) return p;
  pst_program_free(p);
  return NULL;
}

void pst_program_free(pst_program *p) {
  if (!p) return;
  postil_mem mem = p->mem;
  for (size_t i = 0; i < p->regex.n; i++) pst_regex_free(p->regex.at[i].regex);
  PST_FREE(&mem, &p->ins);
  PST_FREE(&mem, &p->place);
  PST_FREE(&mem, &p->want);
  PST_FREE(&mem, &p->want_place);
  PST_FREE(&mem, &p->tagref);
  PST_FREE(&mem, &p->ref_label);
  PST_FREE(&mem, &p->test);
  PST_FREE(&mem, &p->bytes);
  PST_FREE(&mem, &p->regex);
  PST_FREE(&mem, &p->group);
  PST_FREE(&mem, &p->capture);
  PST_FREE(&mem, &p->label);
  PST_FREE(&mem, &p->label_at);
  PST_FREE(&mem, &p->tested);
  PST_FREE(&mem, &p->back);
  PST_FREE(&mem, &p->region);
  PST_FREE(&mem, &p->back_word);
  PST_FREE(&mem, &p->back_label);
  PST_FREE(&mem, &p->start_word);
  PST_FREE(&mem, &p->need_word);
  PST_FREE(&mem, &p->start_label);
  PST_FREE(&mem, &p->need);
  PST_FREE(&mem, &p->barred);
  PST_FREE(&mem, &p->need_label);
  pst_mem_free(&mem, p, 1, sizeof *p);
}

const pst_program_facts *pst_program_about(const pst_program *program) { return &program->facts; }

const pst_program_start *pst_program_starts(const pst_program *program) { return &program->start; }
