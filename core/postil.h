/* postil.h - the one public header of postil; it is the manual of the C API.
 *
 * postil reads prose and writes notes on it: people, places, dates, money, and quotations with who
 * said them.  Rules say what to look for; a document is a text under one rule set.
 *
 * WORDS
 *   text      the caller's bytes and a length; UTF-8, may hold zeros and invalid sequences.
 *   offset    a count of bytes from the start of the text, from 0 (size_t).
 *   span      [start, end): start is inside, end is one past.  Both ends lie on code point
 *             boundaries of the text (a maximal ill-formed sequence counts as one unit).
 *   tag       a span with a label and attributes.
 *   rule set  compiled rules; nothing changes in it once it is sealed.
 *   document  a text and its tags under one rule set.
 *
 * OWNERSHIP  postil_X_new makes, postil_X_free releases and accepts NULL.  A const pointer handed
 *   out is lent and lives no longer than the object it came from.
 * FAILURE    functions that can fail return a postil_status and fill a postil_err (which may be
 *   NULL): a code, a place and a line of words.  It is plain data; nothing need be freed.
 *   The library never prints, exits, aborts or touches errno.
 * MEMORY     all of it comes from the postil_mem given to the object made first.
 * THREADS    a sealed rule set may be shared by threads as long as no rule has a hook; a document
 *   belongs to one thread at a time.
 */
#ifndef POSTIL_H
#define POSTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define POSTIL_API __attribute__((visibility("default")))
#else
#define POSTIL_API
#endif

/* The version lives here and nowhere else. */
#define POSTIL_VERSION "0.1.0"

typedef enum postil_status {
  POSTIL_OK = 0,
  POSTIL_ENOMEM = -1,   /* an allocation failed */
  POSTIL_EPATTERN = -2, /* a pattern does not parse: "<cap>{3,1}" */
  POSTIL_ERULE = -3,    /* a rule or rule set makes no sense: labels that need each other */
  POSTIL_ELIMIT = -4,   /* a limit of the table below was reached */
  POSTIL_EHOOK = -5,    /* a hook of the host failed */
  POSTIL_EUSE = -6,     /* a call that is wrong by itself: adding to a sealed set */
  POSTIL_ETEXT = -7     /* not a text postil reads: UTF-16 */
} postil_status;

typedef struct postil_err {
  postil_status code;
  size_t at;      /* byte offset the words speak of: in the pattern (EPATTERN), the text (ETEXT) */
  uint32_t rule;  /* index of the rule (postil_rules_add), or POSTIL_NO_RULE */
  char what[160]; /* one line of words, zero-terminated UTF-8, no control characters */
} postil_err;

#define POSTIL_NO_RULE UINT32_MAX

/* One function does all: p NULL makes, size 0 frees (and returns NULL), anything else resizes.
 * `old` is the size p was given.  It returns NULL when it cannot. */
typedef struct postil_mem {
  void *(*resize)(void *ud, void *p, size_t old, size_t size);
  void *ud;
} postil_mem;

/* ---- Limits: the one table ----------------------------------------------------------------------
 * paragraph          32 KiB; a longer one is cut
 * text               4 GiB - 1
 * pattern            32 KiB; nesting 64; a repeat {n,m} up to 64; 24 captures
 * steps              200,000 for a pattern at one start
 * work               2,097,152 + 256 n steps in a paragraph of n items, for each label and for
 *                    all amend rules
 * amend rules        65,536 + 256 n places looked at in a paragraph of n items
 * regex              PCRE2 match limit 100,000, heap 16 MiB
 * quotation depth    3
 */
#define POSTIL_PARAGRAPH_MAX 32768u
#define POSTIL_PATTERN_MAX 32768u
#define POSTIL_NESTING_MAX 64u
#define POSTIL_REPEAT_MAX 64u
#define POSTIL_STEPS_MAX 200000u
#define POSTIL_LOOKS_BASE 65536u
#define POSTIL_LOOKS_ITEM 256u
#define POSTIL_WORK_BASE 2097152u
#define POSTIL_WORK_ITEM 256u
#define POSTIL_REGEX_STEPS_MAX 100000u
#define POSTIL_REGEX_HEAP_KB 16384u

