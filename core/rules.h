/* rules.h - rule sets: verbs, labels, the order of labels, sealing.
 *
 * A rule set collects statements, then is sealed: labels are checked and put in the order that
 * their references demand, and nothing changes any more.
 */
#ifndef PST_RULES_H
#define PST_RULES_H

#include "quote.h"
#include "start.h"
#include "term_image.h"

/* A constant value; text lies in the rule set's arena. */
typedef struct pst_const {
  const char *text;
  size_t len;
  double number;
  uint16_t name;
  uint8_t type; /* postil_type: STRING, NUMBER, BOOL */
} pst_const;

/* An image of terms that is lent to a statement, and what its names are among attrs. */
typedef struct pst_lent {
  pst_image image;
  uint32_t owner;
  uint16_t *attr;
} pst_lent;

/* A set of attributes of terms in a hash table: its number in term_data and 1, 0: free. */
typedef struct pst_term_slot {
  uint32_t hash, data;
} pst_term_slot;

typedef struct pst_map_row {
  const char *key;
  size_t len;
  pst_const value;
} pst_map_row;

typedef struct pst_setter {
  uint16_t name;
  postil_set_kind kind;
  pst_const value;
  uint16_t from;
  const pst_map_row *row; /* by key */
  size_t nrows;
  uint32_t hook;
} pst_setter;

typedef PST_VEC(uint16_t) pst_label_list;

enum { PST_AT_ANYWHERE, PST_AT_FIRST_LINE, PST_AT_LAST_LINE };

typedef struct pst_rule {
  postil_verb verb;
  uint16_t label;
  uint16_t same; /* alias: attribute that must be equal, or PST_NO_ATTR */
  const char *name;
  PST_VEC(pst_program *) program;
  pst_program *after, *before, *not_after, *not_before;
  pst_label_list inside, outside;
  uint8_t at;
  uint32_t lines;
  int32_t prio;
  bool nest, overwrite, off;
  bool lent;     /* some of the terms are of an image */
  bool anywhere; /* nothing is asked of the context; set when rules are sealed */
  postil_case kase;
  uint32_t terms;      /* how many it has */
  postil_text term;    /* the first of them */
  PST_VEC(pst_setter) set;
  uint32_t keep;
} pst_rule;

#define PST_NO_ATTR UINT16_MAX

/* One pattern of one rule, in the order of the file. */
typedef struct pst_step {
  uint32_t rule, pattern; /* pattern: of the rule, from 0 */
  const pst_program *program;
} pst_step;
typedef PST_VEC(pst_step) pst_steps;

/* When a label is looked for: what is ignored, with what that needs; then, still before quotations
 * are read, the cue label; then all others. */
typedef enum pst_stage { PST_STAGE_HOLES, PST_STAGE_CUES, PST_STAGE_LABELS } pst_stage;

/* What is done for one label. */
typedef struct pst_plan {
  uint16_t label;
  pst_stage stage;
  bool terms, veto_terms;
  pst_steps tag, veto;
} pst_plan;

typedef struct pst_range {
  uint32_t first, n;
} pst_range;

/* How long tags of a helper label are of use: until the second pass has looked at them, for names
 * and facts of aliases always, else not beyond the first pass. */
enum { PST_LATE_ASKED = 1, PST_LATE_NAMED = 2 };

