#!/bin/sh
# watch.sh - postil tag --watch: what it writes when texts and rules are saved, however they are.
#
# The command runs in the background and its output, both streams, is read line by line from a pipe:
# `next` waits for a line and compares it.  What should not be written would be the next line.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

mkfifo pipe
pid=

# start ARGUMENT...: the command, its output at descriptor 3.
start() {
  "$POSTIL" tag --watch "$@" >pipe 2>&1 </dev/null &
  pid=$!
  exec 3<pipe
}

# next NAME LINE: the next line must be so, as a `case` pattern; else nothing more can be told.  What
# an error shows of the source, indented lines, is left out.
next() {
  line='      '
  while case $line in '     '*) ;; *) false ;; esac; do IFS= read -r line <&3 || line='(the end)'; done
  # shellcheck disable=SC2254  # a pattern is wanted
  case $line in
    $2) ok ;;
    *)
      bad "$1" "wrote: $line
not:   $2"
      kill "$pid"
      finish
      exit 1
      ;;
  esac
}

# stop NAME: the reader goes away, and the command ends by itself and well.
stop() {
  exec 3<&-
  wait "$pid"
  that "$1" [ $? = 0 ]
}

rules() { printf '%s\n' "$@" >rules.lua; }
rules 'tag.ship { "HMS <cap>", yes = "the [HMS Wren] sank" }'
printf 'The HMS Dove left.\nThe HMS Wren did not.\n' >a.txt
printf 'Nothing.\n' >b.txt

all() { # HOW: with inotify or by looking
  start "$@" --rules rules.lua a.txt b.txt
  next "$1: the tags first" 'a.txt:1:5: ship: HMS Dove'
  next "$1: all of them" 'a.txt:2:5: ship: HMS Wren'

  # A text is written in place, replaced, moved away and written anew as vim does, appended to.
  printf 'The HMS Dove left.\nWell. The HMS Wren did not.\nHMS Tern\n' >a.txt
  next "$1: a text written in place" 'a.txt:3:1: + ship: HMS Tern'
  next "$1: how many" '+1 -0 ~0'
  printf 'The HMS Gull and HMS Dove left.\n\nThe HMS Wren did not.\nHMS Tern\n' >new
  mv new a.txt
  next "$1: a text that is replaced" 'a.txt:1:5: + ship: HMS Gull'
  next "$1: how many then" '+1 -0 ~0'
  mv a.txt a.txt~ && printf 'The HMS Gull left.\n\nThe HMS Wren did not.\nHMS Tern\n' >a.txt && rm a.txt~
  next "$1: a text as an editor saves it" 'a.txt:1:14: - ship: HMS Dove'
  next "$1: how many there" '+0 -1 ~0'
  printf 'HMS Lark\n' >>b.txt
  next "$1: the other text" 'b.txt:2:1: + ship: HMS Lark'
  next "$1: it alone" '+1 -0 ~0'
  printf 'Nothing.\nHMS Loon\n' >b.txt
  next "$1: a name that changes" 'b.txt:2:1: ~ ship: HMS Loon  \[text: HMS Lark -> HMS Loon\]'
  next "$1: is one change" '+0 -0 ~1'

  # Rules: a broken file, one whose test fails, the mended one; nothing is lost between.
  rules '' 'tag.ship "HMS <cap"'
  next "$1: rules that are broken" 'rules.lua:2: *'
  printf 'Nothing.\nHMS Loon, HMS Teal\n' >b.txt
  next "$1: the old rules go on" 'b.txt:2:11: + ship: HMS Teal'
  next "$1: how many with the old rules" '+1 -0 ~0'
  touch rules.lua
  next "$1: what is wrong is said again when they are saved" 'rules.lua:2: *'
  rules 'tag.ship { "HMS <cap>", yes = "the [HMS] Wren" }'
  next "$1: rules whose test fails" 'rules.lua:1: no ship is "HMS"; "HMS Wren" is ship by rules.lua:1'
  rules 'tag.ship { "(HMS|the) <cap>", set = { flag = "GB" }, outside = "bird" }' 'tag.bird { file = "birds" }'
  next "$1: a table is missing" 'rules.lua:2: *there is no table birds *'
  printf 'name\nHMS Tern\n' >birds.tsv
  next "$1: the table is there: attributes" 'a.txt:1:5: ~ ship: HMS Gull  \[flag: -> GB\]'
  next "$1: the table is there: another" 'a.txt:3:5: ~ ship: HMS Wren  \[flag: -> GB\]'
  next "$1: the table is there: gone" 'a.txt:4:1: - ship: HMS Tern'
  next "$1: the table is there: new" 'a.txt:4:1: + bird: HMS Tern'
  next "$1: the table is there: b" 'b.txt:2:1: ~ ship: HMS Loon  \[flag: -> GB\]'
  next "$1: the table is there: b again" 'b.txt:2:11: ~ ship: HMS Teal  \[flag: -> GB\]'
  next "$1: how many of all" '+1 -1 ~4'
  printf 'name\tkind\nHMS Tern\tsea\n' >birds.tsv
  next "$1: a table that changes" 'a.txt:4:1: ~ bird: HMS Tern  \[kind: -> sea\]'
  next "$1: how many in the table" '+0 -0 ~1'
  rules 'tag.ship { "(HMS|the) <cap>", set = { flag = "GB" }, outside = "bird" }' '' 'tag.bird { file = "birds" }'
  next "$1: rules that only moved" '+0 -0 ~0'

  # What is saved without a change, and files that are none of ours.
  touch a.txt rules.lua
  cp b.txt new && mv new b.txt
  echo 'not ours' >c.txt
  rm c.txt
  printf 'Nothing.\nHMS Skua\n' >b.txt
  next "$1: only what changed" 'b.txt:2:1: ~ ship: HMS Skua  \[text: HMS Loon -> HMS Skua\]'
  next "$1: and what is gone" 'b.txt:2:9: - ship: HMS Teal  \[flag=GB\]'
  next "$1: in the end" '+0 -1 ~1'
  rm b.txt
  next "$1: a text that is gone" 'postil: b.txt: No such file or directory'
  printf 'Nothing.\nHMS Skua, HMS Teal\n' >b.txt
  next "$1: and comes back" 'b.txt:2:11: + ship: HMS Teal  \[flag=GB\]'
  next "$1: as it was before" '+1 -0 ~0'
  stop "$1: ends when nobody reads"
}
all --to=lines
rm birds.tsv
rules 'tag.ship { "HMS <cap>", yes = "the [HMS Wren] sank" }'
printf 'The HMS Dove left.\nThe HMS Wren did not.\n' >a.txt
printf 'Nothing.\n' >b.txt
all --poll

