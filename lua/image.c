/* image.c - large tables become images of terms (postil.h) and are kept in the host's cache.
 *
 * The terms of a table go to a rule set of their own, which is compiled into an image and thrown
 * away.  The image is kept under a key of all that it was made from, and mapped from there.
 */
#include "gazetteer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define IMAGE_HEAP_MAX ((size_t)3 << 30) /* bytes while an image is made */

enum {
  IMAGES_MAX = 64, /* of a rule set */
  CHUNK = 1 << 18  /* bytes of a file that are hashed at once */
};

/* All that an image is made from beside the bytes of the table. */
static void hash_job(const pst_job *j, pst_format format, postil_case kase, XXH3_state_t *state) {
  const pst_recipe *r = &j->recipe;
  uint32_t about[] = {(uint32_t)format,     (uint32_t)kase,      j->skip,
                      j->by_recipe,         (uint32_t)r->nterms, (uint32_t)r->nattrs,
                      (uint32_t)j->filter.n};
  const char *versions[] = {"postil terms 1", postil_version(), postil_unicode()};
  (void)XXH3_128bits_reset(state);
  for (size_t i = 0; i < PST_COUNT_OF(versions); i++)
    (void)XXH3_128bits_update(state, versions[i], strlen(versions[i]) + 1);
  (void)XXH3_128bits_update(state, about, sizeof about);
  for (size_t i = 0; i < r->nterms; i++)
    (void)XXH3_128bits_update(state, &r->term[i].n, sizeof r->term[i].n);
  for (size_t i = 0; i < r->nattrs; i++) {
    (void)XXH3_128bits_update(state, &r->value[i].n, sizeof r->value[i].n);
    (void)XXH3_128bits_update(state, r->name[i], strlen(r->name[i]) + 1);
  }
  for (size_t i = 0; i < r->npieces; i++) {
    size_t shape = r->piece[i].text.len * 2 + r->piece[i].is_column;
    (void)XXH3_128bits_update(state, &shape, sizeof shape);
    (void)XXH3_128bits_update(state, r->piece[i].text.at, r->piece[i].text.len);
  }
  for (size_t k = 0; k < j->filter.n; k++) {
    const postil_value *values = &j->filter.pair[k].value;
    (void)XXH3_128bits_update(state, j->filter.pair[k].name, strlen(j->filter.pair[k].name) + 1);
    (void)XXH3_128bits_update(state, &values->len, sizeof values->len);
    (void)XXH3_128bits_update(state, values->text, values->len);
  }
}

static void write_key(const XXH3_state_t *state, char key[PST_KEY]) {
  XXH128_hash_t hash = XXH3_128bits_digest(state);
  (void)snprintf(key, PST_KEY, "%016llx%016llx", (unsigned long long)hash.high64,
                 (unsigned long long)hash.low64);
}

/* A heap with a cap, for the rule set that an image is made from. */
static void *allocate(void *ud, void *p, size_t old, size_t size) {
  size_t *held = ud;
  if (size == 0) {
    free(p);
    *held -= old;
    return NULL;
  }
  if (size > old && size - old > IMAGE_HEAP_MAX - *held) return NULL;
  void *made = realloc(p, size);
  if (made) *held += size - old; /* wraps rightly when the block shrinks */
  return made;
}

/* Makes the image of a table; what goes wrong is told. */
static void make_image(pst_job *j, pst_format format, postil_case kase, postil_text source,
                       pst_held *held) {
  size_t heap = 0;
  postil_mem mem = {allocate, &heap};
  postil_err err = {.rule = POSTIL_NO_RULE};
  postil_rule rule = {.verb = POSTIL_TAG, .label = "x", .kase = kase, .keep = POSTIL_NO_HOOK};
  postil_rules *own = j->rules;
  uint32_t index = j->index;
  postil_status status = postil_rules_new(&mem, &j->rules, &err);
  if (!status) status = postil_rules_add(j->rules, &rule, &j->index, &err);
  if (!status) pst_job_read(j, format, source.at, source.len);
  if (!status && !j->ntold) {
    char *bytes;
    status = postil_image_make(j->rules, NULL, &bytes, &held->len, &err);
    held->bytes = held->base = bytes;
  }
  if (status) pst_job_fail(j, 0, err.what);
  postil_rules_free(j->rules);
  j->rules = own;
  j->index = index;
  memcpy(held->note, j->note, sizeof held->note);
}

/* Lends an image to the statement; the set keeps it.  False when it is not whole. */
static bool lend(pst_job *j, pst_held *held) {
  pst_set *set = j->set;
  postil_err err = {.rule = POSTIL_NO_RULE};
  pst_held *grown = realloc(set->image, (set->nimages + 1) * sizeof *grown);
  if (grown) set->image = grown;
  postil_status status =
      grown ? postil_rules_image(set->rules, j->index, held->bytes, held->len, &err)
            : POSTIL_ENOMEM;
  if (status == POSTIL_OK) {
    memcpy(j->note, held->note, sizeof j->note);
    set->image[set->nimages++] = *held;
    return true;
  }
  if (status != POSTIL_EUSE) pst_job_fail(j, 0, grown ? err.what : "out of memory");
  pst_held_free(held);
  return false;
}

