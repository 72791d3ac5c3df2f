/* rules.c - rule sets; see rules.h. */
#include "rules.h"

/* ---- Making and adding ---- */

static bool intern_fixed(postil_rules *r) {
  const struct {
    uint16_t *id;
    const char *name;
  } fixed[] = {{&r->is_attr, "is"},           {&r->name_attr, "name"},
               {&r->speaker_attr, "speaker"}, {&r->gender_attr, "gender"},
               {&r->number_attr, "number"},   {&r->kind_attr, "kind"}};
  for (size_t i = 0; i < PST_COUNT(fixed); i++) {
    uint32_t id = pst_names_add(&r->attrs, &r->mem, fixed[i].name, strlen(fixed[i].name));
    if (id == PST_NONE) return false;
    *fixed[i].id = (uint16_t)id;
  }
  return true;
}

postil_status postil_rules_new(const postil_mem *mem, postil_rules **rules, postil_err *err) {
  postil_mem own = mem ? *mem : pst_mem_default();
  *rules = NULL;
  postil_rules *r = pst_mem_new(&own, 1, sizeof *r);
  if (!r) return pst_err_nomem(err);
  r->mem = own;
  pst_arena_init(&r->arena, &own);
  r->quote_label = r->cue_label = r->pronoun_label = r->person_label = PST_NO_LABEL;
  r->lex = pst_lexicon_new(&own);
  r->terms = r->lex ? pst_terms_new(&own, r->lex) : NULL;
  if (!r->terms || !intern_fixed(r)) {
    postil_rules_free(r);
    return pst_err_nomem(err);
  }
  *rules = r;
  return POSTIL_OK;
}

static void free_rule(postil_rules *r, pst_rule *rule) {
  for (size_t i = 0; i < rule->program.n; i++) pst_program_free(rule->program.at[i]);
  PST_FREE(&r->mem, &rule->program);
  pst_program_free(rule->after);
  pst_program_free(rule->before);
  pst_program_free(rule->not_after);
  pst_program_free(rule->not_before);
  PST_FREE(&r->mem, &rule->inside);
  PST_FREE(&r->mem, &rule->outside);
  PST_FREE(&r->mem, &rule->set);
}

/* What sealing makes, taken back. */
static void forget_plans(postil_rules *r) {
  for (size_t i = 0; i < r->plan.n; i++) {
    PST_FREE(&r->mem, &r->plan.at[i].tag);
    PST_FREE(&r->mem, &r->plan.at[i].veto);
  }
  r->plan.n = r->alias.n = r->amend.n = r->block.n = r->keys.n = r->wide.n = r->context.n = 0;
  r->label_reach = r->amend_before = r->amend_after = 0;
}

/* What finds equal sets of attributes. */
static void forget_term_sets(postil_rules *r) {
  pst_mem_free(&r->mem, r->term_set, r->term_slots, sizeof *r->term_set);
  r->term_set = NULL;
  r->term_slots = 0;
}

void postil_rules_free(postil_rules *r) {
  if (!r) return;
  postil_mem mem = r->mem;
  for (size_t i = 0; i < r->rule.n; i++) free_rule(r, &r->rule.at[i]);
  PST_FREE(&mem, &r->rule);
  forget_plans(r);
  PST_FREE(&mem, &r->plan);
  PST_FREE(&mem, &r->context);
  PST_FREE(&mem, &r->amended);
  PST_FREE(&mem, &r->late);
  pst_start_words_free(&r->starts, &mem);
  PST_FREE(&mem, &r->alias);
  PST_FREE(&mem, &r->amend);
  PST_FREE(&mem, &r->block);
  PST_FREE(&mem, &r->keys);
  PST_FREE(&mem, &r->wide);
  PST_FREE(&mem, &r->ignored);
  forget_term_sets(r);
  pst_rules_free_lent(r);
  PST_FREE(&mem, &r->term_data);
  PST_FREE(&mem, &r->term_attr);
  PST_FREE(&mem, &r->term_gives);
  pst_terms_free(r->terms);
  pst_lexicon_free(r->lex);
  pst_names_free(&r->labels, &mem);
  pst_names_free(&r->attrs, &mem);
  pst_arena_free(&r->arena);
  pst_mem_free(&mem, r, 1, sizeof *r);
}

void postil_rules_set_hook(postil_rules *rules, postil_hook hook, void *ud) {
  rules->hook = hook;
  rules->ud = ud;
}

static const char *keep_text(postil_rules *r, const char *text, size_t len) {
  char *copy = pst_arena_get(&r->arena, len + 1);
  if (!copy) return NULL;
  if (len) memcpy(copy, text, len);
  copy[len] = '\0';
  return copy;
}

static postil_status label_id(postil_rules *r, const char *name, size_t len, uint16_t *id,
                              postil_err *err) {
  size_t i = len && name[0] == '_';
  bool good = len > i && name[i] >= 'a' && name[i] <= 'z';
  for (; i < len && good; i++) good = pst_name_char(name[i]);
  if (!good)
    return pst_err_say(err, POSTIL_ERULE, 0, "a label is lower-case letters, digits and _");
  uint32_t label = pst_names_add(&r->labels, &r->mem, name, len);
  if (label == PST_NONE) return pst_err_nomem(err);
  if (label >= PST_NO_LABEL) return pst_err_say(err, POSTIL_ELIMIT, 0, "too many labels");
  *id = (uint16_t)label;
  return POSTIL_OK;
}

