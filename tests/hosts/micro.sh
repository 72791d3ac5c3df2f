#!/bin/sh
# micro.sh - postil in micro, on the screen of a real terminal: messages in the gutter that follow the
# text, lists, repairs, rule files; the process, when it dies and when micro ends; and random edits
# (micro_fuzz.lua, SEED and ROUNDS), after which postil must have been told the text that micro has.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
needs micro lua5.4
PATIENCE=100 COLUMNS=80

unset XDG_CONFIG_HOME MICRO_CONFIG_HOME
mkdir -p config/plug/fuzz bin
ln -s "$top/plugin/micro" config/plug/postil
ln -s "$top/tests/hosts/micro_fuzz.lua" config/plug/fuzz/fuzz.lua

# The command, which writes down what it is asked, and its number.
cat >bin/postil <<E2
#!/bin/sh
echo \$\$ >>'$dir/numbers'
mkfifo '$dir/'\$\$
exec 3<&0
tee -a '$dir/asked' <&3 >'$dir/'\$\$ 2>/dev/null &
exec '$POSTIL' "\$@" <'$dir/'\$\$ 3<&-
E2
chmod +x bin/postil
PATH=$dir/bin:$PATH

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
    if grep -q 'y,n,esc' shot; then keys n; else keys C-q; fi
    [ $tries -le $PATIENCE ] || break
    sleep 0.1
  done
  holds "$1" shot '^status 0'
}
# The process that was started last.
number() { tail -n 1 numbers; }
runs() { kill -0 "$(number)" 2>/dev/null; }
eventually() { # NAME COMMAND...
  name=$1
  shift
  if until_so "$@"; then ok; else bad "$name" "$*"; fi
}
ended() { ! runs; }

# --- messages, lists and places

micro ferry.txt
lacks 'nothing is shown before it is asked for' shot '^>>'
that 'and nothing runs' [ ! -e numbers ]
does 'postil on'
on_screen 'a fault is in the gutter' '^>> *5 ”“Nobody'
holds 'and nothing else is' shot '^ *6 Nils'
does 'postil check'
on_screen 'faults are counted' 'postil: faults: 1$'
does 'postil next mark'
on_screen 'its words are told at its line' 'stray-close: this closing mark'
keys Up Up Enter Enter
on_screen 'it follows the text' '^>> *7 ”“Nobody'
lacks 'and leaves nothing behind' shot '^>> *5'
keys C-z
on_screen 'also when that is undone' '^>> *5 ”“Nobody'
keys C-y
on_screen 'and done again' '^>> *7 ”“Nobody'
keys C-z
on_screen 'and undone' '^>> *5 ”“Nobody'
keys C-z
does 'postil check'
on_screen 'what is undone where there is nothing does not count' 'postil: faults: 1$'
does 'postil off'
on_screen 'off' '^ *5 ”“Nobody'
does 'postil find Orre'
on_screen 'mentions are in the gutter' '^>> *6 Nils Orre'
lacks 'nothing is said to come any more' shot 'comes when'
holds 'the cursor goes there' shot 'ferry.txt.* (6,1)'
does 'postil list date'
on_screen 'a label' '^>> *3 The town'
holds 'and no other' shot '^ *6 Nils'
does 'postil previous mark'
on_screen 'the message before' 'ferry.txt.* (3,27)'
does 'postil previous mark'
on_screen 'none before that' 'ferry.txt.* (3,27)'
does 'postil next quote'
on_screen 'the next quotation' 'ferry.txt.* (5,2)'
does 'postil partner'
on_screen 'its speaker' 'ferry.txt.* (5,3[0-9])'
does 'postil previous'
on_screen 'the tag before' 'ferry.txt.* (5,2)'
does 'postil hover'
on_screen 'what stands there' 'quote: “Nobody'
keys C-q
on_screen 'that is gone' '^ *6 Nils'
does 'postil who'
on_screen 'who' 'ferry.txt:5:2: Edda Falk: “Nobody would pay twice,”'
keys Down Enter
on_screen 'Enter goes there' 'ferry.txt.* (6,26)'
lacks 'and writes nothing' shot '^ *3 *$'
does 'postil who'
on_screen 'a second list' 'postil who.*(1,1)'
keys C-q
keys C-w
keys C-q
leaves 'left'

