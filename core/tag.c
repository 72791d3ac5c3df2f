/* tag.c - the window, settling overlaps; see tag.h. */
#include "tag.h"

#include <stdlib.h>

/* ---- Names ---- */

uint32_t pst_names_find(const pst_names *names, const char *name, size_t len) {
  for (size_t i = 0; i < names->n; i++) {
    const char *at = names->at[i];
    if (len && *at == *name && strncmp(at, name, len) == 0 && !at[len]) return (uint32_t)i;
  }
  return PST_NONE;
}

uint32_t pst_names_add(pst_names *names, const postil_mem *mem, const char *name, size_t len) {
  uint32_t found = pst_names_find(names, name, len);
  if (found != PST_NONE) return found;
  char *copy = pst_mem_copy(mem, name, len);
  if (!copy) return PST_NONE;
  if (!PST_PUSH(mem, names, copy)) {
    pst_mem_free(mem, copy, len + 1, 1);
    return PST_NONE;
  }
  return (uint32_t)(names->n - 1);
}

void pst_names_free(pst_names *names, const postil_mem *mem) {
  for (size_t i = 0; i < names->n; i++)
    pst_mem_free(mem, names->at[i], strlen(names->at[i]) + 1, 1);
  PST_FREE(mem, names);
}

/* ---- The window ---- */

void pst_window_init(pst_window *w, const postil_mem *mem, const char *text) {
  memset(w, 0, sizeof *w);
  w->mem = *mem;
  w->text = text;
}

void pst_window_reset(pst_window *w, size_t base) {
  pst_view_reset(&w->view, base);
  w->words.item.n = w->para.n = w->tag.n = w->edge.n = w->attr.n = w->bytes.n = 0;
  w->head.n = w->quote_end.n = w->quote_id.n = w->order.n = 0;
}

void pst_window_reopen(pst_window *w, size_t base, size_t tags) {
  size_t attrs = w->attr.n, bytes = w->bytes.n;
  pst_window_reset(w, base);
  if (!tags) return; /* so nothing refers to attributes either */
  w->tag.n = tags;
  w->attr.n = attrs;
  w->bytes.n = bytes;
  for (size_t i = 0; i < tags; i++) {
    pst_wtag *t = &w->tag.at[i];
    t->flags |= PST_TAG_HOLE;
    t->first = t->end = t->wfirst = t->wend = 0;
    for (uint32_t a = t->attr; a != PST_NONE; a = w->attr.at[a].next)
      w->attr.at[a].link = PST_LINK_NONE;
  }
}

void pst_window_free(pst_window *w) {
  pst_view_free(&w->view, &w->mem);
  pst_words_free(&w->words, &w->mem);
  PST_FREE(&w->mem, &w->para);
  PST_FREE(&w->mem, &w->tag);
  PST_FREE(&w->mem, &w->edge);
  PST_FREE(&w->mem, &w->head);
  PST_FREE(&w->mem, &w->quote_end);
  PST_FREE(&w->mem, &w->quote_id);
  PST_FREE(&w->mem, &w->attr);
  PST_FREE(&w->mem, &w->bytes);
  PST_FREE(&w->mem, &w->order);
  PST_FREE(&w->mem, &w->keyed);
  PST_FREE(&w->mem, &w->living);
  PST_FREE(&w->mem, &w->label);
  PST_FREE(&w->mem, &w->bits);
  PST_FREE(&w->mem, &w->here);
}

bool pst_window_ready(pst_window *w) {
  size_t n = w->words.item.n + 1;
  w->head.n = w->quote_end.n = w->quote_id.n = 0;
  if (!PST_RESERVE(&w->mem, &w->head, n) || !PST_RESERVE(&w->mem, &w->quote_end, n) ||
      !PST_RESERVE(&w->mem, &w->quote_id, n))
    return false;
  w->head.n = w->quote_end.n = w->quote_id.n = n;
  memset(w->head.at, 0xff, n * sizeof *w->head.at);
  memset(w->quote_end.at, 0, n * sizeof *w->quote_end.at);
  memset(w->quote_id.at, 0, n * sizeof *w->quote_id.at);
  w->label.n = w->bits.n = w->here.n = 0;
  w->row_words = n / 64 + 1;
  w->quoted = false;
  if (!PST_RESERVE(&w->mem, &w->here, n)) return false;
  memset(w->here.at, 0, n * sizeof *w->here.at);
  w->here.n = n;
  return true;
}

