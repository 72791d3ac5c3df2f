/* test_mem.c - vectors, arenas, failing allocations, sizes that do not fit. */
#include "../../core/mem.h"
#include "support.h"

typedef PST_VEC(int) ints;

/* What every test needs. */
typedef struct place {
  support_mem heap;
  postil_mem mem;
} place;

static void place_init(place *p) {
  p->heap = support_mem_new();
  p->mem = support_mem_use(&p->heap);
}

static bool push(const postil_mem *mem, ints *v, int value) { return PST_PUSH(mem, v, value); }

static bool reserve(const postil_mem *mem, ints *v, size_t extra) {
  return PST_RESERVE(mem, v, extra);
}

static void default_is_malloc(void **state) {
  (void)state;
  postil_mem mem = pst_mem_default();
  char *p = mem.resize(mem.ud, NULL, 0, 3);
  assert_non_null(p);
  memcpy(p, "abc", 3);
  p = mem.resize(mem.ud, p, 3, 100000);
  assert_non_null(p);
  assert_memory_equal(p, "abc", 3);
  assert_null(mem.resize(mem.ud, p, 100000, 0));
  assert_null(mem.resize(mem.ud, NULL, 0, 0));
}

static void new_is_zeroed(void **state) {
  (void)state;
  place at;
  place_init(&at);
  unsigned char *p = pst_mem_new(&at.mem, 5, 7);
  assert_non_null(p);
  assert_int_equal(at.heap.live, 35);
  for (size_t i = 0; i < 35; i++) assert_int_equal(p[i], 0);
  pst_mem_free(&at.mem, p, 5, 7);
  pst_mem_free(&at.mem, NULL, 5, 7);
  support_mem_done(&at.heap);
}

/* Nothing is asked of the host for sizes that are none or do not fit. */
static void new_of_odd_sizes(void **state) {
  (void)state;
  place at;
  place_init(&at);
  assert_null(pst_mem_new(&at.mem, 0, 8));
  assert_null(pst_mem_new(&at.mem, 8, 0));
  assert_null(pst_mem_new(&at.mem, SIZE_MAX, 2));
  assert_null(pst_mem_new(&at.mem, 2, SIZE_MAX));
  assert_null(pst_mem_new(&at.mem, SIZE_MAX / 8 + 1, 8));
  size_t root = (size_t)1 << (sizeof(size_t) * 4); /* root * root is 0 */
  assert_null(pst_mem_new(&at.mem, root, root));
  assert_int_equal(at.heap.asked, 0);
  assert_null(pst_mem_new(&at.mem, SIZE_MAX / 8, 8)); /* fits, but no host has it */
  assert_int_equal(at.heap.asked, 1);
  support_mem_done(&at.heap);
}

static void copy_keeps_zeros(void **state) {
  (void)state;
  place at;
  place_init(&at);
  char *p = pst_mem_copy(&at.mem, "a\0b", 3);
  assert_non_null(p);
  assert_memory_equal(p, "a\0b", 4);
  assert_int_equal(at.heap.live, 4);
  char *empty = pst_mem_copy(&at.mem, NULL, 0);
  assert_non_null(empty);
  assert_string_equal(empty, "");
  assert_null(pst_mem_copy(&at.mem, "", SIZE_MAX));
  pst_mem_free(&at.mem, p, 4, 1);
  pst_mem_free(&at.mem, empty, 1, 1);
  support_mem_done(&at.heap);
}

static void vector_grows(void **state) {
  (void)state;
  place at;
  place_init(&at);
  ints v = {0};
  for (int i = 0; i < 1000; i++) {
    assert_true(push(&at.mem, &v, i * 3));
    assert_int_equal(v.n, i + 1);
    assert_true(v.cap >= v.n);
    assert_int_equal(at.heap.live, v.cap * sizeof(int));
  }
  for (int i = 0; i < 1000; i++) assert_int_equal(v.at[i], i * 3);
  assert_true(at.heap.asked < 12); /* it doubles */
  PST_FREE(&at.mem, &v);
  assert_null(v.at);
  assert_int_equal(v.n, 0);
  assert_int_equal(v.cap, 0);
  PST_FREE(&at.mem, &v);
  support_mem_done(&at.heap);
}

