/* convert_number.c - numbers in figures and in English words.
 *
 * Figures may be grouped by commas, apostrophes or blanks, in threes or as in India (12,34,567); a
 * comma and points that can only be meant the other way ("1.200,5") are taken so.  Words are whole
 * numbers, ordinals, fractions, and what multiplies them: thousand to quadrillion, lakh, crore,
 * dozen.  What does not add up ("two three", "1,2", "twenty twenty-four") is no number. / */
#include "convert.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- figures --------------------------------------------------------------------------------- */

enum {
  DIGITS = 770, /* a double never needs more to be told from its neighbours */
  EXACT = 15,   /* digits that a double holds exactly */
  POWERS = 22   /* powers of ten that it holds exactly */
};

/* Digits and the power of ten that they are multiplied with. */
typedef struct decimal {
  size_t n;
  long power;
  bool more; /* there were digits other than 0 behind these */
  char digit[DIGITS + 32];
} decimal;

static void add_digit(decimal *d, int c, bool behind_point) {
  bool kept = d->n < DIGITS && (d->n > 0 || c != '0');
  if (kept) d->digit[d->n++] = (char)c;
  if (d->n == DIGITS && !kept) {
    d->more |= c != '0';
    d->power += !behind_point;
  } else {
    d->power -= behind_point;
  }
}

