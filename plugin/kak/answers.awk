# answers.awk - makes commands of Kakoune of what `postil serve` says; see session.sh.
#
#   awk -v dir=DIR -v session=SESSION -f answers.awk
#
# An answer's id is the request: KIND TEXT CLIENT WORDS.  A command that is for a text is said
# through the alias postil-for-TEXT, which its buffer has and no other: where a client shows another
# buffer by now, or is gone, nothing happens.  What waits for an answer reads DIR/reply (see
# ask_places).

BEGIN {
  kak_p = "kak -p " session
  requests = dir "/requests"
  split("quote PostilSaid headline PostilHeading dateline PostilAside teaser PostilAside " \
    "date PostilValue time PostilValue money PostilValue percent PostilValue " \
    "quantity PostilValue", word, " ")
  for (i = 1; i in word; i += 2) kind_of[word[i]] = word[i + 1]
  LIST = " who names find quotes check list "
  FAULTS = 500 # of a window that are shown
}

# ---- JSON ----------------------------------------------------------------------------------------

# A string of JSON without its marks.
function plain(s,   out, i, c) {
  if (!index(s, "\\")) return s
  out = ""
  while (i = index(s, "\\")) {
    out = out substr(s, 1, i - 1)
    c = substr(s, i + 1, 1)
    if (c == "u") {
      out = out (substr(s, i + 2, 2) == "00" ? sprintf("%c", hex(substr(s, i + 4, 2))) : "?")
      s = substr(s, i + 6)
    } else {
      out = out (c == "n" ? "\n" : c == "t" ? "\t" : c ~ /[bfr]/ ? " " : c)
      s = substr(s, i + 2)
    }
  }
  return out s
}

function hex(s,   n, i) {
  for (i = 1; i <= length(s); i++)
    n = 16 * n + index("0123456789abcdef", tolower(substr(s, i, 1))) - 1
  return n
}

# Puts a value where it belongs: J["rows.2.span.1"].
function put(value,   path, i) {
  path = key[1]
  for (i = 2; i <= depth; i++) path = path "." key[i]
  J[path] = value
}

# Reads a line into J; lists count from 1.
function parse(line,   n, part, i, s, k, c, text, is_key) {
  split("", J)
  depth = 0
  n = split(line, part, "\"")
  for (i = 1; i <= n; i += 2) {
    s = part[i]
    while (match(s, /[^][{}:, ]/) || s != "") {
      c = substr(s, 1, 1)
      if (c ~ /[][{}:, ]/) {
        s = substr(s, 2)
        if (c == "{") { depth++; is_list[depth] = 0; is_key = 1 }
        else if (c == "[") { depth++; is_list[depth] = 1; key[depth] = 1 }
        else if (c == "}" || c == "]") depth--
        else if (c == ",") { if (is_list[depth]) key[depth]++; else is_key = 1 }
        else if (c == ":") is_key = 0
      } else {
        k = match(s, /[][{}:, ]/) ? RSTART : length(s) + 1
        put(substr(s, 1, k - 1))
        s = substr(s, k)
      }
    }
    if (i == n) return
    text = part[i + 1]
    while (match(text, /\\+$/) && RLENGTH % 2) {
      i++
      text = text "\"" part[i + 1]
    }
    if (is_key && !is_list[depth]) key[depth] = plain(text)
    else put(plain(text))
  }
}

# ---- what Kakoune reads --------------------------------------------------------------------------

