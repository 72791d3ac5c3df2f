/* tag_notes.c - a window's tags in order, and packed as notes; see tag.h. */
#include "tag.h"

#include <stdlib.h>

/* ---- The window in order ---- */

void pst_window_drop(pst_window *w, const pst_keep *keep, unsigned spared) {
  for (size_t i = 0; i < w->tag.n; i++) {
    pst_wtag *t = &w->tag.at[i];
    if (t->flags & PST_TAG_HELPER && !(t->flags & spared) &&
        !(keep->of_label[t->label] & keep->mask))
      t->flags |= PST_TAG_DEAD;
  }
}

bool pst_window_order(pst_window *w) {
  w->order.n = 0;
  if (!PST_RESERVE(&w->mem, &w->order, w->tag.n)) return false;
  for (size_t i = 0; i < w->tag.n; i++)
    if (!(w->tag.at[i].flags & PST_TAG_DEAD)) w->order.at[w->order.n++] = (uint32_t)i;
  return pst_tag_sort(w, w->order.at, w->order.n, false);
}

/* The tags of a paragraph: [*first, *first + returned) of the window's order. */
static size_t tags_of(const pst_window *w, const pst_wpara *para, size_t *first) {
  size_t lo = 0, hi = w->order.n, end;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (w->tag.at[w->order.at[mid]].start < para->start)
      lo = mid + 1;
    else
      hi = mid;
  }
  for (end = lo; end < w->order.n && w->tag.at[w->order.at[end]].start < para->stop;) end++;
  *first = lo;
  return end - lo;
}

/* Keeps the words of a tag that nothing names, if they are not what stands in the text. */
static bool keep_own_text(pst_window *w, pst_wtag *t) {
  if (t->flags & (PST_TAG_HELPER | PST_TAG_QUOTE | PST_TAG_BLOCK | PST_TAG_HOLE)) return true;
  size_t from = pst_view_at_start(&w->view, t->start), to = pst_view_at_end(&w->view, t->stop);
  if (from >= to || !pst_window_view(w, from, to, &t->text, &t->ntext)) return from >= to;
  if (t->ntext == t->stop - t->start &&
      memcmp(w->bytes.at + t->text, pst_window_text(w, t->start), t->ntext) == 0) {
    w->bytes.n = t->text;
    t->ntext = 0;
  }
  return true;
}

bool pst_notes_number(pst_window *w, size_t p, uint32_t *next) {
  size_t first, n = tags_of(w, &w->para.at[p], &first);
  for (size_t i = first; i < first + n; i++) {
    pst_wtag *t = &w->tag.at[w->order.at[i]];
    if (t->id != PST_NONE) continue;
    t->id = (*next)++;
    if (!keep_own_text(w, t)) return false;
  }
  return true;
}

/* What an id is made of: quotations and blocks, which are long, are only counted. */
static uint32_t words_hash(const pst_window *w, const pst_wtag *t) {
  uint32_t h = 2166136261u ^ t->label;
  size_t len = t->flags & (PST_TAG_QUOTE | PST_TAG_BLOCK) ? 0 : t->stop - t->start;
  const char *words = pst_window_text(w, t->start);
  for (size_t i = 0; i < len; i++) h = (h ^ (unsigned char)words[i]) * 16777619u;
  return (h ^ h >> 15) * 2654435761u;
}

bool pst_notes_number_by_words(pst_window *w, size_t p, bool late) {
  const uint32_t hashed = 0x3fffff00, second = 0x80000000;
  size_t first, n = tags_of(w, &w->para.at[p], &first), unnamed = 0;
  pst_keyed *at = pst_keyed_room(w, n);
  if (!at) return false;
  for (size_t i = first; i < first + n; i++) {
    pst_wtag *t = &w->tag.at[w->order.at[i]];
    if (t->id != PST_NONE) continue;
    at[unnamed].key = (uint64_t)(words_hash(w, t) & hashed) << 32 | unnamed;
    at[unnamed++].tag = w->order.at[i];
    if (!keep_own_text(w, t)) return false;
  }
  const pst_keyed *sorted = pst_keyed_sort(w, unnamed);
  uint32_t next = 0;
  for (size_t i = 0; i < unnamed; i++) {
    uint32_t id = (uint32_t)(sorted[i].key >> 32);
    if (id < next) id = next;
    next = id + 1;
    w->tag.at[sorted[i].tag].id = late ? id | second : id;
  }
  return true;
}

