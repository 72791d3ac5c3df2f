#!/bin/sh
# kak.sh - postil in Kakoune, on the screen of a real terminal: what is drawn, with its attributes;
# selections, lists, repairs, rule files, a process that ends.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
# shellcheck source=tests/hosts/attributes.inc
. "$top/tests/hosts/attributes.inc"
needs kak shellcheck
# shellcheck source=tests/hosts/kak.inc
. "$top/tests/hosts/kak.inc"

cp "$top/tests/hosts/ferry.txt" .

# Does commands in the client; then for what VALUES are.
does() { # COMMANDS
  sends <<E2
try %{ evaluate-commands -client client0 %{
  try %{ $1 } catch %{ echo -markup "{Error}%val{error}" }
} }
E2
}
tells() { # NAME VALUES EXPECTED
  if until_so told "$2" "$3"; then ok; else bad "$1" "$2: $(cat said)
not:   $3"; fi
}
told() {
  rm -f said
  does "try %{ echo -to-file $dir/said -- \"$1\" } catch %{ echo -to-file $dir/said %val{error} }"
  [ "$(cat said)" = "$2" ]
}
# Selects, does a command, and compares what is selected then.
selects() { # NAME PLACES COMMAND SELECTIONS
  does "select $2; try %{ $3 } catch %{ echo -debug %val{error}; select 1.1,1.1 }"
  tells "$1" '%val{selections}' "$4"
}

# --- the scripts inside postil.kak; what Kakoune gives them is not seen to be set

mkdir scripts
awk '
  { text = text $0 "\n" }
  END {
    while (i = index(text, "%sh{")) {
      text = substr(text, i + 4)
      depth = 1
      for (k = 0; depth; k++) {
        c = substr(text, k + 1, 1)
        depth += (c == "{") - (c == "}")
      }
      file = "scripts/" ++n ".sh"
      print "#!/bin/sh\n" substr(text, 1, k - 1) >file
      close(file)
    }
  }' "$top/plugin/kak/postil.kak"
