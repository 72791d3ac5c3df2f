/* mem.c - allocation through one sized function; see mem.h. */
#include "mem.h"

#include <stdlib.h>

enum { VEC_FIRST = 8, ARENA_BLOCK = 32768 };

static void *default_resize(void *ud, void *p, size_t old, size_t size) {
  (void)ud;
  (void)old;
  if (size == 0) {
    free(p);
    return NULL;
  }
  return realloc(p, size);
}

postil_mem pst_mem_default(void) {
  postil_mem mem = {default_resize, NULL};
  return mem;
}

void *pst_mem_new(const postil_mem *mem, size_t count, size_t size) {
  if (count == 0 || size == 0 || count > SIZE_MAX / size) return NULL;
  void *p = mem->resize(mem->ud, NULL, 0, count * size);
  if (p) memset(p, 0, count * size);
  return p;
}

void pst_mem_free(const postil_mem *mem, void *p, size_t count, size_t size) {
  if (p) mem->resize(mem->ud, p, count * size, 0);
}

char *pst_mem_copy(const postil_mem *mem, const char *bytes, size_t len) {
  if (len == SIZE_MAX) return NULL;
  char *copy = mem->resize(mem->ud, NULL, 0, len + 1);
  if (!copy) return NULL;
  if (len) memcpy(copy, bytes, len);
  copy[len] = '\0';
  return copy;
}

/* The shape that every PST_VEC has.  It is copied in and out, never pointed at through the wrong
 * type. */
struct any_vec {
  void *at;
  size_t n, cap;
};

bool pst_vec_reserve(const postil_mem *mem, void *vec, size_t size, size_t extra) {
  struct any_vec v;
  memcpy(&v, vec, sizeof v);
  if (v.cap - v.n >= extra) return true;
  if (extra > SIZE_MAX / size - v.n) return false;
  size_t need = v.n + extra, cap = v.cap ? v.cap : VEC_FIRST;
  while (cap < need) cap = cap > SIZE_MAX / 2 ? need : cap * 2;
  if (cap > SIZE_MAX / size) cap = need;
  void *at = mem->resize(mem->ud, v.at, v.cap * size, cap * size);
  if (!at) return false;
  v.at = at;
  v.cap = cap;
  memcpy(vec, &v, sizeof v);
  return true;
}

void pst_vec_free(const postil_mem *mem, void *vec, size_t size) {
  struct any_vec v;
  memcpy(&v, vec, sizeof v);
  pst_mem_free(mem, v.at, v.cap, size);
  memset(&v, 0, sizeof v);
  memcpy(vec, &v, sizeof v);
}

struct pst_arena_block {
  pst_arena_block *older;
  size_t size; /* of data */
  max_align_t data[];
};

void pst_arena_init(pst_arena *arena, const postil_mem *mem) {
  memset(arena, 0, sizeof *arena);
  arena->mem = *mem;
}

static size_t block_bytes(const pst_arena_block *block) {
  return sizeof(pst_arena_block) + block->size;
}

static void drop_block(pst_arena *arena, pst_arena_block *block) {
  arena->mem.resize(arena->mem.ud, block, block_bytes(block), 0);
}

void *pst_arena_get(pst_arena *arena, size_t size) {
  enum { ALIGN = _Alignof(max_align_t) };
  if (size > SIZE_MAX / 2) return NULL;
  size = (size + ALIGN - 1) / ALIGN * ALIGN;
  if (!arena->block || arena->block->size - arena->used < size) {
    size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
    pst_arena_block *block =
        arena->mem.resize(arena->mem.ud, NULL, 0, sizeof(pst_arena_block) + room);
    if (!block) return NULL;
    block->older = arena->block;
    block->size = room;
    arena->block = block;
    arena->used = 0;
  }
  char *p = (char *)arena->block->data + arena->used;
  arena->used += size;
  return p;
}

void pst_arena_reset(pst_arena *arena) {
  if (!arena->block) return;
  while (arena->block->older) {
    pst_arena_block *older = arena->block->older;
    arena->block->older = older->older;
    drop_block(arena, older);
  }
  arena->used = 0;
}

void pst_arena_free(pst_arena *arena) {
  while (arena->block) {
    pst_arena_block *block = arena->block;
    arena->block = block->older;
    drop_block(arena, block);
  }
  arena->used = 0;
}
