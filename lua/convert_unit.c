/* convert_unit.c - the unit of measure that a text names, its symbol and what it is in SI units.
 *
 * Symbols are those of the SI Brochure (9th edition), written in one line as UCUM does (m2, km/h),
 * and for other units the abbreviations of NIST SP 811, whose appendix B has the factors.  Gallons,
 * pints and barrels are those of the United States, the acre is the international one.  What is not
 * fixed has a symbol but no SI unit: a ton may be three different ones, a month or a year has no
 * length.  Bits and bytes count as units of their own, percentages as parts of 1.
 *
 * A unit is put together: a prefix (kilo, k), a name or symbol, a power (square, m2), and what it
 * is divided by (per hour, a day, /s). / */
#include "convert.h"

#include <string.h>

/* ---- what there is --------------------------------------------------------------------------- */

enum { PREFIXED = 1, SYMBOL = 2, TIME = 4 };

typedef struct entry {
  const char *name; /* words, one blank between two; of a SYMBOL its letters, exactly */
  const char *symbol, *si;
  double factor;
  int flags;
} entry;

static const entry units[] = {{"metre", "m", "m", 1, PREFIXED},
                              {"meter", "m", "m", 1, PREFIXED},
                              {"gram", "g", "kg", 1e-3, PREFIXED},
                              {"gramme", "g", "kg", 1e-3, PREFIXED},
                              {"second", "s", "s", 1, PREFIXED | TIME},
                              {"litre", "l", "m3", 1e-3, PREFIXED},
                              {"liter", "l", "m3", 1e-3, PREFIXED},
                              {"watt hour", "Wh", "J", 3600, PREFIXED},
                              {"watt", "W", "W", 1, PREFIXED},
                              {"joule", "J", "J", 1, PREFIXED},
                              {"volt", "V", "V", 1, PREFIXED},
                              {"ampere", "A", "A", 1, PREFIXED},
                              {"amp", "A", "A", 1, PREFIXED},
                              {"ohm", "Ω", "Ω", 1, PREFIXED},
                              {"hertz", "Hz", "Hz", 1, PREFIXED},
                              {"newton", "N", "N", 1, PREFIXED},
                              {"pascal", "Pa", "Pa", 1, PREFIXED},
                              {"bar", "bar", "Pa", 1e5, PREFIXED},
                              {"sievert", "Sv", "Sv", 1, PREFIXED},
                              {"becquerel", "Bq", "Bq", 1, PREFIXED},
                              {"gray", "Gy", "Gy", 1, 0},
                              {"calorie", "cal", "J", 4.184, PREFIXED},
                              {"electronvolt", "eV", "J", 1.602176634e-19, PREFIXED},
                              {"byte", "B", "B", 1, PREFIXED},
                              {"bit", "bit", "bit", 1, PREFIXED},
                              {"tonne", "t", "kg", 1000, PREFIXED},
                              {"metric ton", "t", "kg", 1000, 0},
                              {"metric tonne", "t", "kg", 1000, 0},
                              {"short ton", "short ton", "kg", 907.18474, 0},
                              {"long ton", "long ton", "kg", 1016.0469088, 0},
                              {"ton", "ton", "", 1, PREFIXED},
                              {"kilo", "kg", "kg", 1, 0},
                              {"micron", "µm", "m", 1e-6, 0},
                              {"inch", "in", "m", 0.0254, 0},
                              {"foot", "ft", "m", 0.3048, 0},
                              {"feet", "ft", "m", 0.3048, 0},
                              {"yard", "yd", "m", 0.9144, 0},
                              {"mile", "mi", "m", 1609.344, 0},
                              {"nautical mile", "nmi", "m", 1852, 0},
                              {"fathom", "fathom", "m", 1.8288, 0},
                              {"furlong", "furlong", "m", 201.168, 0},
                              {"light year", "ly", "m", 9.4607304725808e15, 0},
                              {"hectare", "ha", "m2", 1e4, 0},
                              {"acre foot", "acre-foot", "m3", 1233.48183754752, 0},
                              {"acre feet", "acre-foot", "m3", 1233.48183754752, 0},
                              {"acre", "ac", "m2", 4046.8564224, 0},
                              {"gallon", "gal", "m3", 3.785411784e-3, 0},
                              {"pint", "pt", "m3", 4.73176473e-4, 0},
                              {"quart", "qt", "m3", 9.46352946e-4, 0},
                              {"fluid ounce", "fl oz", "m3", 2.95735295625e-5, 0},
                              {"barrel", "bbl", "m3", 0.158987294928, 0},
                              {"bushel", "bu", "m3", 0.03523907016688, 0},
                              {"pound", "lb", "kg", 0.45359237, 0},
                              {"ounce", "oz", "kg", 0.028349523125, 0},
                              {"troy ounce", "oz t", "kg", 0.0311034768, 0},
                              {"stone", "st", "kg", 6.35029318, 0},
                              {"carat", "ct", "kg", 2e-4, 0},
                              {"minute", "min", "s", 60, TIME},
                              {"hour", "h", "s", 3600, TIME},
                              {"day", "d", "s", 86400, TIME},
                              {"week", "wk", "s", 604800, TIME},
                              {"fortnight", "fortnight", "s", 1209600, TIME},
                              {"month", "mo", "", 1, TIME},
                              {"year", "y", "", 1, TIME},
                              {"decade", "decade", "", 1, TIME},
                              {"century", "century", "", 1, TIME},
                              {"centuries", "century", "", 1, TIME},
                              {"degree celsius", "°C", "K", 1, 0},
                              {"degree centigrade", "°C", "K", 1, 0},
                              {"celsius", "°C", "K", 1, 0},
                              {"degree c", "°C", "K", 1, 0},
                              {"degree fahrenheit", "°F", "K", 5.0 / 9, 0},
                              {"fahrenheit", "°F", "K", 5.0 / 9, 0},
                              {"degree f", "°F", "K", 5.0 / 9, 0},
                              {"kelvin", "K", "K", 1, 0},
                              {"degree", "°", "", 1, 0}, /* of an angle or of heat */
                              {"knot", "kn", "m/s", 1852.0 / 3600, 0},
                              {"horsepower", "hp", "W", 745.69987158227022, 0},
                              {"percentage point", "pp", "1", 0.01, 0},
                              {"percent", "%", "1", 0.01, 0},
                              {"per cent", "%", "1", 0.01, 0},
                              {"per mille", "‰", "1", 1e-3, 0},
                              {"basis point", "bp", "1", 1e-4, 0},
                              {"part per million", "ppm", "1", 1e-6, 0},
                              {"part per billion", "ppb", "1", 1e-9, 0},
                              {"m", "m", "m", 1, PREFIXED | SYMBOL},
                              {"g", "g", "kg", 1e-3, PREFIXED | SYMBOL},
                              {"s", "s", "s", 1, PREFIXED | SYMBOL | TIME},
                              {"l", "l", "m3", 1e-3, PREFIXED | SYMBOL},
                              {"L", "l", "m3", 1e-3, PREFIXED | SYMBOL},
                              {"t", "t", "kg", 1000, PREFIXED | SYMBOL},
                              {"Wh", "Wh", "J", 3600, PREFIXED | SYMBOL},
                              {"W", "W", "W", 1, PREFIXED | SYMBOL},
                              {"J", "J", "J", 1, PREFIXED | SYMBOL},
                              {"V", "V", "V", 1, PREFIXED | SYMBOL},
                              {"A", "A", "A", 1, PREFIXED | SYMBOL},
                              {"Hz", "Hz", "Hz", 1, PREFIXED | SYMBOL},
                              {"N", "N", "N", 1, PREFIXED | SYMBOL},
                              {"Pa", "Pa", "Pa", 1, PREFIXED | SYMBOL},
                              {"bar", "bar", "Pa", 1e5, PREFIXED | SYMBOL},
                              {"Sv", "Sv", "Sv", 1, PREFIXED | SYMBOL},
                              {"Bq", "Bq", "Bq", 1, PREFIXED | SYMBOL},
                              {"cal", "cal", "J", 4.184, PREFIXED | SYMBOL},
                              {"eV", "eV", "J", 1.602176634e-19, PREFIXED | SYMBOL},
                              {"B", "B", "B", 1, PREFIXED | SYMBOL},
                              {"bit", "bit", "bit", 1, PREFIXED | SYMBOL},
                              {"bps", "bit/s", "bit/s", 1, PREFIXED | SYMBOL},
                              {"K", "K", "K", 1, SYMBOL},
                              {"°C", "°C", "K", 1, SYMBOL},
                              {"C", "°C", "K", 1, SYMBOL},
                              {"°F", "°F", "K", 5.0 / 9, SYMBOL},
                              {"F", "°F", "K", 5.0 / 9, SYMBOL},
                              {"°", "°", "", 1, SYMBOL},
                              {"ft", "ft", "m", 0.3048, SYMBOL},
                              {"yd", "yd", "m", 0.9144, SYMBOL},
                              {"yds", "yd", "m", 0.9144, SYMBOL},
                              {"mi", "mi", "m", 1609.344, SYMBOL},
                              {"nmi", "nmi", "m", 1852, SYMBOL},
                              {"ha", "ha", "m2", 1e4, SYMBOL},
                              {"cc", "cm3", "m3", 1e-6, SYMBOL},
                              {"gal", "gal", "m3", 3.785411784e-3, SYMBOL},
                              {"bbl", "bbl", "m3", 0.158987294928, SYMBOL},
                              {"bpd", "bbl/d", "m3/s", 0.158987294928 / 86400, SYMBOL},
                              {"lb", "lb", "kg", 0.45359237, SYMBOL},
                              {"lbs", "lb", "kg", 0.45359237, SYMBOL},
                              {"oz", "oz", "kg", 0.028349523125, SYMBOL},
                              {"kgs", "kg", "kg", 1, SYMBOL},
                              {"kms", "km", "m", 1000, SYMBOL},
                              {"min", "min", "s", 60, SYMBOL | TIME},
                              {"mins", "min", "s", 60, SYMBOL | TIME},
                              {"h", "h", "s", 3600, SYMBOL | TIME},
                              {"hr", "h", "s", 3600, SYMBOL | TIME},
                              {"hrs", "h", "s", 3600, SYMBOL | TIME},
                              {"d", "d", "s", 86400, SYMBOL | TIME},
                              {"mph", "mi/h", "m/s", 1609.344 / 3600, SYMBOL},
                              {"kph", "km/h", "m/s", 1000.0 / 3600, SYMBOL},
                              {"kmh", "km/h", "m/s", 1000.0 / 3600, SYMBOL},
                              {"kmph", "km/h", "m/s", 1000.0 / 3600, SYMBOL},
                              {"kn", "kn", "m/s", 1852.0 / 3600, SYMBOL},
                              {"hp", "hp", "W", 745.69987158227022, SYMBOL},
                              {"psi", "psi", "Pa", 6894.757293168, SYMBOL},
                              {"mmHg", "mmHg", "Pa", 133.322387415, SYMBOL},
                              {"dB", "dB", "", 1, SYMBOL},
                              {"pc", "%", "1", 0.01, SYMBOL},
                              {"pct", "%", "1", 0.01, SYMBOL},
                              {"ppm", "ppm", "1", 1e-6, SYMBOL},
                              {"ppb", "ppb", "1", 1e-9, SYMBOL},
                              {"rpm", "r/min", "", 1, SYMBOL}};
