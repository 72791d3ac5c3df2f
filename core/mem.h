/* mem.h - every allocation of the core goes through here.
 *
 * pst_mem_* check sizes before they multiply and pass the old size on, so that a host can count,
 * cap or fail allocations.  An arena is for the scratch of one run: it grows by blocks and is
 * released at once.
 */
#ifndef PST_MEM_H
#define PST_MEM_H

#include "room.h"

/* malloc, realloc and free behind a postil_mem: what a NULL postil_mem means. */
postil_mem pst_mem_default(void);

/* count*size zeroed bytes, or NULL.  count 0 gives a pointer that pst_mem_free accepts, or NULL. */
void *pst_mem_new(const postil_mem *mem, size_t count, size_t size);
void pst_mem_free(const postil_mem *mem, void *p, size_t count, size_t size);
/* A copy of len bytes with a zero behind them (len + 1 bytes are owned), or NULL. */
char *pst_mem_copy(const postil_mem *mem, const char *bytes, size_t len);

/* Makes room for `extra` more elements of `size` bytes in a PST_VEC; false when memory runs out
 * (the vector is then as it was).  Use the macros. */
bool pst_vec_reserve(const postil_mem *mem, void *vec, size_t size, size_t extra);
void pst_vec_free(const postil_mem *mem, void *vec, size_t size);

#define PST_RESERVE(mem, v, extra) \
  ((v)->cap - (v)->n >= (extra) || pst_vec_reserve((mem), (v), sizeof *(v)->at, (extra)))
/* PST_PUSH(mem, &vec, value): appends, or is false. */
#define PST_PUSH(mem, v, value) \
  (PST_RESERVE((mem), (v), 1) ? ((v)->at[(v)->n++] = (value), true) : false)
#define PST_FREE(mem, v) pst_vec_free((mem), (v), sizeof *(v)->at)

typedef struct pst_arena_block pst_arena_block;
typedef struct pst_arena {
  postil_mem mem;
  pst_arena_block *block; /* newest first */
  size_t used;            /* bytes used of the newest block */
} pst_arena;

void pst_arena_init(pst_arena *arena, const postil_mem *mem);
/* `size` bytes aligned for any object, not zeroed; NULL when memory runs out. */
void *pst_arena_get(pst_arena *arena, size_t size);
/* Forgets everything but keeps the newest block for the next run. */
void pst_arena_reset(pst_arena *arena);
void pst_arena_free(pst_arena *arena);

#endif