/* The window's paragraph that holds a place of the text; `home` when none does. */
static const pst_wpara *para_of(const pst_window *w, size_t at, const pst_wpara *home) {
  if (at >= home->start && at <= home->stop) return home;
  size_t lo = 0, hi = w->para.n;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (w->para.at[mid].stop <= at)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo < w->para.n && w->para.at[lo].start <= at ? &w->para.at[lo] : home;
}

/* Links of a tag lead to what the tags of the window are to become: to[old], public ones only. */
static void turn_links(pst_window *w, const pst_wtag *t, const uint32_t *to) {
  for (uint32_t i = t->attr; i != PST_NONE; i = w->attr.at[i].next) {
    pst_attr *a = &w->attr.at[i];
    if (a->link != PST_LINK_WINDOW) continue;
    const pst_wtag *u = a->ref.tag == PST_NONE ? NULL : &w->tag.at[a->ref.tag];
    bool stays = u && !(u->flags & (PST_TAG_DEAD | PST_TAG_HELPER)) && u->id != PST_NONE;
    a->ref.tag = stays ? to[a->ref.tag] : PST_NONE;
    if (!stays) a->link = PST_LINK_NONE;
  }
}

/* Copies the tags of the paragraphs, by place, behind all tags; `to` tells where they are to be. */
static void copy_in_order(pst_window *w, uint32_t *to) {
  size_t old = w->tag.n;
  for (size_t p = 0; p < w->para.n; p++) {
    size_t first, n = tags_of(w, &w->para.at[p], &first);
    w->para.at[p].tag = (uint32_t)(w->tag.n - old);
    for (size_t i = first; i < first + n; i++) {
      to[w->order.at[i]] = (uint32_t)(w->tag.n - old);
      w->tag.at[w->tag.n++] = w->tag.at[w->order.at[i]];
    }
  }
}

/* A tag that stands in the text but that no pattern sees. */
static void hide(pst_wtag *t, const pst_wpara *para) {
  t->first = t->end = t->wfirst = t->wend = para->first;
}

/* Can a pattern see it?  Not what is ignored. */
static bool is_seen(const pst_wtag *t) { return !(t->flags & PST_TAG_HOLE) && t->first < t->end; }

bool pst_window_tidy(pst_window *w) {
  size_t old = w->tag.n;
  if (!PST_RESERVE(&w->mem, &w->order, old) || !PST_RESERVE(&w->mem, &w->tag, w->order.n))
    return false;
  uint32_t *to = w->order.at + w->order.n;
  copy_in_order(w, to);
  for (size_t i = old; i < w->tag.n; i++) turn_links(w, &w->tag.at[i], to);
  w->tag.n -= old;
  if (w->tag.n) memmove(w->tag.at, w->tag.at + old, w->tag.n * sizeof *w->tag.at);
  w->edge.n = 0;
  if (!pst_window_ready(w)) return false;
  for (size_t p = 0, i = 0; p < w->para.n; p++) {
    size_t end = p + 1 < w->para.n ? w->para.at[p + 1].tag : w->tag.n;
    for (; i < end; i++) {
      pst_wtag *t = &w->tag.at[i];
      t->caps = 0;
      t->prio = 0;
      if (!is_seen(t))
        hide(t, &w->para.at[p]);
      else if (!pst_window_place(w, (uint32_t)i))
        return false;
    }
  }
  return true;
}

/* ---- A block of notes ---- */

static size_t aligned(size_t size) {
  enum { ALIGN = _Alignof(pst_note_attr) };
  return (size + ALIGN - 1) / ALIGN * ALIGN;
}

