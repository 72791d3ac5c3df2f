/* convert_date.c - dates and times of day that English words say, as ISO 8601 writes them.
 *
 * What ISO 8601-1 has no form for is said as the Extended Date/Time Format (EDTF, ISO 8601-2) has
 * it: 199X is a decade, 18XX a century, 2022-33 to 2022-36 are quarters, 2022-21 to 2022-24
 * seasons.  Two dates are an interval, 2024-03-03/2024-03-05.  A day that is in no calendar
 * and figures that may be read two ways (03/04/2024) are no date. / */
#include "convert.h"

#include <string.h>

/* ---- the calendar ---------------------------------------------------------------------------- */

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* The year begins in March here, so that leap days come last. */
int64_t pst_to_days(int64_t year, int64_t month, int64_t day) {
  if (month < 3) {
    year--;
    month += 12;
  }
  return 365 * year + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400) +
         (153 * (month - 3) + 2) / 5 + day - 1;
}

pst_day pst_from_days(int64_t days) {
  int64_t year = floor_div(days * 400, 146097); /* the right one or a neighbour */
  while (pst_to_days(year + 1, 3, 1) <= days) year++;
  while (pst_to_days(year, 3, 1) > days) year--;
  int64_t rest = days - pst_to_days(year, 3, 1), month = (5 * rest + 2) / 153;
  int64_t day = rest - (153 * month + 2) / 5 + 1;
  if (month < 10) return (pst_day){year, month + 3, day};
  return (pst_day){year + 1, month - 9, day};
}

bool pst_has_day(const pst_day *day) {
  static const char length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (day->day < 1) return false;
  if (day->day <= length[day->month - 1]) return true;
  return day->month == 2 && day->day == 29 && day->year % 4 == 0 &&
         (day->year % 100 != 0 || day->year % 400 == 0);
}

/* 0 for Monday; 1 March of the year 0 was a Wednesday. */
static int64_t weekday_of(int64_t days) { return days + 2 - 7 * floor_div(days + 2, 7); }

static int64_t days_of(const pst_day *day) { return pst_to_days(day->year, day->month, day->day); }

/* Reads n digits and steps over them and over one byte more. */
static bool read_digits(const char **at, int n, int64_t *number) {
  *number = 0;
  for (; n > 0; n--, ++*at) {
    if (!pst_digit(**at)) return false;
    *number = *number * 10 + (**at - '0');
  }
  ++*at;
  return true;
}

bool pst_read_day(const char *text, size_t len, pst_day *day) {
  const char *at = text;
  return len >= 10 && at[4] == '-' && at[7] == '-' && read_digits(&at, 4, &day->year) &&
         read_digits(&at, 2, &day->month) && read_digits(&at, 2, &day->day);
}

char *pst_put_digits(char *to, int64_t n, int width) {
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

/* ---- names ----------------------------------------------------------------------------------- */

static int named(const char *const *names, const char *at, size_t len) {
  if (len > 0 && at[len - 1] == '.') len--;
  if (len < 3) return 0;
  for (int i = 0; names[i]; i++) {
    size_t n = 0;
    while (n < len && names[i][n] && names[i][n] == pst_lower(at[n])) n++;
    if (n == len) return i + 1;
  }
  return 0;
}

int pst_month_named(const char *at, size_t len) {
  static const char *const months[] = {"january",  "february", "march",  "april",     "may",
                                       "june",     "july",     "august", "september", "october",
                                       "november", "december", NULL};
  return named(months, at, len);
}

int pst_weekday_named(const char *at, size_t len) {
  static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                     "friday", "saturday", "sunday",    NULL};
  return named(days, at, len);
}

/* ---- reading --------------------------------------------------------------------------------- */

typedef enum grain {
  NOTHING,
  UNCLEAR,
  DAY,
  MONTH,
  YEAR,
  WEEK,
  QUARTER,
  SEASON,
  DECADE,
  CENTURY
} grain;

