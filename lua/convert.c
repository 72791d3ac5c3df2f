/* convert.c - what rule files find in p to make dates and numbers of captures: p.iso, p.number,
 * p.amount.
 *
 * They are C functions of the private state, for a function of a rule calls them with m, with a
 * table or with a text.  Where a rule sets an attribute by one (set = { iso = p.iso }) the core's
 * question is answered without Lua: pst_convert.  Only ASCII letters and digits count, no locale is
 * asked, nothing is allocated but the scratch of the rule set, and every Lua gives the same answer.
 * tests/lua/convert_twin.lua says the same in Lua. / */
#include "binding.h"

#include <float.h>
#include <stdio.h>
#include <math.h>
#include <stdlib.h>

#define BYTES_A_UNIT 4 /* bytes looked at that cost as much as an instruction */

/* Where a converter finds its captures: m, or else the table at 1 of the stack. */
typedef struct source {
  lua_State *L; /* NULL: there is m, and nothing may be raised */
  pst_set *set;
  const postil_match *match;
  size_t cost;             /* bytes that were looked at */
  const char *name, *what; /* after a failure: a capture and its type; what NULL: no memory */
} source;

/* Puts STRING, NUMBER or NIL into *answer; false: a capture is of no use, see name and what.  Never
 * raises by itself, but a table may have a metatable that does. */
typedef bool converter(source *s, postil_value *answer);

/* ---- captures -------------------------------------------------------------------------------- */

static bool fail(source *s, const char *name, const char *what) {
  s->name = name;
  s->what = what;
  return false;
}

static postil_value text_value(const char *at, size_t len) {
  return (postil_value){.type = at ? POSTIL_STRING : POSTIL_NIL, .text = at, .len = len};
}

/* What the table has, which stays on the stack to keep the bytes. */
static bool get_field(source *s, const char *name, postil_value *value) {
  lua_State *L = s->L;
  lua_getfield(L, 1, name);
  int type = lua_type(L, -1);
  if (type == LUA_TSTRING) {
    value->type = POSTIL_STRING;
    value->text = lua_tolstring(L, -1, &value->len);
  } else if (type == LUA_TNUMBER) {
    value->type = POSTIL_NUMBER;
    value->number = (double)lua_tonumber(L, -1);
  } else if (lua_toboolean(L, -1)) {
    return fail(s, name, lua_typename(L, type));
  }
  return true;
}

static bool get_capture(source *s, const char *name, postil_value *value) {
  if (!postil_match_get(s->match, name, value)) return true;
  if (value->type == POSTIL_PLACE) {
    postil_text words;
    if (!pst_env_words(s->set, value, &words)) return fail(s, name, NULL);
    *value = text_value(words.at, words.len);
  } else if (value->type == POSTIL_BOOL) {
    if (value->number != 0) return fail(s, name, "boolean");
    *value = (postil_value){.type = POSTIL_NIL};
  }
  return true;
}

/* A capture: STRING, NUMBER, or NIL where there is none (or false).  Lent until the next one is
 * asked for. */
static bool get(source *s, const char *name, postil_value *value) {
  *value = (postil_value){.type = POSTIL_NIL};
  if (!(s->match ? get_capture(s, name, value) : get_field(s, name, value))) return false;
  s->cost += value->len;
  return true;
}

static bool get_text(source *s, postil_value *value) {
  if (!s->match) return get(s, "text", value);
  postil_text text = postil_match_text(s->match);
  *value = text_value(text.at, text.len);
  s->cost += text.len;
  return true;
}

static bool get_date(source *s, postil_value *value) {
  if (!s->match) return get(s, "date", value);
  const char *date = postil_match_date(s->match);
  *value = text_value(date, date ? strlen(date) : 0);
  return true;
}

/* The first of two captures that is there. */
static bool get_either(source *s, const char *name, const char *other, postil_value *value) {
  return get(s, name, value) && (value->type != POSTIL_NIL || get(s, other, value));
}

/* ---- characters ------------------------------------------------------------------------------ */

