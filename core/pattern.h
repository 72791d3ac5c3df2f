/* pattern.h - pattern strings: parse, check, compile to a program for match.h.
 *
 * The notation is rules.md 1.2, exactly.  A pattern compiles to a small program over items; match.c runs it.
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

enum { PST_PATTERN_ALIAS = 1 /* =attr is allowed */, PST_PATTERN_BOUNDED = 2 /* after/before: no ... * + */,
       PST_PATTERN_BLOCK = 4 /* words, classes, regexes only; ^ $ are the line's */,
       PST_PATTERN_SPEAKER = 8 /* amend: may ask for what amend sets */ };

typedef struct pst_program pst_program;

/* err->at is the byte offset in the pattern. */
pst_program *pst_pattern_compile(const pst_pattern_env *env, const char *source, size_t len,
                                 postil_case kase, unsigned flags, postil_err *err);
void pst_program_free(pst_program *program);

/* What rules need to know of a program. */
typedef struct pst_program_facts {
  bool has_core;         /* it has [ ] */
  bool left_context;     /* something stands before the core */
  uint8_t paras_before;  /* <para>s that may stand before / after the core's start */
  uint8_t paras_after;
  uint16_t ncaptures;
  const uint16_t *capture;  /* attribute id of capture k */
  size_t nlabels;
  const uint16_t *label;    /* labels it refers to, no label twice */
  const uint16_t *tested;   /* attributes tested on labels ( <quote !speaker> ), ntested of them */
  size_t ntested;
  uint16_t caps;         /* upper-case letters its words ask for at least */
  bool same;             /* has =attr */
  uint16_t same_attr;
} pst_program_facts;
const pst_program_facts *pst_program_about(const pst_program *program);

/* Prefilter.  What a match can begin with: any of these word ids, any item with one of these class bits, any
 * tag of these labels, or (any) anything. */
typedef struct pst_program_start {
  const uint32_t *word;
  size_t nwords;
  uint16_t classes;
  const uint16_t *label;
  size_t nlabels;
  bool any;
} pst_program_start;
const pst_program_start *pst_program_starts(const pst_program *program);
/* A set of words and labels one of which must occur in any match, the rarest such set (both counts 0: none). */
typedef struct pst_program_need {
  const uint32_t *word;
  size_t nwords;
  const uint16_t *label;
  size_t nlabels;
} pst_program_need;
const pst_program_need *pst_program_needs(const pst_program *program);

#endif
