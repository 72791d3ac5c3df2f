#!/bin/sh
# command.sh - the postil command from outside: what it prints, where, and how it ends.
# POSTIL names the command.  The rules are small ones made here, so that no pack decides a test.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

cat >rules.lua <<'END'
tag.ship "HMS <cap>"
tag.person "(Ada|Bert) family:Vexholm"
alias.person "[=family]"
tag._cue { terms = { "said", "says" } }
quotes { cue = "_cue" }
amend.quote "[<quote>] ,? speaker:<person> cue:<_cue>"
amend.quote "[<quote>] ,? cue:<_cue> speaker:<person>"
END
printf 'The HMS Dove left.\n\n“We sail at dawn,” said Ada Vexholm. “It is late,” Vexholm said.\n' >a.txt
printf 'HMS Wren is here.\n' >b.txt
postil() { command=$1; shift; "$POSTIL" "$command" --rules rules.lua "$@"; }

# --- formats

is 'lines' 0 'b.txt:1:1: ship: HMS Wren' '' postil tag --to lines b.txt
is 'jsonl is what a pipe gets' 0 \
  '{"id":"b.txt","unit":"byte","tags":[{"start":0,"end":8,"label":"ship","rule":"rules.lua:1"}],"faults":[]}' \
  '' postil tag b.txt
is 'inline' 0 '<ship>HMS Wren</ship> is here.' '' postil tag --to inline b.txt
is 'a label alone' 0 'a.txt:1:5: ship: HMS Dove' '' postil tag --to lines --label ship a.txt
postil tag a.txt >out
holds 'kind, speaker, cue in this order' out \
  '"label":"quote","rule":"[^"]*","kind":"direct","speaker":{"start":48,"end":59,"name":"Ada Vexholm"},"cue":{"start":43,"end":47}'
holds 'an alias has its name' out '"name":"Ada Vexholm"'
printf 'a & b < c, HMS Wren\n' >amp.txt
is 'inline writes entities' 0 'a &amp; b &lt; c, <ship>HMS Wren</ship>' '' postil tag --to inline amp.txt

# --- jsonl in

printf '{"id":7,"text":"HMS Wren"}\n\n{"id":"x\\n\\u0000","text":"\\u0000HMS Wren"}\n{"text":""}\n' >good.jsonl
is 'ids: number, string, none' 0 '{"id":7,"unit":"byte","tags":[{"start":0,"end":8,"label":"ship","rule":"rules.lua:1"}],"faults":[]}
{"id":"x\n\u0000","unit":"byte","tags":[{"start":1,"end":9,"label":"ship","rule":"rules.lua:1"}],"faults":[]}
{"id":4,"unit":"byte","tags":[],"faults":[]}' '' postil tag --from jsonl good.jsonl
printf '{"id":1,"text":"x"}\n{"id":2}\nnonsense\n[1]\n{"id":[],"text":""}\n{"text":"","text":""}\n{"id":3,"text":"y"}' >bad.jsonl
postil tag --from jsonl bad.jsonl >out 2>err
that 'bad lines end with 2' [ $? = 2 ]
that 'the good lines of a bad file' [ "$(wc -l <out)" = 2 ]
holds 'a line without text' err '^postil: bad.jsonl:2: no "text"'
holds 'a line that is no JSON' err '^postil: bad.jsonl:3: byte [0-9]*: '
holds 'a line that is no object' err '^postil: bad.jsonl:4: not an object'
holds 'an id that is a list' err '^postil: bad.jsonl:5: "id" must be'
holds 'a key twice' err '^postil: bad.jsonl:6: '
that 'one line for each bad line' [ "$(wc -l <err)" = 5 ]
for id in 1.1 0.1 1e300 -5 9007199254740993; do
  is "number $id comes back" 0 "{\"id\":$id,\"unit\":\"byte\",\"tags\":[],\"faults\":[]}" '' \
    sh -c "printf '{\"id\":$id,\"text\":\"\"}' | '$POSTIL' tag --rules rules.lua --from jsonl | sed s/e+300/e300/"