static bool is_digit(int c) { return c >= '0' && c <= '9'; }

static bool is_space(int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int to_lower(int c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }

static bool is_letter(int c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; }

/* Does a name begin with these bytes, in either case? */
static bool begins(const char *name, const char *at, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!name[i] || name[i] != to_lower(at[i])) return false;
  return true;
}

/* ---- p.iso ----------------------------------------------------------------------------------- */

#define YEAR_MAX INT64_C(1000000000000000) /* and above: no year */

enum { NO_MONTH = 99 }; /* a number that is no month; 0: nothing */

typedef struct date {
  int64_t year, month, day; /* day -1: not told */
} date;

/* The number from 1 of a name of which at least three letters are written, with or without a full
 * stop; 0: none. */
static int named(const char *const *names, int n, const char *at, size_t len) {
  if (len > 0 && at[len - 1] == '.') len--;
  if (len < 3) return 0;
  for (int i = 0; i < n; i++)
    if (begins(names[i], at, len)) return i + 1;
  return 0;
}

/* Digits with a sign, a point, white space around them: a month, NO_MONTH, or 0: none of this. */
static int month_in_digits(const char *at, size_t len) {
  const char *end = at + len;
  int month = 0;
  bool any = false, whole = true, minus = false;
  while (at < end && is_space(*at)) at++;
  if (at < end && (*at == '-' || *at == '+')) minus = *at++ == '-';
  for (; at < end && is_digit(*at); at++, any = true)
    if (month < NO_MONTH) month = month * 10 + (*at - '0');
  if (at < end && *at == '.')
    for (at++; at < end && is_digit(*at); at++, any = true)
      if (*at != '0') whole = false;
  while (at < end && is_space(*at)) at++;
  if (!any || at < end) return 0;
  return !minus && whole && month >= 1 && month <= 12 ? month : NO_MONTH;
}

static int month_of(const postil_value *value) {
  static const char *const months[] = {"january",   "february", "march",    "april",
                                       "may",       "june",     "july",     "august",
                                       "september", "october",  "november", "december"};
  if (value->type == POSTIL_NIL) return 0;
  if (value->type == POSTIL_NUMBER) {
    if (!(value->number >= 1 && value->number <= 12)) return NO_MONTH;
    return value->number == (int)value->number ? (int)value->number : NO_MONTH;
  }
  int month = named(months, 12, value->text, value->len);
  return month ? month : month_in_digits(value->text, value->len);
}

/* 1 for Monday; 0: none. */
static int weekday_of(const postil_value *value) {
  static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                     "friday", "saturday", "sunday"};
  return value->type == POSTIL_STRING ? named(days, 7, value->text, value->len) : 0;
}

/* The digits that a capture begins with, at most YEAR_MAX; -1: none. */
static int64_t leading(const postil_value *value) {
  if (value->type == POSTIL_NUMBER) {
    if (!(value->number >= 0)) return -1;
    return value->number < (double)YEAR_MAX ? (int64_t)value->number : YEAR_MAX;
  }
  if (value->type == POSTIL_NIL || !value->len || !is_digit(value->text[0])) return -1;
  int64_t n = 0;
  for (size_t i = 0; i < value->len && is_digit(value->text[i]); i++) {
    n = n * 10 + (value->text[i] - '0');
    if (n >= YEAR_MAX) return YEAR_MAX;
  }
  return n;
}

/* Reads n digits and steps over them and over one byte more. */
static bool read_digits(const char **at, int n, int64_t *number) {
  *number = 0;
  for (; n > 0; n--, ++*at) {
    if (!is_digit(**at)) return false;
    *number = *number * 10 + (**at - '0');
  }
  ++*at;
  return true;
}

/* "YYYY-MM-DD" and whatever follows. */
static bool read_date(const postil_value *value, date *d) {
  if (value->type != POSTIL_STRING || value->len < 10) return false;
  const char *at = value->text;
  return at[4] == '-' && at[7] == '-' && read_digits(&at, 4, &d->year) &&
         read_digits(&at, 2, &d->month) && read_digits(&at, 2, &d->day);
}

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* Days since 1 March of the year 0, and back (Gregorian; the year begins in March so that leap days
 * come last). */