/* One date as it is read: what is not told is 0.  From left to right a day may come before its
 * month, and both before a year that stands at the end of a range. */
typedef struct date {
  grain grain;
  int64_t year;       /* of a decade 199, of a century 18 */
  int64_t month, day; /* WEEK, QUARTER, SEASON: month is its number */
  bool fixed;         /* it was counted from the date of the document: nothing is to be added */
} date;

typedef struct reader {
  const pst_pieces *p;
  size_t i;
  const pst_day *now; /* or NULL */
} reader;

static const pst_piece *look(const reader *r, size_t ahead) { return &r->p->at[r->i + ahead]; }

static bool take(reader *r, const char *word) {
  bool found = pst_is(look(r, 0), word);
  r->i += found;
  return found;
}

static bool take_mark(reader *r, char mark) {
  bool found = pst_is_mark(look(r, 0), mark);
  r->i += found;
  return found;
}

/* A name of a month, with its stop. */
static int take_month(reader *r) {
  const pst_piece *word = look(r, 0);
  int month = word->kind == PST_WORD ? pst_month_named(word->at, word->len) : 0;
  if (!month && pst_is(word, "sept")) month = 9;
  if (month) {
    r->i++;
    if (pst_is_mark(look(r, 0), '.') && !look(r, 0)->gap) r->i++;
  }
  return month;
}

static int take_weekday(reader *r) {
  const pst_piece *word = look(r, 0);
  int day = word->kind == PST_WORD ? pst_weekday_named(word->at, word->len) : 0;
  if (day) {
    r->i++;
    if (word->len < 6 && pst_is_mark(look(r, 0), '.')) r->i++;
  }
  return day;
}

/* "5", "5th", "the fifth": a day of a month. */
static int take_day(reader *r) {
  static const char *const suffixes[] = {"st", "nd", "rd", "th", NULL};
  int day = pst_plain(look(r, 0), 1, 2);
  if (day < 1 || day > 31) return 0;
  r->i++;
  if (!look(r, 0)->gap && pst_which(look(r, 0), suffixes) >= 0) r->i++;
  return day;
}

static int take_year(reader *r) {
  int year = pst_plain(look(r, 0), 4, 4);
  if (year < 1000) return 0;
  r->i++;
  return year;
}

/* Does a dash follow, and figures that touch it? */
static bool hyphen_and(const reader *r, size_t ahead) {
  const pst_piece *mark = look(r, ahead), *figures = look(r, ahead + 1);
  return pst_is_mark(mark, '-') && mark->len == 1 && !mark->gap && !figures->gap &&
         figures->kind == PST_FIGURES;
}

/* 2024-03-14, 2024-03 and 2024-W12. */
static bool read_iso(reader *r, date *d) {
  int year = pst_plain(look(r, 0), 4, 4), month = pst_plain(look(r, 2), 2, 2);
  if (year < 0) return false;
  if (pst_is_mark(look(r, 1), '-') && !look(r, 2)->gap && pst_is_just(look(r, 2), "W") &&
      pst_plain(look(r, 3), 2, 2) > 0) {
    *d = (date){.grain = WEEK, .year = year, .month = pst_plain(look(r, 3), 2, 2)};
    r->i += 4;
    return d->month <= 53;
  }
  if (!hyphen_and(r, 1) || month < 1 || month > 12) return false;
  *d = (date){.grain = MONTH, .year = year, .month = month};
  if (hyphen_and(r, 3) && pst_plain(look(r, 4), 2, 2) > 0) {
    d->grain = DAY;
    d->day = pst_plain(look(r, 4), 2, 2);
    r->i += 5;
    return true;
  }
  r->i += 3;
  if (month <= year % 100) return true;
  d->grain =
      month == year % 100 + 1 ? NOTHING : UNCLEAR; /* 2011-12 are two years, 2001-05 may be */
  return d->grain == UNCLEAR;
}

