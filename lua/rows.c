/* rows.c - rows of tables become terms: what a template and a filter say, attributes by the names
 * of columns, and bad rows, each of which is an error or is skipped and counted.
 */
#include "gazetteer.h"

#include <stdio.h>

enum {
  BAD_MAX = 100,      /* bad rows that are told */
  TERMS_MAX = 4000000 /* of a table */
};

/* ---- messages -------------------------------------------------------------------------------- */

/* Tells what is wrong with a line (0: with the whole). */
static void tell(pst_job *j, size_t line, const char *words) {
  char message[sizeof j->name + sizeof j->table.what + 48];
  int n = line ? snprintf(message, sizeof message, "%s:%zu: %s", j->name, line, words)
               : snprintf(message, sizeof message, "%s: %s", j->name, words);
  if (n < 0 || !pst_bytes_add(&j->told, message, strlen(message) + 1))
    j->stop = true;
  else if (++j->ntold == BAD_MAX)
    j->stop = true;
}

/* What goes on nowhere: reading ends. */
void pst_job_fail(pst_job *j, size_t line, const char *words) {
  tell(j, line, words);
  j->stop = true;
}

/* The current row is bad: t->what. */
static void refuse_row(pst_job *j) {
  if (!j->skip) {
    tell(j, j->table.line, j->table.what);
    return;
  }
  if (!j->nbad++)
    (void)snprintf(j->note, sizeof j->note, "the first in line %zu: %s", j->table.line,
                   j->table.what);
}

/* The note says how many rows were skipped, if some were. */
static void count_skipped(pst_job *j) {
  char first[sizeof j->note];
  if (!j->nbad) return;
  memcpy(first, j->note, sizeof first);
  (void)snprintf(j->note, sizeof j->note, "%zu row%s skipped, %.*s", j->nbad,
                 j->nbad == 1 ? "" : "s", (int)sizeof j->note - 48, first);
}

/* ---- recipes --------------------------------------------------------------------------------- */

/* Whether c may stand in the name of a column: a template of `each` has "$name" for a column, other
 * characters stand for themselves. */
static bool name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static pst_form cut_template(pst_recipe *r, const char *source) {
  pst_form cut = {r->npieces, 0};
  const char *at = source;
  while (*at) {
    const char *from = at;
    pst_piece p = {.is_column = *at == '$'};
    if (p.is_column) {
      while (name_char(*++at)) continue;
      from++;
    } else {
      while (*at && *at != '$') at++;
    }
    p.text = (postil_text){from, (size_t)(at - from)};
    r->piece[r->npieces++] = p;
    cut.n++;
  }
  if (cut.n != 1 || !r->piece[cut.first].is_column) r->joins = true;
  return cut;
}

void pst_job_recipe(lua_State *L, int i, pst_recipe *r) {
  postil_pair pairs[PST_COLUMNS_MAX];
  const char *term[PST_COLUMNS_MAX];
  size_t nterms = 0, bytes = 1;
  for (size_t n = lua_rawlen(L, i); nterms < n && nterms < PST_COLUMNS_MAX; nterms++) {
    lua_rawgeti(L, i, (int)nterms + 1);
    term[nterms] = luaL_checkstring(L, -1);
    bytes += strlen(term[nterms]);
    lua_pop(L, 1);
  }
  size_t nattrs = pst_env_pairs(L, i, pairs, PST_COLUMNS_MAX);
  for (size_t k = 0; k < nattrs; k++) {
    if (pairs[k].value.type != POSTIL_STRING) pairs[k].value.text = "";
    bytes += strlen(pairs[k].value.text);
  }
  r->piece = compat_newuserdata(L, bytes * sizeof *r->piece);
  r->longest = bytes;
  for (; r->nterms < nterms; r->nterms++) r->term[r->nterms] = cut_template(r, term[r->nterms]);
  for (; r->nattrs < nattrs; r->nattrs++) {
    r->name[r->nattrs] = pairs[r->nattrs].name;
    r->value[r->nattrs] = cut_template(r, pairs[r->nattrs].value.text);
  }
}