postil_status pst_rules_attr(postil_rules *r, const char *name, size_t len, uint16_t *id,
                             postil_err *err) {
  uint32_t attr = pst_names_add(&r->attrs, &r->mem, name, len);
  if (attr == PST_NONE) return pst_err_nomem(err);
  if (attr >= PST_NO_ATTR) return pst_err_say(err, POSTIL_ELIMIT, 0, "too many attributes");
  *id = (uint16_t)attr;
  return POSTIL_OK;
}

static postil_status attr_id(postil_rules *r, const char *name, uint16_t *id, postil_err *err) {
  return pst_rules_attr(r, name, strlen(name), id, err);
}

static postil_status label_list(postil_rules *r, const char *names, pst_label_list *list,
                                postil_err *err) {
  for (const char *at = names; at;) {
    const char *bar = strchr(at, '|');
    uint16_t id = 0;
    postil_status s = label_id(r, at, bar ? (size_t)(bar - at) : strlen(at), &id, err);
    if (s && err) err->at = (size_t)(at - names);
    if (s) return s;
    if (!PST_PUSH(&r->mem, list, id)) return pst_err_nomem(err);
    at = bar ? bar + 1 : NULL;
  }
  return POSTIL_OK;
}

/* A constant whose text is still the value's, and that has no name yet. */
static postil_status lend_constant(const postil_value *value, pst_const *to, postil_err *err) {
  *to = (pst_const){.type = (uint8_t)value->type, .number = value->number};
  if (value->type != POSTIL_NIL && value->type != POSTIL_STRING && value->type != POSTIL_NUMBER &&
      value->type != POSTIL_BOOL)
    return pst_err_say(err, POSTIL_EUSE, 0, "a constant is a string, a number or a boolean");
  if (value->type == POSTIL_STRING) {
    to->text = value->text ? value->text : "";
    to->len = value->text ? value->len : 0;
  }
  return POSTIL_OK;
}

static postil_status constant(postil_rules *r, const postil_value *value, pst_const *to,
                              postil_err *err) {
  postil_status s = lend_constant(value, to, err);
  if (s || to->type != POSTIL_STRING) return s;
  to->text = keep_text(r, to->text, to->len);
  return to->text ? POSTIL_OK : pst_err_nomem(err);
}

static postil_status map_rows(postil_rules *r, const postil_set *set, pst_setter *to,
                              postil_err *err) {
  if (!set->nmap) return POSTIL_OK;
  pst_map_row *row =
      set->nmap > SIZE_MAX / sizeof *row ? NULL : pst_arena_get(&r->arena, set->nmap * sizeof *row);
  if (!row) return pst_err_nomem(err);
  for (size_t i = 0; i < set->nmap; i++) {
    row[i].len = strlen(set->map[i].name);
    row[i].key = keep_text(r, set->map[i].name, row[i].len);
    if (!row[i].key) return pst_err_nomem(err);
    postil_status s = constant(r, &set->map[i].value, &row[i].value, err);
    if (s) return s;
  }
  to->row = row;
  to->nrows = set->nmap;
  return POSTIL_OK;
}

static postil_status add_setters(postil_rules *r, const postil_rule *from, pst_rule *rule,
                                 postil_err *err) {
  for (size_t i = 0; i < from->nsets; i++) {
    const postil_set *set = &from->set[i];
    pst_setter to;
    memset(&to, 0, sizeof to);
    to.kind = set->kind;
    to.hook = set->hook;
    postil_status s = attr_id(r, set->name, &to.name, err);
    if (!s && (set->kind == POSTIL_SET_VALUE || set->kind == POSTIL_SET_TEMPLATE))
      s = constant(r, &set->value, &to.value, err);
    if (!s && set->kind == POSTIL_SET_MAP) {
      s = attr_id(r, set->from, &to.from, err);
      if (!s) s = map_rows(r, set, &to, err);
    }
    if (s) return pst_err_in(err, s, "set", i);
    if (!PST_PUSH(&r->mem, &rule->set, to)) return pst_err_nomem(err);
  }
  return POSTIL_OK;
}

static unsigned pattern_flags(postil_verb verb) {
  switch (verb) {
    case POSTIL_ALIAS: return PST_PATTERN_ALIAS;
    case POSTIL_AMEND: return PST_PATTERN_SPEAKER;
    case POSTIL_BLOCK: return PST_PATTERN_BLOCK;
    default: return 0;
  }
}

static postil_status compile_one(postil_rules *r, postil_text source, postil_case kase,
                                 unsigned flags, pst_program **out, postil_err *err) {
  *out = NULL;
  if (!source.at) return POSTIL_OK;
  pst_pattern_env env = {r->mem, r->lex, &r->labels, &r->attrs};
  postil_err own;
  memset(&own, 0, sizeof own);
  *out = pst_pattern_compile(&env, source.at, source.len, kase, flags, &own);
  if (*out) return POSTIL_OK;
  if (err) *err = own;
  return own.code;
}

const char *const pst_contexts[PST_CONTEXTS] = {"after", "before", "not_after", "not_before"};

