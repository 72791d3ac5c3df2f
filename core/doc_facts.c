/* doc_facts.c - facts by key: which tags carry which value of an attribute (rules.md 1.4, stage 5).
 */
#include "doc.h"

static bool runs_on(unsigned char c) {
  return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Facts are hashed by their first run of letters, so that a place of the text can be asked. */
static uint32_t hash_key(uint16_t label, uint16_t attr, const char *at, size_t len) {
  uint32_t h = 2166136261u ^ label ^ ((uint32_t)attr << 16);
  for (size_t i = 0; i < len && (i == 0 || runs_on((unsigned char)at[i])); i++)
    h = (h ^ (unsigned char)at[i]) * 16777619u;
  return h;
}

/* One bit of the filter: the first two bytes of a value, as a place of the text has them, too. */
static uint32_t prefix_bit(const char *at, size_t len) {
  uint32_t two = (uint32_t)(unsigned char)at[0] << 8;
  return len > 1 ? two | (unsigned char)at[1] : two;
}

bool pst_doc_fact_may(const postil_doc *doc, uint32_t item) {
  const pst_item *it = &doc->w.words.item.at[item];
  if (!it->len) return false;
  const char *at = doc->w.view.bytes.at + it->at;
  uint32_t bit = prefix_bit(at, doc->w.view.bytes.n - it->at), one = prefix_bit(at, 1);
  const uint32_t *filter = doc->facts.filter;
  return (filter[bit / 32] >> bit % 32 & 1) || (filter[one / 32] >> one % 32 & 1);
}

static bool grow_buckets(postil_doc *doc) {
  pst_facts *f = &doc->facts;
  if (f->fact.n < f->nbuckets) return true;
  size_t n = f->nbuckets ? f->nbuckets * 2 : 64;
  uint32_t *bucket = pst_mem_new(&doc->mem, n, sizeof *bucket);
  if (!bucket) return false;
  memset(bucket, 0xff, n * sizeof *bucket);
  for (size_t i = 0; i < f->fact.n; i++) {
    uint32_t *at = &bucket[f->fact.at[i].hash & (n - 1)];
    f->fact.at[i].next = *at;
    *at = (uint32_t)i;
  }
  pst_mem_free(&doc->mem, f->bucket, f->nbuckets, sizeof *f->bucket);
  f->bucket = bucket;
  f->nbuckets = n;
  return true;
}

static pst_fact *find_fact(const postil_doc *doc, uint16_t label, uint16_t attr, const char *value,
                           size_t len) {
  const pst_facts *f = &doc->facts;
  if (!f->nbuckets) return NULL;
  uint32_t hash = hash_key(label, attr, value, len);
  for (uint32_t i = f->bucket[hash & (f->nbuckets - 1)]; i != PST_NONE; i = f->fact.at[i].next) {
    pst_fact *fact = &f->fact.at[i];
    if (fact->hash == hash && fact->label == label && fact->attr == attr && fact->len == len &&
        memcmp(fact->value, value, len) == 0)
      return fact;
  }
  return NULL;
}

/* Takes back what a paragraph has contributed; it was the last. */
static void take_back(postil_doc *doc, uint32_t para) {
  for (size_t i = 0; i < doc->facts.fact.n; i++) {
    pst_fact *fact = &doc->facts.fact.at[i];
    while (fact->by.n && fact->by.at[fact->by.n - 1].ref.para == para) fact->by.n--;
  }
}

static bool add_fact(postil_doc *doc, uint16_t label, uint16_t attr, const char *value, size_t len,
                     pst_bearer by) {
  pst_fact *fact = find_fact(doc, label, attr, value, len);
  if (!fact) {
    pst_fact made;
    memset(&made, 0, sizeof made);
    made.hash = hash_key(label, attr, value, len);
    made.label = label;
    made.attr = attr;
    made.len = len;
    char *copy = pst_arena_get(&doc->arena, len);
    if (!copy || !grow_buckets(doc)) return false;
    memcpy(copy, value, len);
    made.value = copy;
    uint32_t bit = prefix_bit(value, len);
    doc->facts.filter[bit / 32] |= 1u << bit % 32;
    uint32_t *bucket = &doc->facts.bucket[made.hash & (doc->facts.nbuckets - 1)];
    made.next = *bucket;
    if (!PST_PUSH(&doc->mem, &doc->facts.fact, made)) return false;
    *bucket = (uint32_t)(doc->facts.fact.n - 1);
    fact = &doc->facts.fact.at[*bucket];
  }
  return PST_PUSH(&doc->mem, &fact->by, by);
}

static const pst_note *note_of(const postil_doc *doc, pst_ref ref) {
  const pst_para *p = pst_doc_by_id(doc, ref.para, NULL);
  return p ? pst_notes_find(p->notes, ref.tag) : NULL;
}

static bool text_attr(const pst_notes *notes, const pst_note *note, uint16_t name, const char **at,
                      size_t *len) {
  const pst_note_attr *a = pst_notes_attr(notes, note, name);
  if (!a || (a->type != POSTIL_STRING && a->type != POSTIL_PLACE)) return false;
  pst_str text = pst_note_text(notes, a);
  if (!text.len) return false;
  *at = text.at;
  *len = text.len;
  return true;
}

bool pst_doc_name(const postil_doc *doc, pst_ref ref, const char **name, size_t *len) {
  enum { HOPS = 8 }; /* an alias points at a full mention, never round in a ring */
  for (int hop = 0; hop < HOPS; hop++) {
    size_t i;
    const pst_note *note = note_of(doc, ref);
    if (!note) return false;
    const pst_para *para = pst_doc_by_id(doc, ref.para, &i);
    pst_ref same = pst_note_same(para->notes, note);
    if (same.para != PST_NONE && note_of(doc, same)) {
      ref = same;
      continue;
    }
    if (text_attr(para->notes, note, doc->rules->is_attr, name, len)) return true;
    if (text_attr(para->notes, note, doc->rules->name_attr, name, len)) return true;
    pst_str words = pst_note_words(para->notes, note);
    *name = words.len ? words.at : pst_doc_bytes(doc, i) + note->start;
    *len = words.len ? words.len : note->end - note->start;
    return true;
  }
  return false;
}

bool pst_doc_contribute(postil_doc *doc, size_t i) {
  const pst_para *para = pst_doc_para(doc, i);
  const pst_notes *notes = para->notes;
  const pst_label_list *keys = &doc->rules->keys;
  for (size_t t = 0; notes && t < notes->n; t++)
    for (size_t k = 0; k + 1 < keys->n; k += 2) {
      const pst_note *note = &notes->note[t];
      if (note->label != keys->at[k]) continue;
      const pst_note_attr *a = pst_notes_attr(notes, note, keys->at[k + 1]);
      if (!a || (a->type != POSTIL_STRING && a->type != POSTIL_PLACE)) continue;
      const pst_note_place *place = pst_note_place_of(notes, a);
      pst_str value = pst_note_text(notes, a);
      if (place && place->ref.para != PST_NONE)
        pst_doc_name(doc, place->ref, &value.at, &value.len);
      pst_bearer by = {{para->id, note->id}, note->start};
      if (value.len && !add_fact(doc, keys->at[k], keys->at[k + 1], value.at, value.len, by)) {
        take_back(doc, para->id);
        return false;
      }
    }
  return true;
}

/* What a tag of the first pass is called, as pst_doc_name has it. */
static pst_str name_of(const postil_doc *doc, const pst_wtag *t) {
  const pst_window *w = &doc->w;
  const uint16_t names[] = {doc->rules->is_attr, doc->rules->name_attr};
  for (size_t i = 0; i < PST_COUNT(names); i++) {
    const pst_attr *a = pst_window_attr(w, t, names[i]);
    if (!a || (a->type != POSTIL_STRING && a->type != POSTIL_PLACE) || !a->as.text.len) continue;
    pst_str text = {w->bytes.at + a->as.text.at, a->as.text.len};
    return text;
  }
  pst_str own = {t->ntext ? w->bytes.at + t->text : pst_window_text(w, t->start),
                 t->ntext ? t->ntext : t->stop - t->start};
  return own;
}

bool pst_doc_contribute_window(postil_doc *doc) {
  const pst_window *w = &doc->w;
  const pst_label_list *keys = &doc->rules->keys;
  size_t p = 0;
  for (size_t i = 0; i < w->tag.n; i++) {
    const pst_wtag *t = &w->tag.at[i];
    while (w->para.at[p].stop <= t->start) p++;
    for (size_t k = 0; k + 1 < keys->n; k += 2) {
      const pst_attr *a = t->label == keys->at[k] ? pst_window_attr(w, t, keys->at[k + 1]) : NULL;
      if (!a || (a->type != POSTIL_STRING && a->type != POSTIL_PLACE)) continue;
      pst_str value = {w->bytes.at + a->as.text.at, a->as.text.len};
      if (a->link == PST_LINK_WINDOW) value = name_of(doc, &w->tag.at[a->ref.tag]);
      pst_bearer by = {{w->para.at[p].id, t->id}, (uint32_t)(t->start - w->para.at[p].start)};
      if (value.len && !add_fact(doc, keys->at[k], keys->at[k + 1], value.at, value.len, by))
        return false;
    }
  }
  return true;
}

/* The contributor nearest before a place, else the first after it. */
static pst_ref nearest(const postil_doc *doc, const pst_fact *fact, size_t at) {
  size_t lo = 0, hi = fact->by.n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2, para;
    pst_doc_by_id(doc, fact->by.at[mid].ref.para, &para);
    if (pst_doc_start(doc, para) + fact->by.at[mid].at < at)
      lo = mid + 1;
    else
      hi = mid;
  }
  return fact->by.at[lo ? lo - 1 : 0].ref;
}