that 'the scripts of postil.kak' shellcheck -e SC2154 scripts/*.sh
rm -r scripts

# --- what is drawn

kakoune postil-on ferry.txt
shows 'a headline is bold' 1 '<b>Council Drops Plan for a Night Ferry'
shows 'a date is bold' 3 'The town council voted on <b>Monday<> to drop it.'
shows 'a quotation is italic, a name underlined' 5 \
  '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
shows 'a quotation goes on' 7 '<u>Nils Orre<> was not in the room. <i>“I heard it'
shows 'a name in a quotation is both' 8 '<i>from Ms. <iu>Ada Holm<i>, and she'
shows 'and ends' 9 '<i>heard it from a cook,”<> <u>Orre<> said later.'

# --- while somebody types

keys ggO 'Mr. Bo Lund went home.' Escape
shows 'a new line' 1 'Mr. <u>Bo Lund<> went home. '
shows 'and what was below moves' 6 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys u
shows 'undo' 1 '<b>Council Drops Plan for a Night Ferry'
does 'execute-keys \%sFalk<ret>cLund<esc>'
shows 'an edit' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Lund<>.'
does 'execute-keys u; select 1.1,1.1'
does 'execute-keys \%|tac<ret>'
shows 'all lines changed' 1 '!<i>heard it from a cook,”<> <u>Orre<> said later.'
shows 'all lines changed, to the end' 5 ' <i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
does 'execute-keys u'
shows 'undone' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
does 'execute-keys \%d'
shows 'an empty buffer' 1 ' '
does 'execute-keys u; select 1.1,1.1'
shows 'a full one' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
tells 'the buffer is what it was' '%val{modified}' false

# --- selections

selects 'next' 1.1,1.1 'postil-next person' 'Edda Falk'
selects 'next of several labels' 1.1,1.1 'postil-next person|date' 'Monday'
selects 'previous' 9.1,9.1 'postil-previous quote' '“I heard it
from Ms. Ada Holm, and she
heard it from a cook,”'
selects 'nothing before' 1.1,1.1 'postil-previous date' 'C'
does 'select 1.1,1.1'
keys 3 M-n
tells 'a count' '%val{selection}' 'Ada Holm'
does 'select 1.1,1.1'
keys M-n 5 M-n
tells 'a count of more than there are' '%val{selection}' 'Orre'
selects 'an object' 5.8,5.8 'postil-object quote' '“Nobody would pay twice,”'
does 'select 5.8,5.8'
keys M-i q
tells 'its inside' '%val{selection}' 'Nobody would pay twice,'
does 'select 5.8,5.8'
keys ']' q
tells 'to its end' '%val{selection}' 'dy would pay twice,”'
does 'select 5.8,5.8'
keys '[' q
tells 'to its beginning' '%val{selection}' '“Nobod'
does 'select 5.4,5.8'
keys '}' q
tells 'extended to its end' '%val{selection}' 'Nobody would pay twice,”'
does 'select 8.11,8.11'
keys 2 M-a q
tells 'a count of more than are around' '%val{selections_desc}' '7.32,9.22'
selects 'each selection' '5.8,5.8 7.40,7.40' 'postil-object quote' \
  '“Nobody would pay twice,”“I heard it
from Ms. Ada Holm, and she
heard it from a cook,”'
selects 'one of them is nowhere' '3.1,3.1 5.43,5.43' 'postil-object person' 'Edda Falk'
selects 'from a quotation to its speaker' 5.8,5.8 postil-partner 'Edda Falk'
selects 'and back' 5.43,5.43 postil-partner '“Nobody would pay twice,”'
does 'select 1.1,1.1; postil-object date'
on_screen 'no object' 'postil: nothing is tagged here'

# --- boxes and lists

does 'select 5.43,5.43; postil-hover'
on_screen 'hover' 'person: Edda Falk'
does 'postil-why'
on_screen 'why' 'tag.person#'
does 'postil-who'
on_screen 'who' '^ferry.txt:5:1: Edda Falk: “Nobody would pay twice,”$'
keys gj
keys Enter
tells 'a place of a list' '%val{bufname}:%val{cursor_line}.%val{cursor_column}' 'ferry.txt:7.32'
does postil-previous-match
tells 'the place before' '%val{bufname}:%val{cursor_line}.%val{cursor_column}' 'ferry.txt:5.1'
does postil-next-match
tells 'the next place' '%val{bufname}:%val{cursor_line}.%val{cursor_column}' 'ferry.txt:7.32'
does 'select 9.29,9.29; postil-find'
on_screen 'find what is named here' '^ferry.txt:7:1: Nils Orre was not'
does 'buffer ferry.txt; postil-find edda falk'
on_screen 'find a name' '^ferry.txt:5:42: '
lacks 'and no other' shot '^ferry.txt:7'
does 'buffer ferry.txt; postil-names'
on_screen 'names' '^ferry.txt:7:1: Nils Orre  person  2$'
does 'buffer ferry.txt; postil-list date'
on_screen 'a label' '^ferry.txt:3:27: date'
does 'buffer ferry.txt; postil-check'
on_screen 'no fault' 'postil: check: there is none'

# --- faults

does 'buffer ferry.txt; execute-keys gg'
does 'select 5.1,5.1; execute-keys i<space>”<esc>'
shows 'a fault has a flag' 5 '! ”<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
does 'postil-check'
on_screen 'a fault in the list' '^ferry.txt:5:2: stray-close: '
does 'buffer ferry.txt; postil-fix'
on_screen 'mended' 'postil: 1 repair, 0 left'
shows 'the flag is gone' 5 ' <i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
does 'execute-keys u'
shows 'undone in one step' 5 '! ”<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
does 'execute-keys u'

# --- two buffers, two windows; off, and a second time

printf '“We paid,” said Mr. Bo Lund.\n' >other.txt
does 'edit other.txt'
shows 'a buffer where it is not on' 1 '“We paid,” said Mr. Bo Lund.'
does postil-on
shows 'another buffer' 1 '<i>“We paid,”<> said Mr. <u>Bo Lund<>.'
does 'buffer ferry.txt; execute-keys gg'
shows 'and the first' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
does postil-off
shows 'off' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
does 'execute-keys \%sFalk<ret>cLund<esc>u'
that 'nothing is mapped but by the user' [ "$(grep -c '^ *map global [^p]' "$top/plugin/kak/postil.kak")" = 0 ]
does 'select 1.1,1.1'
keys ' ' po
shows 'on again by keys' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'

# --- the process is killed

kill_serve() { pkill -P "$(processes | head -n 1)" -f ' serve$'; }
kill_serve
on_screen 'it is started anew' 'postil ended and was started anew'
does 'select 1.1,1.1; execute-keys OMr.<space>Bo<space>Lund.<esc>'
shows 'and goes on' 1 'Mr. <u>Bo Lund<>. '
does 'execute-keys u'
shows 'in the other buffer' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
kill_serve
on_screen 'once' 'postil ended again: .*postil-on starts it'
does postil-who
on_screen 'it does not run' 'Mayor Edda Falk'
does postil-on
does 'select 1.1,1.1; execute-keys OMs.<space>Bo<space>Holm.<esc>'
shows 'on once more' 1 'Ms. <u>Bo Holm<>. '
leaves 'nothing is left'

# --- rule files

echo 'tag.ferry { "ferry" }' >ships.lua
kakoune 'postil-on ships.lua' ferry.txt
shows 'rules that were named' 1 'Council Drops Plan for a Night <u>Ferry'
does 'edit ships.lua; execute-keys \%ctag.ferry<space>{<space>"[a-z]<space>F"<space>}<esc>; write'
on_screen 'what is wrong is told' 'postil: ships.lua:1: in tag.ferry'
on_screen 'and has a flag on its line' '^!tag.ferry'
does postil-errors
on_screen 'and is listed' 'ships.lua:1:[0-9]*: '
does 'buffer ships.lua; execute-keys \%ctag.ferry<space>{<space>"night<space>ferry"<space>}<esc>; write'
on_screen 'what changed is told' 'postil: +0 -0, 1 changed'
on_screen 'the flag is gone' '^tag.ferry'
does 'buffer ferry.txt'
shows 'what is right is drawn' 1 'Council Drops Plan for a <u>Night Ferry'
leaves 'nothing of it is left'

echo 'tag.ferry { "ferry" }' >ferry.txt.postil.lua
kakoune postil-on ferry.txt
on_screen 'rules that are not trusted are told' 'postil trust\|not trusted'
shows 'and do not run' 1 '<b>Council Drops Plan for a Night Ferry'
does postil-trust
on_screen 'they are shown' '^tag.ferry'
on_screen 'and asked about' 'may these rules run'
keys yes Enter
on_screen 'they are trusted' 'is trusted\|+1 -0'
does 'buffer ferry.txt'
shows 'and run' 1 '<b>Council Drops Plan for a Night <bu>Ferry'
does 'edit ferry.txt.postil.lua; execute-keys \%ctag.ferry<space>{<space>"night<space>ferry"<space>}<esc>; write'
does 'buffer ferry.txt'
shows 'saved here they stay trusted' 1 '<b>Council Drops Plan for a <bu>Night Ferry'
does 'select 3.5,3.16; postil-term body'
shows 'a term is written' 3 'The <u>town council<> voted on <b>Monday<> to drop it.'
does 'select 8.24,8.26; postil-pin ghost'
shows 'a pin is written' 8 '<i>from Ms. <iu>Ada Holm<i>, and <iu>she'
holds 'the term is in the file' ferry.txt.postil.lua '^tag.body { terms = { "town council" } }'
leaves 'nothing of that is left'
rm ferry.txt.postil.lua

# --- who said it

kakoune 'set-option global postil_speakers true; postil-on' ferry.txt
shows 'behind a quotation' 5 '<i>“Nobody would pay twice,” ‹Edda Falk›<> said Mayor <u>Edda Falk<>.'
shows 'of several lines behind the last' 9 '<i>heard it from a cook,” ‹Nils Orre›<> <u>Orre<> said later.'
does 'execute-keys %{5ggghwwwwwwd}; echo'
keys geo 'The “No,” said Ann Lee. “Ah,” said Ann Lee.' Escape
on_screen 'once in a line' '“No,” ‹Ann Lee› said Ann Lee. “Ah,” said Ann Lee.'
does 'postil-off'
on_screen 'no longer' '“No,” said Ann Lee. “Ah,” said Ann Lee.'
lacks 'nothing is left' shot '‹'
leaves 'left speakers'

# --- labels are completed, those of the text's own rules

echo 'tag.ferry { "ferry" }' >ships.lua
kakoune 'postil-on ships.lua' ferry.txt
shows 'rules that were named' 1 'Council Drops Plan for a Night <u>Ferry'
for command in next list pin; do
  keys ":postil-$command "
  on_screen "the label for postil-$command" '^ferry  *█'
  lacks "no label of others for postil-$command" shot '^person'
  keys Escape
done
leaves 'left labels'

# --- names are completed, all faults mended, the rule of a name found

kakoune 'set-option global postil_complete true; postil-on' ferry.txt
shows 'on' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys geo 'She met Ed'
on_screen 'names that begin so' 'Edda Falk *person'
keys C-n Escape
on_screen 'one is taken' '^She met Edda Falk$'
on_screen 'no more is inserted' '[]+] *1 sel'
does 'execute-keys x'
tells 'for what was typed' '%val{selection}' 'She met Edda Falk'
does 'execute-keys u'
does 'set-option global postil_complete false'
keys geo 'She met Ed'
on_screen 'words are offered' 'Edda *█\|Edda *ferry'
lacks 'no name is, unless it is wished' shot person
keys Escape
on_screen 'nothing is inserted' '[]+] *1 sel'
does 'execute-keys u'
does 'execute-keys geoWe<space>paid,”<space>said<space>Ann<space>Lee.<esc>; postil-fix'
on_screen 'what somebody should look at is left' 'postil: 0 repairs, 1 left'
does 'postil-fix all'
on_screen 'all are mended' 'postil: 1 repair, 0 left'
does 'execute-keys x'
tells 'so' '%val{selection}' '“We paid,” said Ann Lee.'
leaves 'left completing'

echo 'tag.ferry { "ferry" }' >ships.lua
kakoune 'postil-on ships.lua' ferry.txt
shows 'a rule' 1 'Council Drops Plan for a Night <u>Ferry'
printf '\n\ntag.ferry { "night ferry" }\n' >ships.lua
does postil-reload
shows 'a rule file that another program has written' 1 'Council Drops Plan for a <u>Night Ferry'
does 'select 1.33,1.33; postil-why jump'
tells 'the rule' '%val{bufname}:%val{cursor_line}' ships.lua:3
does 'buffer ferry.txt; select 3.1,3.1; postil-why jump'
on_screen 'there is none' 'no rule of a file of yours is named here'
leaves 'left reloaded'

# --- two clients

# Does commands in the second client, and looks at its screen; at the first one's again.
second() { terminal select-window -t 1; }
first() { terminal select-window -t 0; }
kakoune postil-on ferry.txt
shows 'the first' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
terminal new-window "kak -c $session ferry.txt"
shows 'the second shows it, too' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys ggO 'Mr. Bo Lund went home.' Escape
shows 'what is typed in it' 1 'Mr. <u>Bo Lund<> went home. '
first
shows 'is seen in the first' 1 'Mr. <u>Bo Lund<> went home.'
shows 'to its end' 6 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys u
shows 'undo in the first' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
second
shows 'is seen in the second' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys ':edit other.txt' Enter ':postil-on' Enter
shows 'another buffer in the second' 1 '<i>“We paid,”<> said Mr. <u>Bo Lund<>.'
keys o 'Ms. Ada Holm left.' Escape
shows 'with an edit' 2 'Ms. <u>Ada Holm<> left.'
first
shows 'the first shows its own' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
does postil-off
second
shows 'off in one buffer is not off in the other' 2 'Ms. <u>Ada Holm<> left.'
keys ':postil-who' Enter
on_screen 'a list comes where it was asked for' '^other.txt:1:1: Bo Lund'
first
shows 'and not in the other' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
leaves 'nothing of both is left'

# --- Kakoune is killed

kakoune postil-on ferry.txt
shows 'on before' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
kill -9 "$(pgrep -f "^kak -n -s $session ")"
is_gone 'a process whose Kakoune is gone ends'

# --- what can go wrong

kakoune 'set-option global postil_command /nowhere/postil' ferry.txt
on_screen 'shown' 'Council'
does postil-on
on_screen 'no command' 'postil: there is no command postil'
leaves 'and nothing began'

printf '“Caf\351,” said Mr. Bo Lund.\nIt\000 was “\033]2;own\007him”.\n' >raw.txt
cp raw.txt raw.kept
kakoune postil-on raw.txt
shows 'no UTF-8' 2 'It� was <i>“<>�<i>]2;own<>�<i>him”<>.'
that 'the title is not set' [ "$(terminal display-message -p '#{pane_title}')" != own ]
that 'the file is as it was' cmp raw.txt raw.kept
leaves 'left raw'

printf '\357\273\277“We paid,” said Mr. Bo Lund.\r\n\r\nShe left.\r\n' >dos.txt
kakoune postil-on dos.txt
shows 'carriage returns, and a mark in front' 1 '<i>“We paid,”<> said Mr. <u>Bo Lund<>.'
keys O 'Ms. Ada Holm left.' Escape
shows 'after an edit' 2 '<i>“We paid,”<> said Mr. <u>Bo Lund<>.'
shows 'of the first line' 1 'Ms. <u>Ada Holm<> left. '
tells 'they are not lost' '%opt{eolformat} %opt{BOM}' 'crlf utf8'
leaves 'left with carriage returns'

kakoune 'set-option global postil_max_size 100; postil-on' ferry.txt
on_screen 'too large' 'postil: the buffer has 251 bytes'
shows 'nothing is drawn' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
leaves 'left large'

mkdir "a b'c" && cp ferry.txt "a b'c/it's {1}.txt"
kakoune "edit %{a b'c/it's {1}.txt}; postil-on" ferry.txt
shows 'a strange name' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
does postil-who
on_screen 'and its list' "^a b'c/it's {1}.txt:5:1: Edda Falk"
keys Enter
tells 'and a place in it' '%val{cursor_line} %val{bufname}' "5 a b'c/it's {1}.txt"
leaves 'left strange'

# --- the manual

manual=$top/plugin/kak/README.md
{
  sed -n 's/^define-command \(postil-[a-z-]*\) .*/\1/p; s/^set-face global \(Postil[A-Za-z]*\) .*/\1/p' \
    "$top/plugin/kak/postil.kak"
  sed -n 's/^declare-option -docstring .*\(int\|str\|bool\) \(postil_[a-z_]*\) .*/\2/p
    s/^\(}\| \) str[-list]* \(postil_[a-z_]*\).*/\2/p' "$top/plugin/kak/postil.kak"
} >public
while read -r name; do holds "the manual has $name" "$manual" "\`${name}[\` ]"; done <public
grep -o '`postil[-_][a-z_-]*' "$manual" | tr -d '`' | while read -r name; do
  grep -q -x "$name" public || echo "$name"