static postil_status compile_contexts(postil_rules *r, const postil_rule *from, pst_rule *rule,
                                      postil_err *err) {
  const postil_text source[] = {from->after, from->before, from->not_after, from->not_before};
  pst_program **out[] = {&rule->after, &rule->before, &rule->not_after, &rule->not_before};
  for (size_t i = 0; i < PST_COUNT(out); i++) {
    postil_status s = compile_one(r, source[i], from->kase, PST_PATTERN_BOUNDED, out[i], err);
    if (s) return pst_err_in(err, s, pst_contexts[i], 0);
  }
  return POSTIL_OK;
}

static postil_status compile_all(postil_rules *r, const postil_rule *from, pst_rule *rule,
                                 postil_err *err) {
  for (size_t i = 0; i < from->npatterns; i++) {
    pst_program *program;
    postil_status s =
        compile_one(r, from->pattern[i], from->kase, pattern_flags(from->verb), &program, err);
    if (s) return pst_err_in(err, s, "pattern", i);
    if (!PST_PUSH(&r->mem, &rule->program, program)) {
      pst_program_free(program);
      return pst_err_nomem(err);
    }
  }
  return compile_contexts(r, from, rule, err);
}

/* A rule without a name is called by its place, without a place by its label. */
static const char *name_of(postil_rules *r, const postil_rule *from) {
  postil_err place;
  if (from->name) return keep_text(r, from->name, strlen(from->name));
  if (!from->file) return keep_text(r, from->label, strlen(from->label));
  pst_err_say(&place, POSTIL_OK, 0, "%s:%u", from->file, (unsigned)from->line);
  return keep_text(r, place.what, strlen(place.what));
}

/* Where the core holds a paragraph break, or SIZE_MAX.  Of a pattern whose core is there on some
 * ways only, no answer. */
static size_t core_breaks(const pst_program *program) {
  bool inside = !program->facts.has_core;
  if (!inside && !program->core_always) return SIZE_MAX;
  for (uint32_t i = 0; i < program->ins.n; i++) {
    const pst_ins *ins = &program->ins.at[i];
    if (ins->op == PST_OP_CORE_OPEN || ins->op == PST_OP_CORE_CLOSE)
      inside = ins->op == PST_OP_CORE_OPEN;
    if (ins->op == PST_OP_PARA && inside) return program->place.at[i].start;
    if (ins->op == PST_OP_LOOK && ins->c > i) i = ins->c - 1;
  }
  return SIZE_MAX;
}

/* What a rule's patterns must be besides well written. */
static postil_status check_patterns(const pst_rule *rule, postil_err *err) {
  for (size_t i = 0; i < rule->program.n; i++) {
    const pst_program *program = rule->program.at[i];
    postil_status s = POSTIL_OK;
    size_t para = core_breaks(program);
    if (rule->verb != POSTIL_VETO && rule->verb != POSTIL_AMEND && para != SIZE_MAX)
      s = pst_err_say(err, POSTIL_EPATTERN, para,
                      "what is tagged holds no <para>; put the rest in [ ]");
    if (!s && rule->verb == POSTIL_ALIAS && rule->same == PST_NO_ATTR && !program->facts.same)
      s = pst_err_say(err, POSTIL_EPATTERN, 0,
                      "an alias says whose name it is: by =attribute or same");
    if (s) return pst_err_in(err, s, "pattern", i);
  }
  return POSTIL_OK;
}

static postil_status fill_rule(postil_rules *r, const postil_rule *from, pst_rule *rule,
                               postil_err *err) {
  rule->verb = from->verb;
  rule->prio = from->prio;
  rule->nest = from->nest;
  rule->overwrite = from->overwrite;
  rule->off = from->off;
  rule->kase = from->kase;
  rule->keep = from->keep;
  rule->lines = from->lines ? from->lines : 1;
  rule->same = PST_NO_ATTR;
  rule->name = name_of(r, from);
  if (!rule->name) return pst_err_nomem(err);
  if (from->at) {
    if (strcmp(from->at, "first line") == 0)
      rule->at = PST_AT_FIRST_LINE;
    else if (strcmp(from->at, "last line") == 0)
      rule->at = PST_AT_LAST_LINE;
    else
      return pst_err_in(err,
                        pst_err_say(err, POSTIL_ERULE, 0,
                                    "at is \"first line\" or \"last line\", not '%s'", from->at),
                        "at", 0);
  }
  postil_status s = label_id(r, from->label, strlen(from->label), &rule->label, err);
  if (s) return pst_err_in(err, s, "label", 0);
  if (from->same) s = attr_id(r, from->same, &rule->same, err);
  if (s) return pst_err_in(err, s, "same", 0);
  s = label_list(r, from->inside, &rule->inside, err);
  if (s) return pst_err_in(err, s, "inside", 0);
  s = label_list(r, from->outside, &rule->outside, err);
  if (s) return pst_err_in(err, s, "outside", 0);
  if (!s) s = add_setters(r, from, rule, err);
  if (!s) s = compile_all(r, from, rule, err);
  if (!s) s = check_patterns(rule, err);
  return s;
}

static postil_status sealed_already(postil_err *err) {
  return pst_err_say(err, POSTIL_EUSE, 0, "the rule set is sealed");
}

