/* gazetteer.c - what env.lua calls for `file =`, each and read: rows of tables become terms.
 *
 * The rows of a small table go straight to the rule set.  Those of a large one (PST_TABLE_LARGE)
 * go to a rule set of their own, which is compiled into an image (postil.h) and thrown away; the
 * image is kept in the host's cache folder under a key of all that it was made from, and mapped
 * from there.  Bad rows are collected: either each is an error, or they are skipped and counted.
 */
#include "binding.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define JOB "postil.gazetteer"
#define IMAGE_HEAP_MAX ((size_t)3 << 30) /* bytes while an image is made */

enum {
  BAD_MAX = 100,       /* bad rows that are told */
  TERMS_MAX = 4000000, /* of a table */
  IMAGES_MAX = 64,     /* images of a rule set */
  NAME_MAX_BYTES = 200,
  CHUNK = 1 << 18 /* bytes of a file that are hashed at once */
};

/* A piece of a template: bytes of its own, or a column, whose name they are. */
typedef struct piece {
  postil_text text;
  bool is_column;
  size_t column;
} piece;

/* A template cut into pieces, [first, first + n) of its recipe's. */
typedef struct template {
  size_t first, n;
}
template;

/* What a row becomes: templates of terms and of attributes, all lent by the Lua stack. */
typedef struct recipe {
  size_t nterms, nattrs;
  template term[PST_COLUMNS_MAX], value[PST_COLUMNS_MAX];
  const char *name[PST_COLUMNS_MAX];
  piece *piece;
  size_t npieces, longest; /* longest: bytes of all templates */
  bool joins;              /* some template is more than one column */
} recipe;

/* Which rows are taken: those whose columns hold one of their values; lent by the stack, too. */
typedef struct filter {
  size_t n;
  postil_pair pair[PST_COLUMNS_MAX];
  size_t column[PST_COLUMNS_MAX];
} filter;

/* A table that becomes terms of statement `index` of `rules`. */
typedef struct job {
  pst_set *set;
  postil_rules *rules;
  uint32_t index;
  bool by_recipe, skip, stop;
  recipe recipe;
  filter filter;
  const char *fields;        /* names that attributes cannot have, with blanks between */
  char name[NAME_MAX_BYTES]; /* of the file, for messages */
  pst_table table;
  pst_cell joined; /* of several pieces */
  size_t term;                   /* the column of the term, if no recipe says */
  size_t order[PST_COLUMNS_MAX]; /* the other columns by name */
  size_t norder, known;
  uint64_t unfit; /* columns whose names are no attributes */
  size_t nterms, nbad;
  postil_err err;
  char note[PST_NOTE_MAX]; /* about the first bad row that was skipped */
  pst_bytes told;          /* messages, each with a zero */
  size_t ntold;
  char *source; /* owned; of a file that was read here */
} job;

/* ---- messages -------------------------------------------------------------------------------- */

/* Tells what is wrong with a line (0: with the whole). */
static void tell(job *j, size_t line, const char *words) {
  char message[sizeof j->name + sizeof j->table.what + 48];
  int n = line ? snprintf(message, sizeof message, "%s:%zu: %s", j->name, line, words)
               : snprintf(message, sizeof message, "%s: %s", j->name, words);
  if (n < 0 || !pst_bytes_add(&j->told, message, strlen(message) + 1))
    j->stop = true;
  else if (++j->ntold == BAD_MAX)
    j->stop = true;
}

/* What goes on nowhere: reading ends. */
static void fail(job *j, size_t line, const char *words) {
  tell(j, line, words);
  j->stop = true;
}

/* The current row is bad: t->what. */
static void refuse_row(job *j) {
  if (!j->skip) {
    tell(j, j->table.line, j->table.what);
    return;
  }
  if (!j->nbad++)
    (void)snprintf(j->note, sizeof j->note, "the first in line %zu: %s", j->table.line,
                   j->table.what);
}

