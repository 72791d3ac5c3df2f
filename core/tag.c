/* tag.c - the window, settling overlaps, packed notes; see tag.h. */
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

void pst_window_init(pst_window *w, const postil_mem *mem, const char *text, size_t len) {
  memset(w, 0, sizeof *w);
  w->mem = *mem;
  w->text = text;
  w->len = len;
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
  PST_FREE(&w->mem, &w->label);
  PST_FREE(&w->mem, &w->bits);
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
  w->label.n = w->bits.n = 0;
  w->row_words = n / 64 + 1;
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

static void set_bit(uint64_t *row, uint32_t at) { row[at / 64] |= UINT64_C(1) << at % 64; }

static bool note_place(pst_window *w, const pst_wtag *t) {
  pst_label_rows *rows = rows_of(w, t->label);
  if (!rows) return false;
  uint64_t *starts = row_at(w, rows->row, false), *ends = row_at(w, rows->row, true);
  set_bit(starts, t->first);
  set_bit(starts, t->wfirst);
  set_bit(ends, t->end);
  set_bit(ends, t->wend);
  uint32_t spread = 0, from = t->wfirst < t->first ? t->wfirst : t->first,
           to = t->wend > t->end ? t->wend : t->end;
  for (uint32_t i = from + 1; i < to; i++) spread += !(w->words.item.at[i].cls & PST_GLUE);
  if (spread > rows->spread) rows->spread = spread;
  return true;
}

bool pst_window_mark(pst_window *w, uint16_t label, uint32_t item) {
  pst_label_rows *rows = rows_of(w, label);
  if (!rows) return false;
  set_bit(row_at(w, rows->row, false), item);
  set_bit(row_at(w, rows->row, true), item + 1);
  return true;
}

const uint64_t *pst_window_starts(const pst_window *w, uint16_t label) {
  bool any = label < w->label.n && w->label.at[label].row;
  return any ? row_at(w, w->label.at[label].row, false) : NULL;
}

const uint64_t *pst_window_ends(const pst_window *w, uint16_t label) {
  bool any = label < w->label.n && w->label.at[label].row;
  return any ? row_at(w, w->label.at[label].row, true) : NULL;
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

/* Bytes [from, to) of the view, each run of white space one space. */
static bool keep_view(pst_window *w, size_t from, size_t to, uint32_t *at, uint32_t *len) {
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
    return keep_view(w, item[first].at, (size_t)item[end - 1].at + item[end - 1].len, at, len);
  *at = (uint32_t)w->bytes.n;
  *len = 0;
  return true;
}

/* ---- Settling ---- */

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

static bool by_place(const pst_wtag *a, const pst_wtag *b) {
  if (a->start != b->start) return a->start < b->start;
  return a->stop > b->stop;
}

/* Which orders tags: by place, or strongest first; the index decides what is equal. */
static bool goes_before(const pst_window *w, uint32_t x, uint32_t y, bool strongest) {
  const pst_wtag *a = &w->tag.at[x], *b = &w->tag.at[y];
  if (!strongest && (a->start != b->start || a->stop != b->stop)) return by_place(a, b);
  int s = pst_tag_stronger(a, b);
  return s ? s < 0 : x < y;
}

/* Bottom-up merge sort: no recursion, stable, n log n.  `spare` has room for n. */
static void sort_tags(const pst_window *w, uint32_t *tags, uint32_t *spare, size_t n,
                      bool strongest) {
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t lo = 0; lo < n; lo += 2 * width) {
      size_t mid = lo + width < n ? lo + width : n, hi = lo + 2 * width < n ? lo + 2 * width : n;
      size_t a = lo, b = mid;
      if (mid == hi || !goes_before(w, tags[mid], tags[mid - 1], strongest)) {
        memcpy(spare + lo, tags + lo, (hi - lo) * sizeof *tags); /* in order, as most are */
        continue;
      }
      for (size_t k = lo; k < hi; k++) {
        bool left = b >= hi || (a < mid && !goes_before(w, tags[b], tags[a], strongest));
        spare[k] = left ? tags[a++] : tags[b++];
      }
    }
    memcpy(tags, spare, n * sizeof *tags);
  }
}

static bool may_live_together(const pst_wtag *a, const pst_wtag *b) {
  if (a->stop <= b->start || b->stop <= a->start) return true;
  if (!((a->flags | b->flags) & PST_TAG_NEST)) return false;
  bool same = a->start == b->start && a->stop == b->stop;
  bool holds =
      (a->start <= b->start && a->stop >= b->stop) || (b->start <= a->start && b->stop >= a->stop);
  return holds && !same;
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
  return true;
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
    if ((lo < alive && w->tag.at[living[lo]].start < t->stop) ||
        (lo && w->tag.at[living[lo - 1]].stop > t->start)) {
      t->flags |= PST_TAG_DEAD;
      continue;
    }
    memmove(living + lo + 1, living + lo, (alive++ - lo) * sizeof *living);
    living[lo] = tags[i];
  }
}

