/* pattern.h - pattern strings: parse, check, compile to a program for match.h.
 *
 * The notation is rules.md 1.2, exactly.  A pattern compiles to a small program over items; match.c
 * runs it.
 */
#ifndef PST_PATTERN_H
#define PST_PATTERN_H

#include "regex.h"
#include "tag.h"

/* What a rule set lends its patterns. */
typedef struct pst_pattern_env {
  postil_mem mem;
  pst_lexicon *lex;
  pst_names *labels, *attrs;
} pst_pattern_env;

enum {
  PST_PATTERN_ALIAS = 1 /* =attr is allowed */,
  PST_PATTERN_BOUNDED = 2 /* after/before: no ... * + */,
  PST_PATTERN_BLOCK = 4 /* words, classes, regexes only; ^ $ are the line's */,
  PST_PATTERN_SPEAKER = 8 /* amend: may ask for what amend sets */
};

typedef struct pst_program pst_program;

/* The names of the word classes, from 0 on; NULL past the last. */
const char *pst_pattern_class(size_t i);

/* err->at is the byte offset in the pattern. */
pst_program *pst_pattern_compile(const pst_pattern_env *env, const char *source, size_t len,
                                 postil_case kase, unsigned flags, postil_err *err);
void pst_program_free(pst_program *program);

/* What rules need to know of a program. */
typedef struct pst_program_facts {
  bool has_core;        /* it has [ ] */
  bool left_context;    /* something stands before the core */
  uint8_t paras_before; /* <para>s that may stand before / after the core's start */
  uint8_t paras_after;
  uint16_t ncaptures;
  const uint16_t *capture; /* attribute id of capture k */
  size_t nlabels;
  const uint16_t *label;  /* labels it refers to, no label twice */
  const uint32_t *label_at; /* where in the pattern each stands first */
  const uint16_t *tested; /* attributes tested on labels ( <quote !speaker> ), ntested of them */
  size_t ntested;
  uint16_t caps; /* upper-case letters its words ask for at least */
  bool same;     /* has =attr */
  bool same_inside; /* only inside the core */
  uint16_t same_attr;
  uint32_t same_at; /* where in the pattern */
} pst_program_facts;
const pst_program_facts *pst_program_about(const pst_program *program);

/* Prefilter.  What a match can begin with: any of these word ids, any item with one of these class
 * bits, any tag of these labels, the first item of a paragraph (para), or (any) anything. */
typedef struct pst_program_start {
  const uint32_t *word;
  size_t nwords;
  uint16_t classes;
  const uint16_t *label;
  size_t nlabels;
  uint16_t word_labels; /* those of them that are word labels (start.h) */
  bool para;            /* the first item of a paragraph */
  bool same;            /* whatever the host finds at =attr */
  bool any;
} pst_program_start;
const pst_program_start *pst_program_starts(const pst_program *program);
/* How far one thing may stand behind another: `runs` stretches of white space, and for each tag on
 * the way those inside it; or (endless) any number. */
enum { PST_SPREAD_TAGS = 8 };
typedef struct pst_spread {
  uint32_t runs, ntags;
  bool endless;
  struct {
    uint32_t tagref, times;
  } tag[PST_SPREAD_TAGS];
} pst_spread;

/* What must stand before the core, from the core leftwards: things to pass and things needed. */
enum pst_back_kind {
  PST_BACK_PASS, /* at least `least` items, at most `most` and (when those are PST_BACK_FAR) what
                    `far` says; with a set, only where one of it ends */
  PST_BACK_SKIP, /* a `...` */
  PST_BACK_NEED  /* one of the set must end here; nothing is passed */
};
enum { PST_BACK_FAR = UINT16_MAX, PST_REGIONS = 31 };
/* The set: the item before is one of these words, a tag of these labels ends here, or (para) a
 * paragraph begins. */
typedef struct pst_back {
  uint8_t kind;
  uint8_t region; /* of the thing that is needed or passed */
  bool para;
  uint16_t least, most;
  uint32_t word, nwords, label, nlabels; /* of the program's back_word, back_label */
  pst_spread far;
} pst_back;

/* A set one of which must occur in any match, and how far behind the start of the match it may
 * begin: words, labels, or (byte not 0) a mark; a stop may be inside an item. */
typedef struct pst_need {
  uint32_t word, nwords, label, nlabels; /* of the program's need_word, need_label */
  uint8_t byte;
  pst_spread far;
} pst_need;