void pst_job_filter(lua_State *L, int i, pst_filter *f) {
  f->n = pst_env_pairs(L, i, f->pair, PST_COLUMNS_MAX);
  for (size_t k = 0; k < f->n; k++)
    if (f->pair[k].value.type != POSTIL_STRING) f->pair[k].value = (postil_value){.text = ""};
}

/* Tells that there is no such column, with the one that may have been meant. */
static void no_column(pst_job *j, postil_text name) {
  char words[192], asked[64];
  (void)snprintf(asked, sizeof asked, "%.*s", pst_shown(name), name.at);
  const char *near =
      postil_nearest(asked, (const char *const *)j->table.name, j->table.ncolumns);
  if (near && strcmp(near, asked) != 0) /* in JSON lines, another row might have it */
    (void)snprintf(words, sizeof words, "there is no column '%s' (did you mean '%s'?)", asked, near);
  else
    (void)snprintf(words, sizeof words, "there is no column '%s'", asked);
  pst_job_fail(j, 0, words);
}

/* Finds the columns that recipe and filter name. */
static void find_columns(pst_job *j) {
  for (size_t i = 0; i < j->recipe.npieces && !j->stop; i++) {
    pst_piece *p = &j->recipe.piece[i];
    if (!p->is_column) continue;
    p->column = pst_table_column(&j->table, p->text.at, p->text.len);
    if (p->column == SIZE_MAX) no_column(j, p->text);
  }
  for (size_t k = 0; k < j->filter.n && !j->stop; k++) {
    postil_text name = {j->filter.pair[k].name, strlen(j->filter.pair[k].name)};
    j->filter.column[k] = pst_table_column(&j->table, name.at, name.len);
    if (j->filter.column[k] == SIZE_MAX) no_column(j, name);
  }
}

/* In JSON lines a column is there when some row has it. */
static void check_columns(pst_job *j) {
  if (j->table.format != PST_JSONL || !j->table.ever) return;
  for (size_t i = 0; i < j->recipe.npieces && !j->stop; i++) {
    const pst_piece *p = &j->recipe.piece[i];
    if (p->is_column && !(j->table.ever >> p->column & 1)) no_column(j, p->text);
  }
  for (size_t k = 0; k < j->filter.n && !j->stop; k++)
    if (!(j->table.ever >> j->filter.column[k] & 1))
      no_column(j, (postil_text){j->filter.pair[k].name, strlen(j->filter.pair[k].name)});
}

/* Work on so many bytes, beyond reading the table: joining, comparing.  False: it stops. */
static bool afford(pst_job *j, size_t bytes) {
  bool can = bytes < PST_TERM_BYTES || pst_set_afford(j->set, bytes / PST_TERM_BYTES);
  if (!can) pst_job_fail(j, j->table.line, "too much work");
  return can;
}

/* Is the text one of those between bars? */
static bool is_among(postil_text text, const postil_value *values) {
  const char *at = values->text, *end = at + values->len;
  for (const char *bar = at;; at = ++bar) {
    while (bar < end && *bar != '|') bar++;
    size_t len = (size_t)(bar - at);
    if (len == text.len && (len == 0 || memcmp(at, text.at, len) == 0)) return true;
    if (bar == end) return false;
  }
}

