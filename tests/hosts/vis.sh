#!/bin/sh
# vis.sh - postil in vis, on the screen of a real terminal: what is drawn, with its attributes; keys,
# commands, rule files.
# The command is not tried: the binding is in-process.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
# shellcheck source=tests/hosts/attributes.inc
. "$top/tests/hosts/attributes.inc"
needs vis

# The plugin is linked to where vis looks; the module is that of this build.
for abi in 5.1 5.2 5.3 5.4; do
  version=$(echo $abi | tr . _)
  export "LUA_CPATH_$version=$BUILD/$abi/?.so;;" "LUA_PATH_$version=$top/lua/?.lua;$top/lua/?/init.lua;;"
done
LUA_CPATH="$BUILD/5.1/?.so;;" LUA_PATH="$top/lua/?.lua;$top/lua/?/init.lua;;"
export LUA_CPATH LUA_PATH
unset VIS_PATH COLORTERM
config=$HOME/.config/vis
mkdir -p "$config/plugins" && ln -s "$top/plugin/vis" "$config/plugins/postil"

cat >visrc.lua <<'E2'
require('vis')
postil = require('plugins/postil')
local m = vis.modes
local function map(modes, key, action)
  for _, mode in ipairs(modes) do vis:map(mode, key, action) end
end
map({ m.OPERATOR_PENDING, m.VISUAL }, 'iq', '<vis-postil-inner-quote>')
map({ m.OPERATOR_PENDING, m.VISUAL }, 'aq', '<vis-postil-around-quote>')
map({ m.OPERATOR_PENDING, m.VISUAL }, 'an', '<vis-postil-around-name>')
map({ m.OPERATOR_PENDING, m.VISUAL }, 'ad', postil.object('around', 'date'))
map({ m.NORMAL, m.OPERATOR_PENDING, m.VISUAL }, ']q', '<vis-postil-next-quote>')
map({ m.NORMAL, m.OPERATOR_PENDING, m.VISUAL }, '[q', '<vis-postil-previous-quote>')
map({ m.INSERT }, '<C-x><C-n>', '<vis-postil-complete>')
map({ m.NORMAL }, 'gp', '<vis-postil-partner>')
vis:command_register('message', function()
  vis:message 'one\ntwo'
  return true
end)
E2

cp "$top/tests/hosts/ferry.txt" .
cp ferry.txt ferry.kept