/* Adds the edge where the list of `item` stays longest first. */
static bool add_edge(pst_window *w, uint32_t item, uint32_t tag) {
  pst_edge edge = {tag, PST_NONE};
  if (!PST_PUSH(&w->mem, &w->edge, edge)) return false;
  uint32_t mine = (uint32_t)(w->edge.n - 1), *link = &w->head.at[item];
  while (*link != PST_NONE && w->tag.at[w->edge.at[*link].tag].end >= w->tag.at[tag].end)
    link = &w->edge.at[*link].next;
  w->edge.at[mine].next = *link;
  *link = mine;
  return true;
}

/* The rows of a label, made when they are first asked for. */
static pst_label_rows *rows_of(pst_window *w, uint16_t label) {
  if (label >= w->label.n) {
    size_t more = (size_t)label + 1 - w->label.n;
    if (!PST_RESERVE(&w->mem, &w->label, more)) return NULL;
    memset(w->label.at + w->label.n, 0, more * sizeof *w->label.at);
    w->label.n += more;
  }
  pst_label_rows *rows = &w->label.at[label];
  if (rows->row) return rows;
  if (!PST_RESERVE(&w->mem, &w->bits, 2 * w->row_words)) return NULL;
  memset(w->bits.at + w->bits.n, 0, 2 * w->row_words * sizeof *w->bits.at);
  w->bits.n += 2 * w->row_words;
  rows->row = (uint32_t)(w->bits.n / (2 * w->row_words));
  return rows;
}

static uint64_t *row_at(const pst_window *w, uint32_t row, bool ends) {
  return w->bits.at + (2 * (size_t)(row - 1) + ends) * w->row_words;
}

static bool note_place(pst_window *w, const pst_wtag *t) {
  pst_label_rows *rows = rows_of(w, t->label);
  if (!rows) return false;
  uint64_t *starts = row_at(w, rows->row, false), *ends = row_at(w, rows->row, true);
  pst_bit_set(starts, t->first);
  pst_bit_set(starts, t->wfirst);
  w->here.at[t->first] |= UINT64_C(1) << t->label % 64;
  w->here.at[t->wfirst] |= UINT64_C(1) << t->label % 64;
  pst_bit_set(ends, t->end);
  pst_bit_set(ends, t->wend);
  uint32_t spread = 0, from = t->wfirst < t->first ? t->wfirst : t->first,
           to = t->wend > t->end ? t->wend : t->end;
  for (uint32_t i = from + 1; i < to; i++) spread += !(w->words.item.at[i].cls & PST_GLUE);
  if (spread > rows->spread) rows->spread = spread;
  if (to > from + 1) rows->many = true;
  if (from < to && w->quote_id.at[from] != w->quote_id.at[to - 1]) rows->cuts = true;
  return true;
}

bool pst_window_mark(pst_window *w, uint16_t label, uint32_t item) {
  pst_label_rows *rows = rows_of(w, label);
  if (!rows) return false;
  pst_bit_set(row_at(w, rows->row, false), item);
  pst_bit_set(row_at(w, rows->row, true), item + 1);
  w->here.at[item] |= UINT64_C(1) << label % 64;
  return true;
}

void pst_window_unmark(pst_window *w, uint16_t label, uint32_t item) {
  const pst_label_rows *rows = rows_of(w, label);
  if (rows) row_at(w, rows->row, false)[item / 64] &= ~(UINT64_C(1) << item % 64);
}

const uint64_t *pst_window_starts(const pst_window *w, uint16_t label) {
  bool any = label < w->label.n && w->label.at[label].row;
  return any ? row_at(w, w->label.at[label].row, false) : NULL;
}

const uint64_t *pst_window_ends(const pst_window *w, uint16_t label) {
  bool any = label < w->label.n && w->label.at[label].row;
  return any ? row_at(w, w->label.at[label].row, true) : NULL;
}

bool pst_window_whole(const pst_window *w, uint16_t label) {
  return label < w->label.n && !w->label.at[label].cuts;
}