static int64_t to_days(int64_t year, int64_t month, int64_t day) {
  if (month < 3) {
    year--;
    month += 12;
  }
  return 365 * year + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400) +
         (153 * (month - 3) + 2) / 5 + day - 1;
}

static date from_days(int64_t days) {
  int64_t year = floor_div(days * 400, 146097); /* the right one or a neighbour */
  while (to_days(year + 1, 3, 1) <= days) year++;
  while (to_days(year, 3, 1) > days) year--;
  int64_t rest = days - to_days(year, 3, 1), month = (5 * rest + 2) / 153;
  int64_t day = rest - (153 * month + 2) / 5 + 1;
  if (month < 10) return (date){year, month + 3, day};
  return (date){year + 1, month - 9, day};
}

static bool has_day(const date *d) {
  static const char length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (d->day < 1) return false;
  if (d->day <= length[d->month - 1]) return true;
  return d->month == 2 && d->day == 29 && d->year % 4 == 0 &&
         (d->year % 100 != 0 || d->year % 400 == 0);
}

/* A number with as many digits at least (a minus counts as one). */
static char *put_digits(char *to, int64_t n, int width) {
  char digits[24];
  char *at = digits + sizeof digits;
  if (n < 0) {
    *to++ = '-';
    n = -n;
    width--;
  }
  for (; n > 0 || width > 0; n /= 10, width--) *--at = (char)('0' + n % 10);
  size_t len = (size_t)(digits + sizeof digits - at);
  memcpy(to, at, len);
  return to + len;
}

/* "2026-05-04", "2026-05", "2026"; nothing where the calendar has no such day. */
static bool say(source *s, const date *d, postil_value *answer) {
  char *to = s->set->date;
  if (d->month > 12 || (d->month && d->day >= 0 && !has_day(d))) return true;
  to = put_digits(to, d->year, 4);
  if (d->month) {
    *to++ = '-';
    to = put_digits(to, d->month, 2);
  }
  if (d->month && d->day >= 0) {
    *to++ = '-';
    to = put_digits(to, d->day, 2);
  }
  *answer = text_value(s->set->date, (size_t)(to - s->set->date));
  return true;
}

static bool says(const postil_value *text, const char *word) {
  size_t n = strlen(word);
  if (text->type != POSTIL_STRING) return false;
  for (size_t i = 0; i + n <= text->len; i++)
    if (begins(word, text->text + i, n)) return true;
  return false;
}

/* "yesterday", "today", "tonight", "tomorrow". */
static bool say_relative(source *s, const date *now, postil_value *answer) {
  postil_value text;
  if (!get_text(s, &text)) return false;
  int64_t today = to_days(now->year, now->month, now->day);
  int step = says(&text, "yesterday") ? -1 : says(&text, "tomorrow") ? 1 : 0;
  if (!step && !says(&text, "today") && !says(&text, "tonight")) return true;
  date d = from_days(today + step);
  return say(s, &d, answer);
}

/* A weekday near the date of the document: the last one up to it; with "next" (in the text or as
 * the capture `way`) the first after it, with "last" as `way` the last before it. */
static bool say_weekday(source *s, const date *now, postil_value *answer) {
  postil_value value;
  if (!get(s, "wd", &value)) return false;
  int wanted = weekday_of(&value);
  if (!wanted) return say_relative(s, now, answer);
  if (!get(s, "way", &value)) return false;
  bool next = says(&value, "next"), last = says(&value, "last");
  if (!get_text(s, &value)) return false;
  int64_t today = to_days(now->year, now->month, now->day);
  int64_t back = today + 2 - (wanted - 1); /* 1 March of the year 0 was a Wednesday */
  back -= 7 * floor_div(back, 7);
  if (last && back == 0) back = 7;
  if (next || says(&value, "next")) back -= 7;
  date d = from_days(today - back);
  return say(s, &d, answer);
}

