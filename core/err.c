/* err.c - errors as plain data; see err.h. */
#include "err.h"

#include <stdarg.h>

typedef struct line {
  char *at;
  size_t n, room;
} line;

static void put_char(line *to, char c) {
  unsigned char byte = (unsigned char)c;
  if (to->n < to->room) to->at[to->n++] = byte < 0x20 || byte == 0x7f ? '?' : c;
}

static void put_text(line *to, const char *s) {
  if (!s) return;
  while (*s) put_char(to, *s++);
}

static void put_number(line *to, size_t value) {
  char digits[3 * sizeof value];
  size_t n = 0;
  do digits[n++] = (char)('0' + value % 10);
  while (value /= 10);
  while (n) put_char(to, digits[--n]);
}

/* A line that was cut must not end inside a code point. */
static void cut_whole(line *to) {
  if (to->n < to->room) return;
  size_t at = to->n;
  while (at && ((unsigned char)to->at[at - 1] & 0xC0) == 0x80) at--;
  if (!at) return;
  unsigned char lead = (unsigned char)to->at[--at];
  size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (to->n - at < size) to->n = at;
}

postil_status pst_err_say(postil_err *err, postil_status code, size_t at, const char *words, ...) {
  if (!err) return code;
  line to = {err->what, 0, sizeof err->what - 1};
  va_list args;
  va_start(args, words);
  for (const char *w = words; *w; w++) {
    if (*w != '%' || !w[1]) {
      put_char(&to, *w);
      continue;
    }
    switch (*++w) {
      case 's': put_text(&to, va_arg(args, const char *)); break;
      case 'u': put_number(&to, va_arg(args, unsigned)); break;
      case 'z': put_number(&to, va_arg(args, size_t)); break;
      default: put_char(&to, *w); break;
    }
  }
  va_end(args);
  cut_whole(&to);
  to.at[to.n] = '\0';
  err->code = code;
  err->at = at;
  err->rule = POSTIL_NO_RULE;
  err->field = NULL;
  err->nth = 0;
  return code;
}

postil_status pst_err_in(postil_err *err, postil_status code, const char *field, size_t nth) {
  if (!code || !err || err->field) return code;
  err->field = field;
  err->nth = (uint32_t)nth;
  return code;
}

postil_status pst_err_by(postil_err *err, postil_status code, uint32_t rule) {
  if (code && err && err->rule == POSTIL_NO_RULE) err->rule = rule;
  return code;
}

postil_status pst_err_nomem(postil_err *err) {
  return pst_err_say(err, POSTIL_ENOMEM, 0, "out of memory");
}