enum { UNITS = sizeof units / sizeof *units };

typedef struct prefix {
  const char *name, *symbol;
  double factor;
} prefix;

static const prefix prefixes[] = {{"kilo", "k", 1e3},   {"mega", "M", 1e6},   {"giga", "G", 1e9},
                                  {"tera", "T", 1e12},  {"peta", "P", 1e15},  {"centi", "c", 1e-2},
                                  {"milli", "m", 1e-3}, {"micro", "µ", 1e-6}, {"nano", "n", 1e-9},
                                  {"hecto", "h", 1e2},  {"deci", "d", 1e-1},  {"micro", "μ", 1e-6}};
enum { PREFIXES = sizeof prefixes / sizeof *prefixes };

/* ---- one name or symbol ---------------------------------------------------------------------- */

/* A unit with its prefix. */
typedef struct atom {
  const entry *unit;
  const prefix *prefix; /* or NULL */
} atom;

/* Does the word of a piece, but for its first `skip` bytes, say word[0..len), or a plural of it? */
static bool says(const pst_piece *piece, size_t skip, const char *word, size_t len) {
  if (piece->kind != PST_WORD || piece->len < skip + len) return false;
  for (size_t i = 0; i < len; i++)
    if (pst_lower(piece->at[skip + i]) != word[i]) return false;
  size_t rest = piece->len - skip - len;
  const char *tail = piece->at + skip + len;
  return rest == 0 || (rest == 1 && pst_lower(tail[0]) == 's') ||
         (rest == 2 && pst_lower(tail[0]) == 'e' && pst_lower(tail[1]) == 's');
}