/* 14/03/2024 and 3/14/2024, where only one of the two can be the month. */
static bool read_slashes(reader *r, date *d) {
  int a = pst_plain(look(r, 0), 1, 2), b = pst_plain(look(r, 2), 1, 2);
  int year = pst_plain(look(r, 4), 4, 4);
  if (a < 1 || b < 1 || year < 1000) return false;
  if (!pst_is_mark(look(r, 1), '/') || !pst_is_mark(look(r, 3), '/')) return false;
  if ((a > 12) == (b > 12) && a != b) return false;
  *d = (date){.grain = DAY, .year = year, .month = a > 12 ? b : a, .day = a > 12 ? a : b};
  r->i += 5;
  return true;
}

/* Behind a month or what stands for one: ", 2024", "of 2024", "2024". */
static void read_year_behind(reader *r, date *d) {
  reader ahead = *r;
  if (!take_mark(&ahead, ',')) take(&ahead, "of");
  int year = take_year(&ahead);
  if (!year) return;
  d->year = year;
  *r = ahead;
}

/* "5 March 2024", "March 5, 2024", "the 5th of March", "March 2024", "March"; a weekday before. */
static bool read_calendar(reader *r, date *d) {
  reader ahead = *r;
  *d = (date){.grain = DAY};
  if (take_weekday(&ahead)) take_mark(&ahead, ',');
  take(&ahead, "the");
  d->day = take_day(&ahead);
  if (d->day) take(&ahead, "of");
  d->month = take_month(&ahead);
  if (!d->month) return false;
  if (!d->day) d->day = take_day(&ahead);
  if (!d->day) d->grain = MONTH;
  read_year_behind(&ahead, d);
  *r = ahead;
  return true;
}

/* "Q3 2022", "the third quarter of 2022". */
static bool read_quarter(reader *r, date *d) {
  static const char *const ordinals[] = {"first", "second", "third", "fourth", NULL};
  reader ahead = *r;
  int number = pst_which(look(r, 0), ordinals) + 1, figure = pst_plain(look(r, 1), 1, 1);
  bool letter = pst_is_just(look(r, 0), "Q") && !look(r, 1)->gap && figure >= 1 && figure <= 4;
  if (letter) number = figure;
  if (!letter && !(number && pst_is(look(r, 1), "quarter"))) return false;
  ahead.i += 2;
  *d = (date){.grain = QUARTER, .month = number};
  read_year_behind(&ahead, d);
  if (!d->year) return false;
  *r = ahead;
  return true;
}

static bool read_season(reader *r, date *d) {
  static const char *const seasons[] = {"spring", "summer", "autumn", "winter", "fall", NULL};
  reader ahead = *r;
  int season = pst_which(look(r, 0), seasons) + 1;
  if (!season) return false;
  ahead.i++;
  *d = (date){.grain = SEASON, .month = season == 5 ? 3 : season};
  read_year_behind(&ahead, d);
  if (!d->year) return false;
  *r = ahead;
  return true;
}

/* "1990s", "the '90s", "the 19th century". */
static bool read_long(reader *r, date *d) {
  bool short_one = take_mark(r, '\'');
  int figures = pst_plain(look(r, 0), short_one ? 2 : 1, short_one ? 2 : 4);
  const pst_piece *tail = look(r, 1);
  if (figures < 0 || tail->gap) return false;
  if (!short_one && figures >= 2 && figures <= 30 && tail->len == 2 &&
      pst_is(look(r, 2), "century")) {
    *d = (date){.grain = CENTURY, .year = figures - 1};
    r->i += 3;
    return true;
  }
  bool apostrophe = pst_is_mark(tail, '\'');
  if (!pst_is(apostrophe ? look(r, 2) : tail, "s") || figures % 10 != 0) return false;
  if (!short_one && figures < 1000) return false;
  *d = (date){.grain = DECADE, .year = (short_one ? 1900 + figures : figures) / 10};
  r->i += apostrophe ? 3 : 2;
  return true;
}

