#!/bin/sh
# diff.sh - postil diff: what one rule set tags otherwise than another.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

cat >one.lua <<'E'
tag.ship "HMS <cap>"
tag.person "(Ada|Bert) family:Vexholm"
alias.person "[=family]"
tag._cue { terms = { "said", "says" } }
quotes { cue = "_cue" }
amend.quote "[<quote>] ,? speaker:<person> cue:<_cue>"
E
cat >two.lua <<'E'
-- one line further down, and called otherwise: no difference
tag.ship { id = "hms", "HMS <cap>{1,2}" }
tag.person { "Ada family:Vexholm", set = { role = "skipper, mate" } }
alias.person "[=family]"
tag._cue { terms = { "said", "says" } }
quotes { cue = "_cue" }
amend.quote "[<quote>] ,? cue:<_cue> speaker:<person>"
tag.wind "gale"
E
printf 'The HMS Dove Bar left.\n\n“We sail at dawn,” said Ada Vexholm. “It is late,” Bert said in the gale.\n' >a.txt
printf 'HMS Wren is here.\n' >b.txt
diff() { "$POSTIL" diff --rules one.lua --rules two.lua "$@"; }

is 'new, gone and changed, by place' 1 'a.txt:1:5: ~ ship: HMS Dove Bar  [text: HMS Dove -> HMS Dove Bar]
a.txt:3:1: ~ quote: “We sail at dawn,”  [cue: -> said, speaker: -> Ada Vexholm]
a.txt:3:29: ~ person: Ada Vexholm  [role: -> "skipper, mate"]
a.txt:3:77: + wind: gale
+1 -0 ~3' '' diff a.txt b.txt
is 'the other way round' 1 'a.txt:3:77: - wind: gale
+0 -1 ~0' '' "$POSTIL" diff --rules two.lua --rules one.lua --label wind b.txt a.txt
is 'no difference' 0 '' '' diff b.txt
is 'a rule set is no different from itself' 0 '' '' "$POSTIL" diff --rules one.lua --rules one.lua a.txt
printf 'Vexholm went; so did Bert Vexholm.\n' >c.txt
is 'what is gone is shown as it was' 1 'c.txt:1:1: - person: Vexholm  [name=Bert Vexholm]
c.txt:1:22: - person: Bert Vexholm  [family=Vexholm]
+0 -2 ~0' '' diff c.txt
is 'only these labels' 1 'a.txt:3:77: + wind: gale
+1 -0 ~0' '' diff --label wind a.txt
is 'a label of neither side' 2 '' 'postil: --label wnd: no rule gives this label (did you mean wind?)' \
  diff --label wnd a.txt
is 'columns' 1 'a.txt:3:69: + wind: gale
+1 -0 ~0' '' diff --label wind --columns chars a.txt
is 'standard input' 1 '-:2:1: + wind: Gale
+1 -0 ~0' '' sh -c "printf 'A\nGale' | '$POSTIL' diff --rules one.lua --rules two.lua -"
printf '%s\n' '{"id":7,"text":"A gale"}' '{"text":"HMS Dove"}' >in.jsonl
is 'lines of JSON, each with its answer' 1 '{"id":7,"unit":"byte","new":[{"start":2,"end":6,"label":"wind","text":"gale"}],"gone":[],"changed":[]}
{"id":2,"unit":"byte","new":[],"gone":[],"changed":[]}' '' diff --from jsonl --to jsonl in.jsonl
is 'changes in JSON' 1 '{"id":"a.txt","unit":"byte","new":[],"gone":[],"changed":[{"start":4,"end":16,"label":"ship","text":"HMS Dove Bar","was":{"start":4,"end":12},"changes":{}}]}' '' \
  diff --to jsonl --label ship a.txt
is 'links in JSON' 1 '{"id":"a.txt","unit":"byte","new":[],"gone":[],"changed":[{"start":24,"end":46,"label":"quote","text":"“We sail at dawn,”","changes":{"cue":{"to":{"start":47,"end":51,"name":"said"}},"speaker":{"to":{"start":52,"end":63,"name":"Ada Vexholm"}}}}]}' '' \
  diff --to jsonl --label quote a.txt
diff --color always --label ship,wind a.txt >out
holds 'colours' out "$(printf ': \033\\[33m~\033\\[0m ship: ')"

# --- sides of several files

echo 'tag.ship { "HMS <cap>", set = { kind = "sloop" } }' >kind.lua
cp kind.lua 'a,b.lua'
is 'several files are one side' 1 'b.txt:1:1: ~ ship: HMS Wren  [kind: -> sloop]
+0 -0 ~1' '' "$POSTIL" diff --rules one.lua --rules one.lua,kind.lua b.txt
is 'a file with a comma in its name' 1 'b.txt:1:1: ~ ship: HMS Wren  [kind: -> sloop]
+0 -0 ~1' '' "$POSTIL" diff --rules one.lua --rules a,b.lua b.txt
is 'a pack is a side' 1 'b.txt:1:1: ~ vessel: HMS Wren  [kind: -> sloop]
+0 -0 ~1' '' sh -c "echo 'tag.vessel { \"HMS <cap>\", set = { kind = \"sloop\" } }' >v.lua
  '$POSTIL' diff --rules news --rules news,v.lua --label vessel b.txt | sed 's/\[.*kind/[kind/'; exit 1"

# --- a link that moves

cat >near.lua <<'E'
tag.person "Bo"
quotes {}
amend.quote "speaker:<person> said : [<quote>]"
E
sed 's/said :/said ... :/' near.lua >far.lua
echo 'amend.quote { "speaker:<person> and <person> ... : [<quote>]", overwrite = true }' >>far.lua
printf 'Bo and Bo said: “No.”\n' >bo.txt
is 'a link that moved says from where to where' 1 \
  'bo.txt:1:17: ~ quote: “No.”  [speaker: Bo (1:8) -> Bo (1:1)]
+0 -0 ~1' '' "$POSTIL" diff --rules near.lua --rules far.lua bo.txt

# --- trouble

is 'one rule set is not enough' 2 '' 'postil: diff compares two rule sets: --rules A --rules B' \
  "$POSTIL" diff --rules one.lua a.txt
is 'three are too many' 2 '' 'postil: diff compares two rule sets: --rules A --rules B' \
  "$POSTIL" diff --rules one.lua --rules one.lua --rules one.lua a.txt
echo 'tag.x "<cap"' >broken.lua
"$POSTIL" diff --rules broken.lua --rules nowhere a.txt >out 2>err
that 'sides that do not load end with 2' [ $? = 2 ]
holds 'both are reported: a broken one' err '^broken.lua:1: '
holds 'both are reported: one that is not there' err "there is no pack 'nowhere'"
is 'a text that is not there, the others go on' 2 'b.txt:1:1: ~ ship: HMS Wren  [kind: -> sloop]
+0 -0 ~1' 'postil: none.txt: No such file*' "$POSTIL" diff --rules one.lua --rules kind.lua none.txt b.txt
echo 'tag.ship { "HMS <cap>", keep = function(m) return m.text .. {} end }' >fails.lua
is 'a function that fails on one side' 2 '' 'postil: b.txt: fails.lua:1: *' \
  "$POSTIL" diff --rules one.lua --rules fails.lua b.txt

finish
