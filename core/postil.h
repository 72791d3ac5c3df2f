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
  size_t at;     /* byte offset the words speak of: in the string that `field` names; in the text
                    (ETEXT) */
  uint32_t rule; /* index of the rule (postil_rules_add), or POSTIL_NO_RULE */
  const char *field; /* the member of postil_rule or postil_quotes that the words speak of, as a
                        constant: "pattern", "not_after", "inside", "set", "from" (of a set), "cue";
                        "ignore" for postil_rules_ignore; NULL: none */
  uint32_t nth;      /* which pattern, set or label to ignore, from 0 */
  char what[160];    /* one line of words, zero-terminated UTF-8, no control characters */
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
 * amend rules        65,536 + 256 n starts tried in a paragraph of n items
 * regex              PCRE2 match limit 100,000, heap 16 MiB
 * image of terms     1 GiB, about 10,000,000 terms
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
 * What an attribute holds; NIL is no value.  A PLACE is a piece of the text: the mention that a
 * capture found, and what it is called (text, len: the canonical name of its tag, else its words;
 * empty for a pronoun that nobody fits).  Fields that a type does not name are 0 when handed out
 * (tag: POSTIL_NO_TAG) and not looked at when handed in. */
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

/* Bytes and a length; not zero-terminated. */
typedef struct postil_text {
  const char *at;
  size_t len;
} postil_text;

/* ---- Rules ----------------------------------------------------------------------------------- */
typedef struct postil_rules postil_rules;

typedef enum postil_verb {
  POSTIL_TAG,   /* puts tags of a label on what the pattern finds */
  POSTIL_VETO,  /* keeps tags of the label off what it finds */
  POSTIL_AMEND, /* adds attributes to tags of the label */
  POSTIL_ALIAS, /* tags other mentions of what has a tag already */
  POSTIL_PIN,   /* a TAG that wins over all others */
  POSTIL_BLOCK  /* takes whole lines: a headline, a signature */
} postil_verb;

/* LETTER: a lower-case letter of a pattern matches either case, an upper-case one only itself. */
typedef enum postil_case { POSTIL_CASE_LETTER, POSTIL_CASE_EXACT, POSTIL_CASE_FOLD } postil_case;

/* A hook is a number of the host's own choosing; the core hands it back (postil_hook). */
#define POSTIL_NO_HOOK UINT32_MAX

/* A name and its value: STRING, NUMBER or BOOL; of a tag's attributes PLACE, too. */
typedef struct postil_pair {
  const char *name; /* zero-terminated */
  postil_value value;
} postil_pair;

/* How an attribute gets its value. */
typedef enum postil_set_kind {
  POSTIL_SET_VALUE,    /* value */
  POSTIL_SET_TEMPLATE, /* value.text with $capture */
  POSTIL_SET_MAP,      /* the text of capture `from`, looked up among the names of `map`: exactly,
                          then in lower case; nothing is set when it is not there */
  POSTIL_SET_HOOK      /* hook `hook` returns it */
} postil_set_kind;

typedef struct postil_set {
  const char *name; /* the attribute; "is" is the canonical name */
  postil_set_kind kind;
  postil_value value; /* VALUE: STRING, NUMBER or BOOL; TEMPLATE: STRING */
  const char *from;   /* MAP */
  const postil_pair *map;
  size_t nmap;
  uint32_t hook; /* HOOK */
} postil_set;

/* One statement of a rule file.  All of it is copied.  Zeroed it is a TAG without anything; then
 * set at least `label`, and `keep` to POSTIL_NO_HOOK. */
typedef struct postil_rule {
  postil_verb verb;
  const char *label; /* "person", "_title" (a helper: for other rules only) */
  const char *name;  /* "news/titled", or NULL: made from file and line */
  const char *file;  /* for messages; may be NULL */
  uint32_t line;     /* in file, from 1 */
  const postil_text *pattern; /* patterns, tried as separate rules of one name */
  size_t npatterns;
  postil_text after, before, not_after, not_before; /* contexts, patterns; at NULL: none */
  const char *inside, *outside; /* labels, "quote|headline", or NULL */
  const char *same; /* alias: capture whose canonical value its antecedent must have; or NULL */
  const char *at;   /* block: "first line", "last line", or NULL: any */
  unsigned lines;   /* block: lines it takes from its first, 0: 1 */
  int prio;         /* of tags that overlap the higher wins; 0 is usual */
  bool nest;        /* its tags may hold others or lie in them */
  bool overwrite;   /* amend: also sets what is set already */
  bool off;         /* dropped from the start, as by postil_rules_off */
  postil_case kase;
  const postil_set *set; /* in this order */
  size_t nsets;
  uint32_t keep; /* hook that says whether a candidate stays, or POSTIL_NO_HOOK */
} postil_rule;