/* The note says how many rows were skipped, if some were. */
static void count_skipped(job *j) {
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

static template cut_template(recipe *r, const char *source) {
  template cut = {r->npieces, 0};
  const char *at = source;
  while (*at) {
    const char *from = at;
    piece p = {.is_column = *at == '$'};
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

/* From { "$name", ..., attribute = "$column" } at index i of the stack.  Leaves a userdata there. */
static void read_recipe(lua_State *L, int i, recipe *r) {
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

static void read_filter(lua_State *L, int i, filter *f) {
  f->n = pst_env_pairs(L, i, f->pair, PST_COLUMNS_MAX);
  for (size_t k = 0; k < f->n; k++)
    if (f->pair[k].value.type != POSTIL_STRING) f->pair[k].value = (postil_value){.text = ""};
}

static void no_column(job *j, postil_text name) {
  char words[96];
  (void)snprintf(words, sizeof words, "there is no column '%.*s'", pst_shown(name), name.at);
  fail(j, 0, words);
}

/* Finds the columns that recipe and filter name. */
static void find_columns(job *j) {
  for (size_t i = 0; i < j->recipe.npieces && !j->stop; i++) {
    piece *p = &j->recipe.piece[i];
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
static void check_columns(job *j) {
  if (j->table.format != PST_JSONL || !j->table.ever) return;
  for (size_t i = 0; i < j->recipe.npieces && !j->stop; i++) {
    const piece *p = &j->recipe.piece[i];
    if (p->is_column && !(j->table.ever >> p->column & 1)) no_column(j, p->text);
  }
  for (size_t k = 0; k < j->filter.n && !j->stop; k++)
    if (!(j->table.ever >> j->filter.column[k] & 1))
      no_column(j, (postil_text){j->filter.pair[k].name, strlen(j->filter.pair[k].name)});
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

static bool is_taken(const job *j) {
  for (size_t k = 0; k < j->filter.n; k++) {
    postil_text text = pst_table_cell(&j->table, j->filter.column[k])->text;
    if (!is_among(text, &j->filter.pair[k].value)) return false;
  }
  return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Room for what a row's templates expand to, so that the scratch does not move under a row: each
 * piece is a column or text of its own. */
static bool reserve(job *j) {
  size_t row = 0;
  for (size_t i = 0; i < j->table.ncells; i++) row += j->table.cell[i].text.len;
  j->set->scratch.n = 0;
  return pst_bytes_reserve(&j->set->scratch, j->recipe.npieces * row + j->recipe.longest);
}

/* What several pieces give in the current row. */
static const pst_cell *join(job *j, const piece *p, size_t n) {
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
static inline const pst_cell *expand(job *j, const template *from) {
  const piece *p = &j->recipe.piece[from->first];
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
static bool add(job *j, postil_text term, const postil_pair *pairs, size_t n) {
  if (j->nterms++ == TERMS_MAX) {
    fail(j, j->table.line, "more than 4000000 terms");
    return true;
  }
  postil_status status = postil_rules_term(j->rules, j->index, term.at, term.len, pairs, n, &j->err);
  if (status == POSTIL_EPATTERN) {
    (void)pst_table_bad(&j->table, "%s", j->err.what);
    return false;
  }
  if (status != POSTIL_OK) fail(j, j->table.line, j->err.what);
  return true;
}

/* Adds the terms of the current row by the recipe; false when it is bad. */
static bool add_by_recipe(job *j) {
  const recipe *r = &j->recipe;
  postil_pair pairs[PST_COLUMNS_MAX];
  size_t n = 0;
  if (r->joins && !reserve(j)) {
    fail(j, j->table.line, "out of memory");
    return true;
  }
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
static bool fits(const job *j, const char *name) {
  size_t len = strlen(name);
  if (*name < 'a' || *name > 'z') return false;
  for (const char *c = name; *c; c++)
    if (!name_char(*c) || (*c >= 'A' && *c <= 'Z')) return false;
  for (const char *at = j->fields; (at = strstr(at, name)) != NULL; at += len)
    if ((at == j->fields || at[-1] == ' ') && (at[len] == ' ' || !at[len])) return false;
  return true;
}

/* Puts the columns that came since the last time in order, and finds that of the term. */
static void order_columns(job *j) {
  const pst_table *t = &j->table;
  static const char *const names[] = {"term", "name"};
  if (j->known == 0) {
    j->term = t->format == PST_JSONL ? t->first : 0;
    for (size_t i = COUNT(names); i--;)
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
static void call_unfit(job *j, size_t column) {
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
static bool add_by_header(job *j) {
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
static void check_names(job *j) {
  if (j->by_recipe || j->table.format == PST_JSONL) return;
  order_columns(j);
  for (size_t i = 0; i < j->table.ncolumns && !j->stop; i++) {
    if (!(j->unfit >> i & 1)) continue;
    call_unfit(j, i);
    fail(j, j->table.line, j->table.what);
  }
}

/* Reads a table to its end or to what stops it. */
static void read_table(job *j, pst_format format, const char *bytes, size_t len) {
  pst_row row = pst_table_open(&j->table, format, bytes, len);
  if (row == PST_ROW_BAD) fail(j, j->table.line, j->table.what);
  if (!j->stop && row == PST_ROW) find_columns(j);
  if (!j->stop && row == PST_ROW) check_names(j);
  while (!j->stop && row != PST_ROW_NOMEM && (row = pst_table_next(&j->table)) != PST_ROW_END) {
    bool good = row == PST_ROW;
    if (good && is_taken(j)) good = j->by_recipe ? add_by_recipe(j) : add_by_header(j);
    if (!good && row != PST_ROW_NOMEM) refuse_row(j);
  }
  if (row == PST_ROW_NOMEM) fail(j, 0, "out of memory");
  if (!j->stop) check_columns(j);
  pst_table_close(&j->table);
}

/* ---- images ---------------------------------------------------------------------------------- */

/* All that an image is made from beside the bytes of the table. */
static void hash_job(const job *j, pst_format format, postil_case kase, XXH3_state_t *state) {
  const recipe *r = &j->recipe;
  uint32_t about[] = {(uint32_t)format,     (uint32_t)kase,      j->skip,
                      j->by_recipe,         (uint32_t)r->nterms, (uint32_t)r->nattrs,
                      (uint32_t)j->filter.n};
  const char *versions[] = {"postil terms 1", postil_version(), postil_unicode()};
  (void)XXH3_128bits_reset(state);
  for (size_t i = 0; i < COUNT(versions); i++)
    (void)XXH3_128bits_update(state, versions[i], strlen(versions[i]) + 1);
  (void)XXH3_128bits_update(state, about, sizeof about);
  for (size_t i = 0; i < r->nterms; i++)
    (void)XXH3_128bits_update(state, &r->term[i].n, sizeof r->term[i].n);
  for (size_t i = 0; i < r->nattrs; i++) {
    (void)XXH3_128bits_update(state, &r->value[i].n, sizeof r->value[i].n);
    (void)XXH3_128bits_update(state, r->name[i], strlen(r->name[i]) + 1);
  }
  for (size_t i = 0; i < r->npieces; i++) {
    size_t shape = r->piece[i].text.len * 2 + r->piece[i].is_column;
    (void)XXH3_128bits_update(state, &shape, sizeof shape);
    (void)XXH3_128bits_update(state, r->piece[i].text.at, r->piece[i].text.len);
  }
  for (size_t k = 0; k < j->filter.n; k++) {
    const postil_value *values = &j->filter.pair[k].value;
    (void)XXH3_128bits_update(state, j->filter.pair[k].name, strlen(j->filter.pair[k].name) + 1);
    (void)XXH3_128bits_update(state, &values->len, sizeof values->len);
    (void)XXH3_128bits_update(state, values->text, values->len);
  }
}

static void write_key(const XXH3_state_t *state, char key[PST_KEY]) {
  XXH128_hash_t hash = XXH3_128bits_digest(state);
  (void)snprintf(key, PST_KEY, "%016llx%016llx", (unsigned long long)hash.high64,
                 (unsigned long long)hash.low64);
}

/* A heap with a cap, for the rule set that an image is made from. */
static void *allocate(void *ud, void *p, size_t old, size_t size) {
  size_t *held = ud;
  if (size == 0) {
    free(p);
    *held -= old;
    return NULL;
  }
  if (size > old && size - old > IMAGE_HEAP_MAX - *held) return NULL;
  void *made = realloc(p, size);
  if (made) *held += size - old; /* wraps rightly when the block shrinks */
  return made;
}

/* Makes the image of a table; what goes wrong is told. */
static void make_image(job *j, pst_format format, postil_case kase, postil_text source,
                       pst_held *held) {
  size_t heap = 0;
  postil_mem mem = {allocate, &heap};
  postil_err err = {.rule = POSTIL_NO_RULE};
  postil_rule rule = {.verb = POSTIL_TAG, .label = "x", .kase = kase, .keep = POSTIL_NO_HOOK};
  postil_rules *own = j->rules;
  uint32_t index = j->index;
  postil_status status = postil_rules_new(&mem, &j->rules, &err);
  if (!status) status = postil_rules_add(j->rules, &rule, &j->index, &err);
  if (!status) read_table(j, format, source.at, source.len);
  if (!status && !j->ntold) {
    char *bytes;
    status = postil_image_make(j->rules, NULL, &bytes, &held->len, &err);
    held->bytes = held->base = bytes;
  }
  if (status) fail(j, 0, err.what);
  postil_rules_free(j->rules);
  j->rules = own;
  j->index = index;
  count_skipped(j);
  memcpy(held->note, j->note, sizeof held->note);
}

/* Lends an image to the statement; the set keeps it.  False when it is not whole. */
static bool lend(job *j, pst_held *held) {
  pst_set *set = j->set;
  postil_err err = {.rule = POSTIL_NO_RULE};
  pst_held *grown = realloc(set->image, (set->nimages + 1) * sizeof *grown);
  if (grown) set->image = grown;
  postil_status status =
      grown ? postil_rules_image(set->rules, j->index, held->bytes, held->len, &err)
            : POSTIL_ENOMEM;
  if (status == POSTIL_OK) {
    memcpy(j->note, held->note, sizeof j->note);
    set->image[set->nimages++] = *held;
    return true;
  }
  if (status != POSTIL_EUSE) fail(j, 0, grown ? err.what : "out of memory");
  pst_held_free(held);
  return false;
}

static bool lend_cached(job *j, const char *folder, const char *key) {
  pst_held held = {0};
  if (!folder || !pst_cache_open(folder, key, &held)) return false;
  if (lend(j, &held)) return true;
  if (!j->stop) pst_cache_drop(folder, key);
  return false;
}

/* Makes the image, and puts it into the cache and takes it from there if that can be done. */
static void lend_new(job *j, pst_format format, postil_case kase, postil_text source,
                     const char *folder) {
  XXH3_state_t state;
  char key[PST_KEY];
  pst_held held = {0};
  hash_job(j, format, kase, &state);
  (void)XXH3_128bits_update(&state, source.at, source.len);
  write_key(&state, key);
  if (lend_cached(j, folder, key) || j->stop) return;
  make_image(j, format, kase, source, &held);
  if (j->ntold || j->stop) {
    pst_held_free(&held);
    return;
  }
  const char *why = folder ? pst_cache_write(folder, key, &held) : NULL;
  if (folder && !why && lend_cached(j, folder, key)) {
    pst_held_free(&held);
    return;
  }
  if (why) {
    size_t n = strlen(held.note);
    (void)snprintf(held.note + n, sizeof held.note - n,
                   "%scompiled in memory, for %s cannot be written (%s)", n ? "; " : "", folder,
                   why);
  }
  if (!j->stop && lend(j, &held)) return;
  if (!j->stop) fail(j, 0, "this table cannot be compiled");
}

/* ---- files ----------------------------------------------------------------------------------- */

/* The key of a file, read piece by piece; false: *why says why not. */
static bool hash_file(FILE *file, XXH3_state_t *state, const char **why) {
  char *chunk = malloc(CHUNK);
  size_t n = 0;
  *why = chunk ? NULL : "out of memory";
  while (chunk && (n = fread(chunk, 1, CHUNK, file)) > 0)
    (void)XXH3_128bits_update(state, chunk, n);
  if (chunk && ferror(file)) *why = strerror(errno);
  free(chunk);
  return !*why;
}

/* The whole of a file of `size` bytes at most, which is j->source then. */
static bool read_file(job *j, FILE *file, size_t size, postil_text *text, const char **why) {
  j->source = malloc(size + 1);
  *why = j->source ? NULL : "out of memory";
  if (!j->source) return false;
  rewind(file);
  *text = (postil_text){j->source, fread(j->source, 1, size + 1, file)};
  if (ferror(file))
    *why = strerror(errno);
  else if (text->len > size)
    *why = "it is being written";
  return !*why;
}

/* Lends the image of a file, without reading it into memory where the image is there. */
static void lend_file(job *j, pst_format format, postil_case kase, const char *path, size_t size,
                      const char *folder) {
  XXH3_state_t state;
  char key[PST_KEY];
  postil_text text;
  const char *why = NULL;
  FILE *file = fopen(path, "rb");
  if (!file) {
    fail(j, 0, strerror(errno));
    return;
  }
  (void)setvbuf(file, NULL, _IONBF, 0);
  bool done = false;
  if (folder) {
    hash_job(j, format, kase, &state);
    if (hash_file(file, &state, &why)) {
      write_key(&state, key);
      done = lend_cached(j, folder, key);
    }
  }
  if (!why && !done && !j->stop && read_file(j, file, size, &text, &why))
    lend_new(j, format, kase, text, folder);
  if (why) fail(j, 0, why);
  (void)fclose(file);
}

/* ---- what env.lua calls ---------------------------------------------------------------------- */

static int close_job(lua_State *L) {
  job *j = lua_touserdata(L, 1);
  pst_table_close(&j->table);
  pst_bytes_free(&j->told);
  free(j->source);
  j->source = NULL;
  return 0;
}

/* A job that is closed with the state at the latest. */
static job *new_job(lua_State *L) {
  job *j = compat_newuserdata(L, sizeof *j);
  memset(j, 0, sizeof *j);
  j->set = pst_set_of(L);
  j->rules = j->set->rules;
  if (luaL_newmetatable(L, JOB)) {
    lua_pushcfunction(L, close_job);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  return j;
}

/* What the host answered: the bytes of a table, in the set's mail until the next call between the
 * states, or (at NULL) how many a file has that is read here; its path; the cache folder. */
typedef struct answer {
  postil_text source;
  const char *path, *folder; /* folder NULL: none */
  pst_format format;
} answer;

/* The next value of the mail, if it is text. */
static postil_text mail_text(const char **at, const char *end) {
  postil_text text = {NULL, 0};
  if (*at == end || **at != 's') return text;
  memcpy(&text.len, *at + 1, sizeof text.len);
  text.at = *at + 1 + sizeof text.len;
  *at = text.at + text.len;
  return text;
}

/* Takes a number of the mail in place of the text. */
static bool mail_size(const char **at, const char *end, size_t *size) {
  double number;
  if (*at == end || **at != 'n') return false;
  memcpy(&number, *at + 1, sizeof number);
  *at += 1 + sizeof number;
  *size = (size_t)number;
  return true;
}

/* Asks the host for table `name`.  Raises, and leaves strings on the stack. */
static void ask(lua_State *L, job *j, const char *kind, const char *name, const char *from,
                answer *a) {
  pst_set *set = j->set;
  lua_pushstring(L, kind);
  lua_pushstring(L, name);
  lua_pushstring(L, from);
  pst_set_fetch(L, set, 3);
  const char *at = set->mail.at, *end = at + set->mail.n;
  *a = (answer){.format = PST_TSV};
  a->source = mail_text(&at, end);
  if (!a->source.at && !mail_size(&at, end, &a->source.len)) {
    if (pst_mail_unpack(L, set->mail.at, set->mail.n) < 2 || !lua_isstring(L, -1))
      lua_pushliteral(L, "there is no such table");
    lua_error(L);
  }
  postil_text path = mail_text(&at, end), folder = mail_text(&at, end);
  if (!path.at) path = (postil_text){name, strlen(name)};
  /* The mail is overwritten by the next call, so what must last goes to the stack. */
  lua_pushlstring(L, path.at, path.len);
  a->path = lua_tostring(L, -1);
  if (folder.at) {
    lua_pushlstring(L, folder.at, folder.len);
    a->folder = lua_tostring(L, -1);
  }
  (void)pst_format_of(path.at, path.len, &a->format);
  const char *slash = strrchr(a->path, '/');
  (void)snprintf(j->name, sizeof j->name, "%s", slash ? slash + 1 : a->path);
}

/* Leaves true and a note or nil; or nil and the list of messages. */
static int answer_with(lua_State *L, job *j) {
  if (j->ntold || j->stop) {
    const char *at = j->told.at;
    lua_pushnil(L);
    lua_createtable(L, (int)j->ntold, 0);
    for (size_t i = 0; i < j->ntold; i++, at += strlen(at) + 1) {
      lua_pushstring(L, at);
      lua_rawseti(L, -2, (int)i + 1);
    }
    if (!j->ntold) {
      lua_pushliteral(L, "out of memory");
      lua_rawseti(L, -2, 1);
    }
    return 2;
  }
  lua_pushboolean(L, 1);
  if (j->note[0])
    lua_pushfstring(L, "%s: %s", j->name, j->note);
  else
    lua_pushnil(L);
  return 2;
}

/* The clock of the rule files stands still while an image is made: that is our work, not theirs,
 * and bounded by PST_TABLES_MAX. */
static void lend_answer(job *j, const answer *a, postil_case kase) {
  pst_set *set = j->set;
  clock_t began = clock();
  set->tables += a->source.len;
  if (set->tables > PST_TABLES_MAX) {
    fail(j, 0, "the large tables of a rule set hold more than 1 GiB");
  } else if (set->nimages == IMAGES_MAX) {
    fail(j, 0, "more than 64 large tables in a rule set");
  } else if (a->source.at) {
    lend_new(j, a->format, kase, a->source, a->folder);
  } else {
    lend_file(j, a->format, kase, a->path, a->source.len, a->folder);
  }
  if (set->timed) set->began += clock() - began;
}

/* table(index, name, from, recipe or nil, filter or nil, skip, case, fields): adds the terms of a
 * table to statement `index`; bad rows are skipped or refused. */
int pst_env_table(lua_State *L) {
  answer a;
  const char *name = luaL_checkstring(L, 2), *from = luaL_checkstring(L, 3);
  lua_settop(L, 8);
  job *j = new_job(L);
  j->index = (uint32_t)luaL_checknumber(L, 1);
  j->by_recipe = lua_istable(L, 4);
  j->skip = lua_toboolean(L, 6) != 0;
  j->fields = luaL_checkstring(L, 8);
  if (j->by_recipe) read_recipe(L, 4, &j->recipe);
  if (lua_istable(L, 5)) read_filter(L, 5, &j->filter);
  ask(L, j, "terms", name, from, &a);
  if (a.source.at && a.source.len < PST_TABLE_LARGE) {
    pst_set_spend(L, a.source.len / 2);
    read_table(j, a.format, a.source.at, a.source.len);
    count_skipped(j);
  } else {
    lend_answer(j, &a, (postil_case)(int)lua_tonumber(L, 7));
  }
  return answer_with(L, j);
}

/* One row as a table by column, of texts. */
static void push_row(lua_State *L, const pst_table *t) {
  lua_createtable(L, 0, (int)t->ncells);
  for (size_t i = 0; i < t->ncells; i++) {
    if (t->cell[i].type == POSTIL_NIL) continue;
    lua_pushstring(L, t->name[i]);
    lua_pushlstring(L, t->cell[i].text.at, t->cell[i].text.len);
    lua_rawset(L, -3);
  }
}

/* rows(name, from): a list of tables by column, and the set of columns. */
int pst_env_rows(lua_State *L) {
  answer a;
  const char *name = luaL_checkstring(L, 1), *from = luaL_checkstring(L, 2);
  lua_settop(L, 2);
  job *j = new_job(L);
  ask(L, j, "table", name, from, &a);
  pst_set_spend(L, a.source.len / 2);
  lua_newtable(L);
  int rows = lua_gettop(L), n = 0;
  pst_row row = pst_table_open(&j->table, a.format, a.source.at, a.source.len);
  while (row == PST_ROW && (row = pst_table_next(&j->table)) == PST_ROW) {
    push_row(L, &j->table);
    lua_rawseti(L, rows, ++n);
  }
  if (row == PST_ROW_BAD)
    return pst_env_complain(L, "%s:%d: %s", j->name, (int)j->table.line, j->table.what);
  if (row == PST_ROW_NOMEM) return luaL_error(L, "out of memory");
  lua_newtable(L);
  for (size_t i = 0; i < j->table.ncolumns; i++) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, j->table.name[i]);
  }
  return 2;
}