postil_status postil_rules_add(postil_rules *r, const postil_rule *from, uint32_t *index,
                               postil_err *err) {
  if (r->sealed) return sealed_already(err);
  if (!from->label) return pst_err_say(err, POSTIL_EUSE, 0, "a rule has a label");
  if (r->rule.n >= PST_NONE) return pst_err_say(err, POSTIL_ELIMIT, 0, "too many rules");
  pst_rule rule;
  memset(&rule, 0, sizeof rule);
  if (!PST_RESERVE(&r->mem, &r->rule, 1)) return pst_err_nomem(err);
  postil_status s = fill_rule(r, from, &rule, err);
  if (s) {
    free_rule(r, &rule);
    return s;
  }
  if (index) *index = (uint32_t)r->rule.n;
  r->rule.at[r->rule.n++] = rule;
  return POSTIL_OK;
}

/* ---- Terms ----
 *
 * Of a gazetteer's terms many have the same attributes, so a set of attributes is kept once: it is
 * written behind the others with its text still lent, looked up, and taken back if it is there. */

/* The id of an attribute's name.  Rows of a table name theirs in one order, so the i-th one of the
 * set used last is looked at first. */
static postil_status term_attr_id(postil_rules *r, const char *name, size_t i, uint16_t *id,
                                  postil_err *err) {
  const pst_range *last = r->term_data.n ? &r->term_data.at[r->term_last] : NULL;
  if (last && i < last->n) {
    *id = r->term_attr.at[last->first + i].name;
    if (strcmp(r->attrs.at[*id], name) == 0) return POSTIL_OK;
  }
  return attr_id(r, name, id, err);
}

/* 0 and -0 are not the same constant. */
static uint64_t bits_of(double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return bits;
}

static uint32_t hash_const(uint32_t hash, const pst_const *value) {
  uint64_t number = bits_of(value->number);
  hash = (hash ^ value->name ^ (uint32_t)value->type << 16) * UINT32_C(0x9E3779B1);
  if (value->type != POSTIL_STRING) return (hash ^ (uint32_t)(number ^ number >> 32)) * 16777619u;
  for (size_t i = 0; i < value->len; i++) hash = (hash ^ (unsigned char)value->text[i]) * 16777619u;
  return hash ^ hash >> 15;
}

static bool same_const(const pst_const *a, const pst_const *b) {
  if (a->name != b->name || a->type != b->type || a->len != b->len) return false;
  if (a->type == POSTIL_STRING) return memcmp(a->text, b->text, a->len) == 0;
  return bits_of(a->number) == bits_of(b->number);
}

/* Writes a term's attributes behind all others, with lent text. */
static postil_status lend_attrs(postil_rules *r, const postil_pair *attr, size_t n,
                                postil_err *err) {
  if (n > UINT32_MAX - r->term_attr.n) return pst_err_say(err, POSTIL_ELIMIT, 0, "too many terms");
  if (!PST_RESERVE(&r->mem, &r->term_attr, n)) return pst_err_nomem(err);
  for (size_t i = 0; i < n; i++) {
    pst_const *to = &r->term_attr.at[r->term_attr.n + i];
    postil_status s = lend_constant(&attr[i].value, to, err);
    if (!s) s = term_attr_id(r, attr[i].name, i, &to->name, err);
    if (s) return s;
  }
  return POSTIL_OK;
}

/* Whether a set equals the one that lies behind all others. */
static bool same_set(const postil_rules *r, uint32_t data, size_t n) {
  if (r->term_data.at[data].n != n) return false;
  const pst_const *a = r->term_attr.at + r->term_data.at[data].first;
  const pst_const *b = r->term_attr.at + r->term_attr.n;
  for (size_t i = 0; i < n; i++)
    if (!same_const(&a[i], &b[i])) return false;
  return true;
}

/* Makes the table of sets twice as large. */
static bool grow_term_sets(postil_rules *r) {
  size_t slots = r->term_slots ? r->term_slots * 2 : 64;
  pst_term_slot *set = pst_mem_new(&r->mem, slots, sizeof *set);
  if (!set) return false;
  for (size_t k = 0; k < r->term_slots; k++) {
    if (!r->term_set[k].data) continue;
    size_t i = r->term_set[k].hash & (slots - 1);
    while (set[i].data) i = (i + 1) & (slots - 1);
    set[i] = r->term_set[k];
  }
  pst_mem_free(&r->mem, r->term_set, r->term_slots, sizeof *set);
  r->term_set = set;
  r->term_slots = slots;
  return true;
}

/* The slot of the set that lies behind all others, or the free one where it would be. */
static pst_term_slot *seek_term_set(const postil_rules *r, size_t n, uint32_t hash) {
  for (size_t i = hash & (r->term_slots - 1);; i = (i + 1) & (r->term_slots - 1)) {
    pst_term_slot *slot = &r->term_set[i];
    if (!slot->data || (slot->hash == hash && same_set(r, slot->data - 1, n))) return slot;
  }
}

/* Notes that some term has each of n attributes. */
static bool note_given(postil_rules *r, const pst_const *value, size_t n) {
  for (size_t i = 0; i < n; i++) {
    while (r->term_gives.n <= value[i].name)
      if (!PST_PUSH(&r->mem, &r->term_gives, 0)) return false;
    r->term_gives.at[value[i].name] = 1;
  }
  return true;
}