/* Words at piece *i: a name, with a blank or a hyphen between two words. */
static bool read_name(const pst_pieces *p, size_t *i, size_t skip, const char *name) {
  size_t at = *i;
  for (;;) {
    size_t len = strcspn(name, " ");
    if (!says(&p->at[at], skip, name, len)) return false;
    at++;
    name += len;
    if (!*name) break;
    name++;
    skip = 0;
    if (pst_is_mark(&p->at[at], '-')) at++;
  }
  *i = at;
  return true;
}

static bool is_symbol(const pst_piece *piece, size_t skip, const char *letters) {
  size_t len = strlen(letters);
  return piece->kind == PST_WORD && piece->len == skip + len &&
         memcmp(piece->at + skip, letters, len) == 0;
}

static bool read_entry(const pst_pieces *p, size_t *i, size_t skip, const entry *unit) {
  if (!(unit->flags & SYMBOL)) return read_name(p, i, skip, unit->name);
  if (!is_symbol(&p->at[*i], skip, unit->name)) return false;
  ++*i;
  return true;
}

/* How many bytes of a word are this prefix; 0: it does not begin with it. */
static size_t prefix_length(const pst_piece *piece, const prefix *x, bool symbol) {
  const char *word = symbol ? x->symbol : x->name;
  size_t len = strlen(word);
  if (piece->kind != PST_WORD || piece->len <= len) return 0;
  for (size_t i = 0; i < len; i++)
    if ((symbol ? piece->at[i] : (char)pst_lower(piece->at[i])) != word[i]) return 0;
  return len;
}