uint32_t pst_window_spread(const pst_window *w, uint16_t label) {
  return label < w->label.n ? w->label.at[label].spread : 0;
}

bool pst_window_place(pst_window *w, uint32_t tag) {
  const pst_wtag *t = &w->tag.at[tag];
  return note_place(w, t) && add_edge(w, t->first, tag) &&
         (t->wfirst == t->first || add_edge(w, t->wfirst, tag));
}

void pst_window_quote(pst_window *w, uint32_t tag) {
  for (size_t i = 0; i < w->label.n && !w->quoted; i++) w->label.at[i].cuts = w->label.at[i].many;
  w->quoted = true;
  pst_wtag *t = &w->tag.at[tag];
  t->outer = w->quote_id.at[t->first];
  if (!t->depth) w->quote_end.at[t->first] = t->end;
  for (uint32_t i = t->first; i < t->end; i++) w->quote_id.at[i] = tag + 1;
}

const pst_attr *pst_window_attr(const pst_window *w, const pst_wtag *tag, uint32_t name) {
  if (!(tag->has >> (name % 64) & 1)) return NULL;
  for (uint32_t a = tag->attr; a != PST_NONE; a = w->attr.at[a].next)
    if (w->attr.at[a].name == name) return &w->attr.at[a];
  return NULL;
}

bool pst_window_keep(pst_window *w, const char *bytes, size_t len, uint32_t *at) {
  if (!PST_RESERVE(&w->mem, &w->bytes, len + 1)) return false;
  *at = (uint32_t)w->bytes.n;
  if (len) memcpy(w->bytes.at + w->bytes.n, bytes, len);
  w->bytes.n += len;
  return true;
}

bool pst_window_set(pst_window *w, uint32_t tag, pst_attr attr) {
  pst_wtag *t = &w->tag.at[tag];
  attr.next = PST_NONE;
  if (!PST_RESERVE(&w->mem, &w->attr, 1)) return false;
  uint32_t *link = &t->attr;
  while (*link != PST_NONE && w->attr.at[*link].name != attr.name) link = &w->attr.at[*link].next;
  if (*link != PST_NONE) {
    attr.next = w->attr.at[*link].next;
    w->attr.at[*link] = attr;
    return true;
  }
  *link = (uint32_t)w->attr.n;
  w->attr.at[w->attr.n++] = attr;
  t->has |= (uint64_t)1 << (attr.name % 64);
  return true;
}

bool pst_window_view(pst_window *w, size_t from, size_t to, uint32_t *at, uint32_t *len) {
  *at = (uint32_t)w->bytes.n;
  if (!PST_RESERVE(&w->mem, &w->bytes, to - from + 1)) return false;
  bool space = false;
  for (size_t i = from; i < to; i++) {
    char c = w->view.bytes.at[i];
    if (c == ' ' && space) continue;
    space = c == ' ';
    w->bytes.at[w->bytes.n++] = c;
  }
  *len = (uint32_t)(w->bytes.n - *at);
  return true;
}

bool pst_window_words(pst_window *w, uint32_t first, uint32_t end, uint32_t *at, uint32_t *len) {
  const pst_item *item = w->words.item.at;
  if (first < end)
    return pst_window_view(w, item[first].at, (size_t)item[end - 1].at + item[end - 1].len, at,
                           len);
  *at = (uint32_t)w->bytes.n;
  *len = 0;
  return true;
}

/* The item that starts at or holds view offset `at`, among [lo, hi). */
static uint32_t item_at(const pst_window *w, uint32_t lo, uint32_t hi, size_t at) {
  const pst_item *item = w->words.item.at;
  while (lo < hi) {
    uint32_t mid = lo + (hi - lo) / 2;
    if ((size_t)item[mid].at + item[mid].len <= at)
      lo = mid + 1;
    else
      hi = mid;
  }
  return lo;
}

/* The same, but not before lo and most likely near it. */
static uint32_t item_near(const pst_window *w, uint32_t lo, uint32_t hi, size_t at) {
  const pst_item *item = w->words.item.at;
  for (uint32_t step = 1; hi - lo > step; lo += step, step *= 2)
    if ((size_t)item[lo + step - 1].at + item[lo + step - 1].len > at)
      return item_at(w, lo, lo + step - 1, at);
  return item_at(w, lo, hi, at);
}

