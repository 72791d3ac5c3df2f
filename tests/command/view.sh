#!/bin/sh
# view.sh - `postil view`: colours and a pager for eyes, the bytes of the text for pipes; and what
# `postil lesspipe` writes, and for what it writes nothing.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

postil() { "$POSTIL" "$@"; }
cat >a.txt <<'E2'
The ferry was late again on Monday, and nobody said why.

“We waited for an hour,” said Mayor Edda Falk. “Then
we went home.”
E2
echo 'tag.ship { "HMS <cap>" }' >rules.lua
printf 'They saw the HMS Wren.\n' >b.txt
article=$top/tests/sample/article.txt
quote_sign=$(printf '\342\201\243') name_sign=$(printf '\342\201\244')

# Takes colours, signs, speakers and faults away again.
strip() {
  LC_ALL=C.UTF-8 sed "s/$esc\\[[0-9;]*m//g; s/$quote_sign//g; s/$name_sign//g; s/‹[a-z]*-[a-z-]*›//g; s/ ‹[^‹›]*›//g"
}

# --- view into a pipe

postil view "$article" a.txt >got
cat "$article" a.txt >wanted
that 'a pipe gets the texts as they are' cmp -s got wanted
is 'a file that is not there' 2 'They saw the HMS Wren.' 'postil: nope.txt: *' postil view nope.txt b.txt
is 'no pager in a pipe' 0 'They saw the HMS Wren.' '' env POSTIL_PAGER='sed s/^/:/' "$POSTIL" view b.txt
is 'unless it always has to be' 0 ':They saw the HMS Wren.' '' \
  env POSTIL_PAGER='sed s/^/:/' "$POSTIL" view --paging always b.txt
is 'colours if asked, no legend, no sign' 0 "They saw the ${esc}[4mHMS Wren${esc}[0m." '' \
  postil view --rules rules.lua --color always b.txt
is 'a legend if asked' 0 "${esc}[4mship${esc}[0m