static bool is_taken(pst_job *j) {
  for (size_t k = 0; k < j->filter.n; k++) {
    const postil_value *values = &j->filter.pair[k].value;
    postil_text text = pst_table_cell(&j->table, j->filter.column[k])->text;
    if (!afford(j, values->len)) return true;
    if (!is_among(text, values)) return false;
  }
  return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Room for what a row's templates expand to, so that the scratch does not move under a row: each
 * piece is a column or text of its own.  False: it stops. */
static bool reserve(pst_job *j) {
  size_t row = 0;
  for (size_t i = 0; i < j->table.ncells; i++) row += j->table.cell[i].text.len;
  bool countable = !row || j->recipe.npieces < SIZE_MAX / 2 / row;
  size_t most = countable ? j->recipe.npieces * row + j->recipe.longest : SIZE_MAX;
  j->set->scratch.n = 0;
  if (!afford(j, most)) return false;
  if (pst_bytes_reserve(&j->set->scratch, most)) return true;
  pst_job_fail(j, j->table.line, "out of memory");
  return false;
}

/* What several pieces give in the current row. */
static const pst_cell *join(pst_job *j, const pst_piece *p, size_t n) {
  pst_bytes *to = &j->set->scratch;
  char *first = to->at + to->n;
  for (size_t i = 0; i < n; i++) {
    postil_text text = p[i].is_column ? pst_table_cell(&j->table, p[i].column)->text : p[i].text;
    if (text.len) memcpy(to->at + to->n, text.at, text.len);
    to->n += text.len;
  }
  size_t len = (size_t)(to->at + to->n - first);
  j->joined = (pst_cell){{first, len}, len ? POSTIL_STRING : POSTIL_NIL, 0};
  return &j->joined;
}

/* What a template gives: nearly always the column itself. */
static inline const pst_cell *expand(pst_job *j, const pst_form *from) {
  const pst_piece *p = &j->recipe.piece[from->first];
  if (from->n == 1 && p->is_column) return pst_table_cell(&j->table, p->column);
  return join(j, p, from->n);
}

static inline postil_value value_of(const pst_cell *cell) {
  postil_value value = {.type = cell->type, .number = cell->number, .tag = POSTIL_NO_TAG};
  if (cell->type != POSTIL_STRING) return value;
  value.text = cell->text.at;
  value.len = cell->text.len;
  return value;
}

/* Adds a term; false when the row is bad. */
static bool add(pst_job *j, postil_text term, const postil_pair *pairs, size_t n) {
  if (j->nterms++ == TERMS_MAX) {
    pst_job_fail(j, j->table.line, "more than 4000000 terms");
    return true;
  }
  postil_status status =
      postil_rules_term(j->rules, j->index, term.at, term.len, pairs, n, &j->err);
  if (status == POSTIL_EPATTERN) {
    (void)pst_table_bad(&j->table, "%s", j->err.what);
    return false;
  }
  if (status != POSTIL_OK) pst_job_fail(j, j->table.line, j->err.what);
  return true;
}

/* Adds the terms of the current row by the recipe; false when it is bad. */
static bool add_by_recipe(pst_job *j) {
  const pst_recipe *r = &j->recipe;
  postil_pair pairs[PST_COLUMNS_MAX];
  size_t n = 0;
  if (r->joins && !reserve(j)) return true;
  for (size_t i = 0; i < r->nattrs; i++) {
    const pst_cell *cell = expand(j, &r->value[i]);
    if (cell->type == POSTIL_NIL) continue;
    pairs[n].name = r->name[i];
    pairs[n++].value = value_of(cell);
  }
  for (size_t i = 0; i < r->nterms && !j->stop; i++) {
    const pst_cell *cell = expand(j, &r->term[i]);
    if (cell->type != POSTIL_NIL && !add(j, cell->text, pairs, n)) return false;
  }
  return true;
}

/* Is it the name of an attribute, and none that every tag has? */
static bool fits(const pst_job *j, const char *name) {
  size_t len = strlen(name);
  if (*name < 'a' || *name > 'z') return false;
  for (const char *c = name; *c; c++)
    if (!name_char(*c) || (*c >= 'A' && *c <= 'Z')) return false;
  for (const char *at = j->fields; (at = strstr(at, name)) != NULL; at += len)
    if ((at == j->fields || at[-1] == ' ') && (at[len] == ' ' || !at[len])) return false;
  return true;
}

/* Puts the columns that came since the last time in order, and finds that of the term. */
static void order_columns(pst_job *j) {
  const pst_table *t = &j->table;
  static const char *const names[] = {"term", "name"};
  if (j->known == 0) {
    j->term = t->format == PST_JSONL ? t->first : 0;
    for (size_t i = PST_COUNT_OF(names); i--;)
      for (size_t k = 0; k < t->ncolumns; k++)
        if (strcmp(t->name[k], names[i]) == 0) j->term = k;
  }
  for (; j->known < t->ncolumns; j->known++) {
    const char *name = t->name[j->known];
    if (j->known == j->term) continue;
    if (!fits(j, name)) j->unfit |= UINT64_C(1) << j->known;
    size_t k = j->norder++;
    for (; k && strcmp(t->name[j->order[k - 1]], name) > 0; k--) j->order[k] = j->order[k - 1];
    j->order[k] = j->known;
  }
}

/* Words about a column whose name is no attribute's. */
static void call_unfit(pst_job *j, size_t column) {
  postil_text name = {j->table.name[column], strlen(j->table.name[column])};
  (void)pst_table_bad(&j->table,
                      "column '%.*s' cannot be an attribute: %s; name it otherwise or use "
                      "each",
                      pst_shown(name), name.at,
                      *name.at >= 'a' && *name.at <= 'z' && strstr(j->fields, name.at)
                          ? "every tag has a field of that name"
                          : "names are a-z, 0-9, _");
}

/* Adds the term of the current row, with the other columns as attributes; false when it is bad. */
static bool add_by_header(pst_job *j) {
  pst_table *t = &j->table;
  postil_pair pairs[PST_COLUMNS_MAX];
  size_t n = 0;
  if (j->known < t->ncolumns) order_columns(j);
  const pst_cell *term = pst_table_cell(t, j->term);
  if (term->type == POSTIL_NIL) {
    (void)pst_table_bad(t, "there is no term");
    return false;
  }
  for (size_t k = 0; k < j->norder; k++) {
    size_t i = j->order[k];
    const pst_cell *cell = pst_table_cell(t, i);
    if (cell->type == POSTIL_NIL) continue;
    if (j->unfit >> i & 1) {
      call_unfit(j, i);
      return false;
    }
    pairs[n].name = t->name[i];
    pairs[n++].value = value_of(cell);
  }
  return add(j, term->text, pairs, n);
}

/* The names of columns, before the first row: what is wrong there ends all. */
static void check_names(pst_job *j) {
  if (j->by_recipe || j->table.format == PST_JSONL) return;
  order_columns(j);
  for (size_t i = 0; i < j->table.ncolumns && !j->stop; i++) {
    if (!(j->unfit >> i & 1)) continue;
    call_unfit(j, i);
    pst_job_fail(j, j->table.line, j->table.what);
  }
}

/* Reads a table to its end or to what stops it. */
void pst_job_read(pst_job *j, pst_format format, const char *bytes, size_t len) {
  pst_row row = pst_table_open(&j->table, format, bytes, len);
  if (row == PST_ROW_BAD) pst_job_fail(j, j->table.line, j->table.what);
  if (!j->stop && row == PST_ROW) find_columns(j);
  if (!j->stop && row == PST_ROW) check_names(j);
  while (!j->stop && row != PST_ROW_NOMEM && (row = pst_table_next(&j->table)) != PST_ROW_END) {
    bool good = row == PST_ROW;
    if (good && is_taken(j) && !j->stop) good = j->by_recipe ? add_by_recipe(j) : add_by_header(j);
    if (!good && row != PST_ROW_NOMEM) refuse_row(j);
  }
  if (row == PST_ROW_NOMEM) pst_job_fail(j, 0, "out of memory");
  if (!j->stop) check_columns(j);
  count_skipped(j);
  pst_table_close(&j->table);
}
