/* tag.h - tags: the window that rules work on, settling overlaps, packed notes of a paragraph.
 *
 * A window is a batch of paragraphs, folded and cut into items, with the tags placed on them so
 * far.  A tag is an edge from item `first` to item `end`; `<X>` in a pattern walks along it.  When
 * a paragraph is done its tags are packed into one block of notes whose offsets count from the
 * paragraph's start.
 */
#ifndef PST_TAG_H
#define PST_TAG_H

#include "trace.h"
#include "word.h"

#define PST_NONE UINT32_MAX

/* Interned names: labels and attributes.  Ids count from 0. */
typedef PST_VEC(char *) pst_names; /* zero-terminated, owned */
/* The id of a name, added if new; PST_NONE when memory runs out. */
uint32_t pst_names_add(pst_names *names, const postil_mem *mem, const char *name, size_t len);
uint32_t pst_names_find(const pst_names *names, const char *name, size_t len);
void pst_names_free(pst_names *names, const postil_mem *mem);

/* Where a tag of the document lives: id of the paragraph, and of the note.  Both PST_NONE: nowhere. */
typedef struct pst_ref {
  uint32_t para, tag;
} pst_ref;

/* A value of an attribute.  Strings lie in the window's bytes. */
typedef struct pst_attr {
  uint32_t next; /* attribute of the same tag, or PST_NONE */
  uint16_t name;
  uint8_t type; /* postil_type */
  uint8_t link; /* type PLACE: ref is a tag of the window (ref.para PST_NONE, ref.tag the index),
                   a tag of the document, or neither (0, 1, 2: PST_LINK_*) */
  union {
    struct {
      uint32_t at, len;
    } text;        /* in the window's bytes; also for PLACE: the text there, as rules see it */
    double number; /* NUMBER, BOOL */
  } as;
  size_t start, end; /* PLACE: offsets in the text, or from the start of the paragraph `where` */
  uint32_t where; /* 1 + id of a paragraph that is not in the window, or 0: start and end are absolute */
  pst_ref ref;
} pst_attr;
enum { PST_LINK_NONE, PST_LINK_WINDOW, PST_LINK_DOC };

enum {
  PST_TAG_DEAD = 1,
  PST_TAG_NEST = 2,
  PST_TAG_PIN = 4,
  PST_TAG_ALIAS = 8,
  PST_TAG_HELPER = 32, /* its label begins with _ */
  PST_TAG_QUOTE = 64,
  PST_TAG_BLOCK = 128,
  PST_TAG_HOLE = 256 /* ignored: it stands in the text but not in the view */
};

typedef struct pst_wtag {
  uint32_t first, end;   /* core: items [first, end) */
  uint32_t wfirst, wend; /* wide span: contains the core */
  size_t start, stop;    /* core in the text, absolute bytes */
  uint16_t label, flags;
  uint32_t rule;    /* index of the rule */
  uint32_t attr;    /* first attribute or PST_NONE */
  uint32_t pattern; /* of the rule, from 0, or PST_NO_PATTERN: a term; not kept in notes */
  uint64_t has;     /* bit (name % 64) for each attribute */
  uint16_t caps;    /* capitals that its pattern asked for */
  int32_t prio;
  pst_ref same;         /* alias: its antecedent in the document */
  uint8_t fault, depth; /* quotations: has a fault; depth */
  uint8_t kind[2];      /* quotations: kind without and with a speaker */
  uint8_t quote;        /* quotations: PST_QUOTE_* flags (quote.h) */
  uint32_t outer;       /* quotations: 1 + tag of the innermost one around it, or 0 */
  uint32_t id;          /* its number in the paragraph, once it has one, else PST_NONE */
  uint32_t text, ntext; /* its words as rules see them, in the window's bytes, where they are not
                           those of the text and no attribute names it; else ntext is 0 */
} pst_wtag;

typedef struct pst_edge {
  uint32_t tag, next;
} pst_edge;

#define PST_NO_BLOCK UINT16_MAX

