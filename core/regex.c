/* regex.c - PCRE2 behind one door; see regex.h.
 *
 * PCRE2 gets its memory through a general context over postil_mem; since its free() knows no sizes,
 * each block carries its own.  A regex is compiled twice: anchored for running (PCRE2 keeps no
 * first bytes of such a pattern), and once unanchored to ask what it can begin with.  Matching
 * through pcre2_match() takes the JIT code where there is some; when the JIT's stack does not do,
 * the interpreter takes over.
 */
#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { SOURCE_MAX = 32768, PAIRS = 65, WORDS_MAX = 120, NAME_MAX_BYTES = 32 };

/* An anchored match has nothing to gain from PCRE2 looking through the rest of the paragraph first
 * for a character that must occur. */
#define ANCHORED (PCRE2_ANCHORED | PCRE2_NO_START_OPTIMIZE)

/* Memory of PCRE2: where it comes from and whether it ever failed. */
typedef struct source_of {
  postil_mem mem;
  bool failed;
} source_of;

typedef union block_head {
  size_t size;
  max_align_t align;
} block_head;

typedef struct group {
  char name[NAME_MAX_BYTES + 1];
  uint32_t number;
} group;

struct pst_regex {
  source_of heap;
  pcre2_general_context *general;
  pcre2_code *code;
  uint8_t first[32];
  bool spaces;    /* may_hold_spaces() */
  uint8_t mark;   /* needed_mark() */
  uint64_t hash;  /* of its source and options */
  uint8_t letter; /* of one that stays in a word: needed_letter() */
  PST_VEC(group) group;
};

struct pst_regex_run {
  source_of heap;
  pcre2_general_context *general;
  pcre2_match_context *limits;
  pcre2_match_data *data;
};

static void *heap_get(PCRE2_SIZE size, void *ud) {
  source_of *heap = ud;
  block_head *head = NULL;
  if (size <= PTRDIFF_MAX - sizeof *head)
    head = heap->mem.resize(heap->mem.ud, NULL, 0, size + sizeof *head);
  if (!head) {
    heap->failed = true;
    return NULL;
  }
  head->size = size;
  return head + 1;
}

static void heap_free(void *p, void *ud) {
  source_of *heap = ud;
  if (!p) return;
  block_head *head = (block_head *)p - 1;
  heap->mem.resize(heap->mem.ud, head, head->size + sizeof *head, 0);
}

/* ---- What is refused before PCRE2 sees it ---- */

/* The length of the character at s[i]: 1 for ASCII and for bytes that are no UTF-8 (PCRE2 complains
 * about those). */
static size_t char_len(const char *s, size_t len, size_t i) {
  unsigned char b = (unsigned char)s[i];
  size_t n = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
  return n <= len - i ? n : 1;
}

/* Refuses characters that a view never holds, naming what it holds instead. */
static postil_status check_folded(const postil_mem *mem, const char *s, size_t len,
                                  postil_err *err) {
  pst_view view = {0};
  postil_status status = POSTIL_OK;
  for (size_t i = 0, n; i < len && status == POSTIL_OK; i += n) {
    n = char_len(s, len, i);
    if (n == 1) continue;
    pst_view_reset(&view, 0);
    view.bytes.n = view.seg.n = 0;
    pst_span one = {i, i + n};
    if (!pst_view_add(&view, mem, s + i, one) || !PST_PUSH(mem, &view.bytes, '\0')) {
      status = pst_err_nomem(err);
      break;
    }
    size_t got = view.bytes.n - 1;
    if (got == n && memcmp(view.bytes.at, s + i, n) == 0) continue;
    char was[5] = {0};
    memcpy(was, s + i, n);
    if (got == 0)
      status =
          pst_err_say(err, POSTIL_EPATTERN, i, "this character is left out of the text; drop it");
    else if (view.bytes.at[0] == ' ')
      status =
          pst_err_say(err, POSTIL_EPATTERN, i, "every space of the text is a plain one; write \\s");
    else
      status = pst_err_say(err, POSTIL_EPATTERN, i, "%s is %s in the text; write that", was,
                           view.bytes.at);
  }
  pst_view_free(&view, mem);
  return status;
}

