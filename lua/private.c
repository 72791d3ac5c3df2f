/* private.c - folders and files that are the user's alone; see private.h.  POSIX. */
#define _XOPEN_SOURCE 700

#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *pst_private_check(int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) return strerror(errno);
  if (st.st_uid != geteuid()) return "belongs to another user";
  return st.st_mode & (S_IWGRP | S_IWOTH) ? "others can write to it (chmod go-w)" : NULL;
}

int pst_private_open(const char *path, int flags, const char **why) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
  *why = fd >= 0 ? pst_private_check(fd) : errno == ENOENT ? NULL : strerror(errno);
  if (fd < 0 || !*why) return fd;
  (void)close(fd);
  return -1;
}

const char *pst_private_make(const char *path) {
  size_t n = strlen(path) + 1;
  char *part = malloc(n);
  const char *why = part ? NULL : "not enough memory";
  if (part) memcpy(part, path, n);
  for (size_t i = 1; !why && i < n; i++) {
    if (part[i] != '/' && part[i] != '\0') continue;
    part[i] = '\0';
    int wrong = mkdir(part, S_IRWXU) == 0 ? EEXIST : errno;
    if (wrong != EEXIST && access(part, F_OK) != 0) why = strerror(wrong);
    if (i + 1 < n) part[i] = '/';
  }
  free(part);
  return why;
}

const char *pst_private_write(int fd, const void *bytes, size_t len) {
  for (const char *at = bytes; len > 0;) {
    ssize_t n = write(fd, at, len);
    if (n < 0 && errno != EINTR) return strerror(errno);
    if (n > 0) at += n, len -= (size_t)n;
  }
  return NULL;
}
