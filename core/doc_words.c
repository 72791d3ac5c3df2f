/* doc_words.c - which words stand in the paragraphs of a document that follows edits, so that a
 * value that comes or goes finds those whose aliases look for it.
 *
 * A paragraph keeps 16 bits of the hash of each word, a sheet a Bloom filter of its paragraphs
 * (B. H. Bloom, Space/time trade-offs in hash coding with allowable errors, 1970).  An alias takes
 * words that no entity has, or names an entity of its own label: so a word that an entity has
 * counts only for values of that label.
 */
#include "doc.h"

enum { SHEET_BITS = 3 }; /* of a key */

/* A hash of the letters that a value begins with, or what stands at a place of the text; aliases
 * are looked up by such a run, too (doc_facts.c). */
static uint64_t run_hash(const char *at, size_t len) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < len && (i == 0 || pst_runs_on((unsigned char)at[i])); i++)
    hash = (hash ^ (unsigned char)at[i]) * UINT64_C(1099511628211);
  return hash;
}

/* The key of a run that no entity has (PST_NO_LABEL), or one of this label. */
static uint64_t key_of(uint64_t run, uint16_t label) { return pst_mix(pst_mix(run, label), 0); }

/* What of a key stands in the list of a paragraph, and where in the filter of a sheet. */
static uint16_t short_key(uint64_t key) { return (uint16_t)(key >> 48); }
static uint32_t sheet_bit(const pst_sheet *sheet, uint64_t key, int k) {
  return key >> 16 * k & (PST_COUNT(sheet->filter) * 32 - 1);
}

static bool sheet_may(const pst_sheet *sheet, uint64_t key) {
  bool may = true;
  for (int k = 0; k < SHEET_BITS && may; k++) {
    uint32_t bit = sheet_bit(sheet, key, k);
    may = sheet->filter[bit / 32] >> bit % 32 & 1;
  }
  return may;
}

static bool para_may(const pst_para *para, const uint16_t *keys, size_t n) {
  for (size_t i = 0; i < para->nwords; i++)
    for (size_t k = 0; k < n; k++)
      if (para->word[i] == keys[k]) return true;
  return false;
}

/* ---- Noting ---- */

static bool push_key(postil_doc *doc, uint32_t para, uint64_t key) {
  pst_word_key word = {para, key};
  return PST_PUSH(&doc->mem, &doc->word, word);
}

void pst_doc_words_begin(postil_doc *doc) {
  doc->word.n = 0;
  doc->words_lost = false;
}

void pst_doc_note_word(postil_doc *doc, const pst_wpara *p, const char *value, size_t len) {
  if (!len) return;
  if (!push_key(doc, p->index, key_of(run_hash(value, len), PST_NO_LABEL))) doc->words_lost = true;
}

static bool is_asked(const postil_doc *doc, uint16_t label) {
  const pst_label_list *keys = &doc->rules->keys;
  for (size_t k = 0; k + 1 < keys->n; k += 2)
    if (keys->at[k] == label) return true;
  return false;
}

/* The run at an item of the paragraph. */
static uint64_t run_at(const postil_doc *doc, const pst_wpara *p, uint32_t i) {
  const pst_item *item = doc->w.words.item.at;
  size_t limit = (size_t)item[p->end - 1].at + item[p->end - 1].len;
  return run_hash(doc->w.view.bytes.at + item[i].at, limit - item[i].at);
}

/* Words that entities have. */
static bool push_taken(postil_doc *doc, const pst_wpara *p) {
  const pst_window *w = &doc->w;
  for (size_t i = p->tag; i < w->tag.n; i++) {
    const pst_wtag *t = &w->tag.at[i];
    if (t->id == PST_NONE || t->start >= p->stop) return true;
    if (!pst_tag_is_entity(t) || !is_asked(doc, t->label)) continue;
    for (uint32_t k = t->first; k < t->end && k < p->end; k++)
      if (!push_key(doc, p->index, key_of(run_at(doc, p, k), t->label))) return false;
  }
  return true;
}

