/* binding.h - what the files of the binding share.
 *
 *   core.c    the module postil.core: its functions, normalisation
 *   state.c   a private Lua state for rule files: its memory and work are bounded
 *   env.c     the functions that lua/postil/env.lua calls in that state to fill a rule set
 *   gazetteer.c  those of them that ask for tables: rows.c makes terms of their rows, which table.c
 *             reads, image.c makes images of large ones, and cache.c keeps these
 *   convert.c p.date and its kin: values of texts and captures; convert_*.c read them
 *   near.c    the word that was meant
 *   strings.c string.find and its kin for that state, bounded
 *   files.c   reading rule files, and a record that only its owner can change
 *   private.c folders and files of the user's alone, where cache.c and files.c keep things
 *   doc.c     documents and tags
 *   json.c    what they are as JSON
 *   inspect.c what a rule set tells of itself
 *   why.c     why they are what they are
 *
 * A rule set has two sides.  On the host's side it is a userdata with a counted pointer to a
 * pst_set; on the other side is a private lua_State in which the rule files ran and in which their
 * functions live. Values travel between the two states as bytes in pst_set.mail, so that an error
 * in one state never unwinds the other. / */
#ifndef POSTIL_LUA_BINDING_H
#define POSTIL_LUA_BINDING_H

#include "compat.h"

#include "cache.h"
#include "table.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

#define PST_RULES "postil.rules"
#define PST_DOC "postil.doc"
#define PST_TAG_OBJECT "postil.tag"
#define PST_MAP "postil.map"

/* strcmp says equal; mostly the first byte tells that it will not. */
static inline bool pst_same(const char *a, const char *b) {
  return *a == *b && strcmp(a, b) == 0;
}

/* How many times longer than others a slow build may take: one with sanitizers ten times, and what
 * runs below Valgrind may be built with its own. */
#ifndef PST_PATIENCE
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PST_PATIENCE 10
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define PST_PATIENCE 10
#endif
#endif
#endif
#ifndef PST_PATIENCE
#define PST_PATIENCE 1
#endif

/* Limits of rule files. */
#define PST_HEAP_MAX ((size_t)64 << 20)     /* bytes of Lua values in a rule set's state */
#define PST_CHURN_MAX ((uint64_t)1 << 30)   /* bytes that loading or one call may allocate in all */
#define PST_WORK_STEP 1000                  /* instructions between two looks at the work done */
#define PST_WORK_LOAD 50000000u             /* instructions for loading */
#define PST_WORK_HOOK 1000000u              /* instructions for one call of a rule's function */
#define PST_LOAD_MAX ((size_t)96 << 20)     /* bytes of compiled rules, while rule files are loaded */
#define PST_CLOCK_MAX (PST_PATIENCE * 1200) /* ms of the processor, if instructions did not decide */
#define PST_ROOM_TEXT ((size_t)64 << 20)    /* bytes that tagging a text may take, */
#define PST_ROOM_BYTE 64u                   /* and for each byte of the text */
#define PST_WORK_TEXT 50000000u             /* instructions of all functions for a text, */
#define PST_WORK_BYTE 256u                  /* and for each byte of it */
#define PST_TOLD_TEXT ((size_t)1 << 20)     /* bytes of the strings that all functions return, */
#define PST_TOLD_BYTE 16u                   /* and for each byte of the text */
#define PST_MAIL_DEPTH 16                   /* tables in tables that travel between states */
#define PST_TABLE_LARGE ((size_t)256 << 10) /* bytes of a table that is compiled into an image */
#define PST_TABLES_MAX ((size_t)1 << 30)    /* bytes of all such tables of a rule set */
#define PST_STACK_MAX ((size_t)1 << 20)     /* bytes of the C stack for functions that call rules */
#define PST_TERM_BYTES 4                    /* of terms and what they are made of cost an instruction */
#define PST_ANSWER_MAX ((size_t)64 << 10)   /* bytes of a string that a function returns */