/* How quotations are read; strings are copied. */
typedef struct postil_quotes {
  const char *locale;  /* "en" and its like say which marks open and close; NULL: "en" */
  const char *cue;     /* label whose words introduce speech, or NULL */
  const char *pronoun; /* label that the core resolves, or NULL */
  bool conversation;   /* alternate speakers of paragraphs that are only quotations */
} postil_quotes;

/* A candidate, while a hook looks at it; dead afterwards. */
typedef struct postil_match postil_match;
/* Calls the host for `keep` and for functions in `set`.  *answer comes in as NIL.  keep: NIL and
 * false refuse the candidate.  set: STRING, NUMBER or BOOL; NIL refuses the candidate where `is`
 * was asked for and sets nothing otherwise.  A STRING must live until the next call.  Anything but
 * POSTIL_OK ends the run with that status and *err as the hook filled it. */
typedef postil_status (*postil_hook)(void *ud, uint32_t hook, const postil_match *match,
                                     postil_value *answer, postil_err *err);
/* A capture or an attribute that the candidate has already; false if there is none, and *value is
 * then as it was.  Of a PLACE `text` is what stands there and `tag` is not known yet. */
POSTIL_API bool postil_match_get(const postil_match *match, const char *name, postil_value *value);
/* The candidate's own bytes of the text, and those of its paragraph. */
POSTIL_API postil_text postil_match_text(const postil_match *match);
POSTIL_API postil_text postil_match_paragraph(const postil_match *match);
/* The document's date, "YYYY-MM-DD", or NULL. */
POSTIL_API const char *postil_match_date(const postil_match *match);

/* An empty set.  mem (copied) NULL: malloc and free.  *rules is NULL on failure. */
POSTIL_API postil_status postil_rules_new(const postil_mem *mem, postil_rules **rules,
                                          postil_err *err);
POSTIL_API void postil_rules_free(postil_rules *rules);
/* Whom to ask at `keep` and functions in `set`, and what is passed along; NULL: nobody, and then a
 * rule that asks ends the run with POSTIL_EUSE.  May be changed while no document runs. */
POSTIL_API void postil_rules_set_hook(postil_rules *rules, postil_hook hook, void *ud);
/* Adds one statement; *index (may be NULL) is its number, from 0.  A call that fails adds none.
 * err->field, nth and at tell the place of what is wrong. */
POSTIL_API postil_status postil_rules_add(postil_rules *rules, const postil_rule *rule,
                                          uint32_t *index, postil_err *err);
/* Adds a term (plain text, not a pattern) to TAG, PIN or VETO statement `index`; attr (copied; NULL
 * with nattrs 0) are attributes of its tags, "is" the canonical name.  POSTIL_EPATTERN: there is
 * neither a word nor a mark in it. */
POSTIL_API postil_status postil_rules_term(postil_rules *rules, uint32_t index, const char *term,
                                           size_t len, const postil_pair *attr, size_t nattrs,
                                           postil_err *err);
/* Many terms are compiled once, kept anywhere and opened at once: an image is one block of bytes with
 * the terms of one statement and their attributes, and they are found in it where it lies, so it may
 * be a file that is mapped.
 *
 * Makes an image of the terms of a rule set of exactly one statement (POSTIL_EUSE else), sealed or
 * not, of which only its terms and their case are taken.  *bytes is made by mem (NULL: malloc) and
 * the caller's to free. POSTIL_ELIMIT: see the table above. */
POSTIL_API postil_status postil_image_make(const postil_rules *rules, const postil_mem *mem,
                                           char **bytes, size_t *len, postil_err *err);
