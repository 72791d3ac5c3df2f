/* table.c - reads tables as text; see table.h.
 *
 * CSV is RFC 4180, with the remarks of TSV between rows; JSON is RFC 8259, flat and without names
 * that come twice.
 */
#include "table.h"

#include <locale.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 40, NUMBER_MAX = 400 };

pst_row pst_table_bad(pst_table *t, const char *words, ...) {
  va_list arguments;
  va_start(arguments, words);
  (void)vsnprintf(t->what, sizeof t->what, words, arguments);
  va_end(arguments);
  return PST_ROW_BAD;
}

int pst_shown(postil_text text) {
  size_t n = text.len < SHOWN ? text.len : SHOWN;
  while (n && n < text.len && ((unsigned char)text.at[n] & 0xC0) == 0x80) n--;
  return (int)n;
}

bool pst_format_of(const char *name, size_t len, pst_format *format) {
  static const char *const ends[] = {".tsv", ".csv", ".jsonl"};
  for (int i = 0; i < 3; i++) {
    size_t n = strlen(ends[i]);
    if (len <= n || memcmp(name + len - n, ends[i], n) != 0) continue;
    *format = (pst_format)i;
    return true;
  }
  return false;
}

/* ---- columns --------------------------------------------------------------------------------- */

static size_t find_column(const pst_table *t, const char *name, size_t len) {
  for (size_t i = 0; i < t->ncolumns; i++)
    if (strncmp(t->name[i], name, len) == 0 && !t->name[i][len]) return i;
  return SIZE_MAX;
}

/* Adds a column; false when memory runs out. */
static bool add_column(pst_table *t, const char *name, size_t len) {
  char *copy = malloc(len + 1);
  if (!copy) return false;
  memcpy(copy, name, len);
  copy[len] = '\0';
  t->name[t->ncolumns++] = copy;
  return true;
}

size_t pst_table_column(pst_table *t, const char *name, size_t len) {
  size_t i = find_column(t, name, len);
  if (i != SIZE_MAX || t->format != PST_JSONL || t->ncolumns == PST_COLUMNS_MAX) return i;
  return add_column(t, name, len) ? t->ncolumns - 1 : SIZE_MAX;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* The length of the sequence of UTF-8 at s, 0 where there is none. */
static size_t sequence(const unsigned char *s, size_t n) {
  unsigned lead = s[0], low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  size_t len = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || len > n) return 0;
  for (size_t i = 1; i < len; i++) {
    if (s[i] < low || s[i] > high) return 0;
    low = 0x80;
    high = 0xBF;
  }
  return len;
}

static bool is_utf8(const char *at, size_t n) {
  const unsigned char *s = (const unsigned char *)at;
  while (n) {
    uint64_t word[2];
    if (n >= sizeof word) {
      memcpy(word, s, sizeof word);
      if (!((word[0] | word[1]) & UINT64_C(0x8080808080808080))) {
        s += sizeof word;
        n -= sizeof word;
        continue;
      }
    }
    size_t len = sequence(s, n);
    if (!len) return false;
    s += len;
    n -= len;
  }
  return true;
}

/* The line at t->at without its end, from which reading goes on behind it. */
static postil_text next_line(pst_table *t) {
  const char *at = t->at, *newline = memchr(at, '\n', (size_t)(t->end - at));
  const char *end = newline ? newline : t->end;
  t->at = newline ? newline + 1 : t->end;
  t->line = t->next++;
  if (end > at && end[-1] == '\r') end--;
  return (postil_text){at, (size_t)(end - at)};
}

static bool is_blank(postil_text line) {
  for (size_t i = 0; i < line.len; i++)
    if (line.at[i] != ' ' && line.at[i] != '\t' && line.at[i] != '\r') return false;
  return true;
}

