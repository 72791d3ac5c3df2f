/* gazetteer.c - what env.lua calls for `file =`, each and read: asks the host for a table and has
 * its rows made terms, or gives them to Lua.
 */
#include "gazetteer.h"

#include <stdio.h>

static int close_job(lua_State *L) {
  pst_job *j = lua_touserdata(L, 1);
  pst_table_close(&j->table);
  pst_bytes_free(&j->told);
  return 0;
}

/* A job that is closed with the state at the latest. */
static pst_job *new_job(lua_State *L) {
  pst_job *j = compat_newuserdata(L, sizeof *j);
  memset(j, 0, sizeof *j);
  j->set = pst_set_of(L);
  j->rules = j->set->rules;
  pst_collect_by(L, "postil.gazetteer", close_job);
  return j;
}

/* The next value of the mail, if it is text. */
static postil_text mail_text(const char **at, const char *end) {
  postil_text text = {NULL, 0};
  if (*at == end || **at != 's') return text;
  memcpy(&text.len, *at + 1, sizeof text.len);
  text.at = *at + 1 + sizeof text.len;
  *at = text.at + text.len;
  return text;
}

/* Takes a number of the mail in place of the text. */
static bool mail_size(const char **at, const char *end, size_t *size) {
  double number;
  if (*at == end || **at != 'n') return false;
  memcpy(&number, *at + 1, sizeof number);
  *at += 1 + sizeof number;
  *size = (size_t)number;
  return true;
}

/* Asks the host for table `name`.  Raises, and leaves strings on the stack. */
static void ask(lua_State *L, pst_job *j, const char *kind, const char *name, const char *from,
                pst_answer *a) {
  pst_set *set = j->set;
  lua_pushstring(L, kind);
  lua_pushstring(L, name);
  lua_pushstring(L, from);
  pst_set_fetch(L, set, 3);
  const char *at = set->mail.at, *end = at + set->mail.n;
  *a = (pst_answer){.format = PST_TSV};
  a->source = mail_text(&at, end);
  if (!a->source.at && !mail_size(&at, end, &a->source.len)) {
    if (pst_mail_unpack(L, set->mail.at, set->mail.n) < 2 || !lua_isstring(L, -1))
      lua_pushliteral(L, "there is no such table");
    lua_error(L);
  }
  postil_text path = mail_text(&at, end), folder = mail_text(&at, end);
  if (!path.at) path = (postil_text){name, strlen(name)};
  /* The mail is overwritten by the next call, so what must last goes to the stack. */
  lua_pushlstring(L, path.at, path.len);
  a->path = lua_tostring(L, -1);
  if (folder.at) {
    lua_pushlstring(L, folder.at, folder.len);
    a->folder = lua_tostring(L, -1);
  }
  (void)pst_format_of(path.at, path.len, &a->format);
  const char *slash = strrchr(a->path, '/');
  (void)snprintf(j->name, sizeof j->name, "%s", slash ? slash + 1 : a->path);
}

/* Leaves true and a note or nil; or nil and the list of messages. */
static int answer_with(lua_State *L, pst_job *j) {
  if (j->ntold || j->stop) {
    const char *at = j->told.at;
    lua_pushnil(L);
    lua_createtable(L, (int)j->ntold, 0);
    for (size_t i = 0; i < j->ntold; i++, at += strlen(at) + 1) {
      lua_pushstring(L, at);
      lua_rawseti(L, -2, (int)i + 1);
    }
    if (!j->ntold) {
      lua_pushliteral(L, "out of memory");
      lua_rawseti(L, -2, 1);
    }
    return 2;
  }
  lua_pushboolean(L, 1);
  if (j->note[0])
    lua_pushfstring(L, "%s: %s", j->name, j->note);
  else
    lua_pushnil(L);
  return 2;
}

/* table(index, name, from, recipe or nil, filter or nil, skip, case, fields): adds the terms of a
 * table to statement `index`; bad rows are skipped or refused. */
int pst_env_table(lua_State *L) {
  pst_answer a;
  const char *name = luaL_checkstring(L, 2), *from = luaL_checkstring(L, 3);
  lua_settop(L, 8);
  pst_job *j = new_job(L);
  j->index = (uint32_t)luaL_checknumber(L, 1);
  j->by_recipe = lua_istable(L, 4);
  j->skip = lua_toboolean(L, 6) != 0;
  j->fields = luaL_checkstring(L, 8);
  if (j->by_recipe) pst_job_recipe(L, 4, &j->recipe);
  if (lua_istable(L, 5)) pst_job_filter(L, 5, &j->filter);
  ask(L, j, "terms", name, from, &a);
  if (a.source.at && a.source.len < PST_TABLE_LARGE) {
    pst_set_spend(L, a.source.len / 2);
    pst_job_read(j, a.format, a.source.at, a.source.len);
  } else {
    pst_job_lend(j, &a, (postil_case)(int)lua_tonumber(L, 7));
  }
  return answer_with(L, j);
}

/* One row as a table by column, of texts. */
static void push_row(lua_State *L, const pst_table *t) {
  lua_createtable(L, 0, (int)t->ncells);
  for (size_t i = 0; i < t->ncells; i++) {
    if (t->cell[i].type == POSTIL_NIL) continue;
    lua_pushstring(L, t->name[i]);
    lua_pushlstring(L, t->cell[i].text.at, t->cell[i].text.len);
    lua_rawset(L, -3);
  }
}

/* rows(name, from): a list of tables by column, and the set of columns. */
int pst_env_rows(lua_State *L) {
  pst_answer a;
  const char *name = luaL_checkstring(L, 1), *from = luaL_checkstring(L, 2);
  lua_settop(L, 2);
  pst_job *j = new_job(L);
  ask(L, j, "table", name, from, &a);
  pst_set_spend(L, a.source.len / 2);
  lua_newtable(L);
  int rows = lua_gettop(L), n = 0;
  pst_row row = pst_table_open(&j->table, a.format, a.source.at, a.source.len);
  while (row == PST_ROW && (row = pst_table_next(&j->table)) == PST_ROW) {
    push_row(L, &j->table);
    lua_rawseti(L, rows, ++n);
  }
  if (row == PST_ROW_BAD)
    return pst_env_complain(L, "%s:%d: %s", j->name, (int)j->table.line, j->table.what);
  if (row == PST_ROW_NOMEM) return luaL_error(L, "out of memory");
  lua_newtable(L);
  for (size_t i = 0; i < j->table.ncolumns; i++) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, j->table.name[i]);
  }
  return 2;
}