/* Lends an image to TAG, PIN or VETO statement `index`, as if its terms had been added here; it may
 * have several.  bytes lie at a multiple of 8 and stay as they are as long as the rule set.
 * POSTIL_EUSE: they are no image, damaged, or made by another version of postil or on another
 * machine; make a new one. */
POSTIL_API postil_status postil_rules_image(postil_rules *rules, uint32_t index, const char *bytes,
                                            size_t len, postil_err *err);
/* Turns the reading of quotations on: tags "quote", and faults. */
POSTIL_API postil_status postil_rules_quotes(postil_rules *rules, const postil_quotes *quotes,
                                             postil_err *err);
/* No rule looks inside tags or blocks of this label; "code|table" names several. */
POSTIL_API postil_status postil_rules_ignore(postil_rules *rules, const char *label,
                                             postil_err *err);
/* Drops the statements of this name; false if there is none or the set is sealed. */
POSTIL_API bool postil_rules_off(postil_rules *rules, const char *name);
/* Tags of _helper labels are told as others are, for tests and tools; slower, and nothing else
 * changes.  False if the set is sealed. */
POSTIL_API bool postil_rules_show_helpers(postil_rules *rules);
/* Checks labels and puts them in the order that they need each other.  Afterwards nothing may be
 * added (POSTIL_EUSE).  When it fails, more may be added and it may be called again. */
POSTIL_API postil_status postil_rules_seal(postil_rules *rules, postil_err *err);
/* Calls `report` with each thing that keeps the rules from being sealed, not only the first:
 * labels that nothing defines, names of attributes that nothing gives, labels that need each other
 * (one way round for each label).  The status is that of the first, or POSTIL_ENOMEM. */
typedef void (*postil_report)(void *ud, const postil_err *err);
POSTIL_API postil_status postil_rules_check(postil_rules *rules, postil_report report, void *ud);
/* The name of a label by its number (postil_tag); NULL past the end.  Lent. */
POSTIL_API const char *postil_rules_label(const postil_rules *rules, uint32_t label);
/* The number of a label, or UINT32_MAX: there is none. */
POSTIL_API uint32_t postil_rules_find_label(const postil_rules *rules, const char *label);
/* The name of an attribute that some rule, term or quotation may have, by a number from 0; NULL past
 * the end.  Lent. */
POSTIL_API const char *postil_rules_attr(const postil_rules *rules, uint32_t attr);
/* Whether statement `rule` may give its tags attribute `attr`: a capture, something it sets, or, if
 * it has terms, what any term has. */
POSTIL_API bool postil_rules_gives(const postil_rules *rules, uint32_t rule, uint32_t attr);
/* The name of a statement by its number; NULL past the end.  Lent. */
POSTIL_API const char *postil_rules_name(const postil_rules *rules, uint32_t rule);

/* What a statement is; strings are lent. */
typedef struct postil_rule_info {
  postil_verb verb;
  uint32_t label; /* postil_rules_label */
  const char *name;
  size_t npatterns, nterms;
  postil_text term; /* its first term; at NULL: it has none but those of images */
  bool off;         /* dropped by postil_rules_off */
} postil_rule_info;
/* The statement of this number; false past the end, and *info is then as it was. */
POSTIL_API bool postil_rules_info(const postil_rules *rules, uint32_t rule, postil_rule_info *info);

/* Where the value of an attribute comes from; the first four as postil_set_kind. */
typedef enum postil_source {
  POSTIL_FROM_VALUE,
  POSTIL_FROM_TEMPLATE,
  POSTIL_FROM_MAP,
  POSTIL_FROM_HOOK,
  POSTIL_FROM_CAPTURE, /* also a named group of a regex */
  POSTIL_FROM_TERM     /* some of its terms bring it along */
} postil_source;
/* Tells of each attribute that statements give to tags and of each way they do, by statement, then
 * in the order of postil_source; names are lent.  Statements that are off are left out. */
typedef void (*postil_attr_fn)(void *ud, uint32_t rule, const char *name, postil_source source);
POSTIL_API postil_status postil_rules_attrs(const postil_rules *rules, postil_attr_fn fn, void *ud,
                                            postil_err *err);