/* A paragraph of the window. */
typedef struct pst_wpara {
  uint32_t first, end; /* items; items[end] is the PARA item behind it */
  size_t start, stop;  /* in the text, absolute */
  uint32_t index;      /* of the paragraph in the document; one more than the one before */
  uint32_t id;         /* the paragraph's */
  uint16_t block;      /* label of the block that it is, or PST_NO_BLOCK */
  bool read;           /* its quotations, for the first time: */
  uint8_t open;        /* the family of marks that they leave open */
  uint32_t tag;        /* its first tag by place (pst_notes_load, pst_window_tidy) */
} pst_wpara;

/* Sets a bit of a row: one for each item of a window. */
static inline void pst_bit_set(uint64_t *row, uint32_t at) {
  row[at / 64] |= UINT64_C(1) << at % 64;
}

/* Where the tags of a label start and end, as bits over the window's items, and how far they spread.
 * Bits of tags that died later stay. */
typedef struct pst_label_rows {
  uint32_t row;    /* 1 + which pair of rows is the label's, or 0: no tag of it was placed */
  uint32_t spread; /* white space inside its longest tag, in runs */
  bool many;       /* one of its tags has more than one item */
  bool cuts;       /* one of its tags may cut a quotation, so that a pattern cannot take it */
} pst_label_rows;

/* A tag and what it is sorted by. */
typedef struct pst_keyed {
  uint64_t key;
  uint32_t tag;
} pst_keyed;

typedef struct pst_window {
  postil_mem mem;
  const char *text; /* a stretch of the document's text that holds all its paragraphs */
  size_t base;      /* where in the document that begins */
  pst_view view;
  pst_words words;
  PST_VEC(pst_wpara) para;
  PST_VEC(pst_wtag) tag;
  PST_VEC(pst_edge) edge;
  PST_VEC(uint32_t) head; /* an item: first edge that starts there, longest first; or PST_NONE */
  PST_VEC(uint32_t)
  quote_end;                  /* an item that starts an outermost quotation: item past it; else 0 */
  PST_VEC(uint32_t) quote_id; /* an item: 1 + tag index of the innermost quotation it is in, or 0 */
  PST_VEC(pst_attr) attr;
  PST_VEC(char) bytes;
  PST_VEC(uint32_t) order;  /* living tags by place (pst_window_order) */
  PST_VEC(pst_keyed) keyed; /* scratch of pst_tag_sort */
  PST_VEC(uint32_t) living; /* and of pst_tag_settle */
  PST_VEC(pst_label_rows) label;
  PST_VEC(uint64_t) bits; /* pairs of rows: starts, ends */
  size_t row_words;       /* of one row */
  bool quoted;            /* quotations are known */
  PST_VEC(uint64_t) here; /* an item: bit (label % 64) of each tag that starts there */
  pst_trace *trace;       /* who is told what becomes of candidates, or NULL */
} pst_window;

void pst_window_init(pst_window *w, const postil_mem *mem, const char *text);
/* The text from `at` on, which must lie in w->text. */
static inline const char *pst_window_text(const pst_window *w, size_t at) {
  return w->text + (at - w->base);
}
/* Empties it for the next batch; text offsets of the view will count from `base`. */
void pst_window_reset(pst_window *w, size_t base);
/* The same, but the first `tags` tags (if any, with all attributes) stay, as holes: no pattern sees
 * them. */
void pst_window_reopen(pst_window *w, size_t base, size_t tags);
void pst_window_free(pst_window *w);
/* Makes head, quote_end, quote_id as long as the items, all empty.  Call after the last paragraph.
 */
bool pst_window_ready(pst_window *w);
/* Enters an outer or inner quotation, outer ones first, into quote_end and quote_id. */
void pst_window_quote(pst_window *w, uint32_t tag);
/* Puts a tag where patterns see it (edges from core and wide start).  False: no memory. */
bool pst_window_place(pst_window *w, uint32_t tag);
/* Notes an item as a place of a label that has no tag there.  False: no memory. */
bool pst_window_mark(pst_window *w, uint16_t label, uint32_t item);
/* Says that no tag of a label starts at an item. */
void pst_window_unmark(pst_window *w, uint16_t label, uint32_t item);
/* Bits of the items where tags of a label start, and of those before which they end (core or wide);
 * NULL: no tag of it was placed. */