bool pst_window_items(const pst_window *w, const pst_wpara *para, size_t start, size_t stop,
                      uint32_t *first, uint32_t *end) {
  size_t at = pst_view_at_start(&w->view, start), last = pst_view_at_end(&w->view, stop);
  *first = item_at(w, para->first, para->end, at);
  *end = para->first;
  if (last > at)
    *end = item_near(w, *first, para->end, last - 1) + 1;
  else if (last)
    *end = item_at(w, para->first, para->end, last - 1) + 1;
  if (*end > para->end) *end = para->end;
  return *first < *end;
}

/* ---- Telling ---- */

static pst_told_who who_is(const pst_wtag *t) {
  pst_told_who who = {POSTIL_NO_RULE, PST_NO_PATTERN, PST_TOLD_NOBODY, 0, 0};
  if (!t) return who;
  who.rule = t->rule;
  who.pattern = t->pattern;
  who.label = t->label;
  who.start = t->start;
  who.stop = t->stop;
  return who;
}

void pst_window_tell(const pst_window *w, pst_told_kind kind, unsigned how, const pst_wtag *tag,
                     const pst_wtag *by, const pst_span *match) {
  const pst_trace *trace = w->trace;
  if (tag->start < trace->from || tag->start >= trace->to) return;
  pst_told told;
  memset(&told, 0, sizeof told);
  told.kind = kind;
  told.how = how;
  told.tag = tag;
  if (match) {
    told.from = match->start;
    told.to = match->end;
  }
  told.who = who_is(tag);
  told.by = who_is(by);
  trace->tell(trace->ud, &told);
}

/* ---- Settling ---- */

pst_told_strength pst_tag_strength(const pst_wtag *a, const pst_wtag *b) {
  if ((a->flags ^ b->flags) & PST_TAG_PIN) return PST_STRONGER_PIN;
  if (a->prio != b->prio) return PST_STRONGER_PRIO;
  if (a->stop - a->start != b->stop - b->start) return PST_STRONGER_LONGER;
  if (a->caps != b->caps) return PST_STRONGER_CAPITALS;
  if (a->rule != b->rule) return PST_STRONGER_EARLIER;
  return a->start != b->start ? PST_STRONGER_LEFTMOST : PST_STRONGER_NOT;
}

int pst_tag_stronger(const pst_wtag *a, const pst_wtag *b) {
  bool pa = a->flags & PST_TAG_PIN, pb = b->flags & PST_TAG_PIN;
  if (pa != pb) return pa ? -1 : 1;
  if (a->prio != b->prio) return a->prio > b->prio ? -1 : 1;
  size_t la = a->stop - a->start, lb = b->stop - b->start;
  if (la != lb) return la > lb ? -1 : 1;
  if (a->caps != b->caps) return a->caps > b->caps ? -1 : 1;
  if (a->rule != b->rule) return a->rule < b->rule ? -1 : 1;
  if (a->start != b->start) return a->start < b->start ? -1 : 1;
  return 0;
}

/* ---- Sorting ---- */

/* What sorts a tag by place, longer first, or strongest first, as far as 64 bits can tell. */
static uint64_t key_of(const pst_wtag *t, bool strongest) {
  uint64_t len = t->stop - t->start;
  if (!strongest) return (uint64_t)t->start << 32 | (UINT32_MAX - len);
  uint64_t pin = !(t->flags & PST_TAG_PIN), prio = (uint64_t)((int64_t)INT32_MAX - t->prio),
           most = (uint64_t)INT32_MAX;
  return pin << 63 | prio << 31 | (most - (len < most ? len : most));
}

/* Of equal keys the stronger tag goes first, of equal tags the older. */
static bool goes_before(const pst_window *w, pst_keyed a, pst_keyed b) {
  if (a.key != b.key) return a.key < b.key;
  int s = pst_tag_stronger(&w->tag.at[a.tag], &w->tag.at[b.tag]);
  return s ? s < 0 : a.tag < b.tag;
}

static bool in_order(const pst_window *w, const pst_keyed *at, size_t n) {
  for (size_t i = 1; i < n; i++)
    if (goes_before(w, at[i], at[i - 1])) return false;
  return true;
}

