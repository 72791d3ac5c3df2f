/* regex.h - PCRE2 behind one door: compiling with limits, running without surprise.
 *
 * A regex runs anchored on the bytes of a view, never past its paragraph, with match and heap
 * limits. UTF is on; UCP only where the pattern needs it.  \C, \K in lookaround, sources over 32
 * KiB, callouts are refused at load, and so is a character that the view folds away (with the one
 * it has instead).
 */
#ifndef PST_REGEX_H
#define PST_REGEX_H

#include "word.h"

typedef struct pst_regex pst_regex;
/* `flags`: letters of i s x.  err->at: byte offset in the source. */
pst_regex *pst_regex_new(const postil_mem *mem, const char *source, size_t len, const char *flags,
                         postil_err *err);
void pst_regex_free(pst_regex *regex);
/* Scratch for running; one a thread. */
typedef struct pst_regex_run pst_regex_run;
pst_regex_run *pst_regex_run_new(const postil_mem *mem);
void pst_regex_run_free(pst_regex_run *run);
/* Match at exactly `at` of bytes[0, end): POSTIL_OK and *stop (> at) and the run's groups; *stop ==
 * 0 when there is no match; POSTIL_ELIMIT when a limit was hit; POSTIL_ENOMEM. */
postil_status pst_regex_at(const pst_regex *regex, pst_regex_run *run, const char *bytes,
                           size_t end, size_t at, size_t *stop);
/* False when no match can begin with this word (of bytes[at, ...)), by what a glance tells. */
bool pst_regex_may(const pst_regex *regex, const char *word, size_t len);
/* Bytes a match can begin with: bit b of first[b / 8]. */
const uint8_t *pst_regex_first(const pst_regex *regex);
/* May a match hold white space, as far as its source tells? */
bool pst_regex_spaces(const pst_regex *regex);
/* A mark (one ASCII character) that every match must hold, or 0.  But for a stop it is an item by
 * itself; a stop may be inside a word or number. */
uint8_t pst_regex_mark(const pst_regex *regex);
/* Are they the same source with the same letters? */
bool pst_regex_same(const pst_regex *a, const pst_regex *b);
/* Named groups, in order of number: the name of group i (from 0), NULL at the end; and after a
 * match its span (false if it took no part). */
const char *pst_regex_group(const pst_regex *regex, size_t i);
bool pst_regex_span(const pst_regex *regex, const pst_regex_run *run, size_t i, size_t *start,
                    size_t *end);

#endif
