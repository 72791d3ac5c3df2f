/* trace.h - what becomes of candidates while a window is labelled, told to whoever listens.
 *
 * A window has a pst_trace or none.  Without one a candidate and a pattern cost a branch, an item
 * nothing.  Nothing comes back from who listens: what is found is the same with a trace and without.
 *
 * A candidate is FOUND, then it may be refused by its CONTEXT, VETOED, or REFUSED by a function; it
 * may be MERGED into another or BEATEN by one of its label; else it is PLACED.  When all labels are
 * there, one that was PLACED may still be BEATEN by one of another label.
 */
#ifndef PST_TRACE_H
#define PST_TRACE_H

#include "room.h"

typedef enum pst_told_kind {
  PST_TOLD_RAN,           /* a pattern was run over the window, or over a target: `steps` it took */
  PST_TOLD_FOUND,         /* a pattern or a term matched: [from, to); it is a candidate now */
  PST_TOLD_CONTEXT,       /* a candidate or an amendment is refused: `how` is a pst_told_context */
  PST_TOLD_VETO,          /* a veto matched; it strikes the candidates that overlap it */
  PST_TOLD_VETOED,        /* by `by` */
  PST_TOLD_REFUSED,       /* by `keep` or a function of `is`: `how` is a pst_told_refusal */
  PST_TOLD_MERGED,        /* into `by`, a stronger one of the same label and core */
  PST_TOLD_BEATEN,        /* by `by`, a stronger one: `how`, as of MERGED, is a pst_told_strength */
  PST_TOLD_PLACED,        /* it is a tag now */
  PST_TOLD_LIMIT,         /* a rule takes too many steps in the paragraph of [start, stop) */
  PST_TOLD_NO_ANTECEDENT, /* alias: nothing has the value that it asks for */
  PST_TOLD_NO_ROOM,       /* alias: `by` stands there */
  PST_TOLD_NAMED,         /* alias: `by` stands there, and is called what the antecedent is */
  PST_TOLD_TARGET,        /* the amend rules are about to be tried on a tag */
  PST_TOLD_AMENDED,       /* an amend rule set attributes of a tag: its match is [from, to) */
  PST_TOLD_NOT_FREE, /* an amend rule matched, but an attribute that it sets is there already */
  PST_TOLD_SPEAKER,  /* a quotation has its speaker from `by`: `how` is a pst_told_source */
  PST_TOLD_BEGINS,   /* a pattern is about to be run, or a function of a rule to be called */
  PST_TOLD_CALLED    /* the function has answered */
} pst_told_kind;

typedef enum pst_told_context {
  PST_CONTEXT_INSIDE,
  PST_CONTEXT_OUTSIDE,
  PST_CONTEXT_AFTER,
  PST_CONTEXT_NOT_AFTER,
  PST_CONTEXT_BEFORE,
  PST_CONTEXT_NOT_BEFORE
} pst_told_context;

typedef enum pst_told_refusal { PST_REFUSED_KEEP, PST_REFUSED_IS } pst_told_refusal;

/* Why one tag goes before another: the first of these in which they differ. */
typedef enum pst_told_strength {
  PST_STRONGER_PIN,
  PST_STRONGER_PRIO,
  PST_STRONGER_LONGER,
  PST_STRONGER_CAPITALS,
  PST_STRONGER_EARLIER, /* its rule stands before the other's */
  PST_STRONGER_LEFTMOST,
  PST_STRONGER_NOT
} pst_told_strength;

/* Where a quotation has its speaker from, if not from an amend rule alone. */
typedef enum pst_told_source {
  PST_SPEAKER_PART,   /* it goes on from `by`, in the paragraph before */
  PST_SPEAKER_TURN,   /* it is the turn of who spoke in `by` */
  PST_SPEAKER_QUOTED, /* the speaker of the quotation `by`, which the rule caught */
  PST_SPEAKER_PRONOUN /* `by` is whom the pronoun means; nobody: rule and label are none */
} pst_told_source;

/* Of a function that tells: kept out of the way of those that find. */
#if defined(__GNUC__)
#define PST_TELLS __attribute__((cold, noinline))
#else
#define PST_TELLS
#endif

#define PST_NO_PATTERN UINT32_MAX
#define PST_TOLD_NOBODY UINT16_MAX

/* A rule, the number of its pattern from 0 (PST_NO_PATTERN: a term), and a span of the text. */
typedef struct pst_told_who {
  uint32_t rule, pattern; /* rule POSTIL_NO_RULE: a quotation, or nobody */
  uint16_t label;         /* or PST_TOLD_NOBODY */
  size_t start, stop;
} pst_told_who;

typedef struct pst_told {
  pst_told_kind kind;
  unsigned how;
  const struct pst_wtag
      *tag;        /* who it is; of a VETO and of who fails a CONTEXT not in the window */
  size_t from, to; /* FOUND, AMENDED: the whole match, bytes of the text; else 0 */
  size_t steps;    /* RAN */
  pst_told_who who, by;
} pst_told;

typedef struct pst_trace {
  void (*tell)(void *ud, const pst_told *told);
  void *ud;
  size_t from,
      to; /* who starts in [from, to) of the text is told about; work always is.  Set by each
                      batch: its own paragraphs, not those that it looks at besides */
} pst_trace;

#endif