static bool read_only_year(reader *r, date *d) {
  *d = (date){.grain = YEAR, .year = take_year(r)};
  return d->year > 0;
}

/* ---- counted from the date of the document --------------------------------------------------- */

static date day_at(int64_t days) {
  pst_day day = pst_from_days(days);
  return (date){DAY, day.year, day.month, day.day, true};
}

/* The ISO week that a day lies in; the year is that of its Thursday. */
static date week_at(int64_t days) {
  int64_t thursday = days - weekday_of(days) + 3;
  pst_day day = pst_from_days(thursday);
  return (date){WEEK, day.year, (thursday - pst_to_days(day.year, 1, 1)) / 7 + 1, 0, true};
}

/* So many units after the document's; the day, week, month, quarter, year, decade or century. */
static bool step(const pst_day *now, int64_t n, grain unit, date *d) {
  int64_t months = now->year * 12 + now->month - 1 + n,
          quarters = now->year * 4 + (now->month - 1) / 3 + n;
  switch (unit) {
    case DAY: *d = day_at(days_of(now) + n); break;
    case WEEK: *d = week_at(days_of(now) + 7 * n); break;
    case MONTH: *d = (date){MONTH, floor_div(months, 12), 0, 0, true}; break;
    case QUARTER: *d = (date){QUARTER, floor_div(quarters, 4), 0, 0, true}; break;
    case YEAR: *d = (date){YEAR, now->year + n, 0, 0, true}; break;
    case DECADE: *d = (date){DECADE, now->year / 10 + n, 0, 0, true}; break;
    case CENTURY: *d = (date){CENTURY, now->year / 100 + n, 0, 0, true}; break;
    default: return false;
  }
  if (unit == MONTH) d->month = months - 12 * d->year + 1;
  if (unit == QUARTER) d->month = quarters - 4 * d->year + 1;
  return d->year > 0;
}

static grain take_unit(reader *r) {
  static const struct {
    const char *word;
    grain grain;
  } units[] = {{"day", DAY},   {"week", WEEK},     {"month", MONTH},    {"quarter", QUARTER},
               {"year", YEAR}, {"decade", DECADE}, {"century", CENTURY}};
  for (size_t u = 0; u < sizeof units / sizeof *units; u++)
    if (pst_is_some(look(r, 0), units[u].word)) {
      r->i++;
      return units[u].grain;
    }
  return NOTHING;
}

/* -1, 0 or 1 for last, this and next; 2: neither. */
static int way_of(const pst_piece *word) {
  static const char *const ways[] = {"last",    "past", "previous", "this",
                                     "current", "next", "coming",   NULL};
  int n = pst_which(word, ways);
  return n < 0 ? 2 : n < 3 ? -1 : n < 5 ? 0 : 1;
}

/* A weekday: the last one up to the document's day; "last": before it; "next": after it; "this":
 * the one of the same week, from Monday on. */
static date weekday_at(const pst_day *now, int wanted, int way) {
  int64_t today = days_of(now), back = weekday_of(today) - (wanted - 1);
  if (way == 0) return day_at(today - back);
  back -= 7 * floor_div(back, 7);
  if (way == -1 && back == 0) back = 7;
  if (way == 1) back -= 7;
  return day_at(today - back);
}

/* morning, afternoon, evening, night. */
static bool take_part(reader *r) {
  static const char *const parts[] = {"morning", "afternoon", "evening", "night", NULL};
  bool found = pst_which(look(r, 0), parts) >= 0;
  r->i += found;
  return found;
}

