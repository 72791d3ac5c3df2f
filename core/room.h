/* room.h - what the rooms of the core share: sizes, limits, small vectors.
 *
 * A room is one .c/.h pair.  Rooms depend on each other in one direction only:
 *   room mem err text norm view word term regex trace tag pattern match start quote rules doc
 * A file includes what stands to its left (`make rooms` checks it).
 */
#ifndef PST_ROOM_H
#define PST_ROOM_H

#include <assert.h>
#include <string.h>

#include "postil.h"

/* A vector is any struct of this shape; PST_VEC(int) declares one, all zeros is an empty one. */
#define PST_VEC(T) \
  struct {         \
    T *at;         \
    size_t n, cap; \
  }

typedef struct pst_str {
  const char *at;
  size_t len;
} pst_str;

#define PST_COUNT(array) (sizeof(array) / sizeof *(array))

#endif