/* ---- Lint ---------------------------------------------------------------------------------------
 * What is odd about rules, told without any text.
 *   slow            nothing tells where the pattern may begin but a class of words
 *   unreachable     a choice that is never taken: one before it takes all that it would
 *   duplicate       a pattern, phrase or term that gives nothing which one before does not give
 *   unused-capture  a capture that nothing asks for: of a veto, a context or a helper label
 *   capture-word    a capture called like a word of some rule and used nowhere: said:<quote>
 *   unused-label    a helper label that no rule refers to
 *   context         an after or before where nothing can stand
 */
typedef struct postil_finding {
  const char *name;  /* of the table above */
  const char *words; /* a sentence for people */
  uint32_t rule;     /* the statement */
  uint32_t pattern;  /* its pattern, from 0; behind the patterns come after, before, not_after and
                        not_before, those that it has; POSTIL_NO_RULE: it is about the statement */
  size_t start, end; /* bytes of the pattern */
  uint32_t by_rule;  /* what takes its place: a statement and a pattern of it, or POSTIL_NO_RULE */
  uint32_t by_pattern;
  size_t by_start, by_end;
} postil_finding;
/* Tells of each finding, in no order; its strings are lent until the call returns.  POSTIL_EUSE: the
 * rules are not sealed. */
typedef void (*postil_finding_fn)(void *ud, const postil_finding *finding);
POSTIL_API postil_status postil_rules_lint(const postil_rules *rules, postil_finding_fn fn, void *ud,
                                           postil_err *err);

/* The one of n words that somebody who wrote `word` most likely meant, or NULL. */
POSTIL_API const char *postil_nearest(const char *word, const char *const *words, size_t n);

/* ---- Documents ------------------------------------------------------------------------------- */
typedef struct postil_doc postil_doc;

typedef struct postil_opts {
  const char *date; /* "YYYY-MM-DD" that relative dates count from, or NULL */
  int by_line;      /* paragraphs: 0 decide, 1 every newline, -1 blank lines */
  bool edits;       /* it will be edited: it keeps what that takes; else the first edit tags all
                       again */
  bool lf;          /* places: a line ends at a line feed only, as many editors have it */
} postil_opts;

typedef struct postil_tag {
  size_t start, end; /* bytes of the text */
  uint64_t id;       /* good as long as the document */
  uint32_t label;    /* postil_rules_label */
  uint32_t rule;     /* postil_rules_name; POSTIL_NO_RULE for a quotation */
  uint8_t depth;     /* quotations: 1 inside another, 2 ... */
} postil_tag;

/* A fault of quotation marks, or a rule that was too much work.  Strings are lent by the document.
 */
typedef struct postil_fault {
  size_t start, end;  /* bytes of the text; empty where something is missing */
  const char *name;   /* "missing-open" */
  const char *words;  /* a sentence for people */
  const char *repair; /* what to put in place of the span ("": nothing), or NULL: not known */
  bool safe;          /* may be applied without asking */
} postil_fault;

/* Copies text and opts, finds paragraphs, tags nothing yet.  opts NULL: defaults.  rules must
 * outlive the document, which takes its memory from where they do.  POSTIL_EUSE: they are not
 * sealed, or the date is none; POSTIL_ETEXT: UTF-16 or UTF-32; POSTIL_ELIMIT: the text is too
 * long.  *doc is NULL on failure. */
POSTIL_API postil_status postil_doc_new(const postil_rules *rules, const char *text, size_t len,
                                        const postil_opts *opts, postil_doc **doc, postil_err *err);
POSTIL_API void postil_doc_free(postil_doc *doc);
/* Tags on, left to right, for about `bytes` more of work (SIZE_MAX: all; the text is gone over
 * twice); *done (may be NULL) says whether it is finished.  What is found does not depend on how
 * the work is cut.  After a failure it may be called again and goes on where it was. */
POSTIL_API postil_status postil_doc_run(postil_doc *doc, size_t bytes, bool *done, postil_err *err);
/* Replaces bytes [start, start + old) of the text by `len` bytes.  What that reaches is due to be
 * tagged again: call postil_doc_run until it is done.  The result is that of the new text tagged
 * afresh.  POSTIL_EUSE: no such span; POSTIL_ELIMIT: the text gets too long; after a failure the
 * document is as it was. */