/* ---- The program itself: what pattern.c writes and match.c runs ---- */

enum pst_op {
  PST_OP_WORD,  /* item with id c, capitals d; a: postil_case */
  PST_OP_SET,   /* one of words [c, c + d) of the pool, sorted by id; a: postil_case */
  PST_OP_CLASS, /* item with class b */
  PST_OP_LABEL, /* along a tag that fits tagref c; b: branch */
  PST_OP_REGEX, /* regex c; a: may end inside an item */
  PST_OP_PARA,  /* the break between two paragraphs */
  PST_OP_BOP,   /* start, end of paragraph */
  PST_OP_EOP,
  PST_OP_SPLIT, /* go on; if that fails, at c; b: branch */
  PST_OP_JUMP,  /* at c */
  PST_OP_CORE_OPEN,
  PST_OP_CORE_CLOSE,
  PST_OP_OPEN, /* capture c */
  PST_OP_CLOSE,
  PST_OP_GAP,  /* what comes next need not touch */
  PST_OP_SKIP, /* ...; b: branch */
  PST_OP_LOOK, /* try what follows up to LOOK_END, then go on at c; a: it must fail */
  PST_OP_LOOK_END,
  PST_OP_SAME, /* =attr; b: attribute */
  PST_OP_MATCH
};

#define PST_NO_BRANCH UINT16_MAX

typedef struct pst_ins {
  uint8_t op, a;
  uint16_t b;
  uint32_t c, d;
} pst_ins;

/* A word and the capitals it asks for. */
typedef struct pst_want {
  uint32_t id, need;
} pst_want;

enum pst_test_kind {
  PST_TEST_HAS,
  PST_TEST_LACKS,
  PST_TEST_EQUALS,
  PST_TEST_FAULT,
  PST_TEST_SOUND
};

typedef struct pst_test {
  uint8_t kind;
  bool is_number; /* EQUALS: the value reads as a number, too */
  uint16_t attr;
  uint32_t at, len; /* EQUALS: the value, in bytes of the program */
  uint32_t place;   /* where in the pattern its name stands */
  double number;
} pst_test;

/* <a|b !test>: labels [label, label + nlabels), tests likewise. */
typedef struct pst_tagref {
  uint32_t label, test;
  uint16_t nlabels, ntests;
  uint64_t bits; /* bit (label % 64) of each */
  uint16_t
      words; /* those of the labels that are word labels (start.h): set when rules are sealed */
} pst_tagref;

/* A regex and the attributes of its named groups: [group, group + ngroups). */
typedef struct pst_program_regex {
  pst_regex *regex;
  uint32_t group, ngroups;
} pst_program_regex;

struct pst_program {
  postil_mem mem;
  PST_VEC(pst_ins) ins;
  PST_VEC(pst_span) place; /* of each instruction: its bytes of the pattern */
  PST_VEC(pst_want) want;
  PST_VEC(pst_span) want_place; /* of each: its bytes of the pattern */
  PST_VEC(pst_tagref) tagref;
  PST_VEC(uint16_t) ref_label;
  PST_VEC(pst_test) test;
  PST_VEC(char) bytes;
  PST_VEC(pst_program_regex) regex;
  PST_VEC(uint16_t) group;
  PST_VEC(uint16_t) capture, label, tested;
  PST_VEC(uint32_t) label_at; /* of each label: where in the pattern it stands first */
  PST_VEC(uint32_t) start_word, back_word, need_word;
  PST_VEC(uint16_t) start_label, back_label, need_label;
  PST_VEC(pst_back) back;
  PST_VEC(uint8_t)
  region;          /* of each instruction: 0 from the core on, 1 for what stands right before
                              it, 2 for what stands before that ... (PST_REGIONS: and farther) */
  bool back_whole; /* it goes back to the start of the pattern */
  uint16_t attr_is, attr_name; /* where canonical names are found; only with an EQUALS test */
  uint16_t nbranches;
  bool core_always;  /* every way has [ ] (or none has) */
  bool longest;      /* only words: the longest phrase counts, not the first */
  uint8_t first[32]; /* bytes its regexes may begin with, when starts.any is only for regexes */
  bool first_known;
  pst_program_facts facts;
  pst_program_start start;
  PST_VEC(pst_need) need;   /* in the order of the pattern */
  PST_VEC(uint16_t) barred; /* labels that no match begins with: it looks ahead for them first */
};

#endif
