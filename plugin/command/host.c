/* host.c - files, streams, terminal, pager and clock for the command; see host.h.
 *
 * What may go wrong in good use (a missing file, a full disk, a reader that went away) comes back
 * as nil and words; only a programmer's mistake raises.
 */
#define _XOPEN_SOURCE 700

#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "embed.h"

/* Where output goes: standard output, or the pager's end of a pipe. */
typedef struct sink {
  int fd;
  pid_t pager; /* 0: none */
  bool closed; /* the reader went away */
} sink;

static const char *const lines_type = "postil.host.lines";

const unsigned char *host_embedded(const char *name, size_t *len) {
  size_t low = 0, high = embed_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(embed_files[middle].name, name);
    if (order == 0) {
      *len = embed_files[middle].len;
      return embed_files[middle].bytes;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

static int fail(lua_State *L, const char *words) {
  lua_pushnil(L);
  lua_pushstring(L, words);
  return 2;
}

/* ---- Reading ------------------------------------------------------------------------------------
 * */

/* Opens a text for reading; "-" is standard input.  -1: *why says why not. */
static int open_text(const char *path, const char **why) {
  int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
  struct stat st;
  if (fd < 0 || fstat(fd, &st) != 0) {
    *why = strerror(errno);
    if (fd > STDIN_FILENO) (void)close(fd);
    return -1;
  }
  *why = S_ISDIR(st.st_mode) ? "is a directory" : NULL;
  /* A device given by name is no text and may never end; as standard input it is a terminal. */
  if (fd != STDIN_FILENO && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)))
    *why = "is a device, not a text";
  if (!*why) return fd;
  if (fd != STDIN_FILENO) (void)close(fd);
  return -1;
}

static void close_text(int fd) {
  if (fd > STDIN_FILENO) (void)close(fd);
}

/* read() that goes on after a signal. */
static ssize_t read_some(int fd, char *to, size_t room) {
  ssize_t n;
  do n = read(fd, to, room);
  while (n < 0 && errno == EINTR);
  return n;
}

/* The whole of fd in memory to be freed, its length in *len; NULL, and why in *why. */
static char *read_all(int fd, size_t *len, const char **why) {
  struct stat st;
  size_t room = 65536;
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) room = (size_t)st.st_size + 1;
  char *text = malloc(room);
  *why = text ? NULL : "not enough memory";
  *len = 0;
  while (!*why) {
    ssize_t n = read_some(fd, text + *len, room - *len);
    if (n == 0) return text;
    if (n < 0) {
      *why = strerror(errno);
      break;
    }
    *len += (size_t)n;
    if (*len < room) continue;
    char *more = room > SIZE_MAX / 2 ? NULL : realloc(text, room * 2);
    if (!more)
      *why = "not enough memory";
    else
      text = more, room *= 2;
  }
  free(text);
  return NULL;
}

/* read(path) -> text | nil, words.  The whole file; "-" is standard input. */
static int host_read(lua_State *L) {
  const char *why, *path = luaL_checkstring(L, 1);
  size_t len;
  int fd = open_text(path, &why);
  if (fd < 0) return fail(L, why);
  char *text = read_all(fd, &len, &why);
  close_text(fd);
  if (!text) return fail(L, why);
  /* Lua's own allocation may raise; the text is small beside the machine, and then the run ends. */
  lua_pushlstring(L, text, len);
  free(text);
  return 1;
}

/* some() -> bytes | nil.  What standard input has by now, waiting for the first of it; nil at its end.
 */
static int host_some(lua_State *L) {
  char bytes[65536];
  ssize_t n = read_some(STDIN_FILENO, bytes, sizeof bytes);
  if (n <= 0) return 0;
  lua_pushlstring(L, bytes, (size_t)n);
  return 1;
}

/* Lines of JSON, read in large pieces. */
typedef struct lines {
  int fd;
  char *bytes;
  size_t at, len, room; /* unread: [at, len) */
  lua_Integer line;     /* number of the line read last */
  lua_Number read;      /* bytes so far */
  bool end;
} lines;