POSTIL_API postil_status postil_doc_edit(postil_doc *doc, size_t start, size_t old,
                                         const char *text, size_t len, postil_err *err);

/* A stretch of the text in which tags, attributes or faults are no longer what they were. */
typedef struct postil_change {
  size_t start, end; /* bytes of the text as it is now */
  bool names;        /* names that tags outside of all stretches show may be others, too */
} postil_change;
/* Takes the first stretch that edits have changed since it was last asked; those of a run that is
 * not done yet are told as far as it got.  What lies outside of all is as it was, but moved along
 * with the text.  False: there is none (any more), and *change is then as it was. */
POSTIL_API bool postil_doc_changed(postil_doc *doc, postil_change *change);
/* Copies bytes [start, end) of the text, as far as it goes (out may be NULL); how many those are. */
POSTIL_API size_t postil_doc_read(const postil_doc *doc, size_t start, size_t end, char *out);
/* The document's text; a zero stands behind it.  len may be NULL.  Once it was edited the text is put
 * together here, which takes as long as copying it; NULL: no memory. */
POSTIL_API const char *postil_doc_text(const postil_doc *doc, size_t *len);
/* Tags that overlap [start, end), by start, longer first, without _helper labels unless they
 * are shown.  At most `room` are written (out may be NULL with room 0); returned is how many there
 * are.  0 and SIZE_MAX: the whole text.  Before the run is done: those found so far. */
POSTIL_API size_t postil_doc_tags(const postil_doc *doc, size_t start, size_t end, postil_tag *out,
                                  size_t room);
/* The tag of this id; false if there is none, and *out is then as it was. */
POSTIL_API bool postil_doc_tag(const postil_doc *doc, uint64_t id, postil_tag *out);
/* Attribute `name` of a tag; false if it has none, and *value is then as it was. */
POSTIL_API bool postil_tag_attr(const postil_doc *doc, uint64_t id, const char *name,
                                postil_value *value);
/* Attribute i (from 0, in order of name) and its name, lent by the rules; false past the end. */
POSTIL_API bool postil_tag_attr_at(const postil_doc *doc, uint64_t id, size_t i, const char **name,
                                   postil_value *value);
/* All attributes of a tag in order of name; names are lent by the rules.  At most `room`, the first
 * ones, are written (out may be NULL with room 0); returned is how many there are. */
POSTIL_API size_t postil_tag_attrs(const postil_doc *doc, uint64_t id, postil_pair *out,
                                   size_t room);
/* Canonical name: `is`, else `name`, else its text, each run of white space one space; of an alias
 * its antecedent's.  Bytes are written to buf as far as they fit (not zero-terminated; NULL with
 * room 0); returned is the whole length, 0 when there is no such tag. */
POSTIL_API size_t postil_tag_name(const postil_doc *doc, uint64_t id, char *buf, size_t room);
/* Part i (from 0) of a quotation that spans paragraphs, in bytes of the text; false past the end (a
 * plain one has none). */
POSTIL_API bool postil_tag_part(const postil_doc *doc, uint64_t id, size_t i, size_t *start,
                                size_t *end);
/* Faults that lie in or overlap [start, end), by start; `room` and the number returned are as with
 * postil_doc_tags, and so are 0 and SIZE_MAX.  A rule that took too many steps in a paragraph is
 * the fault "too-complex" of that paragraph. */
POSTIL_API size_t postil_doc_faults(const postil_doc *doc, size_t start, size_t end,
                                    postil_fault *out, size_t room);

/* ---- Figures ------------------------------------------------------------------------------------
 * What each pattern of a rule set finds in texts, what becomes of that, and what it costs. */
typedef struct postil_stats postil_stats;

typedef struct postil_stat {
  uint64_t found;   /* what the pattern or term matched; amend: on a tag that it is for */
  uint64_t context; /* of these: refused by after, before, inside ... */
  uint64_t vetoed;  /* struck by a veto */
  uint64_t refused; /* by a function */
  uint64_t merged;  /* into a stronger tag of the same label and place; alias: into the one that
                       stands there, which is called so now */
  uint64_t beaten;  /* by a stronger tag; alias: of an antecedent or of room for it; amend: what it
                       sets was set */
  uint64_t kept;    /* tags that stay; amend: tags that it amended; veto: candidates that it struck */
  uint64_t limits;  /* paragraphs in which it took too many steps (counted for the statement) */
  uint64_t steps;   /* of the matcher */
  double seconds;   /* of the host's clock: its patterns and functions */
} postil_stat;

