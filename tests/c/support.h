/* support.h - what the C tests share: cmocka with the headers it wants, a postil_mem that counts
 * and fails, a small random generator with a fixed seed.
 *
 *   support_mem heap = support_mem_new();        counts, never fails
 *   postil_mem mem = support_mem_use(&heap);     give &mem to the core
 *   ...
 *   support_mem_done(&heap);                     all came back, with right sizes
 *
 *   support_fail_each(work, ud);                 runs work(&mem, ud) failing the 1st, 2nd, 3rd ...
 *                                                allocation, once and from there on
 *
 *   uint64_t seed = 42;  size_t i = support_below(&seed, 10);      0 .. 9
 *
 * The idea of failing every allocation in turn is SQLite's.
 */
#ifndef POSTIL_TESTS_SUPPORT_H
#define POSTIL_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../core/postil.h"

typedef struct support_mem {
  size_t asked;   /* allocations asked for: a new block or another size */
  size_t fail_at; /* the allocation that fails, from 1; 0: none */
  bool sticky;    /* all behind it fail, too */
  size_t failed;  /* allocations that failed */
  size_t live;    /* bytes out at present */
  size_t blocks;  /* blocks out at present */
  size_t peak;    /* most bytes that were out at once; a resized block counts twice */
  size_t wrong;   /* calls with a wrong old size or a spoilt block; must stay 0 */
} support_mem;

/* Stands before each block; the union keeps what follows aligned for anything. */
typedef union support_head {
  struct {
    size_t size;
    uint64_t mark;
  } is;
  max_align_t align;
} support_head;

#define SUPPORT_MARK UINT64_C(0x706f7374696c2121)

/* A counter that never fails; set fail_at and sticky to make it fail. */
static inline support_mem support_mem_new(void) {
  support_mem heap = {0, 0, false, 0, 0, 0, 0, 0};
  return heap;
}

/* Gives a block back and checks that `old` is the size it was handed out with. */
static inline void support_release(support_mem *heap, void *p, size_t old) {
  support_head *head = (support_head *)p - 1;
  if (head->is.mark != SUPPORT_MARK || head->is.size != old) heap->wrong++;
  heap->live -= head->is.size;
  heap->blocks--;
  head->is.mark = 0;
  free(head);
}

/* The resize function.  Bytes that are new hold 0xA5, so that nobody takes them for zeros; a block
 * always moves, so that a stale pointer is noticed. */
static inline void *support_resize(void *ud, void *p, size_t old, size_t size) {
  support_mem *heap = ud;
  if (!p && old != 0) heap->wrong++;
  if (size == 0) {
    if (p) support_release(heap, p, old);
    return NULL;
  }
  heap->asked++;
  bool fails = heap->fail_at &&
               (heap->sticky ? heap->asked >= heap->fail_at : heap->asked == heap->fail_at);
  support_head *head = NULL;
  if (!fails && size <= PTRDIFF_MAX - sizeof *head) head = malloc(sizeof *head + size);
  if (!head) {
    heap->failed++;
    return NULL;
  }
  head->is.size = size;
  head->is.mark = SUPPORT_MARK;
  memset(head + 1, 0xA5, size);
  heap->blocks++;
  heap->live += size;
  if (heap->live > heap->peak) heap->peak = heap->live;
  if (p) {
    size_t had = ((support_head *)p - 1)->is.size;
    memcpy(head + 1, p, had < size ? had : size);
    support_release(heap, p, old);
  }
  return head + 1;
}

static inline postil_mem support_mem_use(support_mem *heap) {
  postil_mem mem = {support_resize, heap};
  return mem;
}

/* Everything was given back, with the sizes it had. */
static inline void support_mem_done(const support_mem *heap) {
  assert_int_equal(heap->wrong, 0);
  assert_int_equal(heap->blocks, 0);
  assert_int_equal(heap->live, 0);
}

typedef postil_status support_work(const postil_mem *mem, void *ud);

/* Runs `work` with the n-th allocation failing, for each n until none fails; first that one alone,
 * then all from there on.  A run in which one failed must return POSTIL_ENOMEM, any other
 * POSTIL_OK, and each must give everything back.  Returns how many allocations the full work asks for. */
static inline size_t support_fail_each(support_work *work, void *ud) {
  size_t asked = 0;
  for (int sticky = 0; sticky < 2; sticky++) {
    for (size_t n = 1;; n++) {
      support_mem heap = support_mem_new();
      heap.fail_at = n;
      heap.sticky = sticky;
      postil_mem mem = support_mem_use(&heap);
      postil_status status = work(&mem, ud);
      assert_int_equal(status, heap.failed ? POSTIL_ENOMEM : POSTIL_OK);
      support_mem_done(&heap);
      asked = heap.asked;
      if (!heap.failed) break;
    }
  }
  return asked;
}

/* The next 64 bits of a sequence that *seed alone decides (SplitMix64). */
static inline uint64_t support_random(uint64_t *seed) {
  uint64_t x = *seed += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* A number from 0 to n - 1; 0 for n = 0. */
static inline size_t support_below(uint64_t *seed, size_t n) {
  return n ? (size_t)(support_random(seed) % n) : 0;
}

#endif