static bool read_named_day(reader *r, date *d) {
  static const char *const words[] = {"today", "tonight", "yesterday", "tomorrow", NULL};
  int64_t more = 0;
  reader ahead = *r;
  bool last = pst_is(look(r, 0), "last") && pst_is(look(r, 1), "night");
  if (last || (take(&ahead, "this") && take_part(&ahead))) {
    *d = day_at(days_of(r->now) - last);
    r->i += 2;
    return true;
  }
  ahead = *r;
  if (pst_is(look(r, 0), "day") && (pst_is(look(r, 1), "before") || pst_is(look(r, 1), "after"))) {
    more = pst_is(look(r, 1), "before") ? -1 : 1;
    ahead.i += 2;
  }
  int n = pst_which(look(&ahead, 0), words);
  int64_t steps = n == 2 ? -1 : n == 3 ? 1 : 0;
  if (n < 0 || (more != 0 && more != steps)) return false;
  ahead.i++;
  *d = day_at(days_of(r->now) + steps + more);
  *r = ahead;
  return true;
}

/* "last week", "this May", "next Friday", "Monday". */
static bool read_way(reader *r, date *d, int way) {
  reader ahead = *r;
  int told = way_of(look(r, 0));
  if (told != 2) {
    way = told;
    ahead.i++;
  }
  size_t before = ahead.i;
  grain unit = way == 2 ? NOTHING : take_unit(&ahead);
  int weekday = unit ? 0 : take_weekday(&ahead);
  int month = unit || weekday ? 0 : take_month(&ahead);
  if (ahead.i == before) return false;
  if (unit && !step(r->now, way, unit, d)) return false;
  if (weekday) *d = weekday_at(r->now, weekday, way);
  if (month && (way == 2 || take_day(&ahead) || take_year(&ahead))) return false;
  if (month) {
    int64_t year =
        r->now->year + (way == 1 && month <= r->now->month) - (way == -1 && month >= r->now->month);
    *d = (date){MONTH, year, month, 0, true};
  }
  *r = ahead;
  return true;
}

/* "two weeks ago", "in three months", "a year from now". */
static bool read_count(reader *r, date *d) {
  static const pst_style style = {.plain = true};
  reader ahead = *r;
  pst_number n = {.value = 1};
  bool in = take(&ahead, "in");
  if (!take(&ahead, "a") && !take(&ahead, "an") && !pst_read_number(ahead.p, &ahead.i, &style, &n))
    return false;
  grain unit = take_unit(&ahead);
  if (!unit || !(n.value >= 0 && n.value <= 10000) || n.value != (double)(int64_t)n.value)
    return false;
  bool ago = !in && take(&ahead, "ago");
  if (!ago && !in && !(take(&ahead, "from") && take(&ahead, "now"))) return false;
  if (!step(r->now, ago ? -(int64_t)n.value : (int64_t)n.value, unit, d)) return false;
  *r = ahead;
  return true;
}

static bool read_relative(reader *r, date *d, int way) {
  return r->now && (read_named_day(r, d) || read_way(r, d, way) || read_count(r, d));
}

/* ---- one date -------------------------------------------------------------------------------- */

/* Words before a date that do not change which it is. */
static void skip_lead(reader *r) {
  static const char *const leads[] = {"on",   "in",  "at",      "the",   "of",     "early",
                                      "late", "mid", "earlier", "later", "during", NULL};
  for (;;) {
    reader ahead = *r;
    if (pst_which(look(r, 0), leads) < 0) return;
    ahead.i++;
    take_mark(&ahead, '-');
    *r = ahead;
  }
}

static bool read_absolute(reader *r, date *d) {
  static bool (*const kinds[])(reader *, date *) = {
      read_iso, read_slashes, read_calendar, read_quarter, read_season, read_long, read_only_year};
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    reader ahead = *r;
    if (!kinds[k](&ahead, d)) continue;
    *r = ahead;
    return true;
  }
  return false;
}

