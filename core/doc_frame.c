/* doc_frame.c - frame, blocks, paragraphs of a document, and its window (rules.md 1.4, stages 0 to
 * 2). */
#include "doc.h"

/* Paragraph mode (returned) and directions of marks, from the first 64 KiB of a text. */
static bool decide_frame(const postil_doc *doc, const char *text, size_t n,
                         pst_quote_frame *frame) {
  pst_para_sums sums;
  pst_para_count(text, n, &sums);
  bool by_line = doc->by_line_asked ? doc->by_line_asked > 0 : pst_para_by_line(&sums);
  memset(frame, 0, sizeof *frame);
  if (!doc->rules->quotes) return by_line;
  pst_quote_sums marks;
  memset(&marks, 0, sizeof marks);
  pst_span para;
  for (size_t at = 0; pst_para_next(text, n, at, by_line, PST_PARAGRAPH_MAX, &para, &at);)
    pst_quote_count(&marks, text, n, para, 1);
  pst_quote_decide(frame, &marks, doc->rules->locale);
  return by_line;
}

bool pst_doc_other_frame(const postil_doc *doc, const char *text, size_t len) {
  pst_quote_frame frame;
  bool by_line = decide_frame(doc, text, len, &frame);
  return by_line != doc->by_line || frame.dash != doc->frame.dash ||
         memcmp(frame.dir, doc->frame.dir, sizeof frame.dir) != 0;
}

static bool add_window_para(postil_doc *doc, pst_wpara para, bool empty) {
  pst_window *w = &doc->w;
  pst_span span = {para.start, para.stop};
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
    if (stop > at && !pst_view_add(&w->view, &w->mem, pst_window_text(w, at), piece)) return false;
    at = stop < span.end ? doc->hole.at[hole].end : span.end;
  }
  para.first = (uint32_t)(w->words.item.n + (w->words.item.n == 0));
  if (!pst_words_add(&w->words, &w->mem, doc->rules->lex, w->view.bytes.at, from, w->view.bytes.n,
                     doc->rules->locale))
    return false;
  para.end = (uint32_t)(w->words.item.n - 1);
  return PST_PUSH(&w->mem, &w->para, para);
}

/* Room for what so many bytes of prose usually need, so that little has to grow. */
static bool expect(pst_window *w, size_t bytes) {
  enum { MOST = 1 << 16 };
  size_t n = bytes < MOST ? bytes : MOST;
  return PST_RESERVE(&w->mem, &w->view.bytes, n) && PST_RESERVE(&w->mem, &w->words.item, n / 4) &&
         PST_RESERVE(&w->mem, &w->tag, n / 5) && PST_RESERVE(&w->mem, &w->edge, n / 5) &&
         PST_RESERVE(&w->mem, &w->attr, n / 5) && PST_RESERVE(&w->mem, &w->bytes, n);
}

