/* json.c - reads one line of JSON: an object with a "text" and, maybe, an "id"; see host.h.
 *
 * Two readers.  The plain one takes the lines that nearly all are, flat objects without odd
 * numbers, and copies what their strings say; it only ever says yes where Jansson would say the
 * same.  All others go to Jansson, which also knows what is wrong with a line.  It refuses invalid
 * UTF-8 and lone surrogates by itself; zeros and keys given twice are decided here.
 */
#include "host.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Plain lines ---- */

enum { KEYS = 32 }; /* members of a plain object */

typedef struct bytes {
  const char *at;
  size_t len;
} bytes;

typedef struct plain {
  const unsigned char *at, *end; /* what is still to read */
  char *to;                      /* where strings are copied: never more bytes than were read */
  bytes key[KEYS];
  size_t keys;
} plain;

static bool is_blank(unsigned char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static void skip_blanks(plain *p) {
  while (p->at < p->end && is_blank(*p->at)) p->at++;
}

static bool take(plain *p, char c) {
  if (p->at == p->end || *p->at != (unsigned char)c) return false;
  p->at++;
  return true;
}

/* A mark and the blanks around it. */
static bool take_mark(plain *p, char c) {
  skip_blanks(p);
  if (!take(p, c)) return false;
  skip_blanks(p);
  return true;
}

/* Copies bytes that stand for themselves: ASCII but controls, quotation mark and backslash.  Eight
 * at a time: the top bit of a byte tells whether it is one of the others, or perhaps one. */
static void copy_ascii(plain *p) {
  const uint64_t ones = 0x0101010101010101u, tops = 0x80 * ones;
  for (uint64_t v; p->end - p->at >= (ptrdiff_t)sizeof v; p->at += sizeof v, p->to += sizeof v) {
    memcpy(&v, p->at, sizeof v);
    uint64_t quote = v ^ '"' * ones, escape = v ^ '\\' * ones;
    if ((v | (v - ' ' * ones) | (quote - ones) | (escape - ones)) & tops) break;
    memcpy(p->to, &v, sizeof v);
  }
  for (; p->at < p->end; p->at++) {
    unsigned char c = *p->at;
    if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') return;
    *p->to++ = (char)c;
  }
}

/* Copies one sequence of UTF-8 that is not ASCII. */
static bool copy_high(plain *p) {
  unsigned lead = *p->at, low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  ptrdiff_t len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || p->end - p->at < len) return false;
  *p->to++ = (char)*p->at++;
  for (ptrdiff_t i = 1; i < len; i++, low = 0x80, high = 0xBF) {
    if (*p->at < low || *p->at > high) return false;
    *p->to++ = (char)*p->at++;
  }
  return true;
}

/* Four hexadecimal digits. */
static bool take_unit(plain *p, unsigned *unit) {
  if (p->end - p->at < 4) return false;
  *unit = 0;
  for (int i = 0; i < 4; i++) {
    unsigned c = *p->at++, letter = c | 0x20;
    if (c >= '0' && c <= '9')
      *unit = *unit * 16 + (c - '0');
    else if (letter >= 'a' && letter <= 'f')
      *unit = *unit * 16 + (letter - 'a' + 10);
    else
      return false;
  }
  return true;
}

/* What follows backslash and u; a lone surrogate is not plain. */
static bool copy_code(plain *p) {
  unsigned code, second;
  if (!take_unit(p, &code)) return false;
  if (code >= 0xD800 && code <= 0xDFFF) {
    if (code >= 0xDC00 || p->end - p->at < 2 || memcmp(p->at, "\\u", 2) != 0) return false;
    p->at += 2;
    if (!take_unit(p, &second) || second < 0xDC00 || second > 0xDFFF) return false;
    code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
  }
  int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
  *p->to++ = (char)(lead[more] | code >> 6 * more);
  while (more-- > 0) *p->to++ = (char)(0x80 | (code >> 6 * more & 0x3F));
  return true;
}

/* What follows a backslash. */
static bool copy_escape(plain *p) {
  if (p->at == p->end) return false;
  unsigned char c = *p->at++;
  switch (c) {
    case 'u': return copy_code(p);
    case 'n': *p->to++ = '\n'; return true;
    case 't': *p->to++ = '\t'; return true;
    case 'r': *p->to++ = '\r'; return true;
    case 'b': *p->to++ = '\b'; return true;
    case 'f': *p->to++ = '\f'; return true;
    case '"':
    case '\\':
    case '/': *p->to++ = (char)c; return true;
    default: return false;
  }
}

/* The rest of a string, behind its first quotation mark. */
static bool take_string(plain *p, bytes *string) {
  string->at = p->to;
  for (;;) {
    copy_ascii(p);
    if (p->at == p->end) return false;
    if (*p->at >= 0x80) {
      if (!copy_high(p)) return false;
      continue;
    }
    unsigned char c = *p->at++;
    if (c == '"') break;
    if (c != '\\' || !copy_escape(p)) return false;
  }
  string->len = (size_t)(p->to - string->at);
  return true;
}