static int lines_free(lua_State *L) {
  lines *in = luaL_checkudata(L, 1, lines_type);
  free(in->bytes);
  in->bytes = NULL;
  close_text(in->fd);
  in->fd = -1;
  return 0;
}

/* Reads more behind what is unread.  NULL, or why not. */
static const char *lines_fill(lines *in) {
  if (in->at > 0) {
    memmove(in->bytes, in->bytes + in->at, in->len - in->at);
    in->len -= in->at;
    in->at = 0;
  }
  if (in->len == in->room) {
    size_t room = in->room ? in->room * 2 : (size_t)1 << 18;
    char *more = room < in->room ? NULL : realloc(in->bytes, room);
    if (!more) return "not enough memory for such a long line";
    in->bytes = more;
    in->room = room;
  }
  ssize_t n = read_some(in->fd, in->bytes + in->len, in->room - in->len);
  if (n < 0) return strerror(errno);
  in->end = n == 0;
  in->len += (size_t)n;
  in->read += (lua_Number)n;
  return NULL;
}

/* The next line that is not blank, without its end.  False at the end or when *why is set. */
static bool lines_next(lines *in, const char **line, size_t *len, const char **why) {
  size_t seen = 0; /* unread bytes known to hold no line end */
  for (;;) {
    char *end = NULL;
    if (in->len > in->at + seen)
      end = memchr(in->bytes + in->at + seen, '\n', in->len - in->at - seen);
    if (!end && !in->end) {
      seen = in->len - in->at;
      if ((*why = lines_fill(in))) return false;
      continue;
    }
    if (!end && in->at == in->len) return false;
    *line = in->bytes + in->at;
    *len = end ? (size_t)(end - *line) : in->len - in->at;
    in->at += *len + (end != NULL);
    in->line++;
    seen = 0;
    if (in->line == 1 && *len >= 3 && memcmp(*line, "\xEF\xBB\xBF", 3) == 0) *line += 3, *len -= 3;
    size_t blank = 0;
    while (blank < *len && memchr(" \t\r", (*line)[blank], 3)) blank++;
    if (blank < *len) return true;
  }
}

/* jsonl(path) -> reader | nil, words */
static int host_jsonl(lua_State *L) {
  const char *why, *path = luaL_checkstring(L, 1);
  int fd = open_text(path, &why);
  if (fd < 0) return fail(L, why);
  lines *in = lua_newuserdatauv(L, sizeof *in, 0);
  memset(in, 0, sizeof *in);
  in->fd = fd;
  luaL_setmetatable(L, lines_type);
  return 1;
}

/* reader:next() -> text, name, id, line | nil at the end | false, words, line for a bad line
 * | nil, words when reading fails.  name: an id that is a string; id: JSON text of one that is a
 * number; both nil without an id. */
static int lines_read(lua_State *L) {
  lines *in = luaL_checkudata(L, 1, lines_type);
  const char *line, *why = NULL;
  size_t len;
  if (!lines_next(in, &line, &len, &why)) return why ? fail(L, why) : 0;
  host_json json;
  if (!host_json_read(&json, line, len)) {
    lua_pushboolean(L, 0);
    lua_pushstring(L, json.what);
    lua_pushinteger(L, in->line);
    return 3;
  }
  lua_pushlstring(L, json.text, json.len);
  if (json.name)
    lua_pushlstring(L, json.name, json.name_len);
  else
    lua_pushnil(L);
  lua_pushstring(L, json.id); /* nil for NULL */
  lua_pushinteger(L, in->line);
  host_json_free(&json);
  return 4;
}

/* reader:done() -> bytes read so far */
static int lines_done(lua_State *L) {
  const lines *in = luaL_checkudata(L, 1, lines_type);
  lua_pushnumber(L, in->read);
  return 1;
}

/* size(path) -> bytes of a regular file, or nil */
static int host_size(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  struct stat st;
  int bad = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st) : stat(path, &st);
  if (bad || !S_ISREG(st.st_mode)) return 0;
  lua_pushnumber(L, (lua_Number)st.st_size);
  return 1;
}

