/* quote.h - quotation marks to quotations: the cheapest explanation of a paragraph's marks.
 *
 * Each mark gets one role (open, close, apostrophe, prime, stray, reopen ...); roles and leftovers
 * have costs in tenths; the reading with the least total wins, and every cost above zero that a
 * writer could mend is a fault with a place and, where one is safe, a repair.
 */
#ifndef PST_QUOTE_H
#define PST_QUOTE_H

#include "text.h"

/* Families of marks. */
typedef enum pst_family {
  PST_FAM_NONE,
  PST_FAM_DOUBLE,
  PST_FAM_SINGLE,
  PST_FAM_GUILLEMET,
  PST_FAM_ANGLE,
  PST_FAM_CORNER,
  PST_FAM_WHITE_CORNER,
  PST_FAM_PRIME_QUOTE,
  PST_FAM_COUNT
} pst_family;

/* The frame's part of quotations: sums over the first 64 KiB, and what they decide. */
enum { PST_GLYPHS = 27 };
typedef struct pst_quote_sums {
  uint32_t left[PST_GLYPHS], right[PST_GLYPHS]; /* uses of a glyph as left-/right-flanking */
  uint32_t dash_paras;                          /* paragraphs that begin with a dash */
} pst_quote_sums;

/* Direction of a glyph: 'o' opens, 'c' closes, 'e' either. */
typedef struct pst_quote_frame {
  char dir[PST_GLYPHS];
  bool dash; /* paragraphs that begin with a dash are speech */
} pst_quote_frame;

/* Adds (sign 1) or takes out (sign -1) what the span of text contributes. */
void pst_quote_count(pst_quote_sums *sums, const char *text, size_t len, pst_span para, int sign);
/* The locales that are known, from 0 on; NULL past the last. */
const char *pst_quote_locale(size_t i);
bool pst_quote_knows(const char *locale);
/* `locale`: "en", "de", "fr" ... (NULL or unknown: "en").  See quote_locales.h. */
void pst_quote_decide(pst_quote_frame *frame, const pst_quote_sums *sums, const char *locale);

typedef enum pst_fault_kind {
  PST_FAULT_MISSING_OPEN,
  PST_FAULT_MISSING_CLOSE,
  PST_FAULT_STRAY_OPEN,
  PST_FAULT_STRAY_CLOSE,
  PST_FAULT_WRONG_DIRECTION,
  PST_FAULT_MISSING_SPACE,
  PST_FAULT_SPACE_AFTER_OPEN,
  PST_FAULT_SPACE_BEFORE_CLOSE,
  PST_FAULT_NESTED_SAME,
  PST_FAULT_MIXED_GLYPHS,
  PST_FAULT_WRONG_GLYPH,
  PST_FAULT_DOUBLED_STOP,
  PST_FAULT_STOP_BEFORE_CUE,
  PST_FAULT_RUN_ON_AFTER_CLOSE,
  PST_FAULT_DANGLING_CUE,
  PST_FAULT_CUE_TWICE,
  PST_FAULT_BIDI_UNCLOSED,
  PST_FAULT_DOUBTFUL,
  PST_FAULT_COUNT
} pst_fault_kind;
/* "missing-open" ... and a sentence for people. */
const char *pst_fault_name(pst_fault_kind kind);
const char *pst_fault_words(pst_fault_kind kind);

/* A fault: its place, and the bytes that would mend it (safe: may be applied without asking).
 * repair NULL: none is known; an empty repair deletes the span; an empty span inserts.  The place
 * of a missing mark or space is empty and stands where it belongs; doubtful has the quotation's. */
typedef struct pst_fault {
  size_t start, end;
  pst_fault_kind kind;
  const char *repair; /* static storage, zero-terminated */
  bool safe;
} pst_fault;

enum {
  PST_QUOTE_CONTINUES = 1 /* goes on from the paragraph before */,
  PST_QUOTE_GOES_ON = 2 /* goes on in the next paragraph */,
  PST_QUOTE_NO_OPEN = 4 /* its opening mark is missing */,
  PST_QUOTE_NO_CLOSE = 8,
  PST_QUOTE_DASH = 16
};

typedef struct pst_quotation {
  size_t start, end;             /* with the marks */
  size_t inner_start, inner_end; /* without */
  uint8_t family, depth, flags;
  uint8_t cost; /* of its marks, in tenths, at most 255 */
} pst_quotation;

/* A line of the bill of a reading: a mark, the role it was given and what that costs, in tenths; and
 * how much dearer the best reading is in which it has another, PST_NO_MARGIN: nobody knows.  The last
 * lines may be quotations left open at the paragraph's end, whose spans are empty. */
#define PST_NO_MARGIN UINT32_MAX
typedef struct pst_quote_line {
  size_t start, end;
  const char *role; /* "opens", static storage */
  uint32_t cost, margin;
} pst_quote_line;

typedef enum pst_quote_kind {
  PST_KIND_DIRECT,
  PST_KIND_MIXED,
  PST_KIND_DIALOGUE,
  PST_KIND_TITLE,
  PST_KIND_SCARE
} pst_quote_kind;
const char *pst_quote_kind_name(pst_quote_kind kind);

/* What a paragraph's reading needs to know; all spans and offsets are bytes of `text`. */
typedef struct pst_quote_in {
  const char *text;
  size_t len;
  pst_span para;
  const pst_span *holes; /* ignored markup inside the paragraph, ascending: looked through */
  size_t nholes;
  const pst_span *cues; /* words that introduce speech (said, told), ascending */
  size_t ncues;
  const size_t *stops; /* offsets just past each sentence end, ascending */
  size_t nstops;
  pst_family open;      /* family left open by the paragraph before, or PST_FAM_NONE */
  pst_family next_open; /* family of the mark that begins the next paragraph, or NONE */
  const pst_quote_frame *frame;
  const char *locale;
  bool bill; /* write the bill, too */
} pst_quote_in;

typedef struct pst_quote_out {
  PST_VEC(pst_quotation) quote; /* by start, outer before inner */
  PST_VEC(pst_fault) fault;     /* by start */
  pst_family open;              /* family left open for the next paragraph */
  uint32_t cost;                /* of the chosen reading, in tenths */
  PST_VEC(pst_quote_line) bill; /* of the marks, by place; empty unless it was asked for */
} pst_quote_out;

/* Family of the mark that begins the span after white space, or PST_FAM_NONE.  An apostrophe in
 * front of a word ('Twas, ’80s) is no such mark.  Markup is not looked through here. */
pst_family pst_quote_first(const char *text, size_t len, pst_span para);
/* Reads the paragraph's marks.  *out is zeroed or from an earlier call (its vectors are reused). */
postil_status pst_quote_read(const pst_quote_in *in, pst_quote_out *out, const postil_mem *mem,
                             postil_err *err);
void pst_quote_out_free(pst_quote_out *out, const postil_mem *mem);
/* The kind of a quotation once it is known whether it has a speaker; `in` as it was read. */
pst_quote_kind pst_quote_kind_of(const pst_quote_in *in, const pst_quotation *quote,
                                 bool has_speaker);

#endif