static bool lend_cached(pst_job *j, const char *folder, const char *key) {
  pst_held held = {0};
  if (!folder || !pst_cache_open(folder, key, &held)) return false;
  if (lend(j, &held)) return true;
  if (!j->stop) pst_cache_drop(folder, key);
  return false;
}

/* Makes the image, and puts it into the cache and takes it from there if that can be done. */
static void lend_new(pst_job *j, pst_format format, postil_case kase, postil_text source,
                     const char *folder) {
  XXH3_state_t state;
  char key[PST_KEY];
  pst_held held = {0};
  hash_job(j, format, kase, &state);
  (void)XXH3_128bits_update(&state, source.at, source.len);
  write_key(&state, key);
  if (lend_cached(j, folder, key) || j->stop) return;
  make_image(j, format, kase, source, &held);
  if (j->ntold || j->stop) {
    pst_held_free(&held);
    return;
  }
  const char *why = folder ? pst_cache_write(folder, key, &held) : NULL;
  if (folder && !why && lend_cached(j, folder, key)) {
    pst_held_free(&held);
    return;
  }
  if (why) {
    size_t n = strlen(held.note);
    (void)snprintf(held.note + n, sizeof held.note - n,
                   "%scompiled in memory, for %s cannot be written (%s)", n ? "; " : "", folder,
                   why);
  }
  if (j->stop)
    pst_held_free(&held);
  else if (!lend(j, &held) && !j->stop)
    pst_job_fail(j, 0, "this table cannot be compiled");
}

/* ---- files ----------------------------------------------------------------------------------- */

/* The key of a file, read piece by piece; false: *why says why not. */
static bool hash_file(FILE *file, XXH3_state_t *state, const char **why) {
  char *chunk = malloc(CHUNK);
  size_t n = 0;
  *why = chunk ? NULL : "out of memory";
  while (chunk && (n = fread(chunk, 1, CHUNK, file)) > 0)
    (void)XXH3_128bits_update(state, chunk, n);
  if (chunk && ferror(file)) *why = strerror(errno);
  free(chunk);
  return !*why;
}

/* The whole of a file of `size` bytes at most, to be freed; NULL: *why says why not. */
static char *read_file(FILE *file, size_t size, size_t *len, const char **why) {
  char *bytes = malloc(size + 1);
  *why = bytes ? NULL : "out of memory";
  if (!bytes) return NULL;
  rewind(file);
  *len = fread(bytes, 1, size + 1, file);
  if (ferror(file))
    *why = strerror(errno);
  else if (*len > size)
    *why = "it is being written";
  if (!*why) return bytes;
  free(bytes);
  return NULL;
}

/* Lends the image of a file, without reading it into memory where the image is there. */
static void lend_file(pst_job *j, pst_format format, postil_case kase, const char *path,
                      size_t size, const char *folder) {
  XXH3_state_t state;
  char key[PST_KEY];
  size_t len;
  const char *why = NULL;
  FILE *file = fopen(path, "rb");
  if (!file) {
    pst_job_fail(j, 0, strerror(errno));
    return;
  }
  (void)setvbuf(file, NULL, _IONBF, 0);
  bool done = false;
  if (folder) {
    hash_job(j, format, kase, &state);
    if (hash_file(file, &state, &why)) {
      write_key(&state, key);
      done = lend_cached(j, folder, key);
    }
  }
  char *bytes = why || done || j->stop ? NULL : read_file(file, size, &len, &why);
  if (bytes) lend_new(j, format, kase, (postil_text){bytes, len}, folder);
  free(bytes);
  if (why) pst_job_fail(j, 0, why);
  (void)fclose(file);
}

/* ---- one table ------------------------------------------------------------------------------- */

/* The clock of the rule files stands still while an image is made: that is our work, not theirs,
 * and bounded by PST_TABLES_MAX; what recipes and filters ask for besides is counted. */
void pst_job_lend(pst_job *j, const pst_answer *a, postil_case kase) {
  pst_set *set = j->set;
  clock_t began = clock();
  set->still = true;
  set->tables += a->source.len;
  if (set->tables > PST_TABLES_MAX) {
    pst_job_fail(j, 0, "the large tables of a rule set hold more than 1 GiB");
  } else if (set->nimages == IMAGES_MAX) {
    pst_job_fail(j, 0, "more than 64 large tables in a rule set");
  } else if (a->source.at) {
    lend_new(j, a->format, kase, a->source, a->folder);
  } else {
    lend_file(j, a->format, kase, a->path, a->source.len, a->folder);
  }
  set->still = false;
  if (set->timed) set->began += clock() - began;
}