micro ferry.txt
does 'postil names'
on_screen 'names' 'Nils Orre.*person.*2'
keys C-q
on_screen 'the names are gone' '^ *6 Nils'
does 'goto 3:28'
does 'postil why'
on_screen 'why' 'tag.date'
keys C-q
on_screen 'why is gone' '^ *6 Nils'
does 'postil fix'
on_screen 'mended' '^ *5 “Nobody'
on_screen 'nothing is left' 'repairs: 1, faults left: 0$'
that 'the file is as it was' cmp ferry.txt kept.txt
does 'postil check'
on_screen 'the text is asked about, not the file' 'postil: faults: 0$'
keys C-z
on_screen 'undone in one step' '^>> *5 ”“Nobody'
does 'postil info'
on_screen 'what runs' 'all is tagged'
keys C-q
does 'postil lists'
on_screen 'what there is' 'there is no postil lists; there are'
does 'postil find'
on_screen 'no name' 'postil find NAME'
does 'help postil'
on_screen 'the help' 'postil reads prose'
keys C-q
that 'it runs meanwhile' runs
told() { grep -c '"do":"lines"' asked; }
before=$(told)
keys 'It is told when typing pauses. '
does 'postil check'
on_screen 'what was typed has come there' 'postil: faults: [0-9]*$'
that 'not with each key' [ "$(told)" -le $((before + 5)) ]
leaves 'left again'
eventually 'the process ends with micro' ended

# --- the process dies

micro ferry.txt
does 'postil on'
on_screen 'on' '^>> *5'
kill -9 "$(number)"
on_screen 'that it died is said' 'ended: signal: killed; it was started anew'
keys x
on_screen 'the text is sent again' '^>> *5'
does 'postil check'
on_screen 'and can be asked about' 'postil: faults: 1$'
kill -9 "$(number)"
on_screen 'not a second time' 'killed; .postil on. tries'
on_screen 'nothing is shown then' '^ *5 ”“'
does 'postil on'
on_screen 'until it is asked for' '^>> *5'
keys C-e
on_screen 'a prompt' '^>$'
dies=$(number)
kill -9 "$dies"
another() { [ "$(number)" != "$dies" ]; }
eventually 'it dies while something is asked' another
keys who
on_screen 'the prompt stays' '^> who$'
keys BSpace BSpace BSpace
keys 'goto 2' Enter
on_screen 'and works' 'ferry.txt.* (2,1)'
keys x
on_screen 'what was not said is said' 'it was started anew'
leaves 'left after its deaths'

echo '{"postil.command": "/nowhere/postil"}' >config/settings.json
micro ferry.txt
does 'postil check'
on_screen 'no command' 'postil: there is no command /nowhere/postil'
keys y
on_screen 'typing goes on' 'yCouncil'
leaves 'left without a command'

echo '{"postil.maxsize": 100}' >config/settings.json
micro ferry.txt
does 'postil check'
on_screen 'too large' 'postil.maxsize is 100'
leaves 'left large'
rm config/settings.json

# --- odd texts

mkdir "a b'c" && cp ferry.txt "a b'c/it's %d.txt"
opens "micro -config-dir '$dir/config' -backup false a*/*.txt"
on_screen 'a strange name' 'Ctrl-g: help'
does 'postil check'
on_screen 'its faults' 'postil: faults: 1$'
leaves 'left strange'

printf '“Caf\351,” said Mr. Bo Lund. ”\r\n' >raw.txt
micro raw.txt
does 'postil check'
on_screen 'no UTF-8' '^>> *1 “Caf'
keys Down
does 'postil next city'
on_screen 'nothing there' 'there is no city behind here'
leaves 'left raw'