/* ---- Values -------------------------------------------------------------------------------------
 * What an attribute holds.  A PLACE is a piece of the text: the mention that a capture found, and
 * what
 * it is called (text/len: its canonical name where it has one, else empty). */
typedef enum postil_type { POSTIL_NIL, POSTIL_STRING, POSTIL_NUMBER, POSTIL_BOOL, POSTIL_PLACE }
    postil_type;

typedef struct postil_value {
  postil_type type;
  const char *text; /* STRING, PLACE; UTF-8, len bytes, lent */
  size_t len;
  double number;     /* NUMBER; BOOL: 0 or 1 */
  size_t start, end; /* PLACE: span in the text; a STRING captured from the text has one too */
  uint64_t tag;      /* PLACE: id of the tag that stands there, or POSTIL_NO_TAG */
} postil_value;

#define POSTIL_NO_TAG UINT64_MAX

/* Bytes and a length. */
typedef struct postil_text {
  const char *at;
  size_t len;
} postil_text;

/* ---- Rules ----------------------------------------------------------------------------------- */
typedef struct postil_rules postil_rules;

typedef enum postil_verb {
  POSTIL_TAG, POSTIL_VETO, POSTIL_AMEND, POSTIL_ALIAS, POSTIL_PIN, POSTIL_BLOCK
} postil_verb;

/* LETTER: a lower-case letter of a pattern matches either case, an upper-case one only itself. */
typedef enum postil_case { POSTIL_CASE_LETTER, POSTIL_CASE_EXACT, POSTIL_CASE_FOLD } postil_case;

#define POSTIL_NO_HOOK UINT32_MAX

typedef struct postil_pair {
  const char *name; /* zero-terminated */
  postil_value value;
} postil_pair;

/* How an attribute gets its value. */
typedef enum postil_set_kind {
  POSTIL_SET_VALUE,    /* value */
  POSTIL_SET_TEMPLATE, /* value.text with $capture */
  POSTIL_SET_MAP,      /* the text of capture `from` looked up in map (names are keys, compared
    exactly,
                          then in lower case); nothing is set when it is not there */
  POSTIL_SET_HOOK      /* hook `hook` returns it */
} postil_set_kind;

typedef struct postil_set {
  const char *name; /* the attribute; "is" is the canonical name */
  postil_set_kind kind;
  postil_value value;
  const char *from;
  const postil_pair *map;
  size_t nmap;
  uint32_t hook;
} postil_set;

/* One statement of a rule file.  All of it is copied. */
typedef struct postil_rule {
  postil_verb verb;
  const char *label;           /* "person", "_title" */
  const char *name;            /* "news/titled", or NULL: made from file and line */
  const char *file;            /* for messages; may be NULL */
  uint32_t line;
  const postil_text *pattern;  /* patterns, tried as separate rules of one name */
  size_t npatterns;
  postil_text after, before, not_after, not_before; /* contexts, at NULL: none */
  const char *inside, *outside; /* labels, "quote|headline", or NULL */
  const char *same;             /* alias: capture whose canonical value must equal the antecedent's
    */
  const char *at;               /* block: "first line", "last line", or NULL */
  unsigned lines;               /* block: lines it takes from its first, 0: 1 */
  int prio;
  bool nest, overwrite;
  postil_case kase;
  const postil_set *set;
  size_t nsets;
  uint32_t keep; /* hook that says whether a candidate stays, or POSTIL_NO_HOOK */
} postil_rule;

/* quotes { }: turns the quotation parser on. */
typedef struct postil_quotes {
  const char *locale;  /* "en" */
  const char *cue;     /* label whose words introduce speech, or NULL */
  const char *pronoun; /* label that the core resolves, or NULL */
  bool conversation;   /* alternate speakers of paragraphs that are only quotations */
} postil_quotes;

