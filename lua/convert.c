/* convert.c - what rule files find in p to make values of texts and captures: p.date, p.number and
 * their kin.
 *
 * They are C functions of the private state, for a function of a rule calls them with m, with a
 * table or with a text.  Where a rule sets an attribute by one (set = { iso = p.date }) the core's
 * question is answered without Lua: pst_convert.  No locale is asked, nothing is allocated but the
 * scratch of the rule set, and every Lua gives the same answer.  What is not plain has no value.
 *
 *              captures, the first that is there         without them
 *   date       (way)                                      the text of the tag
 *   iso        month year day|day2 wd way                 today and its kin in the text
 *   time       -                                          the text
 *   number     amount|number, mult                        the beginning of the text
 *   comma      as number; the decimal mark is a comma
 *   amount     number|amount, mult                        the first number in the text
 *   money      as amount, cur|currency: cents are parts of 1
 *   currency   cur|currency                               the text
 *   quantity   number|amount, mult                        number and unit in the text
 *   unit       unit|noun                                  the unit in the text
 *   si         as quantity and unit
 *   si_unit    as unit
 *   upper      -                                          the other end of a range in the text
 *
 * tests/lua/convert_twin.lua says in Lua what p.iso and figures should give. / */
#include "binding.h"
#include "convert.h"

#include <math.h>

#define BYTES_A_UNIT 4 /* bytes looked at that cost as much as an instruction */

/* Where a converter finds its captures: m, or else the table at 1 of the stack; a text has none. */
typedef struct source {
  lua_State *L; /* NULL: there is m, and nothing may be raised */
  pst_set *set;
  const postil_match *match;
  bool plain;              /* a text is at 1 of the stack, and perhaps a date at 2 */
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
  if (s->plain) return true;
  if (!(s->match ? get_capture(s, name, value) : get_field(s, name, value))) return false;
  s->cost += value->len;
  return true;
}

static bool get_text(source *s, postil_value *value) {
  if (!s->match && !s->plain) return get(s, "text", value);
  if (s->plain) {
    *value = (postil_value){.type = POSTIL_STRING};
    value->text = lua_tolstring(s->L, 1, &value->len);
  } else {
    postil_text text = postil_match_text(s->match);
    *value = text_value(text.at, text.len);
  }
  s->cost += value->len;
  return true;
}

static bool get_date(source *s, postil_value *value) {
  if (s->plain) {
    size_t len = 0;
    const char *at = lua_tolstring(s->L, 2, &len);
    *value = text_value(at, len);
    return true;
  }
  if (!s->match) return get(s, "date", value);
  const char *date = postil_match_date(s->match);
  *value = text_value(date, date ? strlen(date) : 0);
  return true;
}

/* The text in pieces. */
static bool get_pieces(source *s, bool blanks, pst_pieces *pieces) {
  postil_value text;
  if (!get_text(s, &text)) return false;
  if (text.type != POSTIL_STRING)
    return fail(s, "text", text.type == POSTIL_NIL ? "nil" : "number");
  pst_cut(pieces, text.text, text.len, blanks);
  return true;
}

/* The first of two captures that is there. */
static bool get_either(source *s, const char *name, const char *other, postil_value *value) {
  return get(s, name, value) && (value->type != POSTIL_NIL || get(s, other, value));
}

/* ---- p.iso ----------------------------------------------------------------------------------- */

#define YEAR_MAX INT64_C(1000000000000000) /* and above: no year */

enum { NO_MONTH = 99 }; /* a number that is no month; 0: nothing */

/* Digits with a sign, a point, white space around them: a month, NO_MONTH, or 0: none of this. */
static int month_in_digits(const char *at, size_t len) {
  const char *end = at + len;
  int month = 0;
  bool any = false, whole = true, minus = false;
  while (at < end && pst_space(*at)) at++;
  if (at < end && (*at == '-' || *at == '+')) minus = *at++ == '-';
  for (; at < end && pst_digit(*at); at++, any = true)
    if (month < NO_MONTH) month = month * 10 + (*at - '0');
  if (at < end && *at == '.')
    for (at++; at < end && pst_digit(*at); at++, any = true)
      if (*at != '0') whole = false;
  while (at < end && pst_space(*at)) at++;
  if (!any || at < end) return 0;
  return !minus && whole && month >= 1 && month <= 12 ? month : NO_MONTH;
}

