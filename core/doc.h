/* doc.h - a document inside: paragraphs, the stages that fill them, facts by key.
 *
 * The stages are those of rules.md 1.4.  Frame, blocks and paragraphs (doc_frame.c) are made with
 * the document.  A first pass (doc_label.c: marks, labels, contributions) and a second
 * (doc_speak.c: aliases, speakers, pronouns) then go over the paragraphs in batches; what a batch
 * must look at outside its own paragraphs is a margin, worked out again and thrown away.  So a
 * result never depends on the batch.
 */
#ifndef PST_DOC_H
#define PST_DOC_H

#include "rules.h"

#ifdef PST_SHRUNK /* so that tests meet every boundary */
enum { PST_BATCH_BYTES = 96, PST_FRAME_BYTES = 512, PST_PARAGRAPH_MAX = 128 };
#else
enum { PST_BATCH_BYTES = 16384, PST_FRAME_BYTES = 65536, PST_PARAGRAPH_MAX = POSTIL_PARAGRAPH_MAX };
#endif
enum { PST_PRONOUN_PARAS = 3 };

/* A hash that goes on with a number, with a text. */
static inline uint64_t pst_mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}
static inline uint64_t pst_mix_text(uint64_t hash, pst_str text) {
  hash = pst_mix(hash, text.len);
  for (size_t i = 0; i < text.len; i++)
    hash = (hash ^ (unsigned char)text.at[i]) * UINT64_C(1099511628211);
  return hash;
}

/* A fault that quotations do not have: a rule took too many steps in the paragraph. */
enum { PST_FAULT_COMPLEX = PST_FAULT_COUNT };

typedef struct pst_para_fault {
  uint32_t start, end; /* from the paragraph's start */
  int kind;            /* pst_fault_kind or PST_FAULT_COMPLEX */
  uint32_t rule;       /* PST_FAULT_COMPLEX: which */
  bool safe;
  const char *repair;
  const char *words; /* PST_FAULT_COMPLEX */
} pst_para_fault;

/* What a paragraph gives to aliases: it carries a fact. */
typedef struct pst_gift {
  uint32_t fact, tag; /* tag: id of the note */
  uint32_t at;        /* where that starts */
  uint64_t about;     /* a hash of what else aliases and pronouns ask it for */
} pst_gift;

/* What may be due of a paragraph: the first pass, what it gives to aliases, the second pass, to tell
 * that it has changed.  Counted by number for each sheet; as bits in pst_para.due. */
typedef enum pst_due { PST_LABEL, PST_FACTS, PST_SPEAK, PST_TELL, PST_DUES } pst_due;
enum {
  PST_DUE_LABEL = 1 << PST_LABEL,
  PST_DUE_FACTS = 1 << PST_FACTS,
  PST_DUE_SPEAK = 1 << PST_SPEAK,
  PST_DUE_TELL = 1 << PST_TELL
};

typedef struct pst_para {
  pst_notes *notes; /* what is told */
  pst_para_fault *fault;
  uint32_t at, len; /* bytes from the start of its sheet */
  uint32_t id;      /* good as long as the paragraph is there */
  uint32_t nfaults, next_id;
  /* of a document that follows edits */
  pst_notes *first; /* what the first pass has found; may be `notes` themselves */
  bool has_first;   /* it has been there */
  bool differs;     /* the second pass has found something else than the last time */
  bool moved;       /* its text was edited: places in it have moved */
  uint8_t due;
  uint8_t open_in, next_in; /* families of marks that its quotations were read with */
  uint32_t ngifts;
  pst_gift *gift;
  uint64_t shape;     /* a hash of what other paragraphs see of it */
  uint32_t nwords;
  uint16_t *word;     /* doc_words.c: which words stand in it */
  uint32_t block_rule; /* its rule + 1, or 0 */
  uint8_t open;        /* family of the quotation left open behind it */
  bool ignored;        /* a block that no rule looks into */
  bool only_quote;     /* nothing but quotations */
} pst_para;

