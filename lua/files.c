/* files.c - core.files: reading rule files, and a small record that only its owner can change.
 *
 *   files.read(path, most)            the bytes of a regular file
 *   files.real(path)                  its absolute path without links
 *   files.stamp(path)                 what changes when it is written: device, inode, size, time
 *   files.take_mode(path, from)       gives it the permissions that another file has; nothing if
 *                                     that is not there
 *   files.sha256(bytes)               64 hexadecimal digits
 *   files.kept(folder, name)          the bytes of a record; "" when there is none
 *   files.keep(folder, name, change)  change(bytes) -> new bytes | nil, words, put in its place
 *
 * What may go wrong in good use comes back as nil and words.  A record is old or new, whole, after
 * any failure: the new one is written beside it, then renamed, while a lock keeps others out.
 * Nobody else may be able to write to the record or its folder, else it is not believed.  SHA-256
 * is that of libmd, which Debian's dpkg stands on. / */
#define _DEFAULT_SOURCE /* flock, realpath, openat */

#include "binding.h"
#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAME_ROOM 64               /* bytes of a record's name and what is put behind it */
#define LOCK_TRIES 100             /* of LOCK_PAUSE each: two seconds */
#define LOCK_PAUSE 20000000L       /* ns */
#define RECORD_MAX ((size_t)4 << 20)

static int fail(lua_State *L, const char *words) {
  lua_pushnil(L);
  lua_pushstring(L, words);
  return 2;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void shut(int fd) {
  if (fd >= 0) (void)close(fd);
}

/* Appends what is left of fd; NULL, or why not. */
static const char *read_all(int fd, size_t most, pst_bytes *bytes) {
  for (;;) {
    if (!pst_bytes_reserve(bytes, 65536)) return "not enough memory";
    ssize_t n = read(fd, bytes->at + bytes->n, 65536);
    if (n == 0) return NULL;
    if (n < 0 && errno != EINTR) return strerror(errno);
    if (n > 0) bytes->n += (size_t)n;
    if (bytes->n > most) return "is too large";
  }
}

/* Opening a FIFO must not wait for a writer. */
#define READ_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* NULL: fd is open on a regular file. */
static const char *not_regular(int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) return strerror(errno);
  if (S_ISDIR(st.st_mode)) return "is a directory";
  return S_ISREG(st.st_mode) ? NULL : "is no regular file";
}

/* The bytes, which are not kept until they are collected. */
static int give(lua_State *L, pst_bytes *bytes, const char *why) {
  if (!why) lua_pushlstring(L, bytes->at ? bytes->at : "", bytes->n);
  pst_bytes_free(bytes);
  return why ? fail(L, why) : 1;
}

static int files_read(lua_State *L) {
  size_t len;
  const char *path = luaL_checklstring(L, 1, &len), *why;
  lua_Number most = luaL_optnumber(L, 2, -1);
  if (strlen(path) != len) return fail(L, "no file has such a name");
  pst_bytes *bytes = pst_bytes_push(L);
  int fd = open(path, READ_FLAGS);
  if (fd < 0) return fail(L, strerror(errno));
  why = not_regular(fd);
  if (!why) why = read_all(fd, most >= 0 && most < 9e15 ? (size_t)most : SIZE_MAX, bytes);
  shut(fd);
  return give(L, bytes, why);
}

static int files_real(lua_State *L) {
  size_t len;
  const char *path = luaL_checklstring(L, 1, &len);
  if (strlen(path) != len) return fail(L, "no file has such a name");
  pst_bytes *real = pst_bytes_push(L);
  real->at = realpath(path, NULL);
  if (!real->at) return fail(L, strerror(errno));
  lua_pushstring(L, real->at);
  return 1;
}