static int month_of(const postil_value *value) {
  if (value->type == POSTIL_NIL) return 0;
  if (value->type == POSTIL_NUMBER) {
    if (!(value->number >= 1 && value->number <= 12)) return NO_MONTH;
    return value->number == (int)value->number ? (int)value->number : NO_MONTH;
  }
  int month = pst_month_named(value->text, value->len);
  return month ? month : month_in_digits(value->text, value->len);
}

/* 1 for Monday; 0: none. */
static int weekday_of(const postil_value *value) {
  return value->type == POSTIL_STRING ? pst_weekday_named(value->text, value->len) : 0;
}

/* The digits that a capture begins with, at most YEAR_MAX; -1: none. */
static int64_t leading(const postil_value *value) {
  if (value->type == POSTIL_NUMBER) {
    if (!(value->number >= 0)) return -1;
    return value->number < (double)YEAR_MAX ? (int64_t)value->number : YEAR_MAX;
  }
  if (value->type == POSTIL_NIL || !value->len || !pst_digit(value->text[0])) return -1;
  int64_t n = 0;
  for (size_t i = 0; i < value->len && pst_digit(value->text[i]); i++) {
    n = n * 10 + (value->text[i] - '0');
    if (n >= YEAR_MAX) return YEAR_MAX;
  }
  return n;
}

static bool read_date(const postil_value *value, pst_day *day) {
  return value->type == POSTIL_STRING && pst_read_day(value->text, value->len, day);
}

/* "2026-05-04", "2026-05", "2026"; nothing where the calendar has no such day. */
static bool say(source *s, const pst_day *d, postil_value *answer) {
  char *to = s->set->said;
  if (d->month > 12 || (d->month && d->day >= 0 && !pst_has_day(d))) return true;
  to = pst_put_digits(to, d->year, 4);
  if (d->month) {
    *to++ = '-';
    to = pst_put_digits(to, d->month, 2);
  }
  if (d->month && d->day >= 0) {
    *to++ = '-';
    to = pst_put_digits(to, d->day, 2);
  }
  *answer = text_value(s->set->said, (size_t)(to - s->set->said));
  return true;
}

/* Does a text begin with this, in either case? */
static bool begins(const char *name, const char *at, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!name[i] || name[i] != pst_lower(at[i])) return false;
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
static bool say_relative(source *s, const pst_day *now, postil_value *answer) {
  postil_value text;
  if (!get_text(s, &text)) return false;
  int64_t today = pst_to_days(now->year, now->month, now->day);
  int step = says(&text, "yesterday") ? -1 : says(&text, "tomorrow") ? 1 : 0;
  if (!step && !says(&text, "today") && !says(&text, "tonight")) return true;
  pst_day d = pst_from_days(today + step);
  return say(s, &d, answer);
}

/* A weekday near the date of the document: the last one up to it; with "next" (in the text or as
 * the capture `way`) the first after it, with "last" as `way` the last before it. */
static bool say_weekday(source *s, const pst_day *now, postil_value *answer) {
  postil_value value;
  if (!get(s, "wd", &value)) return false;
  int wanted = weekday_of(&value);
  if (!wanted) return say_relative(s, now, answer);
  if (!get(s, "way", &value)) return false;
  bool next = says(&value, "next"), last = says(&value, "last");
  if (!get_text(s, &value)) return false;
  int64_t today = pst_to_days(now->year, now->month, now->day);
  int64_t back = today + 2 - (wanted - 1); /* 1 March of the year 0 was a Wednesday */
  back -= 7 * (back / 7 - (back % 7 < 0));
  if (last && back == 0) back = 7;
  if (next || says(&value, "next")) back -= 7;
  pst_day d = pst_from_days(today - back);
  return say(s, &d, answer);
}