/* An ISO date of the captures month, year, day or day2, wd and the date of the document. */
static bool to_iso(source *s, postil_value *answer) {
  date d = {.day = -1}, now;
  postil_value value;
  if (!get(s, "month", &value)) return false;
  d.month = month_of(&value);
  if (!get(s, "year", &value)) return false;
  d.year = leading(&value);
  if (d.year >= YEAR_MAX) return true;
  if (d.year >= 0) {
    if (d.year < 100) d.year += d.year < 70 ? 2000 : 1900;
    if (!d.month) return say(s, &d, answer);
  } else {
    if (!get_date(s, &value)) return false;
    if (!read_date(&value, &now)) return true;
    if (!d.month) return say_weekday(s, &now, answer);
    /* Without a year it is the nearest such month. */
    d.year = now.year + (now.month - d.month > 6) - (d.month - now.month > 6);
  }
  if (!get_either(s, "day", "day2", &value)) return false;
  d.day = leading(&value);
  return say(s, &d, answer);
}

/* ---- numbers --------------------------------------------------------------------------------- */

enum {
  DIGITS = 770, /* a double never needs more to be told from its neighbours */
  EXACT = 15,   /* digits that a double holds exactly */
  POWERS = 22,  /* powers of ten that it holds exactly */
  WORD = 15     /* letters of a word that is looked up */
};

/* Digits and the power of ten that they are multiplied with. */
typedef struct decimal {
  size_t n;
  long power;
  bool more; /* there were digits other than 0 behind these */
  char digit[DIGITS + 32];
} decimal;

/* Of 800 bytes those that tell. */
static void begin(decimal *d) {
  d->n = 0;
  d->power = 0;
  d->more = false;
}

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
  if (FLT_EVAL_METHOD == 0 && d->n <= EXACT && d->power <= 0 && d->power >= -POWERS) {
    double whole = 0;
    for (size_t i = 0; i < d->n; i++) whole = whole * 10 + (d->digit[i] - '0');
    return whole / ten[-d->power];
  }
  if (d->more) {
    d->digit[d->n++] = '1';
    d->power--;
  }
  snprintf(d->digit + d->n, sizeof d->digit - d->n, "e%ld", d->power);
  return strtod(d->digit, NULL);
}

typedef struct reader {
  const char *at, *end;
  bool dense; /* blanks, also the bytes of no-break ones, do not count */
} reader;

/* The byte that is next; -1: none. */
static int peek(reader *r) {
  while (r->dense && r->at < r->end && (*r->at == ' ' || *r->at == '\xC2' || *r->at == '\xA0'))
    r->at++;
  return r->at < r->end ? (unsigned char)*r->at : -1;
}

static void skip_spaces(reader *r) {
  while (is_space(peek(r))) r->at++;
}

/* Letters, in lower case; without any it is "", and so is a long word.  False: no letter. */
static bool read_word(reader *r, char *word) {
  size_t n = 0;
  for (; is_letter(peek(r)); r->at++, n++)
    if (n < WORD) word[n] = (char)to_lower(*r->at);
  word[n <= WORD ? n : 0] = '\0';
  return n > 0;
}

/* Digits with commas and a point; one point more may end them.  False: more points than that. */
static bool read_figures(reader *r, double *number) {
  decimal d;
  begin(&d);
  size_t points = 0, last = 0; /* of these, behind the last digit */
  for (int c; (c = peek(r)), is_digit(c) || c == ',' || c == '.'; r->at++) {
    if (c == ',') continue;
    if (c == '.') {
      points++;
      last++;
    } else {
      last = 0;
      add_digit(&d, c, points > 0);
    }
  }
  if (points - (last > 0) > 1) return false;
  *number = value_of(&d);
  return true;
}

typedef struct entry {
  const char *word;
  double value;
} entry;