/* Steps over remarks and lines with nothing; false at the end. */
static bool skip_remarks(pst_table *t) {
  while (t->at < t->end) {
    const char *at = t->at;
    size_t next = t->next;
    bool row = t->format == PST_JSONL ? *at == '{' : *at != '#' && *at != '\r' && *at != '\n';
    if (row) return true;
    postil_text line = next_line(t);
    if (t->format == PST_JSONL ? is_blank(line) : !line.len || *line.at == '#') continue;
    t->at = at;
    t->next = next;
    return true;
  }
  return false;
}

static void set_plain(pst_cell *cell, const char *at, size_t len) {
  bool nothing = len == 0 || (len == 1 && *at == '-');
  cell->text = (postil_text){at, nothing ? 0 : len};
  cell->type = nothing ? POSTIL_NIL : POSTIL_STRING;
}

/* Is there a column i for a cell?  While the first row is read there is. */
static bool has_column(const pst_table *t, size_t i) {
  return i < (t->ncolumns ? t->ncolumns : PST_COLUMNS_MAX);
}

static pst_row too_many(pst_table *t) {
  return t->ncolumns && t->format != PST_JSONL
             ? pst_table_bad(t, "more columns than the first line names")
             : pst_table_bad(t, "more than %d columns", PST_COLUMNS_MAX);
}

/* ---- TSV ------------------------------------------------------------------------------------- */

static pst_row read_tsv(pst_table *t) {
  postil_text line = next_line(t);
  const char *at = line.at, *end = at + line.len;
  size_t n = 0, most = t->ncolumns ? t->ncolumns : PST_COLUMNS_MAX;
  if (line.len > PST_ROW_MAX) return pst_table_bad(t, "a line of more than 65536 bytes");
  if (!t->good && !is_utf8(at, line.len)) return pst_table_bad(t, "this is not UTF-8");
  for (const char *tab = at; tab; at = tab + 1) {
    tab = memchr(at, '\t', (size_t)(end - at));
    if (n == most) return too_many(t);
    set_plain(&t->cell[n++], at, (size_t)((tab ? tab : end) - at));
    if (!tab) break;
  }
  t->ncells = n;
  return PST_ROW;
}

/* ---- CSV ------------------------------------------------------------------------------------- */

/* Reads what is between quotation marks from *at on, which is left behind the last one. */
static pst_row read_quoted(pst_table *t, const char **at, const char *end, size_t column,
                           pst_cell *cell) {
  const char *from = *at + 1;
  char *to = t->text + t->used;
  size_t len = 0;
  for (;;) {
    const char *mark = memchr(from, '"', (size_t)(end - from));
    if (!mark)
      return pst_table_bad(t, "the quotation mark of column %d is not closed", (int)column + 1);
    memcpy(to + len, from, (size_t)(mark - from));
    len += (size_t)(mark - from);
    from = mark + 1;
    if (from == end || *from != '"') break;
    to[len++] = *from++;
  }
  t->used += len;
  *at = from;
  *cell = (pst_cell){{to, len}, len ? POSTIL_STRING : POSTIL_NIL, 0};
  return PST_ROW;
}

/* Reads one cell from *at on, which is left at the comma or line end behind it. */
static pst_row read_csv_cell(pst_table *t, const char **at, const char *end, size_t column,
                             pst_cell *cell) {
  const char *from = *at;
  if (from < end && *from == '"') {
    pst_row row = read_quoted(t, at, end, column, cell);
    if (row != PST_ROW || *at == end || memchr(",\n", **at, 2)) return row;
    if (**at == '\r' && (*at + 1 == end || (*at)[1] == '\n')) return row;
    return pst_table_bad(t,
                         "column %d goes on behind its quotation mark; a quotation mark inside "
                         "is written twice",
                         (int)column + 1);
  }
  while (*at < end && **at != ',' && **at != '\n' && **at != '"') ++*at;
  if (*at < end && **at == '"')
    return pst_table_bad(t,
                         "a quotation mark in the middle of column %d; put the column in "
                         "quotation marks and write it twice",
                         (int)column + 1);
  const char *stop = *at;
  if (stop > from && stop[-1] == '\r' && (stop == end || *stop == '\n')) stop--;
  set_plain(cell, from, (size_t)(stop - from));
  return PST_ROW;
}