They saw the ${esc}[4mHMS Wren${esc}[0m." '' postil view --rules rules.lua --color always --legend b.txt
is 'several under their names' 0 "${esc}[35m── b.txt ──${esc}[0m
They saw the ${esc}[4mHMS Wren${esc}[0m.

${esc}[35m── b.txt ──${esc}[0m
They saw the ${esc}[4mHMS Wren${esc}[0m." '' postil view --rules rules.lua --color always b.txt b.txt
is '-e and --label' 0 "They ${esc}[4msaw${esc}[0m the HMS Wren." '' \
  postil view --rules rules.lua -e 'tag.verb "saw"' --label verb --color always b.txt
is 'a label that no rule gives' 2 '' '*no rule gives this label*' postil view --label shp b.txt
is 'an unknown way of paging' 2 '' '*--paging sometimes: must be auto, always, never*' \
  postil view --paging sometimes b.txt
postil view --color always "$article" | strip >got
that 'the text is left when what was added is taken away' cmp -s got "$article"

# --- view on a terminal

if command -v script >/dev/null; then
  view="'$POSTIL' view --rules rules.lua"
  tty "$view b.txt"
  holds 'colours on a terminal' out "$esc\\[4mHMS Wren"
  lacks 'a legend only if asked for' out "^$esc\\[4mship"
  tty "NO_COLOR=1 $view b.txt"
  lacks 'NO_COLOR' out "$esc"
  tty "POSTIL_PAGER='sed s/^/:/' $view b.txt"
  lacks 'what fits is not paged' out '^:'
  tty "POSTIL_PAGER='sed s/^/:/' $view --paging always b.txt"
  holds '--paging always' out '^:They'
  repeat 40 b.txt >long.txt
  tty "POSTIL_PAGER='sed s/^/:/' $view long.txt"
  holds 'what does not fit is paged' out '^:They'
  lacks 'no signs for another pager than less' out "$name_sign"
  tty "POSTIL_PAGER='sed s/^/:/' $view --paging never long.txt"
  lacks '--paging never' out '^:'
  name=$(printf 'e\033]0;own\007\302\233\342\200\256vil.txt')
  printf 'HMS Wren \033]52;c;AAAA\007 \302\233\1772J\342\200\256 \233 here.\n' >"$name"
  for color in always never; do
    tty "$view --color $color '$name' b.txt nope-'$name'"
    lacks "no OSC of a text, a name or a message ($color)" out "$esc]"
    lacks "no C1 ($color)" out "$(printf '\302\233')"
    lacks "no bidi control ($color)" out "$(printf '\342\200\256')"
    lacks "no DEL or BEL ($color)" out "$(printf '[\177\007]')"
    holds "but what they are ($color)" out '<U+202E>'
  done
fi

# --- lesspipe: what it writes

pipe() { postil lesspipe "$@"; }
pipe a.txt >out || bad 'a text' "status $?"
holds 'a quotation has its sign and colour' out "^$quote_sign$esc\\[3;32m.*We waited"
holds 'a name has the other' out "$name_sign$esc\\[[0-9;]*mEdda Falk$esc"
that 'as many lines as the text' [ "$(wc -l <out)" = "$(wc -l <a.txt)" ]
strip <out >got
that 'the text is left' cmp -s got a.txt
pipe "$article" | awk -v esc="$esc" '{
  open = 0
  while (match($0, esc "\\[[0-9;]*m")) {
    open = substr($0, RSTART + 2, RLENGTH - 3) != "0"
    $0 = substr($0, RSTART + RLENGTH)
  }
  if (open) print NR
}' >out
is 'no colour is open at the end of a line' 0 '' '' cat "$dir/out"
NO_COLOR=1 pipe a.txt >out
lacks 'NO_COLOR' out "$esc"
printf 'They saw %sHMS Wren%s and they went home.\n' "$quote_sign" "$name_sign" >signs.txt
pipe --rules rules.lua --color never signs.txt >out
is 'a sign in the text is shown, not sent' 0 \
  "They saw <U+2063>${name_sign}HMS Wren<U+2064> and they went home." '' \
  postil lesspipe --rules rules.lua --color never signs.txt
printf 'They saw the HMS Wren and they went home\302\233.\n' >c1.txt
is 'C1' 0 "They saw the ${name_sign}HMS Wren and they went home<U+009B>." '' \
  postil lesspipe --rules rules.lua --color never c1.txt

# --- lesspipe: for what it writes nothing

nothing() { is "nothing for $1" 1 '' '' postil lesspipe "$2"; }
mkdir folder.txt
printf 'They saw Bo Lund.\000\001' >zero.txt
printf 'They saw \033[31mMr. Bo Lund\033[0m and went.\n' >esc.txt
printf 'They saw Mr. Bo Lund at the caf\351 and went.\n' >latin1.txt
cp a.txt a.c
cp "$top/core/doc.c" source
cp "$top/tests/run" script
cp "$top/Makefile" Makefile
printf '{"id": 1, "text": "They saw Mr. Bo Lund there."}\n' >data
printf 'they saw it and went home again.\n' >plain.txt
: >empty.txt
i=0
while [ $i -lt 7000 ]; do
  echo 'They saw Mr. Bo Lund, and they went home again without him; nobody said a word about it, nor asked why, nor when, nor how.'
  i=$((i + 1))
done >part.txt
cat part.txt part.txt >large.txt
nothing 'a file that is not there' nope.txt
nothing 'a folder' folder.txt
nothing 'a device' /dev/null
nothing 'a binary' zero.txt
nothing 'a text with escapes' esc.txt
nothing 'a text that is no UTF-8' latin1.txt
nothing 'an ending that is none of a text' a.c
nothing 'a source file' source
nothing 'a script' script
nothing 'a Makefile' Makefile
nothing 'JSON' data
nothing 'an empty file' empty.txt
nothing 'a text with nothing to mark' plain.txt
nothing 'a text above 1 MiB' large.txt
mkfifo pipe.txt
nothing 'a FIFO, without waiting for it' pipe.txt
if [ "$(id -u)" != 0 ]; then
  cp a.txt secret.txt && chmod 0 secret.txt
  nothing 'a text that may not be read' secret.txt
fi
is 'rules that do not load' 1 '' '' postil lesspipe --rules nope.lua a.txt
is 'two files' 2 '' 'postil: lesspipe needs one FILE*' postil lesspipe a.txt b.txt

# --- lesspipe: a pipe

pipe - <a.txt >out
holds 'a pipe of prose' out "^$quote_sign$esc\\[3;32m.*We waited"
for file in zero.txt esc.txt latin1.txt source data empty.txt plain.txt large.txt; do
  pipe - <"$file" >got 2>err || bad "a pipe of $file" "status $?"
  that "a pipe of $file is passed on" cmp -s got "$file"
done
pipe --rules nope.lua - <a.txt >got
that 'a pipe is passed on when rules do not load' cmp -s got a.txt
# What is passed on is not held back: the second line is written only when the first has arrived.
mkfifo in back
(printf 'a\001\n'; read -r line <back; printf '%s again\n' "$line") >in &
pipe - <in | { read -r line; printf '%s\n' "$line" >back; cat; } >got
wait
is 'as it comes' 0 "$(printf 'a\001 again')" '' cat "$dir/got"
finish