/* Counts for sealed rules, which must outlive the figures.  clock (may be NULL: no seconds) tells
 * seconds that only go forward.  *stats is NULL on failure. */
POSTIL_API postil_status postil_stats_new(const postil_rules *rules, double (*clock)(void *ud),
                                          void *ud, postil_stats **stats, postil_err *err);
POSTIL_API void postil_stats_free(postil_stats *stats);
/* From here on what is run of the document is counted; stats NULL: no more.  They must belong to the
 * document's rules and outlive its runs; one run at a time may be counted by them. */
POSTIL_API void postil_doc_count(postil_doc *doc, postil_stats *stats);
/* Of a statement: its patterns together, and its terms. */
POSTIL_API bool postil_stats_rule(const postil_stats *stats, uint32_t rule, postil_stat *stat);
/* Of one pattern, from 0; false past the last. */
POSTIL_API bool postil_stats_pattern(const postil_stats *stats, uint32_t rule, uint32_t pattern,
                                     postil_stat *stat);
/* The words of some helper labels are looked at in place and never become tags; then their statements
 * have no figures. */
POSTIL_API bool postil_stats_counts(const postil_stats *stats, uint32_t rule);
/* Tells of each pair of statements of which one took the place of what the other had found: a veto,
 * a stronger tag.  *whole (may be NULL) is false when memory ran out while they were counted. */
typedef void (*postil_loss_fn)(void *ud, uint32_t rule, uint32_t by, uint64_t times);
POSTIL_API void postil_stats_losses(const postil_stats *stats, postil_loss_fn fn, void *ud,
                                    bool *whole);

/* A place for people: line and columns from 1.  LF, CRLF and CR end a line; see postil_opts.lf. */
typedef struct postil_place {
  size_t line, byte, point, utf16; /* columns in bytes, code points, UTF-16 units */
} postil_place;
typedef enum postil_unit { POSTIL_BYTES, POSTIL_POINTS, POSTIL_UTF16 } postil_unit;
/* The place of an offset (beyond the text: its end), and the offset of a place, its column counted
 * in `unit` (beyond a line: its end).  The first call walks over the text; after an edit it
 * costs next to nothing.  POSTIL_ENOMEM. */
POSTIL_API postil_status postil_doc_place(postil_doc *doc, size_t at, postil_place *place,
                                          postil_err *err);
POSTIL_API postil_status postil_doc_offset(postil_doc *doc, size_t line, size_t column,
                                           postil_unit unit, size_t *at, postil_err *err);

/* ---- Why ----------------------------------------------------------------------------------------
 * What stands at a place and why, what lost there and to whom, and what came near: for rule authors.
 * The paragraph is tagged once more for it; nothing is paid for while a document runs. */
typedef enum postil_why_kind {
  POSTIL_WHY_TAG,     /* a tag: `who` put it here; of an alias `by` is its antecedent */
  POSTIL_WHY_MERGED,  /* `who` found the same as another rule, `by`, which made the tag; how: why */
  POSTIL_WHY_AMENDED, /* amend rule `who` gave a tag attributes, by a match over [start, end); if it
                         gave the speaker, `by` is the speaker's mention */
  POSTIL_WHY_SPEAKER, /* a quotation has its speaker from the tag `by` (no label: nobody), how: "part"
                         (it goes on from there), "turn", "quoted" (it was caught as the speaker),
                         "pronoun" */
  POSTIL_WHY_COST,    /* of the bill of a quotation: a mark, how: its role, `cost` and `margin` */
  POSTIL_WHY_FAULT,   /* of the quotation's marks; how: its name */
  POSTIL_WHY_AROUND,  /* the place is context of `who`: its match is [start, end), its tag elsewhere */
  POSTIL_WHY_HIDDEN,  /* `by` is ignored: no rule looks inside */
  POSTIL_WHY_VETOED,  /* `who` found something, veto `by` strikes it */
  POSTIL_WHY_BEATEN,  /* ... it overlaps `by`, how: why that goes first */
  POSTIL_WHY_REFUSED, /* ... how: the option that refused it ("after" ... "outside", "keep", "is"),
                         "no antecedent", or "set already" (amend) */
  POSTIL_WHY_LIMIT,   /* rule `who` takes too many steps in this paragraph and finds nothing */
  POSTIL_WHY_NEAR     /* a pattern of `who` matched its span; behind that stands [start, end), where
                         [wanted, wanted_end) of the pattern did not fit.  Of an amend rule: for the
                         tag here */
} postil_why_kind;