/* Some paragraphs and the text that they stand in. */
typedef struct pst_sheet {
  char *text;
  size_t room;   /* bytes owned; 0: the text is lent by the document */
  uint32_t slot; /* its number among the sheets */
  PST_VEC(pst_para) para;
  pst_place over; /* how far its text moves a place; line 0: not known yet */
  uint32_t filter[256]; /* doc_words.c: the words of its paragraphs, and some that were */
} pst_sheet;

/* A sheet and where it is. */
typedef struct pst_slot {
  size_t start, first; /* its first byte, its first paragraph */
  pst_sheet *sheet;
  uint32_t due[PST_DUES]; /* how many of its paragraphs have the bit */
} pst_slot;

/* An edit as paragraphs see it. */
typedef struct pst_swap {
  size_t i, j;      /* paragraphs [i, j) go */
  size_t from, to;  /* so does this text */
  const char *bytes;
  size_t len;       /* what comes in its place */
  pst_para *para;   /* `at` counts from the start of bytes; id PST_NONE: a new one */
  size_t n;
} pst_swap;

/* Words of a fault that a rule was too much work. */
typedef struct pst_complex {
  uint32_t rule;
  const char *words; /* in the document's arena */
} pst_complex;

/* A tag that carries a value, and where it starts, from its paragraph's start. */
typedef struct pst_bearer {
  pst_ref ref;
  uint32_t at;
} pst_bearer;

/* A value of an attribute that aliases may ask for, and the tags that carry it, in text order. */
typedef struct pst_fact {
  uint32_t hash, next; /* next of the same bucket, or of those that are free */
  uint16_t label, attr;
  char *value; /* NULL: free, nothing carries it any more */
  size_t len;
  PST_VEC(pst_bearer) by;
  size_t last; /* the bearer that was asked for last */
} pst_fact;

typedef struct pst_facts {
  PST_VEC(pst_fact) fact;
  uint32_t free; /* 1 + the first free one, or 0 */
  uint32_t *bucket;
  size_t nbuckets;       /* a power of two, or 0 */
  uint32_t filter[2048]; /* a bit for each pair of bytes that a value begins with */
} pst_facts;

/* A word that aliases may ask for, in paragraph `para` (its ordinal). */
typedef struct pst_word_key {
  uint32_t para;
  uint64_t key;
} pst_word_key;

/* What a batch has made of a paragraph and does not hand over before all of it is there. */
typedef struct pst_packed {
  pst_notes *notes;
  pst_para_fault *fault;
  uint32_t nfaults, next_id;
  bool faults; /* there are others than those of the paragraph */
} pst_packed;

/* The part of a quotation that was asked for last, so that asking for one after another is a walk. */
typedef struct pst_part_memo {
  uint64_t id; /* of the tag, or POSTIL_NO_TAG */
  size_t i, para;
  const pst_note *note;
} pst_part_memo;

/* What asking leaves in a document that is otherwise as it was. */
typedef struct pst_memo {
  pst_part_memo part;
  pst_mark near;    /* the place that was asked for last, in its sheet */
  size_t near_slot; /* the number of that, or SIZE_MAX */
  char *joined; /* the text in one piece, when an edit has changed it, or NULL; len + 1 bytes */
} pst_memo;