/* way: as way_of says; of a word that stands before the text. */
static bool read_one(reader *r, date *d, int way) {
  reader ahead = *r; /* "in two weeks" is one, "in 2019" begins behind "in" */
  if (way == 2) skip_lead(&ahead);
  bool found = (way != 2 && read_relative(r, d, way)) || read_absolute(&ahead, d);
  if (found && way == 2) *r = ahead;
  if (found || read_relative(r, d, way)) return true;
  skip_lead(&ahead);
  found = read_absolute(&ahead, d) || read_relative(&ahead, d, 2);
  if (found) *r = ahead;
  return found;
}

/* ---- two dates ------------------------------------------------------------------------------- */

/* A day's number alone, which the other date completes: "3-5 March", "March 3 to 5". */
static bool read_bare_day(reader *r, date *d) {
  reader ahead = *r;
  take(&ahead, "the");
  int day = take_day(&ahead);
  if (!day) return false;
  *d = (date){.grain = DAY, .day = day};
  *r = ahead;
  return true;
}

/* "14" behind "2013-": the same century's. */
static bool read_short_year(reader *r, const date *from, date *to) {
  int year = pst_plain(look(r, 0), 2, 2);
  if (from->grain != YEAR || year < 0 || look(r, 0)->gap) return false;
  *to = (date){.grain = YEAR, .year = from->year - from->year % 100 + year};
  r->i++;
  return true;
}

static bool take_join(reader *r, bool between) {
  if (take_mark(r, '-') || take_mark(r, '/')) return true;
  if (between) return take(r, "and");
  return take(r, "to") || take(r, "until") || take(r, "till") || take(r, "through");
}

static bool day_or_month(const date *d) { return d->grain == DAY || d->grain == MONTH; }

/* What is not told is that of the other date, or of the month nearest to the document's. */
static bool complete(const pst_day *now, date *d) {
  if (d->year || !day_or_month(d)) return d->year > 0;
  if (!now) return false;
  d->year = now->year + (now->month - d->month > 6) - (d->month - now->month > 6);
  return true;
}

static bool complete_both(const pst_day *now, date *from, date *to) {
  if (from->grain == DAY && !from->month && day_or_month(to)) from->month = to->month;
  if (to->grain == DAY && !to->month && day_or_month(from)) {
    to->month = from->month;
    if (!to->year) to->year = from->year;
  }
  if (!from->year && day_or_month(from) && to->year)
    from->year = to->year - (from->month > to->month);
  if (!complete(now, from)) return false;
  if (!to->year && day_or_month(to)) to->year = from->year + (to->month < from->month);
  return complete(now, to);
}

/* ---- writing --------------------------------------------------------------------------------- */

static char *put(char *to, const char *text) {
  size_t n = strlen(text);
  memcpy(to, text, n);
  return to + n;
}

/* NULL: there is no such day. */
static char *put_date(char *to, const date *d) {
  pst_day day = {d->year, d->month, d->day};
  if (d->grain == CENTURY) return put(pst_put_digits(to, d->year, 2), "XX");
  if (d->grain == DECADE) return put(pst_put_digits(to, d->year, 3), "X");
  if (d->year < 1 || d->year > 9999) return NULL;
  to = pst_put_digits(to, d->year, 4);
  switch (d->grain) {
    case DAY:
      if (d->month < 1 || d->month > 12 || !pst_has_day(&day)) return NULL;
      to = pst_put_digits(put(to, "-"), d->month, 2);
      return pst_put_digits(put(to, "-"), d->day, 2);
    case MONTH: return pst_put_digits(put(to, "-"), d->month, 2);
    case WEEK: return pst_put_digits(put(to, "-W"), d->month, 2);
    case QUARTER: return pst_put_digits(put(to, "-"), 32 + d->month, 2);
    case SEASON: return pst_put_digits(put(to, "-"), 20 + d->month, 2);
    case YEAR: return to;
    default: return NULL;
  }
}

/* ---- times of day ---------------------------------------------------------------------------- */

typedef struct hour {
  int hour, minute, second; /* second -1: not told */
  int half;                 /* 1 for a.m., 2 for p.m., 0: not told */
  bool clock;               /* it is written as only a time is: 15:30 */
  bool four;                /* 1530 */
} hour;

