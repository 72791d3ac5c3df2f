/* doc_facts.c - facts by key: which tags carry which value of an attribute (rules.md 1.4, stage 5).
 */
#include "doc.h"

/* Facts are hashed by their first run of letters, so that a place of the text can be asked. */
static uint32_t hash_key(uint16_t label, uint16_t attr, const char *at, size_t len) {
  uint32_t h = 2166136261u ^ label ^ ((uint32_t)attr << 16);
  for (size_t i = 0; i < len && (i == 0 || pst_runs_on((unsigned char)at[i])); i++)
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
    if (!f->fact.at[i].value) continue;
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

/* Frees a fact that nothing carries. */
static void drop_fact(postil_doc *doc, uint32_t index) {
  pst_facts *f = &doc->facts;
  pst_fact *fact = &f->fact.at[index];
  uint32_t *link = &f->bucket[fact->hash & (f->nbuckets - 1)];
  while (*link != index) link = &f->fact.at[*link].next;
  *link = fact->next;
  PST_FREE(&doc->mem, &fact->by);
  pst_mem_free(&doc->mem, fact->value, fact->len + 1, 1);
  memset(fact, 0, sizeof *fact);
  fact->next = f->free;
  f->free = index + 1;
}

/* The fact of this value, made if there is none; PST_NONE: no memory. */
static uint32_t fact_for(postil_doc *doc, uint16_t label, uint16_t attr, const char *value,
                         size_t len) {
  pst_facts *f = &doc->facts;
  const pst_fact *found = find_fact(doc, label, attr, value, len);
  if (found) return (uint32_t)(found - f->fact.at);
  pst_fact made;
  memset(&made, 0, sizeof made);
  made.hash = hash_key(label, attr, value, len);
  made.label = label;
  made.attr = attr;
  made.len = len;
  if (!grow_buckets(doc) || !PST_RESERVE(&doc->mem, &f->fact, 1)) return PST_NONE;
  made.value = pst_mem_copy(&doc->mem, value, len);
  if (!made.value) return PST_NONE;
  uint32_t bit = prefix_bit(value, len), index = f->free ? f->free - 1 : (uint32_t)f->fact.n++;
  if (f->free) f->free = f->fact.at[index].next;
  f->filter[bit / 32] |= 1u << bit % 32;
  uint32_t *bucket = &f->bucket[made.hash & (f->nbuckets - 1)];
  made.next = *bucket;
  f->fact.at[index] = made;
  *bucket = index;
  return index;
}

static const pst_note *note_of(const postil_doc *doc, pst_ref ref, bool first) {
  const pst_para *p = pst_doc_by_id(doc, ref.para, NULL);
  return p ? pst_notes_find(first ? pst_doc_first(p) : p->notes, ref.tag) : NULL;
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

static bool name_of_note(const postil_doc *doc, pst_ref ref, bool first, const char **name,
                         size_t *len) {
  enum { HOPS = 8 }; /* an alias points at a full mention, never round in a ring */
  for (int hop = 0; hop < HOPS; hop++) {
    size_t i;
    const pst_note *note = note_of(doc, ref, first);
    if (!note) return false;
    const pst_para *para = pst_doc_by_id(doc, ref.para, &i);
    const pst_notes *notes = first ? pst_doc_first(para) : para->notes;
    pst_ref same = pst_note_same(notes, note);
    if (same.para != PST_NONE && note_of(doc, same, first)) {
      ref = same;
      continue;
    }
    if (text_attr(notes, note, doc->rules->is_attr, name, len)) return true;
    if (text_attr(notes, note, doc->rules->name_attr, name, len)) return true;
    pst_str words = pst_note_words(notes, note);
    *name = words.len ? words.at : pst_doc_bytes(doc, i) + note->start;
    *len = words.len ? words.len : note->end - note->start;
    return true;
  }
  return false;
}

bool pst_doc_name(const postil_doc *doc, pst_ref ref, const char **name, size_t *len) {
  return name_of_note(doc, ref, false, name, len);
}

/* ---- Giving ---- */

uint64_t pst_doc_about(const postil_doc *doc, const pst_notes *notes, const pst_note *note) {
  const uint16_t names[] = {doc->rules->gender_attr, doc->rules->number_attr};
  uint64_t hash = 0;
  for (size_t i = 0; i < PST_COUNT(names); i++) {
    pst_str text = {NULL, 0};
    (void)text_attr(notes, note, names[i], &text.at, &text.len);
    hash = pst_mix_text(hash, text);
  }
  return hash;
}

/* What a note gives under key k: its value, or an empty one. */
static pst_str value_of(const postil_doc *doc, const pst_notes *notes, const pst_note *note,
                        size_t k) {
  const pst_label_list *keys = &doc->rules->keys;
  pst_str none = {NULL, 0};
  if (note->label != keys->at[k]) return none;
  const pst_note_attr *a = pst_notes_attr(notes, note, keys->at[k + 1]);
  if (!a || (a->type != POSTIL_STRING && a->type != POSTIL_PLACE)) return none;
  const pst_note_place *place = pst_note_place_of(notes, a);
  pst_str value = pst_note_text(notes, a);
  if (place && place->ref.para != PST_NONE)
    name_of_note(doc, place->ref, true, &value.at, &value.len);
  return value;
}

/* The gifts of a paragraph, in order, into doc->gift; facts are made for them.  False: no memory. */
static bool list_gifts(postil_doc *doc, const pst_para *para) {
  const pst_notes *notes = pst_doc_first(para);
  const pst_label_list *keys = &doc->rules->keys;
  doc->gift.n = 0;
  for (size_t t = 0; notes && t < notes->n; t++)
    for (size_t k = 0; k + 1 < keys->n; k += 2) {
      const pst_note *note = &notes->note[t];
      pst_str value = value_of(doc, notes, note, k);
      if (!value.len) continue;
      if (!PST_RESERVE(&doc->mem, &doc->gift, 1)) return false;
      pst_gift gift = {fact_for(doc, keys->at[k], keys->at[k + 1], value.at, value.len), note->id,
                       note->start, doc->follows ? pst_doc_about(doc, notes, note) : 0};
      if (gift.fact == PST_NONE) return false;
      doc->gift.at[doc->gift.n++] = gift;
    }
  return true;
}

/* Does bearer k stand before byte `at` of paragraph i? */
static bool bears_before(const postil_doc *doc, const pst_fact *fact, size_t k, size_t i,
                         uint32_t at) {
  size_t para = 0;
  pst_doc_by_id(doc, fact->by.at[k].ref.para, &para);
  return para < i || (para == i && fact->by.at[k].at < at);
}

/* The first bearer that does not stand before byte `at` of paragraph i.  Who asks for one often
 * asks for it again. */
static size_t bearer_from(const postil_doc *doc, pst_fact *fact, size_t i, uint32_t at) {
  size_t lo = 0, hi = fact->by.n, last = fact->last;
  if (last <= hi && (last == hi || !bears_before(doc, fact, last, i, at))) {
    hi = last;
    if (!last || bears_before(doc, fact, last - 1, i, at)) return last;
  }
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (bears_before(doc, fact, mid, i, at))
      lo = mid + 1;
    else
      hi = mid;
  }
  return fact->last = lo;
}

/* Aliases look at the nearest bearer before them, else at the first one behind: so what paragraph i
 * gives, or gave, is looked at from there to the next bearer, and if none stands before it from the
 * start.  `gone`: it stood before paragraph i and is no more. */
static void reach_readers(postil_doc *doc, pst_fact *fact, size_t i, bool gone) {
  size_t before = bearer_from(doc, fact, i, 0), behind = bearer_from(doc, fact, i + !gone, 0);
  size_t from = before ? i : 0, to = doc->paras;
  if (behind < fact->by.n && pst_doc_by_id(doc, fact->by.at[behind].ref.para, &to)) to++;
  pst_doc_reach_word(doc, from, to, fact->label, fact->value, fact->len);
}

/* Takes out what paragraph i bears. */
static void remove_bearers(const postil_doc *doc, pst_fact *fact, size_t i) {
  size_t from = bearer_from(doc, fact, i, 0), to = bearer_from(doc, fact, i + 1, 0);
  if (from == to) return;
  memmove(fact->by.at + from, fact->by.at + to, (fact->by.n - to) * sizeof *fact->by.at);
  fact->by.n -= to - from;
}

/* The same of a paragraph that has no place any more. */
static void remove_all(pst_fact *fact, uint32_t para) {
  size_t n = 0;
  for (size_t i = 0; i < fact->by.n; i++)
    if (fact->by.at[i].ref.para != para) fact->by.at[n++] = fact->by.at[i];
  fact->by.n = n;
}

/* Is a gift among n others, wherever it stands? */
static bool is_among(const pst_gift *gift, const pst_gift *others, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (others[i].fact == gift->fact && others[i].tag == gift->tag &&
        others[i].about == gift->about)
      return true;
  return false;
}

/* Does a paragraph give the same as before, only that it may stand elsewhere? */
static bool same_gifts(const pst_gift *old, size_t nold, const pst_gift *now, size_t n) {
  bool same = nold == n;
  for (size_t k = 0; k < n && same; k++)
    same = old[k].fact == now[k].fact && old[k].tag == now[k].tag;
  return same;
}

/* Bearers in paragraph i stand elsewhere in it now, in the same order. */
static void move_bearers(const postil_doc *doc, const pst_gift *old, const pst_gift *now, size_t n,
                         size_t i) {
  for (size_t k = 0; k < n; k++) {
    pst_fact *fact = &doc->facts.fact.at[old[k].fact];
    if (old[k].at == now[k].at) continue;
    size_t at = bearer_from(doc, fact, i, 0);
    while (fact->by.at[at].ref.tag != now[k].tag) at++;
    fact->by.at[at].at = now[k].at;
  }
}

/* Bearers in paragraph i go, others come.  There is room. */
static void replace_bearers(const postil_doc *doc, const pst_gift *old, size_t nold,
                            const pst_gift *now, size_t n, size_t i) {
  pst_fact *facts = doc->facts.fact.at;
  for (size_t k = 0; k < nold; k++) remove_bearers(doc, &facts[old[k].fact], i);
  for (size_t k = 0; k < n; k++) {
    pst_fact *fact = &facts[now[k].fact];
    pst_bearer by = {{pst_doc_para(doc, i)->id, now[k].tag}, now[k].at};
    size_t at = bearer_from(doc, fact, i, now[k].at + 1);
    memmove(fact->by.at + at + 1, fact->by.at + at, (fact->by.n++ - at) * sizeof by);
    fact->by.at[at] = by;
  }
}

/* Room for the bearers of doc->gift, and for what the paragraph keeps of it. */
static bool reserve_gifts(postil_doc *doc, pst_gift **kept) {
  size_t n = doc->gift.n;
  for (size_t i = 0; i < n; i++) {
    pst_fact *fact = &doc->facts.fact.at[doc->gift.at[i].fact];
    if (!PST_RESERVE(&doc->mem, &fact->by, n)) return false;
  }
  *kept = n ? pst_mem_new(&doc->mem, n, sizeof **kept) : NULL;
  return !n || *kept;
}

static void drop_bare(postil_doc *doc, const pst_gift *gift, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const pst_fact *fact = &doc->facts.fact.at[gift[i].fact];
    if (fact->value && !fact->by.n) drop_fact(doc, gift[i].fact);
  }
}