/* One cluster of overlapping tags, strongest first: each lives unless a stronger one forbids it. */
static void settle_cluster(pst_window *w, uint32_t *tags, uint32_t *spare, size_t n) {
  sort_tags(w, tags, spare, n, true);
  size_t living = 0;
  bool nest = false;
  for (size_t i = 0; i < n && !nest; i++) nest = w->tag.at[tags[i]].flags & PST_TAG_NEST;
  if (!nest) {
    settle_flat(w, tags, spare, n);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    pst_wtag *t = &w->tag.at[tags[i]];
    bool lives = true;
    for (size_t k = 0; k < living && lives; k++) lives = may_live_together(&w->tag.at[spare[k]], t);
    if (lives)
      spare[living++] = tags[i];
    else
      t->flags |= PST_TAG_DEAD;
  }
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

bool pst_tag_settle(pst_window *w, uint32_t *tags, size_t *count, bool merge) {
  size_t n = *count;
  if (n < 2) return true;
  uint32_t *spare = pst_mem_new(&w->mem, n, sizeof *spare);
  if (!spare) return false;
  sort_tags(w, tags, spare, n, false);
  bool ok = true;
  size_t m = 0;
  for (size_t i = 0; i < n && ok; i++) {
    size_t k = merge ? same_core(w, tags, m, tags[i]) : m;
    if (k < m)
      ok = merge_attrs(w, tags[k], tags[i]);
    else
      tags[m++] = tags[i];
  }
  for (size_t i = 0, k; i < m && ok; i = k) {
    size_t reach = w->tag.at[tags[i]].stop;
    for (k = i + 1; k < m && w->tag.at[tags[k]].start < reach; k++)
      if (w->tag.at[tags[k]].stop > reach) reach = w->tag.at[tags[k]].stop;
    if (k > i + 1) settle_cluster(w, tags + i, spare, k - i);
  }
  *count = 0;
  for (size_t i = 0; i < m; i++)
    if (!(w->tag.at[tags[i]].flags & PST_TAG_DEAD)) tags[(*count)++] = tags[i];
  sort_tags(w, tags, spare, *count, false);
  pst_mem_free(&w->mem, spare, n, sizeof *spare);
  return ok;
}

/* ---- Notes ---- */

static size_t aligned(size_t size) {
  enum { ALIGN = _Alignof(max_align_t) };
  return (size + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t notes_size(size_t n, size_t nattrs, size_t nbytes) {
  return aligned(sizeof(pst_notes)) + aligned(n * sizeof(pst_note)) +
         aligned(nattrs * sizeof(pst_note_attr)) + nbytes;
}

void pst_notes_free(const postil_mem *mem, pst_notes *notes) {
  if (notes) pst_mem_free(mem, notes, notes_size(notes->n, notes->nattrs, notes->nbytes), 1);
}

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
  if (!PST_RESERVE(&w->mem, &w->order, w->tag.n * 2)) return false;
  for (size_t i = 0; i < w->tag.n; i++)
    if (!(w->tag.at[i].flags & PST_TAG_DEAD)) w->order.at[w->order.n++] = (uint32_t)i;
  sort_tags(w, w->order.at, w->order.at + w->order.n, w->order.n, false);
  return true;
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
  if (from >= to || !keep_view(w, from, to, &t->text, &t->ntext)) return from >= to;
  if (t->ntext == t->stop - t->start &&
      memcmp(w->bytes.at + t->text, w->text + t->start, t->ntext) == 0) {
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

static pst_ref ref_of(const pst_window *w, const pst_attr *a, const pst_wpara *home) {
  pst_ref none = {PST_NONE, PST_NONE};
  if (a->link == PST_LINK_DOC) return a->ref;
  if (a->link != PST_LINK_WINDOW || a->ref.tag == PST_NONE) return none;
  const pst_wtag *t = &w->tag.at[a->ref.tag];
  if (t->flags & (PST_TAG_DEAD | PST_TAG_HELPER) || t->id == PST_NONE) return none;
  pst_ref ref = {para_of(w, t->start, home)->index, t->id};
  return ref;
}

static void pack_attr(const pst_window *w, const pst_attr *a, const pst_wpara *home,
                      pst_note_attr *to, char *bytes, size_t *nbytes) {
  memset(to, 0, sizeof *to);
  to->name = a->name;
  to->type = a->type;
  to->where = home->index;
  to->ref.para = to->ref.tag = PST_NONE;
  if (a->type == POSTIL_NUMBER || a->type == POSTIL_BOOL) {
    to->number = a->as.number;
    return;
  }
  to->at = (uint32_t)*nbytes;
  to->len = a->as.text.len;
  if (to->len) memcpy(bytes + *nbytes, w->bytes.at + a->as.text.at, to->len);
  *nbytes += to->len;
  if (a->type == POSTIL_PLACE) to->ref = ref_of(w, a, home);
  if (a->end <= a->start) return;
  if (a->where) {
    to->where = a->where - 1;
    to->start = (uint32_t)a->start;
    to->end = (uint32_t)a->end;
    return;
  }
  const pst_wpara *where = para_of(w, a->start, home);
  to->where = where->index;
  to->start = (uint32_t)(a->start - where->start);
  to->end = (uint32_t)(a->end - where->start);
}

static void sort_attrs(pst_note_attr *a, size_t n) {
  for (size_t i = 1; i < n; i++) {
    pst_note_attr x = a[i];
    size_t k = i;
    for (; k && a[k - 1].name > x.name; k--) a[k] = a[k - 1];
    a[k] = x;
  }
}

/* The wide span of a tag in the text. */
static pst_span wide_span(const pst_window *w, const pst_wtag *t) {
  const pst_item *item = w->words.item.at;
  pst_span wide = {t->start, t->stop};
  if (t->wfirst != t->first) wide.start = pst_view_text_start(&w->view, item[t->wfirst].at);
  if (t->wend != t->end)
    wide.end = pst_view_text_end(&w->view, (size_t)item[t->wend - 1].at + item[t->wend - 1].len);
  return wide;
}

static void pack_note(const pst_window *w, const pst_wtag *t, const pst_wpara *para, pst_note *to) {
  pst_span wide = wide_span(w, t);
  memset(to, 0, sizeof *to);
  to->start = (uint32_t)(t->start - para->start);
  to->end = (uint32_t)(t->stop - para->start);
  to->wstart = (uint32_t)(wide.start - para->start);
  to->wend = (uint32_t)(wide.end - para->start);
  to->label = t->label;
  to->flags = t->flags;
  to->rule = t->rule;
  to->id = t->id;
  to->same = t->same;
  to->fault = t->fault;
  to->depth = t->depth;
  to->quote = t->quote;
  memcpy(to->kind, t->kind, sizeof to->kind);
}

/* Empty notes in one block, their parts laid out in it. */
static pst_notes *new_notes(const postil_mem *mem, size_t n, size_t nattrs, size_t nbytes) {
  pst_notes *notes = pst_mem_new(mem, notes_size(n, nattrs, nbytes), 1);
  if (!notes) return NULL;
  char *at = (char *)notes + aligned(sizeof *notes);
  notes->note = (pst_note *)(void *)at;
  at += aligned(n * sizeof(pst_note));
  notes->attr = (pst_note_attr *)(void *)at;
  notes->bytes = at + aligned(nattrs * sizeof(pst_note_attr));
  notes->n = n;
  notes->nattrs = nattrs;
  notes->nbytes = nbytes;
  return notes;
}

static char *bytes_of(pst_notes *notes) {
  return (char *)notes + notes_size(notes->n, notes->nattrs, 0);
}

/* Fills by_id: a bottom-up merge sort over `spare`, which has room for 2 n. */
static void index_ids(pst_notes *notes, uint32_t *spare) {
  size_t n = notes->n;
  uint32_t *from = spare, *to = spare + n;
  for (size_t i = 0; i < n; i++) from[i] = (uint32_t)i;
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t lo = 0; lo < n; lo += 2 * width) {
      size_t mid = lo + width < n ? lo + width : n, hi = lo + 2 * width < n ? lo + 2 * width : n;
      size_t a = lo, b = mid;
      if (mid == hi || notes->note[from[mid - 1]].id <= notes->note[from[mid]].id) {
        memcpy(to + lo, from + lo, (hi - lo) * sizeof *to); /* in order already */
        continue;
      }
      for (size_t k = lo; k < hi; k++) {
        bool left = b >= hi || (a < mid && notes->note[from[a]].id <= notes->note[from[b]].id);
        to[k] = left ? from[a++] : from[b++];
      }
    }
    uint32_t *swap = from;
    from = to;
    to = swap;
  }
  for (size_t i = 0; i < n; i++) notes->note[i].by_id = from[i];
}

static void fill_notes(const pst_window *w, const pst_wpara *para, const uint32_t *list,
                       pst_notes *notes) {
  char *bytes = bytes_of(notes);
  size_t used = 0, nattrs = 0;
  for (size_t i = 0; i < notes->n; i++) {
    const pst_wtag *t = &w->tag.at[list[i]];
    pst_note *note = &notes->note[i];
    pack_note(w, t, para, note);
    note->text = (uint32_t)used;
    note->ntext = t->ntext;
    if (t->ntext) memcpy(bytes + used, w->bytes.at + t->text, t->ntext);
    used += t->ntext;
    note->attr = (uint32_t)nattrs;
    for (uint32_t a = t->attr; a != PST_NONE; a = w->attr.at[a].next)
      pack_attr(w, &w->attr.at[a], para, &notes->attr[nattrs++], bytes, &used);
    note->nattrs = (uint32_t)(nattrs - note->attr);
    sort_attrs(notes->attr + note->attr, note->nattrs);
  }
}

bool pst_notes_pack(pst_window *w, size_t p, pst_notes **out) {
  const pst_wpara *para = &w->para.at[p];
  size_t first, n = tags_of(w, para, &first), nattrs = 0, nbytes = 0;
  *out = NULL;
  if (!n) return true;
  for (size_t i = first; i < first + n; i++) {
    const pst_wtag *t = &w->tag.at[w->order.at[i]];
    nbytes += t->ntext;
    for (uint32_t a = t->attr; a != PST_NONE; a = w->attr.at[a].next) {
      nattrs++;
      if (w->attr.at[a].type == POSTIL_STRING || w->attr.at[a].type == POSTIL_PLACE)
        nbytes += w->attr.at[a].as.text.len;
    }
  }
  uint32_t *spare = pst_mem_new(&w->mem, n * 2, sizeof *spare);
  pst_notes *notes = spare ? new_notes(&w->mem, n, nattrs, nbytes) : NULL;
  if (notes) {
    fill_notes(w, para, w->order.at + first, notes);
    index_ids(notes, spare);
    *out = notes;
  }
  pst_mem_free(&w->mem, spare, n * 2, sizeof *spare);
  return notes != NULL;
}

static bool stays(const pst_note *note, const pst_keep *keep) {
  return !(note->flags & PST_TAG_HELPER) || keep->of_label[note->label] & keep->mask;
}

/* Copies what stays of `from`. */
static void copy_staying(const pst_notes *from, const pst_keep *keep, pst_notes *to) {
  char *bytes = bytes_of(to);
  size_t n = 0, nattrs = 0, used = 0;
  for (size_t i = 0; i < from->n; i++) {
    if (!stays(&from->note[i], keep)) continue;
    pst_note *note = &to->note[n++];
    *note = from->note[i];
    if (note->ntext) memcpy(bytes + used, from->bytes + note->text, note->ntext);
    note->text = (uint32_t)used;
    used += note->ntext;
    for (uint32_t a = 0; a < note->nattrs; a++) {
      pst_note_attr *attr = &to->attr[nattrs + a];
      *attr = from->attr[note->attr + a];
      if (attr->len) memcpy(bytes + used, from->bytes + attr->at, attr->len);
      attr->at = (uint32_t)used;
      used += attr->len;
    }
    note->attr = (uint32_t)nattrs;
    nattrs += note->nattrs;
  }
}

bool pst_notes_trim(const postil_mem *mem, pst_notes *notes, const pst_keep *keep,
                    pst_notes **out) {
  size_t n = 0, nattrs = 0, nbytes = 0;
  *out = notes;
  for (size_t i = 0; notes && i < notes->n; i++) {
    const pst_note *note = &notes->note[i];
    if (!stays(note, keep)) continue;
    n++;
    nattrs += note->nattrs;
    nbytes += note->ntext;
    for (uint32_t a = 0; a < note->nattrs; a++) nbytes += notes->attr[note->attr + a].len;
  }
  if (!notes || n == notes->n) return true;
  *out = NULL;
  if (!n) return true;
  uint32_t *spare = pst_mem_new(mem, n * 2, sizeof *spare);
  pst_notes *small = spare ? new_notes(mem, n, nattrs, nbytes) : NULL;
  if (small) {
    copy_staying(notes, keep, small);
    index_ids(small, spare);
    *out = small;
  }
  pst_mem_free(mem, spare, n * 2, sizeof *spare);
  return small != NULL;
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

bool pst_window_items(const pst_window *w, const pst_wpara *para, size_t start, size_t stop,
                      uint32_t *first, uint32_t *end) {
  *first = item_at(w, para->first, para->end, pst_view_at_start(&w->view, start));
  size_t last = pst_view_at_end(&w->view, stop);
  *end = last ? item_at(w, para->first, para->end, last - 1) + 1 : para->first;
  if (*end > para->end) *end = para->end;
  return *first < *end;
}

/* The items of a tag and of its wide span; none of them when it is not to be seen. */
static bool find_items(const pst_window *w, const pst_wpara *para, pst_span wide, pst_wtag *t) {
  bool seen = !(t->flags & PST_TAG_HOLE) &&
              pst_window_items(w, para, t->start, t->stop, &t->first, &t->end);
  t->wfirst = t->first;
  t->wend = t->end;
  if (seen && (wide.start != t->start || wide.end != t->stop))
    seen = pst_window_items(w, para, wide.start, wide.end, &t->wfirst, &t->wend);
  if (!seen) t->first = t->end = t->wfirst = t->wend = para->first; /* an ignored block */
  return seen;
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

bool pst_window_tidy(pst_window *w) {
  size_t old = w->tag.n;
  if (!PST_RESERVE(&w->mem, &w->order, old) || !PST_RESERVE(&w->mem, &w->tag, w->order.n))
    return false;
  uint32_t *to = w->order.at + w->order.n;
  copy_in_order(w, to);
  for (size_t i = old; i < w->tag.n; i++) turn_links(w, &w->tag.at[i], to);
  w->tag.n -= old;
  memmove(w->tag.at, w->tag.at + old, w->tag.n * sizeof *w->tag.at);
  w->edge.n = 0;
  if (!pst_window_ready(w)) return false;
  for (size_t p = 0, i = 0; p < w->para.n; p++) {
    size_t end = p + 1 < w->para.n ? w->para.at[p + 1].tag : w->tag.n;
    for (; i < end; i++) {
      pst_wtag *t = &w->tag.at[i];
      t->caps = 0;
      t->prio = 0;
      if (find_items(w, &w->para.at[p], wide_span(w, t), t) && !pst_window_place(w, (uint32_t)i))
        return false;
    }
  }
  return true;
}

static const pst_wpara *para_by_index(const pst_window *w, uint32_t index) {
  uint32_t first = w->para.at[0].index;
  return index >= first && index - first < w->para.n ? &w->para.at[index - first] : NULL;
}

static bool load_attr(pst_window *w, uint32_t tag, const pst_wpara *para, const pst_notes *notes,
                      const pst_note_attr *from) {
  pst_attr a;
  memset(&a, 0, sizeof a);
  a.name = from->name;
  a.type = from->type;
  a.ref = from->ref;
  a.link = from->ref.para == PST_NONE ? PST_LINK_NONE : PST_LINK_DOC;
  if (a.type == POSTIL_NUMBER || a.type == POSTIL_BOOL) {
    a.as.number = from->number;
  } else {
    if (!pst_window_keep(w, notes->bytes + from->at, from->len, &a.as.text.at)) return false;
    a.as.text.len = from->len;
    const pst_wpara *where = para;
    if (from->where != para->index) where = para_by_index(w, from->where);
    a.where = where ? 0 : from->where + 1;
    a.start = (where ? where->start : 0) + from->start;
    a.end = (where ? where->start : 0) + from->end;
  }
  return pst_window_set(w, tag, a);
}

static bool load_note(pst_window *w, const pst_wpara *para, const pst_notes *notes,
                      const pst_note *note) {
  pst_wtag t;
  memset(&t, 0, sizeof t);
  t.start = para->start + note->start;
  t.stop = para->start + note->end;
  pst_span wide = {para->start + note->wstart, para->start + note->wend};
  t.label = note->label;
  t.flags = note->flags;
  bool seen = find_items(w, para, wide, &t);
  t.rule = note->rule;
  t.id = note->id;
  t.same = note->same;
  t.fault = note->fault;
  t.depth = note->depth;
  t.quote = note->quote;
  memcpy(t.kind, note->kind, sizeof t.kind);
  t.ntext = note->ntext;
  if (!pst_window_keep(w, notes->bytes + note->text, note->ntext, &t.text)) return false;
  t.attr = PST_NONE;
  if (!PST_PUSH(&w->mem, &w->tag, t)) return false;
  uint32_t tag = (uint32_t)(w->tag.n - 1);
  for (uint32_t a = 0; a < note->nattrs; a++)
    if (!load_attr(w, tag, para, notes, &notes->attr[note->attr + a])) return false;
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

const pst_note *pst_notes_find(const pst_notes *notes, uint32_t id) {
  size_t lo = 0, hi = notes ? notes->n : 0;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    const pst_note *note = &notes->note[notes->note[mid].by_id];
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