static bool read_prefixed(const pst_pieces *p, size_t *i, const entry *unit, atom *out) {
  if (!(unit->flags & PREFIXED)) return false;
  for (int x = 0; x < PREFIXES; x++) {
    size_t skip = prefix_length(&p->at[*i], &prefixes[x], (unit->flags & SYMBOL) != 0);
    if (skip > 0 && read_entry(p, i, skip, unit)) {
      *out = (atom){unit, &prefixes[x]};
      return true;
    }
  }
  return false;
}

/* May the word begin with a prefix of either kind? */
static bool is_prefixed(const pst_piece *piece) {
  for (int x = 0; x < PREFIXES; x++)
    if (prefix_length(piece, &prefixes[x], false) || prefix_length(piece, &prefixes[x], true))
      return true;
  return false;
}

static bool read_atom(const pst_pieces *p, size_t *i, atom *out) {
  if (pst_is_mark(&p->at[*i], '%')) {
    static const entry percent = {"%", "%", "1", 0.01, SYMBOL};
    *out = (atom){&percent, NULL};
    ++*i;
    return true;
  }
  const pst_piece *piece = &p->at[*i];
  if (piece->kind != PST_WORD) return false;
  int first = pst_lower(piece->at[0]);
  for (int u = 0; u < UNITS; u++)
    if (pst_lower(units[u].name[0]) == first && read_entry(p, i, 0, &units[u])) {
      *out = (atom){&units[u], NULL};
      return true;
    }
  for (int u = 0, n = is_prefixed(piece) ? UNITS : 0; u < n; u++)
    if (read_prefixed(p, i, &units[u], out)) return true;
  return false;
}

/* ---- put together ---------------------------------------------------------------------------- */

typedef struct line {
  char *at;
  size_t room; /* with the zero */
} line;

static void put(line *to, const char *text) {
  size_t n = strlen(text);
  if (n >= to->room) return;
  memcpy(to->at, text, n + 1);
  to->at += n;
  to->room -= n;
}

static double factor_of(const atom *a) {
  return a->unit->factor * (a->prefix ? a->prefix->factor : 1);
}

static void put_symbol(line *to, const atom *a) {
  if (a->prefix) put(to, a->prefix == &prefixes[PREFIXES - 1] ? "µ" : a->prefix->symbol);
  put(to, a->unit->symbol);
}