static pst_row read_csv_cells(pst_table *t, const char **at, const char *end) {
  for (;;) {
    pst_cell cell;
    pst_row row = read_csv_cell(t, at, end, t->ncells, &cell);
    if (row != PST_ROW) return row;
    if (!has_column(t, t->ncells)) return too_many(t);
    t->cell[t->ncells++] = cell;
    if (*at < end && **at == '\r') ++*at;
    if (*at == end || **at == '\n') return PST_ROW;
    ++*at;
  }
}

/* A row may go over several lines; behind a bad one reading goes on at the next line. */
static pst_row read_csv(pst_table *t) {
  const char *first = t->at, *at = first, *end = t->end;
  bool cut = (size_t)(end - at) > PST_ROW_MAX;
  if (cut) end = at + PST_ROW_MAX;
  t->used = t->ncells = 0;
  (void)next_line(t);
  pst_row row = read_csv_cells(t, &at, end);
  if (row == PST_ROW && cut && at == end) row = pst_table_bad(t, "a row of more than 65536 bytes");
  if (row == PST_ROW && !t->good && !is_utf8(first, (size_t)(at - first)))
    row = pst_table_bad(t, "this is not UTF-8");
  if (row == PST_ROW && t->ncells < t->ncolumns)
    row = pst_table_bad(t, "fewer columns than the first line names");
  if (row != PST_ROW) return row;
  t->next = t->line + 1;
  for (const char *c = first; c < at; c++) t->next += *c == '\n';
  t->at = at < end ? at + 1 : at;
  return PST_ROW;
}

/* ---- JSON lines ------------------------------------------------------------------------------ */

static void skip_space(const char **at, const char *end) {
  while (*at < end && (**at == ' ' || **at == '\t' || **at == '\r')) ++*at;
}

static bool take(const char **at, const char *end, char c) {
  skip_space(at, end);
  if (*at == end || **at != c) return false;
  ++*at;
  return true;
}

/* Four hexadecimal digits; false where they are not. */
static bool read_hex(const char **at, const char *end, uint32_t *unit) {
  *unit = 0;
  if (end - *at < 4) return false;
  for (int i = 0; i < 4; i++, ++*at) {
    char c = **at;
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (digit < 0) return false;
    *unit = *unit * 16 + (uint32_t)digit;
  }
  return true;
}