/* exists(path) -> whether anything is there, be it a link that leads nowhere */
static int host_exists(lua_State *L) {
  struct stat st;
  lua_pushboolean(L, lstat(luaL_checkstring(L, 1), &st) == 0);
  return 1;
}

/* embedded(name) -> bytes of a file inside this program, or nil */
static int host_embedded_lua(lua_State *L) {
  size_t len;
  const unsigned char *bytes = host_embedded(luaL_checkstring(L, 1), &len);
  if (!bytes) return 0;
  lua_pushlstring(L, (const char *)bytes, len);
  return 1;
}

/* ---- Writing ------------------------------------------------------------------------------------
 * */

static sink *sink_of(lua_State *L) { return lua_touserdata(L, lua_upvalueindex(1)); }

/* write(text) -> true | nil, words.  The words are "closed" when the reader went away: no trouble.
 * */
static int host_write(lua_State *L) {
  sink *out = sink_of(L);
  size_t len;
  const char *bytes = luaL_checklstring(L, 1, &len);
  while (len > 0 && !out->closed) {
    ssize_t n = write(out->fd, bytes, len);
    if (n >= 0)
      bytes += n, len -= (size_t)n;
    else if (errno == EPIPE)
      out->closed = true;
    else if (errno == EAGAIN) {
      struct pollfd ready = {.fd = out->fd, .events = POLLOUT};
      (void)poll(&ready, 1, -1);
    } else if (errno != EINTR)
      return fail(L, strerror(errno));
  }
  if (out->closed) return fail(L, "closed");
  lua_pushboolean(L, 1);
  return 1;
}