/* "(?" and letters with a J before ")" or ":": duplicate names. */
static bool duplicates(const char *s, size_t len, size_t i) {
  for (i += 2; i < len && s[i] != ')' && s[i] != ':'; i++) {
    if (s[i] == 'J') return true;
    bool option = (s[i] >= 'a' && s[i] <= 'z') || s[i] == '-' || s[i] == '^';
    if (!option) return false;
  }
  return false;
}

/* Skips "[...]" that starts at i; a "]" right behind "[" or "[^" is one of its characters. */
static size_t skip_class(const char *s, size_t len, size_t i) {
  i++;
  if (i < len && s[i] == '^') i++;
  if (i < len && s[i] == ']') i++;
  while (i < len && s[i] != ']') i += s[i] == '\\' ? 2 : 1;
  return i + 1;
}

/* Verbs, callouts, duplicate names, \C. */
static postil_status check_banned(const char *s, size_t len, postil_err *err) {
  for (size_t i = 0; i < len;) {
    if (s[i] == '\\') {
      if (i + 1 < len && s[i + 1] == 'C')
        return pst_err_say(err, POSTIL_EPATTERN, i, "\\C would split a character; write .");
      i += 2;
    } else if (s[i] == '[') {
      i = skip_class(s, len, i);
    } else if (s[i] == '(' && i + 1 < len && s[i + 1] == '*') {
      return pst_err_say(err, POSTIL_EPATTERN, i, "verbs such as (*FAIL) are not taken");
    } else if (s[i] == '(' && i + 2 < len && s[i + 1] == '?' && s[i + 2] == 'C') {
      return pst_err_say(err, POSTIL_EPATTERN, i, "callouts are not taken");
    } else if (s[i] == '(' && i + 2 < len && s[i + 1] == '?' && duplicates(s, len, i)) {
      return pst_err_say(err, POSTIL_EPATTERN, i, "a name stands for one group; (?J) is not taken");
    } else {
      i++;
    }
  }
  return POSTIL_OK;
}

/* Unicode properties cost time; they matter for \w \d \s \b, POSIX classes, and beyond ASCII. */
static bool wants_ucp(const char *s, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if ((unsigned char)s[i] >= 0x80) return true;
    if (i + 1 == len) break;
    if (s[i] == '[' && s[i + 1] == ':') return true;
    if (s[i] == '\\') {
      char c = s[++i];
      if (c == 'w' || c == 'W' || c == 'd' || c == 'D' || c == 's' || c == 'S' || c == 'b' ||
          c == 'B')
        return true;
    }
  }
  return false;
}

static bool read_flags(const char *flags, uint32_t *options) {
  for (; flags && *flags; flags++) {
    if (*flags == 'i')
      *options |= PCRE2_CASELESS;
    else if (*flags == 's')
      *options |= PCRE2_DOTALL;
    else if (*flags == 'x')
      *options |= PCRE2_EXTENDED;
    else
      return false;
  }
  return true;
}

/* ---- Compiling ---- */

static void set_bit(uint8_t *set, unsigned byte) {
  set[byte / 8] = (uint8_t)(set[byte / 8] | 1u << byte % 8);
}

/* What a match can begin with, from the regex compiled unanchored.  PCRE2 does not say whether its
 * one first byte minds case, so a letter stands for both. */
static void learn_first(pst_regex *regex, const pcre2_code *code) {
  uint32_t type = 0, unit = 0;
  const uint8_t *map = NULL;
  memset(regex->first, 0xff, sizeof regex->first);
  pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &type);
  pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODEUNIT, &unit);
  pcre2_pattern_info(code, PCRE2_INFO_FIRSTBITMAP, &map);
  if (type == 1 && unit < 256) {
    memset(regex->first, 0, sizeof regex->first);
    set_bit(regex->first, unit);
    unsigned lower = unit | 0x20;
    if (lower >= 'a' && lower <= 'z') {
      set_bit(regex->first, lower);
      set_bit(regex->first, lower & ~0x20u);
    }
  } else if (map) {
    memcpy(regex->first, map, sizeof regex->first);
  }
}

