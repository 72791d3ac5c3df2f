/* embed.h - the Lua side of postil inside the command.
 *
 * embed.sh writes the table from all that lies below lua/postil: the command is one file and finds
 * its modules, rules and word lists in itself.
 */
#ifndef POSTIL_EMBED_H
#define POSTIL_EMBED_H

#include <stddef.h>

typedef struct embed_file {
  const char *name; /* relative to lua/: "postil/rules/news.lua" */
  const unsigned char *bytes;
  size_t len;
} embed_file;

/* Sorted by name, byte by byte. */
extern const embed_file embed_files[];
extern const size_t embed_count;

#endif