const uint64_t *pst_window_starts(const pst_window *w, uint16_t label);
const uint64_t *pst_window_ends(const pst_window *w, uint16_t label);
/* Can a pattern surely take a tag of the label wherever one starts? */
bool pst_window_whole(const pst_window *w, uint16_t label);
uint32_t pst_window_spread(const pst_window *w, uint16_t label);
/* The first attribute `name` of a tag, or NULL. */
const pst_attr *pst_window_attr(const pst_window *w, const pst_wtag *tag, uint32_t name);
/* Text of items [first, end) as attributes have it: the view's characters, each run of white space
 * one space; appended to w->bytes.  False: no memory. */
bool pst_window_words(pst_window *w, uint32_t first, uint32_t end, uint32_t *at, uint32_t *len);

/* The same of bytes [from, to) of the view. */
bool pst_window_view(pst_window *w, size_t from, size_t to, uint32_t *at, uint32_t *len);
/* Copies bytes into w->bytes: *at is where.  False: no memory. */
bool pst_window_keep(pst_window *w, const char *bytes, size_t len, uint32_t *at);
/* Gives a tag an attribute; one of that name is replaced.  False: no memory. */
bool pst_window_set(pst_window *w, uint32_t tag, pst_attr attr);

/* The window's paragraph of this id, or NULL. */
const pst_wpara *pst_window_para(const pst_window *w, uint32_t id);
/* Items that cover a span of the text inside a paragraph; false when folding left nothing of it. */
bool pst_window_items(const pst_window *w, const pst_wpara *para, size_t start, size_t stop,
                      uint32_t *first, uint32_t *end);

/* Which of two candidates goes first: pin, prio, longer, more capitals, earlier rule, leftmost; and
 * which of these it is that tells. */
int pst_tag_stronger(const pst_wtag *a, const pst_wtag *b);
pst_told_strength pst_tag_strength(const pst_wtag *a, const pst_wtag *b);
/* Tells the window's trace, which there is, of a tag of the window or one that is not in it, and of
 * another that decided (or NULL).  FOUND and AMENDED: the whole match is `match`, else NULL. */
PST_TELLS void pst_window_tell(const pst_window *w, pst_told_kind kind, unsigned how,
                               const pst_wtag *tag, const pst_wtag *by, const pst_span *match);
/* Is it a living tag that takes words for itself? */
static inline bool pst_tag_is_entity(const pst_wtag *t) {
  return !(t->flags &
           (PST_TAG_DEAD | PST_TAG_HELPER | PST_TAG_QUOTE | PST_TAG_BLOCK | PST_TAG_HOLE));
}
/* Do two tags overlap in a way that only one of them may have? */
bool pst_tag_collide(const pst_wtag *a, const pst_wtag *b);
/* Room for n tags and what they are to be sorted by, or NULL; they in order, good until the next
 * call. */
pst_keyed *pst_keyed_room(pst_window *w, size_t n);
const pst_keyed *pst_keyed_sort(pst_window *w, size_t n);
/* Sorts n tags by place, longer first, or strongest first.  False: no memory. */
bool pst_tag_sort(pst_window *w, uint32_t *tags, size_t n, bool strongest);
/* Settles tags (*n indices, in any order) among themselves: the weaker of two that overlap dies;
 * one may hold the other whole if either says nest.  With `merge`, tags of one label and the same
 * core become one: the stronger, with those of the other's attributes that it has not.  What lives
 * is left in tags, by place. */
bool pst_tag_settle(pst_window *w, uint32_t *tags, size_t *n, bool merge);

/* ---- Notes: a paragraph's tags, packed in one block ---- */

/* Where a value stands, and the tag that stands there. */
typedef struct pst_note_place {
  uint32_t start, end, where; /* bytes from the start of paragraph `where` (its id) */
  pst_ref ref;                /* or PST_NONE twice */
} pst_note_place;

#define PST_NOT_OWN UINT8_MAX

typedef struct pst_note_attr {
  uint16_t name;
  uint8_t type, own; /* text: its length where it lies here, or PST_NOT_OWN (pst_note_text) */
  uint32_t place;    /* 1 + a place, or 0 */
  union {
    double number;
    char own[8];
    struct {
      uint32_t at, len; /* bytes of the notes */
    } text;
  } as;
} pst_note_attr;