/* The length of an escape that stands for no white space: \\d \\w \\b or a mark; else 0. */
static size_t plain_escape(const char *s, size_t len) {
  if (len < 2 || s[0] != '\\') return 0;
  bool letter = (s[1] | 0x20) >= 'a' && (s[1] | 0x20) <= 'z', digit = s[1] >= '0' && s[1] <= '9';
  bool mark = !letter && !digit && s[1] > ' ' && s[1] < 0x7f;
  return mark || s[1] == 'd' || s[1] == 'w' || s[1] == 'b' ? 2 : 0;
}

/* The length of a class [...] that holds no white space: listed characters and ranges from the
 * exclamation mark on, or all but some with \\s among them; else 0. */
static size_t plain_class(const char *s, size_t len) {
  size_t i = 1;
  bool all_but = i < len && s[i] == '^', space = false;
  for (i += all_but; i < len && s[i] != ']';) {
    size_t n = s[i] == '\\' ? plain_escape(s + i, len - i) : 1;
    if (all_but && i + 1 < len && s[i] == '\\' && s[i + 1] == 's') {
      space = true;
      n = 2;
    }
    if (!n || s[i] <= ' ' || s[i] == 0x7f || s[i] == '[') return 0;
    i += n;
  }
  return i < len && all_but == space ? i + 1 : 0;
}

/* Could what a source matches hold white space?  Only what is known not to is passed. */
static bool may_hold_spaces(const char *s, size_t len) {
  for (size_t i = 0; i < len;) {
    size_t n = 1;
    if (s[i] == '[') n = plain_class(s + i, len - i);
    if (s[i] == '\\') n = plain_escape(s + i, len - i);
    if (!n || s[i] <= ' ' || s[i] == '.' || s[i] == '#' || s[i] >= 0x7f) return true;
    i += n;
  }
  return false;
}

static bool is_letter(unsigned c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

/* The length of a class of letters, [a-zX], at the start of s; 0 for anything else. */
static size_t letter_class(const char *s, size_t len) {
  size_t i = 1;
  for (; i < len && s[i] != ']'; i++) {
    if (!is_letter((uint8_t)s[i])) return 0;
    if (i + 2 >= len || s[i + 1] != '-') continue;
    if (!is_letter((uint8_t)s[i + 2]) || ((s[i] ^ s[i + 2]) & 0x20)) return 0;
    i += 2;
  }
  return i < len && i > 1 ? i + 1 : 0;
}

/* Is all that a source can match letters a to z, so that it stays in one word? */
static bool only_letters(const char *s, size_t len) {
  for (size_t i = 0; i < len;) {
    size_t n = s[i] == '[' ? letter_class(s + i, len - i) : 1;
    bool open = s[i] == '(' && i + 1 < len && s[i + 1] != '?' && s[i + 1] != '*';
    if (s[i] == '{')
      while (i + n < len && s[i + n - 1] != '}') n++;
    else if (s[i] != '[' && !open && !is_letter((uint8_t)s[i]) && !(s[i] && strchr(")|+*?", s[i])))
      return false;
    if (!n) return false;
    i += n;
  }
  return true;
}

/* The letter, in lower case, that every match must hold, or 0. */
static uint8_t needed_letter(const pcre2_code *code) {
  uint32_t type = 0, unit = 0;
  pcre2_pattern_info(code, PCRE2_INFO_LASTCODETYPE, &type);
  pcre2_pattern_info(code, PCRE2_INFO_LASTCODEUNIT, &unit);
  return type == 1 && unit < 0x80 && is_letter(unit) ? (uint8_t)(unit | 0x20) : 0;
}

/* The mark that every match must hold, as PCRE2 has found it; none that joins letters, but a stop. */
static uint8_t needed_mark(const pcre2_code *code) {
  uint32_t type = 0, unit = 0;
  pcre2_pattern_info(code, PCRE2_INFO_LASTCODETYPE, &type);
  pcre2_pattern_info(code, PCRE2_INFO_LASTCODEUNIT, &unit);
  bool letter = (unit | 0x20) >= 'a' && (unit | 0x20) <= 'z', digit = unit >= '0' && unit <= '9';
  if (type != 1 || unit <= ' ' || unit >= 0x7f || letter || digit || strchr(",':_", (int)unit))
    return 0;
  return (uint8_t)unit;
}

/* Names of groups, by number. */
static bool learn_groups(pst_regex *regex) {
  uint32_t count = 0, size = 0;
  PCRE2_SPTR table = NULL;
  pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
  pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
  if (!PST_RESERVE(&regex->heap.mem, &regex->group, count)) return false;
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *entry = table + (size_t)i * size;
    group g = {{0}, (uint32_t)(entry[0] << 8 | entry[1])};
    for (size_t k = 0; k < NAME_MAX_BYTES && 2 + k < size && entry[2 + k]; k++)
      g.name[k] = (char)entry[2 + k];
    size_t to = regex->group.n++;
    for (; to > 0 && regex->group.at[to - 1].number > g.number; to--)
      regex->group.at[to] = regex->group.at[to - 1];
    regex->group.at[to] = g;
  }
  return true;
}

