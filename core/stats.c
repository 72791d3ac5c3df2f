/* stats.c - figures of rules: listens to what becomes of candidates (trace.h) and adds it up.
 *
 * A tag that is PLACED may still be BEATEN when all labels are settled together.  Within its own label
 * nothing is BEATEN once it was PLACED, and each was FOUND before: so a label between its PLACED and
 * its next FOUND is one whose BEATEN take back what was kept.
 */
#include "doc.h"

enum { SLOTS = 64 }; /* of a new table of losses; a power of two */

typedef struct loss {
  uint32_t rule, by;
  uint64_t times; /* 0: free */
} loss;

struct postil_stats {
  postil_mem mem;
  const postil_rules *rules;
  pst_trace trace;
  double (*clock)(void *ud);
  void *ud;
  postil_stat *stat; /* of each statement its own: terms, limits; then of all patterns */
  uint32_t *pattern; /* of a statement: the place of its first pattern there; one more at the end */
  uint8_t *placed;   /* labels */
  loss *losses;
  size_t mask, nlosses;
  bool whole;
  pst_told_who working; /* whose work is going on; rule POSTIL_NO_RULE: nobody's */
  uint32_t inside;      /* functions that are called while its pattern runs: their time is its */
  double begun;
};

static void add_stat(postil_stat *sum, const postil_stat *one) {
  sum->found += one->found;
  sum->context += one->context;
  sum->vetoed += one->vetoed;
  sum->refused += one->refused;
  sum->merged += one->merged;
  sum->beaten += one->beaten;
  sum->kept += one->kept;
  sum->limits += one->limits;
  sum->steps += one->steps;
  sum->seconds += one->seconds;
}

/* ---- Who lost to whom ---- */

static loss *seek_loss(loss *list, size_t mask, uint32_t rule, uint32_t by) {
  uint32_t hash = (rule * UINT32_C(0x9E3779B1)) ^ (by * UINT32_C(0x85EBCA6B));
  for (size_t i = (hash ^ hash >> 15) & mask;; i = (i + 1) & mask)
    if (!list[i].times || (list[i].rule == rule && list[i].by == by)) return &list[i];
}

static bool grow_losses(postil_stats *s) {
  size_t slots = (s->mask + 1) * 2;
  loss *list = pst_mem_new(&s->mem, slots, sizeof *list);
  if (!list) return false;
  for (size_t i = 0; i <= s->mask; i++)
    if (s->losses[i].times)
      *seek_loss(list, slots - 1, s->losses[i].rule, s->losses[i].by) = s->losses[i];
  pst_mem_free(&s->mem, s->losses, s->mask + 1, sizeof *list);
  s->losses = list;
  s->mask = slots - 1;
  return true;
}

static void add_loss(postil_stats *s, uint32_t rule, uint32_t by) {
  if (by >= s->rules->rule.n) return; /* a quotation */
  if (s->nlosses * 2 > s->mask && !grow_losses(s)) {
    s->whole = false;
    return;
  }
  loss *one = seek_loss(s->losses, s->mask, rule, by);
  if (!one->times) s->nlosses++;
  *one = (loss){rule, by, one->times + 1};
}

/* ---- Listening ---- */

static postil_stat *stat_of(const postil_stats *s, const pst_told_who *who) {
  if (who->pattern == PST_NO_PATTERN) return &s->stat[who->rule];
  return &s->stat[s->pattern[who->rule] + who->pattern];
}

static double now(const postil_stats *s) { return s->clock ? s->clock(s->ud) : 0; }

/* After a run that failed nobody ended the work; who begins next is somebody else. */
static void see_begin(postil_stats *s, const pst_told *told) {
  if (s->working.rule == told->who.rule && s->working.pattern == told->who.pattern) {
    s->inside++;
    return;
  }
  s->working = told->who;
  s->inside = 0;
  s->begun = now(s);
}

static void see_end(postil_stats *s, const pst_told *told, postil_stat *stat) {
  stat->steps += told->steps;
  if (s->inside) {
    s->inside--;
    return;
  }
  double taken = now(s) - s->begun;
  if (taken > 0) stat->seconds += taken;
  s->working.rule = POSTIL_NO_RULE;
}

static void see_beaten(postil_stats *s, const pst_told *told, postil_stat *stat) {
  if (told->kind == PST_TOLD_MERGED)
    stat->merged++;
  else
    stat->beaten++;
  if (s->placed[told->who.label] && stat->kept) stat->kept--;
  add_loss(s, told->who.rule, told->by.rule);
}

static void see_vetoed(postil_stats *s, const pst_told *told, postil_stat *stat) {
  stat->vetoed++;
  add_loss(s, told->who.rule, told->by.rule);
  stat_of(s, &told->by)->kept++;
}

static void see_kept(postil_stats *s, const pst_told *told, postil_stat *stat, postil_verb verb) {
  if (verb == POSTIL_BLOCK || verb == POSTIL_AMEND) stat->found++;
  if (told->kind == PST_TOLD_PLACED) s->placed[told->who.label] = 1;
  stat->kept++;
}

/* Of an amendment is told only what becomes of it. */
static void see_amended(const pst_told *told, postil_stat *stat) {
  stat->found++;
  if (told->kind == PST_TOLD_CONTEXT)
    stat->context++;
  else
    stat->beaten++;
}