/* In the child: standard input from the pipe, signals as a program expects them, then the pager. */
static _Noreturn void become_pager(const int ends[2], const char *command) {
  (void)signal(SIGPIPE, SIG_DFL);
  (void)dup2(ends[0], STDIN_FILENO);
  (void)close(ends[0]);
  (void)close(ends[1]);
  (void)setenv("LESSCHARSET", "utf-8", 0);
  (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
  _exit(127);
}

/* pager(command) -> true | nil, words.  What is written from now on goes to it. */
static int host_pager(lua_State *L) {
  sink *out = sink_of(L);
  const char *command = luaL_checkstring(L, 1);
  int ends[2];
  if (pipe(ends) != 0) return fail(L, strerror(errno));
  pid_t pid = fork();
  if (pid < 0) {
    (void)close(ends[0]);
    (void)close(ends[1]);
    return fail(L, strerror(errno));
  }
  if (pid == 0) become_pager(ends, command);
  (void)close(ends[0]);
  (void)signal(SIGINT, SIG_IGN); /* Ctrl-C belongs to the pager from now on */
  (void)signal(SIGQUIT, SIG_IGN);
  out->fd = ends[1];
  out->pager = pid;
  lua_pushboolean(L, 1);
  return 1;
}

/* finish() -> true | nil, words.  Waits for the pager; its status says nothing about ours. */
static int host_finish(lua_State *L) {
  sink *out = sink_of(L);
  if (out->pager > 0) {
    int status;
    (void)close(out->fd);
    while (waitpid(out->pager, &status, 0) < 0 && errno == EINTR) continue;
    out->fd = STDOUT_FILENO;
    out->pager = 0;
    lua_pushboolean(L, 1);
    return 1;
  }
  if (close(STDOUT_FILENO) != 0 && errno != EBADF && !out->closed) return fail(L, strerror(errno));
  lua_pushboolean(L, 1);
  return 1;
}

/* create(path, text) -> true | nil, words.  A new file, or none; what is there already is left
 * alone. */
static int host_create(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  size_t len;
  const char *bytes = luaL_checklstring(L, 2, &len);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return fail(L, strerror(errno));
  while (len > 0) {
    ssize_t n = write(fd, bytes, len);
    if (n < 0 && errno != EINTR) break;
    if (n > 0) bytes += n, len -= (size_t)n;
  }
  int why = len > 0 ? errno : 0;
  if (close(fd) != 0 && !why) why = errno;
  if (why) {
    (void)unlink(path);
    return fail(L, strerror(why));
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* folder(path) -> true | nil, words.  A new folder. */
static int host_folder(lua_State *L) {
  if (mkdir(luaL_checkstring(L, 1), 0777) != 0) return fail(L, strerror(errno));
  lua_pushboolean(L, 1);
  return 1;
}

/* say(text): to standard error. */
static int host_say(lua_State *L) {
  size_t len;
  const char *bytes = luaL_checklstring(L, 1, &len);
  while (len > 0) {
    ssize_t n = write(STDERR_FILENO, bytes, len);
    if (n < 0 && errno != EINTR) break;
    if (n > 0) bytes += n, len -= (size_t)n;
  }
  return 0;
}

/* ---- Terminal, clock, watchdog ------------------------------------------------------------------
 * */

/* isatty("in" | "out" | "err") */
static int host_isatty(lua_State *L) {
  static const char *const names[] = {"in", "out", "err", NULL};
  lua_pushboolean(L, isatty(luaL_checkoption(L, 1, NULL, names)));
  return 1;
}

/* screen() -> rows, columns of the terminal that is standard output; 24, 80 when it does not say.
 * */
static int host_screen(lua_State *L) {
  struct winsize size = {0};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) size.ws_row = 0;
  lua_pushinteger(L, size.ws_row ? size.ws_row : 24);
  lua_pushinteger(L, size.ws_col ? size.ws_col : 80);
  return 2;
}

/* clock() -> seconds that only go forward */
static int host_clock(lua_State *L) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  lua_pushnumber(L, (lua_Number)now.tv_sec + (lua_Number)now.tv_nsec / 1e9);
  return 1;
}

/* The last words of a program that the watchdog ends; a signal may only write what is ready. */
static char last_words[1024];

static void bark(int signal_number) {
  (void)signal_number;
  if (write(STDERR_FILENO, last_words, strlen(last_words)) < 0) _exit(2);
  _exit(2);
}

/* watchdog(seconds, words): ends the program with 2 and these words when it has computed that long;
 * 0 calls it off.  For what an instruction count cannot bound: one long call of the core. */
static int host_watchdog(lua_State *L) {
  static timer_t timer;
  static bool made;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGVTALRM};
  struct itimerspec when = {.it_value = {.tv_sec = (time_t)luaL_checkinteger(L, 1)}};
  const char *words = luaL_optstring(L, 2, "");
  size_t len = strlen(words) < sizeof last_words ? strlen(words) : sizeof last_words - 1;
  if (!made && timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) != 0) return 0;
  made = true;
  (void)timer_settime(timer, 0, &(struct itimerspec){0}, NULL);
  memcpy(last_words, words, len);
  last_words[len] = '\0';
  (void)signal(SIGVTALRM, bark);
  (void)timer_settime(timer, 0, &when, NULL);
  return 0;
}

int host_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"read", host_read},
                                       {"some", host_some},
                                       {"jsonl", host_jsonl},
                                       {"size", host_size},
                                       {"exists", host_exists},
                                       {"create", host_create},
                                       {"folder", host_folder},
                                       {"say", host_say},
                                       {"embedded", host_embedded_lua},
                                       {"isatty", host_isatty},
                                       {"screen", host_screen},
                                       {"clock", host_clock},
                                       {"watchdog", host_watchdog},
                                       {"watch", host_watch},
                                       {"stamp", host_stamp},
                                       {"ready", host_ready},
                                       {"put", host_put},
                                       {NULL, NULL}};
  static const luaL_Reg writing[] = {
      {"write", host_write}, {"pager", host_pager}, {"finish", host_finish}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"next", lines_read}, {"done", lines_done}, {NULL, NULL}};
  luaL_newmetatable(L, lines_type);
  lua_pushcfunction(L, lines_free);
  lua_setfield(L, -2, "__gc");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  sink *out = lua_newuserdatauv(L, sizeof *out, 0);
  *out = (sink){.fd = STDOUT_FILENO};
  luaL_setfuncs(L, writing, 1);
  return 1;
}