/* Words that none has.  `all`: every word may matter, to every value. */
static bool push_free(postil_doc *doc, const pst_wpara *p, bool all) {
  const pst_label_list *wide = &doc->rules->wide;
  for (uint32_t i = p->first; i < p->end; i++) {
    if (!doc->w.words.item.at[i].len) continue;
    uint64_t run = run_at(doc, p, i);
    bool free = all || doc->veto.at[i] != doc->veto_serial;
    if (free && !push_key(doc, p->index, key_of(run, PST_NO_LABEL))) return false;
    for (size_t k = 0; k < wide->n && !free; k++)
      if (!push_key(doc, p->index, key_of(run, wide->at[k]))) return false;
  }
  return true;
}

/* Have aliases used much of what they may spend on the paragraph?  Then even tries in vain count. */
static bool is_close(const postil_doc *doc, const pst_wpara *p) {
  pst_matcher_budget(doc->matcher, p->end - p->first);
  return doc->work.at[p - doc->w.para.at] < pst_matcher_left(doc->matcher) / 2;
}

/* The keys that were pushed for a paragraph become its list. */
static bool take_list(postil_doc *doc, const pst_wpara *p) {
  pst_para *para = pst_doc_para(doc, p->index);
  pst_sheet *sheet = doc->sheet_of.at[para->id];
  size_t n = 0;
  for (size_t i = 0; i < doc->word.n; i++) n += doc->word.at[i].para == p->index;
  uint16_t *list = n ? pst_mem_new(&doc->mem, n, sizeof *list) : NULL;
  if (n && !list) return false;
  pst_doc_forget_words(doc, para);
  para->word = list;
  for (size_t i = 0; i < doc->word.n; i++) {
    uint64_t key = doc->word.at[i].key;
    if (doc->word.at[i].para != p->index) continue;
    para->word[para->nwords++] = short_key(key);
    for (int k = 0; k < SHEET_BITS; k++) {
      uint32_t bit = sheet_bit(sheet, key, k);
      sheet->filter[bit / 32] |= 1u << bit % 32;
    }
  }
  return true;
}

void pst_doc_forget_words(const postil_doc *doc, pst_para *para) {
  pst_mem_free(&doc->mem, para->word, para->nwords, sizeof *para->word);
  para->word = NULL;
  para->nwords = 0;
}

bool pst_doc_keep_words(postil_doc *doc, const pst_wpara *p) {
  size_t asked = doc->word.n;
  if (doc->words_lost) return false;
  bool ok = p->first == p->end || (push_taken(doc, p) && push_free(doc, p, is_close(doc, p)));
  ok = ok && take_list(doc, p);
  doc->word.n = asked;
  return ok;
}

/* ---- Reaching ---- */

/* A paragraph's aliases are due, and so is what looks ahead at it. */
static void mark_readers(postil_doc *doc, size_t i) {
  size_t ahead = doc->rules->amend_after, first = i > ahead ? i - ahead : 0;
  for (size_t p = first; p <= i; p++) pst_doc_mark(doc, p, PST_DUE_SPEAK);
}

void pst_doc_reach_word(postil_doc *doc, size_t from, size_t to, uint16_t label, const char *value,
                        size_t len) {
  uint64_t run = run_hash(value, len), key[] = {key_of(run, PST_NO_LABEL), key_of(run, label)};
  uint16_t shorts[] = {short_key(key[0]), short_key(key[1])};
  doc->names_changed = true;
  if (doc->due[PST_SPEAK] == doc->paras || from >= to) return;
  for (size_t s = pst_doc_slot_of(doc, from); s < doc->slot.n && doc->slot.at[s].first < to; s++) {
    const pst_slot *slot = &doc->slot.at[s];
    const pst_sheet *sheet = slot->sheet;
    if (slot->due[PST_SPEAK] == sheet->para.n) continue;
    if (!sheet_may(sheet, key[0]) && !sheet_may(sheet, key[1])) continue;
    for (size_t p = 0; p < sheet->para.n && slot->first + p < to; p++)
      if (slot->first + p >= from && para_may(&sheet->para.at[p], shorts, PST_COUNT(shorts)))
        mark_readers(doc, slot->first + p);
  }
}