static int files_stamp(lua_State *L) {
  struct stat st;
  char words[128];
  if (stat(luaL_checkstring(L, 1), &st) != 0) return fail(L, strerror(errno));
  (void)snprintf(words, sizeof words, "%ju %ju %jd %jd.%09ld", (uintmax_t)st.st_dev,
                 (uintmax_t)st.st_ino, (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
                 st.st_mtim.tv_nsec);
  lua_pushstring(L, words);
  return 1;
}

static int files_take_mode(lua_State *L) {
  struct stat st;
  const char *path = luaL_checkstring(L, 1);
  if (stat(luaL_checkstring(L, 2), &st) == 0 && chmod(path, st.st_mode & 07777) != 0)
    return fail(L, strerror(errno));
  lua_pushboolean(L, 1);
  return 1;
}

static int files_sha256(lua_State *L) {
  size_t len;
  const char *bytes = luaL_checklstring(L, 1, &len);
  char digits[SHA256_DIGEST_STRING_LENGTH];
  if (!SHA256Data((const uint8_t *)bytes, len, digits)) return fail(L, "not enough memory");
  lua_pushstring(L, digits);
  return 1;
}

/* ---- a record -------------------------------------------------------------------------------- */

/* Appends the record; one that is not there is empty.  NULL, or why not. */
static const char *read_record(int folder, const char *name, pst_bytes *bytes) {
  int fd = openat(folder, name, READ_FLAGS | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT) return NULL;
  if (fd < 0) return errno == ELOOP ? "is a symbolic link" : strerror(errno);
  const char *why = not_regular(fd);
  if (!why) why = pst_private_check(fd);
  if (!why) why = read_all(fd, RECORD_MAX, bytes);
  shut(fd);
  return why;
}

static int files_kept(lua_State *L) {
  const char *why, *path = luaL_checkstring(L, 1), *name = luaL_checkstring(L, 2);
  pst_bytes *bytes = pst_bytes_push(L);
  int folder = pst_private_open(path, 0, &why);
  if (folder < 0) return why ? fail(L, why) : (lua_pushliteral(L, ""), 1);
  why = read_record(folder, name, bytes);
  shut(folder);
  return give(L, bytes, why);
}

/* NAME.END in to; false: the name is too long. */
static bool put_end(char *to, const char *name, const char *end) {
  size_t n = strlen(name), m = strlen(end);
  if (n + m >= NAME_ROOM) return false;
  memcpy(to, name, n);
  memcpy(to + n, end, m + 1);
  return true;
}

/* Waits for the lock beside a record.  -1: *why says why not. */
static int lock(int folder, const char *name, const char **why) {
  char path[NAME_ROOM];
  *why = "such a name is too long";
  if (!put_end(path, name, ".lock")) return -1;
  int fd = openat(folder, path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  int tries = LOCK_TRIES;
  *why = NULL;
  if (fd < 0) *why = strerror(errno);
  while (!*why && flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) *why = strerror(errno);
    else if (--tries == 0) *why = "another program is changing it";
    else (void)nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE}, NULL);
  }
  if (!*why) return fd;
  shut(fd);
  return -1;
}

/* Writes the record anew.  NULL, or why not; then the old one is as it was. */
static const char *write_record(int folder, const char *name, const char *at, size_t len) {
  char path[NAME_ROOM];
  if (!put_end(path, name, ".new")) return "such a name is too long";
  (void)unlinkat(folder, path, 0); /* of a program that was killed: the lock is ours */
  int fd = openat(folder, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  S_IRUSR | S_IWUSR);
  if (fd < 0) return strerror(errno);
  const char *why = pst_private_write(fd, at, len);
  if (!why && (fchmod(fd, S_IRUSR | S_IWUSR) != 0 || fsync(fd) != 0)) why = strerror(errno);
  if (close(fd) != 0 && !why) why = strerror(errno);
  if (!why && renameat(folder, path, folder, name) != 0) why = strerror(errno);
  if (why) (void)unlinkat(folder, path, 0);
  else (void)fsync(folder);
  return why;
}

/* change(bytes): its two answers.  Protected, for a lock is held. */
static int call_change(lua_State *L) {
  const pst_bytes *bytes = lua_touserdata(L, 2);
  lua_settop(L, 1);
  lua_pushlstring(L, bytes->at ? bytes->at : "", bytes->n);
  lua_call(L, 1, 2);
  return 2;
}

/* Reads the record, asks change, writes what it answers.  At 3 and 4 of the stack are change and
 * call_change; *words: at the top are nil and words of change's own. */
static const char *change_record(lua_State *L, int folder, const char *name, bool *words) {
  pst_bytes bytes = {0};
  const char *why = read_record(folder, name, &bytes);
  if (!why) {
    lua_pushvalue(L, 4);
    lua_pushvalue(L, 3);
    lua_pushlightuserdata(L, &bytes);
    if (lua_pcall(L, 2, 2, 0) != 0)
      why = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "the change failed";
  }
  pst_bytes_free(&bytes);
  if (why) return why;
  *words = lua_isnil(L, -2);
  if (*words) return NULL;
  if (lua_type(L, -2) != LUA_TSTRING) return "the change is no text";
  size_t len;
  const char *at = lua_tolstring(L, -2, &len);
  return len > RECORD_MAX ? "would be too large" : write_record(folder, name, at, len);
}

static int files_keep(lua_State *L) {
  const char *path = luaL_checkstring(L, 1), *name = luaL_checkstring(L, 2);
  luaL_checktype(L, 3, LUA_TFUNCTION);
  lua_settop(L, 3);
  lua_pushcfunction(L, call_change);
  bool words = false;
  const char *why = pst_private_make(path);
  int folder = why ? -1 : pst_private_open(path, 0, &why);
  if (folder < 0) return fail(L, why ? why : strerror(ENOENT));
  int locked = lock(folder, name, &why);
  if (locked >= 0) why = change_record(L, folder, name, &words);
  shut(locked);
  shut(folder);
  if (why) return fail(L, why);
  if (words) return 2;
  lua_pushboolean(L, 1);
  return 1;
}

const luaL_Reg pst_files_functions[] = {
    {"read", files_read},     {"real", files_real}, {"stamp", files_stamp},
    {"take_mode", files_take_mode},
    {"sha256", files_sha256}, {"kept", files_kept}, {"keep", files_keep},
    {NULL, NULL}};