/* A candidate, while a hook looks at it; dead afterwards. */
typedef struct postil_match postil_match;
/* Calls the host for `keep` (answer BOOL) and functions in `set` (any value but PLACE; NIL refuses
 * `is`, sets
 * nothing otherwise).  Strings returned must live until the next call.  Not POSTIL_OK: the run
 * stops with
 * *err. */
typedef postil_status (*postil_hook)(void *ud, uint32_t hook, const postil_match *match,
                                     postil_value *answer, postil_err *err);
/* A capture or an attribute that the candidate has already; false if there is none. */
POSTIL_API bool postil_match_get(const postil_match *match, const char *name, postil_value *value);
/* The candidate's own text; its paragraph (bytes of the text). */
POSTIL_API postil_text postil_match_text(const postil_match *match);
POSTIL_API postil_text postil_match_paragraph(const postil_match *match);
/* The document's date, "YYYY-MM-DD", or NULL. */
POSTIL_API const char *postil_match_date(const postil_match *match);

/* mem NULL: malloc and free.  *rules is NULL on failure. */
POSTIL_API postil_status postil_rules_new(const postil_mem *mem, postil_rules **rules, postil_err
    *err);
POSTIL_API void postil_rules_free(postil_rules *rules);
POSTIL_API void postil_rules_set_hook(postil_rules *rules, postil_hook hook, void *ud);
/* Adds one statement; *index (may be NULL) is its number, from 0.  A failing call changes nothing.
 *  For
 * POSTIL_EPATTERN err->at is the offset in the pattern and err->rule the number of the pattern,
 * from 0. */
POSTIL_API postil_status postil_rules_add(postil_rules *rules, const postil_rule *rule,
                                          uint32_t *index, postil_err *err);
/* Adds a term to a TAG, PIN or VETO statement; attr are attributes of its tags ("is" the canonical
 * name). */
POSTIL_API postil_status postil_rules_term(postil_rules *rules, uint32_t index, const char *term,
                                           size_t len, const postil_pair *attr, size_t nattrs,
                                           postil_err *err);
POSTIL_API postil_status postil_rules_quotes(postil_rules *rules, const postil_quotes *quotes,
                                             postil_err *err);
/* No rule looks inside tags or blocks of this label. */
POSTIL_API postil_status postil_rules_ignore(postil_rules *rules, const char *label,
                                             postil_err *err);
/* Drops the statement of this name; false if there is none. */
POSTIL_API bool postil_rules_off(postil_rules *rules, const char *name);
/* Checks labels, orders them, compiles.  Afterwards nothing may be added. */
POSTIL_API postil_status postil_rules_seal(postil_rules *rules, postil_err *err);
/* Names by number, or NULL past the end. */
POSTIL_API const char *postil_rules_label(const postil_rules *rules, uint32_t label);
POSTIL_API uint32_t postil_rules_find_label(const postil_rules *rules, const char *label); /*
    UINT32_MAX: none */
POSTIL_API const char *postil_rules_name(const postil_rules *rules, uint32_t rule);

/* ---- Documents ------------------------------------------------------------------------------- */
typedef struct postil_doc postil_doc;

typedef struct postil_opts {
  const char *date; /* "YYYY-MM-DD" that relative dates count from, or NULL */
  int by_line;      /* paragraphs: 0 decide, 1 every newline, -1 blank lines */
} postil_opts;

typedef struct postil_tag {
  size_t start, end; /* bytes of the text */
  uint64_t id;       /* good until the document changes */
  uint32_t label, rule;
  uint8_t depth;     /* quotations: 1 inside another, 2 ... */
} postil_tag;

typedef struct postil_fault {
  size_t start, end;
  const char *name;   /* "missing-open" */
  const char *words;  /* a sentence for people */
  const char *repair; /* what to put in place of the span, or NULL: not known */
  bool safe;          /* may be applied without asking */
} postil_fault;

/* Copies the text, tags nothing.  opts NULL: defaults.  rules must outlive the document. */
POSTIL_API postil_status postil_doc_new(const postil_rules *rules, const char *text, size_t len,
                                        const postil_opts *opts, postil_doc **doc, postil_err *err);