static const entry *find(const entry *list, size_t n, const char *word) {
  for (size_t i = 0; i < n; i++)
    if (pst_same(list[i].word, word)) return &list[i];
  return NULL;
}

/* p.number knows the first SOME, p.amount all. */
static const entry scales[] = {
    {"million", 1e6}, {"billion", 1e9}, {"thousand", 1e3}, {"trillion", 1e12}, {"hundred", 100},
    {"m", 1e6},       {"bn", 1e9},      {"k", 1e3},        {"lakh", 1e5},      {"lakhs", 1e5},
    {"mn", 1e6},      {"mil", 1e6},     {"mln", 1e6},      {"crore", 1e7},     {"crores", 1e7},
    {"b", 1e9},       {"bil", 1e9},     {"bln", 1e9},      {"tn", 1e12}};
enum { SOME = 7, ALL = sizeof scales / sizeof *scales };

static double scale_by(size_t n, const char *word) {
  const entry *found = find(scales, n, word);
  return found ? found->value : 1;
}

static double scale_of(size_t n, const postil_value *mult) {
  char word[WORD + 1];
  if (mult->type != POSTIL_STRING || mult->len > WORD) return 1;
  for (size_t i = 0; i < mult->len; i++) {
    if (!is_letter(mult->text[i])) return 1;
    word[i] = (char)to_lower(mult->text[i]);
  }
  word[mult->len] = '\0';
  return scale_by(n, word);
}

/* The second of two words with nothing but white space between them, past the word that was read;
 * "" if there are none. */
static void read_second(reader *r, char *word) {
  word[0] = '\0';
  do {
    if (is_space(peek(r))) {
      skip_spaces(r);
      if (read_word(r, word)) return;
    }
    while (peek(r) >= 0 && !is_letter(peek(r))) r->at++;
  } while (read_word(r, word));
}

static bool read_words(reader *r, double *number, char *rest) {
  static const entry words[] = {{"zero", 0},    {"one", 1},    {"two", 2},      {"three", 3},
                                {"four", 4},    {"five", 5},   {"six", 6},      {"seven", 7},
                                {"eight", 8},   {"nine", 9},   {"ten", 10},     {"eleven", 11},
                                {"twelve", 12}, {"dozen", 12}, {"hundred", 100}};
  while (peek(r) >= 0 && !is_letter(peek(r))) r->at++;
  read_word(r, rest);
  const entry *found = find(words, sizeof words / sizeof *words, rest);
  if (!found) return false;
  *number = found->value;
  read_second(r, rest);
  return true;
}

/* "3.5 million", "twelve": the number and what the word behind it multiplies it with. */
static bool read_number(const char *at, size_t len, bool dense, double *number, double *scale) {
  char rest[WORD + 1];
  reader start = {at, at + len, dense}, r = start;
  skip_spaces(&r);
  if (is_digit(peek(&r))) {
    if (!read_figures(&r, number)) return false;
    skip_spaces(&r);
    read_word(&r, rest);
  } else if (!read_words(&start, number, rest)) {
    return false;
  }
  *scale = scale_by(SOME, rest);
  return true;
}

/* ".5" and nothing else. */
static bool read_fraction(const char *at, size_t len, double *number) {
  if (len < 2 || at[0] != '.') return false;
  for (size_t i = 1; i < len; i++)
    if (!is_digit(at[i])) return false;
  decimal d;
  begin(&d);
  for (size_t i = 1; i < len; i++) add_digit(&d, at[i], true);
  *number = value_of(&d);
  return true;
}

/* A number that is too large is none. */
static void answer_number(double number, postil_value *answer) {
  if (isfinite(number)) *answer = (postil_value){.type = POSTIL_NUMBER, .number = number};
}

/* Of the captures amount, or number, or the whole text: what it says, times mult (if there is none,
 * the word behind the number). */