/* What few notes need.  Items count from the paragraph's first. */
typedef struct pst_note_more {
  uint32_t end, wfirst, wend;
  pst_ref same;
  uint32_t text, ntext; /* as in pst_wtag, in the bytes of the notes */
} pst_note_more;

typedef struct pst_note {
  uint32_t start, end; /* bytes from the paragraph's start */
  uint32_t first;      /* item, from the paragraph's first */
  uint32_t rule, id;
  uint32_t attr, more; /* first attribute; 1 + its pst_note_more, or 0 */
  uint16_t label, flags, items, nattrs;
  uint8_t fault, depth, quote, kind; /* kind: without a speaker, and with one in the high half */
} pst_note;

typedef struct pst_notes {
  uint32_t n, nattrs, nplaces, nmores, nids, nbytes;
  pst_note *note;      /* by start, longer first */
  pst_note_attr *attr; /* each note's by name */
  pst_note_place *place;
  pst_note_more *more;
  uint32_t *by_id; /* where ids do not ascend (else nids is 0): notes by id */
  char *bytes;
} pst_notes;

/* Helper labels whose tags are still of use: those with a bit of the mask. */
typedef struct pst_keep {
  const uint8_t *of_label;
  uint8_t mask;
} pst_keep;

/* Helpers that are of no use die, but for those with one of the flags `spared`. */
void pst_window_drop(pst_window *w, const pst_keep *keep, unsigned spared);
/* Sorts the window's living tags by place: what packing goes by.  False: no memory. */
bool pst_window_order(pst_window *w);
/* Makes the living tags, ordered and numbered, the window's only ones: by place and placed anew, as
 * if their notes had been made and loaded into a window of the same paragraphs.  The tag with id i of
 * a paragraph, if ids count from 0, is i behind the paragraph's `tag`.  Quotations are not entered.
 * False: no memory; the window is of no use then. */
bool pst_window_tidy(pst_window *w);
/* Gives the tags of window paragraph `p` that have no id one from *next on, by place.  Do this for
 * all paragraphs before any is packed, so that links find ids.  False: no memory. */
bool pst_notes_number(pst_window *w, size_t p, uint32_t *next);
/* The same with ids that stay when text beside the tags is edited: each is made of the label and
 * the words, and of how many such tags stand before it in the paragraph.  Those of the second pass
 * (`late`) have the highest bit, so that none is one of the first. */
bool pst_notes_number_by_words(pst_window *w, size_t p, bool late);
/* Do two blocks say the same? */
bool pst_notes_same(const pst_notes *a, const pst_notes *b);
/* Packs the living tags of window paragraph `p` into one allocation.  Links to tags of the window
 * become refs.  *out is NULL when there is none. */
bool pst_notes_pack(pst_window *w, size_t p, pst_notes **out);
/* A copy without helpers that are of no use, or the notes themselves when there are none; *out is
 * NULL when nothing is left. */
bool pst_notes_trim(const postil_mem *mem, pst_notes *notes, const pst_keep *keep, pst_notes **out);
/* All of `a`, and what of `b` has an id that `a` lacks; either may be NULL, and *out then, too. */
bool pst_notes_join(const postil_mem *mem, const pst_notes *a, const pst_notes *b,
                    pst_notes **out);
void pst_notes_free(const postil_mem *mem, pst_notes *notes);
/* Puts the notes of window paragraph `p` back as tags; all but aliases and holes are placed. */
bool pst_notes_load(pst_window *w, size_t p, const pst_notes *notes);
const pst_note *pst_notes_find(const pst_notes *notes, uint32_t id);
const pst_note_attr *pst_notes_attr(const pst_notes *notes, const pst_note *note, uint32_t name);
/* The value of a STRING or PLACE. */
pst_str pst_note_text(const pst_notes *notes, const pst_note_attr *attr);
/* Where it stands; NULL: nowhere. */
const pst_note_place *pst_note_place_of(const pst_notes *notes, const pst_note_attr *attr);
/* The antecedent, or PST_NONE twice. */
pst_ref pst_note_same(const pst_notes *notes, const pst_note *note);
/* The words of a note as rules see them, where they are not those of the text; else empty. */
pst_str pst_note_words(const pst_notes *notes, const pst_note *note);

#endif
