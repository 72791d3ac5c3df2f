/* convert_money.c - the currency that a text names, by its ISO 4217 code.
 *
 * Signs mean what CLDR's English data say: $ is the US dollar, A$ the Australian one, ¥ the yen.  A
 * name that several currencies share (rupee, dinar, peso) is one only together with its country's
 * adjective. / */
#include "convert.h"

#include <string.h>

/* Codes of ISO 4217 that are in use. */
static const char codes[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR "
    "FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD "
    "JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
    "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG "
    "QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XDR XOF XPF YER "
    "ZAR ZMW ZWG";

typedef struct written {
  const char *before, *sign, *code; /* before: letters that touch the sign, "": none do */
} written;

static const written signs[] = {
    {"", "$", "USD"},   {"US", "$", "USD"}, {"U.S", "$", "USD"}, {"A", "$", "AUD"},
    {"AU", "$", "AUD"}, {"C", "$", "CAD"},  {"CA", "$", "CAD"},  {"HK", "$", "HKD"},
    {"NZ", "$", "NZD"}, {"NT", "$", "TWD"}, {"S", "$", "SGD"},   {"R", "$", "BRL"},
    {"MX", "$", "MXN"}, {"EC", "$", "XCD"}, {"FJ", "$", "FJD"},  {"J", "$", "JMD"},
    {"TT", "$", "TTD"}, {"N", "$", "NAD"},  {"", "€", "EUR"},    {"", "£", "GBP"},
    {"E", "£", "EGP"},  {"UK", "£", "GBP"}, {"", "¥", "JPY"},    {"JP", "¥", "JPY"},
    {"", "￥", "JPY"},  {"CN", "¥", "CNY"}, {"RMB", "¥", "CNY"}, {"", "₹", "INR"},
    {"", "₽", "RUB"}, {"", "₩", "KRW"},   {"", "₺", "TRY"},    {"", "₪", "ILS"},
    {"", "₫", "VND"},   {"", "₱", "PHP"},   {"", "₦", "NGN"},    {"", "₴", "UAH"},
    {"", "₸", "KZT"},   {"", "₾", "GEL"}, {"", "₼", "AZN"},  {"", "₡", "CRC"},
    {"", "₲", "PYG"},   {"", "₭", "LAK"},   {"", "₮", "MNT"},    {"GH", "₵", "GHS"},
    {"", "₵", "GHS"}};

typedef struct name {
  const char *country; /* the word before, NULL: none is needed */
  const char *name;    /* as it ends, in the singular */
  const char *code;
  int parts; /* how many make a whole */
} name;

static const name names[] = {{"american", "dollar", "USD", 1},
                             {"us", "dollar", "USD", 1},
                             {"u.s", "dollar", "USD", 1},
                             {"australian", "dollar", "AUD", 1},
                             {"canadian", "dollar", "CAD", 1},
                             {"kong", "dollar", "HKD", 1},
                             {"zealand", "dollar", "NZD", 1},
                             {"singapore", "dollar", "SGD", 1},
                             {"singaporean", "dollar", "SGD", 1},
                             {"taiwan", "dollar", "TWD", 1},
                             {"taiwanese", "dollar", "TWD", 1},
                             {"jamaican", "dollar", "JMD", 1},
                             {"namibian", "dollar", "NAD", 1},
                             {"fijian", "dollar", "FJD", 1},
                             {"us", "cent", "USD", 100},
                             {"u.s", "cent", "USD", 100},
                             {"euro", "cent", "EUR", 100},
                             {"british", "pound", "GBP", 1},
                             {"uk", "pound", "GBP", 1},
                             {"egyptian", "pound", "EGP", 1},
                             {"lebanese", "pound", "LBP", 1},
                             {"syrian", "pound", "SYP", 1},
                             {"sudanese", "pound", "SDG", 1},
                             {"indian", "rupee", "INR", 1},
                             {"pakistani", "rupee", "PKR", 1},
                             {"lankan", "rupee", "LKR", 1},
                             {"nepalese", "rupee", "NPR", 1},
                             {"mauritian", "rupee", "MUR", 1},
                             {"swiss", "franc", "CHF", 1},
                             {"cfa", "franc", NULL, 1},
                             {"congolese", "franc", "CDF", 1},
                             {"rwandan", "franc", "RWF", 1},
                             {"swedish", "krona", "SEK", 1},
                             {"icelandic", "krona", "ISK", 1},
                             {"danish", "krone", "DKK", 1},
                             {"danish", "kroner", "DKK", 1},
                             {"norwegian", "krone", "NOK", 1},
                             {"norwegian", "kroner", "NOK", 1},
                             {"swedish", "kronor", "SEK", 1},
                             {"czech", "koruna", "CZK", 1},
                             {"russian", "ruble", "RUB", 1},
                             {"russian", "rouble", "RUB", 1},
                             {"belarusian", "ruble", "BYN", 1},
                             {"mexican", "peso", "MXN", 1},
                             {"philippine", "peso", "PHP", 1},
                             {"argentine", "peso", "ARS", 1},
                             {"chilean", "peso", "CLP", 1},
                             {"colombian", "peso", "COP", 1},
                             {"cuban", "peso", "CUP", 1},
                             {"dominican", "peso", "DOP", 1},
                             {"uruguayan", "peso", "UYU", 1},
                             {"kuwaiti", "dinar", "KWD", 1},
                             {"jordanian", "dinar", "JOD", 1},
                             {"iraqi", "dinar", "IQD", 1},
                             {"bahraini", "dinar", "BHD", 1},
                             {"libyan", "dinar", "LYD", 1},
                             {"algerian", "dinar", "DZD", 1},
                             {"tunisian", "dinar", "TND", 1},
                             {"serbian", "dinar", "RSD", 1},
                             {"uae", "dirham", "AED", 1},
                             {"emirati", "dirham", "AED", 1},
                             {"moroccan", "dirham", "MAD", 1},
                             {"saudi", "riyal", "SAR", 1},
                             {"qatari", "riyal", "QAR", 1},
                             {"iranian", "rial", "IRR", 1},
                             {"omani", "rial", "OMR", 1},
                             {"yemeni", "rial", "YER", 1},
                             {"kenyan", "shilling", "KES", 1},
                             {"ugandan", "shilling", "UGX", 1},
                             {"tanzanian", "shilling", "TZS", 1},
                             {"somali", "shilling", "SOS", 1},
                             {"turkish", "lira", "TRY", 1},
                             {NULL, "dollar", "USD", 1},
                             {NULL, "euro", "EUR", 1},
                             {NULL, "eurocent", "EUR", 100},
                             {NULL, "pound", "GBP", 1},
                             {NULL, "sterling", "GBP", 1},
                             {NULL, "pence", "GBP", 100},
                             {NULL, "penny", "GBP", 100},
                             {NULL, "cent", "USD", 100},
                             {NULL, "yen", "JPY", 1},
                             {NULL, "yuan", "CNY", 1},
                             {NULL, "renminbi", "CNY", 1},
                             {NULL, "rmb", "CNY", 1},
                             {NULL, "won", "KRW", 1},
                             {NULL, "hryvnia", "UAH", 1},
                             {NULL, "zloty", "PLN", 1},
                             {NULL, "forint", "HUF", 1},
                             {NULL, "shekel", "ILS", 1},
                             {NULL, "baht", "THB", 1},
                             {NULL, "ringgit", "MYR", 1},
                             {NULL, "rupiah", "IDR", 1},
                             {NULL, "dong", "VND", 1},
                             {NULL, "naira", "NGN", 1},
                             {NULL, "rand", "ZAR", 1},
                             {NULL, "reais", "BRL", 1},
                             {NULL, "tenge", "KZT", 1},
                             {NULL, "taka", "BDT", 1},
                             {NULL, "birr", "ETB", 1},
                             {NULL, "kyat", "MMK", 1},
                             {NULL, "cedi", "GHS", 1},
                             {NULL, "quetzal", "GTQ", 1}};

/* Words of which one names no currency, because several share it. */
static const char *const shared[] = {"rupee", "franc",    "krona", "krone", "kroner", "koruna",
                                     "ruble", "rouble",   "peso",  "dinar", "dirham", "riyal",
                                     "rial",  "shilling", "lira",  NULL};

static const name cents = {NULL, NULL, "USD", 100}, pennies = {NULL, NULL, "GBP", 100},
                  northern = {NULL, NULL, "KPW", 1};

static const char *code_at(const pst_piece *piece) {
  if (piece->kind != PST_WORD || piece->len != 3) return NULL;
  for (const char *at = codes; at < codes + sizeof codes - 1; at += 4)
    if (memcmp(at, piece->at, 3) == 0) return at;
  return NULL;
}

static bool is_sign(const pst_piece *piece, const char *bytes) {
  return piece->kind == PST_SIGN && pst_is_just(piece, bytes);
}

/* The sign at piece i, with the letters that touch it. */
static const char *sign_at(const pst_pieces *p, size_t i) {
  const pst_piece *sign = p->at + i, *before = sign;
  if (i > 0 && !sign->gap) before--;
  if (i > 1 && !before->gap && pst_is_mark(before, '.')) before--; /* U.S.$ */
  bool letters = before->kind == PST_WORD;
  for (size_t s = 0; s < sizeof signs / sizeof *signs; s++)
    if (is_sign(sign, signs[s].sign) &&
        (letters ? pst_is_just(before, signs[s].before) : !*signs[s].before))
      return signs[s].code;
  return NULL;
}

/* The word of a currency at piece i, which its country may stand before. */
static const name *name_at(const pst_pieces *p, size_t i) {
  const pst_piece *word = p->at + i, *before = word - (i > 0);
  if (i > 1 && pst_is_mark(before, '.')) before--; /* U.S. dollars */
  if (is_sign(word, "¢")) return &cents;
  if (pst_is_just(word, "p") && (p->n == 1 || (before->kind == PST_FIGURES && !word->gap)))
    return &pennies; /* 50p */
  if (i > 1 && pst_is(word, "won") && pst_is(word - 2, "north")) return &northern;
  for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
    if (!pst_is_some(word, names[n].name)) continue;
    if (!names[n].country || pst_is(before, names[n].country)) return &names[n];
  }
  return NULL;
}

static bool is_shared(const pst_piece *piece) {
  for (int i = 0; shared[i]; i++)
    if (pst_is_some(piece, shared[i])) return true;
  return false;
}

const char *pst_currency(const pst_pieces *p, int *parts) {
  *parts = 1;
  for (size_t i = 0; i < p->n; i++) {
    const char *code = sign_at(p, i);
    if (!code) code = code_at(&p->at[i]);
    if (code) return code;
    const name *found = name_at(p, i);
    if (found) {
      *parts = found->parts;
      return found->code;
    }
    if (p->at[i].kind == PST_SIGN || is_shared(&p->at[i])) return NULL;
  }
  return NULL;
}