bool pst_doc_give(postil_doc *doc, size_t i) {
  pst_para *para = pst_doc_para(doc, i);
  pst_facts *f = &doc->facts;
  pst_gift *kept, *old = para->gift;
  size_t nold = para->ngifts, n;
  if (!list_gifts(doc, para) || !reserve_gifts(doc, &kept)) {
    drop_bare(doc, doc->gift.at, doc->gift.n);
    return false;
  }
  n = doc->gift.n;
  if (n) memcpy(kept, doc->gift.at, n * sizeof *kept);
  if (same_gifts(old, nold, kept, n))
    move_bearers(doc, old, kept, n, i);
  else
    replace_bearers(doc, old, nold, kept, n, i);
  for (size_t k = 0; k < nold; k++)
    if (!is_among(&old[k], kept, n)) reach_readers(doc, &f->fact.at[old[k].fact], i, false);
  for (size_t k = 0; k < n; k++)
    if (!is_among(&kept[k], old, nold)) reach_readers(doc, &f->fact.at[kept[k].fact], i, false);
  para->gift = kept;
  para->ngifts = (uint32_t)n;
  drop_bare(doc, old, nold);
  pst_mem_free(&doc->mem, old, nold, sizeof *old);
  return true;
}

void pst_doc_take_back(postil_doc *doc, const pst_para *gone, size_t n, size_t at) {
  pst_fact *fact = doc->facts.fact.at;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < gone[i].ngifts; k++) remove_all(&fact[gone[i].gift[k].fact], gone[i].id);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < gone[i].ngifts; k++)
      reach_readers(doc, &fact[gone[i].gift[k].fact], at, true);
  for (size_t i = 0; i < n; i++) drop_bare(doc, gone[i].gift, gone[i].ngifts);
}

