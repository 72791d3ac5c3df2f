/* word.h - words of a view: items between edges, their classes, sentences; and the lexicon.
 *
 * An item is what stands between two edges (rules.md 1.2): a run of letters, a number (with inner
 * , . and no-break spaces between digits), a possessive ('s or ' after a word), or one mark.  A
 * text word (Jean-Pierre, O'Neill, COVID-19, U.S) is one or more items.
 */
#ifndef PST_WORD_H
#define PST_WORD_H

#include "view.h"

enum pst_class {
  PST_WORD = 1,   /* starts a text word with a letter: <word> */
  PST_CAP = 2,    /* <cap> */
  PST_UPPER = 4,  /* <upper> */
  PST_LOWER = 8,  /* <lower> */
  PST_NUM = 16,   /* <num> */
  PST_MARK = 32,  /* a mark */
  PST_SENT = 64,  /* a sentence ends after this item */
  PST_GLUE = 128, /* no white space before it */
  PST_PARA = 256, /* the break between two paragraphs; one stands at either end */
  PST_POSS = 512  /* a possessive 's or ' */
};

typedef struct pst_item {
  uint32_t at;  /* offset in the view's bytes */
  uint16_t len; /* bytes; a longer run is split */
  uint16_t cls;
  uint32_t id;   /* of the folded word in the lexicon; unknown words: PST_UNKNOWN | hash bits */
  uint32_t up;   /* bit k: letter k is upper case (31: any beyond) */
  uint8_t words; /* items of the text word that starts here (0: none starts) */
  uint8_t caps;  /* items that <cap> takes here (an initial takes its stop), 0 if it does not fit */
  uint16_t extra; /* of the cut: 1 where there is a lower-case letter; later the word labels that
                     the item has (start.h) */
} pst_item;

#define PST_UNKNOWN 0x80000000u

/* Words that rules and terms know, by their folded (lower case) bytes.  Ids count from 1; up to
 * 127 they are single ASCII characters (letters in lower case), which every lexicon knows. */
typedef struct pst_lexicon pst_lexicon;
pst_lexicon *pst_lexicon_new(const postil_mem *mem);
void pst_lexicon_free(pst_lexicon *lex);
/* Id of a word (any case), added if it is new; 0 when memory runs out. */
uint32_t pst_lexicon_add(pst_lexicon *lex, const char *word, size_t len);
/* Its id, or PST_UNKNOWN | hash.  Words that fold alike have equal ids, also unknown ones. */
uint32_t pst_lexicon_find(const pst_lexicon *lex, const char *word, size_t len);
size_t pst_lexicon_count(const pst_lexicon *lex);
/* The folded bytes of a word by its id, which is looked for among all: how many (0: not known), of
 * which as many as there is room for are written to buf. */
size_t pst_lexicon_word(const pst_lexicon *lex, uint32_t id, char *buf, size_t room);
/* Goes over the words: each one's id, what its id would be were it unknown, and its folded bytes,
 * lent for the call. */
typedef void (*pst_lexicon_fn)(void *ud, uint32_t id, uint32_t unknown, const char *word,
                               size_t len);
void pst_lexicon_visit(const pst_lexicon *lex, pst_lexicon_fn fn, void *ud);
/* Whether a word, in any case, folds to these n bytes. */
bool pst_word_folds(const char *word, size_t len, const char *folded, size_t n);

typedef struct pst_words {
  PST_VEC(pst_item) item;
} pst_words;

/* Appends the items of view bytes [start, end) - one paragraph - and a PST_PARA item behind them
 * (and one in front if there is no item yet).  Marks sentence ends.  `locale` NULL means "en".
 * False: no memory. */
bool pst_words_add(pst_words *words, const postil_mem *mem, const pst_lexicon *lex,
                   const char *view, size_t start, size_t end, const char *locale);
/* The same cut for literal characters of a pattern or term (already folded): words are added to
 * the lexicon, no PARA items.  PST_GLUE on the first item is not set.  Here 's is a possessive
 * also at the start and behind white space, so a pattern's "<country> 's" must be handed over
 * with its ' and s together. */
bool pst_words_literal(pst_words *words, const postil_mem *mem, pst_lexicon *lex, const char *bytes,
                       size_t len);
/* The same for a short literal that is ASCII words with spaces between, which is what most terms
 * are, several times as fast; it need not be folded.  Of an item only id, at, len and up are set.
 * *simple is false if it is none such: some items may have been appended, and the way to go is
 * pst_words_literal. */
bool pst_words_simple(pst_words *words, const postil_mem *mem, pst_lexicon *lex, const char *bytes,
                      size_t len, bool *simple);
void pst_words_free(pst_words *words, const postil_mem *mem);

#endif