done >strange
that 'the manual names nothing else' [ ! -s strange ]
kakoune "$(sed -n '/^hook global/p' "$manual")" ferry.txt
cp "$top/tests/hosts/ferry.txt" other.txt
keys ':edit other.txt' Enter
shows 'on by itself, as the manual says' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
leaves 'nothing stays of it'

# --- faults of what a window shows

awk 'BEGIN { for (i = 1; i <= 600; i++) printf "It rained %d times. ”\n\n", i }' >faults.txt
kakoune 'postil-on' faults.txt
on_screen 'at the beginning' '^! *It rained 1 times'
does 'execute-keys ge'
on_screen 'at the end' '^! *It rained 600 times'
does 'execute-keys gekxd'
on_screen 'and those beside one that is gone' '^! *It rained 599 times'
does 'execute-keys gg'
on_screen 'and at the beginning again' '^! *It rained 1 times'
leaves 'left the faults'

# --- the visible part of a large file comes first

awk 'BEGIN { for (i = 1; i <= 60000; i++) printf "“We paid %d times,” said Mr. Bo Lund of the ferry.\n\n", i }' >big.txt
kakoune 'postil-on' big.txt
does 'execute-keys gjvb'
shows 'its end' 10 '<i>“We paid 60000 times,”<> said Mr. <u>Bo Lund<> of the ferry.'
does postil-who
on_screen 'a list waits' 'who: the list comes when all is tagged'
leaves 'left while it works'
finish