# Marks that combine are no characters of micro.
printf 'Ce\314\201cile Roy left O\314\210slo. ”\n' >marks.txt
micro marks.txt
keys Down
does 'postil check'
on_screen 'combining marks' 'postil: faults: 1$'
does 'postil previous mark'
on_screen 'columns are those of micro' 'marks.txt.* (1,23)'
leaves 'left marks'

# Two panes of one text, and a second text.
echo 'It stands here. ”' >other.txt
ROWS=28
micro ferry.txt
does 'postil on'
on_screen 'on' '^>> *5'
does 'hsplit ferry.txt'
on_screen 'both panes' 'ferry.txt.*(1,1)'
keys Enter
on_screen 'both follow' '^>> *6 ”“'
does 'hsplit other.txt'
on_screen 'another text' 'It stands here'
does 'postil check'
on_screen 'has its own faults' '^>> *1 It stands here'
keys C-q
on_screen 'the first goes on' '^>> *6 ”“'
ROWS=12
leaves 'left two'

# --- rule files

echo 'tag.ferry { "ferry" }' >ferry.txt.postil.lua
micro ferry.txt
does 'postil list ferry'
on_screen 'rules that are not trusted' 'ferry: 0$'
lacks 'do not run' shot '^>>'
does 'postil trust'
on_screen 'they are shown' 'tag.ferry'
on_screen 'and asked for' 'trust them'
keys y
on_screen 'trusted' '^>> *1 Council'
keys C-q
does 'goto 2'
does 'postil trust'
on_screen 'once is enough' 'trusted, as before'
does 'postil rules'
on_screen 'the rule file' '1 tag.ferry'
keys End Enter
keys 'tag.ferry { "Plan" }' C-s
on_screen 'a rule is saved' '2 tag.ferry { "Plan" }'
keys C-q
does 'goto 1'
# What is said when rules were loaded may come over the line's own words, until a key.
own_words() { keys Left && screen >shot && grep -q 'ferry: Plan' shot; }
eventually 'saved here, it runs' own_words
does 'goto 2'
does 'postil term boat'
on_screen 'no name there' 'select words, or go to a name'
does 'goto 6:1'
does 'postil term boat'
on_screen 'a term' 'ferry.txt: +1 -'
holds 'is written' ferry.txt.postil.lua 'tag.boat'
does 'postil list boat'
on_screen 'its mentions' '^>> *6 Nils'
leaves 'left rules'
rm ferry.txt.postil.lua

# --- random edits: postil must have been told the text that micro has, and the gutter shows what it
# shows when all is asked for anew

: "${SEED=1}" "${ROUNDS=100}"
echo '{"postil.pause": 0.02}' >config/settings.json
same() { does 'gutter fresh' && cmp -s followed fresh; }
fuzz() { # WHAT: to be shown meanwhile; what tells that it is there
  : >asked
  rm -f have followed
  for _ in 1 2 3 4 5 6 7 8; do cat kept.txt; echo; done >fuzz.txt
  micro fuzz.txt
  does "postil $1"
  on_screen "$1" "$2"
  does "fuzz $SEED $ROUNDS"
  PATIENCE=300
  eventually 'random edits' [ -e have ]
  PATIENCE=30
  does 'gutter followed'
  LUA_PATH="$top/lua/?.lua;;" lua5.4 "$top/tests/hosts/replay.lua" <asked >told 2>counted
  echo >>have
  that 'the text is what postil was told' cmp have told
  lacks 'changes are told, not whole texts only' counted 'changed [01]$'
  does 'postil off'
  does "postil $1"
  eventually "the gutter has followed: $1" same
  PATIENCE=100
  leaves 'left fuzz'
  eventually 'the process ends' ended
}
fuzz check '^>> *5'
fuzz list '^>> *5'
fuzz 'find Ann' 'Ann: 0'
finish
