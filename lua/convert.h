/* convert.h - what the files of the converters share: a text as a few words, and its values.
 *
 *   convert.c         functions of p, the captures they look at
 *   convert_words.c   a text cut into words, figures and marks
 *   convert_number.c  numbers in figures and in words
 *   convert_date.c    dates and times, ISO 8601 and EDTF
 *   convert_money.c   currencies, ISO 4217
 *   convert_unit.c    units of measure and what they are in SI units
 *
 * These know bytes only: no Lua, no locale, no memory but the stack.  A value that is not plain is
 * no value: everything here says false rather than guess. / */
#ifndef POSTIL_LUA_CONVERT_H
#define POSTIL_LUA_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- words ----------------------------------------------------------------------------------- */

enum {
  PST_PIECES = 48, /* a text is looked at up to so many pieces */
  PST_AHEAD = 8    /* nothing looks further ahead */
};

typedef enum pst_kind {
  PST_END,
  PST_WORD,     /* letters, of any script; inner stops and apostrophes: p.m, o'clock */
  PST_FIGURES,  /* digits, and what stands between digits: 1,200.5 */
  PST_FRACTION, /* one character: a half, two thirds */
  PST_SIGN,     /* of a currency */
  PST_MARK      /* anything else; `mark` is the ASCII character, '-' for every dash, 0 for others */
} pst_kind;

typedef struct pst_piece {
  const char *at;
  size_t len;
  double value; /* FRACTION */
  pst_kind kind;
  char mark;
  bool gap; /* white space before it */
} pst_piece;

/* Pieces of a text; at[n] and those behind it, PST_AHEAD in all, are END, so that a look ahead needs
 * no question. */
typedef struct pst_pieces {
  size_t n;
  pst_piece at[PST_PIECES + PST_AHEAD];
} pst_pieces;

/* blanks: white space before three digits groups digits, too ("1 200"); no-break and thin spaces
 * always do. */
void pst_cut(pst_pieces *pieces, const char *text, size_t len, bool blanks);

static inline bool pst_digit(int c) { return c >= '0' && c <= '9'; }
static inline bool pst_space(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline int pst_lower(int c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }
static inline bool pst_letter(int c) { return pst_lower(c) >= 'a' && pst_lower(c) <= 'z'; }

/* Is this the word, in any case?  `word` is in lower case. */
bool pst_is(const pst_piece *piece, const char *word);
/* The same, or with an s behind. */
bool pst_is_some(const pst_piece *piece, const char *word);
/* Is it exactly this? */
bool pst_is_just(const pst_piece *piece, const char *bytes);
static inline bool pst_is_mark(const pst_piece *piece, char mark) {
  return piece->kind == PST_MARK && piece->mark == mark;
}
/* The number from 0 of the word in a list that ends with NULL; -1: it is none of them. */
int pst_which(const pst_piece *piece, const char *const *words);
/* Figures that are digits only, as many as said: their number, or -1. */
int pst_plain(const pst_piece *piece, size_t least, size_t most);

/* ---- numbers --------------------------------------------------------------------------------- */

typedef struct pst_style {
  bool comma; /* the decimal mark is a comma: 1.200,5 */
  bool plain; /* letters behind figures are units, no scales: 5 m, 3bn */
} pst_style;

typedef struct pst_number {
  double value, scale; /* scale is in value already; 1: there is none */
} pst_number;

/* The number that begins at piece *i, past which it steps; false: none begins there, or it is not
 * plain which. */
bool pst_read_number(const pst_pieces *pieces, size_t *i, const pst_style *style, pst_number *out);
/* Is it a part of a number: figures, or a word like two or million? */
bool pst_counts(const pst_piece *piece);
/* What a word like million or bn multiplies with; 0: it is none.  letters: k, m, b, too. */
double pst_scale(const pst_piece *piece, bool letters);
/* A number, or two with a dash, to, or, between ... and; *two says which.  The scale of the second
 * counts for a first without ("3-5 million"); signs of currencies are stepped over. */
bool pst_read_range(const pst_pieces *pieces, size_t *i, const pst_style *style, pst_number out[2],
                    bool *two);

/* ---- money, units ---------------------------------------------------------------------------- */

/* The ISO 4217 code of the currency that a text names, three letters without a zero behind them,
 * and how many of the named one make a whole (100 for cents); NULL: none, or not plain which. */
const char *pst_currency(const pst_pieces *pieces, int *parts);

enum { PST_UNIT_MAX = 40 };

/* A unit: its symbol, the SI unit of its kind ("": not fixed), and value * factor + offset in that
 * one. */
typedef struct pst_unit {
  char symbol[PST_UNIT_MAX], si[PST_UNIT_MAX];
  double factor, offset;
} pst_unit;
bool pst_read_unit(const pst_pieces *pieces, size_t *i, pst_unit *unit);

/* ---- dates ----------------------------------------------------------------------------------- */

enum { PST_DATE_MAX = 64 };

typedef struct pst_day {
  int64_t year, month, day;
} pst_day;

/* "YYYY-MM-DD" and whatever follows. */
bool pst_read_day(const char *text, size_t len, pst_day *day);
/* The date or dates of a text; now: the date of the document, or NULL; way: a word before the text,
 * or NULL.  The length of what is written to `said`, 0: none. */
size_t pst_say_date(const pst_pieces *pieces, const pst_day *now, const pst_piece *way,
                    char said[PST_DATE_MAX]);
/* The time of day of a text. */
size_t pst_say_time(const pst_pieces *pieces, char said[PST_DATE_MAX]);
/* Days since 1 March of the year 0 (Gregorian) and back. */
int64_t pst_to_days(int64_t year, int64_t month, int64_t day);
pst_day pst_from_days(int64_t days);
/* Is there such a day?  month is 1 to 12. */
bool pst_has_day(const pst_day *day);
/* Writes a number with as many digits at least (a minus counts as one). */
char *pst_put_digits(char *to, int64_t n, int width);
/* The number from 1 of a month or weekday of which at least three letters are written, in any case,
 * with or without a full stop; 0: none. */
int pst_month_named(const char *at, size_t len);
int pst_weekday_named(const char *at, size_t len);

#endif
