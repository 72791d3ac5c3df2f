/* private.h - folders and files that are the user's alone, for what is kept between runs: the cache
 * (cache.c) and records (files.c).  Whoever else could write there could say what is believed.
 */
#ifndef POSTIL_LUA_PRIVATE_H
#define POSTIL_LUA_PRIVATE_H

#include <stddef.h>

/* Words say what went wrong, NULL: nothing did. */

/* Makes a folder and those above it, for this user alone. */
const char *pst_private_make(const char *path);
/* Opens a folder, with more flags of open(2).  -1: *why says why not, NULL: it is not there. */
int pst_private_open(const char *path, int flags, const char **why);
/* Whether what fd is open on belongs to this user and nobody else can write to it. */
const char *pst_private_check(int fd);
const char *pst_private_write(int fd, const void *bytes, size_t len);

#endif