static void listen(void *ud, const pst_told *told) {
  postil_stats *s = ud;
  if (told->who.rule >= s->rules->rule.n) return; /* a quotation */
  postil_stat *stat = stat_of(s, &told->who);
  postil_verb verb = s->rules->rule.at[told->who.rule].verb;
  switch (told->kind) {
    case PST_TOLD_BEGINS: see_begin(s, told); break;
    case PST_TOLD_CALLED:
    case PST_TOLD_RAN: see_end(s, told, stat); break;
    case PST_TOLD_VETO: stat->found++; break;
    case PST_TOLD_FOUND:
      stat->found++;
      s->placed[told->who.label] = 0;
      break;
    case PST_TOLD_CONTEXT:
      if (verb == POSTIL_AMEND)
        see_amended(told, stat);
      else
        stat->context++;
      break;
    case PST_TOLD_NOT_FREE: see_amended(told, stat); break;
    case PST_TOLD_VETOED: see_vetoed(s, told, stat); break;
    case PST_TOLD_REFUSED:
      if (verb == POSTIL_AMEND) stat->found++;
      stat->refused++;
      break;
    case PST_TOLD_MERGED:
    case PST_TOLD_BEATEN: see_beaten(s, told, stat); break;
    case PST_TOLD_NO_ANTECEDENT: stat->beaten++; break;
    case PST_TOLD_NO_ROOM:
      stat->beaten++;
      add_loss(s, told->who.rule, told->by.rule);
      break;
    case PST_TOLD_NAMED:
      stat->merged++;
      add_loss(s, told->who.rule, told->by.rule);
      break;
    case PST_TOLD_PLACED:
    case PST_TOLD_AMENDED: see_kept(s, told, stat, verb); break;
    case PST_TOLD_LIMIT: s->stat[told->who.rule].limits++; break;
    default: break;
  }
}

/* ---- Making and asking ---- */

static size_t count_stats(const postil_rules *r) {
  size_t n = r->rule.n;
  for (size_t i = 0; i < r->rule.n; i++) n += r->rule.at[i].program.n;
  return n;
}

static bool make_stats(postil_stats *s) {
  const postil_rules *r = s->rules;
  uint32_t at = (uint32_t)r->rule.n;
  s->stat = pst_mem_new(&s->mem, count_stats(r) + 1, sizeof *s->stat);
  s->pattern = pst_mem_new(&s->mem, r->rule.n + 1, sizeof *s->pattern);
  s->placed = pst_mem_new(&s->mem, r->labels.n + 1, 1);
  s->losses = pst_mem_new(&s->mem, SLOTS, sizeof *s->losses);
  s->mask = SLOTS - 1;
  for (size_t i = 0; s->pattern && i < r->rule.n; i++) {
    s->pattern[i] = at;
    at += (uint32_t)r->rule.at[i].program.n;
  }
  if (s->pattern) s->pattern[r->rule.n] = at;
  return s->stat && s->pattern && s->placed && s->losses;
}

postil_status postil_stats_new(const postil_rules *rules, double (*clock)(void *ud), void *ud,
                               postil_stats **stats, postil_err *err) {
  *stats = NULL;
  if (!rules->sealed) return pst_err_say(err, POSTIL_EUSE, 0, "the rule set is not sealed");
  postil_stats *s = pst_mem_new(&rules->mem, 1, sizeof *s);
  if (!s) return pst_err_nomem(err);
  s->mem = rules->mem;
  s->rules = rules;
  s->clock = clock;
  s->ud = ud;
  s->whole = true;
  s->working.rule = POSTIL_NO_RULE;
  s->trace.tell = listen;
  s->trace.ud = s;
  if (!make_stats(s)) {
    postil_stats_free(s);
    return pst_err_nomem(err);
  }
  *stats = s;
  return POSTIL_OK;
}

void postil_stats_free(postil_stats *s) {
  if (!s) return;
  postil_mem mem = s->mem;
  pst_mem_free(&mem, s->stat, count_stats(s->rules) + 1, sizeof *s->stat);
  pst_mem_free(&mem, s->pattern, s->rules->rule.n + 1, sizeof *s->pattern);
  pst_mem_free(&mem, s->placed, s->rules->labels.n + 1, 1);
  pst_mem_free(&mem, s->losses, s->mask + 1, sizeof *s->losses);
  pst_mem_free(&mem, s, 1, sizeof *s);
}

void postil_doc_count(postil_doc *doc, postil_stats *stats) {
  if (stats) stats->working.rule = POSTIL_NO_RULE; /* a run that failed has not ended its work */
  doc->w.trace = stats ? &stats->trace : NULL;
}

bool postil_stats_rule(const postil_stats *s, uint32_t rule, postil_stat *stat) {
  if (rule >= s->rules->rule.n) return false;
  *stat = s->stat[rule];
  for (uint32_t i = s->pattern[rule]; i < s->pattern[rule + 1]; i++) add_stat(stat, &s->stat[i]);
  return true;
}

bool postil_stats_pattern(const postil_stats *s, uint32_t rule, uint32_t pattern,
                          postil_stat *stat) {
  if (rule >= s->rules->rule.n || pattern >= s->rules->rule.at[rule].program.n) return false;
  *stat = s->stat[s->pattern[rule] + pattern];
  return true;
}

bool postil_stats_counts(const postil_stats *s, uint32_t rule) {
  const postil_rules *r = s->rules;
  return rule < r->rule.n &&
         pst_start_words_find(&r->starts, r->rule.at[rule].label) == PST_WORD_LABELS;
}

void postil_stats_losses(const postil_stats *s, postil_loss_fn fn, void *ud, bool *whole) {
  for (size_t i = 0; i <= s->mask; i++)
    if (s->losses[i].times) fn(ud, s->losses[i].rule, s->losses[i].by, s->losses[i].times);
  if (whole) *whole = s->whole;
}