/* Keeps the set that lies behind all others. */
static bool keep_term_set(postil_rules *r, size_t n) {
  pst_range range = {(uint32_t)r->term_attr.n, (uint32_t)n};
  size_t bytes = 0;
  if (r->term_data.n >= PST_NONE || !PST_RESERVE(&r->mem, &r->term_data, 1)) return false;
  pst_const *value = r->term_attr.at + range.first;
  if (!note_given(r, value, n)) return false;
  for (size_t i = 0; i < n; i++) bytes += value[i].text ? value[i].len + 1 : 0;
  char *to = pst_arena_get(&r->arena, bytes);
  if (!to) return false;
  for (size_t i = 0; i < n; i++) {
    if (!value[i].text) continue;
    memcpy(to, value[i].text, value[i].len);
    value[i].text = to;
    to += value[i].len;
    *to++ = '\0';
  }
  r->term_attr.n += n;
  r->term_data.at[r->term_data.n++] = range;
  return true;
}

/* The number of a set of attributes among term_data, kept if it is new, as term_last. */
static postil_status term_set(postil_rules *r, const postil_pair *attr, size_t n, postil_err *err) {
  uint32_t hash = (uint32_t)n;
  postil_status s = lend_attrs(r, attr, n, err);
  if (s) return s;
  for (size_t i = 0; i < n; i++) hash = hash_const(hash, &r->term_attr.at[r->term_attr.n + i]);
  if (r->term_data.n * 2 >= r->term_slots && !grow_term_sets(r)) return pst_err_nomem(err);
  pst_term_slot *slot = seek_term_set(r, n, hash);
  if (!slot->data) {
    if (!keep_term_set(r, n)) return pst_err_nomem(err);
    *slot = (pst_term_slot){hash, (uint32_t)r->term_data.n};
  }
  r->term_last = slot->data - 1;
  return POSTIL_OK;
}

postil_status postil_rules_term(postil_rules *r, uint32_t index, const char *term, size_t len,
                                const postil_pair *attr, size_t nattrs, postil_err *err) {
  if (r->sealed) return sealed_already(err);
  if (index >= r->rule.n) return pst_err_say(err, POSTIL_EUSE, 0, "no such rule");
  pst_rule *rule = &r->rule.at[index];
  const char *first = rule->term.at;
  postil_status s = term_set(r, attr, nattrs, err);
  if (!s && !first && !(first = keep_text(r, term, len))) s = pst_err_nomem(err);
  if (!s) s = pst_terms_add(r->terms, term, len, rule->kase, index, r->term_last, err);
  if (s) return s;
  if (!rule->term.at) rule->term = (postil_text){first, len};
  rule->terms++;
  return POSTIL_OK;
}

/* The label that quotes names for a purpose. */
static postil_status quotes_label(postil_rules *r, const char *name, const char *field,
                                  uint16_t *id, postil_err *err) {
  return name ? pst_err_in(err, label_id(r, name, strlen(name), id, err), field, 0) : POSTIL_OK;
}

static postil_status unknown_locale(const char *name, postil_err *err) {
  const char *best = NULL;
  unsigned least = PST_ERR_FAR;
  for (size_t i = 0; pst_quote_locale(i); i++) {
    unsigned d = pst_err_near(name, pst_quote_locale(i));
    if (d < least) least = d, best = pst_quote_locale(i);
  }
  postil_status s =
      best ? pst_err_say(err, POSTIL_ERULE, 0,
                         "no marks are known for the locale '%s' (did you mean '%s'?)", name, best)
           : pst_err_say(err, POSTIL_ERULE, 0,
                         "no marks are known for the locale '%s'; write one like 'en'", name);
  return pst_err_in(err, s, "locale", 0);
}

postil_status postil_rules_quotes(postil_rules *r, const postil_quotes *q, postil_err *err) {
  if (r->sealed) return sealed_already(err);
  postil_status s = label_id(r, "quote", 5, &r->quote_label, err);
  if (!s) s = quotes_label(r, q->cue, "cue", &r->cue_label, err);
  if (!s) s = quotes_label(r, q->pronoun, "pronoun", &r->pronoun_label, err);
  if (!s && q->locale && !pst_quote_knows(q->locale)) s = unknown_locale(q->locale, err);
  if (s) return s;
  const char *locale = q->locale ? q->locale : "en";
  r->locale = keep_text(r, locale, strlen(locale));
  if (!r->locale) return pst_err_nomem(err);
  r->quotes = true;
  r->conversation = q->conversation;
  return POSTIL_OK;
}

postil_status postil_rules_ignore(postil_rules *r, const char *label, postil_err *err) {
  if (r->sealed) return sealed_already(err);
  size_t before = r->ignored.n;
  postil_status s = label_list(r, label, &r->ignored, err);
  if (s) r->ignored.n = before;
  return pst_err_in(err, s, "ignore", 0);
}

bool postil_rules_off(postil_rules *r, const char *name) {
  bool found = false;
  for (size_t i = 0; i < r->rule.n && !r->sealed; i++)
    if (strcmp(r->rule.at[i].name, name) == 0) r->rule.at[i].off = found = true;
  return found;
}

bool postil_rules_show_helpers(postil_rules *r) {
  if (r->sealed) return false;
  r->helpers = true;
  return true;
}

/* ---- Sealing ---- */