# A string in its marks.
function quoted(s) {
  gsub(/'/, "''", s)
  return "'" s "'"
}

function markup(s) { gsub(/[\\{]/, "\\\\&", s); return s }

function kak(commands) {
  print commands | kak_p
  if (close(kak_p) != 0) ask("quit - -") # the session is gone
}

function ask(request) {
  print request >requests
  fflush(requests)
}

# Commands for a client while it shows a text; for the buffer of a text, wherever it is.
function in_client(client, text, commands) {
  kak("try %{ evaluate-commands -client " client " " \
    quoted("postil-for-" text " " quoted(commands)) " }")
}
function in_buffer(text, commands) {
  kak("evaluate-commands -buffer * %{ try " quoted("postil-for-" text " " quoted(commands)) " }")
}

function say(client, face, words) {
  gsub(/\n+/, " ", words)
  kak("try %{ evaluate-commands -client " client " " \
    quoted("echo -markup " quoted("{" face "}" markup("postil: " words))) " }")
}
function fail(client, words) { say(client, "Error", words) }

function line_of(file,   line) {
  line = ""
  getline line <file
  close(file)
  return line
}

# ---- colours -------------------------------------------------------------------------------------

# The face of a label, on top of that of its kind; it does nothing unless it is set.
function face(label,   name, part, n, i) {
  n = split(label, part, "_")
  name = "Postil"
  for (i = 1; i <= n; i++) name = name toupper(substr(part[i], 1, 1)) substr(part[i], 2)
  return name
}

# A span whose end is just behind its last byte, as Kakoune has it; "": it has none.
function range(l, c, m, d) { return d > 1 ? l "." c "," m "." (d - 1) : "" }

# What is seen in a window: `look TEXT CLIENT FIRST LAST [speakers]`.
function paint(   list, part, n, i, at, kind, specs) {
  list = $0
  if (!sub(/^.*"spans":\[/, "", list)) return
  sub(/\].*$/, "", list)
  gsub(/"/, "", list)
  n = split(list, part, ",")
  specs = ""
  for (i = 1; i < n; i += 5) {
    at = range(part[i], part[i + 1], part[i + 2], part[i + 3])
    if (at == "") continue
    kind = part[i + 4] in kind_of ? kind_of[part[i + 4]] : "PostilNamed"
    specs = specs " " at "|" kind " " at "|" face(part[i + 4])
  }
  in_client(client, text, "set-option window postil_ranges " J["version"] specs)
}

# Who said it, behind quotations: `said TEXT CLIENT`; of several in a line by one only once.
function said(   i, at, name, line, last, specs) {
  for (i = 1; ((at = "tags." i) ".label") in J; i++) {
    name = (at ".attributes.speaker") in J ? J[at ".attributes.speaker"] \
      : J[at ".attributes.speaker.name"]
    line = J[at ".span.3"]
    if (name == "" || (at ".depth") in J || J[at ".span.4"] == 1 || line " " name == last) continue
    last = line " " name
    gsub(/[\001-\037\177]/, " ", name)
    specs = specs " " quoted(line "." J[at ".span.4"] "+0|{PostilSpeaker}" markup(" ‹" name "›"))
  }
  in_client(client, text, "set-option window postil_said " J["version"] specs)
}

# Whether a window shows a line of these; J["spans.N.1"] to J["spans.N.3"].
function is_seen(first, last,   i) {
  for (i = 1; ("spans." i ".1") in J; i++)
    if (J["spans." i ".1"] <= last + 0 && J["spans." i ".3"] >= first + 0) return 1
  return 0
}

function look_again(   one, at, view) {
  for (one in looks) {
    split(one, at, SUBSEP)
    split(looks[one], view, " ")
    # A speaker may have another name because of what stands far away.
    if (at[1] == J["text"] && (view[3] != "" || is_seen(view[1], view[2]))) ask("relook " at[1] " " at[2])
  }
}

# Faults in a window: `faults TEXT CLIENT`.
function show_faults(   i, at, ranges, flags, last) {
  for (i = 1; ("rows." i ".words") in J && i <= FAULTS; i++) {
    at = range(J["rows." i ".span.1"], J["rows." i ".span.2"], J["rows." i ".span.3"],
      J["rows." i ".span.4"])
    if (at != "") ranges = ranges " " at "|PostilFault"
    if (J["rows." i ".span.1"] != last)
      flags = flags " '" (last = J["rows." i ".span.1"]) "|{PostilFault}!'"
  }
  if (flags == "" && faults[text, client] == "") return
  faults[text, client] = flags
  in_client(client, text, "set-option window postil_faults " J["version"] ranges \
    "; set-option window postil_flags " J["version"] flags)
}

# ---- lists ---------------------------------------------------------------------------------------

# A list waits until all is tagged.
function is_early() {
  if (J["done"] != "false") return 0
  waiting[text] = waiting[text] id "\n"
  say(client, "Information", kind ": the list comes when all is tagged")
  return 1
}

function show_list(   name, i, file, at, words) {
  if (is_early()) return
  name = line_of(dir "/" text ".name")
  file = dir "/list"
  printf "" >file
  for (i = 1; (at = (kind == "list" ? "tags." : "rows.") i) ".span.1" in J; i++) {
    words = J[at ".words"]
    if (kind == "list") words = J[at ".label"] (at ".name" in J ? ": " J[at ".name"] : "")
    printf "%s:%d:%d: %s\n", name, J[at ".span.1"], J[at ".span.2"], words >file
  }
  close(file)
  if (i == 1) say(client, "Information", kind ": there is none")
  else open_list(client, file, i - 1)
}

function open_list(client, file, n) {
  kak("try %{ evaluate-commands -client " client " " quoted("postil-open-list " quoted(file)) " }")
}

function after_done(   i, n, line) {
  n = split(waiting[J["text"]], line, "\n")
  delete waiting[J["text"]]
  for (i = 1; i < n; i++) ask(line[i])
}

# ---- what waits ----------------------------------------------------------------------------------

# Hands over what the one that waits is to do.
function reply(number, commands,   file) {
  file = dir "/reply." number
  print commands >file
  close(file)
  print number >(dir "/reply")
  fflush(dir "/reply")
}

# One of the selections: place TEXT CLIENT NUMBER I TOTAL VERB COUNT MODE FLAGS ANCHOR CURSOR.
function place(error,   at, span, i) {
  if (word[5] == 1) moved = moved_back = reason = ""
  if (error != "") reason = error
  at = "span"
  if (word[7] == "at") {
    for (i = word[8] < 1 ? 1 : word[8] + 0; i > 1 && !(("tags." i ".label") in J); i--) ;
    at = "tags." i (word[10] ~ /inner/ ? ".inner" : ".span")
  }
  if (!((at ".1") in J)) {
    if (reason == "") reason = "words" in J ? J["words"] : "nothing is tagged here"
  } else if (word[10] ~ /to_begin/ && word[10] !~ /to_end/) {
    span = word[9] == "extend" ? word[11] : word[12]
    moved_back = moved_back " " span "," J[at ".1"] "." J[at ".2"]
  } else {
    span = J[at ".1"] "." J[at ".2"]
    if (word[9] == "extend") span = word[11]
    else if (word[10] ~ /to_end/ && word[10] !~ /to_begin/) span = word[12]
    moved = moved " " span "," J[at ".3"] "." J[at ".4"]
  }
  if (word[5] < word[6]) return
  if (moved != "") reply(word[4], "select" moved "; execute-keys H")
  else if (moved_back != "") reply(word[4], "select" moved_back)
  else reply(word[4], "fail " quoted("postil: " reason))
}

# fix TEXT CLIENT NUMBER
function fix(   i, at, commands) {
  if (J["done"] == "false") {
    reply(word[4], "fail 'postil: not all is tagged yet; try again'")
    return
  }
  for (i = 1; ((at = "edits." i) ".content") in J; i++) {
    commands = commands "select " J[at ".span.1"] "." J[at ".span.2"] "," \
      J[at ".span.3"] "." J[at ".span.4"] "\nset-register dquote " quoted(J[at ".content"]) "\n"
    if (J[at ".span.1"] == J[at ".span.3"] && J[at ".span.2"] == J[at ".span.4"])
      commands = commands "execute-keys P\n"
    else commands = commands "execute-keys H" (J[at ".content"] == "" ? "<a-d>" : "R") "\n"
  }
  if (i > 1) commands = "evaluate-commands -draft -save-regs '\"' " quoted(commands) "\n"
  reply(word[4], commands "echo -markup " quoted("{Information}postil: " i - 1 \
    (i == 2 ? " repair, " : " repairs, ") J["left"] " left"))
}

# ---- what is told --------------------------------------------------------------------------------

function lines_of(   i, s) {
  for (i = 1; ("lines." i) in J; i++) s = s (i > 1 ? "\n" : "") J["lines." i]
  return s
}

# A box at the cursor, `hover TEXT CLIENT PLACE`; of `why` also the way to the rule.
function show_box(   s, commands) {
  s = lines_of()
  if (s == "") s = "nothing is tagged here, and nothing came near"
  commands = "info -title postil -anchor " word[4] " -- " quoted(s)
  if (kind == "why" && word[5] == "jump") {
    if (!("place.file" in J)) {
      fail(client, "no rule of a file of yours is named here")
      return
    }
    commands = "edit -existing " quoted(J["place.file"]) " " J["place.line"]
  }
  in_client(client, text, commands)
}

# The name of what stands at a place, to be found: `named TEXT CLIENT PLACE`.
function find_named(   i) {
  for (i = 1; (("tags." i ".label") in J) && (J["tags." i ".label"] in kind_of); i++) ;
  if (!(("tags." i ".label") in J)) fail(client, "nothing is named here; say which name")
  else if (("tags." i ".name") in J) ask("find " text " " client " " J["tags." i ".name"])
  else in_client(client, text, "postil-find-span " J["tags." i ".span.1"] "." \
    J["tags." i ".span.2"] "," J["tags." i ".span.3"] "." J["tags." i ".span.4"])
}

# complete TEXT CLIENT PLACE PREFIX
function complete(   i, s, words) {
  s = quoted(word[4] "+" (length(id) - length("complete    " text client word[4])) "@" J["version"])
  for (i = 1; ("names." i ".words") in J && i <= 50; i++) {
    words = J["names." i ".words"]
    gsub(/[\\|]/, "\\\\&", words)
    s = s " " quoted(words "||" words " {MenuInfo}" J["names." i ".label"])
  }
  in_client(client, text, "set-option window postil_completions " s)
}

# Those of the text's rules, to be completed.
function labels(   i, list) {
  for (i = 1; ("labels." i) in J; i++) list = list " " J["labels." i]
  in_buffer(text, "set-option buffer postil_labels" list)
}

function rule_file(   path) {
  path = J["path"]
  if (path == "")
    fail(client, "this buffer has no file beside which rules could be, or named its rules")
  else if (word[4] == "trust" && !("untrusted" in J))
    fail(client, "there is nothing that is not trusted")
  else in_client(client, text, (word[4] == "trust" ? "postil-ask-trust " : "edit ") quoted(path))
}

# Rules were loaded anew, or could not be: marks on the lines of their files, and a list.
function rules_event(   i, at, file, list, flags, one, client) {
  client = last_client[J["text"]]
  list = dir "/errors.list"
  printf "" >list
  for (i = 1; ((at = "errors." i) ".message") in J; i++) {
    file = J[at ".file"]
    if (!index(flags[file], " '" J[at ".line"] "|"))
      flags[file] = flags[file] " '" J[at ".line"] "|{PostilFault}!'"
    printf "%s:%d:%d: %s\n", file, J[at ".line"], (at ".column") in J ? J[at ".column"] : 1,
      J[at ".message"] >list
  }
  close(list)
  for (one in flagged) if (!(one in flags)) flag_lines(one, "")
  split("", flagged)
  for (one in flags) {
    flagged[one] = 1
    flag_lines(one, flags[one])
  }
  ask("labels " J["text"] " -")
  if ("message" in J) fail(client, J["message"] (i > 1 ? " (postil-errors lists it)" : ""))
  else say(client, "Information", "sum.new" in J ? "+" J["sum.new"] " -" J["sum.gone"] ", " \
    J["sum.changed"] " changed" : "the rules are loaded anew")
}

function flag_lines(file, flags) {
  kak("try %{ evaluate-commands -buffer " quoted(file) " %{ postil-flag-lines" flags " } }")
}

# ---- lines ---------------------------------------------------------------------------------------

function answered() {
  if (kind == "look") {
    looks[text, client] = word[4] " " word[5] " " word[6]
    last_client[text] = client
    paint()
  } else if (kind == "open") {
    ask("opened " text " - " word[4])
    if (client != "-" || !(text in last_client)) last_client[text] = client
    ask("labels " text " -")
    if ("untrusted" in J) say(client, "Information", J["untrusted"])
    if ("broken" in J) fail(client, J["broken"])
  } else if (kind == "faults") show_faults()
  else if (index(LIST, " " kind " ")) show_list()
  else if (kind == "place") place("")
  else if (kind == "fix") fix()
  else if (kind == "hover" || kind == "why") show_box()
  else if (kind == "named") find_named()
  else if (kind == "complete") complete()
  else if (kind == "labels") labels()
  else if (kind == "said") said()
  else if (kind == "rules") rule_file()
  else if (kind == "term" || kind == "pin")
    say(client, "Information", J["path"] ":" J["line"] ": " J["statement"])
  else if (kind == "trust") say(client, "Information", J["path"] " is trusted")
  else if (kind == "quit") over = 1
}

function refused() {
  if ("resync" in J) ask("again " text " -")
  if (kind == "place") place(J["error"])
  else if (kind == "fix") reply(word[4], "fail " quoted("postil: " J["error"]))
  else if (kind == "open") {
    ask("opened " text " - " word[4])
    in_buffer(text, "postil-off")
    fail(client, J["error"])
  } else if (kind !~ /^(look|said|faults|labels|edit|complete|close)$/) fail(client, J["error"])
}

/^\{"event":"changed"/ { parse($0); look_again(); next }
/^\{"event":"done"/ { parse($0); after_done(); next }
/^\{"event":"rules"/ { parse($0); rules_event(); next }
/^\{"event":"failed"/ { parse($0); fail(last_client[J["text"]], J["message"]); next }
{
  if (/^\{"id":"look /) { # long, and read by paint() itself
    s = $0
    sub(/,"spans":.*/, "}", s)
    parse(s)
  } else parse($0)
  id = J["id"]
  split("", word)
  split(id, word, " ")
  kind = word[1]
  text = word[2]
  client = word[3]
  if ("error" in J) refused()
  else answered()
}

END {
  print "ended" >(dir "/reply")
  ask("quit - -")
  if (!over) kak("postil-lost " quoted(line_of(dir "/errors")))
}