#define POSTIL_NO_PATTERN UINT32_MAX
#define POSTIL_NO_LABEL UINT32_MAX
#define POSTIL_NO_MARGIN UINT32_MAX

/* A rule and what it found. */
typedef struct postil_who {
  uint32_t rule;     /* or POSTIL_NO_RULE: quotations have none, nor has nobody */
  uint32_t pattern;  /* of the rule, from 0, or POSTIL_NO_PATTERN: a term, or not known */
  uint32_t label;    /* or POSTIL_NO_LABEL: nobody */
  size_t start, end; /* bytes of the text */
} postil_who;

/* Fields that a kind does not name are 0, of `by` nobody's. */
typedef struct postil_why {
  postil_why_kind kind;
  const char *how; /* static, or NULL */
  postil_who who, by;
  size_t start, end;         /* AMENDED, AROUND, NEAR (empty at a paragraph's end) */
  size_t wanted, wanted_end; /* NEAR: bytes of the pattern */
  uint32_t cost, margin; /* COST: in tenths; how much more the next best reading costs that gives the
                            mark another role, or POSTIL_NO_MARGIN */
} postil_why;

/* Told of one thing after another, in the order of the kinds; of tags the innermost first, of what
 * lost the shortest, of near misses the nearest.  The words live no longer than the call. */
typedef void (*postil_why_fn)(void *ud, const postil_why *why);
/* At most so many near misses of tag and alias rules, and as many of amend rules, are told, of each
 * rule the nearest.  If an amend rule has given the speaker, only those before it in the file are. */
#define POSTIL_WHY_NEAR_MOST 8u
/* Tells why what stands at byte `at` of a document that is done: of one label, or (NULL) of all but
 * helpers.  Functions of rules are asked again.  Nothing in the document changes.  POSTIL_EUSE: the
 * document is not done, there is no such place or label. */
POSTIL_API postil_status postil_doc_why(postil_doc *doc, size_t at, const char *label,
                                        postil_why_fn tell, void *ud, postil_err *err);
/* "tag", "merged" ... */
POSTIL_API const char *postil_why_name(postil_why_kind kind);

/* ---- Normalisation --------------------------------------------------------------------------- */
typedef enum postil_form { POSTIL_NFC, POSTIL_NFD, POSTIL_NFKC, POSTIL_NFKD } postil_form;
/* A normalised text and the map between it and the original. */
typedef struct postil_norm postil_norm;
/* Any bytes are taken but what is no UTF-8 at all (POSTIL_ETEXT: UTF-16, UTF-32); ill-formed ones are
 * copied.  The original is not kept.  mem NULL: malloc and free.  *norm is NULL on failure. */
POSTIL_API postil_status postil_normalize(const postil_mem *mem, postil_form form, const char *text,
                                          size_t len, postil_norm **norm, postil_err *err);
POSTIL_API void postil_norm_free(postil_norm *norm);
/* The normalised text, lent; len is not NULL. */
POSTIL_API const char *postil_norm_text(const postil_norm *norm, size_t *len);
/* Turns a span of the normalised text into the smallest span of the original that covers it, and
 * the other way; what lies beyond a text counts as its end. */
POSTIL_API void postil_norm_back(const postil_norm *norm, size_t *start, size_t *end);
POSTIL_API void postil_norm_forth(const postil_norm *norm, size_t *start, size_t *end);

/* The versions of the library, as POSTIL_VERSION, and of the Unicode that it normalises by. */
POSTIL_API const char *postil_version(void); /* "0.1.0" */
POSTIL_API const char *postil_unicode(void); /* "15.0.0" */

#ifdef __cplusplus
}
#endif

#endif