static void insertion_sort(const pst_window *w, pst_keyed *at, size_t n) {
  for (size_t i = 1; i < n; i++) {
    pst_keyed x = at[i];
    size_t k = i;
    for (; k && goes_before(w, x, at[k - 1]); k--) at[k] = at[k - 1];
    at[k] = x;
  }
}

/* Two sorted neighbours, of m and n - m, as one in `to`. */
static void merge(const pst_window *w, const pst_keyed *from, size_t m, size_t n, pst_keyed *to) {
  size_t a = 0, b = m;
  if (m == n || !goes_before(w, from[m], from[m - 1])) {
    memcpy(to, from, n * sizeof *to); /* in order, as most are */
    return;
  }
  for (size_t k = 0; k < n; k++) {
    bool left = b >= n || (a < m && !goes_before(w, from[b], from[a]));
    to[k] = left ? from[a++] : from[b++];
  }
}

/* Room for n tags with their keys, and as much behind it to sort in. */
pst_keyed *pst_keyed_room(pst_window *w, size_t n) {
  w->keyed.n = 0;
  return PST_RESERVE(&w->mem, &w->keyed, 2 * n + 1) ? w->keyed.at : NULL;
}

/* Bottom-up merge sort over runs: no recursion, n log n, what is in order costs one look. */
const pst_keyed *pst_keyed_sort(pst_window *w, size_t n) {
  enum { RUN = 8 };
  pst_keyed *from = w->keyed.at, *to = from + n;
  if (in_order(w, from, n)) return from;
  for (size_t lo = 0; lo < n; lo += RUN) insertion_sort(w, from + lo, n - lo < RUN ? n - lo : RUN);
  for (size_t width = RUN; width < n; width *= 2) {
    for (size_t lo = 0; lo < n; lo += 2 * width) {
      size_t left = n - lo < width ? n - lo : width, both = n - lo < 2 * width ? n - lo : 2 * width;
      merge(w, from + lo, left, both, to + lo);
    }
    pst_keyed *swap = from;
    from = to;
    to = swap;
  }
  return from;
}

bool pst_tag_sort(pst_window *w, uint32_t *tags, size_t n, bool strongest) {
  pst_keyed *at = pst_keyed_room(w, n);
  if (!at) return false;
  for (size_t i = 0; i < n; i++) {
    at[i].key = key_of(&w->tag.at[tags[i]], strongest);
    at[i].tag = tags[i];
  }
  const pst_keyed *sorted = pst_keyed_sort(w, n);
  for (size_t i = 0; i < n; i++) tags[i] = sorted[i].tag;
  return true;
}

/* ---- What may live together ---- */

bool pst_tag_collide(const pst_wtag *a, const pst_wtag *b) {
  if (a->stop <= b->start || b->stop <= a->start) return false;
  if (!((a->flags | b->flags) & PST_TAG_NEST)) return true;
  bool same = a->start == b->start && a->stop == b->stop;
  bool holds =
      (a->start <= b->start && a->stop >= b->stop) || (b->start <= a->start && b->stop >= a->stop);
  return !holds || same;
}

/* The stronger of two tags of one core takes what the other has besides. */
static bool merge_attrs(pst_window *w, uint32_t into, uint32_t from) {
  for (uint32_t a = w->tag.at[from].attr; a != PST_NONE; a = w->attr.at[a].next) {
    pst_attr copy = w->attr.at[a];
    if (!pst_window_attr(w, &w->tag.at[into], copy.name) && !pst_window_set(w, into, copy))
      return false;
  }
  pst_wtag *t = &w->tag.at[into], *u = &w->tag.at[from];
  if (u->wfirst < t->wfirst) t->wfirst = u->wfirst;
  if (u->wend > t->wend) t->wend = u->wend;
  u->flags |= PST_TAG_DEAD;
  if (w->trace) pst_window_tell(w, PST_TOLD_MERGED, pst_tag_strength(t, u), u, t, NULL);
  return true;
}

/* A tag dies because a stronger one stands there. */
static void beat(pst_window *w, pst_wtag *t, const pst_wtag *by) {
  t->flags |= PST_TAG_DEAD;
  if (w->trace) pst_window_tell(w, PST_TOLD_BEATEN, pst_tag_strength(by, t), t, by, NULL);
}