struct postil_doc {
  pst_memo *memo;
  const postil_rules *rules;
  postil_mem mem;
  char *text; /* as the document was made */
  size_t text_len, len;
  char date[11];
  bool has_date, by_line, lf;
  int by_line_asked; /* postil_opts */
  pst_quote_frame frame;
  size_t head; /* where the first line with a letter ends, or SIZE_MAX */
  size_t paras;
  PST_VEC(pst_slot) slot; /* one at least */
  PST_VEC(pst_sheet *) sheet_of; /* a paragraph's id: where it is, or NULL */
  size_t due[PST_DUES];          /* how many paragraphs have the bit */
  bool follows;                  /* edits: keeps what that takes */
  bool edited;                   /* `text` is not the text any more */
  bool tells;                    /* it has been edited: changes are told */
  bool all_changed, names_changed;
  PST_VEC(char) stretch; /* scratch: text of a window */
  size_t labelled, spoken; /* paragraphs that the first and second pass have done */
  size_t contributed;      /* paragraphs whose facts are known */
  size_t trimmed;          /* paragraphs whose helpers are gone */
  size_t batch;            /* bytes of a batch */
  bool again; /* what is done already is done again (doc_why.c): nothing of it is kept */
  bool late;  /* the second pass is running */
  bool whole; /* the second pass goes on in the first one's window: refs lead there, not to notes */
  pst_arena arena;         /* words of faults */
  pst_facts facts;
  PST_VEC(pst_place) place; /* doc_place.c: where the first sheets begin */
  /* scratch of the passes */
  size_t from, to;        /* paragraphs of the batch, without margins */
  PST_VEC(pst_ref) block_limit; /* a paragraph (its id) and a block rule that was too much work */
  PST_VEC(pst_ref) limit; /* the same of the batch's rules; paragraphs by ordinal */
  PST_VEC(pst_packed) packed;
  PST_VEC(pst_gift) gift;
  PST_VEC(pst_complex) complex;
  PST_VEC(pst_word_key) word; /* what aliases of the batch have asked for */
  bool words_lost;            /* not all of it: no memory */
  pst_window w;
  pst_matcher *matcher;
  pst_quote_out quote;
  PST_VEC(uint32_t) cand;
  PST_VEC(pst_term_hit) hit;
  PST_VEC(uint32_t) hit_next;
  PST_VEC(uint32_t) label_hit;  /* a label: its first hit, and its last */
  pst_starts starts;
  uint16_t same_label;         /* whose facts are asked for at =attr */
  PST_VEC(uint64_t) same_row;  /* items where a fact may stand */
  PST_VEC(uint64_t) amend_row; /* rows of starts of all amend steps, one after another */
  PST_VEC(uint8_t) amend_any;  /* an amend step: has its row a bit */
  PST_VEC(size_t) work;        /* a paragraph of the window: what steps may still spend there */
  PST_VEC(uint32_t) placed;     /* outermost tags of one label after another, by place */
  PST_VEC(pst_range) placed_of; /* a label: its range of them */
  PST_VEC(uint32_t) subject;    /* first persons of sentences, by place */
  PST_VEC(uint32_t) veto;       /* an item: serial of the veto run (or alias run) that marked it */
  PST_VEC(pst_wtag) vetoes;     /* with a trace: what they matched */
  size_t looks;                 /* starts that amend rules may still try in a paragraph */
  uint32_t veto_serial;
  PST_VEC(pst_span) hole, cue, quote_hole;
  PST_VEC(size_t) stop;
};

struct postil_match {
  const postil_doc *doc;
  uint32_t tag; /* of the window */
};

/* Is nothing left to be run? */
bool pst_doc_done(const postil_doc *doc);

/* doc_sheet.c.  Paragraphs count from 0, in order. */
pst_para *pst_doc_para(const postil_doc *doc, size_t i);
/* The number of the sheet that it is on; of the one that holds a byte; where a sheet's text ends. */
size_t pst_doc_slot_of(const postil_doc *doc, size_t i);
size_t pst_doc_slot_at(const postil_doc *doc, size_t at);
size_t pst_doc_slot_end(const postil_doc *doc, size_t slot);
/* Where it stands in the text. */
pst_span pst_doc_span(const postil_doc *doc, size_t i);
size_t pst_doc_start(const postil_doc *doc, size_t i);
/* Its text. */
const char *pst_doc_bytes(const postil_doc *doc, size_t i);
/* Copies [start, end) of the text. */
void pst_doc_read(const postil_doc *doc, size_t start, size_t end, char *to);
/* The same, lent until the next call; NULL: no memory. */
const char *pst_doc_stretch(postil_doc *doc, size_t start, size_t end);
/* Something is due of a paragraph, or no longer. */
void pst_doc_mark(postil_doc *doc, size_t i, unsigned what);
void pst_doc_unmark(postil_doc *doc, size_t i, unsigned what);
/* The first paragraph of which it is due; SIZE_MAX: none. */
size_t pst_doc_first_due(const postil_doc *doc, pst_due what);
/* Changes paragraphs and text.  Notes, faults and gifts of those that go stay with the caller.
 * False: no memory, and nothing has changed. */