/* Where the parts lie in the block, by their counts. */
static size_t attrs_at(void) { return aligned(sizeof(pst_notes)); }
static size_t notes_at(const pst_notes *c) {
  return attrs_at() + c->nattrs * sizeof(pst_note_attr);
}
static size_t places_at(const pst_notes *c) { return notes_at(c) + c->n * sizeof(pst_note); }
static size_t mores_at(const pst_notes *c) {
  return places_at(c) + c->nplaces * sizeof(pst_note_place);
}
static size_t ids_at(const pst_notes *c) { return mores_at(c) + c->nmores * sizeof(pst_note_more); }
static size_t bytes_at(const pst_notes *c) { return ids_at(c) + c->nids * sizeof(uint32_t); }

static void *part(pst_notes *notes, size_t at) { return (char *)notes + at; }

/* An empty block with room for what `counts` says. */
static pst_notes *new_notes(const postil_mem *mem, const pst_notes *counts) {
  pst_notes *notes = mem->resize(mem->ud, NULL, 0, bytes_at(counts) + counts->nbytes);
  if (!notes) return NULL;
  memset(notes, 0, sizeof *notes);
  notes->nids = counts->nids;
  notes->attr = part(notes, attrs_at());
  notes->note = part(notes, notes_at(counts));
  notes->place = part(notes, places_at(counts));
  notes->more = part(notes, mores_at(counts));
  notes->by_id = part(notes, ids_at(counts));
  notes->bytes = part(notes, bytes_at(counts));
  return notes;
}

void pst_notes_free(const postil_mem *mem, pst_notes *notes) {
  if (notes) mem->resize(mem->ud, notes, bytes_at(notes) + notes->nbytes, 0);
}

/* Puts bytes behind those that are there. */
static uint32_t add_bytes(pst_notes *to, const char *at, size_t len) {
  uint32_t put = to->nbytes;
  if (len) memcpy(to->bytes + put, at, len);
  to->nbytes += (uint32_t)len;
  return put;
}

/* The value of a text attribute: short ones lie in the attribute itself. */
static void put_text(pst_notes *to, pst_note_attr *a, const char *at, size_t len) {
  a->own = len <= sizeof a->as.own ? (uint8_t)len : PST_NOT_OWN;
  if (a->own != PST_NOT_OWN) {
    if (len) memcpy(a->as.own, at, len);
    return;
  }
  a->as.text.len = (uint32_t)len;
  a->as.text.at = add_bytes(to, at, len);
}

static size_t text_bytes(size_t len) { return len <= sizeof((pst_note_attr *)0)->as.own ? 0 : len; }

pst_str pst_note_text(const pst_notes *notes, const pst_note_attr *a) {
  pst_str text = {a->as.own, a->own};
  if (a->own == PST_NOT_OWN) {
    text.at = notes->bytes + a->as.text.at;
    text.len = a->as.text.len;
  }
  return text;
}

const pst_note_place *pst_note_place_of(const pst_notes *notes, const pst_note_attr *a) {
  return a->place ? &notes->place[a->place - 1] : NULL;
}

pst_ref pst_note_same(const pst_notes *notes, const pst_note *note) {
  pst_ref none = {PST_NONE, PST_NONE};
  return note->more ? notes->more[note->more - 1].same : none;
}

pst_str pst_note_words(const pst_notes *notes, const pst_note *note) {
  pst_str words = {NULL, 0};
  if (!note->more) return words;
  words.at = notes->bytes + notes->more[note->more - 1].text;
  words.len = notes->more[note->more - 1].ntext;
  return words;
}

/* ---- Ids ---- */

/* Fills by_id.  A Shell sort: few blocks need one, and it takes no memory. */
static void index_ids(pst_notes *notes) {
  uint32_t *at = notes->by_id, n = notes->nids, gap = 1;
  for (uint32_t i = 0; i < n; i++) at[i] = i;
  while (gap < n / 3) gap = gap * 3 + 1;
  for (; gap; gap /= 3)
    for (uint32_t i = gap; i < n; i++) {
      uint32_t x = at[i], k = i;
      for (; k >= gap && notes->note[x].id < notes->note[at[k - gap]].id; k -= gap)
        at[k] = at[k - gap];
      at[k] = x;
    }
}

