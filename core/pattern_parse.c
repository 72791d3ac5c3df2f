/* pattern_parse.c - a pattern string as a tree; see pattern_parse.h.
 *
 * A parser by hand, one function a line of the grammar (rules.md 1.2).  It calls itself only for
 * brackets, whose depth has a limit.  Literal text is collected as places in the pattern and cut
 * when all is read: units that touch are cut together, as they are in a text.
 */
#include "pattern_parse.h"

#include <utf8proc.h>

typedef struct parser {
  const pst_pattern_env *env;
  pst_arena *arena;
  pst_program *program;
  const char *s;
  size_t len, i;
  postil_case kase;
  unsigned flags, depth;
  size_t open; /* the bracket that was opened last */
  bool in_core, in_look;
  bool same_looked, same_bare; /* an =attr is only looked at, stands in no [ ] */
  pst_node *first, *last;      /* literals */
  postil_status status;
  postil_err *err;
} parser;

/* Notes a failure and is NULL, so that a function can return it. */
static pst_node *none(parser *p, postil_status status) {
  p->status = status;
  return NULL;
}

#define BAD(p, at, ...) none((p), pst_err_say((p)->err, POSTIL_EPATTERN, (at), __VA_ARGS__))
#define LIMIT(p, at, ...) none((p), pst_err_say((p)->err, POSTIL_ELIMIT, (at), __VA_ARGS__))

static pst_node *no_memory(parser *p) { return none(p, pst_err_nomem(p->err)); }

/* The same for functions that say whether all is well. */
static bool no_room(parser *p) {
  no_memory(p);
  return false;
}

static pst_node *parse_alt(parser *p);

/* ---- Characters ---- */

static char peek(const parser *p, size_t ahead) {
  return p->len - p->i > ahead ? p->s[p->i + ahead] : '\0';
}

static bool at_end(const parser *p) { return p->i >= p->len; }

static bool one_of(const char *set, char c) { return c && strchr(set, c); }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_name(char c) { return is_lower(c) || is_digit(c) || c == '_'; }

/* White space at `i`: its length, or 0. */
static size_t space_at(const parser *p, size_t i) {
  if (i >= p->len) return 0;
  unsigned char b = (unsigned char)p->s[i];
  if (b < 0x80) return b == ' ' || (b >= '\t' && b <= '\r') ? 1 : 0;
  uint32_t cp;
  size_t n = pst_utf8_next(p->s, p->len, i, &cp);
  if (cp == 0x200B || cp == 0x85) return n;
  utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
                 category == UTF8PROC_CATEGORY_ZP
             ? n
             : 0;
}