bool pst_doc_swap(postil_doc *doc, const pst_swap *swap);
/* Frees what a paragraph owns. */
void pst_doc_free_para(const postil_doc *doc, pst_para *p);
/* What the first pass has found in it. */
static inline const pst_notes *pst_doc_first(const pst_para *p) {
  return p->has_first ? p->first : p->notes;
}
/* The paragraph of this id, and its place among all (ordinal may be NULL); NULL: it is gone. */
pst_para *pst_doc_by_id(const postil_doc *doc, uint32_t id, size_t *ordinal);
/* The first paragraph that ends behind `at`. */
size_t pst_doc_para_at(const postil_doc *doc, size_t at);
/* Adds the sheet that every document has; a paragraph behind all others, with a new id. */
bool pst_doc_first_sheet(postil_doc *doc);
bool pst_doc_add_para(postil_doc *doc, pst_span span, pst_para para);
void pst_doc_free_sheets(postil_doc *doc);

/* doc_frame.c */
/* A line or some that a block rule takes, or was too much work for. */
typedef struct pst_block {
  size_t start, stop;
  uint32_t rule;
} pst_block;
typedef PST_VEC(pst_block) pst_blocks;
/* A paragraph to be. */
typedef struct pst_piece {
  pst_span span;
  uint32_t block_rule; /* its rule + 1, or 0 */
} pst_piece;
/* A place where a paragraph began before an edit, and what stood before it. */
typedef struct pst_seam {
  size_t at;
  uint16_t block;  /* label of the block that ended there, or PST_NO_BLOCK */
  bool first_seen; /* a line with a letter */
  bool fits;       /* blocks from here on are as they were */
} pst_seam;
/* A stretch of text to be split into paragraphs.  Offsets are bytes of it. */
typedef struct pst_split {
  const char *text;
  size_t len, at;   /* at: where the first paragraph may begin */
  bool within_line; /* `at` is in the middle of one */
  bool is_end;      /* no text stands behind it */
  bool first_seen;  /* a line with a letter stands before `at` */
  size_t head;      /* if not: where the first such line ends, or SIZE_MAX */
  pst_seam *seam;
  size_t nseams;
  pst_blocks block, limit;
  PST_VEC(pst_piece) piece;
} pst_split;
postil_status pst_doc_split(postil_doc *doc, pst_split *split, postil_err *err);
void pst_doc_split_free(const postil_doc *doc, pst_split *split);
bool pst_doc_has_blocks(const postil_doc *doc);
/* Would the frame of a text that begins with these bytes, as many as it is made of, be another? */
bool pst_doc_other_frame(const postil_doc *doc, const char *text, size_t len);
pst_para pst_doc_new_para(const postil_doc *doc, const pst_piece *piece);
postil_status pst_doc_frame(postil_doc *doc, postil_err *err);
/* Fills the window with paragraphs [first, first + n), looking through doc->hole.  `holes`: so many
 * tags at the front of the window stay. */
bool pst_doc_window(postil_doc *doc, size_t first, size_t n, size_t holes);

/* doc_label.c: the first pass over the batch's paragraphs. */
postil_status pst_doc_label(postil_doc *doc, postil_err *err);
/* The labels of paragraphs [doc->from, doc->to), in a window that begins at paragraph *first. */
postil_status pst_doc_label_window(postil_doc *doc, size_t *first, postil_err *err);
/* What the quotations of a window's paragraph are read from.  False: no memory. */
bool pst_doc_quote_in(postil_doc *doc, const pst_wpara *para, pst_quote_in *in);
/* The family of the mark that begins the next paragraph that is read: what reading this one sees. */
pst_family pst_doc_next_open(const postil_doc *doc, size_t i);
/* What is done with a hit of a step. */
typedef postil_status (*pst_hit_fn)(postil_doc *doc, const pst_step *step, const pst_hit *hit,
                                    postil_err *err);
