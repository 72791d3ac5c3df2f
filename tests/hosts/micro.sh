#!/bin/sh
# micro.sh - postil in micro, on the screen of a real terminal: messages in the gutter, lists, repairs.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
needs micro
PATIENCE=60 COLUMNS=80

unset XDG_CONFIG_HOME MICRO_CONFIG_HOME
mkdir -p config/plug bin "$dir/tmp"
ln -s "$top/plugin/micro" config/plug/postil
ln -s "$POSTIL" bin/postil
PATH=$dir/bin:$PATH TMPDIR=$dir/tmp
export TMPDIR

cat >ferry.txt <<'E2'
Council Drops Plan for a Night Ferry

The town council voted on Monday to drop it.

”“Nobody would pay twice,” said Mayor Edda Falk.
Nils Orre was not there. “I heard it,” Orre said.
E2
cp ferry.txt kept.txt

micro() { # FILE: once its screen is there
  opens "micro -config-dir '$dir/config' -backup false '$1'"
  on_screen "$1 is open" 'Ctrl-g: help'
}
does() { # COMMAND
  keys C-e
  on_screen 'a prompt' '^>$'
  keys "$1" Enter
}
leaves() {
  keys C-q
  tries=0
  until screen >shot && grep -q '^status 0' shot; do
    tries=$((tries + 1))
    # What is not saved is asked for.
    ! grep -q 'y,n,esc' shot || keys n
    [ $tries -le $PATIENCE ] || break
    sleep 0.1
  done
  holds "$1" shot '^status 0'
}

micro ferry.txt
lacks 'nothing is shown before it is asked for' shot '^>>'
does 'postil check'
on_screen 'faults are counted' 'postil: faults: 1$'
holds 'a fault is in the gutter' shot '^>> *5 ”“Nobody'
holds 'and nothing else is' shot '^ *6 Nils'
does 'postil next'
on_screen 'its words are told at its line' 'stray-close: this closing mark'
does 'postil off'
on_screen 'off' '^ *5 ”“Nobody'
does 'postil find Orre'
on_screen 'mentions are in the gutter' '^>> *6 Nils Orre'
holds 'the cursor goes there' shot 'ferry.txt (6,1)'
does 'postil list date'
on_screen 'a label' '^>> *3 The town'
holds 'and no other' shot '^ *6 Nils'
does 'postil previous'
on_screen 'the message before' 'ferry.txt (3,27)'
does 'postil previous'
on_screen 'none before that' 'there is no message that way'
does 'postil who'
on_screen 'who' 'ferry.txt:5:2: “Nobody would pay twice,”'
keys C-q
on_screen 'the list is gone' '^ *5 ”“Nobody'
does 'postil names'
on_screen 'names' 'Nils Orre.*person.*2'
keys C-q
on_screen 'the names are gone' '^ *5 ”“Nobody'
does 'postil why'
on_screen 'why' 'tag.date'
keys C-q
on_screen 'why is gone' '^ *5 ”“Nobody'
does 'postil fix'
on_screen 'mended' '^ *5 “Nobody'
on_screen 'nothing is left' 'no fault is left'
that 'the file is as it was' cmp ferry.txt kept.txt
does 'postil check'
on_screen 'the text is asked about, not the file' 'postil: faults: 0$'
keys C-z
on_screen 'undone in one step' '^ *5 ”“Nobody'
does 'postil lists'
on_screen 'what there is' 'there is no postil lists; there are'
does 'postil find'
on_screen 'no name' 'postil find NAME'
leaves 'left'

# --- what can go wrong

echo '{"postil.command": "/nowhere/postil"}' >config/settings.json
micro ferry.txt
does 'postil check'
on_screen 'no command' 'postil: there is no command /nowhere/postil'
leaves 'left without a command'

echo '{"postil.maxsize": 100}' >config/settings.json
micro ferry.txt
does 'postil check'
on_screen 'too large' 'postil.maxsize is 100'
leaves 'left large'
rm config/settings.json

mkdir "a b'c" && cp ferry.txt "a b'c/it's %d.txt"
opens "micro -config-dir '$dir/config' -backup false a*/*.txt"
on_screen 'a strange name' 'Ctrl-g: help'
does 'postil check'
on_screen 'its faults' 'postil: faults: 1$'
leaves 'left strange'

printf '“Caf\351,” said Mr. Bo Lund. ”\n' >raw.txt
micro raw.txt
does 'postil check'
on_screen 'no UTF-8' '^>> *1 “Caf'
leaves 'left raw'

echo 'tag.ferry { "ferry" }' >ferry.txt.postil.lua
micro ferry.txt
does 'postil list ferry'
on_screen 'rules that are not trusted' 'trust'
lacks 'do not run' shot '^>>'
"$POSTIL" trust ferry.txt.postil.lua >/dev/null
does 'postil list ferry'
on_screen 'rules beside the text' '^>> *1 Council'
leaves 'left rules'
that 'no copy is left' [ -z "$(ls "$TMPDIR")" ]
finish
