/* text.h - bytes as text: code points, lines, paragraphs, and places for people.
 *
 * Nothing here changes or copies a text.  All offsets are bytes from 0.  A text may hold anything:
 * zeros count like other characters, and each maximal ill-formed subpart counts as one unit
 * everywhere, so that all rooms agree where a text may be cut.
 */
#ifndef PST_TEXT_H
#define PST_TEXT_H

#include "err.h"

typedef struct pst_span {
  size_t start, end; /* [start, end) */
} pst_span;

/* What pst_utf8_next hands out for a maximal ill-formed subpart (Unicode 15, section 3.9). */
#define PST_ILL 0x110000u

/* The code point at `at` < len into *cp, and how many bytes it takes (at least 1). */
size_t pst_utf8_next(const char *s, size_t len, size_t at, uint32_t *cp);
/* The code point that ends at `at` (0 < at <= len), and how many bytes it takes; the inverse of the
 * walk forwards also over ill-formed bytes. */
size_t pst_utf8_prev(const char *s, size_t len, size_t at, uint32_t *cp);
/* The start of the unit that `at` lies in; `at` itself where one starts, and for at >= len. */
size_t pst_utf8_floor(const char *s, size_t len, size_t at);
/* Writes cp (a scalar value) to `to`, which has room for 4 bytes; how many were written. */
size_t pst_utf8_put(char *to, uint32_t cp);

/* POSTIL_ETEXT in words that say what to do, for UTF-16 and UTF-32 (known by their byte order mark,
 * or by where the zeros of the first 1,024 bytes lie).  Anything else is a text: Latin-1 is read
 * with its letters as ill-formed units. */
postil_status pst_text_check(const char *s, size_t len, postil_err *err);
/* Length of a byte order mark at the start: 0 or 3. */
size_t pst_text_bom(const char *s, size_t len);

/* End of the line that starts at `at`, without its terminator; *next is the start of the next line
 * (len when there is none).  LF, CRLF, CR, VT, FF, NEL, LS and PS end a line.  `at` may lie
 * anywhere in the line. */
size_t pst_line_end(const char *s, size_t len, size_t at, size_t *next);
/* Nothing to read on [start, end): only white space and characters without a glyph. */
bool pst_line_blank(const char *s, size_t start, size_t end);

/* How a text separates its paragraphs, kept as sums so that an edit can take its own lines out and
 * put the new ones in. */
typedef struct pst_para_sums {
  size_t pairs;   /* adjacent non-blank lines */
  size_t ended;   /* of these, pairs whose first line ends a sentence or is short */
  size_t longest; /* bytes of the longest line (a maximum; recomputed by whoever removes it) */
} pst_para_sums;
void pst_para_count(const char *s, size_t len, pst_para_sums *sums);
/* True when every newline separates paragraphs: at least 3 pairs, 60 % of them ended, and a line of
 * 100 bytes.  Hard-wrapped prose fails the second or third of these; a text with a blank line after
 * each paragraph has no pairs and does not need it. */
bool pst_para_by_line(const pst_para_sums *sums);

/* Paragraphs are never cut shorter than this. */
enum { PST_PARA_MIN = 64 };

/* The paragraph at or after `at`: its span (first line's start to last line's content end) in
 * *para; *next is where to go on.  False at the end of the text.  `at` is 0 or what *next said
 * before.
 *
 * One longer than `max` bytes (at least PST_PARA_MIN) is cut: between a quarter of max and max, at
 * the end of a sentence, else of a word, else of a code point; of several, the one whose 16 bytes
 * before it hash highest.  So a piece depends on nothing but its own first max bytes (and the white
 * space behind the cut, which belongs to no piece): fresh and edited texts cut alike, and cuts
 * behind an edit soon fall where they fell before. */
bool pst_para_next(const char *s, size_t len, size_t at, bool by_line, size_t max, pst_span *para,
                   size_t *next);

/* A place for people: line and columns from 1.  Here only LF, CRLF and CR end a line, as in editors
 * and in the Language Server Protocol; a form feed in a text must not shift the lines behind it. */
typedef struct pst_place {
  size_t line, byte, point, utf16; /* columns: bytes, code points, UTF-16 units */
} pst_place;

/* A place and the byte that it is of. */
typedef struct pst_mark {
  size_t at;
  pst_place place;
  bool lf; /* only LF ends a line */
} pst_mark;

/* Moves *mark on to byte `to`, or to the start of the code point that `to` lies in. */
void pst_mark_walk(pst_mark *mark, const char *s, size_t len, size_t to);
/* Units of a column. */
typedef enum pst_unit { PST_BYTES, PST_POINTS, PST_UTF16 } pst_unit;
/* Does a place stand behind a line and column? */
bool pst_place_behind(const pst_place *place, size_t line, size_t column, pst_unit unit);
/* The offset of a line and column (from 1, in `unit`) that do not stand before the mark; what lies
 * beyond a line's end is its end, beyond the last line the text's end.  Always a code point
 * boundary. */
size_t pst_mark_seek(pst_mark mark, const char *s, size_t len, size_t line, size_t column,
                     pst_unit unit);

#endif