bool pst_rules_ignores(const postil_rules *r, uint16_t label) {
  for (size_t i = 0; i < r->ignored.n; i++)
    if (r->ignored.at[i] == label) return true;
  return false;
}

/* The order of labels is a depth-first walk over "needs", with its own stack. */
enum { WHITE, GREY, CUT, BLACK }; /* CUT: worked on, and part of a cycle that was told */

/* A label that is needed, by which rule, and where it says so. */
typedef struct need {
  uint16_t label;
  uint32_t rule;
  pst_use ref;
} need;

typedef struct walk {
  postil_rules *r;
  uint8_t *colour;    /* of each label */
  PST_VEC(need) path; /* labels being worked on, each needed by the one before */
  need blocker;       /* the first label needed that waits or is worked on */
  pst_flaws *flaws;
} walk;

static bool runs_in_stage4(const pst_rule *rule) {
  return !rule->off &&
         (rule->verb == POSTIL_TAG || rule->verb == POSTIL_PIN || rule->verb == POSTIL_VETO);
}

static bool has_plan(const postil_rules *r, uint16_t label) {
  for (size_t i = 0; i < r->rule.n; i++)
    if (r->rule.at[i].label == label && runs_in_stage4(&r->rule.at[i])) return true;
  return false;
}

static postil_status find_blocker(void *ud, const pst_use *ref) {
  walk *v = ud;
  uint8_t colour = v->colour[ref->label];
  if (colour == BLACK || colour == CUT || !has_plan(v->r, ref->label)) return POSTIL_OK;
  v->blocker.label = ref->label;
  v->blocker.ref = *ref;
  return POSTIL_ERULE;
}

static bool blocked(walk *v, uint16_t label) {
  for (size_t i = 0; i < v->r->rule.n; i++) {
    const pst_rule *rule = &v->r->rule.at[i];
    if (rule->label != label || !runs_in_stage4(rule)) continue;
    v->blocker.rule = (uint32_t)i;
    if (pst_rules_uses(v->r, rule, find_blocker, v)) return true;
  }
  return false;
}

/* Tells of the cycle that the blocker closes: the labels of the path from it on, and where the first
 * of them needs the next. */
static void cycle(const walk *v) {
  char path[120];
  size_t n = 0, at = 0;
  while (v->path.at[at].label != v->blocker.label) at++;
  for (size_t i = at; i <= v->path.n; i++) {
    const char *name = v->r->labels.at[(i < v->path.n ? &v->path.at[i] : &v->blocker)->label];
    size_t len = strlen(name);
    if (n + len + 5 > sizeof path) break;
    if (i > at) {
      memcpy(path + n, " -> ", 4);
      n += 4;
    }
    memcpy(path + n, name, len);
    n += len;
  }
  path[n] = '\0';
  const need *first = at + 1 < v->path.n ? &v->path.at[at + 1] : &v->blocker;
  postil_err err;
  pst_err_say(&err, POSTIL_ERULE, first->ref.at, "these labels need each other: %s", path);
  err.rule = first->rule;
  pst_err_in(&err, err.code, first->ref.field, first->ref.nth);
  pst_flaw(v->flaws, &err);
}

static bool push_steps(postil_rules *r, pst_steps *steps, uint32_t index) {
  const pst_rule *rule = &r->rule.at[index];
  for (size_t i = 0; i < rule->program.n; i++) {
    pst_step step = {index, (uint32_t)i, rule->program.at[i]};
    if (!PST_PUSH(&r->mem, steps, step)) return false;
  }
  return true;
}

static bool add_plan(postil_rules *r, uint16_t label, pst_stage stage) {
  pst_plan plan;
  memset(&plan, 0, sizeof plan);
  plan.label = label;
  plan.stage = stage;
  if (!PST_PUSH(&r->mem, &r->plan, plan)) return false;
  pst_plan *p = &r->plan.at[r->plan.n - 1];
  for (size_t i = 0; i < r->rule.n; i++) {
    const pst_rule *rule = &r->rule.at[i];
    if (rule->label != label || !runs_in_stage4(rule)) continue;
    bool veto = rule->verb == POSTIL_VETO;
    if (rule->terms) *(veto ? &p->veto_terms : &p->terms) = true;
    if (!push_steps(r, veto ? &p->veto : &p->tag, (uint32_t)i)) return false;
  }
  return true;
}

/* Plans for `label` and, before it, for all it needs. */
static postil_status plan_label(walk *v, uint16_t label, pst_stage stage, postil_err *err) {
  need root = {label, 0, {0}};
  if (v->colour[label] == BLACK || !has_plan(v->r, label)) return POSTIL_OK;
  v->path.n = 0;
  if (!PST_PUSH(&v->r->mem, &v->path, root)) return pst_err_nomem(err);
  v->colour[label] = GREY;
  while (v->path.n) {
    uint16_t top = v->path.at[v->path.n - 1].label;
    if (blocked(v, top)) {
      uint8_t *colour = &v->colour[v->blocker.label];
      if (*colour == GREY) cycle(v);
      *colour = *colour == GREY ? CUT : GREY;
      if (*colour == GREY && !PST_PUSH(&v->r->mem, &v->path, v->blocker)) return pst_err_nomem(err);
      continue;
    }
    if (!add_plan(v->r, top, stage)) return pst_err_nomem(err);
    v->colour[top] = BLACK;
    v->path.n--;
  }
  return POSTIL_OK;
}