static bool to_number(source *s, postil_value *answer) {
  postil_value value;
  double number, scale = 1;
  if (!get_either(s, "amount", "number", &value)) return false;
  if (value.type == POSTIL_NIL && !get_text(s, &value)) return false;
  if (value.type == POSTIL_NIL) return fail(s, "text", "nil");
  if (value.type == POSTIL_NUMBER)
    number = value.number;
  else if (!read_number(value.text, value.len, false, &number, &scale))
    return true;
  if (!get(s, "mult", &value)) return false;
  if (value.type != POSTIL_NIL) scale = scale_of(SOME, &value);
  answer_number(number * scale, answer);
  return true;
}

/* Of the captures number, or amount, whose blanks group digits, times mult: "1 200" and "crore". */
static bool to_amount(source *s, postil_value *answer) {
  postil_value value;
  double number, scale = 1;
  if (!get_either(s, "number", "amount", &value)) return false;
  if (value.type == POSTIL_NIL) return true;
  if (value.type == POSTIL_NUMBER)
    number = value.number;
  else if (!read_fraction(value.text, value.len, &number) &&
           !read_number(value.text, value.len, true, &number, &scale))
    return true;
  if (!get(s, "mult", &value)) return false;
  answer_number(number * scale * scale_of(ALL, &value), answer);
  return true;
}

/* ---- functions of p -------------------------------------------------------------------------- */

static int push_answer(lua_State *L, const postil_value *answer) {
  if (answer->type == POSTIL_STRING)
    lua_pushlstring(L, answer->text, answer->len);
  else if (answer->type == POSTIL_NUMBER)
    compat_pushnumber(L, answer->number);
  else
    lua_pushnil(L);
  return 1;
}

/* convert(m) or convert(table). */
static int call(lua_State *L, converter *convert) {
  source s = {.L = L, .set = pst_set_of(L)};
  postil_value answer = {.type = POSTIL_NIL};
  lua_settop(L, 1);
  pst_set_check_stack(L);
  int type = lua_type(L, 1);
  if (type == LUA_TUSERDATA)
    s.match = pst_env_match(L);
  else if (type != LUA_TTABLE)
    return luaL_error(L, "m or a table is wanted, not a %s", lua_typename(L, type));
  bool fine = convert(&s, &answer);
  pst_set_spend(L, s.cost / BYTES_A_UNIT);
  if (!fine && !s.what) return luaL_error(L, "out of memory");
  if (!fine) return luaL_error(L, "'%s' is a %s, not a string or number", s.name, s.what);
  return push_answer(L, &answer);
}

static int p_iso(lua_State *L) { return call(L, to_iso); }

static int p_amount(lua_State *L) { return call(L, to_amount); }

static int p_number(lua_State *L) {
  if (lua_isnoneornil(L, 1)) return 0;
  if (lua_type(L, 1) != LUA_TSTRING) return call(L, to_number);
  postil_value answer = {.type = POSTIL_NIL};
  double number, scale;
  size_t len;
  const char *at = lua_tolstring(L, 1, &len);
  if (read_number(at, len, false, &number, &scale)) answer_number(number * scale, &answer);
  pst_set_spend(L, len / BYTES_A_UNIT);
  return push_answer(L, &answer);
}

const luaL_Reg pst_converters[] = {{"iso", p_iso},       {"date", p_iso},     {"number", p_number},
                                   {"amount", p_amount}, {"money", p_amount}, {NULL, NULL}};

/* ---- the core's questions -------------------------------------------------------------------- */

static const struct {
  lua_CFunction function;
  converter *convert;
} known[] = {{p_iso, to_iso}, {p_number, to_number}, {p_amount, to_amount}};

/* The number from 1 of the converter that a function is; 0: it is none. */
uint32_t pst_converter_of(lua_CFunction function) {
  for (uint32_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].function == function) return i + 1;
  return 0;
}

/* What that converter says of a candidate; a string lives until the next call.  False: a capture is
 * of no use to it; calling the function in Lua raises what there is to say. */
bool pst_convert(pst_set *set, uint32_t number, const postil_match *match, postil_value *answer) {
  source s = {.set = set, .match = match};
  return known[number - 1].convert(&s, answer);
}