/* 2 or 3 behind a unit: "m2", "km²", "metres squared"; 1: neither. */
static int read_power(const pst_pieces *p, size_t *i) {
  const pst_piece *piece = &p->at[*i];
  int power = 1;
  if (pst_is(piece, "squared")) power = 2;
  if (!piece->gap && (pst_is_just(piece, "2") || pst_is_just(piece, "3")))
    power = piece->at[0] - '0';
  *i += power > 1;
  return power;
}

/* square, sq., cubic, cu before a unit. */
static int read_power_before(const pst_pieces *p, size_t *i) {
  const pst_piece *piece = &p->at[*i];
  int power = pst_is(piece, "square") || pst_is(piece, "sq")  ? 2
              : pst_is(piece, "cubic") || pst_is(piece, "cu") ? 3
                                                              : 1;
  if (power == 1) return 1;
  ++*i;
  if (pst_is_mark(&p->at[*i], '.')) ++*i;
  return power;
}

/* The unit that another one is divided by: "per hour", "a day", "/s". */
static bool read_divisor(const pst_pieces *p, size_t *i, atom *out) {
  size_t at = *i;
  bool per = pst_is(&p->at[at], "per") || pst_is_mark(&p->at[at], '/');
  if (!per && !pst_is(&p->at[at], "a") && !pst_is(&p->at[at], "an")) return false;
  at++;
  if (!read_atom(p, &at, out) || (!per && !(out->unit->flags & TIME))) return false;
  *i = at;
  return true;
}

/* "km²": the last letters of a word are its power; the piece is without them then. */
static int cut_power(pst_piece *piece) {
  static const char two[] = "\xC2\xB2", three[] = "\xC2\xB3";
  if (piece->kind != PST_WORD || piece->len < 3) return 1;
  const char *tail = piece->at + piece->len - 2;
  int power = memcmp(tail, two, 2) == 0 ? 2 : memcmp(tail, three, 2) == 0 ? 3 : 1;
  if (power > 1) piece->len -= 2;
  return power;
}

static double raise(double factor, int power) {
  double product = factor;
  while (--power > 0) product *= factor;
  return product;
}

static const char *power_sign(int power) { return power == 2 ? "2" : power == 3 ? "3" : ""; }

/* A unit in whole: top to a power, divided by below if that has a unit. */
typedef struct compound {
  atom top, below;
  int power;
} compound;

static bool read_compound(const pst_pieces *pieces, size_t *i, compound *out) {
  pst_pieces p = *pieces;
  size_t at = *i;
  *out = (compound){.power = read_power_before(&p, &at)};
  if (out->power == 1) out->power = cut_power(&p.at[at]);
  if (!read_atom(&p, &at, &out->top)) return false;
  if (out->power == 1) out->power = read_power(&p, &at);
  if (!read_divisor(&p, &at, &out->below)) out->below.unit = NULL;
  *i = at;
  return true;
}

/* Is there one SI unit of what this measures, which can be written? */
static bool has_si(const compound *c) {
  const char *si = c->top.unit->si;
  if (!*si || (c->power > 1 && strpbrk(si, "123/"))) return false;
  return !c->below.unit || (*c->below.unit->si && !strchr(si, '/'));
}

static void say_si(const compound *c, pst_unit *out) {
  line si = {out->si, sizeof out->si};
  if (!has_si(c)) return;
  put(&si, c->top.unit->si);
  put(&si, power_sign(c->power));
  if (c->below.unit) {
    put(&si, "/");
    put(&si, c->below.unit->si);
  } else if (c->power == 1) { /* degrees begin elsewhere */
    if (strcmp(c->top.unit->symbol, "°C") == 0) out->offset = 273.15;
    if (strcmp(c->top.unit->symbol, "°F") == 0) out->offset = 459.67 * 5 / 9;
  }
}

bool pst_read_unit(const pst_pieces *pieces, size_t *i, pst_unit *out) {
  compound c;
  if (!read_compound(pieces, i, &c)) return false;
  line symbol = {out->symbol, sizeof out->symbol};
  *out = (pst_unit){.factor = raise(factor_of(&c.top), c.power)};
  put_symbol(&symbol, &c.top);
  put(&symbol, power_sign(c.power));
  if (c.below.unit) {
    put(&symbol, "/");
    put_symbol(&symbol, &c.below);
    out->factor /= factor_of(&c.below);
  }
  say_si(&c, out);
  return true;
}