/* The same where none may hold another: what lives lies side by side, so that two neighbours
 * decide. */
static void settle_flat(pst_window *w, const uint32_t *tags, uint32_t *living, size_t n) {
  size_t alive = 0;
  for (size_t i = 0; i < n; i++) {
    pst_wtag *t = &w->tag.at[tags[i]];
    size_t lo = 0, hi = alive;
    while (lo < hi) {
      size_t mid = lo + (hi - lo) / 2;
      if (w->tag.at[living[mid]].start < t->start)
        lo = mid + 1;
      else
        hi = mid;
    }
    bool behind = lo < alive && w->tag.at[living[lo]].start < t->stop;
    if (behind || (lo && w->tag.at[living[lo - 1]].stop > t->start)) {
      beat(w, t, &w->tag.at[living[behind ? lo : lo - 1]]);
      continue;
    }
    memmove(living + lo + 1, living + lo, (alive++ - lo) * sizeof *living);
    living[lo] = tags[i];
  }
}

/* One cluster of overlapping tags, strongest first: each lives unless a stronger one forbids it. */
static bool settle_cluster(pst_window *w, uint32_t *tags, uint32_t *spare, size_t n) {
  if (!pst_tag_sort(w, tags, n, true)) return false;
  size_t living = 0;
  bool nest = false;
  for (size_t i = 0; i < n && !nest; i++) nest = w->tag.at[tags[i]].flags & PST_TAG_NEST;
  if (!nest) {
    settle_flat(w, tags, spare, n);
    return true;
  }
  for (size_t i = 0; i < n; i++) {
    pst_wtag *t = &w->tag.at[tags[i]];
    size_t k = 0;
    while (k < living && !pst_tag_collide(&w->tag.at[spare[k]], t)) k++;
    if (k < living)
      beat(w, t, &w->tag.at[spare[k]]);
    else
      spare[living++] = tags[i];
  }
  return true;
}

/* Among the last of n tags by place one of the core and the label of `tag`; n when there is none.
 */
static size_t same_core(const pst_window *w, const uint32_t *tags, size_t n, uint32_t tag) {
  const pst_wtag *t = &w->tag.at[tag];
  for (size_t k = n; k--;) {
    const pst_wtag *u = &w->tag.at[tags[k]];
    if (u->start != t->start || u->stop != t->stop) return n;
    if (u->label == t->label) return k;
  }
  return n;
}

/* Tags of one core and label become one; how many are left of n. */
static bool merge_twins(pst_window *w, uint32_t *tags, size_t *n) {
  size_t m = 0;
  for (size_t i = 0; i < *n; i++) {
    size_t k = same_core(w, tags, m, tags[i]);
    if (k == m)
      tags[m++] = tags[i];
    else if (!merge_attrs(w, tags[k], tags[i]))
      return false;
  }
  *n = m;
  return true;
}

/* Settles each cluster of tags that overlap; *any: there was one. */
static bool settle_clusters(pst_window *w, uint32_t *tags, size_t n, bool *any) {
  w->living.n = 0;
  *any = false;
  for (size_t i = 0, k; i < n; i = k) {
    size_t reach = w->tag.at[tags[i]].stop;
    for (k = i + 1; k < n && w->tag.at[tags[k]].start < reach; k++)
      if (w->tag.at[tags[k]].stop > reach) reach = w->tag.at[tags[k]].stop;
    if (k == i + 1) continue;
    *any = true;
    if (!PST_RESERVE(&w->mem, &w->living, k - i) ||
        !settle_cluster(w, tags + i, w->living.at, k - i))
      return false;
  }
  return true;
}

bool pst_tag_settle(pst_window *w, uint32_t *tags, size_t *count, bool merge) {
  size_t n = *count;
  bool any;
  if (n < 2) return true;
  if (!pst_tag_sort(w, tags, n, false) || (merge && !merge_twins(w, tags, &n)) ||
      !settle_clusters(w, tags, n, &any))
    return false;
  *count = n;
  if (!any) return true;
  *count = 0;
  for (size_t i = 0; i < n; i++)
    if (!(w->tag.at[tags[i]].flags & PST_TAG_DEAD)) tags[(*count)++] = tags[i];
  return pst_tag_sort(w, tags, *count, false);
}