const pst_note *pst_notes_find(const pst_notes *notes, uint32_t id) {
  size_t lo = 0, hi = notes ? notes->n : 0;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    const pst_note *note = &notes->note[notes->nids ? notes->by_id[mid] : mid];
    if (note->id == id) return note;
    if (note->id < id)
      lo = mid + 1;
    else
      hi = mid;
  }
  return NULL;
}

const pst_note_attr *pst_notes_attr(const pst_notes *notes, const pst_note *note, uint32_t name) {
  for (uint32_t a = 0; a < note->nattrs; a++)
    if (notes->attr[note->attr + a].name == name) return &notes->attr[note->attr + a];
  return NULL;
}

/* ---- Packing ---- */

static pst_ref ref_of(const pst_window *w, const pst_attr *a, const pst_wpara *home) {
  pst_ref none = {PST_NONE, PST_NONE};
  if (a->type != POSTIL_PLACE) return none;
  if (a->link == PST_LINK_DOC) return a->ref;
  if (a->link != PST_LINK_WINDOW || a->ref.tag == PST_NONE) return none;
  const pst_wtag *t = &w->tag.at[a->ref.tag];
  if (t->flags & (PST_TAG_DEAD | PST_TAG_HELPER) || t->id == PST_NONE) return none;
  pst_ref ref = {para_of(w, t->start, home)->id, t->id};
  return ref;
}

static bool is_text(const pst_attr *a) {
  return a->type == POSTIL_STRING || a->type == POSTIL_PLACE;
}

/* A text attribute that says where it stands, or leads to a tag. */
static bool has_place(const pst_attr *a) {
  return is_text(a) && (a->end > a->start || (a->type == POSTIL_PLACE && a->link));
}

/* What most tags have not: a wide span of their own, an antecedent, words of their own, or more
 * items than can be counted. */
static bool has_more(const pst_wtag *t) {
  return t->wfirst != t->first || t->wend != t->end || t->same.para != PST_NONE || t->ntext ||
         t->end - t->first > UINT16_MAX;
}

static void pack_place(const pst_window *w, const pst_attr *a, const pst_wpara *home,
                       pst_note_place *to) {
  to->ref = ref_of(w, a, home);
  to->start = to->end = 0;
  to->where = home->id;
  if (a->end <= a->start) return;
  const pst_wpara *where = a->where ? NULL : para_of(w, a->start, home);
  size_t from = where ? where->start : 0;
  to->where = where ? where->id : a->where - 1;
  to->start = (uint32_t)(a->start - from);
  to->end = (uint32_t)(a->end - from);
}

static void pack_attr(const pst_window *w, const pst_attr *a, const pst_wpara *home,
                      pst_notes *to) {
  pst_note_attr *into = &to->attr[to->nattrs++];
  into->name = a->name;
  into->type = a->type;
  into->place = 0;
  into->own = 0;
  if (is_text(a))
    put_text(to, into, w->bytes.at + a->as.text.at, a->as.text.len);
  else
    into->as.number = a->as.number;
  if (!has_place(a)) return;
  pack_place(w, a, home, &to->place[to->nplaces++]);
  into->place = to->nplaces;
}

static void sort_attrs(pst_note_attr *a, size_t n) {
  for (size_t i = 1; i < n; i++) {
    pst_note_attr x = a[i];
    size_t k = i;
    for (; k && a[k - 1].name > x.name; k--) a[k] = a[k - 1];
    a[k] = x;
  }
}

static void pack_more(const pst_window *w, const pst_wtag *t, const pst_wpara *para,
                      pst_notes *to) {
  pst_note_more *more = &to->more[to->nmores++];
  bool seen = is_seen(t);
  more->end = seen ? t->end - para->first : 0;
  more->wfirst = seen ? t->wfirst - para->first : 0;
  more->wend = seen ? t->wend - para->first : 0;
  more->same = t->same;
  more->text = add_bytes(to, t->ntext ? w->bytes.at + t->text : NULL, t->ntext);
  more->ntext = t->ntext;
}

