/* doc_frame.c - frame, blocks, paragraphs of a document, and its window (rules.md 1.4, stages 0 to
 * 2). */
#include "doc.h"

typedef struct block {
  size_t start, stop;
  uint32_t rule;
} block;
typedef PST_VEC(block) blocks;

/* Paragraph mode and directions of marks, from the first 64 KiB. */
static void decide_frame(postil_doc *doc, const postil_opts *opts) {
  size_t n = doc->len < PST_FRAME_BYTES ? doc->len : PST_FRAME_BYTES;
  pst_para_sums sums;
  pst_para_count(doc->text, n, &sums);
  doc->by_line = pst_para_by_line(&sums);
  if (opts && opts->by_line) doc->by_line = opts->by_line > 0;
  if (!doc->rules->quotes) return;
  pst_quote_sums marks;
  memset(&marks, 0, sizeof marks);
  pst_span para;
  for (size_t at = 0;
       pst_para_next(doc->text, n, at, doc->by_line, POSTIL_PARAGRAPH_MAX, &para, &at);)
    pst_quote_count(&marks, doc->text, n, para, 1);
  pst_quote_decide(&doc->frame, &marks, doc->rules->locale);
}

static bool add_window_para(postil_doc *doc, pst_span span, uint32_t index, bool empty) {
  pst_window *w = &doc->w;
  size_t from = w->view.bytes.n, hole = 0, hi = doc->hole.n;
  while (hole < hi) {
    size_t mid = hole + (hi - hole) / 2;
    if (doc->hole.at[mid].end <= span.start)
      hole = mid + 1;
    else
      hi = mid;
  }
  for (size_t at = span.start; at < span.end && !empty;) {
    while (hole < doc->hole.n && doc->hole.at[hole].end <= at) hole++;
    size_t stop = hole < doc->hole.n && doc->hole.at[hole].start < span.end
                      ? doc->hole.at[hole].start
                      : span.end;
    pst_span piece = {at, stop};
    if (stop > at && !pst_view_add(&w->view, &w->mem, w->text, piece)) return false;
    at = stop < span.end ? doc->hole.at[hole].end : span.end;
  }
  pst_wpara para = {
      (uint32_t)(w->words.item.n + (w->words.item.n == 0)), 0, span.start, span.end, index, 0};
  if (!pst_words_add(&w->words, &w->mem, doc->rules->lex, w->view.bytes.at, from, w->view.bytes.n,
                     doc->rules->locale))
    return false;
  para.end = (uint32_t)(w->words.item.n - 1);
  return PST_PUSH(&w->mem, &w->para, para);
}

bool pst_doc_window(postil_doc *doc, size_t first, size_t n, size_t holes) {
  pst_window_reopen(&doc->w, doc->para.at[first].start, holes);
  for (size_t i = first; i < first + n; i++) {
    const pst_para *p = &doc->para.at[i];
    pst_span span = {p->start, p->stop};
    if (!add_window_para(doc, span, (uint32_t)i, p->ignored)) return false;
  }
  return pst_window_ready(&doc->w);
}

/* ---- Blocks ---- */

static bool has_letter(const pst_window *w, const pst_wpara *line) {
  for (uint32_t i = line->first; i < line->end; i++)
    if (w->words.item.at[i].cls & PST_WORD) return true;
  return false;
}

/* Does the rule match in the line?  *limit: it took too many steps, so nobody knows. */
static postil_status line_matches(postil_doc *doc, const pst_rule *rule, const pst_wpara *line,
                                  bool *yes, bool *limit, postil_err *err) {
  *yes = rule->program.n == 0;
  *limit = false;
  for (size_t p = 0; p < rule->program.n && !*yes; p++)
    for (uint32_t i = line->first; i < line->end && !*yes; i++) {
      pst_hit hit;
      if (!pst_match_may_start(&doc->w, rule->program.at[p], i)) continue;
      pst_found found =
          pst_match_at(doc->matcher, &doc->w, rule->program.at[p], i, PST_NONE, PST_NONE, &hit);
      if (found == PST_FOUND_NOMEM) return pst_err_nomem(err);
      *yes = found == PST_FOUND_YES;
      *limit |= found == PST_FOUND_LIMIT;
    }
  *limit &= !*yes;
  return POSTIL_OK;
}

/* What the walk over the lines carries from batch to batch. */
typedef struct line_walk {
  size_t at;           /* next line */
  size_t last;         /* start of the last line with a letter */
  uint32_t rule, left; /* rule that still takes `left` lines */
  bool first_seen;
  blocks limit; /* lines in which a rule took too many steps */
} line_walk;

static bool take_line(postil_doc *doc, blocks *all, const pst_wpara *line, uint32_t rule,
                      bool joins) {
  block b = {line->start, line->stop, rule};
  block *last = all->n ? &all->at[all->n - 1] : NULL;
  if (last && joins && doc->rules->rule.at[last->rule].label == doc->rules->rule.at[rule].label) {
    last->stop = line->stop;
    return true;
  }
  return PST_PUSH(&doc->mem, all, b);
}

