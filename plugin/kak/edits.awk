# edits.awk - what was done to a buffer of Kakoune, from what Kakoune tells of it; see session.sh.
#
#   awk -v text=TEXT -f json.awk -f edits.awk BASE NOW [HISTORY]
#
# BASE and NOW are states of the buffer, the one that postil has and the one that it is to have:
#   'HISTORY_ID' 'TIMESTAMP' 'BYTES - 1' 'MODIFICATION' ...      of insertions that go on
# HISTORY is %val{history}, needed where the ids differ:
#   'PARENT' 'SECONDS' 'REDO' 'MODIFICATION' ...                 of each node, from 0
# A modification is +LINE.COLUMN|TEXT or -LINE.COLUMN|TEXT, both from 0, in bytes.
#
# From the one to the other it goes up the tree of undos, taking back, to the common ancestor, and
# down again; only contents are compared, so whatever is told that way is right.  Written are
# requests `edit` of the protocol, the last with the size that the text should have.  The status is
# 3 where there is no way, or the edits are too many: the text must be handed over as a whole.
#
# Words stand between quotation marks, of which one inside is doubled, so marks separate records.

BEGIN {
  RS = "'"
  BASE = 1
  NOW = 2
  HISTORY = 3
  MOST = 1000 # edits: in a text of 10 MB as many cost half a second, all of it less
}

FNR == 1 { end_word(); file++; inside = 0; next }
{ inside = !inside }
inside { word = (is_open ? word "'" : "") $0; is_open = 1; next }
$0 != "" { end_word() }

# A word is over: a state has three before its modifications, a node of the history, too.
function end_word() {
  if (!is_open) return
  is_open = 0
  if (file == HISTORY) take_history(word)
  else if (heads[file] < 3) head[file, ++heads[file]] = word
  else open_edit[file, ++open_edits[file]] = word
}

# What is no modification begins a node, or goes on with its head.
function take_history(word) {
  if (word ~ /^[-+][0-9]+\.[0-9]+\|/) {
    done[nodes - 1, ++dones[nodes - 1]] = word
    head_words = 0
  } else if (head_words++ % 3 == 0) parent[nodes++] = word
}

# ---- requests ------------------------------------------------------------------------------------

function place(line, column) { return (line + 1) "," (column + 1) }

# The place behind a text that begins at another.
function behind(line, column, s,   part, feeds) {
  feeds = split(s, part, "\n") - 1
  return feeds > 0 ? place(line + feeds, length(part[feeds + 1])) : place(line, column + length(s))
}

# One edit waits, since insertions that go on where it ended become one with it.
function edit(from, to, content, after) {
  if (from == to && from == waits_after) {
    waits_content = waits_content content
    waits_after = after
    return
  }
  flush("")
  waits_from = from
  waits_to = to
  waits_content = content
  waits_after = after
}

function flush(size) {
  if (waits_from != "" && ++edits <= MOST)
    request[edits] = "{\"id\":\"edit " text " -\",\"do\":\"edit\",\"text\":\"" text \
      "\",\"version\":" head[NOW, 2] ",\"from\":[" waits_from "],\"to\":[" waits_to \
      "],\"content\":\"" json(waits_content) "\"" size "}"
  waits_from = waits_after = ""
}

function insert(line, column, s,   at) {
  at = place(line, column)
  edit(at, at, s, behind(line, column, s))
}

function remove(line, column, s,   at) {
  at = place(line, column)
  edit(at, behind(line, column, s), "", at)
}

# Does a modification, or takes it back.
function apply(one, is_undone,   bar, at, dot, line, column, s) {
  bar = index(one, "|")
  at = substr(one, 2, bar - 2)
  dot = index(at, ".")
  line = substr(at, 1, dot - 1) + 0
  column = substr(at, dot + 1) + 0
  s = substr(one, bar + 1)
  if ((substr(one, 1, 1) == "+") != is_undone) insert(line, column, s)
  else remove(line, column, s)
}

# ---- the way -------------------------------------------------------------------------------------

# How many of the base's open edits are the first of a node.
function common(node,   i) {
  for (i = 1; i <= open_edits[BASE] && open_edit[BASE, i] == done[node, i]; i++) ;
  return i - 1
}

function undo_open(   i) {
  for (i = open_edits[BASE]; i > 0; i--) apply(open_edit[BASE, i], 1)
}

function undo(node,   i) { for (i = dones[node]; i > 0; i--) apply(done[node, i], 1) }

function redo(node, first,   i) {
  for (i = first; i <= dones[node]; i++) apply(done[node, i], 0)
}

# Nodes from one to the root, each with its depth below it; 0: there is no such node.
function climb(node, depth,   n) {
  for (n = 0; node in parent && n <= nodes; node = parent[node]) depth[node] = ++n
  return node == "-" ? n : 0
}

# From one node to another by the tree; 0: they are not of one.
function walk(from, to,   above, n, down, i, first) {
  if (!climb(from, above)) return 0
  for (n = 0; to in parent && !(to in above); to = parent[to]) down[++n] = to
  if (!(to in above)) return 0
  first = 1
  if (open_edits[BASE]) {
    # What was going on then was committed as the first step down, or was taken back.
    if (to == from && n && common(down[n]) == open_edits[BASE]) first = open_edits[BASE] + 1
    else undo_open()
  }
  for (; from != to; from = parent[from]) undo(from)
  for (i = n; i > 0; i--) {
    redo(down[i], first)
    first = 1
  }
  return 1
}

# From what was going on to what goes on, in one place of the tree.
function go_on(   i) {
  for (i = 1; i <= open_edits[BASE] && open_edit[BASE, i] == open_edit[NOW, i]; i++) ;
  if (i <= open_edits[BASE]) {
    undo_open()
    i = 1
  }
  return i
}

function tell(   first) {
  first = 1
  if (head[BASE, 1] == head[NOW, 1]) first = go_on()
  else if (!walk(head[BASE, 1], head[NOW, 1])) return 3
  for (; first <= open_edits[NOW]; first++) apply(open_edit[NOW, first], 0)
  return 0
}

# Where another version is the same by its history, the buffer may have none.
END {
  end_word()
  status = tell()
  flush(",\"size\":" head[NOW, 3] + 1)
  if (status || !edits || edits > MOST) exit 3
  for (i = 1; i <= edits; i++) print request[i]
}