/* A letter, mark, digit or _ at `i`, or something that folding drops: its length, or 0. */
static size_t wchar_at(const parser *p, size_t i) {
  if (i >= p->len) return 0;
  unsigned char b = (unsigned char)p->s[i];
  if (b < 0x80) {
    bool letter = (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
    return letter || (b >= '0' && b <= '9') || b == '_' ? 1 : 0;
  }
  uint32_t cp;
  size_t n = pst_utf8_next(p->s, p->len, i, &cp);
  if (cp > 0x10FFFF) return 0;
  utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
  bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
  bool mark = category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
  bool digit = category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
  return letter || mark || digit || category == UTF8PROC_CATEGORY_CF ? n : 0;
}

/* ' ’ - . at `i`, and , between digits: what may stand inside a word.  Its length, or 0. */
static size_t inner_at(const parser *p, size_t i) {
  if (i >= p->len) return 0;
  char c = p->s[i];
  if (c == '\'' || c == '-' || c == '.') return 1;
  if (c == ',')
    return i && is_digit(p->s[i - 1]) && i + 1 < p->len && is_digit(p->s[i + 1]) ? 1 : 0;
  return p->len - i > 3 && memcmp(p->s + i, "\xE2\x80\x99", 3) == 0 ? 3 : 0;
}

/* The end of what stands alone: gap, bracket, bar or end. */
static bool alone_after(const parser *p, size_t i) {
  return i >= p->len || space_at(p, i) || one_of("()[]|", p->s[i]);
}

/* ---- Nodes ---- */

static pst_node *node_new(parser *p, enum pst_node_kind kind, size_t at) {
  pst_node *node = pst_arena_get(p->arena, sizeof *node);
  if (!node) return no_memory(p);
  memset(node, 0, sizeof *node);
  node->kind = (uint8_t)kind;
  node->at = node->end = at;
  node->core_at = node->capture_at = SIZE_MAX;
  return node;
}

/* A node around a child; it takes over what is known of the child. */
static pst_node *node_around(parser *p, enum pst_node_kind kind, size_t at, pst_node *child) {
  pst_node *node = node_new(p, kind, at);
  if (!node) return NULL;
  node->child = child;
  node->end = p->i;
  node->nullable = child->nullable;
  node->paras = child->paras;
  node->core_at = child->core_at;
  node->capture_at = child->capture_at;
  return node;
}

static pst_node *literal_new(parser *p, size_t at, size_t end, bool exact) {
  pst_node *node = node_new(p, PST_NODE_LITERAL, at);
  if (!node) return NULL;
  node->end = end;
  node->exact = exact;
  if (p->last)
    p->last->later = node;
  else
    p->first = node;
  p->last = node;
  return node;
}

/* The id of an attribute or label; UINT32_MAX after an error. */
static uint32_t intern(parser *p, pst_names *names, size_t at, size_t len) {
  uint32_t id = pst_names_add(names, &p->env->mem, p->s + at, len);
  if (id == PST_NONE) {
    no_memory(p);
  } else if (id >= UINT16_MAX) {
    LIMIT(p, at, "too many names");
    id = PST_NONE;
  }
  return id;
}

typedef PST_VEC(uint16_t) numbers;

/* Adds a number to a list that holds none twice.  False: no memory. */
static bool add_once(parser *p, void *list, uint32_t number, uint32_t *place) {
  numbers v;
  memcpy(&v, list, sizeof v);
  for (size_t i = 0; i < v.n; i++) {
    if (v.at[i] != number) continue;
    if (place) *place = (uint32_t)i;
    return true;
  }
  if (place) *place = (uint32_t)v.n;
  bool good = PST_PUSH(&p->program->mem, &v, (uint16_t)number);
  memcpy(list, &v, sizeof v);
  if (!good) no_memory(p);
  return good;
}

/* ---- <label|label test test> ---- */

static const struct {
  const char *name;
  uint16_t bit;
} class_names[] = {{"cap", PST_CAP},     {"word", PST_WORD},   {"num", PST_NUM},
                   {"upper", PST_UPPER}, {"lower", PST_LOWER}, {"para", PST_PARA}};

const char *pst_pattern_class(size_t i) {
  return i < PST_COUNT(class_names) ? class_names[i].name : NULL;
}

static uint16_t class_bit(const char *s, size_t len) {
  for (size_t i = 0; i < PST_COUNT(class_names); i++)
    if (strlen(class_names[i].name) == len && memcmp(class_names[i].name, s, len) == 0)
      return class_names[i].bit;
  return 0;
}

/* A label in capitals: says how it is written. */
static void upper_label(parser *p) {
  char name[32];
  size_t n = 0;
  for (; n < sizeof name - 1 && (is_upper(peek(p, n)) || is_name(peek(p, n))); n++)
    name[n] = is_upper(peek(p, n)) ? (char)(peek(p, n) | 0x20) : peek(p, n);
  name[n] = '\0';
  BAD(p, p->i, "labels are lower case; write <%s>, or \\< for the sign", name);
}

/* A label name at p->i: its length, or 0 after an error. */
static size_t read_label(parser *p) {
  size_t n = 0, i = p->i;
  if (peek(p, 0) == '_') n = 1;
  if (is_upper(peek(p, n))) {
    upper_label(p);
    return 0;
  }
  if (!is_lower(peek(p, n))) {
    BAD(p, i, "a label starts with a lower-case letter; write \\< for the sign");
    return 0;
  }
  while (is_name(peek(p, n))) n++;
  return n;
}

/* A plain decimal number that is all of the bytes; exact enough to compare with. */
static bool read_number(const char *s, size_t len, double *number) {
  size_t i = len && s[0] == '-' ? 1 : 0;
  double value = 0, scale = 1;
  bool point = false, digit = false;
  for (size_t k = i; k < len; k++) {
    if (s[k] == '.' && !point) {
      point = true;
    } else if (is_digit(s[k])) {
      digit = true;
      value = value * 10 + (s[k] - '0');
      if (point) scale *= 10;
    } else {
      return false;
    }
  }
  *number = (i ? -value : value) / scale;
  return digit;
}

/* =value behind a test's name. */
static bool read_value(parser *p, pst_test *test) {
  size_t at = ++p->i;
  bool quoted = peek(p, 0) == '"';
  if (quoted) at = ++p->i;
  while (!at_end(p) && (quoted ? p->s[p->i] != '"' : p->s[p->i] != '>' && !space_at(p, p->i)))
    p->i++;
  size_t len = p->i - at;
  if (quoted && at_end(p)) {
    BAD(p, at - 1, "this value has no end");
    return false;
  }
  if (quoted) p->i++;
  if (len == 0) {
    BAD(p, at, "a value is missing");
    return false;
  }
  pst_program *prog = p->program;
  uint32_t is = pst_names_add(p->env->attrs, &p->env->mem, "is", 2);
  uint32_t name = pst_names_add(p->env->attrs, &p->env->mem, "name", 4);
  if (is == PST_NONE || name == PST_NONE || !PST_RESERVE(&prog->mem, &prog->bytes, len)) {
    no_memory(p);
    return false;
  }
  prog->attr_is = (uint16_t)is;
  prog->attr_name = (uint16_t)name;
  test->kind = PST_TEST_EQUALS;
  test->at = (uint32_t)prog->bytes.n;
  test->len = (uint32_t)len;
  memcpy(prog->bytes.at + prog->bytes.n, p->s + at, len);
  prog->bytes.n += len;
  test->is_number = read_number(p->s + at, len, &test->number);
  return true;
}

/* One test: name, !name, name=value; `fault` asks for the fault of a quotation. */
static bool read_test(parser *p) {
  pst_program *prog = p->program;
  pst_test test = {.place = (uint32_t)p->i};
  size_t start = p->i, n = 0;
  bool negative = peek(p, 0) == '!';
  if (negative) p->i++;
  size_t at = p->i;
  if (!is_lower(peek(p, 0))) {
    BAD(p, start, "a test is name, !name or name=value");
    return false;
  }
  while (is_name(peek(p, n))) n++;
  p->i += n;
  bool fault = n == 5 && memcmp(p->s + at, "fault", 5) == 0;
  test.kind = negative ? PST_TEST_LACKS : PST_TEST_HAS;
  if (fault) test.kind = negative ? PST_TEST_SOUND : PST_TEST_FAULT;
  if (peek(p, 0) == '=') {
    if (negative || fault) {
      BAD(p, p->i, negative ? "!name takes no value" : "fault takes no value");
      return false;
    }
    if (!read_value(p, &test)) return false;
  }
  if (!fault) {
    uint32_t attr = intern(p, p->env->attrs, at, n);
    if (attr == PST_NONE || !add_once(p, &prog->tested, attr, NULL)) return false;
    test.attr = (uint16_t)attr;
  }
  if (PST_PUSH(&prog->mem, &prog->test, test)) return true;
  no_memory(p);
  return false;
}

/* Adds a node for what was read between two bars; labels that stand side by side are one. */
static bool add_choice(parser *p, pst_node *alt, pst_node **last, enum pst_node_kind kind,
                       uint32_t number, size_t at) {
  pst_node *node = node_new(p, kind, at);
  if (!node) return false;
  node->number = number;
  node->paras = kind == PST_NODE_PARA;
  node->end = p->i;
  if (node->paras > alt->paras) alt->paras = node->paras;
  if (*last)
    (*last)->next = node;
  else
    alt->child = node;
  *last = node;
  return true;
}

/* A class or label at p->i as a choice of `alt`. */
static bool read_choice(parser *p, pst_node *alt, pst_node **last) {
  pst_program *prog = p->program;
  size_t at = p->i, n = read_label(p);
  if (!n) return false;
  p->i += n;
  uint16_t bit = class_bit(p->s + at, n);
  if (bit == PST_PARA) {
    if (p->flags & PST_PATTERN_BLOCK) {
      BAD(p, at, "the pattern of a block stays on its line");
      return false;
    }
    return add_choice(p, alt, last, PST_NODE_PARA, 0, at);
  }
  if (bit) return add_choice(p, alt, last, PST_NODE_CLASS, bit, at);
  if (p->flags & PST_PATTERN_BLOCK) {
    BAD(p, at, "the pattern of a block has words, classes and regexes only");
    return false;
  }
  uint32_t label = intern(p, p->env->labels, at, n);
  uint32_t place = 0;
  if (label == PST_NONE || !add_once(p, &prog->label, label, &place)) return false;
  if (place == prog->label_at.n && !PST_PUSH(&prog->mem, &prog->label_at, (uint32_t)at))
    return no_room(p);
  if (!*last || (*last)->kind != PST_NODE_TAG) {
    pst_tagref ref = {(uint32_t)prog->ref_label.n, 0, 0, 0, 0, 0};
    if (!PST_PUSH(&prog->mem, &prog->tagref, ref)) return no_room(p);
    if (!add_choice(p, alt, last, PST_NODE_TAG, (uint32_t)prog->tagref.n - 1, at)) return false;
  }
  if (!PST_PUSH(&prog->mem, &prog->ref_label, (uint16_t)label)) return no_room(p);
  prog->tagref.at[prog->tagref.n - 1].nlabels++;
  prog->tagref.at[prog->tagref.n - 1].bits |= UINT64_C(1) << label % 64;
  return true;
}

/* Gives every tagref that `alt` has made the tests [first, now), and all choices its place. */
static void share_tests(parser *p, pst_node *alt, size_t first) {
  alt->end = p->i;
  for (pst_node *c = alt->child; c; c = c->next) {
    c->at = alt->at;
    c->end = alt->end;
    if (c->kind != PST_NODE_TAG) continue;
    pst_tagref *ref = &p->program->tagref.at[c->number];
    ref->test = (uint32_t)first;
    ref->ntests = (uint16_t)(p->program->test.n - first);
  }
}

static pst_node *parse_tagref(parser *p) {
  size_t at = p->i++, first = p->program->test.n;
  pst_node *alt = node_new(p, PST_NODE_ALT, at), *last = NULL;
  if (!alt) return NULL;
  for (;;) {
    if (!read_choice(p, alt, &last)) return NULL;
    if (peek(p, 0) != '|') break;
    p->i++;
  }
  while (!at_end(p) && p->s[p->i] != '>') {
    size_t n = space_at(p, p->i);
    if (!n) return BAD(p, p->i, "this does not belong in < >; write \\< for the sign");
    while ((n = space_at(p, p->i)) != 0) p->i += n;
    if (!at_end(p) && p->s[p->i] != '>' && !read_test(p)) return NULL;
  }
  if (at_end(p)) return BAD(p, at, "< without >; write \\< for the sign");
  p->i++;
  assert(p->program->test.n - first <= POSTIL_PATTERN_MAX / 2); /* " a", so they can be counted */
  share_tests(p, alt, first);
  return alt->child->next ? alt : alt->child;
}

/* ---- Regexes ---- */

/* Two slashes with nothing between: says how to write it, with the word before (http:) and behind.
 */
static pst_node *empty_regex(parser *p, size_t word) {
  char help[64];
  size_t n = 0;
  for (size_t i = word; i < p->len && n < sizeof help - 3 && !space_at(p, i); i++) {
    char c = p->s[i];
    if (c == '/' || c == ':') help[n++] = '\\';
    help[n++] = c;
  }
  help[n] = '\0';
  return BAD(p, p->i, "empty regex; write %s", help);
}

/* The attributes of its named groups. */
static bool add_groups(parser *p, pst_program_regex *one) {
  pst_program *prog = p->program;
  one->group = (uint32_t)prog->group.n;
  const char *name;
  while ((name = pst_regex_group(one->regex, one->ngroups)) != NULL) {
    uint32_t attr = pst_names_add(p->env->attrs, &p->env->mem, name, strlen(name));
    if (attr == PST_NONE || !PST_PUSH(&prog->mem, &prog->group, (uint16_t)attr)) return no_room(p);
    one->ngroups++;
  }
  return true;
}

/* /regex/isx at p->i; `word` is where the word or capture before it starts. */
static pst_node *parse_regex(parser *p, size_t word) {
  size_t at = p->i, start = at + 1, end = start, nflags = 0;
  char flags[4] = {0};
  if (end < p->len && p->s[end] == '/') return empty_regex(p, word);
  while (end < p->len && p->s[end] != '/') end += p->s[end] == '\\' ? 2 : 1;
  if (end >= p->len) return BAD(p, at, "this regex has no end; write \\/ for a slash");
  p->i = end + 1;
  while (nflags < 3 && one_of("isx", peek(p, 0))) flags[nflags++] = p->s[p->i++];
  if (wchar_at(p, p->i)) return BAD(p, p->i, "a regex takes the letters i, s and x only");
  pst_program_regex one = {0};
  postil_err local = {0}, *err = p->err ? p->err : &local;
  one.regex = pst_regex_new(&p->env->mem, p->s + start, end - start, flags, err);
  if (!one.regex) {
    p->status = err->code;
    if (err->code != POSTIL_ENOMEM) err->at += start;
    return NULL;
  }
  if (!PST_PUSH(&p->program->mem, &p->program->regex, one)) {
    pst_regex_free(one.regex);
    return no_memory(p);
  }
  pst_program_regex *kept = &p->program->regex.at[p->program->regex.n - 1];
  if (!add_groups(p, kept)) return NULL;
  if (p->program->group.n > 24) return LIMIT(p, at, "a pattern has at most 24 named groups");
  pst_node *node = node_new(p, PST_NODE_REGEX, at);
  if (!node) return NULL;
  node->number = (uint32_t)p->program->regex.n - 1;
  node->end = p->i;
  return node;
}

/* ---- Units ---- */

static pst_node *parse_word(parser *p) {
  size_t at = p->i, n;
  while ((n = wchar_at(p, p->i)) != 0) {
    p->i += n;
    size_t inner = inner_at(p, p->i);
    if (inner && wchar_at(p, p->i + inner)) p->i += inner;
  }
  return literal_new(p, at, p->i, false);
}

/* 's (also ’s) with no word character behind it is one unit. */
static size_t possessive_at(const parser *p) {
  size_t n = peek(p, 0) == '\'' ? 1 : 0;
  if (!n && p->len - p->i > 3 && memcmp(p->s + p->i, "\xE2\x80\x99", 3) == 0) n = 3;
  if (!n || (peek(p, n) | 0x20) != 's' || wchar_at(p, p->i + n + 1)) return 0;
  return n + 1;
}

static pst_node *parse_mark(parser *p) {
  size_t at = p->i, n = possessive_at(p);
  if (one_of("acdglpsuwxACDGLPSUWX", peek(p, 1)) && p->s[at] == '%' && !wchar_at(p, at + 2)) {
    char what[2] = {peek(p, 1), '\0'};
    return BAD(p, at, "%%%s is for string.find; write <num>, <word> …, or \\%% for the sign", what);
  }
  if (!n) {
    uint32_t cp;
    n = pst_utf8_next(p->s, p->len, p->i, &cp);
  }
  p->i += n;
  return literal_new(p, at, p->i, false);
}

/* What to write for \\d and its kin. */
static const char *instead_of(char c) {
  switch (c) {
    case 'd': return "; write <num> or /\\d+/";
    case 'w': return "; write <word> or /\\w+/";
    case 's':
    case 't': return "; a space stands for all white space";
    case 'n': return "; a space stands for a line's end, <para> for a paragraph's";
    case 'b': return "; words begin and end at edges by themselves";
    default: return "";
  }
}

static pst_node *parse_escape(parser *p) {
  size_t at = p->i++;
  if (at_end(p)) return BAD(p, at, "\\ at the end; write \\\\ for a backslash");
  if (space_at(p, p->i)) return BAD(p, at, "\\ before white space; write \\\\ for a backslash");
  size_t n = wchar_at(p, p->i);
  if (n && p->s[p->i] != '_') {
    char what[5] = {0};
    memcpy(what, p->s + p->i, n < 4 ? n : 4);
    return BAD(p, at, "\\%s works inside /…/ only%s", what, instead_of(*what));
  }
  uint32_t cp;
  p->i += pst_utf8_next(p->s, p->len, p->i, &cp);
  return literal_new(p, at, p->i, false);
}

static pst_node *parse_phrase(parser *p) {
  size_t at = p->i++, start = p->i;
  bool empty = true;
  while (!at_end(p) && p->s[p->i] != '"') {
    if (!space_at(p, p->i)) empty = false;
    p->i += p->s[p->i] == '\\' ? 2 : 1;
  }
  if (at_end(p)) return BAD(p, at, "this phrase has no end; write \\\" for a quotation mark");
  if (empty) return BAD(p, at, "empty phrase; write \\\" for a quotation mark");
  pst_node *node = literal_new(p, start, p->i, true);
  p->i++;
  return node;
}

/* A bracket without its end. */
static pst_node *unclosed(parser *p, size_t at) {
  return p->s[at] == '(' ? BAD(p, at, "( without ); write \\( for the sign")
                         : BAD(p, at, "[ without ]; write \\[ for the sign");
}

/* ( a | b ); or [ a | b ]. */
static pst_node *parse_bracket(parser *p, char close) {
  size_t at = p->open = p->i++;
  if (close == ')' && peek(p, 0) == '?' && one_of("P<", peek(p, 1)) && !one_of("=!", peek(p, 2)))
    return BAD(p, at, "(?<name>…) is for regexes, in /…/; a capture is name:(…)");
  if (close == ')' && peek(p, 0) == '?' && one_of(":=!<>#", peek(p, 1)))
    return BAD(p, at, "(?… is for regexes, in /…/; ( ) alone groups, ! and & look ahead");
  if (close == ')' && peek(p, 0) == '?' && one_of("imsxn", peek(p, 1)) && one_of("):", peek(p, 2)))
    return BAD(p, at, "(?i) and its like are for regexes, in /…/; write case = \"fold\" or /…/i");
  if (++p->depth > POSTIL_NESTING_MAX)
    return LIMIT(p, at, "brackets nest at most %u deep", POSTIL_NESTING_MAX);
  pst_node *node = parse_alt(p);
  if (!node) return NULL;
  p->depth--;
  if (at_end(p)) return unclosed(p, at);
  if (p->s[p->i] != close)
    return close == ')' ? BAD(p, p->i, "] closes no [ here; write \\] for the sign")
                        : BAD(p, p->i, ") closes no ( here; write \\) for the sign");
  node->at = at;
  node->end = ++p->i;
  return node;
}

/* word | mark | phrase | tagref | regex | ( alt ).  `start`: at an item start; `word`: as in
 * parse_regex. */
static pst_node *parse_unit(parser *p, bool start, size_t word) {
  char c = p->s[p->i];
  if (wchar_at(p, p->i)) return parse_word(p);
  if (c == '<') return parse_tagref(p);
  if (c == '"') return parse_phrase(p);
  if (c == '(') return parse_bracket(p, ')');
  if (c == '[' && p->in_look) return BAD(p, p->i, "what is only looked at cannot be tagged");
  if (c == '[') return BAD(p, p->i, "a capture holds no [ ]; write [name:(…)]");
  if (c == '\\') return parse_escape(p);
  if (c == '/' && start) return parse_regex(p, word);
  if (c == '$' && is_lower(peek(p, 1)))
    return BAD(p, p->i, "$name is for set; in a pattern write name:…, or \\$ for the sign");
  if (c == '$') return BAD(p, p->i, "$ alone is the end of a paragraph; write \\$ for the sign");
  if (c == '^') return BAD(p, p->i, "^ alone is the start of a paragraph; write \\^ for the sign");
  if (c == '.' && peek(p, 1) == '.' && peek(p, 2) == '.' && start && one_of("?*+{", peek(p, 3)))
    return BAD(p, p->i, "... takes what is needed by itself, without a quantifier");
  if (c == '.' && peek(p, 1) == '.' && peek(p, 2) == '.')
    return BAD(p, p->i, "... stands alone; write \\.\\.\\. for three stops");
  return parse_mark(p);
}

/* ---- Quantifiers ---- */

static bool read_int(parser *p, unsigned *value) {
  size_t at = p->i;
  *value = 0;
  while (is_digit(peek(p, 0))) {
    if (*value < 10000) *value = *value * 10 + (unsigned)(p->s[p->i] - '0');
    p->i++;
  }
  return p->i > at;
}

/* What stands from p->i on to the brace, for a message. */
static const char *rest_of_braces(const parser *p, char *to, size_t room) {
  size_t n = 0;
  while (n + 2 < room && (peek(p, n) == ',' || is_digit(peek(p, n)))) {
    to[n] = peek(p, n);
    n++;
  }
  to[n] = '}';
  return to;
}

/* {n}, {n,} or {n,m} at p->i. */
static bool read_braces(parser *p, uint16_t *lo, uint16_t *hi) {
  size_t at = p->i++, place = p->i;
  unsigned from = 0, to;
  bool good = read_int(p, &from);
  to = from;
  if (good && peek(p, 0) == ',') {
    p->i++;
    if (!read_int(p, &to)) to = PST_ENDLESS;
  }
  if (!good && peek(p, 0) == ',' && is_digit(peek(p, 1))) {
    BAD(p, at, "a repeat that may be nothing is written {0%s",
        rest_of_braces(p, (char[16]){0}, 16));
    return false;
  }
  if (!good || peek(p, 0) != '}') {
    BAD(p, at, "a repeat is {n}, {n,} or {n,m}; write \\{ for the sign");
    return false;
  }
  p->i++;
  if (from > POSTIL_REPEAT_MAX || (to > POSTIL_REPEAT_MAX && to != PST_ENDLESS))
    LIMIT(p, at, "a repeat goes up to %u", POSTIL_REPEAT_MAX);
  else if (from > to)
    BAD(p, place, "repeat runs backwards: %u > %u", from, to);
  else if (to == 0)
    BAD(p, at, "a repeat of nothing: {%u}", to);
  *lo = (uint16_t)from;
  *hi = (uint16_t)to;
  return p->status == POSTIL_OK;
}

/* A quantifier at p->i: false if there is none, or after an error. */
static bool read_quant(parser *p, uint16_t *lo, uint16_t *hi, bool *lazy) {
  char c = peek(p, 0);
  if (c == '?')
    *lo = 0, *hi = 1;
  else if (c == '*')
    *lo = 0, *hi = PST_ENDLESS;
  else if (c == '+')
    *lo = 1, *hi = PST_ENDLESS;
  else if (c != '{' || !read_braces(p, lo, hi))
    return false;
  if (c != '{') p->i++;
  *lazy = peek(p, 0) == '?';
  if (*lazy) p->i++;
  return true;
}

/* What a repeat may not hold. */
static pst_node *check_repeat(parser *p, const pst_node *child, size_t at, uint16_t hi) {
  if (hi == PST_ENDLESS && (p->flags & PST_PATTERN_BOUNDED))
    return BAD(p, at, "a context has a longest match: no ... * + {n,}");
  if (hi > 1 && child->capture_at != SIZE_MAX) {
    char name[32];
    size_t n = 0;
    while (n < sizeof name - 1 && is_name(p->s[child->capture_at + n])) {
      name[n] = p->s[child->capture_at + n];
      n++;
    }
    name[n] = '\0';
    return BAD(p, child->capture_at, "name the whole repeat: %s:(…)%s", name,
               hi == PST_ENDLESS ? "+" : "{…}");
  }
  if (hi > 1 && child->core_at != SIZE_MAX)
    return BAD(p, child->core_at, "[ ] marks the tagged span, once: it cannot be repeated");
  if (hi > 1 && child->nullable) return BAD(p, at, "this repeats what can be nothing");
  if (hi == PST_ENDLESS && child->paras)
    return BAD(p, at, "a repeat of <para> needs an end: {1,3}");
  return (pst_node *)child;
}

/* The unit with its quantifier, if it has one. */
static pst_node *parse_quant(parser *p, pst_node *unit) {
  uint16_t lo = 1, hi = 1;
  bool lazy = false;
  size_t at = p->i;
  if (!read_quant(p, &lo, &hi, &lazy)) return p->status == POSTIL_OK ? unit : NULL;
  if (one_of("?*+{", peek(p, 0)))
    return BAD(p, p->i, "one quantifier a unit; write \\ before a sign of the text");
  if (!check_repeat(p, unit, at, hi)) return NULL;
  pst_node *node = node_around(p, PST_NODE_REPEAT, unit->at, unit);
  if (!node) return NULL;
  node->lo = lo;
  node->hi = hi;
  node->lazy = lazy;
  node->nullable = unit->nullable || lo == 0;
  if (unit->paras) node->paras = unit->paras < UINT8_MAX ? unit->paras * hi : UINT8_MAX;
  return node;
}

/* ---- Items ---- */

/* name: with something behind it: its length with the colon, else 0. */
static size_t capture_at(const parser *p) {
  size_t n = 0;
  if (!is_lower(peek(p, 0))) return 0;
  while (is_name(peek(p, n))) n++;
  if (peek(p, n) != ':' || p->len - p->i <= n + 1) return 0;
  size_t behind = p->i + n + 1;
  return space_at(p, behind) || one_of(")|]", p->s[behind]) ? 0 : n + 1;
}

static pst_node *parse_capture(parser *p, size_t n) {
  size_t at = p->i;
  p->i += n;
  if (peek(p, 0) == '[') return BAD(p, p->i, "a capture holds no [ ]; write [name:(…)]");
  if (peek(p, 0) == '.' && peek(p, 1) == '.' && peek(p, 2) == '.')
    return BAD(p, p->i, "... alone has no name; write name:(a ... b)");
  uint32_t attr = intern(p, p->env->attrs, at, n - 1), place = 0;
  if (attr == PST_NONE || !add_once(p, &p->program->capture, attr, &place)) return NULL;
  if (p->program->capture.n > 24) return LIMIT(p, at, "a pattern has at most 24 captures");
  pst_node *unit = parse_unit(p, true, at);
  if (unit) unit = parse_quant(p, unit);
  if (!unit) return NULL;
  if (unit->core_at != SIZE_MAX)
    return BAD(p, unit->core_at, "a capture holds no [ ]; write [name:(…)]");
  pst_node *node = node_around(p, PST_NODE_CAPTURE, at, unit);
  if (!node) return NULL;
  node->number = place;
  node->capture_at = at;
  return node;
}

/* [a-z], [A-Za-z0-9] or [^…] at p->i: its length with the brackets, or 0. */
static size_t class_at(const parser *p) {
  size_t n = 1, close = 1;
  while (peek(p, close) && peek(p, close) != ']') close++;
  if (peek(p, close) != ']') return 0;
  if (peek(p, 1) == '^') return alone_after(p, p->i + 2) ? 0 : close + 1;
  while (n < close) {
    char a = peek(p, n), b = peek(p, n + 2);
    bool same = (is_digit(a) && is_digit(b)) || (is_lower(a) && is_lower(b)) ||
                (is_upper(a) && is_upper(b));
    if (!same || peek(p, n + 1) != '-' || n + 2 >= close) return 0;
    n += 3;
  }
  return n == close && n > 1 ? close + 1 : 0;
}

static pst_node *class_habit(parser *p, size_t n) {
  char shown[40] = {0};
  memcpy(shown, p->s + p->i, n < sizeof shown ? n : sizeof shown - 1);
  return BAD(p, p->i, "[ ] marks the tagged span; a choice of letters is a regex: /%s/", shown);
}

static pst_node *parse_core(parser *p) {
  size_t at = p->i, n = class_at(p);
  if (n) return class_habit(p, n);
  if (p->in_core) return BAD(p, at, "[ ] inside [ ]; write \\[ for the sign");
  if (p->in_look) return BAD(p, at, "what is only looked at cannot be tagged");
  if (p->flags & PST_PATTERN_BOUNDED)
    return BAD(p, at, "a context tags nothing; write \\[ for the sign");
  p->in_core = true;
  pst_node *child = parse_bracket(p, ']');
  if (!child) return NULL;
  p->in_core = false;
  if (one_of("?*+{", peek(p, 0)))
    return BAD(p, at, "[ ] marks the tagged span; for a choice of characters write (,|.)");
  if (child->nullable) return BAD(p, at, "what [ ] tags can be nothing");
  pst_node *node = node_around(p, PST_NODE_CORE, at, child);
  if (node) node->core_at = at;
  return node;
}

/* !x or &x. */
static pst_node *parse_look(parser *p) {
  size_t at = p->i;
  bool negative = p->s[p->i++] == '!', outer = p->in_look;
  p->in_look = true;
  pst_node *unit = parse_unit(p, true, p->i);
  if (unit) unit = parse_quant(p, unit);
  p->in_look = outer;
  if (!unit) return NULL;
  if (unit->nullable) return BAD(p, at, "this looks for what can be nothing");
  if (negative && unit->capture_at != SIZE_MAX)
    return BAD(p, unit->capture_at, "a capture behind ! never holds anything");
  pst_node *node = node_around(p, PST_NODE_LOOK, at, unit);
  if (!node) return NULL;
  node->negative = negative;
  node->nullable = true;
  return node;
}

static pst_node *parse_skip(parser *p) {
  size_t at = p->i;
  if (p->flags & PST_PATTERN_BOUNDED)
    return BAD(p, at, "a context has a longest match: no ... * + {n,}");
  pst_node *node = node_new(p, PST_NODE_SKIP, at);
  if (!node) return NULL;
  p->i += 3;
  node->end = p->i;
  node->nullable = true;
  return node;
}

static pst_node *parse_edge(parser *p) {
  pst_node *node = node_new(p, p->s[p->i] == '^' ? PST_NODE_BOP : PST_NODE_EOP, p->i);
  if (!node) return NULL;
  node->end = ++p->i;
  node->nullable = true;
  return node;
}

/* =attr. */
static pst_node *parse_same(parser *p) {
  size_t at = p->i++, n = 0;
  if (!(p->flags & PST_PATTERN_ALIAS))
    return BAD(p, at, "=attr is for alias; write \\= for the sign");
  while (is_name(peek(p, n))) n++;
  uint32_t attr = intern(p, p->env->attrs, p->i, n);
  if (attr == PST_NONE) return NULL;
  if (p->program->facts.same && p->program->facts.same_attr != attr)
    return BAD(p, at, "a pattern has one =attr");
  p->program->facts.same = true;
  p->same_looked |= p->in_look;
  p->same_bare |= !p->in_core;
  p->program->facts.same_attr = (uint16_t)attr;
  p->program->facts.same_at = (uint32_t)at;
  pst_node *node = node_new(p, PST_NODE_SAME, at);
  if (!node) return NULL;
  p->i += n;
  node->number = attr;
  node->end = p->i;
  return node;
}

/* {2} or {1,3} at p->i, which is no text. */
static bool braces_at(const parser *p) {
  size_t n = 1;
  while (is_digit(peek(p, n)) || (n > 1 && peek(p, n) == ',')) n++;
  return n > 1 && peek(p, n) == '}';
}

/* One item of a sequence. */
static pst_node *parse_item(parser *p, bool start) {
  char c = p->s[p->i];
  if (c == '[') return parse_core(p);
  if (start) {
    size_t n = capture_at(p);
    if (n) return parse_capture(p, n);
    if ((c == '!' || c == '&') && p->len - p->i > 1 && !space_at(p, p->i + 1) &&
        !one_of(")|]", p->s[p->i + 1]))
      return parse_look(p);
    if (c == '.' && peek(p, 1) == '.' && peek(p, 2) == '.' && alone_after(p, p->i + 3))
      return parse_skip(p);
    if ((c == '^' || c == '$') && alone_after(p, p->i + 1)) return parse_edge(p);
    if (c == '=' && is_lower(peek(p, 1))) return parse_same(p);
    if (c == '{' && braces_at(p))
      return BAD(p, p->i, "a quantifier touches what it repeats: <cap>{2}; write \\{ for the sign");
  }
  size_t at = p->i;
  pst_node *unit = parse_unit(p, start, at);
  if (unit && c == '.' && p->i == at + 1 && one_of("*+", peek(p, 0)))
    return BAD(p, at, "write ... for anything in between, \\.%s for stops",
               peek(p, 0) == '*' ? "*" : "+");
  return unit ? parse_quant(p, unit) : NULL;
}

/* A literal that touches the literal before it becomes part of it: they are cut together. */
static bool merge_literal(parser *p, pst_node *last, const pst_node *item) {
  if (!last || item->gap || last->kind != PST_NODE_LITERAL || item->kind != PST_NODE_LITERAL ||
      last->exact || item->exact || last->end != item->at)
    return false;
  last->end = item->end;
  last->later = NULL;
  p->last = last;
  return true;
}

/* Takes an item into a sequence. */
static bool take_item(parser *p, pst_node *seq, pst_node **last, pst_node *item) {
  if (merge_literal(p, *last, item)) return true;
  if (item->core_at != SIZE_MAX && seq->core_at != SIZE_MAX) {
    BAD(p, item->core_at, "a second [ ]; write \\[ for the sign");
    return false;
  }
  if (item->core_at != SIZE_MAX) seq->core_at = item->core_at;
  if (seq->capture_at == SIZE_MAX) seq->capture_at = item->capture_at;
  if (!item->nullable) seq->nullable = false;
  seq->paras += item->paras;
  if (*last)
    (*last)->next = item;
  else
    seq->child = item;
  *last = item;
  return true;
}

/* A closing bracket at p->i that nothing has opened. */
static pst_node *stray_bracket(parser *p) {
  return p->s[p->i] == ')' ? BAD(p, p->i, ") without (; write \\) for the sign")
                           : BAD(p, p->i, "] without [; write \\] for the sign");
}

/* What a sequence without items is called, by what stands there. */
static pst_node *empty_seq(parser *p, bool after_bar) {
  char c = peek(p, 0);
  if (after_bar || c == '|')
    return BAD(p, p->i,
               "nothing on one side of |; write (…)? for what may be missing, \\| for the sign");
  if (at_end(p)) return p->depth ? unclosed(p, p->open) : BAD(p, p->i, "the pattern is empty");
  if (p->depth) return BAD(p, p->i, "nothing between the brackets");
  return stray_bracket(p);
}

static pst_node *parse_seq(parser *p, bool after_bar) {
  pst_node *seq = node_new(p, PST_NODE_SEQ, p->i), *last = NULL;
  if (!seq) return NULL;
  seq->nullable = true;
  bool start = true, gap = false;
  for (;;) {
    size_t n;
    while ((n = space_at(p, p->i)) != 0) {
      p->i += n;
      gap = start = true;
    }
    if (at_end(p) || one_of("|)]", p->s[p->i])) break;
    pst_node *item = parse_item(p, start);
    if (!item) return NULL;
    item->gap = gap;
    if (!take_item(p, seq, &last, item)) return NULL;
    gap = start = false;
  }
  if (!last) return empty_seq(p, after_bar);
  seq->gap_after = gap;
  seq->end = p->i;
  return seq;
}

static pst_node *parse_alt(parser *p) {
  pst_node *first = parse_seq(p, false);
  if (!first || peek(p, 0) != '|') return first;
  pst_node *alt = node_around(p, PST_NODE_ALT, first->at, first), *last = first;
  if (!alt) return NULL;
  while (peek(p, 0) == '|') {
    p->i++;
    pst_node *seq = parse_seq(p, true);
    if (!seq) return NULL;
    last->next = seq;
    last = seq;
    if (alt->core_at == SIZE_MAX) alt->core_at = seq->core_at;
    if (alt->capture_at == SIZE_MAX) alt->capture_at = seq->capture_at;
    if (seq->nullable) alt->nullable = true;
    if (seq->paras > alt->paras) alt->paras = seq->paras;
  }
  alt->end = p->i;
  return alt;
}

/* ---- Literals ---- */

/* Words that say nothing about where to look, most of them in English. */
static const char *const common[] = {
    "the",   "of",   "and",   "to",   "a",    "in",    "that",  "is",    "was",   "he",
    "for",   "it",   "with",  "as",   "his",  "on",    "be",    "at",    "by",    "i",
    "this",  "had",  "not",   "are",  "but",  "from",  "or",    "have",  "an",    "they",
    "which", "one",  "you",   "were", "her",  "all",   "she",   "there", "would", "their",
    "we",    "him",  "been",  "has",  "when", "who",   "will",  "more",  "no",    "if",
    "out",   "so",   "said",  "what", "up",   "its",   "about", "into",  "than",  "them",
    "can",   "only", "other", "new",  "some", "could", "after", "also",  "'s"};

/* How often a word is met, roughly. */
static uint16_t cost_of(const char *s, const pst_item *item) {
  static const uint16_t by_length[] = {400, 120, 60, 30, 16, 12, 10, 8, 6};
  const char *word = s + item->at;
  size_t len = item->len;
  uint16_t cost = by_length[len < PST_COUNT(by_length) ? len : PST_COUNT(by_length) - 1];
  for (size_t i = 0; i < PST_COUNT(common); i++) {
    if (strlen(common[i]) != len) continue;
    size_t k = 0;
    while (k < len && (char)(word[k] | 0x20) == (char)(common[i][k] | 0x20)) k++;
    if (k == len) cost = 300;
  }
  if (item->cls & PST_MARK) cost = len == 1 && strchr(".,'\"-", *word) ? 400 : 40;
  return item->up ? (uint16_t)(cost / 3) : cost;
}

typedef struct cutter {
  pst_view raw, view; /* raw: the literal without its backslashes */
  pst_words words;
} cutter;

/* 's at the start of folded bytes and no word character behind it. */
static bool leads_possessive(const char *s, size_t len) {
  if (len < 2 || s[0] != '\'' || (s[1] | 0x20) != 's') return false;
  if (len == 2) return true;
  parser rest = {0};
  rest.s = s;
  rest.len = len;
  return wchar_at(&rest, 2) == 0;
}

/* Cuts the folded bytes into items; a leading possessive is one item. */
static bool cut_items(parser *p, cutter *cut, pst_node *node) {
  const char *s = cut->view.bytes.at;
  size_t len = cut->view.bytes.n;
  pst_lexicon *lex = p->env->lex;
  cut->words.item.n = 0;
  if (!leads_possessive(s, len)) return pst_words_literal(&cut->words, &p->env->mem, lex, s, len);
  pst_item item = {0};
  item.len = 2;
  item.id = pst_lexicon_add(lex, "'s", 2);
  item.cls = PST_POSS;
  item.up = s[1] == 'S' ? 1 : 0;
  node->mark_id = pst_lexicon_add(lex, "'", 1);
  node->s_id = pst_lexicon_add(lex, "s", 1);
  if (!item.id || !node->mark_id || !node->s_id) return false;
  if (!PST_PUSH(&p->env->mem, &cut->words.item, item)) return false;
  if (len == 2) return true;
  size_t from = cut->words.item.n;
  if (!pst_words_literal(&cut->words, &p->env->mem, lex, s + 2, len - 2)) return false;
  for (size_t i = from; i < cut->words.item.n; i++) cut->words.item.at[i].at += 2;
  if (cut->words.item.n > from) cut->words.item.at[from].cls |= PST_GLUE;
  return true;
}

/* Turns the items into the words of a node. */
static bool keep_words(parser *p, const cutter *cut, pst_node *node) {
  size_t n = cut->words.item.n;
  if (n == 0) {
    BAD(p, node->at, "nothing is left of this when a text is folded");
    return false;
  }
  node->word = pst_arena_get(p->arena, n * sizeof *node->word);
  if (!node->word) return no_room(p);
  node->nwords = n;
  for (size_t i = 0; i < n; i++) {
    const pst_item *item = &cut->words.item.at[i];
    pst_literal *word = &node->word[i];
    word->id = item->id;
    word->need = p->kase == POSTIL_CASE_FOLD && !node->exact ? 0 : item->up;
    word->gap = i > 0 && !(item->cls & PST_GLUE);
    word->cost = cost_of(cut->view.bytes.at, item);
  }
  return true;
}

/* Folds and cuts one literal. */
static bool cut_literal(parser *p, cutter *cut, pst_node *node) {
  const postil_mem *mem = &p->env->mem;
  cut->raw.bytes.n = 0;
  for (size_t i = node->at; i < node->end; i++) {
    if (p->s[i] == '\\' && i + 1 < node->end) i++;
    if (!PST_PUSH(mem, &cut->raw.bytes, p->s[i])) return no_room(p);
  }
  pst_view_reset(&cut->view, 0);
  pst_span all = {0, cut->raw.bytes.n};
  if (!pst_view_add(&cut->view, mem, cut->raw.bytes.at, all)) return no_room(p);
  if (!cut_items(p, cut, node)) return no_room(p);
  return keep_words(p, cut, node);
}

static bool cut_literals(parser *p) {
  cutter cut;
  memset(&cut, 0, sizeof cut);
  bool good = true;
  for (pst_node *node = p->first; node && good; node = node->later)
    good = cut_literal(p, &cut, node);
  pst_view_free(&cut.raw, &p->env->mem);
  pst_view_free(&cut.view, &p->env->mem);
  pst_words_free(&cut.words, &p->env->mem);
  return good;
}

/* ---- All of it ---- */

/* Where the pattern is no UTF-8; its length: nowhere. */
static size_t ill_formed(const parser *p) {
  uint32_t cp = 0;
  size_t n = 1;
  for (size_t i = 0; i < p->len; i += n) {
    n = 1;
    if ((unsigned char)p->s[i] >= 0x80) n = pst_utf8_next(p->s, p->len, i, &cp);
    if (cp == PST_ILL) return i;
  }
  return p->len;
}

static pst_node *parse(parser *p) {
  if (p->len > POSTIL_PATTERN_MAX)
    return LIMIT(p, POSTIL_PATTERN_MAX, "a pattern has at most %u bytes", POSTIL_PATTERN_MAX);
  size_t ill = ill_formed(p);
  if (ill < p->len) return BAD(p, ill, "this pattern is no UTF-8 here");
  pst_node *node = parse_alt(p);
  if (!node) return NULL;
  if (!at_end(p)) return stray_bracket(p);
  if (node->nullable) return BAD(p, 0, "this pattern can match nothing");
  return cut_literals(p) ? node : NULL;
}

pst_node *pst_pattern_parse(const pst_pattern_env *env, pst_arena *arena, pst_program *program,
                            const char *source, size_t len, postil_case kase, unsigned flags,
                            postil_status *status, postil_err *err) {
  parser p = {0};
  p.env = env;
  p.arena = arena;
  p.program = program;
  p.s = source;
  p.len = len;
  p.kase = kase;
  p.flags = flags;
  p.err = err;
  pst_node *node = parse(&p);
  *status = p.status;
  program->facts.same_inside =
      node && !p.same_looked && !(p.same_bare && node->core_at != SIZE_MAX);
  return node;
}
