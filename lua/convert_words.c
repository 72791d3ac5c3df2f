/* convert_words.c - a text cut into words, figures and marks, for the converters. / */
#include "convert.h"

#include <string.h>

/* ---- characters beyond ASCII ----------------------------------------------------------------- */

typedef enum kind_of { LETTER, SPACE, NO_BREAK, DASH, APOSTROPHE, CURRENCY, OTHER } kind_of;

typedef struct character {
  kind_of kind;
  size_t len;
} character;

static bool starts(const char *at, const char *end, const char *bytes) {
  size_t n = strlen(bytes);
  return (size_t)(end - at) >= n && memcmp(at, bytes, n) == 0;
}

/* Characters that are no letters, in UTF-8. */
static character beyond_ascii(const char *at, const char *end) {
  static const struct {
    const char *bytes;
    kind_of kind;
  } list[] = {{"\xC2\xA0", NO_BREAK},       {"\xE2\x80\xAF", NO_BREAK}, {"\xE2\x80\x87", NO_BREAK},
              {"\xE2\x80\x89", NO_BREAK},   {"\xE2\x80\x88", NO_BREAK}, {"\xE3\x80\x80", SPACE},
              {"\xE2\x80\x90", DASH},       {"\xE2\x80\x91", DASH},     {"\xE2\x80\x92", DASH},
              {"\xE2\x80\x93", DASH},       {"\xE2\x80\x94", DASH},     {"\xE2\x88\x92", DASH},
              {"\xE2\x80\x99", APOSTROPHE}, {"\xC2\xA2", CURRENCY},     {"\xC2\xA3", CURRENCY},
              {"\xC2\xA5", CURRENCY},       {"\xEF\xBF\xA5", CURRENCY}};
  size_t len = 1;
  while (at + len < end && ((unsigned char)at[len] & 0xC0) == 0x80 && len < 4) len++;
  if (!strchr("\xC2\xE2\xE3\xEF", *at)) return (character){LETTER, len};
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    if (starts(at, end, list[i].bytes)) return (character){list[i].kind, len};
  if (starts(at, end, "\xE2\x82") && len == 3 && (unsigned char)at[2] >= 0xA0)
    return (character){CURRENCY, len}; /* U+20A0 to U+20BF */
  if (starts(at, end, "\xE2\x80")) return (character){OTHER, len};
  return (character){LETTER, len};
}

static inline character look(const char *at, const char *end) {
  if (at < end && pst_letter(*at)) return (character){LETTER, 1};
  if (at >= end) return (character){OTHER, 0};
  if ((unsigned char)*at >= 0x80) return beyond_ascii(at, end);
  if (pst_space(*at)) return (character){SPACE, 1};
  return (character){*at == '-'    ? DASH
                     : *at == '\'' ? APOSTROPHE
                     : *at == '$'  ? CURRENCY
                                   : OTHER,
                     1};
}

/* One character that is a fraction; 0: it is none. */
static double fraction_at(const char *at, const char *end, size_t *len) {
  static const struct {
    const char *bytes;
    double over, under;
  } list[] = {{"\xC2\xBC", 1, 4},     {"\xC2\xBD", 1, 2},     {"\xC2\xBE", 3, 4},
              {"\xE2\x85\x93", 1, 3}, {"\xE2\x85\x94", 2, 3}, {"\xE2\x85\x95", 1, 5},
              {"\xE2\x85\x96", 2, 5}, {"\xE2\x85\x97", 3, 5}, {"\xE2\x85\x98", 4, 5},
              {"\xE2\x85\x99", 1, 6}, {"\xE2\x85\x9A", 5, 6}, {"\xE2\x85\x9B", 1, 8},
              {"\xE2\x85\x9C", 3, 8}, {"\xE2\x85\x9D", 5, 8}, {"\xE2\x85\x9E", 7, 8}};
  if (*at != '\xC2' && *at != '\xE2') return 0;
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    if (starts(at, end, list[i].bytes)) {
      *len = strlen(list[i].bytes);
      return list[i].over / list[i].under;
    }
  return 0;
}

/* ---- pieces ---------------------------------------------------------------------------------- */

static bool three_digits(const char *at, const char *end) {
  return end - at >= 3 && pst_digit(at[0]) && pst_digit(at[1]) && pst_digit(at[2]) &&
         !(end - at > 3 && pst_digit(at[3]));
}

