#!/bin/sh
# session.sh - what stands between one session of Kakoune and one `postil serve`.
#
# postil.kak starts it:
#
#   session.sh DIR SESSION COMMAND MOST PID 3<>DIR/requests 4<>DIR/reply
#
# It is a pipe of three: requests, lines that Kakoune writes into the fifo DIR/requests, become JSON
# here; `postil serve` answers them; answers.awk makes commands of the answers and hands them to the
# session by `kak -p`.  So nothing but short lines is ever waited for in Kakoune.
#
# A request is KIND TEXT CLIENT WORDS; the whole line is the id of what is asked, so that the answer
# says itself what to do with it.  TEXT is a number, CLIENT a name of Kakoune's.  What is long lies
# in files:
#   DIR/TEXT.N.now      the state of a text when it was written for the Nth time: what edits.awk reads
#   DIR/TEXT.N.history  its history, if that is needed
#   DIR/TEXT.N          or all of it
#   DIR/TEXT.base       the state that postil has
#   DIR/TEXT.path  DIR/TEXT.rules  of `open`
#   DIR/TEXT.name  its buffer     DIR/selections  of `place`
#   DIR/shown      the rule file that somebody is asked to trust
set -u
trap '' HUP INT # of the terminal: this ends when Kakoune says so
LC_ALL=C
export LC_ALL
dir=$1 session=$2 command=$3 most=$4 kakoune=$5
folder=$(dirname "$0")
HISTORY=131072 # bytes, or an eighth of the text: with a history of more the whole text is cheaper
WATCH=5 # seconds between two looks whether Kakoune still runs

escape=$(cat "$folder/json.awk")
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

open_text() { # N VERSION
  printf '{"id":"open %s %s %s","do":"open","text":"%s","version":%s,"file":"%s"' \
    "$text" "$client" "$1" "$text" "$2" "$(json "$dir/$text.$1")"
  path=$(cat "$dir/$text.path")
  [ -z "$path" ] || printf ',"path":"%s"' "$(json "$path")"
  if [ -s "$dir/$text.rules" ]; then
    printf ',"rules":['
    awk "$escape"'{ printf "%s\"%s\"", (NR > 1 ? "," : ""), json($0) }' "$dir/$text.rules"
    printf ']'
  fi
  printf '}\n'
}

in_buffer() { # COMMAND
  printf 'evaluate-commands -buffer * %%{ try %%{ postil-for-%s %%{ %s } } }\n' "$text" "$1" |
    kak -p "$session"
}

# What was done to the text since the state that postil has; 3: it cannot be told.
tell_edits() { # N
  for part in now history; do
    rm -f "$dir/$part"
    # A zero would end a line of awk; it is a control like others to postil.
    [ ! -e "$dir/$text.$1.$part" ] || tr '\000' '\001' <"$dir/$text.$1.$part" >"$dir/$part"
  done
  set -- "$dir/$text.base" "$dir/now"
  [ ! -e "$dir/history" ] || set -- "$@" "$dir/history"
  awk -v text="$text" -f "$folder/json.awk" -f "$folder/edits.awk" "$@"
}

# A history grows on; where it has become dear it is not asked for again.
spare_history() { # SIZE
  [ -e "$dir/history" ] || return 0
  long=$(($1 / 8))
  [ "$long" -gt "$HISTORY" ] || long=$HISTORY
  [ $(($(wc -c <"$dir/history"))) -le "$long" ] ||
    in_buffer 'alias buffer postil-by-history postil-write-whole'
}

# Takes a state of a text that Kakoune has written.
take_text() { # N
  state=$dir/$text.$1.now
  [ -e "$state" ] || return 0
  IFS=\' read -r _ _ _ version _ size _ <"$state"
  size=$((size + 1))
  if [ "$size" -gt "$most" ]; then
    tell "$client" "postil-for-$text postil-off
      echo -markup {Error}postil: the buffer has $size bytes; postil_max_size is $most"
    return 0
  fi
  if [ -e "$dir/$text.$1" ]; then
    open_text "$1" "$version"
  elif [ ! -e "$dir/$text.base" ]; then
    rm -f "$state" # the whole is on its way
  elif tell_edits "$1"; then
    spare_history "$size"
  else
    rm -f "$state" "$dir/$text.base"
    in_buffer postil-start-anew
  fi
  [ ! -e "$state" ] || mv -f "$state" "$dir/$text.base"
  rm -f "$dir/$text.$1.history"
}

# --- places; Kakoune names a character by its first byte

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
  if [ "${1%.*}" -lt "${2%.*}" ] ||
    { [ "${1%.*}" -eq "${2%.*}" ] && [ "${1#*.}" -lt "${2#*.}" ]; }; then
    echo "$1"
  else
    echo "$2"
  fi
}

# --- requests

# What a window shows; it is kept, to be asked for again when it has changed.
look() { # FIRST LAST [speakers]
  echo "$*" >"$dir/$text.look-$client"
  span="\"span\":[$1,1,$(($2 + 1)),1]"
  ask faces ",$span"
  id="faults $text $client"
  ask check ",$span"
  [ $# = 3 ] || return 0
  id="said $text $client"
  ask tags ",$span,\"labels\":[\"quote\"]"
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
    again) in_buffer postil-start-anew ;;
    opened) rm -f "$dir/$text.$rest" ;;
    who | quotes | check | rules | labels) ask "$kind" ;;
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
      ask pin ",\"label\":\"$(json "$1")\",\"span\":[${2%.*},${2#*.},${3%.*},${3#*.}]"
      ;;
    place) ask_places $rest ;;
    fix)
      set -- $rest
      [ "${2-}" != all ] || set -- "$1" ',"all":true'
      ask fix "${2-}"
      ;;
    trust)
      content=
      [ ! -e "$dir/shown" ] || content=",\"content\":\"$(json_lines "$dir/shown")\""
      printf '{"id":"trust %s %s","do":"trust","path":"%s"%s}\n' \
        "$text" "$client" "$(json "$rest")" "$content"
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

# Kakoune may be gone without a word; its first process goes, too, when others of its clients stay.
watch() {
  while sleep "$WATCH"; do
    kill -0 "$kakoune" 2>/dev/null || echo nop | kak -p "$session" || break
  done
  echo 'quit - -' >&3
}

# Awks read as much as there is, but for mawk, which waits for more.
mawk=
case $(awk -W version 2>&1 </dev/null) in *mawk*) mawk='-W interactive' ;; esac

# Both fifos stay open, so that nobody who writes into one waits, or ends.
watch 4>&- &
# shellcheck disable=SC2086  # options are meant to be split
requests | "$command" serve 2>"$dir/errors" 3>&- 4>&- |
  awk $mawk -v dir="$dir" -v session="$session" -f "$folder/answers.awk"
kill $!
# Kakoune may just be writing into it.
rm -rf "$dir" || { sleep 1; rm -rf "$dir"; }