struct postil_rules {
  postil_mem mem;
  pst_arena arena; /* strings and maps */
  pst_names labels, attrs;
  pst_lexicon *lex;
  pst_terms *terms;
  PST_VEC(pst_rule) rule;
  PST_VEC(pst_range) term_data; /* sets of attributes that terms have, among term_attr */
  PST_VEC(pst_const) term_attr;
  PST_VEC(uint8_t) term_gives; /* attributes: 1 when some term has it */
  pst_term_slot *term_set; /* finds equal ones, until sealing */
  size_t term_slots;
  uint32_t term_last; /* the set that was used last */
  PST_VEC(pst_lent) lent;
  postil_hook hook;
  void *ud;
  bool quotes, conversation, sealed;
  bool helpers; /* their tags are told as others are */
  const char *locale;
  uint16_t quote_label, cue_label, pronoun_label; /* PST_NO_LABEL */
  pst_label_list ignored;
  /* made by sealing */
  PST_VEC(pst_plan) plan; /* in the order in which labels run */
  pst_steps alias, amend, block;
  pst_label_list keys; /* attributes that alias rules ask for, <label, attr> pairs */
  pst_label_list wide; /* labels whose aliases may ask where an entity stands */
  PST_VEC(uint8_t)
  context; /* labels: 1 when an alias or amend rule has it as `inside` or `outside` */
  PST_VEC(uint8_t) amended;           /* labels: 1 when amend rules may change it */
  PST_VEC(uint8_t) late;              /* labels: PST_LATE_* */
  pst_start_words starts;             /* words that programs begin with or need */
  pst_hashes hashes;                  /* of known words, for images */
  uint32_t label_reach;               /* paragraphs on either side that stage 4 looks at */
  uint32_t amend_before, amend_after; /* that stages 5 and 6 look at */
  uint16_t is_attr, name_attr, speaker_attr, gender_attr, number_attr, kind_attr;
  uint16_t person_label;
};

#define PST_NO_LABEL UINT16_MAX

/* The number of an attribute, noted if it is new. */
postil_status pst_rules_attr(postil_rules *r, const char *name, size_t len, uint16_t *id,
                             postil_err *err);

/* rules_image.c: terms added one by one and those of images as one. */
enum { PST_TERM_HITS = 64 }; /* at one item; the longest */
/* Every term that starts at item `first`, as pst_terms_at says (view: the bytes that the items are
 * of); and attribute i of one, false past the last. */
size_t pst_rules_terms_at(const postil_rules *rules, const char *view, const pst_item *item,
                          uint32_t first, uint32_t limit, pst_term_hit hits[PST_TERM_HITS]);
bool pst_rules_term_attr(const postil_rules *rules, const pst_term_hit *hit, uint32_t i,
                         pst_const *value);
/* Whether some image names the attribute. */
bool pst_rules_lent_gives(const postil_rules *rules, uint16_t attr);
void pst_rules_free_lent(postil_rules *rules);

/* The contexts of a rule by their names in postil_rule. */
enum { PST_CONTEXTS = 4 };
extern const char *const pst_contexts[PST_CONTEXTS];

/* A label that a rule refers to, and where: see postil_err. */
typedef struct pst_use {
  uint16_t label;
  const char *field;
  uint32_t nth;
  size_t at;
} pst_use;
typedef postil_status (*pst_use_fn)(void *ud, const pst_use *ref);

/* What is wrong with rules as a whole is told one by one. */
typedef struct pst_flaws {
  postil_report report; /* or NULL */
  void *ud;
  postil_status first; /* POSTIL_OK: nothing was wrong */
} pst_flaws;

/* rules_check.c: reports one; reports labels that nothing defines and attributes that nothing
 * gives; calls `each` for every label that a rule refers to, until it is not OK. */
void pst_flaw(pst_flaws *flaws, const postil_err *err);
void pst_rules_flaws(const postil_rules *rules, pst_flaws *flaws);
postil_status pst_rules_uses(const postil_rules *rules, const pst_rule *rule, pst_use_fn each,
                             void *ud);

/* May c stand in the name of a label or an attribute? */
static inline bool pst_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool pst_rules_ignores(const postil_rules *rules, uint16_t label);
/* rules_words.c: finds the labels that are word labels, and tells the programs.  False: no memory. */
bool pst_rules_find_words(postil_rules *rules);
static inline bool pst_label_helper(const postil_rules *rules, uint16_t label) {
  return rules->labels.at[label][0] == '_';
}

#endif
