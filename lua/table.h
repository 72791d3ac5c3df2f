/* table.h - tables as text, row by row: columns between tabs (TSV), CSV after RFC 4180, JSON lines.
 *
 * In TSV and CSV the first row names the columns, lines that begin with # between rows are remarks,
 * blank lines are nothing, and an empty column or a "-" without quotation marks holds nothing.  A
 * row of TSV may leave out columns at its end, one of CSV may not.  JSON lines are one flat object
 * a line, whose columns are all its names.  Text is UTF-8; a byte order mark is skipped.
 *
 * Nothing here knows Lua.  A bad row is told with its line and words, and reading can go on behind
 * it.
 */
#ifndef POSTIL_LUA_TABLE_H
#define POSTIL_LUA_TABLE_H

#include <postil.h>

#define PST_COLUMNS_MAX 64             /* columns of a table, attributes of a term */
#define PST_ROW_MAX ((size_t)64 << 10) /* bytes of a row */

typedef enum pst_format { PST_TSV, PST_CSV, PST_JSONL } pst_format;

/* What a column of a row says: NIL nothing, else its text; of NUMBER and BOOL the number, too. */
typedef struct pst_cell {
  postil_text text;
  postil_type type;
  double number; /* of NUMBER and BOOL */
} pst_cell;

typedef struct pst_table {
  pst_format format;
  const char *at, *end; /* what is still to read */
  size_t line, next;    /* where the row began that was read last, and what follows */
  size_t ncolumns;
  char *name[PST_COLUMNS_MAX];    /* zero-terminated, owned */
  size_t ncells;                  /* of the row */
  pst_cell cell[PST_COLUMNS_MAX]; /* pst_table_cell */
  size_t first;                   /* JSON lines: the column that came first in the row */
  uint64_t ever;                  /* JSON lines: bits of the columns that came in some row */
  bool good;                      /* all of it is UTF-8 */
  char *text;                     /* PST_ROW_MAX bytes for cells that are not as they are written */
  size_t used;
  char what[160]; /* of a bad row */
} pst_table;

typedef enum pst_row {
  PST_ROW,     /* a row in t->cell */
  PST_ROW_BAD, /* the row that began at t->line is none: t->what */
  PST_ROW_END,
  PST_ROW_NOMEM
} pst_row;

/* The format that the end of a file's name tells; false if it tells none. */
bool pst_format_of(const char *name, size_t len, pst_format *format);
/* Begins with bytes that stay as they are, and reads the names of columns: PST_ROW, or what went
 * wrong.  t must be closed whatever is returned. */
pst_row pst_table_open(pst_table *t, pst_format format, const char *bytes, size_t len);
void pst_table_close(pst_table *t);
/* The next row. */
pst_row pst_table_next(pst_table *t);
/* What column i holds in the row, lent until the next one. */
static inline const pst_cell *pst_table_cell(const pst_table *t, size_t i) {
  static const pst_cell nothing;
  return i < t->ncells ? &t->cell[i] : &nothing;
}
/* Makes a bad row of the current one. */
pst_row pst_table_bad(pst_table *t, const char *words, ...);
/* How many bytes of a name or the like a message shows, in whole characters. */
int pst_shown(postil_text text);
/* The number of column `name`; in JSON lines it may come yet, and is added.  SIZE_MAX: there is
 * none. */
size_t pst_table_column(pst_table *t, const char *name, size_t len);

#endif