static void pack_note(const pst_window *w, const pst_wtag *t, const pst_wpara *para,
                      pst_notes *to) {
  pst_note *note = &to->note[to->n++];
  bool seen = is_seen(t);
  uint32_t items = seen ? t->end - t->first : 0;
  note->start = (uint32_t)(t->start - para->start);
  note->end = (uint32_t)(t->stop - para->start);
  note->first = seen ? t->first - para->first : 0;
  note->items = (uint16_t)(items < UINT16_MAX ? items : UINT16_MAX);
  note->label = t->label;
  note->flags = t->flags;
  note->rule = t->rule;
  note->id = t->id;
  note->depth = t->depth;
  note->quote = t->quote;
  note->fault = t->fault;
  note->kind = (uint8_t)(t->kind[0] | t->kind[1] << 4);
  note->more = 0;
  if (has_more(t)) {
    pack_more(w, t, para, to);
    note->more = to->nmores;
  }
  note->attr = to->nattrs;
  for (uint32_t a = t->attr; a != PST_NONE; a = w->attr.at[a].next)
    pack_attr(w, &w->attr.at[a], para, to);
  note->nattrs = (uint16_t)(to->nattrs - note->attr);
  sort_attrs(to->attr + note->attr, note->nattrs);
}

/* What a tag takes. */
static void count_tag(const pst_window *w, const pst_wtag *t, pst_notes *counts) {
  counts->n++;
  counts->nmores += has_more(t);
  counts->nbytes += t->ntext;
  for (uint32_t i = t->attr; i != PST_NONE; i = w->attr.at[i].next) {
    const pst_attr *a = &w->attr.at[i];
    counts->nattrs++;
    counts->nplaces += has_place(a);
    if (is_text(a)) counts->nbytes += (uint32_t)text_bytes(a->as.text.len);
  }
}

bool pst_notes_pack(pst_window *w, size_t p, pst_notes **out) {
  const pst_wpara *para = &w->para.at[p];
  pst_notes counts;
  memset(&counts, 0, sizeof counts);
  size_t first, n = tags_of(w, para, &first);
  const uint32_t *list = w->order.at + first;
  *out = NULL;
  if (!n) return true;
  bool ascend = true;
  for (size_t i = 0; i < n; i++) {
    count_tag(w, &w->tag.at[list[i]], &counts);
    ascend &= !i || w->tag.at[list[i - 1]].id < w->tag.at[list[i]].id;
  }
  counts.nids = ascend ? 0 : counts.n;
  pst_notes *notes = new_notes(&w->mem, &counts);
  if (!notes) return false;
  for (size_t i = 0; i < n; i++) pack_note(w, &w->tag.at[list[i]], para, notes);
  index_ids(notes);
  *out = notes;
  return true;
}

/* ---- Trimming ---- */

static bool stays(const pst_note *note, const pst_keep *keep) {
  return !(note->flags & PST_TAG_HELPER) || keep->of_label[note->label] & keep->mask;
}

static void copy_attr(const pst_notes *from, const pst_note_attr *a, pst_notes *to) {
  pst_note_attr *into = &to->attr[to->nattrs++];
  const pst_note_place *place = pst_note_place_of(from, a);
  *into = *a;
  if (a->own == PST_NOT_OWN)
    into->as.text.at = add_bytes(to, from->bytes + a->as.text.at, a->as.text.len);
  if (!place) return;
  to->place[to->nplaces++] = *place;
  into->place = to->nplaces;
}

static void copy_note(const pst_notes *from, const pst_note *note, pst_notes *to) {
  pst_note *into = &to->note[to->n++];
  *into = *note;
  if (note->more) {
    const pst_note_more *more = &from->more[note->more - 1];
    to->more[to->nmores] = *more;
    to->more[to->nmores].text = add_bytes(to, from->bytes + more->text, more->ntext);
    into->more = ++to->nmores;
  }
  into->attr = to->nattrs;
  for (uint32_t a = 0; a < note->nattrs; a++) copy_attr(from, &from->attr[note->attr + a], to);
}

static void count_note(const pst_notes *from, const pst_note *note, pst_notes *counts) {
  counts->n++;
  counts->nmores += note->more != 0;
  counts->nattrs += note->nattrs;
  counts->nbytes += (uint32_t)pst_note_words(from, note).len;
  for (uint32_t i = 0; i < note->nattrs; i++) {
    const pst_note_attr *a = &from->attr[note->attr + i];
    counts->nplaces += a->place != 0;
    if (a->own == PST_NOT_OWN) counts->nbytes += a->as.text.len;
  }
}

