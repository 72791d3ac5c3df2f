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

/* Says which text of a statement the words of *err (which may be NULL) are about, if no one has said
 * so yet; returns `code`. */
postil_status pst_err_in(postil_err *err, postil_status code, const char *field, size_t nth);
/* Adds the rule whose work failed, unless one is named; hands the code on. */
postil_status pst_err_by(postil_err *err, postil_status code, uint32_t rule);

/* How many letters of `word` are wrong if `other` was meant; PST_ERR_FAR: it hardly was. */
#define PST_ERR_FAR 99u
unsigned pst_err_near(const char *word, const char *other);

#endif