/* Bytes that grow; zeros are an empty one. */
typedef struct pst_bytes {
  char *at;
  size_t n, cap;
} pst_bytes;
bool pst_bytes_reserve(pst_bytes *bytes, size_t n);
bool pst_bytes_add(pst_bytes *bytes, const void *at, size_t n);
void pst_bytes_free(pst_bytes *bytes);
/* The userdata on top is collected by a function. */
void pst_collect_by(lua_State *L, const char *type, lua_CFunction collect);
/* Pushes empty ones that the collector frees, so that an error of Lua leaves nothing behind. */
pst_bytes *pst_bytes_push(lua_State *L);

/* What rules may still take for a document. */
typedef struct pst_left {
  size_t room;   /* bytes */
  uint64_t work; /* instructions of functions */
  uint64_t told; /* bytes of strings that they return */
} pst_left;

typedef struct pst_set {
  size_t refs;
  postil_rules *rules;
  bool sealed;
  bool busy; /* the private state is running, or a document of this set is */
  /* the private state */
  lua_State *lua;
  size_t heap;     /* bytes it holds */
  uint64_t churn;  /* bytes it allocated since the work began */
  size_t held;     /* bytes that the rule set and its documents hold */
  uint64_t work;   /* instructions left */
  size_t most;     /* the cap on held; SIZE_MAX: none */
  bool full;       /* held would have passed it */
  bool limited;    /* count work (off while the state is built) */
  bool spent;      /* too much work: every further instruction fails */
  bool timed;      /* began is set */
  bool still;      /* the clock is not looked at */
  clock_t began;
  char place[256]; /* rule file and line that were seen last; empty: none */
  int line;
  lua_State *host; /* the host's state, while a call comes from there */
  void *plain;     /* the locale of the private state: "C" */
  void *outside;   /* the host's, while the private state runs */
  uintptr_t base;  /* where the C stack was when it began to run */
  pst_bytes mail;
  postil_stats *stats; /* figures, once rules:count() was called */
  double seconds;      /* that counted documents took in all */
  pst_held *image; /* images of terms that the rules are lent */
  size_t nimages;
  size_t tables; /* bytes of the tables that they are of */
  char *error; /* the last failure of a function: one line, zero-terminated, owned */
  /* while a document is tagged */
  const postil_doc *running;
  pst_left *left;
  const postil_match *match;
  pst_bytes scratch;
  char said[64]; /* the text that a converter answered last */
} pst_set;

/* state.c */
pst_set *pst_set_new(void); /* with a private state, NULL: no memory */
void pst_set_release(pst_set *set);
pst_set *pst_set_of(lua_State *private_state);
/* Around whatever runs in the private state: numbers and orders must not depend on the host's
 * locale, of which only this thread's is changed. */
void pst_set_enter(pst_set *set);
void pst_set_leave(pst_set *set);
/* Raises when functions of C that call rule files nest too deeply; LuaJIT does not count them. */
void pst_set_check_stack(lua_State *private_state);
/* Begins a stretch of work of so many instructions. */
void pst_set_allow(pst_set *set, uint64_t instructions);
/* Notes the line of a rule file that runs, for errors which Lua gives no place. */
void pst_set_note(pst_set *set, lua_State *private_state);
/* Counts work done in C against the budget and raises "too much work" in the private state. */
void pst_set_spend(lua_State *private_state, size_t instructions);
/* The same where nothing may be raised: false when there is not so much left. */
bool pst_set_afford(pst_set *set, size_t instructions);
/* Values to bytes and back.  pack appends the values [first, last] of the stack; false: no memory,
 * or not plain data (*what names the type).  unpack pushes all values and returns how many. */
bool pst_mail_pack(lua_State *L, int first, int last, pst_bytes *out, const char **what);
int pst_mail_unpack(lua_State *L, const char *at, size_t n);
/* rules:call(fetch, name, ...) */
int pst_rules_call(lua_State *L);
/* In the private state: the host's fetch(...) with the top n values, which are popped; its answers
 * are in set->mail.  Raises what it raised. */