static void reserve_gives_what_was_asked(void **state) {
  (void)state;
  place at;
  place_init(&at);
  ints v = {0};
  assert_true(reserve(&at.mem, &v, 0));
  assert_int_equal(at.heap.asked, 0);
  assert_true(reserve(&at.mem, &v, 100));
  assert_true(v.cap >= 100);
  assert_int_equal(v.n, 0);
  v.n = 90;
  size_t asked = at.heap.asked;
  assert_true(reserve(&at.mem, &v, v.cap - v.n));
  assert_int_equal(at.heap.asked, asked);
  size_t cap = v.cap;
  assert_true(reserve(&at.mem, &v, cap - v.n + 1));
  assert_true(v.cap > cap);
  PST_FREE(&at.mem, &v);
  support_mem_done(&at.heap);
}

/* A vector that cannot grow stays as it was. */
static void vector_survives_failure(void **state) {
  (void)state;
  place at;
  place_init(&at);
  ints v = {0};
  at.heap.fail_at = 1;
  assert_false(push(&at.mem, &v, 1));
  assert_null(v.at);
  assert_int_equal(v.n, 0);
  while (v.n < v.cap || v.n == 0) assert_true(push(&at.mem, &v, 7));
  ints before = v;
  at.heap.fail_at = at.heap.asked + 1;
  assert_false(push(&at.mem, &v, 1));
  assert_ptr_equal(v.at, before.at);
  assert_int_equal(v.n, before.n);
  assert_int_equal(v.cap, before.cap);
  for (size_t i = 0; i < v.n; i++) assert_int_equal(v.at[i], 7);
  assert_true(push(&at.mem, &v, 1));
  PST_FREE(&at.mem, &v);
  support_mem_done(&at.heap);
}

static void vector_refuses_sizes_that_do_not_fit(void **state) {
  (void)state;
  place at;
  place_init(&at);
  ints v = {0};
  assert_true(push(&at.mem, &v, 5));
  size_t asked = at.heap.asked;
  assert_false(reserve(&at.mem, &v, SIZE_MAX));
  assert_false(reserve(&at.mem, &v, SIZE_MAX - 1));
  assert_false(reserve(&at.mem, &v, SIZE_MAX / sizeof(int)));
  assert_int_equal(at.heap.asked, asked);
  assert_false(reserve(&at.mem, &v, SIZE_MAX / sizeof(int) - 1)); /* fits, no host has it */
  assert_int_equal(v.n, 1);
  assert_int_equal(v.at[0], 5);
  PST_FREE(&at.mem, &v);
  support_mem_done(&at.heap);
}

static bool aligned(const void *p) { return (uintptr_t)p % _Alignof(max_align_t) == 0; }

static void arena_gives_separate_pieces(void **state) {
  (void)state;
  place at;
  place_init(&at);
  pst_arena arena;
  pst_arena_init(&arena, &at.mem);
  assert_int_equal(at.heap.asked, 0);
  enum { PIECES = 400 };
  static unsigned char *piece[PIECES];
  static size_t size[PIECES];
  uint64_t seed = 11;
  for (size_t i = 0; i < PIECES; i++) {
    size[i] = 1 + support_below(&seed, i % 50 == 0 ? 100000 : 300);
    piece[i] = pst_arena_get(&arena, size[i]);
    assert_non_null(piece[i]);
    assert_true(aligned(piece[i]));
    memset(piece[i], (int)(i % 251), size[i]);
  }
  for (size_t i = 0; i < PIECES; i++)
    for (size_t k = 0; k < size[i]; k++) assert_int_equal(piece[i][k], i % 251);
  pst_arena_free(&arena);
  support_mem_done(&at.heap);
  pst_arena_free(&arena);
  support_mem_done(&at.heap);
}

static void arena_of_nothing(void **state) {
  (void)state;
  place at;
  place_init(&at);
  pst_arena arena;
  pst_arena_init(&arena, &at.mem);
  pst_arena_reset(&arena);
  assert_non_null(pst_arena_get(&arena, 0));
  assert_null(pst_arena_get(&arena, SIZE_MAX));
  assert_null(pst_arena_get(&arena, SIZE_MAX - 15));
  assert_null(pst_arena_get(&arena, SIZE_MAX / 2)); /* no host has it */
  assert_non_null(pst_arena_get(&arena, 1));
  pst_arena_free(&arena);
  support_mem_done(&at.heap);
}