POSTIL_API void postil_doc_free(postil_doc *doc);
/* Tags on, left to right, for about `bytes` more of work (SIZE_MAX: all).  *done (may be NULL):
 * finished.
 * After POSTIL_ENOMEM it may be called again. */
POSTIL_API postil_status postil_doc_run(postil_doc *doc, size_t bytes, bool *done, postil_err *err);
POSTIL_API const char *postil_doc_text(const postil_doc *doc, size_t *len);
/* Tags that overlap [start, end), by start, longer first, without _helper labels; at most `room`
 * are written,
 * the number of all is returned.  0 and SIZE_MAX: the whole text. */
POSTIL_API size_t postil_doc_tags(const postil_doc *doc, size_t start, size_t end, postil_tag *out,
                                  size_t room);
POSTIL_API bool postil_doc_tag(const postil_doc *doc, uint64_t id, postil_tag *out);
/* Attribute `name` of a tag; false if it has none. */
POSTIL_API bool postil_tag_attr(const postil_doc *doc, uint64_t id, const char *name,
                                postil_value *value);
/* Attribute i (from 0, in order of name); false past the end. */
POSTIL_API bool postil_tag_attr_at(const postil_doc *doc, uint64_t id, size_t i, const char **name,
                                   postil_value *value);
/* Canonical name: `is`, else `name`, else its text; of an alias its antecedent's.  Bytes in buf as
 * far as
 * they fit (not zero-terminated); the whole length is returned. */
POSTIL_API size_t postil_tag_name(const postil_doc *doc, uint64_t id, char *buf, size_t room);
/* Parts of a quotation that spans paragraphs: part i, false past the end (a plain one has none). */
POSTIL_API bool postil_tag_part(const postil_doc *doc, uint64_t id, size_t i, size_t *start, size_t
    *end);
/* Faults that lie in or overlap [start, end), by start; at most `room` are written, the number of
 * all is
 * returned.  0 and SIZE_MAX: the whole text.  A rule that took too many steps in a paragraph is
 * the fault
 * "too-complex" of that paragraph. */
POSTIL_API size_t postil_doc_faults(const postil_doc *doc, size_t start, size_t end, postil_fault
    *out,
                                    size_t room);

/* A place for people: line and columns from 1. */
typedef struct postil_place {
  size_t line, byte, point, utf16; /* columns in bytes, code points, UTF-16 units */
} postil_place;
typedef enum postil_unit { POSTIL_BYTES, POSTIL_POINTS, POSTIL_UTF16 } postil_unit;
/* The place of an offset (beyond the text: its end), and the offset of a place (beyond a line: its
 * end).
 * The first call makes an index of lines, so it may fail for want of memory. */
POSTIL_API postil_status postil_doc_place(postil_doc *doc, size_t at, postil_place *place,
                                          postil_err *err);
POSTIL_API postil_status postil_doc_offset(postil_doc *doc, size_t line, size_t column,
                                           postil_unit unit, size_t *at, postil_err *err);

/* ---- Normalisation --------------------------------------------------------------------------- */
typedef enum postil_form { POSTIL_NFC, POSTIL_NFD, POSTIL_NFKC, POSTIL_NFKD } postil_form;
typedef struct postil_norm postil_norm;
POSTIL_API postil_status postil_normalize(const postil_mem *mem, postil_form form, const char *text,
                                          size_t len, postil_norm **norm, postil_err *err);
POSTIL_API void postil_norm_free(postil_norm *norm);
POSTIL_API const char *postil_norm_text(const postil_norm *norm, size_t *len);
/* The smallest span of the original that covers [*start, *end) of the normalised text, and the
 * other way. */
POSTIL_API void postil_norm_back(const postil_norm *norm, size_t *start, size_t *end);
POSTIL_API void postil_norm_forth(const postil_norm *norm, size_t *start, size_t *end);

POSTIL_API const char *postil_version(void); /* "0.1.0" */
POSTIL_API const char *postil_unicode(void); /* "15.0.0" */

#ifdef __cplusplus
}
#endif

#endif
