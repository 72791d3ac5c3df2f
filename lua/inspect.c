/* inspect.c - what a rule set tells of itself, as tables: rules:describe(), rules:lint(),
 * rules:stats(). */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "binding.h"

#include <time.h>

static const char *verb_name(postil_verb verb) {
  static const char *const names[] = {"tag", "veto", "amend", "alias", "pin", "block"};
  return names[verb];
}

static const char *source_name(postil_source source) {
  static const char *const names[] = {"constant", "template", "map", "function", "capture", "term"};
  return names[source];
}

static void set_string(lua_State *L, const char *name, const char *value) {
  lua_pushstring(L, value);
  lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, double value) {
  compat_pushnumber(L, value);
  lua_setfield(L, -2, name);
}

static void push_rule(lua_State *L, const postil_rules *rules, const postil_rule_info *info) {
  lua_createtable(L, 0, 8);
  set_string(L, "verb", verb_name(info->verb));
  set_string(L, "label", postil_rules_label(rules, info->label));
  set_string(L, "name", info->name);
  set_number(L, "patterns", (double)info->npatterns);
  set_number(L, "terms", (double)info->nterms);
  if (info->term.at) {
    lua_pushlstring(L, info->term.at, info->term.len);
    lua_setfield(L, -2, "term");
  }
  lua_pushboolean(L, info->off);
  lua_setfield(L, -2, "off");
  lua_newtable(L);
  lua_setfield(L, -2, "attributes");
}

/* What the core tells, one behind the other. */
typedef struct told {
  pst_bytes *bytes;
  bool full; /* there was no memory for all */
} told;

static void keep(told *all, const void *at, size_t n) {
  if (!pst_bytes_add(all->bytes, at, n)) all->full = true;
}

typedef struct one_told {
  uint32_t rule;
  postil_source source;
  const char *name;
} one_told;

static void keep_told(void *ud, uint32_t rule, const char *name, postil_source source) {
  one_told one = {rule, source, name};
  keep(ud, &one, sizeof one);
}

/* Adds { name=, how= } to the attributes of the rules at index 2. */
static void push_attributes(lua_State *L, const pst_bytes *bytes) {
  one_told one;
  for (size_t i = 0; i < bytes->n; i += sizeof one) {
    memcpy(&one, bytes->at + i, sizeof one);
    lua_rawgeti(L, 2, (int)one.rule + 1);
    lua_getfield(L, -1, "attributes");
    lua_createtable(L, 0, 2);
    set_string(L, "name", one.name);
    set_string(L, "how", source_name(one.source));
    lua_rawseti(L, -2, (int)lua_rawlen(L, -2) + 1);
    lua_pop(L, 2);
  }
}

/* rules:describe(): a list, by number, of { verb=, label=, name=, patterns=, terms=, term=, off=,
 * attributes= { { name=, how= }, ... } }. */
int pst_rules_describe(lua_State *L) {
  const pst_set *set = pst_rules_check(L, 1);
  postil_rule_info info;
  lua_settop(L, 1);
  lua_newtable(L);
  for (uint32_t i = 0; postil_rules_info(set->rules, i, &info); i++) {
    push_rule(L, set->rules, &info);
    lua_rawseti(L, 2, (int)i + 1);
  }
  told all = {pst_bytes_push(L), false};
  postil_err err = {0};
  if (postil_rules_attrs(set->rules, keep_told, &all, &err) != POSTIL_OK || all.full)
    return luaL_error(L, "out of memory");
  push_attributes(L, all.bytes);
  lua_settop(L, 2);
  return 1;
}

/* ---- findings -------------------------------------------------------------------------------- */

/* A finding and its words, which follow it. */
typedef struct one_found {
  postil_finding finding;
  size_t len;
} one_found;

static void keep_finding(void *ud, const postil_finding *finding) {
  one_found one = {*finding, strlen(finding->words)};
  keep(ud, &one, sizeof one);
  keep(ud, finding->words, one.len);
}

static void push_finding(lua_State *L, const one_found *one, const char *words) {
  const postil_finding *f = &one->finding;
  lua_createtable(L, 0, 10);
  set_string(L, "name", f->name);
  lua_pushlstring(L, words, one->len);
  lua_setfield(L, -2, "words");
  set_number(L, "rule", (double)f->rule + 1);
  if (f->pattern != POSTIL_NO_RULE) {
    set_number(L, "pattern", (double)f->pattern + 1);
    set_number(L, "first", (double)f->start + 1);
    set_number(L, "last", (double)f->end);
  }
  if (f->by_rule == POSTIL_NO_RULE) return;
  set_number(L, "by_rule", (double)f->by_rule + 1);
  if (f->by_pattern == POSTIL_NO_RULE) return;
  set_number(L, "by_pattern", (double)f->by_pattern + 1);
  set_number(L, "by_first", (double)f->by_start + 1);
  set_number(L, "by_last", (double)f->by_end);
}