static postil_status no_quote_ref(void *ud, const pst_use *ref) {
  walk *v = ud;
  postil_err err;
  if (ref->label != v->r->quote_label) return POSTIL_OK;
  pst_err_say(&err, POSTIL_ERULE, ref->at,
              "this label is needed to read quotations, so it cannot ask for <quote>");
  err.rule = v->blocker.rule;
  pst_err_in(&err, err.code, ref->field, ref->nth);
  pst_flaw(v->flaws, &err);
  return POSTIL_OK;
}

/* The labels that run before quotations: what is ignored, and the cue label. */
static postil_status plan_early(walk *v, postil_err *err) {
  postil_rules *r = v->r;
  postil_status s = POSTIL_OK;
  for (size_t i = 0; i < r->ignored.n && !s; i++)
    s = plan_label(v, r->ignored.at[i], PST_STAGE_HOLES, err);
  if (!s && r->quotes && r->cue_label != PST_NO_LABEL)
    s = plan_label(v, r->cue_label, PST_STAGE_CUES, err);
  for (size_t i = 0; i < r->rule.n && !s && r->quotes; i++) {
    v->blocker.rule = (uint32_t)i;
    if (v->colour[r->rule.at[i].label] == BLACK && runs_in_stage4(&r->rule.at[i]))
      pst_rules_uses(r, &r->rule.at[i], no_quote_ref, v);
  }
  return s;
}

static postil_status plan_all(postil_rules *r, pst_flaws *flaws, postil_err *err) {
  walk v;
  memset(&v, 0, sizeof v);
  v.r = r;
  v.flaws = flaws;
  size_t n = r->labels.n;
  if (n) {
    v.colour = pst_mem_new(&r->mem, n, 1);
    if (!v.colour) return pst_err_nomem(err);
  }
  postil_status s = plan_early(&v, err);
  for (size_t i = 0; i < n && !s; i++) s = plan_label(&v, (uint16_t)i, PST_STAGE_LABELS, err);
  pst_mem_free(&r->mem, v.colour, n, 1);
  PST_FREE(&r->mem, &v.path);
  return s;
}

/* The most paragraph breaks that a context may hold. */
static uint32_t breaks(const pst_program *a, const pst_program *b) {
  uint32_t x = a ? pst_program_about(a)->paras_after : 0,
           y = b ? pst_program_about(b)->paras_after : 0;
  return x > y ? x : y;
}

static void reach(const pst_rule *rule, uint32_t *before, uint32_t *after) {
  for (size_t i = 0; i < rule->program.n; i++) {
    const pst_program_facts *facts = pst_program_about(rule->program.at[i]);
    if (facts->paras_before > *before) *before = facts->paras_before;
    if (facts->paras_after > *after) *after = facts->paras_after;
  }
  *before += breaks(rule->after, rule->not_after);
  *after += breaks(rule->before, rule->not_before);
}

static bool add_key(postil_rules *r, uint16_t label, uint16_t attr) {
  for (size_t i = 0; i + 1 < r->keys.n; i += 2)
    if (r->keys.at[i] == label && r->keys.at[i + 1] == attr) return true;
  return PST_PUSH(&r->mem, &r->keys, label) && PST_PUSH(&r->mem, &r->keys, attr);
}

static bool add_wide(postil_rules *r, uint16_t label) {
  for (size_t i = 0; i < r->wide.n; i++)
    if (r->wide.at[i] == label) return true;
  return PST_PUSH(&r->mem, &r->wide, label);
}

static bool plan_alias(postil_rules *r, const pst_rule *rule) {
  if (rule->same != PST_NO_ATTR && !add_key(r, rule->label, rule->same)) return false;
  for (size_t i = 0; i < rule->program.n; i++) {
    const pst_program_facts *facts = pst_program_about(rule->program.at[i]);
    if (facts->same && !add_key(r, rule->label, facts->same_attr)) return false;
    if (facts->same && (rule->nest || !facts->same_inside) && !add_wide(r, rule->label))
      return false;
  }
  return true;
}

/* Marks the labels that a rule of the second pass has as `inside` or `outside`. */
static void note_contexts(postil_rules *r, const pst_rule *rule) {
  for (size_t i = 0; i < rule->inside.n; i++) r->context.at[rule->inside.at[i]] = 1;
  for (size_t i = 0; i < rule->outside.n; i++) r->context.at[rule->outside.at[i]] = 1;
}

static postil_status note_late(void *ud, const pst_use *ref) {
  postil_rules *r = ud;
  r->late.at[ref->label] |= PST_LATE_ASKED;
  return POSTIL_OK;
}

/* Marks the labels that the second pass looks at, or whose tags are shown. */
static void note_late_labels(postil_rules *r) {
  if (r->helpers) memset(r->late.at, PST_LATE_ASKED | PST_LATE_NAMED, r->labels.n);
  for (size_t i = 0; i < r->rule.n; i++) {
    const pst_rule *rule = &r->rule.at[i];
    if (rule->off || (rule->verb != POSTIL_ALIAS && rule->verb != POSTIL_AMEND)) continue;
    r->late.at[rule->label] |= PST_LATE_ASKED;
    pst_rules_uses(r, rule, note_late, r);
  }
  if (r->pronoun_label != PST_NO_LABEL) r->late.at[r->pronoun_label] |= PST_LATE_ASKED;
  for (size_t i = 0; i + 1 < r->keys.n; i += 2)
    r->late.at[r->keys.at[i]] = PST_LATE_ASKED | PST_LATE_NAMED;
}