# --- rows of a table that are left out: told once for each content of the table

printf 'name\nTern\tsea\nGull\n' >gulls.tsv
echo 'tag.bird { file = "gulls", bad = "skip" }' >gulls.lua
printf 'Gull\n' >sea.txt
start --rules gulls.lua sea.txt
next 'a row is left out' 'postil: gulls.tsv: 1 row skipped, the first in line 2: *'
next 'the others are not' 'sea.txt:1:1: bird: Gull'
printf 'Gull and Skua\n' >sea.txt
next 'another text does not tell it again' '+0 -0 ~0'
echo ' tag.bird { file = "gulls", bad = "skip" }' >gulls.lua
next 'nor do other rules' '+0 -0 ~0'
printf 'name\nTern\tsea\nGull\nSkua\n' >gulls.tsv
next 'another table does' 'postil: gulls.tsv: 1 row skipped, the first in line 2: *'
next 'and has a bird' 'sea.txt:1:10: + bird: Skua'
next 'one bird' '+1 -0 ~0'
stop 'nobody reads of birds any more'
rm gulls.tsv gulls.lua sea.txt

# --- links, other folders, parts

mkdir real pack
printf 'HMS Dove\n' >real/t.txt
ln -s real/t.txt link.txt
echo 'use "pack/part" tag.y "zzz"' >pack/init.lua
echo 'tag.x "HMS"' >pack/part.lua
start --rules ./pack link.txt
next 'through a link' 'link.txt:1:1: x: HMS'
printf 'A HMS Dove\n' >real/new
mv real/new real/t.txt
next 'a text where the link leads' '+0 -0 ~0'
echo 'tag.x "Dove"' >pack/part.lua
next 'a part of a pack' 'link.txt:1:3: - x: HMS'
next 'and its new rule' 'link.txt:1:7: + x: Dove'
next 'how many of the part' '+1 -1 ~0'
mkdir pack/more
echo 'use "pack/more/deep"' >pack/part.lua
next 'a part that is not there' './pack/part.lua:1: use: there is no pack *pack/more/deep*'
echo 'tag.x "<cap"' >pack/more/deep.lua
echo 'use "pack/more/deep" ' >pack/part.lua
next 'a part in a folder that is new' './pack/more/deep.lua:1: *'
echo 'tag.x "A"' >pack/more/deep.lua
next 'is watched there' 'link.txt:1:1: + x: A'
next 'where it was mended' 'link.txt:1:7: - x: Dove'
next 'in the end' '+1 -1 ~0'
kill "$pid"
wait "$pid"
that 'a signal ends it as it ends others' [ $? = 143 ]
exec 3<&-