/* rules:lint(): a list of { name=, words=, rule=, pattern=, first=, last=, by_rule=, by_pattern=,
 * by_first=, by_last= }; numbers of rules and patterns from 1, bytes of the pattern. */
int pst_rules_lint(lua_State *L) {
  const pst_set *set = pst_rules_check(L, 1);
  told all = {pst_bytes_push(L), false};
  postil_err err = {0};
  if (postil_rules_lint(set->rules, keep_finding, &all, &err) != POSTIL_OK)
    return luaL_error(L, "%s", err.what);
  if (all.full) return luaL_error(L, "out of memory");
  lua_newtable(L);
  one_found one;
  int n = 0;
  for (size_t at = 0; at < all.bytes->n; at += sizeof one + one.len) {
    memcpy(&one, all.bytes->at + at, sizeof one);
    push_finding(L, &one, all.bytes->at + at + sizeof one);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* ---- figures --------------------------------------------------------------------------------- */

double pst_clock(void *ud) {
  struct timespec now;
  (void)ud;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* rules:count(): documents that are opened from now on are counted. */
int pst_rules_count(lua_State *L) {
  pst_set *set = pst_rules_check(L, 1);
  postil_err err = {0};
  if (!set->stats && postil_stats_new(set->rules, pst_clock, NULL, &set->stats, &err) != POSTIL_OK)
    return luaL_error(L, "%s", err.what);
  return 0;
}

static void push_stat(lua_State *L, const postil_stat *stat) {
  lua_createtable(L, 0, 12);
  set_number(L, "found", (double)stat->found);
  set_number(L, "context", (double)stat->context);
  set_number(L, "vetoed", (double)stat->vetoed);
  set_number(L, "refused", (double)stat->refused);
  set_number(L, "merged", (double)stat->merged);
  set_number(L, "beaten", (double)stat->beaten);
  set_number(L, "kept", (double)stat->kept);
  set_number(L, "limits", (double)stat->limits);
  set_number(L, "steps", (double)stat->steps);
  set_number(L, "seconds", stat->seconds);
}

static void push_patterns(lua_State *L, const postil_stats *stats, uint32_t rule) {
  postil_stat stat;
  lua_newtable(L);
  for (uint32_t i = 0; postil_stats_pattern(stats, rule, i, &stat); i++) {
    push_stat(L, &stat);
    lua_rawseti(L, -2, (int)i + 1);
  }
  lua_setfield(L, -2, "patterns");
}

typedef struct one_loss {
  uint32_t rule, by;
  uint64_t times;
} one_loss;

static void keep_loss(void *ud, uint32_t rule, uint32_t by, uint64_t times) {
  one_loss one = {rule, by, times};
  keep(ud, &one, sizeof one);
}

/* Adds { by=, times= } to `lost` of the rules at index 2. */
static void push_losses(lua_State *L, const pst_bytes *bytes) {
  one_loss one;
  for (size_t i = 0; i < bytes->n; i += sizeof one) {
    memcpy(&one, bytes->at + i, sizeof one);
    lua_rawgeti(L, 2, (int)one.rule + 1);
    lua_getfield(L, -1, "lost");
    lua_createtable(L, 0, 2);
    set_number(L, "by", (double)one.by + 1);
    set_number(L, "times", (double)one.times);
    lua_rawseti(L, -2, (int)lua_rawlen(L, -2) + 1);
    lua_pop(L, 2);
  }
}

/* rules:stats(): a list, by number, of figures with counted= (false: its words are looked up in
 * place), patterns= and lost= { { by=, times= }, ... }; and the seconds of all runs. */
int pst_rules_stats(lua_State *L) {
  const pst_set *set = pst_rules_check(L, 1);
  postil_stat stat;
  if (!set->stats) return luaL_error(L, "nothing was counted");
  lua_settop(L, 1);
  lua_newtable(L);
  for (uint32_t i = 0; postil_stats_rule(set->stats, i, &stat); i++) {
    push_stat(L, &stat);
    lua_pushboolean(L, postil_stats_counts(set->stats, i));
    lua_setfield(L, -2, "counted");
    push_patterns(L, set->stats, i);
    lua_newtable(L);
    lua_setfield(L, -2, "lost");
    lua_rawseti(L, 2, (int)i + 1);
  }
  told all = {pst_bytes_push(L), false};
  bool whole;
  postil_stats_losses(set->stats, keep_loss, &all, &whole);
  if (all.full || !whole) return luaL_error(L, "out of memory");
  push_losses(L, all.bytes);
  lua_settop(L, 2);
  compat_pushnumber(L, set->seconds);
  return 2;
}