/* The steps that do not belong to a label's plan, and how far rules look.  An amendment may look at
 * aliases, which look further. */
static bool plan_rest(postil_rules *r) {
  uint32_t alias = 0;
  if (!PST_RESERVE(&r->mem, &r->context, r->labels.n + 1) ||
      !PST_RESERVE(&r->mem, &r->amended, r->labels.n + 1) ||
      !PST_RESERVE(&r->mem, &r->late, r->labels.n + 1))
    return false;
  memset(r->context.at, 0, r->labels.n + 1);
  memset(r->amended.at, 0, r->labels.n + 1);
  memset(r->late.at, 0, r->labels.n + 1);
  for (size_t i = 0; i < r->rule.n; i++) {
    pst_rule *rule = &r->rule.at[i];
    uint32_t before = 0, after = 0;
    rule->anywhere = !rule->inside.n && !rule->outside.n && !rule->after && !rule->not_after &&
                     !rule->before && !rule->not_before;
    if (rule->off) continue;
    reach(rule, &before, &after);
    bool ok = true;
    if (rule->verb == POSTIL_ALIAS)
      ok = push_steps(r, &r->alias, (uint32_t)i) && plan_alias(r, rule);
    if (rule->verb == POSTIL_AMEND) {
      ok = push_steps(r, &r->amend, (uint32_t)i);
      r->amended.at[rule->label] = 1;
    }
    if (rule->verb == POSTIL_BLOCK) ok = push_steps(r, &r->block, (uint32_t)i);
    if (!ok) return false;
    if (rule->verb == POSTIL_AMEND || rule->verb == POSTIL_ALIAS) {
      note_contexts(r, rule);
      if (before > r->amend_before) r->amend_before = before;
      if (rule->verb == POSTIL_AMEND && after > r->amend_after) r->amend_after = after;
      if (rule->verb == POSTIL_ALIAS && after > alias) alias = after;
    } else if (runs_in_stage4(rule)) {
      r->label_reach += before > after ? before : after;
    }
  }
  r->amend_after += alias;
  note_late_labels(r);
  return true;
}

/* Numbers the words that tell where programs may start. */
static bool number_start_words(postil_rules *r) {
  if (!pst_start_words_make(&r->starts, &r->mem, pst_lexicon_count(r->lex))) return false;
  for (size_t i = 0; i < r->rule.n; i++)
    for (size_t p = 0; p < r->rule.at[i].program.n && !r->rule.at[i].off; p++)
      if (!pst_start_words_program(&r->starts, &r->mem, r->rule.at[i].program.at[p])) return false;
  return r->helpers || pst_rules_find_words(r);
}

static void keep_first(void *ud, const postil_err *err) {
  postil_err *kept = ud;
  if (kept->code == POSTIL_OK) *kept = *err;
}

postil_status postil_rules_check(postil_rules *r, postil_report report, void *ud) {
  pst_flaws flaws = {report, ud, POSTIL_OK};
  postil_err err;
  postil_status s = POSTIL_OK;
  if (r->sealed) return POSTIL_OK;
  pst_rules_flaws(r, &flaws);
  s = plan_all(r, &flaws, &err);
  forget_plans(r);
  return s ? s : flaws.first;
}

postil_status postil_rules_seal(postil_rules *r, postil_err *err) {
  postil_err first = {.code = POSTIL_OK};
  pst_flaws flaws = {keep_first, &first, POSTIL_OK};
  if (r->sealed) return sealed_already(err);
  forget_plans(r);
  pst_rules_flaws(r, &flaws);
  postil_status s = plan_all(r, &flaws, err);
  if (!s && flaws.first) {
    if (err) *err = first;
    s = flaws.first;
  }
  if (!s && !plan_rest(r)) s = pst_err_nomem(err);
  if (!s) s = pst_terms_seal(r->terms, err);
  if (!s && !number_start_words(r)) s = pst_err_nomem(err);
  if (!s && r->lent.n && !pst_hashes_make(&r->hashes, &r->mem, r->lex)) s = pst_err_nomem(err);
  if (s) return s;
  forget_term_sets(r);
  uint32_t person = pst_names_find(&r->labels, "person", 6);
  if (person != PST_NONE) r->person_label = (uint16_t)person;
  r->sealed = true;
  return POSTIL_OK;
}

/* ---- Asking ---- */

const char *postil_rules_label(const postil_rules *r, uint32_t label) {
  return label < r->labels.n ? r->labels.at[label] : NULL;
}

uint32_t postil_rules_find_label(const postil_rules *r, const char *label) {
  return pst_names_find(&r->labels, label, strlen(label));
}

const char *postil_rules_attr(const postil_rules *r, uint32_t attr) {
  return attr < r->attrs.n ? r->attrs.at[attr] : NULL;
}

const char *postil_rules_name(const postil_rules *r, uint32_t rule) {
  return rule < r->rule.n ? r->rule.at[rule].name : NULL;
}
