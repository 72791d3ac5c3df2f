/* pattern_parse.h - a pattern string as a tree; between pattern.c and pattern_parse.c only.
 *
 * The tree lies in an arena.  Literal text is cut into words of the lexicon; labels, tests, regexes
 * and captures go straight into the program and the tree refers to them by number.
 */
#ifndef PST_PATTERN_PARSE_H
#define PST_PATTERN_PARSE_H

#include "pattern.h"

enum pst_node_kind {
  PST_NODE_LITERAL, /* words */
  PST_NODE_CLASS,   /* number: class bit */
  PST_NODE_TAG,     /* number: tagref */
  PST_NODE_REGEX,   /* number */
  PST_NODE_PARA,
  PST_NODE_BOP,
  PST_NODE_EOP,
  PST_NODE_SKIP,
  PST_NODE_SAME,    /* number: attribute */
  PST_NODE_SEQ,     /* children, each with its gap */
  PST_NODE_ALT,     /* children */
  PST_NODE_REPEAT,  /* child lo..hi times */
  PST_NODE_CAPTURE, /* number; child */
  PST_NODE_CORE,    /* child */
  PST_NODE_LOOK     /* negative; child */
};

enum { PST_ENDLESS = UINT16_MAX };

/* A word of a literal. */
typedef struct pst_literal {
  uint32_t id, need;
  bool gap;      /* white space before it */
  uint16_t cost; /* how common it is, roughly */
} pst_literal;

typedef struct pst_node pst_node;
struct pst_node {
  uint8_t kind;
  bool gap;       /* in a SEQ: white space before it */
  bool gap_after; /* SEQ: white space behind the last */
  bool lazy, negative, exact;
  bool nullable; /* can match nothing */
  uint16_t lo, hi;
  uint32_t number;
  uint32_t paras;             /* <para>s it may hold, at most */
  size_t at, end;             /* its place in the pattern; LITERAL: the literal bytes */
  size_t core_at, capture_at; /* the first [ or name: in it, or SIZE_MAX */
  pst_node *child, *next;
  pst_node *later; /* LITERAL: the next literal of the pattern */
  pst_literal *word;
  size_t nwords;
  uint32_t mark_id, s_id; /* LITERAL that begins with 's: its two pieces, as a text has them where
                             no word stands before; else 0 */
};

/* Reads a pattern; NULL and *err when it is wrong, *status says why. */
pst_node *pst_pattern_parse(const pst_pattern_env *env, pst_arena *arena, pst_program *program,
                            const char *source, size_t len, postil_case kase, unsigned flags,
                            postil_status *status, postil_err *err);

#endif
