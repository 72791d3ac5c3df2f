/* json.c - reads one line of JSON: an object with a "text" and, maybe, an "id"; see host.h.
 *
 * Jansson does the parsing.  It refuses invalid UTF-8 and lone surrogates by itself; zeros and keys
 * given twice are decided here.
 */
#include "host.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
  json->id = json_is_integer(id) ? json_dumps(id, JSON_ENCODE_ANY) : number_text(id);
  return json->id ? true : refuse(json, "not enough memory");
}

bool host_json_read(host_json *json, const char *line, size_t len) {
  memset(json, 0, sizeof *json);
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
  free(json->id);
  json_decref(json->root);
}