/* After a reset one block is left and used again: a run like the last asks for nothing. */
static void arena_reset_keeps_a_block(void **state) {
  (void)state;
  place at;
  place_init(&at);
  pst_arena arena;
  pst_arena_init(&arena, &at.mem);
  for (size_t i = 0; i < 1000; i++) assert_non_null(pst_arena_get(&arena, 1000));
  assert_true(at.heap.blocks > 5);
  pst_arena_reset(&arena);
  assert_int_equal(at.heap.blocks, 1);
  size_t asked = at.heap.asked;
  void *first = pst_arena_get(&arena, 1000);
  pst_arena_reset(&arena);
  assert_ptr_equal(pst_arena_get(&arena, 10), first);
  assert_int_equal(at.heap.asked, asked);
  pst_arena_free(&arena);
  support_mem_done(&at.heap);
}

static void arena_survives_failure(void **state) {
  (void)state;
  place at;
  place_init(&at);
  pst_arena arena;
  pst_arena_init(&arena, &at.mem);
  char *kept = pst_arena_get(&arena, 3);
  assert_non_null(kept);
  memcpy(kept, "abc", 3);
  at.heap.fail_at = at.heap.asked + 1;
  assert_null(pst_arena_get(&arena, 200000));
  assert_memory_equal(kept, "abc", 3);
  assert_non_null(pst_arena_get(&arena, 200000));
  assert_memory_equal(kept, "abc", 3);
  pst_arena_free(&arena);
  support_mem_done(&at.heap);
}

/* A little of everything, with everything failing once and for good. */
static postil_status mixed_work(const postil_mem *mem, void *ud) {
  (void)ud;
  postil_status status = POSTIL_ENOMEM;
  pst_arena arena;
  pst_arena_init(&arena, mem);
  ints v = {0};
  char *copy = pst_mem_copy(mem, "words", 5);
  bool good = copy != NULL;
  for (int i = 0; good && i < 100; i++)
    good = push(mem, &v, i) && pst_arena_get(&arena, 1500);
  if (good) status = POSTIL_OK;
  for (size_t i = 0; i < v.n; i++) assert_int_equal(v.at[i], i);
  pst_mem_free(mem, copy, 6, 1);
  PST_FREE(mem, &v);
  pst_arena_free(&arena);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  assert_true(support_fail_each(mixed_work, NULL) > 8);
}

/* The counting host itself: it must notice what it is there to notice. */
static void the_host_notices(void **state) {
  (void)state;
  place at;
  place_init(&at);
  void *p = at.mem.resize(&at.heap, NULL, 0, 10);
  assert_non_null(p);
  assert_int_equal(at.heap.wrong, 0);
  p = at.mem.resize(&at.heap, p, 9, 20);
  assert_int_equal(at.heap.wrong, 1);
  assert_int_equal(at.heap.live, 20);
  assert_int_equal(at.heap.peak, 30); /* old and new at once */
  at.heap.fail_at = at.heap.asked + 1;
  at.heap.sticky = true;
  assert_null(at.mem.resize(&at.heap, p, 20, 30));
  assert_null(at.mem.resize(&at.heap, p, 20, 30));
  assert_int_equal(at.heap.failed, 2);
  assert_int_equal(at.heap.blocks, 1);
  assert_null(at.mem.resize(&at.heap, p, 20, 0));
  assert_int_equal(at.heap.blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(default_is_malloc),
      cmocka_unit_test(new_is_zeroed),
      cmocka_unit_test(new_of_odd_sizes),
      cmocka_unit_test(copy_keeps_zeros),
      cmocka_unit_test(vector_grows),
      cmocka_unit_test(reserve_gives_what_was_asked),
      cmocka_unit_test(vector_survives_failure),
      cmocka_unit_test(vector_refuses_sizes_that_do_not_fit),
      cmocka_unit_test(arena_gives_separate_pieces),
      cmocka_unit_test(arena_of_nothing),
      cmocka_unit_test(arena_reset_keeps_a_block),
      cmocka_unit_test(arena_survives_failure),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(the_host_notices),
  };
  return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
