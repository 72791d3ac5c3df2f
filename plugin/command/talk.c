/* talk.c - standard input and output of a program that talks with another, for `postil serve`:
 * neither reading nor writing ever waits for the other side.
 *
 * The ends keep their flags, which they may share with other programs.  A pipe that is ready for
 * writing takes at least PIPE_BUF bytes without a wait, so no more are written at a time.
 */
#define _XOPEN_SOURCE 700

#include "host.h"

#include <errno.h>
#include <lauxlib.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { LOST = POLLERR | POLLNVAL };

/* ready(reads, writes, waits) -> can be read, can be written, the reader is gone.  Looks at those
 * that are asked for; waits for one of them, or for the reader to go. */
int host_ready(lua_State *L) {
  bool reads = lua_toboolean(L, 1), writes = lua_toboolean(L, 2);
  struct pollfd on[2] = {{.fd = reads ? STDIN_FILENO : -1, .events = POLLIN},
                         {.fd = STDOUT_FILENO, .events = writes ? POLLOUT : 0}};
  int ready;
  do ready = poll(on, 2, lua_toboolean(L, 3) ? -1 : 0);
  while (ready < 0 && errno == EINTR);
  lua_pushboolean(L, reads && on[0].revents != 0); /* an end is read, too, and so is an error */
  lua_pushboolean(L, (on[1].revents & POLLOUT) != 0);
  lua_pushboolean(L, (on[1].revents & LOST) != 0 || (on[1].revents & (POLLHUP | POLLOUT)) == POLLHUP);
  return 3;
}

/* put(bytes, at) -> how many bytes were written from the at-th on | nil, words.  The words are
 * "closed" when the reader went away: no trouble. */
int host_put(lua_State *L) {
  size_t len;
  const char *bytes = luaL_checklstring(L, 1, &len);
  lua_Integer at = luaL_checkinteger(L, 2);
  luaL_argcheck(L, at >= 1 && (size_t)at <= len, 2, "not in the bytes");
  size_t left = len - (size_t)at + 1;
  ssize_t n = write(STDOUT_FILENO, bytes + at - 1, left < PIPE_BUF ? left : PIPE_BUF);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) n = 0;
  if (n >= 0) {
    lua_pushinteger(L, (lua_Integer)n);
    return 1;
  }
  lua_pushnil(L);
  lua_pushstring(L, errno == EPIPE ? "closed" : strerror(errno));
  return 2;
}
