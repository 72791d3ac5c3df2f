/* host.h - what the command's Lua side asks of the machine: files, streams, terminal, pager, clock.
 *
 * Lua gets it as one table, passed to postil.command; see host.c for what each function does.
 */
#ifndef POSTIL_COMMAND_HOST_H
#define POSTIL_COMMAND_HOST_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/* A lua_CFunction: leaves the host table on the stack. */
int host_open(lua_State *L);

/* watch.c: watch(look) and stamp(path), for the same table. */
int host_watch(lua_State *L);
int host_stamp(lua_State *L);

/* talk.c: ready(reads, writes, waits) and put(bytes, at), for the same table. */
int host_ready(lua_State *L);
int host_put(lua_State *L);

/* Bytes of the embedded file `name` ("postil/rules/news.lua"), or NULL. */
const unsigned char *host_embedded(const char *name, size_t *len);

/* A line of {"id": ..., "text": ...} taken apart.  Pointers into what host_json_free releases. */
typedef struct host_json {
  const char *text; /* UTF-8, may hold zeros */
  size_t len;
  const char *id;   /* JSON text of a number, or NULL */
  const char *name; /* id when it is a string (may hold zeros), or NULL */
  size_t name_len;
  char what[256]; /* why the line is refused */
  void *root;     /* a tree of Jansson, or NULL */
  char *bytes;    /* what was copied, or NULL */
} host_json;

/* False, with json->what filled in, when the line is no such object; nothing to release then. */
bool host_json_read(host_json *json, const char *line, size_t len);
void host_json_free(host_json *json);

#endif
