/* cache.h - images of terms as files in a folder of the user's, mapped when they are asked for.
 *
 * A file is called by its key, 32 digits of what it was made from.  It is written under another
 * name and renamed when it is whole, and never changed afterwards, so whoever has it mapped is not
 * disturbed (a mapped file that is cut short would end its reader).  Files and the folder are their
 * owner's alone; what is not is not used.  When a file is written, those go that nobody used for
 * PST_CACHE_DAYS, and the oldest where all together hold more than PST_CACHE_MAX.
 */
#ifndef POSTIL_LUA_CACHE_H
#define POSTIL_LUA_CACHE_H

#include <postil.h>

#define PST_CACHE_DAYS 30
#define PST_CACHE_MAX ((uint64_t)4 << 30)  /* bytes */
enum { PST_KEY = 33, PST_NOTE_MAX = 256 }; /* bytes of a key and of a note, with the zero */

/* An image in memory, with what was said when it was made. */
typedef struct pst_held {
  const char *bytes;
  size_t len;
  char note[PST_NOTE_MAX];
  void *base;  /* of what is freed or unmapped */
  size_t size; /* 0: it is freed */
} pst_held;
void pst_held_free(pst_held *held);

/* Maps the file of a key; false when there is none that is whole. */
bool pst_cache_open(const char *folder, const char *key, pst_held *held);
/* Writes it; NULL, or why it cannot be. */
const char *pst_cache_write(const char *folder, const char *key, const pst_held *held);
/* Removes it. */
void pst_cache_drop(const char *folder, const char *key);

#endif
