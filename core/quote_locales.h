/* quote_locales.h - which quotation marks a language uses, as facts.
 *
 * The four marks are the delimiters that CLDR gives for the locale (outer and inner pair).  They
 * are only a prior: what a document does outweighs them soon (pst_quote_decide).
 * PST_LOCALE_SPACED: a space stands inside the outer marks.  PST_LOCALE_DASH: novels of the
 * language set speech with a dash at the start of the paragraph.  Languages come by their two
 * letters; a region that differs has a row of its own with the region behind a hyphen.
 *
 * Included by quote.c alone.
 */
#ifndef PST_QUOTE_LOCALES_H
#define PST_QUOTE_LOCALES_H

enum { PST_LOCALE_SPACED = 1, PST_LOCALE_DASH = 2 };

typedef struct pst_quote_locale {
  const char *name;
  const char *outer[2], *inner[2]; /* opening, closing */
  unsigned flags;
} pst_quote_locale;

static const pst_quote_locale pst_quote_locales[] = {
  {"en", {"“", "”"}, {"‘", "’"}, 0},
  {"af", {"“", "”"}, {"‘", "’"}, 0},
  {"am", {"«", "»"}, {"‹", "›"}, 0},
  {"ar", {"”", "“"}, {"’", "‘"}, 0},
  {"az", {"“", "”"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"be", {"«", "»"}, {"„", "“"}, PST_LOCALE_DASH},
  {"bg", {"„", "“"}, {"„", "“"}, PST_LOCALE_DASH},
  {"bn", {"“", "”"}, {"‘", "’"}, 0},
  {"bs", {"„", "”"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"ca", {"«", "»"}, {"“", "”"}, PST_LOCALE_DASH},
  {"cs", {"„", "“"}, {"‚", "‘"}, 0},
  {"cy", {"“", "”"}, {"‘", "’"}, 0},
  {"da", {"“", "”"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"de", {"„", "“"}, {"‚", "‘"}, 0},
  {"de-ch", {"«", "»"}, {"‹", "›"}, 0},
  {"el", {"«", "»"}, {"“", "”"}, PST_LOCALE_DASH},
  {"es", {"«", "»"}, {"“", "”"}, PST_LOCALE_DASH},
  {"et", {"„", "“"}, {"‚", "‘"}, PST_LOCALE_DASH},
  {"eu", {"«", "»"}, {"“", "”"}, PST_LOCALE_DASH},
  {"fa", {"«", "»"}, {"‹", "›"}, 0},
  {"fi", {"”", "”"}, {"’", "’"}, PST_LOCALE_DASH},
  {"fr", {"«", "»"}, {"«", "»"}, PST_LOCALE_SPACED | PST_LOCALE_DASH},
  {"fr-ch", {"«", "»"}, {"‹", "›"}, PST_LOCALE_DASH},
  {"ga", {"“", "”"}, {"‘", "’"}, 0},
  {"gl", {"“", "”"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"he", {"”", "”"}, {"’", "’"}, 0},
  {"hi", {"“", "”"}, {"‘", "’"}, 0},
  {"hr", {"„", "“"}, {"‚", "‘"}, PST_LOCALE_DASH},
  {"hu", {"„", "”"}, {"»", "«"}, PST_LOCALE_DASH},
  {"hy", {"«", "»"}, {"«", "»"}, PST_LOCALE_DASH},
  {"id", {"“", "”"}, {"‘", "’"}, 0},
  {"is", {"„", "“"}, {"‚", "‘"}, 0},
  {"it", {"«", "»"}, {"“", "”"}, PST_LOCALE_DASH},
  {"ja", {"「", "」"}, {"『", "』"}, 0},
  {"ka", {"„", "“"}, {"«", "»"}, PST_LOCALE_DASH},
  {"kk", {"«", "»"}, {"“", "”"}, PST_LOCALE_DASH},
  {"ko", {"“", "”"}, {"‘", "’"}, 0},
  {"lt", {"„", "“"}, {"„", "“"}, PST_LOCALE_DASH},
  {"lv", {"“", "”"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"mk", {"„", "“"}, {"‚", "‘"}, PST_LOCALE_DASH},
  {"nb", {"«", "»"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"nl", {"‘", "’"}, {"‘", "’"}, 0},
  {"nn", {"«", "»"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"no", {"«", "»"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"pl", {"„", "”"}, {"«", "»"}, PST_LOCALE_DASH},
  {"pt", {"“", "”"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"pt-pt", {"«", "»"}, {"“", "”"}, PST_LOCALE_DASH},
  {"ro", {"„", "”"}, {"«", "»"}, PST_LOCALE_DASH},
  {"ru", {"«", "»"}, {"„", "“"}, PST_LOCALE_DASH},
  {"sk", {"„", "“"}, {"‚", "‘"}, 0},
  {"sl", {"„", "“"}, {"‚", "‘"}, PST_LOCALE_DASH},
  {"sq", {"«", "»"}, {"“", "”"}, PST_LOCALE_DASH},
  {"sr", {"„", "“"}, {"‘", "‘"}, PST_LOCALE_DASH},
  {"sv", {"”", "”"}, {"’", "’"}, PST_LOCALE_DASH},
  {"sw", {"“", "”"}, {"‘", "’"}, 0},
  {"th", {"“", "”"}, {"‘", "’"}, 0},
  {"tr", {"“", "”"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"uk", {"«", "»"}, {"„", "“"}, PST_LOCALE_DASH},
  {"ur", {"”", "“"}, {"’", "‘"}, 0},
  {"vi", {"“", "”"}, {"‘", "’"}, PST_LOCALE_DASH},
  {"zh", {"“", "”"}, {"‘", "’"}, 0},
  {"zh-hant", {"「", "」"}, {"『", "』"}, 0},
  {"zh-hk", {"「", "」"}, {"『", "』"}, 0},
  {"zh-tw", {"「", "」"}, {"『", "』"}, 0},
};

#endif