static int take_half(reader *r) {
  int half = pst_is(look(r, 0), "am") || pst_is(look(r, 0), "a.m")   ? 1
             : pst_is(look(r, 0), "pm") || pst_is(look(r, 0), "p.m") ? 2
                                                                     : 0;
  if (!half) return 0;
  bool stop = look(r, 0)->len == 3;
  r->i++;
  if (stop) take_mark(r, '.');
  return half;
}

/* "15:30", "3.30", "3", "1530", "noon". */
static bool take_figures(reader *r, hour *h) {
  const pst_piece *piece = look(r, 0);
  *h = (hour){.second = -1};
  if (take(r, "noon") || take(r, "midday") || take(r, "midnight")) {
    h->hour = pst_is(piece, "midnight") ? 0 : 12;
    h->clock = true;
    return true;
  }
  if (piece->kind != PST_FIGURES) return false;
  h->hour = pst_plain(piece, 1, 2);
  if (piece->len == 4 && pst_plain(piece, 4, 4) >= 0) {
    h->hour = pst_plain(piece, 4, 4) / 100;
    h->minute = pst_plain(piece, 4, 4) % 100;
    h->four = true;
  } else if (h->hour < 0) { /* 3.30 */
    const char *point = memchr(piece->at, '.', piece->len);
    if (!point || piece->at + piece->len - point != 3) return false;
    pst_piece left = *piece, right = *piece;
    left.len = (size_t)(point - piece->at);
    right.at = point + 1;
    right.len = 2;
    h->hour = pst_plain(&left, 1, 2);
    h->minute = pst_plain(&right, 2, 2);
  }
  r->i++;
  for (int *next = &h->minute; pst_is_mark(look(r, 0), ':') && piece->len < 3; next = &h->second) {
    *next = pst_plain(look(r, 1), 2, 2);
    h->clock = true;
    r->i += 2;
    if (*next < 0 || next == &h->second) return *next >= 0;
  }
  return h->hour >= 0 && h->minute >= 0;
}

/* Hours of the half day to those of the day; false: there is no such time. */
static bool settle(hour *h) {
  if (h->half && (h->hour < 1 || h->hour > 12)) return false;
  if (h->half) h->hour = h->hour % 12 + (h->half == 2 ? 12 : 0);
  return h->hour <= 23 && h->minute <= 59 && h->second <= 59;
}

static char *put_hour(char *to, const hour *h, const char *zone) {
  to = pst_put_digits(put(to, "T"), h->hour, 2);
  to = pst_put_digits(put(to, ":"), h->minute, 2);
  if (h->second >= 0) to = pst_put_digits(put(to, ":"), h->second, 2);
  return put(to, zone);
}

/* The zone behind a time; "": none is told. */
static const char *take_zone(reader *r) {
  if (take(r, "gmt") || take(r, "utc")) return "Z";
  if (pst_is(look(r, 0), "local") && pst_is(look(r, 1), "time")) r->i += 2;
  return "";
}

/* Is it told which half of the day is meant: by 15:30, 3 p.m., 1530 hours?  "3 o'clock" is no
 * time. */
static bool is_told(const hour *h, bool hours) { return h->half || h->clock || (hours && h->four); }

/* Does the second come before the first on the same half of the day?  "9 to 5 p.m." */
static bool is_back(const hour *a, const hour *b) {
  return a->half == b->half && a->hour * 60 + a->minute >= b->hour * 60 + b->minute;
}