bool pst_doc_contribute(postil_doc *doc, size_t i) {
  const pst_para *para = pst_doc_para(doc, i);
  if (!list_gifts(doc, para)) return false;
  for (size_t k = 0; k < doc->gift.n; k++)
    if (!PST_RESERVE(&doc->mem, &doc->facts.fact.at[doc->gift.at[k].fact].by, doc->gift.n))
      return false;
  for (size_t k = 0; k < doc->gift.n; k++) {
    pst_fact *fact = &doc->facts.fact.at[doc->gift.at[k].fact];
    pst_bearer by = {{para->id, doc->gift.at[k].tag}, doc->gift.at[k].at};
    fact->by.at[fact->by.n++] = by;
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
      if (!value.len) continue;
      uint32_t fact = fact_for(doc, keys->at[k], keys->at[k + 1], value.at, value.len);
      if (fact == PST_NONE || !PST_PUSH(&doc->mem, &doc->facts.fact.at[fact].by, by)) return false;
    }
  }
  return true;
}

/* The contributor nearest before a place of paragraph i, else the first after it. */
static pst_ref nearest(const postil_doc *doc, pst_fact *fact, size_t i, size_t at) {
  size_t behind = bearer_from(doc, fact, i, (uint32_t)(at - pst_doc_start(doc, i)));
  return fact->by.at[behind ? behind - 1 : 0].ref;
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
  const pst_wpara *para = pst_doc_para_of_item(w, item);
  uint32_t last = para->end, best = 0;
  size_t at = items[item].at, limit = (size_t)items[last - 1].at + items[last - 1].len;
  uint32_t hash = hash_key(label, attr, w->view.bytes.at + at, limit - at);
  for (uint32_t i = f->bucket[hash & (f->nbuckets - 1)]; i != PST_NONE; i = f->fact.at[i].next) {
    pst_fact *fact = &f->fact.at[i];
    if (fact->hash != hash || fact->label != label || fact->attr != attr || !fact->by.n) continue;
    size_t stop = stands_at(w, at, limit, fact->value, fact->len);
    if (!stop) continue;
    uint32_t end = item;
    while (end < last && (size_t)items[end].at + items[end].len <= stop) end++;
    if (end == item || (size_t)items[end - 1].at + items[end - 1].len != stop || end - item <= best)
      continue;
    best = end - item;
    *from = nearest(doc, fact, para->index, pst_view_text_start(&w->view, at));
  }
  return best;
}

bool pst_doc_fact_of(const postil_doc *doc, uint16_t label, uint16_t attr, const char *value,
                     size_t len, size_t i, size_t at, pst_ref *from) {
  pst_fact *fact = len ? find_fact(doc, label, attr, value, len) : NULL;
  if (!fact || !fact->by.n) return false;
  *from = nearest(doc, fact, i, at);
  return true;
}

void pst_doc_facts_free(postil_doc *doc) {
  pst_facts *f = &doc->facts;
  for (size_t i = 0; i < f->fact.n; i++) {
    PST_FREE(&doc->mem, &f->fact.at[i].by);
    if (f->fact.at[i].value) pst_mem_free(&doc->mem, f->fact.at[i].value, f->fact.at[i].len + 1, 1);
  }
  PST_FREE(&doc->mem, &f->fact);
  pst_mem_free(&doc->mem, f->bucket, f->nbuckets, sizeof *f->bucket);
}

void pst_doc_facts_forget(postil_doc *doc) {
  pst_doc_facts_free(doc);
  memset(&doc->facts, 0, sizeof doc->facts);
}