bool pst_doc_window(postil_doc *doc, size_t first, size_t n, size_t holes) {
  pst_span all = {pst_doc_start(doc, first), pst_doc_span(doc, first + n - 1).end};
  doc->w.text = pst_doc_stretch(doc, all.start, all.end);
  if (!doc->w.text) return false;
  doc->w.base = all.start;
  pst_window_reopen(&doc->w, all.start, holes);
  if (!expect(&doc->w, all.end - all.start)) return false;
  for (size_t i = first; i < first + n; i++) {
    const pst_para *p = pst_doc_para(doc, i);
    pst_span span = pst_doc_span(doc, i);
    pst_wpara para = {.start = span.start, .stop = span.end, .index = (uint32_t)i, .id = p->id};
    para.block = p->block_rule ? doc->rules->rule.at[p->block_rule - 1].label : PST_NO_BLOCK;
    if (!add_window_para(doc, para, p->ignored)) return false;
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

/* What the walk over the lines carries from line to line. */
typedef struct line_walk {
  pst_split *split;
  size_t at;           /* next line */
  size_t last;         /* start of the last line with a letter */
  size_t previous;     /* end of the last one that is not blank */
  size_t seam;         /* the first that the walk has not reached */
  uint32_t rule, left; /* rule that still takes `left` lines */
} line_walk;

static uint16_t label_of(const postil_doc *doc, uint32_t rule) {
  return doc->rules->rule.at[rule].label;
}

/* The label of the block that ends with the line before, or PST_NO_BLOCK. */
static uint16_t block_before(const postil_doc *doc, const line_walk *v) {
  const pst_split *split = v->split;
  if (!split->block.n || split->block.at[split->block.n - 1].stop != v->previous)
    return PST_NO_BLOCK;
  return label_of(doc, split->block.at[split->block.n - 1].rule);
}

static bool take_line(postil_doc *doc, line_walk *v, pst_span line, uint32_t rule, bool joins) {
  pst_block b = {line.start, line.end, rule};
  pst_blocks *all = &v->split->block;
  pst_block *last = all->n ? &all->at[all->n - 1] : NULL;
  if (last && joins && label_of(doc, last->rule) == label_of(doc, rule)) {
    last->stop = line.end;
    return true;
  }
  return PST_PUSH(&doc->mem, all, b);
}

/* ---- Which lines are looked at: most differ in their first words from all that rules want ---- */

enum {
  HEAD_RUNS = 2,  /* stretches of white space that the words may stand behind */
  HEAD_BYTES = 24 /* of a line that are looked at; more, up to a space */
};

/* Words near the start of a line one of which any match needs, or NULL if there is no such need. */
static const pst_need *head_of(const pst_program *program) {
  const pst_program_start *start = pst_program_starts(program);
  if (start->any || start->same || start->nwords || start->nlabels || start->classes) return NULL;
  for (size_t i = 0; i < program->need.n; i++) {
    const pst_need *need = &program->need.at[i];
    if (need->nwords && !need->nlabels && !need->byte && !need->far.endless && !need->far.ntags &&
        need->far.runs <= HEAD_RUNS)
      return need;
  }
  return NULL;
}

/* Does one of the needed words stand near enough to the start of the window's paragraph? */
static bool head_fits(const pst_window *w, const pst_program *program, const pst_need *need) {
  const uint32_t *word = program->need_word.at + need->word;
  uint32_t runs = 0;
  for (uint32_t i = w->para.at[0].first; i < w->para.at[0].end; i++) {
    const pst_item *item = &w->words.item.at[i];
    if (i > w->para.at[0].first && !(item->cls & PST_GLUE) && ++runs > need->far.runs) return false;
    for (uint32_t k = 0; k < need->nwords; k++)
      if (word[k] == item->id) return true;
  }
  return false;
}

/* Makes a line, or its beginning, the window's only paragraph. */
static bool window_of_line(postil_doc *doc, pst_span line) {
  pst_wpara para = {.start = line.start, .stop = line.end, .block = PST_NO_BLOCK};
  pst_window_reset(&doc->w, line.start);
  return add_window_para(doc, para, false);
}

/* As much of a line as its head takes; *whole: all there is. */
static bool window_of_head(postil_doc *doc, pst_span line, bool *whole) {
  const pst_window *w = &doc->w;
  pst_span head = line;
  if (line.end - line.start > HEAD_BYTES) {
    const char *from = w->text + line.start + HEAD_BYTES;
    const char *space = memchr(from, ' ', line.end - line.start - HEAD_BYTES);
    if (space) head.end = (size_t)(space - w->text);
  }
  if (!window_of_line(doc, head)) return false;
  uint32_t runs = 0;
  for (uint32_t i = w->para.at[0].first; i < w->para.at[0].end; i++)
    runs += !(w->words.item.at[i].cls & PST_GLUE);
  *whole = head.end == line.end || runs > HEAD_RUNS + 1; /* the first is no stretch between words */
  return true;
}

/* May a block rule that is not for the first or last line match in this one? */
static bool line_may_match(postil_doc *doc, pst_span line, bool *may) {
  bool looked = false, whole;
  *may = false;
  for (size_t i = 0; i < doc->rules->rule.n && !*may; i++) {
    const pst_rule *rule = &doc->rules->rule.at[i];
    if (rule->verb != POSTIL_BLOCK || rule->off || rule->at != PST_AT_ANYWHERE) continue;
    *may = rule->program.n == 0;
    for (size_t p = 0; p < rule->program.n && !*may; p++) {
      const pst_need *need = head_of(rule->program.at[p]);
      if (need && !looked && !window_of_head(doc, line, &whole)) return false;
      looked = looked || need;
      *may = !need || !whole || head_fits(&doc->w, rule->program.at[p], need);
    }
  }
  return true;
}

/* ---- The walk ---- */

/* Tries the rules on the line that is the window's paragraph. */
static postil_status try_rules(postil_doc *doc, line_walk *v, pst_span line, bool first, bool joins,
                               postil_err *err) {
  const pst_wpara *para = &doc->w.para.at[0];
  pst_matcher_begin(doc->matcher, &doc->w);
  pst_matcher_budget(doc->matcher, para->end - para->first);
  for (size_t i = 0; i < doc->rules->rule.n; i++) {
    const pst_rule *rule = &doc->rules->rule.at[i];
    bool yes, limit;
    if (rule->verb != POSTIL_BLOCK || rule->off) continue;
    if (rule->at == PST_AT_FIRST_LINE && !first) continue;
    if (rule->at == PST_AT_LAST_LINE && line.start != v->last) continue;
    postil_status s = line_matches(doc, rule, para, &yes, &limit, err);
    pst_block hit = {line.start, line.end, (uint32_t)i};
    if (!s && limit && !PST_PUSH(&doc->mem, &v->split->limit, hit)) s = pst_err_nomem(err);
    if (s) return s;
    if (!yes) continue;
    v->rule = (uint32_t)i;
    v->left = rule->lines - 1;
    return take_line(doc, v, line, v->rule, joins) ? POSTIL_OK : pst_err_nomem(err);
  }
  return POSTIL_OK;
}

/* What a line is matched in: not more of it than a paragraph may have. */
static pst_span span_to_match(const pst_split *split, pst_span line) {
  size_t end = line.end;
  if (end - line.start > PST_PARAGRAPH_MAX) line.end = line.start + PST_PARAGRAPH_MAX;
  while (line.end < end && ((unsigned char)split->text[line.end] & 0xC0) == 0x80) line.end++;
  return line;
}

static postil_status block_line(postil_doc *doc, line_walk *v, pst_span line, postil_err *err) {
  pst_split *split = v->split;
  pst_span span = span_to_match(split, line);
  bool first = false, joins = block_before(doc, v) != PST_NO_BLOCK;
  bool may = !split->first_seen || line.start == v->last;
  if (!may && !v->left && !line_may_match(doc, span, &may)) return pst_err_nomem(err);
  if (may && (!window_of_line(doc, span) || !pst_window_ready(&doc->w))) return pst_err_nomem(err);
  if (!split->first_seen && has_letter(&doc->w, &doc->w.para.at[0])) {
    first = split->first_seen = true;
    split->head = line.end;
  }
  if (v->left) {
    v->left--;
    return take_line(doc, v, line, v->rule, true) ? POSTIL_OK : pst_err_nomem(err);
  }
  return may ? try_rules(doc, v, line, first, joins, err) : POSTIL_OK;
}

/* Where the last line begins that is not blank; SIZE_MAX: there is none. */
static size_t last_line(const pst_split *split) {
  size_t last = SIZE_MAX;
  for (size_t at = 0, next; at < split->len; at = next) {
    size_t end = pst_line_end(split->text, split->len, at, &next);
    if (!pst_line_blank(split->text, at, end)) last = at;
  }
  return last;
}

/* Do the lines from a seam on become the same blocks as they did before? */
static void reach_seams(const postil_doc *doc, line_walk *v, size_t line) {
  pst_split *split = v->split;
  for (; v->seam < split->nseams && split->seam[v->seam].at <= line; v->seam++) {
    pst_seam *seam = &split->seam[v->seam];
    seam->fits = seam->at == line && !v->left && block_before(doc, v) == seam->block &&
                 split->first_seen == seam->first_seen;
  }
}

/* Is there a block rule?  `tail`: one for last lines. */
static bool has_blocks(const postil_rules *r, bool tail) {
  for (size_t i = 0; i < r->rule.n; i++) {
    const pst_rule *rule = &r->rule.at[i];
    if (rule->verb == POSTIL_BLOCK && !rule->off && (!tail || rule->at == PST_AT_LAST_LINE))
      return true;
  }
  return false;
}

bool pst_doc_has_blocks(const postil_doc *doc) { return has_blocks(doc->rules, false); }

/* Blocks from the split's place to the end of its text. */
static postil_status find_blocks(postil_doc *doc, pst_split *split, postil_err *err) {
  line_walk v = {.split = split, .at = split->at, .previous = SIZE_MAX, .last = SIZE_MAX};
  doc->w.text = split->text;
  doc->w.base = 0;
  doc->hole.n = 0; /* nothing is ignored yet */
  if (split->is_end && has_blocks(doc->rules, true)) v.last = last_line(split);
  while (v.at < split->len) {
    pst_span line = {v.at, 0};
    bool whole = line.start != split->at || !split->within_line;
    line.end = pst_line_end(split->text, split->len, line.start, &v.at);
    if (pst_line_blank(split->text, line.start, line.end)) continue;
    reach_seams(doc, &v, line.start);
    postil_status s = whole ? block_line(doc, &v, line, err) : POSTIL_OK;
    if (s) return s;
    v.previous = line.end;
  }
  return POSTIL_OK;
}

/* ---- Paragraphs ---- */

static bool add_para(postil_doc *doc, pst_split *split, pst_span span, uint32_t block_rule) {
  pst_piece piece = {span, block_rule};
  return PST_PUSH(&doc->mem, &split->piece, piece);
}

/* Paragraphs of [at, stop), which holds no block. */
static bool plain_paras(postil_doc *doc, pst_split *split, size_t at, size_t stop) {
  pst_span span;
  while (pst_para_next(split->text, stop, at, doc->by_line, PST_PARAGRAPH_MAX, &span, &at))
    if (!add_para(doc, split, span, 0)) return false;
  return true;
}

static bool find_paras(postil_doc *doc, pst_split *split) {
  size_t at = split->at;
  for (size_t i = 0; i < split->block.n; i++) {
    const pst_block *b = &split->block.at[i];
    pst_span span = {b->start, b->stop};
    if (!plain_paras(doc, split, at, span.start) || !add_para(doc, split, span, b->rule + 1))
      return false;
    at = span.end;
  }
  return plain_paras(doc, split, at, split->len);
}

postil_status pst_doc_split(postil_doc *doc, pst_split *split, postil_err *err) {
  bool blocks = pst_doc_has_blocks(doc);
  postil_status s = blocks ? find_blocks(doc, split, err) : POSTIL_OK;
  for (size_t i = 0; i < split->nseams && !blocks; i++) split->seam[i].fits = true;
  return s || find_paras(doc, split) ? s : pst_err_nomem(err);
}

void pst_doc_split_free(const postil_doc *doc, pst_split *split) {
  PST_FREE(&doc->mem, &split->block);
  PST_FREE(&doc->mem, &split->limit);
  PST_FREE(&doc->mem, &split->piece);
}

pst_para pst_doc_new_para(const postil_doc *doc, const pst_piece *piece) {
  pst_para para;
  memset(&para, 0, sizeof para);
  para.len = (uint32_t)(piece->span.end - piece->span.start);
  para.block_rule = piece->block_rule;
  para.ignored =
      piece->block_rule && pst_rules_ignores(doc->rules, label_of(doc, piece->block_rule - 1));
  return para;
}

/* The limits of block rules, told of the paragraphs that their lines have become. */
static bool keep_limits(postil_doc *doc, const pst_blocks *limit) {
  for (size_t i = 0; i < limit->n && doc->paras; i++) {
    size_t p = pst_doc_para_at(doc, limit->at[i].start);
    pst_ref ref = {pst_doc_para(doc, p < doc->paras ? p : doc->paras - 1)->id, limit->at[i].rule};
    if (!PST_PUSH(&doc->mem, &doc->block_limit, ref)) return false;
  }
  return true;
}

/* All paragraphs of a new document. */
static postil_status make_paras(postil_doc *doc, postil_err *err) {
  pst_split split = {.text = doc->text, .len = doc->len, .is_end = true, .head = SIZE_MAX};
  split.at = pst_text_bom(doc->text, doc->len);
  postil_status s = pst_doc_first_sheet(doc) ? POSTIL_OK : pst_err_nomem(err);
  if (!s) s = pst_doc_split(doc, &split, err);
  doc->head = split.head;
  for (size_t i = 0; i < split.piece.n && !s; i++)
    if (!pst_doc_add_para(doc, split.piece.at[i].span, pst_doc_new_para(doc, &split.piece.at[i])))
      s = pst_err_nomem(err);
  if (!s && !keep_limits(doc, &split.limit)) s = pst_err_nomem(err);
  pst_doc_split_free(doc, &split);
  return s;
}

postil_status pst_doc_frame(postil_doc *doc, postil_err *err) {
  size_t n = doc->len < PST_FRAME_BYTES ? doc->len : PST_FRAME_BYTES;
  doc->by_line = decide_frame(doc, doc->text, n, &doc->frame);
  return make_paras(doc, err);
}