/* One time or two; NULL: none. */
static char *read_times(reader *r, char *to) {
  hour from, until;
  bool two = false;
  take(r, "at");
  bool between = take(r, "between");
  if (!between) take(r, "from");
  if (!take_figures(r, &from)) return NULL;
  from.half = take_half(r);
  until = from;
  reader ahead = *r;
  if (take_join(&ahead, between) && take_figures(&ahead, &until)) {
    *r = ahead;
    two = true;
    until.half = take_half(r);
    if (!from.half && !from.clock) from.half = until.half;
  }
  bool hours = take(r, "hours") || take(r, "hrs");
  const char *zone = take_zone(r);
  hours = hours || *zone;
  if (!is_told(&from, hours) || !is_told(&until, hours)) return NULL;
  if (!settle(&from) || !settle(&until) || (two && is_back(&from, &until))) return NULL;
  to = put_hour(to, &from, zone);
  return two ? put_hour(put(to, "/"), &until, zone) : to;
}

/* Is there nothing more but a stop or a comma? */
static bool at_end(reader *r) {
  if (!take_mark(r, '.')) take_mark(r, ',');
  return look(r, 0)->kind == PST_END;
}

size_t pst_say_time(const pst_pieces *pieces, char said[PST_DATE_MAX]) {
  reader r = {pieces, 0, NULL};
  char *end = read_times(&r, said);
  return end && at_end(&r) ? (size_t)(end - said) : 0;
}

/* ---- all together ---------------------------------------------------------------------------- */

/* One date or two into `from` and `to`, whole; false: none. */
static bool read_dates(reader *r, int way, date *from, date *to, bool *two) {
  bool between = take(r, "between");
  if (!between) take(r, "from");
  if (!read_one(r, from, way) && !read_bare_day(r, from)) return false;
  reader ahead = *r;
  *two = take_join(&ahead, between) && (read_short_year(&ahead, from, to) ||
                                        read_one(&ahead, to, 2) || read_bare_day(&ahead, to));
  if (!*two) return from->month > 0 || !day_or_month(from) ? complete(r->now, from) : false;
  *r = ahead;
  if (!to->year && day_or_month(to)) read_year_behind(r, to);
  return complete_both(r->now, from, to);
}

/* "at 3 p.m.", "night": behind a day.  Where the text ends then. */
static char *read_behind(reader *r, char *to) {
  if (take_part(r)) return to;
  reader ahead = *r;
  if (!take(&ahead, "t")) take_mark(&ahead, ','); /* 2024-03-14T15:30 */
  char *end = read_times(&ahead, to);
  if (!end || memchr(to, '/', (size_t)(end - to))) return to;
  *r = ahead;
  return end;
}

static char *say_dates(reader *r, int way, char *to) {
  date from, to_date;
  bool two;
  char *begin = to;
  if (!read_dates(r, way, &from, &to_date, &two) || !(to = put_date(to, &from))) return NULL;
  if (!two) return from.grain == DAY ? read_behind(r, to) : to;
  char *second = to + 1;
  if (!(to = put_date(put(to, "/"), &to_date))) return NULL;
  return memcmp(begin, second, (size_t)(to - second)) < 0 ? to : NULL;
}

/* "3 p.m. on Friday": the time comes first. */
static char *say_time_and_date(reader *r, char *to) {
  char time[PST_DATE_MAX];
  char *end = read_times(r, time);
  if (!end || memchr(time, '/', (size_t)(end - time))) return NULL;
  date from, other;
  bool two;
  take_mark(r, ',');
  if (!read_dates(r, 2, &from, &other, &two) || two || from.grain != DAY) return NULL;
  if (!(to = put_date(to, &from))) return NULL;
  memcpy(to, time, (size_t)(end - time));
  return to + (end - time);
}

size_t pst_say_date(const pst_pieces *pieces, const pst_day *now, const pst_piece *way,
                    char said[PST_DATE_MAX]) {
  reader r = {pieces, 0, now};
  char *end = say_dates(&r, way ? way_of(way) : 2, said);
  if (!end || !at_end(&r)) {
    r.i = 0;
    end = say_time_and_date(&r, said);
  }
  return end && at_end(&r) ? (size_t)(end - said) : 0;
}