/* Turns PCRE2's complaint into ours. */
static postil_status say_pcre2(const pst_regex *regex, int code, size_t at, postil_err *err) {
  if (regex->heap.failed) return pst_err_nomem(err);
  PCRE2_UCHAR words[WORDS_MAX] = {0};
  pcre2_get_error_message(code, words, sizeof words);
  return pst_err_say(err, POSTIL_EPATTERN, at, "%s", (const char *)words);
}

static postil_status compile(pst_regex *regex, const char *source, size_t len, uint32_t options,
                             postil_err *err) {
  int code = 0;
  PCRE2_SIZE at = 0;
  regex->general = pcre2_general_context_create(heap_get, heap_free, &regex->heap);
  pcre2_compile_context *context =
      regex->general ? pcre2_compile_context_create(regex->general) : NULL;
  if (!context) return pst_err_nomem(err);
  pcre2_set_parens_nest_limit(context, POSTIL_NESTING_MAX);
  pcre2_code *free_one = pcre2_compile((PCRE2_SPTR)source, len, options, &code, &at, context);
  if (free_one) {
    learn_first(regex, free_one);
    regex->mark = needed_mark(free_one);
    regex->letter = only_letters(source, len) ? needed_letter(free_one) : 0;
    pcre2_code_free(free_one);
    regex->code = pcre2_compile((PCRE2_SPTR)source, len, options | ANCHORED, &code, &at, context);
  }
  pcre2_compile_context_free(context);
  if (!regex->code) return say_pcre2(regex, code, at, err);
  uint32_t count = 0;
  pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &count);
  if (count >= PAIRS)
    return pst_err_say(err, POSTIL_ELIMIT, 0, "%u groups in a regex; at most %u", (unsigned)count,
                       (unsigned)(PAIRS - 1));
  pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
  if (regex->heap.failed || !learn_groups(regex)) return pst_err_nomem(err);
  return POSTIL_OK;
}

/* FNV-1a. */
static uint64_t hash_source(const char *source, size_t len, uint32_t options) {
  uint64_t hash = UINT64_C(14695981039346656037) ^ options;
  for (size_t i = 0; i < len; i++)
    hash = (hash ^ (unsigned char)source[i]) * UINT64_C(1099511628211);
  return hash;
}

pst_regex *pst_regex_new(const postil_mem *mem, const char *source, size_t len, const char *flags,
                         postil_err *err) {
  uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
  if (len == 0) {
    pst_err_say(err, POSTIL_EPATTERN, 0, "empty regex");
    return NULL;
  }
  if (len > SOURCE_MAX) {
    pst_err_say(err, POSTIL_ELIMIT, 0, "a regex has at most %u bytes", (unsigned)SOURCE_MAX);
    return NULL;
  }
  if (!read_flags(flags, &options)) {
    pst_err_say(err, POSTIL_EPATTERN, len, "a regex takes the letters i, s and x only");
    return NULL;
  }
  if (check_banned(source, len, err) != POSTIL_OK ||
      check_folded(mem, source, len, err) != POSTIL_OK)
    return NULL;
  if (wants_ucp(source, len)) options |= PCRE2_UCP;
  pst_regex *regex = pst_mem_new(mem, 1, sizeof *regex);
  if (!regex) {
    pst_err_nomem(err);
    return NULL;
  }
  regex->heap.mem = *mem;
  regex->spaces = may_hold_spaces(source, len);
  regex->hash = hash_source(source, len, options);
  if (compile(regex, source, len, options, err) == POSTIL_OK) return regex;
  pst_regex_free(regex);
  return NULL;
}