static char *put_code(char *to, uint32_t c) {
  if (c < 0x80) {
    *to++ = (char)c;
  } else if (c < 0x800) {
    *to++ = (char)(0xC0 | c >> 6);
    *to++ = (char)(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *to++ = (char)(0xE0 | c >> 12);
    *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    *to++ = (char)(0x80 | (c & 0x3F));
  } else {
    *to++ = (char)(0xF0 | c >> 18);
    *to++ = (char)(0x80 | (c >> 12 & 0x3F));
    *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    *to++ = (char)(0x80 | (c & 0x3F));
  }
  return to;
}

/* What stands behind a backslash at *at, written to *to; false where it is no escape. */
static bool read_escape(const char **at, const char *end, char **to) {
  static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
  uint32_t unit, low;
  if (*at == end) return false;
  char c = *(*at)++;
  const char *known = c ? strchr(from, c) : NULL;
  if (known) {
    *(*to)++ = into[known - from];
    return true;
  }
  if (c != 'u' || !read_hex(at, end, &unit) || (unit >= 0xDC00 && unit < 0xE000)) return false;
  if (unit >= 0xD800 && unit < 0xDC00) {
    if (end - *at < 2 || (*at)[0] != '\\' || (*at)[1] != 'u') return false;
    *at += 2;
    if (!read_hex(at, end, &low) || low < 0xDC00 || low >= 0xE000) return false;
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  *to = put_code(*to, unit);
  return true;
}

/* A string from behind its first quotation mark on.  No escape is shorter than what it says. */
static bool read_string(pst_table *t, const char **at, const char *end, postil_text *text) {
  char *first = t->text + t->used, *to = first;
  for (;;) {
    if (*at == end || (unsigned char)**at < ' ') return false;
    char c = *(*at)++;
    if (c == '"') break;
    if (c != '\\')
      *to++ = c;
    else if (!read_escape(at, end, &to))
      return false;
  }
  *text = (postil_text){first, (size_t)(to - first)};
  t->used += text->len;
  return true;
}

static size_t digits(const char **at, const char *end) {
  const char *from = *at;
  while (*at < end && **at >= '0' && **at <= '9') ++*at;
  return (size_t)(*at - from);
}

/* A number; strtod wants the point of the host's locale. */
static bool read_number(const char **at, const char *end, pst_cell *cell) {
  char copy[NUMBER_MAX];
  const char *from = *at, *point = NULL;
  if (**at == '-') ++*at;
  const char *whole = *at;
  size_t n = digits(at, end);
  if (n == 0 || (n > 1 && *whole == '0')) return false;
  if (*at < end && **at == '.') {
    point = (*at)++;
    if (!digits(at, end)) return false;
  }
  if (*at < end && (**at == 'e' || **at == 'E')) {
    ++*at;
    if (*at < end && (**at == '+' || **at == '-')) ++*at;
    if (!digits(at, end)) return false;
  }
  size_t len = (size_t)(*at - from);
  if (len >= sizeof copy) return false;
  memcpy(copy, from, len);
  copy[len] = '\0';
  if (point) copy[point - from] = *localeconv()->decimal_point;
  *cell = (pst_cell){{from, len}, POSTIL_NUMBER, strtod(copy, NULL)};
  return cell->number - cell->number == 0;
}

static bool read_word(const char **at, const char *end, const char *word) {
  size_t n = strlen(word);
  if ((size_t)(end - *at) < n || memcmp(*at, word, n) != 0) return false;
  *at += n;
  return true;
}

/* The value of a name. */
static pst_row read_value(pst_table *t, const char **at, const char *end, postil_text name,
                          pst_cell *cell) {
  const char *from;
  int shown = pst_shown(name);
  skip_space(at, end);
  from = *at;
  if (take(at, end, '"')) {
    if (!read_string(t, at, end, &cell->text))
      return pst_table_bad(t, "a string that JSON does not know");
    cell->type = cell->text.len ? POSTIL_STRING : POSTIL_NIL;
    return PST_ROW;
  }
  if (from < end && (*from == '[' || *from == '{'))
    return pst_table_bad(t, "'%.*s' holds %s; a column holds a string, number or boolean", shown,
                         name.at, *from == '[' ? "a list" : "an object");
  if (read_word(at, end, "null")) return PST_ROW;
  bool yes = read_word(at, end, "true");
  if (yes || read_word(at, end, "false")) {
    *cell = (pst_cell){{from, (size_t)(*at - from)}, POSTIL_BOOL, yes};
    return PST_ROW;
  }
  if (from < end && (*from == '-' || (*from >= '0' && *from <= '9')) && read_number(at, end, cell))
    return PST_ROW;
  return pst_table_bad(t, "the value of '%.*s' is none that JSON knows", shown, name.at);
}

/* "name": value; `seen` are the columns that came already. */
static pst_row read_member(pst_table *t, const char **at, const char *end, uint64_t *seen) {
  postil_text name;
  if (!take(at, end, '"') || !read_string(t, at, end, &name) || !take(at, end, ':'))
    return pst_table_bad(t, "this is no object of JSON");
  if (!name.len || memchr(name.at, 0, name.len)) return pst_table_bad(t, "an empty name");
  size_t i = find_column(t, name.at, name.len);
  if (i == SIZE_MAX) {
    if (t->ncolumns == PST_COLUMNS_MAX) return too_many(t);
    if (!add_column(t, name.at, name.len)) return PST_ROW_NOMEM;
    i = t->ncolumns - 1;
  }
  if (*seen >> i & 1) return pst_table_bad(t, "the name '%.*s' twice", pst_shown(name), name.at);
  if (!*seen) t->first = i;
  *seen |= UINT64_C(1) << i;
  t->ever |= UINT64_C(1) << i;
  return read_value(t, at, end, name, &t->cell[i]);
}

static pst_row read_jsonl(pst_table *t) {
  postil_text line = next_line(t);
  const char *at = line.at, *end = at + line.len;
  uint64_t seen = 0;
  t->used = t->ncells = 0;
  t->first = SIZE_MAX;
  memset(t->cell, 0, sizeof t->cell);
  if (line.len > PST_ROW_MAX) return pst_table_bad(t, "a line of more than 65536 bytes");
  if (!t->good && !is_utf8(at, line.len)) return pst_table_bad(t, "this is not UTF-8");
  if (!take(&at, end, '{')) return pst_table_bad(t, "this is no object of JSON");
  bool more = !take(&at, end, '}');
  while (more) {
    pst_row row = read_member(t, &at, end, &seen);
    if (row != PST_ROW) return row;
    more = take(&at, end, ',');
    if (!more && !take(&at, end, '}')) return pst_table_bad(t, "this is no object of JSON");
  }
  skip_space(&at, end);
  t->ncells = t->ncolumns;
  return at == end ? PST_ROW : pst_table_bad(t, "more behind the object");
}

/* ---- tables ---------------------------------------------------------------------------------- */

pst_row pst_table_next(pst_table *t) {
  if (!skip_remarks(t)) return PST_ROW_END;
  switch (t->format) {
    case PST_TSV: return read_tsv(t);
    case PST_CSV: return read_csv(t);
    default: return read_jsonl(t);
  }
}

/* The only name in the first row has a sign in it that parts columns in another format. */
static bool is_parted_otherwise(postil_text name) {
  return memchr(name.at, ';', name.len) || memchr(name.at, '\t', name.len) ||
         memchr(name.at, ',', name.len);
}

/* The first row of TSV and CSV. */
static pst_row read_names(pst_table *t) {
  pst_row row = pst_table_next(t);
  if (row == PST_ROW_END) return pst_table_bad(t, "the first line must name the columns");
  if (row != PST_ROW) return row;
  if (t->ncells == 1 && is_parted_otherwise(t->cell[0].text))
    return pst_table_bad(t, "the columns of a %s stand between %s",
                         t->format == PST_CSV ? ".csv" : ".tsv",
                         t->format == PST_CSV ? "commas" : "tabs");
  for (size_t i = 0; i < t->ncells; i++) {
    postil_text name = t->cell[i].text;
    if (!name.len || memchr(name.at, 0, name.len))
      return pst_table_bad(t, "column %d has no name", (int)i + 1);
    if (find_column(t, name.at, name.len) != SIZE_MAX)
      return pst_table_bad(t, "two columns are called '%.*s'", pst_shown(name), name.at);
    if (!add_column(t, name.at, name.len)) return PST_ROW_NOMEM;
  }
  return PST_ROW;
}

pst_row pst_table_open(pst_table *t, pst_format format, const char *bytes, size_t len) {
  *t = (pst_table){.format = format, .at = bytes, .end = bytes + len, .line = 1, .next = 1};
  if (format != PST_TSV && !(t->text = malloc(PST_ROW_MAX))) return PST_ROW_NOMEM;
  if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) t->at += 3;
  t->good = is_utf8(bytes, len);
  return format == PST_JSONL ? PST_ROW : read_names(t);
}

void pst_table_close(pst_table *t) {
  for (size_t i = 0; i < t->ncolumns; i++) free(t->name[i]);
  free(t->text);
  *t = (pst_table){0};
}