/* A whole number of few digits, copied with a zero behind it. */
static bool take_number(plain *p, bytes *number) {
  enum { DIGITS = 15 };
  const unsigned char *first = p->at, *digits = first + (*first == '-');
  for (p->at = digits; p->at < p->end && *p->at >= '0' && *p->at <= '9'; p->at++) continue;
  if (p->at == digits || p->at == p->end || p->at - digits > DIGITS) return false;
  if (*digits == '0' && p->at - first > 1) return false;
  if (*p->at == '.' || (*p->at | 0x20) == 'e') return false;
  *number = (bytes){p->to, (size_t)(p->at - first)};
  memcpy(p->to, first, number->len);
  p->to[number->len] = '\0';
  p->to += number->len + 1;
  return true;
}

static bool take_word(plain *p) {
  static const char *const words[] = {"null", "true", "false"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t len = strlen(words[i]);
    if ((size_t)(p->end - p->at) < len || memcmp(p->at, words[i], len) != 0) continue;
    p->at += len;
    return true;
  }
  return false;
}

static bool is_key(bytes key, const char *name) {
  return key.len == strlen(name) && memcmp(key.at, name, key.len) == 0;
}

/* The key of a member: none that was there before, and without zeros. */
static bool take_key(plain *p) {
  if (p->keys == KEYS || !take(p, '"') || !take_string(p, &p->key[p->keys])) return false;
  bytes key = p->key[p->keys++];
  for (size_t i = 0; i + 1 < p->keys; i++)
    if (p->key[i].len == key.len && memcmp(p->key[i].at, key.at, key.len) == 0) return false;
  return !memchr(key.at, '\0', key.len) && take_mark(p, ':');
}

static bool take_member(plain *p, host_json *json) {
  bytes value;
  if (!take_key(p) || p->at == p->end) return false;
  bool id = is_key(p->key[p->keys - 1], "id"), text = is_key(p->key[p->keys - 1], "text");
  if (take(p, '"')) {
    if (!take_string(p, &value)) return false;
    if (text) json->text = value.at, json->len = value.len;
    if (id) json->name = value.at, json->name_len = value.len;
    return true;
  }
  if (text) return false;
  if (*p->at != '-' && (*p->at < '0' || *p->at > '9')) return !id && take_word(p);
  if (!take_number(p, &value)) return false;
  if (id) json->id = value.at;
  return true;
}

static bool read_plain(host_json *json, const char *line, size_t len) {
  json->bytes = malloc(len + 1);
  if (!json->bytes) return false;
  plain p = {(const unsigned char *)line, (const unsigned char *)line + len, json->bytes, {{0}}, 0};
  bool good = take_mark(&p, '{');
  do good = good && take_member(&p, json);
  while (good && take_mark(&p, ','));
  if (good && take_mark(&p, '}') && p.at == p.end && json->text) return true;
  free(json->bytes);
  memset(json, 0, sizeof *json);
  return false;
}

/* ---- All others ---- */

static bool refuse(host_json *json, const char *what) {
  (void)snprintf(json->what, sizeof json->what, "%s", what);
  json_decref(json->root);
  json->root = NULL;
  return false;
}

/* The shortest text that reads back as the same number; free() it.  NULL: no memory. */
static char *number_text(const json_t *number) {
  for (size_t digits = 15; digits < 17; digits++) {
    char *text = json_dumps(number, JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
    if (!text || strtod(text, NULL) == json_number_value(number)) return text;
    free(text);
  }
  return json_dumps(number, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
}

static bool read_id(host_json *json, const json_t *id) {
  if (!id) return true;
  if (json_is_string(id)) {
    json->name = json_string_value(id);
    json->name_len = json_string_length(id);
    return true;
  }
  if (!json_is_number(id)) return refuse(json, "\"id\" must be a string or a number");
  json->bytes = json_is_integer(id) ? json_dumps(id, JSON_ENCODE_ANY) : number_text(id);
  json->id = json->bytes;
  return json->id ? true : refuse(json, "not enough memory");
}

bool host_json_read(host_json *json, const char *line, size_t len) {
  memset(json, 0, sizeof *json);
  if (read_plain(json, line, len)) return true;
  json_error_t error;
  json_t *root =
      json_loadb(line, len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
  if (!root) {
    (void)snprintf(json->what, sizeof json->what, "byte %d: %s", error.position, error.text);
    return false;
  }
  json->root = root;
  if (!json_is_object(root)) return refuse(json, "not an object like {\"id\": ..., \"text\": ...}");
  const json_t *text = json_object_get(root, "text");
  if (!text) return refuse(json, "no \"text\" in it");
  if (!json_is_string(text)) return refuse(json, "\"text\" must be a string");
  json->text = json_string_value(text);
  json->len = json_string_length(text);
  return read_id(json, json_object_get(root, "id"));
}

void host_json_free(host_json *json) {
  free(json->bytes);
  json_decref(json->root);
}
