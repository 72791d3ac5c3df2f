/* cache.c - files of images; see cache.h.  POSIX. */
#define _XOPEN_SOURCE 700

#include "cache.h"
#include "private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAGIC "postil terms 1\n"
enum { FILES_MAX = 4096, DAY = 24 * 60 * 60 };

/* What stands before the image. */
typedef struct head {
  char magic[16];
  char key[PST_KEY + 7];
  char note[PST_NOTE_MAX];
} head;
_Static_assert(sizeof(head) % 8 == 0, "an image lies at a multiple of 8");

void pst_held_free(pst_held *held) {
  if (held->size)
    (void)munmap(held->base, held->size);
  else
    free(held->base);
  *held = (pst_held){0};
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_whole(const void *base, size_t size, const char *key) {
  const head *h = base;
  return size > sizeof *h && memcmp(h->magic, MAGIC, sizeof h->magic) == 0 &&
         memcmp(h->key, key, PST_KEY) == 0 && memchr(h->note, 0, sizeof h->note);
}

/* A file that is used stays; to note that once a day is enough. */
static void note_use(int fd, const struct stat *st) {
  if (time(NULL) - st->st_mtime > DAY) (void)futimens(fd, NULL);
}

static bool map_file(int fd, const char *key, pst_held *held) {
  struct stat st;
  if (pst_private_check(fd) || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
    return false;
  size_t size = (size_t)st.st_size;
  void *base = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED) return false;
  if (!is_whole(base, size, key)) {
    (void)munmap(base, size);
    return false;
  }
  note_use(fd, &st);
  *held = (pst_held){(const char *)base + sizeof(head), size - sizeof(head), "", base, size};
  memcpy(held->note, ((const head *)base)->note, sizeof held->note);
  return true;
}

bool pst_cache_open(const char *folder, const char *key, pst_held *held) {
  const char *why;
  int dir = pst_private_open(folder, O_NOFOLLOW, &why);
  if (dir < 0) return false;
  int fd = openat(dir, key, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  bool good = fd >= 0 && map_file(fd, key, held);
  if (fd >= 0) (void)close(fd);
  (void)close(dir);
  return good;
}

/* ---- old files ------------------------------------------------------------------------------- */

typedef struct file {
  char name[PST_KEY + 32];
  time_t used;
  uint64_t size;
} file;

static int by_use(const void *a, const void *b) {
  const file *x = a, *y = b;
  return x->used < y->used ? -1 : x->used > y->used;
}

/* Is it the name of one of our files, or of one that was not finished? */
static bool is_name(const char *name) {
  return strlen(name) == PST_KEY - 1 ? strspn(name, "0123456789abcdef") == PST_KEY - 1
                                     : strncmp(name, ".new-", 5) == 0;
}

/* Our files in the folder; how many. */
static size_t list_files(int dir, file *files) {
  size_t n = 0;
  int copy = fcntl(dir, F_DUPFD_CLOEXEC, 0); /* closedir closes it */
  DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
  if (!list && copy >= 0) (void)close(copy);
  for (struct dirent *entry; list && n < FILES_MAX && (entry = readdir(list)) != NULL;) {
    struct stat st;
    size_t len = strlen(entry->d_name);
    if (len >= sizeof files->name || !is_name(entry->d_name) ||
        fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    memcpy(files[n].name, entry->d_name, len + 1);
    files[n].used = st.st_mtime;
    files[n++].size = (uint64_t)st.st_size;
  }
  if (list) (void)closedir(list);
  return n;
}

/* Removes what is not wanted any more; an unfinished file after a day. */
static void tidy(int dir) {
  file *files = malloc(FILES_MAX * sizeof *files);
  if (!files) return;
  size_t n = list_files(dir, files);
  uint64_t all = 0;
  time_t now = time(NULL);
  qsort(files, n, sizeof *files, by_use);
  for (size_t i = 0; i < n; i++) all += files[i].size;
  for (size_t i = 0; i < n; i++) {
    time_t days = files[i].name[0] == '.' ? 1 : PST_CACHE_DAYS;
    if (now - files[i].used <= days * DAY && all <= PST_CACHE_MAX) continue;
    (void)unlinkat(dir, files[i].name, 0);
    all -= files[i].size;
  }
  free(files);
}

/* ---- writing --------------------------------------------------------------------------------- */

static const char *write_file(int fd, const char *key, const pst_held *held) {
  head h = {MAGIC, {0}, {0}};
  memcpy(h.key, key, PST_KEY);
  memcpy(h.note, held->note, sizeof h.note);
  const char *why = pst_private_write(fd, &h, sizeof h);
  return why ? why : pst_private_write(fd, held->bytes, held->len);
}

/* A name that no other process takes; O_EXCL sees to the rest. */
static int open_new(int dir, char *name, size_t room) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  (void)snprintf(name, room, ".new-%ld-%lx%lx", (long)getpid(), (unsigned long)now.tv_sec,
                 (unsigned long)now.tv_nsec);
  return openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
}

/* Writes the file into a folder that is open. */
static const char *write_into(int dir, const char *key, const pst_held *held) {
  char name[64];
  int fd = open_new(dir, name, sizeof name);
  if (fd < 0) return strerror(errno);
  const char *why = write_file(fd, key, held);
  if (close(fd) != 0 && !why) why = strerror(errno);
  if (!why && renameat(dir, name, dir, key) != 0) why = strerror(errno);
  if (why)
    (void)unlinkat(dir, name, 0);
  else
    tidy(dir);
  return why;
}

const char *pst_cache_write(const char *folder, const char *key, const pst_held *held) {
  const char *why = pst_private_make(folder);
  int dir = why ? -1 : pst_private_open(folder, O_NOFOLLOW, &why);
  if (dir < 0) return why ? why : strerror(ENOENT);
  why = write_into(dir, key, held);
  (void)close(dir);
  return why;
}

void pst_cache_drop(const char *folder, const char *key) {
  const char *why;
  int dir = pst_private_open(folder, O_NOFOLLOW, &why);
  if (dir < 0) return;
  (void)unlinkat(dir, key, 0);
  (void)close(dir);
}