/* The dates that the text says; a capture `way` is a word before it. */
static bool to_date(source *s, postil_value *answer) {
  pst_pieces way, pieces;
  pst_day now;
  postil_value value;
  if (!get(s, "way", &value)) return false;
  char before[16]; /* what is lent does not live until the text is there */
  size_t len = value.type == POSTIL_STRING && value.len < sizeof before ? value.len : 0;
  memcpy(before, len ? value.text : "", len);
  pst_cut(&way, before, len, false);
  if (!get_date(s, &value)) return false;
  bool dated = read_date(&value, &now);
  if (!get_pieces(s, false, &pieces)) return false;
  size_t n = pst_say_date(&pieces, dated ? &now : NULL, way.n == 1 ? way.at : NULL, s->set->said);
  if (n) *answer = text_value(s->set->said, n);
  return true;
}

static bool to_time(source *s, postil_value *answer) {
  pst_pieces pieces;
  if (!get_pieces(s, false, &pieces)) return false;
  size_t n = pst_say_time(&pieces, s->set->said);
  if (n) *answer = text_value(s->set->said, n);
  return true;
}

/* An ISO date of the captures month, year, day or day2, wd and the date of the document. */
static bool to_iso(source *s, postil_value *answer) {
  pst_day d = {.day = -1}, now;
  postil_value value;
  if (s->plain) return to_date(s, answer);
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

static void answer_number(double number, postil_value *answer) {
  if (isfinite(number)) *answer = (postil_value){.type = POSTIL_NUMBER, .number = number};
}

/* What the capture mult multiplies with. */
static bool get_mult(source *s, double *scale) {
  postil_value mult;
  pst_pieces pieces;
  if (!get(s, "mult", &mult)) return false;
  *scale = 1;
  if (mult.type != POSTIL_STRING) return true;
  pst_cut(&pieces, mult.text, mult.len, false);
  double found = pieces.n == 1 ? pst_scale(pieces.at, true) : 0;
  if (found != 0) *scale = found;
  return true;
}

/* The number of the first of two captures that is there, times mult.  *found: there is such a
 * capture; a number that it does not say is NAN. */
static bool get_number(source *s, const char *name, const char *other, const pst_style *style,
                       bool blanks, double *number, bool *found) {
  postil_value value;
  pst_pieces pieces;
  pst_number read = {.value = NAN};
  double mult = 1;
  size_t at = 0;
  if (!get_either(s, name, other, &value)) return false;
  *found = value.type != POSTIL_NIL;
  *number = value.number;
  if (value.type == POSTIL_STRING) {
    pst_cut(&pieces, value.text, value.len, blanks);
    if (!pst_read_number(&pieces, &at, style, &read)) read.value = NAN;
    *number = read.value;
  }
  if (*found && !get_mult(s, &mult)) return false;
  *number *= mult;
  return true;
}

/* The pieces of the text, from its first number on; false: there is none. */
static bool find_number(const pst_pieces *pieces, const pst_style *style, size_t *at,
                        pst_number two[2], bool *range) {
  for (*at = 0; *at < pieces->n; ++*at) {
    if (pst_read_range(pieces, at, style, two, range)) return true;
    if (pst_counts(&pieces->at[*at])) return false;
  }
  return false;
}

static bool number_of(source *s, bool comma, postil_value *answer) {
  const pst_style style = {.comma = comma};
  pst_pieces pieces;
  pst_number two[2];
  double number;
  bool found, range;
  size_t at = 0;
  if (!get_number(s, "amount", "number", &style, false, &number, &found)) return false;
  if (!found) {
    if (!get_pieces(s, false, &pieces)) return false;
    if (pst_is(pieces.at, "between") || pst_is(pieces.at, "from")) at++;
    number = pst_read_range(&pieces, &at, &style, two, &range) ? two[0].value : NAN;
  }
  answer_number(number, answer);
  return true;
}

static bool to_number(source *s, postil_value *answer) { return number_of(s, false, answer); }
static bool to_comma_number(source *s, postil_value *answer) { return number_of(s, true, answer); }

static bool to_amount(source *s, postil_value *answer) {
  static const pst_style style = {.comma = false};
  pst_pieces pieces;
  pst_number two[2];
  double number;
  bool found, range;
  size_t at;
  if (!get_number(s, "number", "amount", &style, true, &number, &found)) return false;
  if (!found) {
    if (!get_pieces(s, true, &pieces)) return false;
    number = find_number(&pieces, &style, &at, two, &range) ? two[0].value : NAN;
  }
  answer_number(number, answer);
  return true;
}

/* ---- money ----------------------------------------------------------------------------------- */

/* The currency of the captures cur or currency, else of the text; NULL: none. */
static bool get_currency(source *s, const char **code, int *parts) {
  postil_value value;
  pst_pieces pieces;
  if (!get_either(s, "cur", "currency", &value)) return false;
  if (value.type == POSTIL_STRING) {
    pst_cut(&pieces, value.text, value.len, false);
    *code = pst_currency(&pieces, parts);
    return true;
  }
  if (!get_pieces(s, true, &pieces)) return false;
  *code = pst_currency(&pieces, parts);
  return true;
}

static bool to_money(source *s, postil_value *answer) {
  const char *code;
  int parts;
  if (!to_amount(s, answer) || !get_currency(s, &code, &parts)) return false;
  if (answer->type == POSTIL_NUMBER) answer->number /= parts;
  return true;
}

static bool to_currency(source *s, postil_value *answer) {
  const char *code;
  int parts;
  if (!get_currency(s, &code, &parts)) return false;
  if (code) *answer = text_value(code, 3);
  return true;
}

/* ---- quantities ------------------------------------------------------------------------------ */

/* A number and its unit; NAN, or no symbol: there is none. */
typedef struct quantity {
  double number;
  pst_unit unit;
} quantity;

static const pst_style plain = {.plain = true};

static bool unit_at(const pst_pieces *pieces, size_t *at, pst_unit *unit) {
  size_t i = *at;
  if (pst_is_mark(&pieces->at[i], '-')) i++; /* 12-mile */
  if (!pst_read_unit(pieces, &i, unit)) return false;
  *at = i;
  return true;
}

/* "6 feet 2 inches": adds what stands in smaller units of the same kind. */
static void add_smaller(const pst_pieces *pieces, size_t at, quantity *q) {
  pst_number more;
  pst_unit unit;
  double last = q->unit.factor;
  while (*q->unit.si && q->unit.offset == 0) {
    if (pst_is(&pieces->at[at], "and") || pst_is_mark(&pieces->at[at], ',')) at++;
    if (!pst_read_number(pieces, &at, &plain, &more) || !unit_at(pieces, &at, &unit)) return;
    if (!pst_same(unit.si, q->unit.si) || !(unit.factor < last)) return;
    q->number += more.value * unit.factor / q->unit.factor;
    last = unit.factor;
  }
}

/* The number and the unit in the text. */
static bool read_quantity(source *s, quantity *q) {
  pst_pieces pieces;
  pst_number two[2];
  bool range;
  size_t at;
  *q = (quantity){.number = NAN};
  if (!get_pieces(s, true, &pieces)) return false;
  if (!find_number(&pieces, &plain, &at, two, &range)) {
    at = 0;
    if (!pst_counts(pieces.at)) unit_at(&pieces, &at, &q->unit);
    return true;
  }
  q->number = two[0].value;
  if (unit_at(&pieces, &at, &q->unit) && !range) add_smaller(&pieces, at, q);
  return true;
}

/* Captures come before what the text says. */
static bool get_quantity(source *s, quantity *q) {
  postil_value value;
  pst_pieces pieces;
  double number;
  bool found;
  size_t at = 0;
  if (!read_quantity(s, q)) return false;
  if (!get_number(s, "number", "amount", &plain, true, &number, &found)) return false;
  if (found) q->number = number;
  if (!get_either(s, "unit", "noun", &value)) return false;
  if (value.type == POSTIL_STRING) {
    pst_cut(&pieces, value.text, value.len, false);
    if (!pst_read_unit(&pieces, &at, &q->unit) || at < pieces.n) q->unit = (pst_unit){.factor = 1};
  }
  return true;
}

static bool to_quantity(source *s, postil_value *answer) {
  quantity q;
  bool found;
  if (!get_number(s, "number", "amount", &plain, true, &q.number, &found)) return false;
  if (!found && !read_quantity(s, &q)) return false;
  answer_number(q.number, answer);
  return true;
}

static void answer_text(source *s, const char *text, postil_value *answer) {
  size_t len = strlen(text);
  memcpy(s->set->said, text, len);
  if (len) *answer = text_value(s->set->said, len);
}

static bool to_unit(source *s, postil_value *answer) {
  quantity q;
  if (!get_quantity(s, &q)) return false;
  answer_text(s, q.unit.symbol, answer);
  return true;
}

static bool to_si(source *s, postil_value *answer) {
  quantity q;
  if (!get_quantity(s, &q)) return false;
  if (*q.unit.si) answer_number(q.number * q.unit.factor + q.unit.offset, answer);
  return true;
}

static bool to_si_unit(source *s, postil_value *answer) {
  quantity q;
  if (!get_quantity(s, &q)) return false;
  answer_text(s, q.unit.si, answer);
  return true;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static bool to_upper(source *s, postil_value *answer) {
  static const pst_style style = {.plain = false};
  pst_pieces pieces;
  pst_number two[2];
  pst_unit unit;
  bool range;
  size_t at, behind;
  int parts;
  if (!get_pieces(s, true, &pieces)) return false;
  if (!find_number(&pieces, &plain, &at, two, &range)) return true;
  behind = at;
  if (!unit_at(&pieces, &behind, &unit)) find_number(&pieces, &style, &at, two, &range);
  if (!range) return true;
  pst_currency(&pieces, &parts);
  answer_number(two[1].value / parts, answer);
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

/* convert(m), convert(table), or convert(text, date). */
static int call(lua_State *L, converter *convert) {
  source s = {.L = L, .set = pst_set_of(L)};
  postil_value answer = {.type = POSTIL_NIL};
  lua_settop(L, 2);
  pst_set_check_stack(L);
  int type = lua_type(L, 1);
  s.plain = type == LUA_TSTRING;
  if (type == LUA_TUSERDATA)
    s.match = pst_env_match(L);
  else if (type != LUA_TTABLE && !s.plain)
    return luaL_error(L, "m, a table or a text is wanted, not a %s", lua_typename(L, type));
  bool fine = convert(&s, &answer);
  pst_set_spend(L, s.cost / BYTES_A_UNIT);
  if (!fine && !s.what) return luaL_error(L, "out of memory");
  if (!fine) return luaL_error(L, "'%s' is a %s, not a string or number", s.name, s.what);
  return push_answer(L, &answer);
}

static int p_date(lua_State *L) { return call(L, to_date); }
static int p_iso(lua_State *L) { return call(L, to_iso); }
static int p_time(lua_State *L) { return call(L, to_time); }
static int p_number(lua_State *L) { return lua_isnoneornil(L, 1) ? 0 : call(L, to_number); }
static int p_comma_number(lua_State *L) { return call(L, to_comma_number); }
static int p_amount(lua_State *L) { return call(L, to_amount); }
static int p_money(lua_State *L) { return call(L, to_money); }
static int p_currency(lua_State *L) { return call(L, to_currency); }
static int p_quantity(lua_State *L) { return call(L, to_quantity); }
static int p_unit(lua_State *L) { return call(L, to_unit); }
static int p_si(lua_State *L) { return call(L, to_si); }
static int p_si_unit(lua_State *L) { return call(L, to_si_unit); }
static int p_upper(lua_State *L) { return call(L, to_upper); }

const luaL_Reg pst_converters[] = {{"date", p_date},
                                   {"iso", p_iso},
                                   {"time", p_time},
                                   {"number", p_number},
                                   {"comma_number", p_comma_number},
                                   {"amount", p_amount},
                                   {"money", p_money},
                                   {"currency", p_currency},
                                   {"quantity", p_quantity},
                                   {"unit", p_unit},
                                   {"si", p_si},
                                   {"si_unit", p_si_unit},
                                   {"upper", p_upper},
                                   {NULL, NULL}};

/* ---- the core's questions -------------------------------------------------------------------- */

static const struct {
  lua_CFunction function;
  converter *convert;
} known[] = {{p_date, to_date},
             {p_iso, to_iso},
             {p_time, to_time},
             {p_number, to_number},
             {p_comma_number, to_comma_number},
             {p_amount, to_amount},
             {p_money, to_money},
             {p_currency, to_currency},
             {p_quantity, to_quantity},
             {p_unit, to_unit},
             {p_si, to_si},
             {p_si_unit, to_si_unit},
             {p_upper, to_upper}};

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