bool pst_notes_trim(const postil_mem *mem, pst_notes *notes, const pst_keep *keep,
                    pst_notes **out) {
  pst_notes counts;
  memset(&counts, 0, sizeof counts);
  *out = notes;
  for (size_t i = 0; notes && i < notes->n; i++)
    if (stays(&notes->note[i], keep)) count_note(notes, &notes->note[i], &counts);
  if (!notes || counts.n == notes->n) return true;
  *out = NULL;
  if (!counts.n) return true;
  counts.nids = notes->nids ? counts.n : 0;
  pst_notes *small = new_notes(mem, &counts);
  if (!small) return false;
  for (size_t i = 0; i < notes->n; i++)
    if (stays(&notes->note[i], keep)) copy_note(notes, &notes->note[i], small);
  index_ids(small);
  *out = small;
  return true;
}

/* ---- Joining ---- */

/* Does note `x` stand before note `y`? */
static bool stands_before(const pst_note *x, const pst_note *y) {
  return x->start != y->start ? x->start < y->start : x->end > y->end;
}

bool pst_notes_join(const postil_mem *mem, const pst_notes *a, const pst_notes *b,
                    pst_notes **out) {
  pst_notes counts;
  memset(&counts, 0, sizeof counts);
  *out = NULL;
  for (size_t i = 0; a && i < a->n; i++) count_note(a, &a->note[i], &counts);
  for (size_t k = 0; b && k < b->n; k++)
    if (!pst_notes_find(a, b->note[k].id)) count_note(b, &b->note[k], &counts);
  if (!counts.n) return true;
  counts.nids = counts.n;
  pst_notes *both = new_notes(mem, &counts);
  if (!both) return false;
  size_t i = 0;
  for (size_t k = 0; b && k < b->n; k++) {
    if (pst_notes_find(a, b->note[k].id)) continue;
    for (; a && i < a->n && !stands_before(&b->note[k], &a->note[i]); i++)
      copy_note(a, &a->note[i], both);
    copy_note(b, &b->note[k], both);
  }
  for (; a && i < a->n; i++) copy_note(a, &a->note[i], both);
  index_ids(both);
  *out = both;
  return true;
}

/* ---- Comparing ---- */

static bool same_bytes(pst_str a, pst_str b) {
  return a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0);
}

static bool same_ref(pst_ref a, pst_ref b) { return a.para == b.para && a.tag == b.tag; }

static bool same_attr(const pst_notes *a, const pst_note_attr *x, const pst_notes *b,
                      const pst_note_attr *y) {
  if (x->name != y->name || x->type != y->type || (x->place != 0) != (y->place != 0)) return false;
  if (x->place) {
    const pst_note_place *p = pst_note_place_of(a, x), *q = pst_note_place_of(b, y);
    if (p->start != q->start || p->end != q->end || p->where != q->where ||
        !same_ref(p->ref, q->ref))
      return false;
  }
  if (x->type == POSTIL_NUMBER || x->type == POSTIL_BOOL) return x->as.number == y->as.number;
  return same_bytes(pst_note_text(a, x), pst_note_text(b, y));
}

static bool same_note(const pst_notes *a, const pst_note *x, const pst_notes *b,
                      const pst_note *y) {
  if (x->start != y->start || x->end != y->end || x->rule != y->rule || x->id != y->id ||
      x->label != y->label || x->flags != y->flags || x->nattrs != y->nattrs ||
      x->fault != y->fault || x->depth != y->depth || x->quote != y->quote || x->kind != y->kind)
    return false;
  if (!same_ref(pst_note_same(a, x), pst_note_same(b, y)) ||
      !same_bytes(pst_note_words(a, x), pst_note_words(b, y)))
    return false;
  for (uint32_t i = 0; i < x->nattrs; i++)
    if (!same_attr(a, &a->attr[x->attr + i], b, &b->attr[y->attr + i])) return false;
  return true;
}

