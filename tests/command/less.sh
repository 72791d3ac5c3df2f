#!/bin/sh
# less.sh - lesspipe, view and the keys of plugin/less/lesskey in a real less, on the screen of a real
# terminal.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
needs less
unset LESSOPEN LESSCLOSE LESSKEYIN LESSKEY LESSKEY_SYSTEM LESSCHARSET LESSHISTFILE LESSSECURE
key=$top/plugin/less/lesskey
mkdir bin && ln -s "$POSTIL" bin/postil
PATH=$dir/bin:$PATH
export PATH

cat >ferry.txt <<'E2'
Council Drops Plan for a Night Ferry

The town council voted on Monday to drop the night ferry.

“Nobody would have paid for it twice,” said Mayor Edda Falk.

Nils Orre, who owns two boats, was not in the room. “I heard it
from my sister, and she
heard it from a cook,” Orre said later.

The harbour office counted the passengers of a year. Nothing in
that figure was new, and no member of the council asked for it.

There is a school, there is one shop, and there is a chapel with
a roof that lets the rain in. In summer the shop sells bread twice
a day; in winter it shuts at noon.

“A plan is a plan,” Falk said.

The ferry was first spoken of when the old bridge was closed for
repairs, and then it was forgotten, as the bridge was.
E2

on_top() { on_screen "$1" "$2" 1; }

# --- LESSOPEN: the whole screen

sign=$(printf '\342\201\243') name=$(printf '\342\201\244')
without_signs() { sed "s/$sign//g; s/$name//g"; }

opens "LESSOPEN='|postil lesspipe %s' less -R ferry.txt"
on_screen 'less shows a text' '^ferry.txt'
without_signs <shot >plain
is 'the screen' 0 'Council Drops Plan for a Night Ferry

The town council voted on Monday to drop the night ferry.

“Nobody would have paid for it twice,” ‹Edda Falk› said Mayor Edda
 Falk.

Nils Orre, who owns two boats, was not in the room. “I heard it
from my sister, and she
heard it from a cook,” ‹Nils Orre› Orre said later.

ferry.txt' '' cat plain
# A row by itself begins with all that is set.
for row in 7 8 9; do
  screen -e -S $row -E $row >shot
  holds "row $row of the screen: a quotation goes on, italic and green" shot "$esc\\[3m$esc\\[32m[^$esc]*h"
done
screen -e -S 5 -E 5 >shot
lacks 'what is behind one is not' shot "$esc\[3m"

# --- what is no prose is shown as it is

printf '#include "a.h"\n\nint main(void) { return 0; } /* Mr. Bo Lund */\n' >code.c
opens "LESSOPEN='|postil lesspipe %s' less -R code.c"
on_screen 'code' '^code.c'
is 'as it is' 0 '#include "a.h"

int main(void) { return 0; } /* Mr. Bo Lund */' '' sh -c "head -n 3 '$dir/shot'"
opens "LESSOPEN='||postil lesspipe %s' less -R code.c"
on_screen 'code, with two bars' '^int main(void)'
opens "cat code.c | LESSOPEN='|-postil lesspipe %s' less -R"
on_screen 'a pipe of code loses nothing' '^int main(void)'
opens "cat ferry.txt | LESSOPEN='|-postil lesspipe %s' less -R"
on_screen 'a pipe of prose has its speakers' '‹Nils Orre›'
# shellcheck disable=SC2016  # it must not expand
odd='a; b $(touch owned) "c.txt'
cp ferry.txt "$odd"
opens "LESSOPEN='|postil lesspipe %s' less -R a*"
on_screen 'a name with a space and shell signs' '‹Nils Orre›'
that 'nothing of it was run' [ ! -e owned ]

# --- keys

use_keys() { # NAME COMMAND
  opens "$2"
  on_screen "$1: opened" 'Council' || return
  keys ']'
  on_top "$1: ] the first quotation" 'Nobody would have paid'
  keys ']'
  on_top "$1: ] the second" '‹\{0,1\}Nils Orre.*I heard it'
  keys ']'
  on_top "$1: ] the third" 'A plan is a plan'
  keys '['
  on_top "$1: [ the second again" 'Nils Orre.*I heard it'
  keys '['
  on_top "$1: [ the first again" 'Nobody would have paid'
  keys '}'
  on_top "$1: } a name" 'Nils Orre'
  keys '}'
  on_top "$1: } the next name" 'heard it from a cook.*Orre said later'
  keys '{'
  on_top "$1: { the name before" 'Nils Orre'
  keys ']'
  on_top "$1: ] the last" 'A plan is a plan'
  keys ']'
  on_screen "$1: ] behind the last" 'Pattern not found'
  keys Enter q
  on_screen "$1: left" '^status 0'
}
if less --lesskey-src="$key" --version >/dev/null 2>&1; then
  use_keys 'lesspipe' "LESSOPEN='|postil lesspipe %s' less -R --lesskey-src='$key' ferry.txt"
  use_keys 'view' "LESSKEYIN='$key' TERM=screen postil view ferry.txt"
else
  echo 'skipped: this less knows no --lesskey-src'
fi
if command -v lesskey >/dev/null && lesskey -o compiled "$key" >/dev/null 2>&1; then
  opens "LESSOPEN='|postil lesspipe %s' less -R -k compiled ferry.txt"
  on_screen 'compiled keys: opened' '^ferry.txt'
  keys ']' ']'
  on_top 'compiled keys' 'I heard it'
fi

# --- view

head -n 5 ferry.txt >short.txt
opens 'postil view short.txt'
on_screen 'what fits on the screen needs no pager' '^status 0'
opens 'postil view --paging always short.txt'
on_screen 'unless it always has to be' '(END)'
lacks 'it is still there' shot '^status'
keys q
on_screen 'until it is left' '^status 0'

# --- nothing in a text or a name reaches the terminal

printf 'They saw Mr. Bo Lund there, and went\033]2;own\007 home \302\233 again.\n' >evil.txt
opens "postil view --paging always evil.txt '$(printf 'no\033]2;own\007pe')'; postil lesspipe evil.txt"
on_screen 'controls are shown' '\^\[]2;own^G home <U+009B> again'
that 'the title is not set' [ "$(terminal display-message -p '#{pane_title}')" != own ]
finish
