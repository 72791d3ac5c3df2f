/* err.h - errors as plain data in the caller's struct: a code, a place, a line of words. */
#ifndef PST_ERR_H
#define PST_ERR_H

#include "mem.h"

/* Fills *err (which may be NULL) and returns `code`, so that a failing function can say
 *   return pst_err_say(err, POSTIL_EPATTERN, at, "repeat runs backwards: %u > %u", lo, hi);
 * `words` knows %s (zero-terminated; NULL prints nothing), %u (unsigned), %z (size_t) and %%.
 * Control characters of an argument become '?'; what does not fit is cut at a code point. */
postil_status pst_err_say(postil_err *err, postil_status code, size_t at, const char *words, ...);

/* "out of memory". */
postil_status pst_err_nomem(postil_err *err);

#endif
