/* tag.h - tags: the window that rules work on, settling overlaps, packed notes of a paragraph.
 *
 * A window is a batch of paragraphs, folded and cut into items, with the tags placed on them so far.  A tag
 * is an edge from item `first` to item `end`; `<X>` in a pattern walks along it.  When a paragraph is done
 * its tags are packed into one block of notes whose offsets count from the paragraph's start.
 */
#ifndef PST_TAG_H
#define PST_TAG_H

#include "word.h"

#define PST_NONE UINT32_MAX

/* Interned names: labels and attributes.  Ids count from 0. */
typedef struct pst_names {
  PST_VEC(char *) at; /* zero-terminated, owned */
} pst_names;
/* The id of a name, added if new; PST_NONE when memory runs out. */
uint32_t pst_names_add(pst_names *names, const postil_mem *mem, const char *name, size_t len);
uint32_t pst_names_find(const pst_names *names, const char *name, size_t len);
void pst_names_free(pst_names *names, const postil_mem *mem);

/* Where a tag of the document lives: paragraph and place among its notes.  Both PST_NONE: nowhere. */
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
    } text; /* in the window's bytes; also for PLACE: the text there, as rules see it */
    double number; /* NUMBER, BOOL */
  } as;
  size_t start, end; /* PLACE: offsets in the text */
  pst_ref ref;
} pst_attr;
enum { PST_LINK_NONE, PST_LINK_WINDOW, PST_LINK_DOC };

enum { PST_TAG_DEAD = 1, PST_TAG_NEST = 2, PST_TAG_PIN = 4, PST_TAG_ALIAS = 8,
       PST_TAG_GIVEN = 16 /* loaded from notes: settled already */ };

typedef struct pst_wtag {
  uint32_t first, end;    /* core: items [first, end) */
  uint32_t wfirst, wend;  /* wide span: contains the core */
  size_t start, stop;     /* core in the text, absolute bytes */
  uint16_t label, flags;
  uint32_t rule;          /* index of the rule */
  uint32_t attr;          /* first attribute or PST_NONE */
  uint64_t has;           /* bit (name % 64) for each attribute */
  uint16_t caps;          /* capitals that its pattern asked for */
  uint8_t fault, depth;   /* quotations: has a fault; depth */
  uint32_t extra;         /* quotations: index among the paragraph's quotations */
} pst_wtag;

typedef struct pst_edge {
  uint32_t tag, next;
} pst_edge;

/* A paragraph of the window. */
typedef struct pst_wpara {
  uint32_t first, end; /* items; items[end] is the PARA item behind it */
  size_t start, stop;  /* in the text, absolute */
  uint32_t index;      /* of the paragraph in the document */
} pst_wpara;

typedef struct pst_window {
  postil_mem mem;
  const char *text; /* of the document */
  size_t len;
  pst_view view;
  pst_words words;
  PST_VEC(pst_wpara) para;
  PST_VEC(pst_wtag) tag;
  PST_VEC(pst_edge) edge;
  PST_VEC(uint32_t) head;      /* an item: first edge that starts there, longest first; or PST_NONE */
  PST_VEC(uint32_t) quote_end; /* an item that starts an outermost quotation: item past it; else 0 */
  PST_VEC(uint32_t) quote_id;  /* an item: 1 + tag index of the innermost quotation it is in, or 0 */
  PST_VEC(pst_attr) attr;
  PST_VEC(char) bytes;
} pst_window;

void pst_window_init(pst_window *w, const postil_mem *mem, const char *text, size_t len);
/* Empties it for the next batch; text offsets of the view will count from `base`. */
void pst_window_reset(pst_window *w, size_t base);
void pst_window_free(pst_window *w);
/* Makes head, quote_end, quote_id as long as the items, all empty.  Call after the last paragraph. */
bool pst_window_ready(pst_window *w);
/* Puts a tag where patterns see it (edges from core and wide start).  False: no memory. */
bool pst_window_place(pst_window *w, uint32_t tag);
/* The first attribute `name` of a tag, or NULL. */
const pst_attr *pst_window_attr(const pst_window *w, const pst_wtag *tag, uint32_t name);
/* Text of items [first, end) as attributes have it: the view's characters, each run of white space one
 * space; appended to w->bytes.  False: no memory. */
bool pst_window_words(pst_window *w, uint32_t first, uint32_t end, uint32_t *at, uint32_t *len);

#endif
