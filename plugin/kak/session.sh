#!/bin/sh
# session.sh - what stands between one session of Kakoune and one `postil serve`; postil.kak starts it.
#
#   session.sh DIR SESSION COMMAND MOST 3<>DIR/requests 4<>DIR/reply
#
# It is a pipe of three: requests, lines that Kakoune writes into the fifo DIR/requests, become JSON
# here; `postil serve` answers them; answers.awk makes commands of the answers and hands them to the
# session by `kak -p`.  So nothing but short lines is ever waited for in Kakoune.
#
# A request is KIND TEXT CLIENT WORDS; the whole line is the id of what is asked, so that the answer
# says itself what to do with it.  TEXT is a number, CLIENT a name of Kakoune's.  What is long lies in
# files:
#   DIR/TEXT.STAMP   a text as it was at %val{timestamp}, written by Kakoune, taken away here
#   DIR/TEXT.text    the text that postil has    DIR/TEXT.path  DIR/TEXT.rules  of `open`
#   DIR/TEXT.name    its buffer                  DIR/selections of `place`
#   DIR/shown        the rule file that somebody is asked to trust
set -u
trap '' HUP INT # of the terminal: this ends when Kakoune says so
LC_ALL=C
export LC_ALL
dir=$1 session=$2 command=$3 most=$4
folder=$(dirname "$0")
HUNKS=300 # of a difference; a text that differs more is handed over as a whole

# Bytes as they stand in a string of JSON.
escape='
  function json(line,   i) {
    gsub(/[\\"]/, "\\\\&", line)
    if (line ~ /[\001-\037]/)
      for (i = 1; i < 32; i++) gsub(sprintf("%c", i), sprintf("\\\\u%04x", i), line)
    return line
  }'
json() { printf '%s\n' "$1" | awk "$escape"'{ printf "%s", json($0) }'; }
json_lines() { awk "$escape"'{ printf "%s\\n", json($0) }' "$1"; } # FILE

# Has a client do something, if it is still there.
tell() { # CLIENT COMMAND
  printf "try %%{ evaluate-commands -client %s %%{ %s } }\n" "$1" "$2" | kak -p "$session"
}

# A request about a text: its verb, and more members if it has any.
ask() { # VERB [MEMBERS]
  printf '{"id":"%s","do":"%s","text":"%s"%s}\n' "$id" "$1" "$text" "${2-}"
}

# --- texts

open_text() { # STAMP
  printf '{"id":"open %s %s","do":"open","text":"%s","version":%s' "$text" "$client" "$text" "$1"
  path=$(cat "$dir/$text.path")
  [ -z "$path" ] || printf ',"path":"%s"' "$(json "$path")"
  if [ -s "$dir/$text.rules" ]; then
    printf ',"rules":['
    awk "$escape"'{ printf "%s\"%s\"", (NR > 1 ? "," : ""), json($0) }' "$dir/$text.rules"
    printf ']'
  fi
  printf ',"content":"'
  json_lines "$dir/$text.text"
  printf '"}\n'
}

# Requests that make the old text the new one, from the bottom up; 3: they would be too many.
differing() { # STAMP SIZE OLD NEW
  diff "$3" "$4" | awk -v text="$text" -v stamp="$1" -v size="$2" -v most="$HUNKS" "$escape"'
    /^[0-9]/ {
      if (++n > most) { n = 0; status = 3; exit }
      verb = $0
      gsub(/[0-9,]/, "", verb)
      split($0, side, verb)
      if (split(side[1], line, ",") < 2) line[2] = line[1]
      first[n] = verb == "a" ? line[1] + 1 : line[1]
      last[n] = line[2]
    }
    /^>/ { content[n] = content[n] json(substr($0, 3)) "\\n" }
    END {
      # The same text is another version, too.
      if (!n && !status) { first[n = 1] = 1; last[1] = 0 }
      for (i = n; i > 0; i--)
        printf "{\"id\":\"lines %s -\",\"do\":\"lines\",\"text\":\"%s\",\"version\":%s,\"first\":%d,\"last\":%d%s,\"content\":\"%s\"}\n",
          text, text, stamp, first[i], last[i], i == 1 ? ",\"size\":" size : "", content[i]
      exit status
    }'
}

# Whether Kakoune has written a later state of the text by now.
is_old() { # STAMP
  for later in "$dir/$text".[0-9]*; do
    [ "${later##*.}" -le "$1" ] || return 0
  done
  return 1
}

# Takes a text that Kakoune has written.
take_text() { # STAMP
  [ -e "$dir/$text.$1" ] || return 0
  if is_old "$1"; then
    rm -f "$dir/$text.$1"
    return 0
  fi
  # A zero would end a line of awk; it is a control like others to postil.
  tr '\000' '\001' <"$dir/$text.$1" >"$dir/new"
  rm -f "$dir/$text.$1"
  size=$(($(wc -c <"$dir/new")))
  if [ "$size" -gt "$most" ]; then
    tell "$client" "postil-for-$text postil-off
      echo -markup {Error}postil: the buffer has $size bytes; postil_max_size is $most"
    return 0
  fi
  if [ -e "$dir/$text.text" ] && differing "$1" "$size" "$dir/$text.text" "$dir/new"; then
    mv -f "$dir/new" "$dir/$text.text"
  else
    mv -f "$dir/new" "$dir/$text.text"
    open_text "$1"
  fi
  echo "$1" >"$dir/$text.stamp"
}

# --- places; Kakoune names a character by its first byte

# The place behind the character at LINE.COLUMN, as ,LINE,COLUMN.
behind() { # TEXT LINE.COLUMN
  awk -v line="${2%.*}" -v column="${2#*.}" 'NR == line {
    if (column > length($0)) { line++; column = 0 }
    else while (substr($0, column + 1, 1) ~ /[\200-\277]/) column++
    printf ",%d,%d", line, column + 1
    exit
  }' "$dir/$1.text"
}

# One request for each selection: ANCHOR,CURSOR a line.
ask_places() { # NUMBER VERB LABEL COUNT MODE FLAGS
  number=$1 verb=$2 label=$3 count=$4 mode=$5 flags=$6
  members=
  [ "$label" = - ] || members=",\"label\":\"$(json "$label")\""
  case $verb in
    next | previous) members="$members,\"count\":$count" ;;
    at) members="$members,\"inner\":true" ;;
  esac
  total=$(($(wc -l <"$dir/selections")))
  i=0
  while IFS=, read -r anchor cursor; do
    i=$((i + 1))
    id="place $text $client $number $i $total $verb $count $mode $flags $anchor $cursor"
    at=$cursor
    [ "$verb" = at ] || [ "$mode" = extend ] || at=$(earlier "$anchor" "$cursor")
    ask "$verb" ",\"at\":[${at%.*},${at#*.}]$members"
  done <"$dir/selections"
}