bool pst_notes_same(const pst_notes *a, const pst_notes *b) {
  uint32_t n = a ? a->n : 0;
  if (n != (b ? b->n : 0)) return false;
  for (uint32_t i = 0; i < n; i++)
    if (!same_note(a, &a->note[i], b, &b->note[i])) return false;
  return true;
}

/* ---- Loading ---- */

const pst_wpara *pst_window_para(const pst_window *w, uint32_t id) {
  const pst_wpara *para = w->para.at;
  size_t guess = w->para.n && id >= para[0].id ? id - para[0].id : 0;
  if (guess < w->para.n && para[guess].id == id) return &para[guess];
  for (size_t i = 0; i < w->para.n; i++)
    if (para[i].id == id) return &para[i];
  return NULL;
}

static bool load_attr(pst_window *w, uint32_t tag, const pst_notes *notes,
                      const pst_note_attr *from) {
  const pst_note_place *place = pst_note_place_of(notes, from);
  pst_attr a;
  memset(&a, 0, sizeof a);
  a.name = from->name;
  a.type = from->type;
  a.ref.para = a.ref.tag = PST_NONE;
  if (is_text(&a)) {
    pst_str text = pst_note_text(notes, from);
    if (!pst_window_keep(w, text.at, text.len, &a.as.text.at)) return false;
    a.as.text.len = (uint32_t)text.len;
  } else {
    a.as.number = from->as.number;
  }
  if (place) {
    const pst_wpara *where = pst_window_para(w, place->where);
    a.ref = place->ref;
    a.link = a.ref.para == PST_NONE ? PST_LINK_NONE : PST_LINK_DOC;
    a.where = where ? 0 : place->where + 1;
    a.start = (where ? where->start : 0) + place->start;
    a.end = (where ? where->start : 0) + place->end;
  }
  return pst_window_set(w, tag, a);
}

/* The items of a tag, from its note. */
static void find_items(const pst_notes *notes, const pst_note *note, const pst_wpara *para,
                       pst_wtag *t) {
  const pst_note_more *more = note->more ? &notes->more[note->more - 1] : NULL;
  t->first = para->first + note->first;
  t->end = more ? para->first + more->end : t->first + note->items;
  t->wfirst = more ? para->first + more->wfirst : t->first;
  t->wend = more ? para->first + more->wend : t->end;
}

static bool load_note(pst_window *w, const pst_wpara *para, const pst_notes *notes,
                      const pst_note *note) {
  pst_str words = pst_note_words(notes, note);
  pst_wtag t;
  memset(&t, 0, sizeof t);
  t.start = para->start + note->start;
  t.stop = para->start + note->end;
  t.label = note->label;
  t.flags = note->flags;
  find_items(notes, note, para, &t);
  bool seen = is_seen(&t);
  if (!seen) hide(&t, para);
  t.rule = note->rule;
  t.pattern = PST_NO_PATTERN;
  t.id = note->id;
  t.same = pst_note_same(notes, note);
  t.fault = note->fault;
  t.depth = note->depth;
  t.quote = note->quote;
  t.kind[0] = note->kind & 15;
  t.kind[1] = note->kind >> 4;
  t.ntext = (uint32_t)words.len;
  if (t.ntext && !pst_window_keep(w, words.at, words.len, &t.text)) return false;
  t.attr = PST_NONE;
  if (!PST_PUSH(&w->mem, &w->tag, t)) return false;
  uint32_t tag = (uint32_t)(w->tag.n - 1);
  for (uint32_t a = 0; a < note->nattrs; a++)
    if (!load_attr(w, tag, notes, &notes->attr[note->attr + a])) return false;
  return !seen || t.flags & PST_TAG_ALIAS || pst_window_place(w, tag);
}

bool pst_notes_load(pst_window *w, size_t p, const pst_notes *notes) {
  w->para.at[p].tag = (uint32_t)w->tag.n;
  if (!notes) return true;
  pst_wpara para = w->para.at[p];
  for (size_t i = 0; i < notes->n; i++)
    if (!load_note(w, &para, notes, &notes->note[i])) return false;
  return true;
}