/* Opens work on all paragraphs of the window: each gets its budget.  False: no memory. */
bool pst_doc_budgets(postil_doc *doc);
/* Runs a step from every item of the window where it may start (`same`: where a fact may stand, or
 * NULL).  A limit undoes the candidates it pushed in that paragraph. */
postil_status pst_doc_step(postil_doc *doc, const pst_step *step, const uint64_t *same,
                           pst_hit_fn take, postil_err *err);
/* Do the contexts of t's rule allow a match over items [first, end)? */
postil_status pst_doc_contexts(postil_doc *doc, const pst_wtag *t, const pst_rule *rule,
                               uint32_t first, uint32_t end, bool *fit, postil_err *err);
/* Begins a new serial of marks on the window's items (doc->veto). */
bool pst_doc_marks(postil_doc *doc);
const pst_wpara *pst_doc_para_of_item(const pst_window *w, uint32_t item);
/* Says which tags (by place) of a label `inside` and `outside` may find. */
bool pst_doc_placed(postil_doc *doc, uint16_t label, const uint32_t *tags, size_t n);
/* Forgets them all. */
bool pst_doc_placed_reset(postil_doc *doc);
/* Adds a hole, behind or overlapping those that are there. */
bool pst_doc_hole(postil_doc *doc, pst_span hole);
/* Chooses the paragraphs of a batch that begins at `from`: those of which something is due (0:
 * any). */
void pst_doc_batch(postil_doc *doc, size_t from, unsigned due);
/* Orders the window's living tags and numbers them in each paragraph from *next_id of doc->packed
 * on. */
bool pst_doc_number(postil_doc *doc, size_t first);
/* Packs the batch's paragraphs of a window that begins at paragraph `first`: all or none. */
postil_status pst_doc_pack(postil_doc *doc, size_t first, postil_err *err);
/* The paragraph before or behind one that is read for quotations: ignored ones are passed over.
 * False: none. */
bool pst_doc_read_before(const postil_doc *doc, size_t *para);
bool pst_doc_read_behind(const postil_doc *doc, size_t *para);
/* A candidate for `step` from a hit: contexts tested, captures as attributes; PST_NONE when
 * refused. */
postil_status pst_doc_candidate(postil_doc *doc, const pst_step *step, const pst_hit *hit,
                                uint32_t *tag, postil_err *err);
/* Captures of a hit become attributes of a tag; `places`: all as places. */
bool pst_doc_captures(postil_doc *doc, const pst_program *program, const pst_hit *hit, uint32_t tag,
                      bool places);
/* keep, is and set of a rule on a tag; *stays is false when they refuse it. */
postil_status pst_doc_settle_sets(postil_doc *doc, const pst_rule *rule, uint32_t tag, bool *stays,
                                  postil_err *err);
/* Tells the window's trace, which there is, of a tag that a hit made or amends, and of a step that
 * is about to be run and was run. */
PST_TELLS void pst_doc_tell_begins(const postil_doc *doc, const pst_step *step);
PST_TELLS void pst_doc_tell_hit(const postil_doc *doc, pst_told_kind kind, const pst_wtag *t,
                                const pst_hit *hit);
PST_TELLS void pst_doc_tell_ran(const postil_doc *doc, const pst_step *step, size_t steps);
/* Notes that a rule took too many steps in a paragraph of the document. */
bool pst_doc_limit(postil_doc *doc, uint32_t para, uint32_t rule);