vis() { # [LUA] FILE: with more for visrc.lua; the cursor is drawn, so it stands in the empty second line
  if [ $# = 2 ]; then more=$1; shift; else more=; fi
  { cat visrc.lua; printf '%s\n' "$more"; } >"$config/visrc.lua"
  opens "vis +2 $1"
  terminal set-option -s escape-time 0
}
types() { keys "$1" Enter; } # a command
# Keys that follow Escape at once would be taken as one with it, so the mode is waited for.
in_mode() { screen | grep -q '^ \(INSERT\|VISUAL\) '; }
in_none() { ! in_mode; }
escape() {
  until_so in_mode
  keys Escape
  until_so in_none
}
at() { # NAME LINE COLUMN: the cursor, as the status line has it
  on_screen "$1" "« $2, $3\$"
}

# --- nothing before it is asked for; what is drawn

vis ferry.txt
shows 'plain at first' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
keys diq
shows 'no object where it is not on' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
on_screen 'and that is said' 'postil: it is not on in this file'
types ':postil on'
shows 'a headline is bold' 1 '<b>Council Drops Plan for a Night Ferry'
shows 'a date is bold' 3 'The town council voted on <b>Monday<> to drop it.'
shows 'a quotation is italic, a name underlined' 5 \
  '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
shows 'a quotation goes on' 7 '<u>Nils Orre<> was not in the room. <i>“I heard it'
shows 'a name in a quotation is both' 8 '<i>from Ms. <iu>Ada Holm<i>, and she'
shows 'and ends' 9 '<i>heard it from a cook,”<> <u>Orre<> said later.'

types ':split'
two() { [ "$(screen | grep -c '^Council')" = 2 ]; }
until_so two
second=$(screen | grep -n '^Council' | tail -n 1 | cut -d : -f 1)
shows 'another window shows the same' "$second" '<b>Council Drops Plan for a Night Ferry'
types ':q'

# --- text objects, with operators

keys 5G 3l diq 2G
shows 'the inside is deleted' 5 '<i>“”<> said Mayor <u>Edda Falk<>.'
keys u 2G
shows 'it comes back' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys 5G 3l daq 2G
shows 'a quotation is deleted' 5 ' said Mayor <u>Edda Falk<>.'
keys u 5G0 dan 2G
shows 'one further on in the line' 5 '<i>“Nobody would pay twice,”<> said Mayor .'
keys u 5G0 ciq No.
escape
keys 2G
shows 'what is typed instead' 5 '<i>“No.”<> said Mayor <u>Edda Falk<>.'
keys u 3G dad 2G
shows 'an object of a label that the user named' 3 'The town council voted on  to drop it.'
keys u 8G daq 2G
shows 'a quotation of several lines' 7 '<u>Nils Orre<> was not in the room.  <u>Orre<> said later.'
keys u 3G ciq
on_screen 'where there is none that is said' 'postil: no quote stands here'
on_screen 'and nothing begins' '^ ferry.txt .*« 3, 1$'
keys 2G
shows 'nor changes' 3 'The town council voted on <b>Monday<> to drop it.'
keys 5G 3l viq d 2G
shows 'in visual mode' 5 '<i>“”<> said Mayor <u>Edda Falk<>.'
keys u

# --- motions

keys 2G ']q'
at 'the next' 5 1
keys gg '2]q'
at 'with a count' 7 32
keys '9]q'
at 'no more than there are' 7 32
on_screen 'and that is said' 'postil: there is no quote behind here'
keys '[q'
at 'the previous' 5 1
keys 'g<'
at 'a motion is a jump' 7 32
keys 5G0 gp
at 'from a quotation to its speaker' 5 38
keys gg gp
on_screen 'where nothing leads anywhere' 'postil: '
keys 3G 'd]q' 2G
shows 'an operator and a motion' 3 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys u
types ':postil next money'
on_screen 'a label that is not there' 'postil: there is no money behind here'
types ':postil next person'
at 'a label by name' 5 38
types ':postil prev date'
at 'and back' 3 27

# --- names while writing

keys 2G 'OMr. Ni' C-x C-n
on_screen 'the only name that begins so' '^Mr. Nils Orre *$'
keys ' met Edda F' C-x C-n
on_screen 'a name with a blank in it' '^Mr. Nils Orre met Edda Falk *$'
keys ' xyz' C-x C-n
on_screen 'none, and that is said' 'postil: no name begins so'
keys ' Or' C-x C-n
on_screen 'the short form' '^Mr. Nils Orre met Edda Falk xyz Orre *$'
keys ' and Mr. Nils Vik. Ni' C-x C-n
on_screen 'of several one is chosen' 'Nils Orre  *Nils Vik'
keys Enter
on_screen 'and is there' 'Nils Vik. Nils Orre *$'
escape
keys dd 2G

# --- the highlighting follows edits

keys 2G OMr.\ Bo\ Lund\ left.
escape
keys 3G
shows 'a new line' 2 'Mr. <u>Bo Lund<> left.'
keys 2G dd
types ':x/Falk/ c/Lund/'
keys 2G
shows 'the same number of bytes' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Lund<>.'
types ':e!'
keys 2G
shows 'read again, it is still on' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'

# --- lists

types ':postil who'
on_screen 'who said what' '^5:1: Edda Falk: “Nobody would pay twice,”$'
on_screen 'and who else' '^7:32: Nils Orre: “I heard it from Ms. Ada Holm, and she heard it'
on_screen 'under a title' '^postil who: 2$'
keys j Enter
at 'Enter goes there' 7 32
types ':postil who'
on_screen 'a list again' '^postil who: 2$'
types ':postil names'
on_screen 'in the list, of its text: names and how often' '^7:1: Nils Orre  person  2$'
types ':postil find orre'
on_screen 'the list of before is gone' '^postil find orre: 2$' 1
on_screen 'mentions' '^9:26: heard it from a cook,” Orre said later\.'
types ':message'
at "another's message stands below the list" 4 1
keys Enter k
at 'there Enter leads nowhere' 3 1
types ':q'
types ':postil find Nobody Known'
on_screen 'no mention' 'postil: no mention of it: Nobody Known'
types ':postil list date'
on_screen 'of a label' '^3:27: date: Monday$'
types ':q'
keys 5G 38l
types ':postil hover'
on_screen 'what stands there' '^person: Edda Falk$'
types ':q'
types ':postil why'
on_screen 'why' '^postil why$'
on_screen 'and its words' 'person.*Edda Falk'
types ':q'
types ':postil info'
on_screen 'how far it is' '^[0-9]* bytes, all tagged$'
types ':q'
types ':postil nonsense'
on_screen 'no such command' 'postil: there is no .:postil nonsense.; there are check'

# --- faults and repairs

types ':postil check'
on_screen 'no faults' 'postil: no faults'
keys 9GA\ \"Then.
escape
types ':postil check'
on_screen 'a fault is listed' '^9:49: missing-close: '
types ':q'
types ':e!'
types ':postil off'
keys 2G
shows 'off: nothing is drawn' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
keys ']q'
on_screen 'nor do keys do anything' 'postil: it is not on in this file'
types ':qa!'
on_screen 'left' '^status 0'
is 'nothing was written' 0 '' '' cmp ferry.txt ferry.kept

printf '“ We paid twice,” said Mr. Bo Lund.\n\nHe left.\n' >spaced.txt
vis spaced.txt
types ':postil check'
on_screen 'what can be repaired' '^1:[0-9]*: '
types ':q'
types ':postil fix'
on_screen 'how many repairs' 'postil: 1 repair; 0 left'
shows 'it is made' 1 '<i>“We paid twice,”<> said Mr. <u>Bo Lund<>.'
keys u 2G
shows 'and undone at once' 1 '<i>“ We paid twice,”<> said Mr. <u>Bo Lund<>.'
types ':qa!'

# --- styles and labels of the user; no theme, no lexer

vis 'postil.styles.quote = "bold"; postil.styles.named = "italics"' ferry.txt
types ':postil on'
shows 'styles by label and by kind' 5 '<b>“Nobody would pay twice,”<> said Mayor <i>Edda Falk<>.'
shows 'together' 8 '<b>from Ms. <bi>Ada Holm<b>, and she'
types ':qa!'
vis 'vis.lexers.STYLE_POSTIL_PERSON = "bold"; postil.options.labels = { "person" }' ferry.txt
types ':postil on'
shows 'a style of a theme, labels that were chosen' 5 \
  '“Nobody would pay twice,” said Mayor <b>Edda Falk<>.'
types ':qa!'
vis 'vis.lexers = {}' ferry.txt
types ':postil on'
shows 'without lexers' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
types ':qa!'
vis 'vis.events.subscribe(vis.events.WIN_OPEN, function(win) postil.on(win) end)' ferry.txt
shows 'on by itself' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
types ':qa!'

# --- rule files

echo 'tag.ferry { "ferry" }' >ships.lua
vis ferry.txt
types ':postil on ships.lua'
shows 'rules that were named' 1 'Council Drops Plan for a Night <u>Ferry'
types ':postil rules'
on_screen 'the rule file' '^tag.ferry'
keys S 'tag.ferry { "[a-z] F" }'
escape
types ':w'
on_screen 'what is wrong is told' '^postil: the rules stay as they were'
on_screen 'at its place' '^ships.lua:1: '
keys Enter
on_screen 'Enter goes to the file there' '^ ships.lua .*« 1, 1'
types ':q'
on_screen 'only the text and the list are left' '^Council'
number=$(screen | grep -n '^Council' | cut -d : -f 1)
shows 'the old rules go on' "$number" 'Council Drops Plan for a Night <u>Ferry'
types ':qa!'
on_screen 'left the rules' '^status 0'

echo 'tag.ferry { "ferry" }' >ships.lua
vis ferry.txt
types ':postil on ships.lua'
types ':postil rules'
on_screen 'opened' '^tag.ferry'
keys S 'tag.ferry { "night ferry" }'
escape
types ':w'
on_screen 'what changed is told' 'postil: ferry.txt: +0 −0, 1 changed'
types ':q'
shows 'what is right is drawn' 1 'Council Drops Plan for a <u>Night Ferry'
types ':qa!'

vis ferry.txt
types ':postil on broken.lua'
on_screen 'a file that is not there' '^broken.lua:1: broken.lua: No such file'
types ':q'
shows 'leaves it off' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
types ':postil on'
echo 'tag.ferry { "[a-z] F" }' >broken.lua
types ':postil on broken.lua'
on_screen 'rules that are wrong are told' '^postil: the rules do not load$'
on_screen 'with their places' '^broken.lua:1: '
types ':q'
shows 'and what was on goes on' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
types ':qa!'

# A function of a rule that fails: that is told, and the editor goes on.
echo 'tag.fuss { "twice", set = { a = function(m) return m.none.b end } }' >fails.lua
vis ferry.txt
types ':postil on fails.lua'
on_screen 'a function that fails' 'postil: fails.lua:1: attempt to index a nil value'
keys 2G iSo.
on_screen 'and goes on' '^So\.'
lacks 'that was told once' shot 'postil: '
escape
types ':postil who'
on_screen 'and is to who asks' 'postil: fails.lua:1: attempt to index a nil value'
types ':postil on'
shows 'other rules do' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
types ':qa!'
on_screen 'left the function' '^status 0'

echo 'tag.fuss { "twice" }' >ferry.txt.postil.lua
vis ferry.txt
types ':postil on'
on_screen 'not trusted' 'postil: see .:postil trust.: ferry.txt.postil.lua is not trusted'
shows 'nor used' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
types ':postil trust'
on_screen 'it is shown' '^tag.fuss'
types ':q'
types ':postil! trust'
shows 'trusted, it is used' 5 '<i>“Nobody would pay <iu>twice<i>,”<> said Mayor <u>Edda Falk<>.'
keys 3G 4l
types ':postil term place'
on_screen 'a term is written' 'ferry.txt.postil.lua: tag.place { terms = { "town" } }'
keys 2G
shows 'and used' 3 'The <u>town<> council voted on <b>Monday<> to drop it.'
holds 'it stands in the file' ferry.txt.postil.lua '^tag.place'
keys 5G0 lv5l
types ':postil pin somebody'
on_screen 'a pin of what is selected' 'ferry.txt.postil.lua: pin.somebody { terms = { "Nobody" }'
escape
keys 2G
shows 'is used' 5 '<i>“<iu>Nobody<i> would pay <iu>twice<i>,”<> said Mayor <u>Edda Falk<>.'
keys 7G0 2W
types ':postil term fuss'
on_screen 'a word at the cursor' 'ferry.txt.postil.lua: tag.fuss { terms = { "was" } }'
keys 5G0 l
types ':postil term fuss'
on_screen 'a mark is not part of a word' 'ferry.txt.postil.lua: tag.fuss { terms = { "Nobody" } }'
types ':postil rules'
on_screen 'the statements' '^tag.place'
keys G O 'tag.body { "council" }'
escape
types ':w'
on_screen 'saved here it stays trusted' 'postil: ferry.txt: +2 −0'
types ':q'
shows 'and is used' 3 'The <u>town<> <u>council<> voted on <b>Monday<> to drop it.'
types ':postil reload'
on_screen 'reloaded' 'postil: the rule files were read anew'
types ':qa!'
rm ferry.txt.postil.lua

# --- nothing of a text reaches the terminal; bytes that are no UTF-8

printf '“Nobody\377,” said Mr. Bo \033]2;own\007Lund.\n\nHe \233 left.\n' >evil.txt
vis evil.txt
types ':postil on'
types ':postil who'
on_screen 'a quotation with such bytes' '“Nobody<FF>,”'
types ':q'
types ':postil find Bo'
on_screen 'controls are shown' 'said Mr. Bo \^\[]2;own^GLund'
that 'the title is not set' [ "$(terminal display-message -p '#{pane_title}')" != own ]
types ':q'
keys ggdd
types ':postil who'
on_screen 'and edits go on' 'postil: nobody is quoted'
types ':qa!'
on_screen 'left that' '^status 0'

# --- no text; a long one: what is seen comes first; a size that is too large

: >empty.txt
vis empty.txt
types ':postil on'
types ':postil who'
on_screen 'of nothing' 'postil: nobody is quoted'
keys 'i“No,” said Mr. Bo Lund.' Enter Enter
escape
shows 'then something' 1 '<i>“No,”<> said Mr. <u>Bo Lund<>.'
types ':qa!'

awk 'BEGIN { for (i = 1; i <= 60000; i++) printf "“We paid %d times,” said Mr. Bo Lund of the ferry.\n\n", i }' >big.txt
vis 'postil.options.patience = 20' big.txt
keys G gk
types ':postil on'
on_screen 'at its end' 'We paid 60000 times'
keys k j k j
number=$(screen | grep -n 'We paid 59999' | cut -d : -f 1)
shows 'what is seen is drawn' "$number" '<i>“We paid 59999 times,”<> said Mr. <u>Bo Lund<> of the ferry.'
keys 'o“No,” said Mr. Ole Berg.'
escape
number=$(screen | grep -n 'Ole Berg' | cut -d : -f 1)
keys k
shows 'and follows edits' "$number" '<i>“No,”<> said Mr. <u>Ole Berg<>.'
types ':postil who'
on_screen 'what was found so far, and how far that is' '^postil who: .*(so far: [0-9]* % is tagged; .:postil! who. waits'
types ':qa!'
on_screen 'left while it works' '^status 0'
vis 'postil.options.max_size = 1000' big.txt
types ':postil on'
on_screen 'too large' 'postil: the file has [0-9.]* MB, and more than 0.0 MB are not tagged'
types ':qa!'
finish