done
# Two readers, one answer: a list among the members takes the line from the plain reader.
cat >plain.jsonl <<'END'
{"id":"a\u0041\u00e9\u20ac\ud83d\ude00 \"\\\/\b\f\n\r\t é€😀","text":"HMS Wren"}
 { "text" : "é HMS \u0057ren" , "id" : -12 , "a":null,"b":true,"c":false,"d":0,"e":"" } 
{"id":"","text":"a long text without escapes, of more than eight bytes: HMS Wren"}
{"id":" id","text":"\u0000\\","":1}
{"text":"no id"}
{"id":"\ud83d","text":""}
{"id":"\udc00\ud83d","text":""}
{"id":"\u12","text":""}
{"id":01,"text":""}
{"id":1,"text":"","a":1,"a":2}
{"id":1,"text":"a	tab"}
{"id":1,"text":"\q"}
{"id":1,"text":"open
END
printf '{"id":1,"text":"\377"}\n{"id":1,"text":"\355\240\200"}\n{"id":1,"text":"\303"}\n' >>plain.jsonl
sed 's/^\( *{\)/\1"list":[],/' plain.jsonl >list.jsonl
postil tag --from jsonl plain.jsonl >plain 2>plain.err
postil tag --from jsonl list.jsonl >list 2>list.err
that 'both readers say the same' cmp plain list
that 'the plain reader takes what is right' [ "$(wc -l <plain)" = 5 ]
that 'both readers refuse the same' [ "$(cut -d : -f 3 plain.err)" = "$(cut -d : -f 3 list.err)" ]
that 'all bad lines are refused' [ "$(wc -l <plain.err)" = 11 ]

# --- commands

is 'who' 0 'Ada Vexholm: 2 quotations
  a.txt:3:1: “We sail at dawn,”
  a.txt:3:42: “It is late,”' '' postil who a.txt b.txt
is 'who said nothing' 1 '' '' postil who --speaker Bert a.txt
postil who --to jsonl a.txt >out
holds 'who in jsonl' out '^{"speaker":"Ada Vexholm","count":2,"unit":"byte","quotes":\[{"id":"a.txt","start":20,'
is 'names' 0 "Ada Vexholm${tab}person${tab}2${tab}a.txt:3:29" '' postil names --label person a.txt b.txt
is 'find' 0 'b.txt:1:1:HMS Wren is here.' '' postil find 'hms wren' a.txt b.txt
long=$(printf 'é%.0s' $(seq 121))
printf '%s HMS Wren %s\n' "$long" "$long" >long.txt
is 'find cuts a long line' 0 "long.txt:1:244:…${long#éé} HMS Wren ${long#éé}…" '' \
  postil find 'HMS Wren' long.txt
printf '%s HMS Wren %s\n' "${long#éé}" "${long#éé}" >long.txt
is 'find shows a line whole that is not long' 0 "long.txt:1:240:$(cat long.txt)" '' \
  postil find 'HMS Wren' long.txt
printf 'HMS DOVE, HMS Wren, HMS Dove, HMS ÉLAN, HMS Élan and HMS TERN.\n' >caps.txt
is 'names in capitals count with the others' 0 "HMS Dove${tab}ship${tab}2${tab}caps.txt:1:1
HMS Élan${tab}ship${tab}2${tab}caps.txt:1:31
HMS TERN${tab}ship${tab}1${tab}caps.txt:1:56
HMS Wren${tab}ship${tab}1${tab}caps.txt:1:11" '' "$POSTIL" names -e 'tag.ship "HMS <cap|upper>"' --label ship caps.txt
is 'find takes whole words' 1 '' '' postil find 'HMS Wre' b.txt
is 'find keeps capitals' 1 '' '' postil find 'HMS WREN' b.txt
postil find --to jsonl Vexholm a.txt >out
that 'find: the name and its alias, each once' [ "$(wc -l <out)" = 2 ]
is 'find without a name' 2 '' 'postil: find needs a NAME' "$POSTIL" find

printf 'He said: “It is late. .” And left.\n' >fault.txt
is 'nothing to check' 0 '' '' postil check b.txt
postil check fault.txt >out
that 'faults end with 1' [ $? = 1 ]
holds 'a fault' out '^fault.txt:1:[0-9]*: doubled-stop: '
postil check --fix b.txt >out
that 'nothing to fix changes nothing' cmp -s out b.txt

printf '%s\n' '{"id":7,"text":"He said: “It is late. .” And left."}' '{"text":"a\nb"}' >fix.jsonl
is '--fix of lines of JSON' 0 '{"id":7,"text":"He said: “It is late.” And left."}
{"id":2,"text":"a\nb"}' '' postil check --fix --from jsonl fix.jsonl
is '--fix --to jsonl' 0 '{"id":"fault.txt","text":"He said: “It is late.” And left.\n"}' '' \
  postil check --fix --to jsonl fault.txt
is '--fix --to lines' 2 '' 'postil: --fix writes texts: *' postil check --fix --to lines fault.txt

printf 'e\314\201 \357\254\201\n' >norm.txt
is 'NFC' 0 "$(printf '\303\251 \357\254\201')" '' "$POSTIL" norm --form NFC norm.txt
is 'NFKD' 0 "$(printf 'e\314\201 fi')" '' "$POSTIL" norm --form=NFKD norm.txt
printf 'a\0b' >zero.bin
"$POSTIL" norm zero.bin >out
that 'norm keeps a zero' cmp -s out zero.bin

# --- options

is 'a rule on the line' 0 'b.txt:1:13: word: here' '' \
  "$POSTIL" -e 'tag.word "here"' --label word --to lines b.txt
is 'did you mean' 2 '' 'postil: unknown option --lable (did you mean --label?)' "$POSTIL" --lable x
is 'a format' 2 '' 'postil: --to json: must be * (did you mean jsonl?)' "$POSTIL" --to json
is 'a value is missing' 2 '' 'postil: --to needs a value' "$POSTIL" tag --to
is 'no value is wanted' 2 '' 'postil: --fix takes no value' "$POSTIL" check --fix=yes
is 'an option of another command' 2 '' 'postil: this command has no option --fix' "$POSTIL" who --fix
is 'a label that no rule gives' 2 '' 'postil: --label shp: no rule * (did you mean ship?)' \
  postil tag --label shp b.txt
printf '\377\376H\000i\000' >utf16.txt
is 'norm refuses what is no UTF-8 at all' 2 '' 'postil: utf16.txt: *iconv*' "$POSTIL" norm utf16.txt
printf '%s\n' '' 'tag.ship { "HMS <cap>", set = { x = function(m) return m.y.z end } }' >fails.lua
is 'an error of a function has its line' 2 '' 'postil: b.txt: fails.lua:2: *
     2 | tag.ship {*
       |  *^' "$POSTIL" tag --rules fails.lua b.txt
printf '%s\n' 'tag.deep [=[/(?:(?:a|b|ab)*)*c/]=]' >deep.lua
i=0
while [ $i -lt 200 ]; do printf ab; i=$((i + 1)); done >deep.txt
is 'a limit is trouble, not a fault of the text' 2 '' 'postil: deep.txt:1:1: the rule * too many steps*' \
  "$POSTIL" check --rules deep.lua deep.txt
is 'and is said where the output cannot' 2 '' 'postil: deep.txt:1:1: the rule * too many steps*' \
  "$POSTIL" tag --rules deep.lua --to lines deep.txt
is 'jsonl tells of it itself' 0 \
  '{"id":"deep.txt","unit":"byte","tags":[],"faults":[{"start":0,"end":400,"fault":"too-complex","repair":null}]}' '' \
  "$POSTIL" tag --rules deep.lua --to jsonl deep.txt
is 'help for help' 0 "$("$POSTIL" --help)" '' "$POSTIL" help --help
is 'help for no command' 2 '' 'postil: there is no command nosuch*' "$POSTIL" help nosuch
is 'no label at all' 2 '' 'postil: --label names no label*' "$POSTIL" --label= b.txt
printf 'tag.ship "HMS <cap>"\nlocal x = = 1\n' >caret.lua
is 'a syntax error shows its line and a caret' 2 '' '*caret.lua:2: *local x = = 1*^*' \
  "$POSTIL" tag --rules caret.lua b.txt
is 'a mistyped command' 2 '' 'postil: chekc: No such file*(did you mean the command check?)' \
  "$POSTIL" chekc
printf 'It shut yesterday, last Friday; it opens next Tuesday, not 2024-03-20.\n' >days.txt
is 'days count from --date' 0 'days.txt:1:9: date: yesterday  [iso=2024-02-29]
days.txt:1:25: date: Friday  [iso=2024-02-23, way=last, wd=Friday]
days.txt:1:47: date: Tuesday  [iso=2024-03-05, way=next, wd=Tuesday]
days.txt:1:60: date: 2024-03-20  [day=20, iso=2024-03-20, month=03, year=2024]' '' \
  "$POSTIL" --to lines --label date --date 2024-03-01 days.txt
is 'a day' 2 '' 'postil: --date 2023-02-29: *' "$POSTIL" --date 2023-02-29 b.txt
is 'version' 0 'postil 0.1.0' '' "$POSTIL" --version
for command in tag who names find check diff new norm test trust serve; do
  "$POSTIL" "$command" --help >out || bad "$command --help" ''
  holds "$command --help" out "^postil .*$command"
  sed -n 's/^ *\(--*[a-z][a-z]*\) .*/\1/p' out | sort -u >options
  while read -r option; do
    word=$(printf '%s' "${option#-}" | sed 's/^-/-/')
    holds "the man page has $option" "$top/plugin/command/postil.1" "Fl h , $word\|Fl $word"
  done <options
done
cp b.txt ./-dash.txt
is 'a file after --' 0 '-dash.txt:1:1: ship: HMS Wren' '' postil tag --to lines -- -dash.txt
is 'standard input' 0 '-:1:1: ship: HMS Wren' '' \
  sh -c "'$POSTIL' tag --rules rules.lua --to lines - <b.txt"

# --- sidecar: trusted here; trust.sh has what is not

trusted() { "$POSTIL" trust "$1" >out || bad "trust $1" "$(cat out)"; }
echo 'tag.word "left"' >a.txt.postil.lua
trusted a.txt.postil.lua
postil tag --to lines a.txt >out
lacks 'no sidecar unasked' out ': word:'
is 'a sidecar' 0 'a.txt:1:14: word: left' '' postil tag --sidecar --label word --to lines a.txt b.txt
echo 'pin.person { "the wife", is = "Ada Vexholm" }' >pinned.txt.postil.lua
trusted pinned.txt.postil.lua
echo 'So did the wife.' >pinned.txt
is 'a pin in a sidecar' 0 'pinned.txt:1:8: person: the wife  [name=Ada Vexholm]' '' \
  postil tag --sidecar --to lines pinned.txt
echo 'tag.word "' >a.txt.postil.lua
trusted a.txt.postil.lua
postil tag --sidecar --to lines a.txt b.txt >out 2>err
that 'a bad sidecar ends with 2' [ $? = 2 ]
that 'a bad sidecar spoils one file' [ "$(cat out)" = 'b.txt:1:1: ship: HMS Wren' ]
holds 'a bad sidecar is named' err 'a.txt.postil.lua:1'
rm a.txt.postil.lua

# --- trouble

is 'a missing file, the others go on' 2 'b.txt:1:1: ship: HMS Wren' 'postil: none.txt: No such file*' \
  postil tag --to lines none.txt b.txt
is 'a directory' 2 '' "postil: $dir: is a directory" postil tag "$dir"
is 'a device' 2 '' 'postil: /dev/zero: is a device*' postil tag /dev/zero
echo 'tag.ship "HMS <cap"' >broken.lua
"$POSTIL" --rules broken.lua b.txt >out 2>err
that 'a bad rule file ends with 2' [ $? = 2 ]
that 'a bad rule file tags nothing' [ ! -s out ]
holds 'a bad rule file is named' err 'broken.lua:1'
holds 'a caret' err '^ *| *^'

printf '\377\376H\0M\0S\0' >utf16.txt
postil tag utf16.txt >out 2>err
that 'UTF-16 is refused' [ $? = 2 ]
holds 'UTF-16 is named' err '^postil: utf16.txt: .*UTF-16'
if [ -e /dev/full ]; then
  "$POSTIL" --rules rules.lua b.txt >/dev/full 2>err
  that 'a full disk ends with 2' [ $? = 2 ]
  holds 'a full disk' err '^postil: cannot write: '
fi
{ yes '{"text":"HMS Wren"}' | head -n 20000 | postil tag --from jsonl; echo $? >status; } 2>err |
  head -n 1 >out
that 'a reader that goes away' [ "$(cat status)" = 0 ] && [ ! -s err ]
name=$(printf 'a\033[31mb.txt')
postil tag "$name" 2>err
holds 'no control in a message' err '^postil: a^\[\[31mb.txt: '

# --- ansi

printf 'an %s[31m HMS Wren\001 \302\233 \342\200\256 \377\n' "$esc" >wild.txt
postil tag --to ansi --color never wild.txt >out
that 'controls are shown' [ "$(tail -n +3 out)" = 'an ^[[31m HMS Wren^A <U+009B> <U+202E> <FF>' ]
postil tag --to ansi --color always wild.txt >out
lacks 'no control of the text' out "$esc\\[31m"
postil tag --to ansi --color always a.txt |
  sed "s/ $esc\\[2m‹[^›]*›$esc\\[0m//g; s/$esc\\[[0-9;]*m//g" | tail -n +3 >out
that 'stripped, it is the text' cmp -s out a.txt
printf '\nNothing here.\n' >plain.txt
is 'no legend where nothing is marked' 0 "$(cat plain.txt)" '' postil tag --to ansi plain.txt
printf '“One\ntwo,” said Ada Vexholm.\n' >wrap.txt
postil tag --to ansi --color always wrap.txt >out
holds 'colours end with the line' out "One$esc\\[0m\$"
holds 'and begin again' out "^$esc\\[3;32mtwo"
holds 'the speaker' out '‹Ada Vexholm›'
POSTIL_COLORS='ship=7' postil tag --to ansi --color always b.txt >out
holds 'POSTIL_COLORS' out "$esc\\[7mHMS Wren$esc\\[0m"
POSTIL_COLORS='ship=x' postil tag --to lines b.txt 2>err >out
holds 'POSTIL_COLORS that make no sense' err '^postil: POSTIL_COLORS: ship=x'
postil tag --to ansi b.txt >out
lacks 'no colours in a pipe' out "$esc"
CLICOLOR_FORCE=1 postil tag --to ansi b.txt >out
holds 'CLICOLOR_FORCE' out "$esc"
CLICOLOR_FORCE=1 NO_COLOR=1 postil tag --to ansi b.txt >out
lacks 'NO_COLOR' out "$esc"

# --- on a terminal

if command -v script >/dev/null; then
  tag="'$POSTIL' tag --rules rules.lua"
  tty "$tag b.txt"
  holds 'a terminal gets colours' out "$esc\\[4mHMS Wren"
  tty "NO_COLOR=1 $tag b.txt"
  lacks 'NO_COLOR on a terminal' out "$esc"
  tty "TERM=dumb $tag b.txt"
  lacks 'TERM=dumb' out "$esc"
  tty "POSTIL_PAGER='sed s/^/:/' $tag b.txt"
  lacks 'short output is not paged' out '^:'
  repeat 40 b.txt >long.txt
  tty "POSTIL_PAGER='sed s/^/:/' $tag long.txt"
  holds 'long output is paged' out '^:.*HMS Wren'
  tty "PAGER=no-such-pager $tag long.txt"
  holds 'a pager that is not installed loses nothing' out 'HMS'
  printf 'HMS Wren \033]0;title\007 here.\n' >esc.txt
  tty "$tag --to inline esc.txt"
  lacks 'inline sends no control to a terminal' out "$esc]0"
  postil tag --to inline esc.txt >out
  holds 'inline into a pipe is the bytes' out "$esc]0"
  tty "POSTIL_PAGER= $tag long.txt"
  lacks 'an empty pager is none' out '^:'
  that 'all lines without a pager' [ "$(grep -c Wren out)" = 40 ]
  tty "POSTIL_PAGER='head -n 1 >/dev/null; exit 3' $tag long.txt; echo status \$?"
  holds 'the status of a pager stays there' out '^status 0'
fi
POSTIL_PAGER='sed s/^/:/' postil tag --to ansi long.txt >out
lacks 'no pager in a pipe' out '^:'

# --- the sample

that 'the sample is there' [ "$(wc -l <"$top/tests/sample/article.txt")" -ge 50 ]
for format in lines jsonl inline ansi; do
  "$POSTIL" --to $format "$top/tests/sample/article.txt" >one 2>err || bad "sample, $format" "$(cat err)"
  "$POSTIL" --to $format "$top/tests/sample/article.txt" >two 2>err
  that "sample, $format" [ -s one ]
  that "sample, $format: the same bytes" cmp -s one two
done

finish
