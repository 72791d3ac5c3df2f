/* gazetteer.h - a table that becomes terms of a rule set: what gazetteer.c (the calls of env.lua),
 * rows.c (rows become terms) and image.c (large tables become images) share.
 */
#ifndef POSTIL_LUA_GAZETTEER_H
#define POSTIL_LUA_GAZETTEER_H

#include "binding.h"

#define PST_COUNT_OF(array) (sizeof(array) / sizeof *(array))
enum { PST_TABLE_NAME = 200 }; /* bytes of a table's name in messages */

/* A piece of a template: bytes of its own, or a column, whose name they are. */
typedef struct pst_piece {
  postil_text text;
  bool is_column;
  size_t column;
} pst_piece;

/* A template cut into pieces, [first, first + n) of its recipe's. */
typedef struct pst_form {
  size_t first, n;
} pst_form;

/* What a row becomes: templates of terms and of attributes, all lent by the Lua stack. */
typedef struct pst_recipe {
  size_t nterms, nattrs;
  pst_form term[PST_COLUMNS_MAX], value[PST_COLUMNS_MAX];
  const char *name[PST_COLUMNS_MAX];
  pst_piece *piece;
  size_t npieces, longest; /* longest: bytes of all templates */
  bool joins;              /* some template is more than one column */
} pst_recipe;

/* Which rows are taken: those whose columns hold one of their values; lent by the stack, too. */
typedef struct pst_filter {
  size_t n;
  postil_pair pair[PST_COLUMNS_MAX];
  size_t column[PST_COLUMNS_MAX];
} pst_filter;

/* A table that becomes terms of statement `index` of `rules`. */
typedef struct pst_job {
  pst_set *set;
  postil_rules *rules;
  uint32_t index;
  bool by_recipe, skip, stop;
  pst_recipe recipe;
  pst_filter filter;
  const char *fields;        /* names that attributes cannot have, with blanks between */
  char name[PST_TABLE_NAME]; /* of the file, for messages */
  pst_table table;
  pst_cell joined;               /* of several pieces */
  size_t term;                   /* the column of the term, if no recipe says */
  size_t order[PST_COLUMNS_MAX]; /* the other columns by name */
  size_t norder, known;
  uint64_t unfit; /* columns whose names are no attributes */
  size_t nterms, nbad;
  postil_err err;
  char note[PST_NOTE_MAX]; /* about the first bad row that was skipped */
  pst_bytes told;          /* messages, each with a zero */
  size_t ntold;
} pst_job;

/* What the host answered: the bytes of a table, in the set's mail until the next call between the
 * states, or (at NULL) how many a file has that is read here; its path; the cache folder. */
typedef struct pst_answer {
  postil_text source;
  const char *path, *folder; /* folder NULL: none */
  pst_format format;
} pst_answer;

/* rows.c */
/* A recipe { "$name", ..., attribute = "$column" } and a filter { column = "value|value" } at index
 * i of the stack, which lends them.  The first leaves a userdata there. */
void pst_job_recipe(lua_State *L, int i, pst_recipe *recipe);
void pst_job_filter(lua_State *L, int i, pst_filter *filter);
/* Reads a table to its end, or to what stops it; what is wrong is in j->told and j->note. */
void pst_job_read(pst_job *j, pst_format format, const char *bytes, size_t len);
/* Tells what goes on nowhere (line 0: of the whole table), and stops. */
void pst_job_fail(pst_job *j, size_t line, const char *words);

/* image.c: lends the statement the image of a large table, from the cache or made now. */
void pst_job_lend(pst_job *j, const pst_answer *a, postil_case kase);

#endif