static postil_status block_line(postil_doc *doc, line_walk *v, blocks *all, const pst_wpara *line,
                                size_t previous_stop, postil_err *err) {
  bool first = !v->first_seen && has_letter(&doc->w, line),
       joins = all->n && all->at[all->n - 1].stop == previous_stop;
  v->first_seen |= first;
  pst_matcher_budget(doc->matcher, line->end - line->first);
  if (v->left) {
    v->left--;
    return take_line(doc, all, line, v->rule, true) ? POSTIL_OK : pst_err_nomem(err);
  }
  for (size_t i = 0; i < doc->rules->rule.n; i++) {
    const pst_rule *rule = &doc->rules->rule.at[i];
    bool yes, limit;
    if (rule->verb != POSTIL_BLOCK || rule->off) continue;
    if (rule->at == PST_AT_FIRST_LINE && !first) continue;
    if (rule->at == PST_AT_LAST_LINE && line->start != v->last) continue;
    postil_status s = line_matches(doc, rule, line, &yes, &limit, err);
    block hit = {line->start, line->stop, (uint32_t)i};
    if (!s && limit && !PST_PUSH(&doc->mem, &v->limit, hit)) s = pst_err_nomem(err);
    if (s) return s;
    if (!yes) continue;
    v->rule = (uint32_t)i;
    v->left = rule->lines - 1;
    return take_line(doc, all, line, v->rule, joins) ? POSTIL_OK : pst_err_nomem(err);
  }
  return POSTIL_OK;
}

/* One batch of lines as paragraphs of the window. */
static bool window_of_lines(postil_doc *doc, line_walk *v) {
  pst_window_reset(&doc->w, v->at);
  size_t from = v->at;
  while (v->at < doc->len && v->at - from < doc->batch) {
    size_t next, end = pst_line_end(doc->text, doc->len, v->at, &next);
    pst_span line = {v->at, end};
    v->at = next;
    if (pst_line_blank(doc->text, line.start, line.end)) continue;
    if (line.end - line.start > POSTIL_PARAGRAPH_MAX) line.end = line.start + POSTIL_PARAGRAPH_MAX;
    while (line.end < end && ((unsigned char)doc->text[line.end] & 0xC0) == 0x80) line.end++;
    if (!add_window_para(doc, line, 0, false)) return false;
    doc->w.para.at[doc->w.para.n - 1].stop = end;
  }
  return pst_window_ready(&doc->w);
}

static size_t last_line(const postil_doc *doc) {
  size_t last = 0;
  for (size_t at = 0, next; at < doc->len; at = next) {
    size_t end = pst_line_end(doc->text, doc->len, at, &next);
    if (!pst_line_blank(doc->text, at, end)) last = at;
  }
  return last;
}

/* Blocks from the walk's place to the end of the text. */
static postil_status find_blocks(postil_doc *doc, line_walk *v, blocks *all, postil_err *err) {
  bool any = false, tail = false;
  for (size_t i = 0; i < doc->rules->rule.n; i++) {
    const pst_rule *rule = &doc->rules->rule.at[i];
    any |= rule->verb == POSTIL_BLOCK && !rule->off;
    tail |= rule->verb == POSTIL_BLOCK && rule->at == PST_AT_LAST_LINE;
  }
  if (!any) return POSTIL_OK;
  if (tail) v->last = last_line(doc);
  size_t previous = SIZE_MAX;
  while (v->at < doc->len) {
    if (!window_of_lines(doc, v)) return pst_err_nomem(err);
    pst_matcher_begin(doc->matcher, &doc->w);
    for (size_t i = 0; i < doc->w.para.n; i++) {
      postil_status s = block_line(doc, v, all, &doc->w.para.at[i], previous, err);
      if (s) return s;
      previous = doc->w.para.at[i].stop;
    }
  }
  return POSTIL_OK;
}

/* ---- Paragraphs ---- */

static bool add_para(postil_doc *doc, size_t start, size_t stop, const block *b) {
  pst_para para;
  memset(&para, 0, sizeof para);
  para.start = start;
  para.stop = stop;
  if (b) {
    para.block_rule = b->rule + 1;
    para.ignored = pst_rules_ignores(doc->rules, doc->rules->rule.at[b->rule].label);
  }
  return PST_PUSH(&doc->mem, &doc->para, para);
}

/* Paragraphs of [at, stop), which holds no block. */
static bool plain_paras(postil_doc *doc, size_t at, size_t stop) {
  pst_span span;
  while (pst_para_next(doc->text, stop, at, doc->by_line, POSTIL_PARAGRAPH_MAX, &span, &at))
    if (!add_para(doc, span.start, span.end, NULL)) return false;
  return true;
}

/* The limits of block rules, told of the paragraphs that their lines have become. */
static bool keep_limits(postil_doc *doc, const blocks *limit) {
  size_t p = 0;
  for (size_t i = 0; i < limit->n; i++) {
    while (p + 1 < doc->para.n && doc->para.at[p].stop <= limit->at[i].start) p++;
    pst_ref ref = {(uint32_t)p, limit->at[i].rule};
    if (doc->para.n && !PST_PUSH(&doc->mem, &doc->block_limit, ref)) return false;
  }
  return true;
}

static bool split_text(postil_doc *doc, size_t at, const blocks *all) {
  for (size_t i = 0; i < all->n; i++) {
    if (!plain_paras(doc, at, all->at[i].start) ||
        !add_para(doc, all->at[i].start, all->at[i].stop, &all->at[i]))
      return false;
    at = all->at[i].stop;
  }
  return plain_paras(doc, at, doc->len);
}

static postil_status find_paras(postil_doc *doc, postil_err *err) {
  blocks all = {NULL, 0, 0};
  size_t from = pst_text_bom(doc->text, doc->len);
  line_walk v = {from, 0, 0, 0, false, {NULL, 0, 0}};
  postil_status s = find_blocks(doc, &v, &all, err);
  if (!s && (!split_text(doc, from, &all) || !keep_limits(doc, &v.limit))) s = pst_err_nomem(err);
  PST_FREE(&doc->mem, &all);
  PST_FREE(&doc->mem, &v.limit);
  return s;
}

postil_status pst_doc_frame(postil_doc *doc, const postil_opts *opts, postil_err *err) {
  decide_frame(doc, opts);
  return find_paras(doc, err);
}