earlier() { # PLACE PLACE
  if [ "${1%.*}" -lt "${2%.*}" ] || { [ "${1%.*}" -eq "${2%.*}" ] && [ "${1#*.}" -lt "${2#*.}" ]; }; then
    echo "$1"
  else
    echo "$2"
  fi
}

# --- requests

# What a window shows; it is kept, to be asked for again when it has changed.
look() { # FIRST LAST
  echo "$*" >"$dir/$text.look-$client"
  ask faces ",\"span\":[$1,1,$(($2 + 1)),1]"
}

# shellcheck disable=SC2086  # words are meant to be split
request() {
  id="$kind $text $client${rest:+ $rest}"
  case $kind in
    text) take_text "$rest" ;;
    look) look $rest ;;
    relook)
      rest=$(cat "$dir/$text.look-$client")
      id="look $text $client $rest"
      look $rest
      ;;
    again) [ ! -e "$dir/$text.text" ] || open_text "$(cat "$dir/$text.stamp")" ;;
    who | quotes | check | rules) ask "$kind" ;;
    faults) ask check ;;
    names) ask names "${rest:+,\"label\":\"$(json "$rest")\"}" ;;
    list) ask tags "${rest:+,\"labels\":[\"$(json "$rest")\"]}" ;;
    find)
      id=$(json "$id")
      ask find ",\"name\":\"$(json "$rest")\""
      ;;
    named | hover | why)
      at=${rest%% *}
      [ "$kind" != named ] || kind='at'
      ask "$kind" ",\"at\":[${at%.*},${at#*.}]"
      ;;
    complete)
      id=$(json "$id")
      ask complete ",\"prefix\":\"$(json "${rest#* }")\""
      ;;
    term)
      id="term $text $client"
      ask term ",\"label\":\"$(json "${rest%% *}")\",\"words\":\"$(json "${rest#* }")\""
      ;;
    pin)
      set -- $rest
      ask pin ",\"label\":\"$(json "$1")\",\"span\":[${2%.*},${2#*.}$(behind "$text" "$3")]"
      ;;
    place) ask_places $rest ;;
    fix)
      set -- $rest
      [ "${2-}" != all ] || set -- "$1" ',"all":true'
      ask fix "${2-}"
      ;;
    trust)
      printf '{"id":"trust %s %s","do":"trust","path":"%s"%s}\n' "$text" "$client" "$(json "$rest")" \
        "$([ ! -e "$dir/shown" ] || printf ',"content":"%s"' "$(json_lines "$dir/shown")")"
      rm -f "$dir/shown"
      ;;
    reload) printf '{"id":"reload %s %s","do":"reload"}\n' "$text" "$client" ;;
    close)
      ask close
      rm -f "$dir/$text".*
      ;;
    quit)
      printf '{"id":"quit - -","do":"quit"}\n'
      exit 0
      ;;
  esac
}

requests() {
  while IFS=' ' read -r kind text client rest <&3; do request; done
}

# Awks read as much as there is, but for mawk, which waits for more.
mawk=
case $(awk -W version 2>&1 </dev/null) in *mawk*) mawk='-W interactive' ;; esac

# Both fifos stay open, so that nobody who writes into one waits, or ends.
# shellcheck disable=SC2086  # options are meant to be split
requests | "$command" serve 2>"$dir/errors" 3>&- 4>&- |
  awk $mawk -v dir="$dir" -v session="$session" -f "$folder/answers.awk"
# Kakoune may just be writing into it.
rm -rf "$dir" || { sleep 1; rm -rf "$dir"; }