# --- formats, labels, starts

printf 'HMS Dove and zzz\n' >a.txt
start --to jsonl -e 'tag.y "zzz"' --rules rules.lua --label ship a.txt
next 'json first' '{"id":"a.txt","unit":"byte","tags":\[{"start":0,"end":8,"label":"ship"*'
printf 'HMS Dove, HMS Wren and zzz zzz\n' >a.txt
next 'and its difference' \
  '{"id":"a.txt","unit":"byte","new":\[{"start":10,"end":18,"label":"ship","text":"HMS Wren"}\],"gone":\[\],"changed":\[\]}'
stop 'json ends, too'
rm -f later.txt
rules 'tag.ship { "HMS <cap>", yes = "the HMS [Wren] sank" }'
start --rules rules.lua later.txt
next 'tests that fail at the start' \
  'postil: rules.lua:1: no ship is "Wren"; "HMS Wren" is ship by rules.lua:1'
next 'a text that is not there yet' 'postil: later.txt: No such file or directory'
printf 'HMS Dove\n' >later.txt
next 'comes later' 'later.txt:1:1: + ship: HMS Dove'
next 'all new' '+1 -0 ~0'
printf '\377\376H\0' >later.txt
next 'what is no text' 'postil: later.txt: *UTF-16*'
printf 'HMS Dove, HMS Wren\n' >later.txt
next 'is text again' 'later.txt:1:11: + ship: HMS Wren'
next 'against the last text' '+1 -0 ~0'
rules 'tag.ship { "HMS <cap>", keep = function(m) return m.text .. m.none end }'
next 'a function that fails' 'postil: later.txt: rules.lua:1: *'
next 'changes nothing' '+0 -0 ~0'
rules 'tag.ship "HMS Dove"'
next 'until it is mended' 'later.txt:1:11: - ship: HMS Wren'
next 'and counts from before' '+0 -1 ~0'
stop 'ends'

rules 'tag.ship { "HMS <cap>", keep = function(m) return m.text .. m.none end }'
start --rules rules.lua later.txt
next 'a function that fails at the start' 'postil: later.txt: rules.lua:1: *'
rules 'tag.ship "HMS Wren"'
next 'a text that could not be tagged is tried again' 'later.txt:1:11: + ship: HMS Wren'
next 'as all new' '+1 -0 ~0'
stop 'ends after that'

is 'broken rules at the start' 2 '' 'rules.lua:1: *' \
  sh -c "echo 'tag.x \"<\"' >rules.lua; '$POSTIL' tag --watch --rules rules.lua a.txt"
is 'no file' 2 '' 'postil: --watch waits for files to be saved; standard input is none' "$POSTIL" tag --watch
is 'standard input' 2 '' 'postil: --watch waits for files to be saved; standard input is none' \
  "$POSTIL" tag --watch a.txt -
is 'lines of JSON' 2 '' 'postil: --watch reads texts, not --from jsonl' "$POSTIL" tag --watch --from jsonl a.txt
is 'formats for eyes' 2 '' 'postil: --watch writes lines or jsonl' "$POSTIL" tag --watch --to ansi a.txt
is 'sidecars' 2 '' 'postil: --watch does not go with --sidecar' "$POSTIL" tag --watch --sidecar a.txt
is 'nothing to look at' 2 '' 'postil: --poll is for --watch' "$POSTIL" tag --poll a.txt
is 'other commands' 2 '' 'postil: this command has no option --watch' "$POSTIL" who --watch a.txt

finish