/* How many bytes at `at` stand between two digits of one number; 0: it ends here. */
static size_t between_digits(const char *at, const char *end, bool blanks) {
  if (at >= end) return 0;
  if (*at == ',' || *at == '.') return at + 1 < end && pst_digit(at[1]) ? 1 : 0;
  character c = look(at, end);
  if (c.kind == NO_BREAK || c.kind == APOSTROPHE) return three_digits(at + c.len, end) ? c.len : 0;
  if (c.kind != SPACE || !blanks) return 0;
  size_t n = 0;
  while (at + n < end && pst_space(at[n])) n++;
  return three_digits(at + n, end) ? n : 0;
}

static const char *figures_end(const char *at, const char *end, bool blanks) {
  if (*at == '.') at++;
  for (size_t n;;) {
    while (at < end && pst_digit(*at)) at++;
    n = between_digits(at, end, blanks);
    if (!n) return at;
    at += n;
  }
}

/* Letters, and stops and apostrophes between two of them. */
static const char *word_end(const char *at, const char *end) {
  for (size_t len;;) {
    while (at < end && look(at, end).kind == LETTER && fraction_at(at, end, &len) == 0)
      at += look(at, end).len;
    character c = look(at, end), next = look(at + c.len, end);
    if (!(c.kind == APOSTROPHE || (c.len && *at == '.')) || next.kind != LETTER) return at;
    at += c.len;
  }
}

/* The piece at `at`, which is no white space; `from` is where the text begins. */
static pst_piece piece_at(const char *from, const char *at, const char *end, bool blanks) {
  pst_piece piece = {.at = at};
  character c = look(at, end);
  size_t len = 0;
  if ((piece.value = fraction_at(at, end, &len)) != 0) {
    piece.kind = PST_FRACTION;
    piece.len = len;
    return piece;
  }
  bool point = *at == '.' && end - at > 1 && pst_digit(at[1]) &&
               (at == from || (!pst_digit(at[-1]) && look(at - 1, end).kind != LETTER));
  if (pst_digit(*at) || point) {
    piece.kind = PST_FIGURES;
    piece.len = (size_t)(figures_end(at, end, blanks) - at);
  } else if (c.kind == LETTER) {
    piece.kind = PST_WORD;
    piece.len = (size_t)(word_end(at, end) - at);
  } else {
    piece.kind = c.kind == CURRENCY ? PST_SIGN : PST_MARK;
    piece.len = c.len;
    piece.mark = (char)(c.kind == DASH ? '-' : c.kind == APOSTROPHE ? '\'' : c.len == 1 ? *at : 0);
  }
  return piece;
}

void pst_cut(pst_pieces *pieces, const char *text, size_t len, bool blanks) {
  const char *at = text, *end = text + len;
  pieces->n = 0;
  while (pieces->n < PST_PIECES) {
    const char *before = at;
    for (character c; (c = look(at, end)).kind == SPACE || c.kind == NO_BREAK;) at += c.len;
    if (at >= end) break;
    pst_piece piece = piece_at(text, at, end, blanks);
    piece.gap = at > before;
    at += piece.len;
    pieces->at[pieces->n++] = piece;
  }
  for (size_t i = pieces->n; i < pieces->n + PST_AHEAD; i++)
    pieces->at[i] = (pst_piece){.kind = PST_END};
}

/* ---- questions ------------------------------------------------------------------------------- */

static bool same(const char *at, size_t len, const char *word) {
  for (size_t i = 0; i < len; i++)
    if (!word[i] || pst_lower(at[i]) != word[i]) return false;
  return word[len] == '\0';
}

bool pst_is(const pst_piece *piece, const char *word) {
  return piece->kind == PST_WORD && pst_lower(piece->at[0]) == word[0] &&
         same(piece->at, piece->len, word);
}

bool pst_is_some(const pst_piece *piece, const char *word) {
  if (piece->kind != PST_WORD || pst_lower(piece->at[0]) != word[0]) return false;
  bool plural = pst_lower(piece->at[piece->len - 1]) == 's';
  return same(piece->at, piece->len, word) || (plural && same(piece->at, piece->len - 1, word));
}

bool pst_is_just(const pst_piece *piece, const char *bytes) {
  return piece->len == strlen(bytes) && piece->len > 0 && memcmp(piece->at, bytes, piece->len) == 0;
}

int pst_which(const pst_piece *piece, const char *const *words) {
  for (int i = 0; words[i]; i++)
    if (pst_is(piece, words[i])) return i;
  return -1;
}

int pst_plain(const pst_piece *piece, size_t least, size_t most) {
  int n = 0;
  if (piece->kind != PST_FIGURES || piece->len < least || piece->len > most) return -1;
  for (size_t i = 0; i < piece->len; i++) {
    if (!pst_digit(piece->at[i])) return -1;
    n = n * 10 + (piece->at[i] - '0');
  }
  return n;
}