/* doc_facts.c */
/* Adds the facts of a paragraph, all or none; paragraphs in order. */
bool pst_doc_contribute(postil_doc *doc, size_t para);
/* Adds the facts of the window, which is the whole text, tidy. */
bool pst_doc_contribute_window(postil_doc *doc);
/* A hash of what else aliases and pronouns ask a tag for, as the first pass has left it. */
uint64_t pst_doc_about(const postil_doc *doc, const pst_notes *notes, const pst_note *note);
/* What paragraph i gives changes to what its notes say now; whom that reaches is due. */
bool pst_doc_give(postil_doc *doc, size_t i);
/* n paragraphs are gone that stood before paragraph `at`: so is what they gave. */
void pst_doc_take_back(postil_doc *doc, const pst_para *gone, size_t n, size_t at);
/* Forgets all facts. */
void pst_doc_facts_forget(postil_doc *doc);
/* The value of `attr` that stands at an item: items it takes (0: none), and the contributor nearest
 * before that place, else nearest after. */
uint32_t pst_doc_fact_at(const postil_doc *doc, const pst_window *w, uint16_t label, uint16_t attr,
                         uint32_t item, pst_ref *from);
/* False where no value at all can stand at an item of the window. */
bool pst_doc_fact_may(const postil_doc *doc, uint32_t item);
/* The contributor of exactly this value that is nearest to a place of paragraph i. */
bool pst_doc_fact_of(const postil_doc *doc, uint16_t label, uint16_t attr, const char *value,
                     size_t len, size_t i, size_t at, pst_ref *from);
void pst_doc_facts_free(postil_doc *doc);
/* Canonical name of a tag of the document; false if ref is none. */
bool pst_doc_name(const postil_doc *doc, pst_ref ref, const char **name, size_t *len);

/* doc_words.c */
/* Does a run of letters go on with this byte?  Values are looked up by their first run. */
static inline bool pst_runs_on(unsigned char c) {
  return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
/* A batch begins; an alias in a paragraph of its window looks a value up. */
void pst_doc_words_begin(postil_doc *doc);
void pst_doc_note_word(postil_doc *doc, const pst_wpara *p, const char *value, size_t len);
/* Once aliases have run: keeps what they may ever ask for in a paragraph of the window.  False: no
 * memory. */
bool pst_doc_keep_words(postil_doc *doc, const pst_wpara *p);
void pst_doc_forget_words(const postil_doc *doc, pst_para *para);
/* The second pass is due of those of the paragraphs [from, to) in which a value of a label may be
 * asked for. */
void pst_doc_reach_word(postil_doc *doc, size_t from, size_t to, uint16_t label,
                        const char *value, size_t len);

/* doc_place.c */
/* The place of a byte; inside a code point that of its start.  False: no memory. */
bool pst_doc_place(postil_doc *doc, size_t at, pst_place *place);
/* The offset of a line and column, as pst_mark_seek says. */
bool pst_doc_offset(postil_doc *doc, size_t line, size_t column, pst_unit unit, size_t *at);
/* Sheets from number `slot` on have changed. */
void pst_doc_forget_places(postil_doc *doc, size_t slot);

/* doc_speak.c: the second pass over the batch's paragraphs. */
postil_status pst_doc_speak(postil_doc *doc, postil_err *err);
/* The whole second pass in the window that the first one leaves of a text that is one batch. */
postil_status pst_doc_speak_on(postil_doc *doc, postil_err *err);
/* How many paragraphs before a batch it looks at. */
size_t pst_doc_speak_margin(const postil_doc *doc);
/* All paragraphs [*first, *last) that the second pass of [doc->from, doc->to) looks at, and that pass,
 * in a window of these. */
void pst_doc_speak_reach(const postil_doc *doc, size_t *first, size_t *last);
postil_status pst_doc_speak_window(postil_doc *doc, size_t first, size_t last, postil_err *err);

/* Nothing that an amend step would set on a tag is there yet.  `hit` NULL: before a match is known,
 * false only when no match could find it so. */
bool pst_doc_is_free(const postil_doc *doc, const pst_step *step, uint32_t tag,
                     const pst_hit *hit);
/* From here on the matcher asks for facts of this label at =attr. */
void pst_doc_ask_same(postil_doc *doc, uint16_t label);
/* The first item from which a sieve may start for a target: of its paragraph, or of one before. */
uint32_t pst_doc_leftmost(const pst_window *w, uint32_t first, uint32_t paras);

#endif
