/* watch.c - waiting until a file is saved, for `postil tag --watch`.
 *
 * What is watched is the folder of a file, so that a file that is replaced by renaming, as most
 * editors save, is seen as well as one that is written in place.  A watcher tells only that
 * something may have changed; what it was, stamps tell.  Where the system has no inotify, or no
 * more of it, the wait lasts a second.
 */
#define _XOPEN_SOURCE 700

#include "host.h"

#include <errno.h>
#include <lauxlib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/inotify.h>
#endif

enum {
  LOOK_MS = 1000, /* between two looks where nothing tells of changes */
  PAUSE_MS = 50   /* between two steps of an editor that saves there is less */
};

static const char *const watcher_type = "postil.host.watcher";

typedef struct watcher {
  int fd;    /* of inotify, or -1 */
  bool look; /* not everything is told: look by yourself */
} watcher;

/* Watches the folder that holds this path.  False where that cannot be. */
static bool add_folder_of(int fd, const char *path) {
#ifdef __linux__
  const char *slash = strrchr(path, '/');
  size_t len = slash ? (size_t)(slash - path) + 1 : 0;
  char *folder = malloc(len + 2);
  if (!folder) return false;
  memcpy(folder, slash ? path : ".", slash ? len : 1);
  folder[slash ? len : 1] = '\0';
  int wd = inotify_add_watch(fd, folder,
                             IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
  free(folder);
  return wd >= 0;
#else
  (void)fd;
  (void)path;
  return false;
#endif
}

/* watcher:add(path): the folder of a file, and where the file really lies if it is a link. */
static int watcher_add(lua_State *L) {
  watcher *w = luaL_checkudata(L, 1, watcher_type);
  const char *path = luaL_checkstring(L, 2);
  if (w->fd < 0) return 0;
  if (!add_folder_of(w->fd, path)) w->look = true;
  char *real = realpath(path, NULL);
  if (real && !add_folder_of(w->fd, real)) w->look = true;
  free(real);
  return 0;
}

/* Takes away what inotify has told. */
static void drain(int fd) {
  char events[4096];
  while (read(fd, events, sizeof events) > 0) continue;
}

/* watcher:wait() -> true when something may have changed, false when the reader of standard output
 * is gone. */
static int watcher_wait(lua_State *L) {
  const watcher *w = luaL_checkudata(L, 1, watcher_type);
  struct pollfd on[2] = {{.fd = STDOUT_FILENO}, {.fd = w->fd, .events = POLLIN}};
  int ready;
  do ready = poll(on, 2, w->fd < 0 || w->look ? LOOK_MS : -1);
  while (ready < 0 && errno == EINTR);
  bool gone = (on[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
  if (w->fd >= 0) drain(w->fd);
  lua_pushboolean(L, !gone);
  return 1;
}

/* watcher:pause(): a moment. */
static int watcher_pause(lua_State *L) {
  (void)luaL_checkudata(L, 1, watcher_type);
  (void)poll(NULL, 0, PAUSE_MS);
  return 0;
}

static int watcher_close(lua_State *L) {
  watcher *w = luaL_checkudata(L, 1, watcher_type);
  if (w->fd >= 0) (void)close(w->fd);
  w->fd = -1;
  return 0;
}

/* watch(look): a watcher; look: by looking every second, without inotify. */
int host_watch(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"add", watcher_add}, {"wait", watcher_wait}, {"pause", watcher_pause}, {NULL, NULL}};
  bool look = lua_toboolean(L, 1);
  watcher *w = lua_newuserdatauv(L, sizeof *w, 0);
  *w = (watcher){.fd = -1, .look = look};
  if (luaL_newmetatable(L, watcher_type)) {
    lua_pushcfunction(L, watcher_close);
    lua_setfield(L, -2, "__gc");
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
  }
  lua_setmetatable(L, -2);
#ifdef __linux__
  if (!look) w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
#endif
  return 1;
}

/* stamp(path) -> a string that is another when the file was written or replaced; nil: not there. */
int host_stamp(lua_State *L) {
  struct stat st;
  char words[128];
  if (stat(luaL_checkstring(L, 1), &st) != 0) return 0;
  (void)snprintf(words, sizeof words, "%ju %ju %jd %jd.%ld %jd.%ld", (uintmax_t)st.st_dev,
                 (uintmax_t)st.st_ino, (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
                 st.st_mtim.tv_nsec, (intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
  lua_pushstring(L, words);
  return 1;
}