/* Does the value stand in the view at `at`?  A space of it is any white space.  Where it ends, or
 * 0. */
static size_t stands_at(const pst_window *w, size_t at, size_t limit, const char *value,
                        size_t len) {
  const char *view = w->view.bytes.at;
  for (size_t i = 0; i < len; i++) {
    if (at >= limit || view[at] != value[i]) return 0;
    at++;
    if (value[i] == ' ')
      while (at < limit && view[at] == ' ') at++;
  }
  return at;
}

uint32_t pst_doc_fact_at(const postil_doc *doc, const pst_window *w, uint16_t label, uint16_t attr,
                         uint32_t item, pst_ref *from) {
  const pst_facts *f = &doc->facts;
  const pst_item *items = w->words.item.at;
  if (!f->nbuckets || items[item].cls & PST_PARA) return 0;
  uint32_t last = pst_doc_para_of_item(w, item)->end, best = 0;
  size_t at = items[item].at, limit = (size_t)items[last - 1].at + items[last - 1].len;
  uint32_t hash = hash_key(label, attr, w->view.bytes.at + at, limit - at);
  for (uint32_t i = f->bucket[hash & (f->nbuckets - 1)]; i != PST_NONE; i = f->fact.at[i].next) {
    const pst_fact *fact = &f->fact.at[i];
    if (fact->hash != hash || fact->label != label || fact->attr != attr) continue;
    size_t stop = stands_at(w, at, limit, fact->value, fact->len);
    if (!stop) continue;
    uint32_t end = item;
    while (end < last && (size_t)items[end].at + items[end].len <= stop) end++;
    if (end == item || (size_t)items[end - 1].at + items[end - 1].len != stop || end - item <= best)
      continue;
    best = end - item;
    *from = nearest(doc, fact, pst_view_text_start(&w->view, at));
  }
  return best;
}

bool pst_doc_fact_of(const postil_doc *doc, uint16_t label, uint16_t attr, const char *value,
                     size_t len, size_t at, pst_ref *from) {
  const pst_fact *fact = len ? find_fact(doc, label, attr, value, len) : NULL;
  if (!fact) return false;
  *from = nearest(doc, fact, at);
  return true;
}

void pst_doc_facts_free(postil_doc *doc) {
  pst_facts *f = &doc->facts;
  for (size_t i = 0; i < f->fact.n; i++) PST_FREE(&doc->mem, &f->fact.at[i].by);
  PST_FREE(&doc->mem, &f->fact);
  pst_mem_free(&doc->mem, f->bucket, f->nbuckets, sizeof *f->bucket);
}

void pst_doc_facts_forget(postil_doc *doc) {
  pst_doc_facts_free(doc);
  memset(&doc->facts, 0, sizeof doc->facts);
  pst_arena_reset(&doc->arena);
}