bool pst_regex_same(const pst_regex *a, const pst_regex *b) { return a->hash == b->hash; }

void pst_regex_free(pst_regex *regex) {
  if (!regex) return;
  postil_mem mem = regex->heap.mem;
  if (regex->code) pcre2_code_free(regex->code);
  if (regex->general) pcre2_general_context_free(regex->general);
  PST_FREE(&mem, &regex->group);
  pst_mem_free(&mem, regex, 1, sizeof *regex);
}

/* ---- Running ---- */

pst_regex_run *pst_regex_run_new(const postil_mem *mem) {
  pst_regex_run *run = pst_mem_new(mem, 1, sizeof *run);
  if (!run) return NULL;
  run->heap.mem = *mem;
  run->general = pcre2_general_context_create(heap_get, heap_free, &run->heap);
  if (run->general) {
    run->limits = pcre2_match_context_create(run->general);
    run->data = pcre2_match_data_create(PAIRS, run->general);
  }
  if (!run->limits || !run->data) {
    pst_regex_run_free(run);
    return NULL;
  }
  pcre2_set_match_limit(run->limits, POSTIL_REGEX_STEPS_MAX);
  pcre2_set_heap_limit(run->limits, POSTIL_REGEX_HEAP_KB);
  return run;
}

void pst_regex_run_free(pst_regex_run *run) {
  if (!run) return;
  postil_mem mem = run->heap.mem;
  if (run->data) pcre2_match_data_free(run->data);
  if (run->limits) pcre2_match_context_free(run->limits);
  if (run->general) pcre2_general_context_free(run->general);
  pst_mem_free(&mem, run, 1, sizeof *run);
}

postil_status pst_regex_at(const pst_regex *regex, pst_regex_run *run, const char *bytes,
                           size_t end, size_t at, size_t *stop) {
  *stop = 0;
  if (at >= end) return POSTIL_OK;
  uint32_t options = PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY;
  PCRE2_SPTR subject = (PCRE2_SPTR)bytes;
  int got = pcre2_match(regex->code, subject, end, at, options, run->data, run->limits);
  if (got == PCRE2_ERROR_JIT_STACKLIMIT)
    got =
        pcre2_match(regex->code, subject, end, at, options | PCRE2_NO_JIT, run->data, run->limits);
  if (got == PCRE2_ERROR_NOMEMORY) return POSTIL_ENOMEM;
  if (got == PCRE2_ERROR_NOMATCH) return POSTIL_OK;
  if (got < 0) return POSTIL_ELIMIT;
  size_t last = pcre2_get_ovector_pointer(run->data)[1];
  if (last > at) *stop = last;
  return POSTIL_OK;
}

bool pst_regex_may(const pst_regex *regex, const char *word, size_t len) {
  uint8_t byte = len ? (uint8_t)*word : 0;
  if (!(regex->first[byte / 8] >> byte % 8 & 1)) return false;
  bool held = !regex->letter;
  for (size_t i = 0; i < len && !held; i++) held = (word[i] | 0x20) == regex->letter;
  return held;
}

bool pst_regex_spaces(const pst_regex *regex) { return regex->spaces; }

uint8_t pst_regex_mark(const pst_regex *regex) { return regex->mark; }

const uint8_t *pst_regex_first(const pst_regex *regex) { return regex->first; }

const char *pst_regex_group(const pst_regex *regex, size_t i) {
  return i < regex->group.n ? regex->group.at[i].name : NULL;
}

bool pst_regex_span(const pst_regex *regex, const pst_regex_run *run, size_t i, size_t *start,
                    size_t *end) {
  if (i >= regex->group.n) return false;
  const PCRE2_SIZE *pairs = pcre2_get_ovector_pointer(run->data);
  uint32_t number = regex->group.at[i].number;
  if (pairs[2 * number] == PCRE2_UNSET || pairs[2 * number] > pairs[2 * number + 1]) return false;
  *start = pairs[2 * number];
  *end = pairs[2 * number + 1];
  return true;
}