void pst_set_fetch(lua_State *private_state, pst_set *set, int n);
/* Keeps the place of a function of a rule file, at the top of the stack, unless one is noted. */
void pst_set_note_function(pst_set *set, lua_State *private_state);
/* One line without control characters, at most 4 KiB, from the value at the top of the stack. */
void pst_set_complain(pst_set *set, lua_State *private_state);

/* near.c: nearest(word, list) */
int pst_nearest(lua_State *L);

/* strings.c: what replaces functions of string in a private state */
extern const luaL_Reg pst_strings_functions[];

/* env.c */
extern const luaL_Reg pst_env_functions[];
postil_status pst_env_hook(void *ud, uint32_t hook, const postil_match *match, postil_value *answer,
                           postil_err *err);
int pst_env_run_hook(lua_State *private_state);
void pst_env_make_match(lua_State *private_state);
const postil_match *pst_env_match(lua_State *private_state);
bool pst_env_words(pst_set *set, const postil_value *place, postil_text *words);

/* Raises words without a place of env.lua: it adds that of the rule file. */
int pst_env_complain(lua_State *private_state, const char *words, ...);
/* The fields of the table at t with string keys and plain values, sorted; at most room. */
size_t pst_env_pairs(lua_State *private_state, int t, postil_pair *pairs, size_t room);

/* gazetteer.c */
int pst_env_table(lua_State *private_state);
int pst_env_rows(lua_State *private_state);

/* convert.c: functions of p, and how a hook calls one without Lua */
extern const luaL_Reg pst_converters[];
uint32_t pst_converter_of(lua_CFunction function);
bool pst_convert(pst_set *set, uint32_t number, const postil_match *match, postil_value *answer);

/* Places in the private state's registry; plain numbers, so that reading them allocates nothing. */
enum { PST_AT_CALL = 201, PST_AT_HOOK, PST_AT_HOOKS, PST_AT_HANDLERS, PST_AT_MATCH };

/* files.c */
extern const luaL_Reg pst_files_functions[];

/* doc.c */
void pst_doc_open(lua_State *L);            /* makes the metatables */
int pst_rules_open_document(lua_State *L);  /* rules:open(text, opts) */
pst_set *pst_rules_check(lua_State *L, int arg);
/* inspect.c */
int pst_rules_describe(lua_State *L);
int pst_rules_lint(lua_State *L);
int pst_rules_count(lua_State *L);
int pst_rules_stats(lua_State *L);
/* Seconds that only go forward. */
double pst_clock(void *ud);
/* json.c: pushes the tags (of the set of labels at index 2, nil: all) and faults of a document. */
void pst_push_json(lua_State *L, pst_set *set, const postil_doc *doc);
/* why.c: pushes why something stands at a byte of a document, of one label or NULL; or nil, message. */
int pst_push_why(lua_State *L, pst_set *set, postil_doc *doc, size_t at, const char *label);
void pst_push_methods(lua_State *L, const char *type, const luaL_Reg *methods,
                      const luaL_Reg *meta);
/* Arguments of a method of the Lua face: what is wrong is told with the name of the method and that
 * of the argument, "doc:place: position must be a number, not nil".  Optional ones that are nil
 * become `otherwise` or NULL. */
int pst_arg_refuse(lua_State *L, int arg, const char *method, const char *name,
                   const char *wanted);
double pst_arg_number(lua_State *L, int arg, const char *method, const char *name);
double pst_arg_optional_number(lua_State *L, int arg, const char *method, const char *name,
                               double otherwise);
const char *pst_arg_optional_string(lua_State *L, int arg, const char *method, const char *name);
/* [first, last] from 1, inclusive, from arguments arg and arg + 1, to a span of a text of len
 * bytes; the defaults are its ends. */
void pst_check_span(lua_State *L, int arg, const char *method, size_t len, size_t *start,
                    size_t *end);

#endif