/* The nearest double, as strtod gives it; which reads no point here, so that it asks no locale. */
static double value_of(decimal *d) {
  static const double ten[POWERS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (d->n == 0) return 0;
  if (FLT_EVAL_METHOD == 0 && d->n <= EXACT && d->power <= POWERS && d->power >= -POWERS) {
    double whole = 0;
    for (size_t i = 0; i < d->n; i++) whole = whole * 10 + (d->digit[i] - '0');
    return d->power < 0 ? whole / ten[-d->power] : whole * ten[d->power];
  }
  if (d->more) {
    d->digit[d->n++] = '1';
    d->power--;
  }
  snprintf(d->digit + d->n, sizeof d->digit - d->n, "e%ld", d->power);
  return strtod(d->digit, NULL);
}

/* How many of a mark figures have, and where the last one stands. */
static size_t count_of(const pst_piece *figures, char mark, size_t *last) {
  size_t n = 0;
  for (size_t i = 0; i < figures->len; i++)
    if (figures->at[i] == mark) {
      *last = i;
      n++;
    }
  return n;
}

/* Where the decimal mark stands; figures->len: nowhere.  False: it is not plain. */
static bool find_point(const pst_piece *figures, bool comma, size_t *at) {
  size_t point_at = 0, other_at = 0;
  size_t points = count_of(figures, comma ? ',' : '.', &point_at);
  size_t others = count_of(figures, comma ? '.' : ',', &other_at);
  *at = figures->len;
  if (points == 1 && (others == 0 || other_at < point_at))
    *at = point_at;
  else if (points > 0 && others == 1 && point_at < other_at)
    *at = other_at; /* 1.200,5 */
  else if (points > 0 && others > 0)
    return false;
  return true;
}

/* May digits be grouped so?  Threes, or twos and three at the end; size is what follows a mark. */
typedef struct groups {
  size_t n, first, size;
  bool twos, threes;
} groups;

static void end_group(groups *g) {
  if (g->n == 0) {
    g->first = g->size;
  } else { /* not the last one */
    if (g->size != 3) g->threes = false;
    if (g->size != 2) g->twos = false;
  }
  g->n++;
  g->size = 0;
}

static bool well_grouped(const groups *g, bool zero) {
  if (g->n == 0) return true;
  return g->first >= 1 && g->first <= 3 && !zero && g->size == 3 &&
         (g->threes || (g->twos && g->first <= 2));
}

/* What figures say, times a power of ten. */
static bool figures_value(const pst_piece *figures, bool comma, long power, double *value) {
  decimal d;
  d.n = 0;
  d.power = 0;
  d.more = false;
  groups g = {.twos = true, .threes = true};
  size_t point;
  if (!find_point(figures, comma, &point)) return false;
  for (size_t i = 0; i < point;) {
    if (pst_digit(figures->at[i])) {
      add_digit(&d, figures->at[i++], false);
      g.size++;
    } else {
      end_group(&g);
      while (i < point && !pst_digit(figures->at[i])) i++;
    }
  }
  if (!well_grouped(&g, figures->at[0] == '0')) return false;
  for (size_t i = point + 1; i < figures->len; i++) {
    if (!pst_digit(figures->at[i])) return false;
    add_digit(&d, figures->at[i], true);
  }
  d.power += power;
  *value = value_of(&d);
  return isfinite(*value) != 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

typedef enum rank { NONE, UNIT, TEEN, TEN, HUNDRED, DOZEN, SCALE } rank;

typedef struct entry {
  const char *word, *ordinal;
  double value;
  rank rank;
} entry;

static const entry cardinals[] = {
    {"zero", NULL, 0, TEEN},
    {"nil", NULL, 0, TEEN},
    {"one", "first", 1, UNIT},
    {"two", "second", 2, UNIT},
    {"three", "third", 3, UNIT},
    {"four", "fourth", 4, UNIT},
    {"five", "fifth", 5, UNIT},
    {"six", "sixth", 6, UNIT},
    {"seven", "seventh", 7, UNIT},
    {"eight", "eighth", 8, UNIT},
    {"nine", "ninth", 9, UNIT},
    {"ten", "tenth", 10, TEEN},
    {"eleven", "eleventh", 11, TEEN},
    {"twelve", "twelfth", 12, TEEN},
    {"thirteen", "thirteenth", 13, TEEN},
    {"fourteen", "fourteenth", 14, TEEN},
    {"fifteen", "fifteenth", 15, TEEN},
    {"sixteen", "sixteenth", 16, TEEN},
    {"seventeen", "seventeenth", 17, TEEN},
    {"eighteen", "eighteenth", 18, TEEN},
    {"nineteen", "nineteenth", 19, TEEN},
    {"twenty", "twentieth", 20, TEN},
    {"thirty", "thirtieth", 30, TEN},
    {"forty", "fortieth", 40, TEN},
    {"fifty", "fiftieth", 50, TEN},
    {"sixty", "sixtieth", 60, TEN},
    {"seventy", "seventieth", 70, TEN},
    {"eighty", "eightieth", 80, TEN},
    {"ninety", "ninetieth", 90, TEN},
    {"hundred", "hundredth", 100, HUNDRED},
    {"dozen", NULL, 12, DOZEN},
    {"thousand", "thousandth", 1e3, SCALE},
    {"lakh", NULL, 1e5, SCALE},
    {"lac", NULL, 1e5, SCALE},
    {"million", "millionth", 1e6, SCALE},
    {"crore", NULL, 1e7, SCALE},
    {"billion", "billionth", 1e9, SCALE},
    {"trillion", "trillionth", 1e12, SCALE},
    {"quadrillion", "quadrillionth", 1e15, SCALE},
};
enum { CARDINALS = sizeof cardinals / sizeof *cardinals };

static const entry letters[] = {
    {"k", NULL, 1e3, SCALE},   {"m", NULL, 1e6, SCALE},    {"b", NULL, 1e9, SCALE},
    {"mn", NULL, 1e6, SCALE},  {"mil", NULL, 1e6, SCALE},  {"mln", NULL, 1e6, SCALE},
    {"bn", NULL, 1e9, SCALE},  {"bil", NULL, 1e9, SCALE},  {"bln", NULL, 1e9, SCALE},
    {"tn", NULL, 1e12, SCALE}, {"trn", NULL, 1e12, SCALE}, {"tln", NULL, 1e12, SCALE}};
enum { ONE_LETTER = 3, LETTERS = sizeof letters / sizeof *letters };

static const entry *cardinal(const pst_piece *piece) {
  if (piece->kind != PST_WORD) return NULL;
  for (int i = 0; i < CARDINALS; i++)
    if (pst_is(piece, cardinals[i].word) ||
        (cardinals[i].rank >= HUNDRED && pst_is_some(piece, cardinals[i].word)))
      return &cardinals[i];
  return NULL;
}

static const entry *ordinal(const pst_piece *piece, bool *plural) {
  for (int i = 0; i < CARDINALS; i++)
    if (cardinals[i].ordinal && pst_is_some(piece, cardinals[i].ordinal)) {
      *plural = !pst_is(piece, cardinals[i].ordinal);
      return &cardinals[i];
    }
  return NULL;
}

bool pst_counts(const pst_piece *piece) {
  return piece->kind == PST_FIGURES || piece->kind == PST_FRACTION || cardinal(piece);
}

double pst_scale(const pst_piece *piece, bool with_letters) {
  const entry *found = cardinal(piece);
  if (found && found->rank >= HUNDRED) return found->value;
  for (int i = 0; with_letters && i < LETTERS; i++)
    if (pst_is(piece, letters[i].word)) return letters[i].value;
  return 0;
}

/* A number in the making.  `group` is what is said below the next scale word. */
typedef struct sum {
  double total, group;
  rank last;    /* of the word that was read last; NONE: there is none */
  bool hundred; /* the group has a hundred */
  bool and;     /* an "and" stands before the next word */
  double least; /* the least scale so far, 0: none */
  double scale; /* the last scale word's value, while nothing follows it */
} sum;

/* Adds a word if it goes on from the others; the order of ranks says what may follow what. */
static bool add_word(sum *s, const entry *word) {
  bool fits = false;
  switch (word->rank) {
    case UNIT: fits = s->last != UNIT && s->last != TEEN && s->last != DOZEN; break;
    case TEEN:
    case TEN: fits = s->last == NONE || (s->last >= HUNDRED && s->last != DOZEN); break;
    case HUNDRED: fits = s->group > 0 && s->group < 100 && !s->hundred && s->last != DOZEN; break;
    case DOZEN: fits = s->group > 0 && s->total == 0 && s->last != DOZEN; break;
    case SCALE:
      if (s->last == SCALE) { /* lakh crore */
        s->total *= word->value;
        s->least = s->scale = s->scale * word->value;
        return !s->and;
      }
      fits = s->group > 0 && (s->least == 0 || word->value < s->least);
      break;
    default: break;
  }
  if (!fits || (s->and &&(word->rank >= HUNDRED || (s->last != HUNDRED && s->last != SCALE))))
    return false;
  if (word->rank == HUNDRED || word->rank == DOZEN) {
    s->group *= word->value;
    s->hundred = true;
  } else if (word->rank == SCALE) {
    s->total += s->group * word->value;
    s->group = 0;
    s->hundred = false;
    s->least = word->value;
  } else {
    s->group += word->value;
  }
  s->scale = word->rank == SCALE ? word->value : 0;
  s->last = word->rank;
  s->and = false;
  return true;
}

/* The piece from i on that goes on in the same number: the next word, or the one behind a hyphen
 * that touches both. */
static size_t next_word(const pst_pieces *p, size_t i) {
  if (pst_is_mark(&p->at[i], '-') && !p->at[i].gap && !p->at[i + 1].gap) i++;
  return i;
}

/* The denominator that piece i is: thirds, quarters, halves; 0: none. */
static double denominator(const pst_piece *piece, bool *plural) {
  *plural = false;
  if (pst_is(piece, "half")) return 2;
  if ((*plural = pst_is(piece, "halves"))) return 2;
  if (pst_is_some(piece, "quarter")) {
    *plural = !pst_is(piece, "quarter");
    return 4;
  }
  const entry *found = ordinal(piece, plural);
  return found && found->value > 2 && (*plural || found->rank < HUNDRED) ? found->value : 0;
}

/* "a half", "half", "three quarters", "two-thirds", a fraction's character. */
static bool read_part(const pst_pieces *p, size_t *i, double *value) {
  size_t at = *i;
  bool plural, any = false;
  double over = 1;
  const entry *word = cardinal(&p->at[at]);
  if (p->at[at].kind == PST_FRACTION) {
    *value = p->at[at].value;
    *i = at + 1;
    return true;
  }
  if (pst_is(&p->at[at], "a") || pst_is(&p->at[at], "an")) {
    any = true;
    at++;
  } else if (word && word->value >= 1 && word->rank < HUNDRED) {
    over = word->value;
    any = true;
    at = next_word(p, at + 1);
  }
  double under = denominator(&p->at[at], &plural);
  if (under == 0 || plural != (over != 1)) return false;
  if (!any && !pst_is(&p->at[at], "half")) return false; /* "third" is an ordinal */
  *value = over / under;
  *i = at + 1;
  return true;
}

/* "and a half" behind a number. */
static bool read_and_part(const pst_pieces *p, size_t *i, double *value) {
  size_t at = *i;
  if (!pst_is(&p->at[at], "and")) return false;
  at++;
  if (!read_part(p, &at, value) || pst_is(&p->at[at], "of")) return false;
  *i = at;
  return true;
}

/* The words of a number, with an ordinal at the end perhaps. */
static bool read_sum(const pst_pieces *p, size_t *i, sum *s) {
  bool plural;
  for (size_t at = *i;;) {
    size_t next = s->last == NONE ? at : next_word(p, at);
    const entry *word = cardinal(&p->at[next]),
                *last = word ? NULL : ordinal(&p->at[next], &plural);
    if (last && !plural) {
      if (!add_word(s, last)) return s->last != NONE && !s->and;
      *i = next + 1;
      s->scale = 0;
      return true;
    }
    if (word) {
      if (!add_word(s, word))
        return s->last != NONE && s->and; /* "five and six": ends before and */
      *i = at = next + 1;
    } else if (pst_is(&p->at[next], "and") && (s->last == HUNDRED || s->last == SCALE) && !s->and) {
      s->and = true;
      at = next + 1;
    } else {
      return s->last != NONE;
    }
  }
}

/* "a hundred", "a dozen", "a million": the article is a one. */
static void read_article(const pst_pieces *p, size_t *i, sum *s) {
  if (!pst_is(&p->at[*i], "a") && !pst_is(&p->at[*i], "an")) return;
  if (pst_scale(&p->at[*i + 1], false) == 0) return;
  s->group = 1;
  s->last = UNIT;
  ++*i;
}

/* Scale words, each of which multiplies: "hundred thousand", "lakh crore"; their product. */
static double read_scales(const pst_pieces *p, size_t *i, bool touching) {
  double scale = 1;
  for (;;) {
    size_t at = next_word(p, *i);
    double more = pst_scale(&p->at[at], touching);
    for (int l = 0; touching && l < ONE_LETTER; l++) /* "5m", not "5 m" */
      if (p->at[at].gap && pst_is(&p->at[at], letters[l].word)) more = 0;
    if (more == 0) return scale;
    scale *= more;
    touching = false;
    *i = at + 1;
  }
}

/* "of a million" or "a million" behind a part. */
static double read_of(const pst_pieces *p, size_t *i) {
  size_t at = *i;
  if (pst_is(&p->at[at], "of")) at++;
  if (pst_is(&p->at[at], "a")) at++;
  size_t from = at;
  double scale = read_scales(p, &at, false);
  if (at > from) *i = at;
  return scale;
}

static bool in_words(const pst_pieces *p, size_t *i, pst_number *out) {
  size_t at = *i;
  double part;
  if (read_part(p, &at, &part)) {
    out->scale = read_of(p, &at);
    out->value = part * out->scale;
    *i = at;
    return true;
  }
  sum s = {.last = NONE};
  at = *i;
  read_article(p, &at, &s);
  if (!read_sum(p, &at, &s)) return false;
  out->value = s.total + s.group;
  out->scale = s.scale != 0 ? s.scale : 1;
  bool plural;
  size_t next = next_word(p, at);
  double under = denominator(&p->at[next], &plural);
  if (plural) { /* twenty-three hundredths */
    out->value /= under;
    at = next + 1;
  }
  if (read_and_part(p, &at, &part)) {
    out->value += part * out->scale;
    double scale = read_scales(p, &at, false);
    out->value *= scale;
    out->scale *= scale;
  }
  *i = at;
  return true;
}

static bool is_suffix(const pst_piece *piece) {
  static const char *const list[] = {"st", "nd", "rd", "th", NULL};
  return !piece->gap && pst_which(piece, list) >= 0;
}

/* "1/2" behind *i: a half. */
static bool read_slash(const pst_pieces *p, size_t *i, double *value) {
  int over = pst_plain(&p->at[*i], 1, 3), under = pst_plain(&p->at[*i + 2], 1, 3);
  if (over < 1 || under <= over || !pst_is_mark(&p->at[*i + 1], '/')) return false;
  if (p->at[*i + 1].gap || p->at[*i + 2].gap || pst_is_mark(&p->at[*i + 3], '/')) return false;
  *value = (double)over / under;
  *i += 3;
  return true;
}

/* The power of ten that a scale is, or -1. */
static long power_of(double scale) {
  long power = 0;
  double ten = 1;
  for (; ten < scale && power < 60; ten *= 10) power++;
  return ten == scale ? power : -1;
}

static bool in_figures(const pst_pieces *p, size_t *i, const pst_style *style, pst_number *out) {
  const pst_piece *figures = &p->at[*i];
  size_t at = *i;
  double part = 0;
  bool mixed = false;
  if (read_slash(p, &at, &out->value)) {
    out->scale = read_of(p, &at);
    out->value *= out->scale;
    *i = at;
    return true;
  }
  at++;
  if (is_suffix(&p->at[at])) {
    at++;
  } else if (p->at[at].kind == PST_FRACTION) {
    part = p->at[at++].value;
    mixed = true;
  } else {
    mixed = (p->at[at].gap && read_slash(p, &at, &part)) || read_and_part(p, &at, &part);
  }
  out->scale = read_scales(p, &at, !style->plain);
  long power = mixed ? -1 : power_of(out->scale); /* 1.1 million is no more than 1100000 */
  if (!figures_value(figures, style->comma, power > 0 ? power : 0, &out->value)) return false;
  if (power < 0) out->value = (out->value + part) * out->scale;
  *i = at;
  return true;
}

bool pst_read_number(const pst_pieces *p, size_t *i, const pst_style *style, pst_number *out) {
  size_t at = *i;
  bool minus = false;
  if (pst_is(&p->at[at], "minus")) {
    minus = true;
    at++;
  } else if ((pst_is_mark(&p->at[at], '-') || pst_is_mark(&p->at[at], '+')) && !p->at[at + 1].gap) {
    minus = p->at[at].mark == '-';
    at++;
  }
  bool figures = p->at[at].kind == PST_FIGURES;
  if (!(figures ? in_figures(p, &at, style, out) : in_words(p, &at, out))) return false;
  /* One that another follows is not plain: "twenty twenty-four", "3 000", "10/12". */
  if (p->at[at].kind == PST_FIGURES || p->at[at].kind == PST_FRACTION) return false;
  if (p->at[at].gap && cardinal(&p->at[at])) return false;
  if (pst_is_mark(&p->at[at], '/') && !p->at[at].gap && p->at[at + 1].kind == PST_FIGURES &&
      !p->at[at + 1].gap)
    return false;
  if (minus) out->value = -out->value;
  *i = at;
  return isfinite(out->value) != 0;
}

bool pst_read_range(const pst_pieces *p, size_t *i, const pst_style *style, pst_number out[2],
                    bool *two) {
  static const char *const joins[] = {"to", "or", "and", NULL};
  size_t at = *i;
  bool between = at > 0 && pst_is(&p->at[at - 1], "between");
  *two = false;
  if (!pst_read_number(p, &at, style, &out[0])) return false;
  *i = at;
  while (p->at[at].kind == PST_SIGN) at++;
  int join = pst_which(&p->at[at], joins);
  if (join < 0 ? !pst_is_mark(&p->at[at], '-') : (join == 2) != between) return true;
  at++;
  if (p->at[at].kind == PST_WORD && p->at[at + 1].kind == PST_SIGN && !p->at[at + 1].gap) at++;
  while (p->at[at].kind == PST_SIGN) at++;
  if (!pst_read_number(p, &at, style, &out[1])) return true;
  double scaled = out[0].value * out[1].scale;
  if (out[0].scale == 1 && scaled < out[1].value) out[0] = (pst_number){scaled, out[1].scale};
  *two = out[0].value < out[1].value;
  if (*two) *i = at;
  return true;
}
