#!/bin/sh
# why.sh - `postil why`: what it prints at a place, in which units, and how it ends.
# POSTIL names the command.  The rules are small ones made here, so that no pack decides a test.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

cat >rules.lua <<'END'
tag._title { terms = { "Minister" } }
tag.person { "<_title> [name:<cap>{2,3}]",
  "Ada|Bert" }
tag.date "(last|next) Wednesday"
tag.person "Next Wednesday"
veto.person "<date>"
tag._cue { terms = { "said" } }
quotes { cue = "_cue" }
amend.quote { "[<quote>] ,? speaker:<person> cue:<_cue>" }
amend.quote { "[<quote>] ,? cue:<_cue> speaker:<person>" }
END
printf '%s\n' 'Next Wednesday it rains.' '' '“Äh,” said Ada. Then Minister Lund ran.' >a.txt
cp a.txt b:3:4
why() { "$POSTIL" why --rules rules.lua "$@"; }

is 'what is tagged, and what lost' 0 \
  'tag      tag.date#3 rules.lua:4 "Next Wednesday"
vetoed   tag.person#4 rules.lua:5 "Next Wednesday" <- veto.person#5 rules.lua:6 "Next Wednesday"' \
  '' why a.txt:1:1
is 'a label' 0 \
  'vetoed   tag.person#4 rules.lua:5 "Next Wednesday" <- veto.person#5 rules.lua:6 "Next Wednesday"' \
  '' why a.txt:1:14 person
is 'a helper' 0 'tag      tag._cue#6 rules.lua:7 "said"' '' why a.txt:3:13 _cue
quote='tag      quote "“Äh,”"
amended  amend.quote#8 rules.lua:10 "“Äh,” said Ada"; the speaker is tag.person#2 rules.lua:3 "Ada"
cost     "“" opens: 0.0; in another role 4.5 more
cost     "”" closes: 0.0; in another role 4.5 more
near     amend.quote#7 rules.lua:9 "“Äh,”" wanted ,? speaker:<person> at 3:12 "said Ada. Then"'
is 'a quotation: its bill and its sieves' 0 "$quote" '' why a.txt:3:4
is 'columns in characters' 0 \
  'near     tag.person#2 rules.lua:2 "Minister Lund" wanted <cap>{2,3} at 3:36 "ran."' '' \
  why --columns chars a.txt:3:31
is 'columns in bytes' 0 \
  'near     tag.person#2 rules.lua:2 "Minister Lund" wanted <cap>{2,3} at 3:41 "ran."' '' \
  why a.txt:3:36
is 'nothing to tell' 1 '' 'postil: a.txt:1:16: nothing is tagged at "it", and no rule came near' why a.txt:1:16
is 'a blank line' 1 '' 'postil: a.txt:2:1: nothing is tagged at the end of the line, and no rule came near' why a.txt:2:1
is 'the end of a line' 1 '' 'postil: a.txt:1:25: nothing is tagged at the end of the line, and no rule came near' why a.txt:1:25
is 'nothing of a label' 1 '' 'postil: a.txt:1:16: no person is tagged at "it", and no rule of that label came near' \
  why a.txt:1:16 person
is 'nothing to tell as JSON' 1 '' 'postil: a.txt:1:16: nothing is tagged *' why --to jsonl a.txt:1:16
is 'between words' 1 '' 'postil: a.txt:1:15: nothing is tagged at a blank, and no rule came near' why a.txt:1:15
is 'a sign alone' 1 '' 'postil: a.txt:1:24: nothing is tagged at ".", and no rule came near' why a.txt:1:24
# shellcheck disable=SC2016  # the inner shell expands it
is 'standard input' 0 'tag      tag.person#2 rules.lua:3 "Bert"' '' sh -c \
  'printf "So Bert ran." | "$1" why --rules rules.lua -:1:4' sh "$POSTIL"
is 'a name with colons' 0 "$quote" '' why b:3:4:3:4
is 'lines of JSON' 0 \
  '{"id":"a.txt","unit":"byte","kind":"tag","start":0,"end":14,"text":"Next Wednesday","label":"date","rule":"rules.lua:4","rule_file":"rules.lua","rule_line":4}
{"id":"a.txt","unit":"byte","kind":"vetoed","start":0,"end":14,"text":"Next Wednesday","label":"person","rule":"rules.lua:5","rule_file":"rules.lua","rule_line":5,"by":{"start":0,"end":14,"text":"Next Wednesday","label":"person","rule":"rules.lua:6","rule_file":"rules.lua","rule_line":6}}' \
  '' why --to jsonl a.txt:1:1
is 'near and cost as JSON' 0 \
  '{"id":"a.txt","unit":"byte","kind":"near","start":52,"end":65,"text":"Minister Lund","label":"person","rule":"rules.lua:2","rule_file":"rules.lua","rule_line":2,"at":66,"wanted":"<cap>{2,3}"}' \
  '' why --to jsonl a.txt:3:36 person
is 'colours' 0 \
  "${esc}[2mnear    ${esc}[0m"' tag.person#2 rules.lua:2 "Minister Lund" wanted <cap>{2,3} at 3:41 "ran."' \
  '' why --color always a.txt:3:36
printf 'So Minister Bert%s[2J Lund ran.' "$esc" >c.txt
is 'controls are shown' 0 \
  'near     tag.person#2 rules.lua:2 "Minister Bert" wanted <cap>{2,3} at 1:17 "^[[2J Lund ran."' '' \
  why c.txt:1:4 person
printf '%s[2Jran' "$esc" >c.txt
is 'nothing, at a control' 1 '' 'postil: c.txt:1:1: nothing is tagged at "^[", *' why c.txt:1:1
printf 'tag.ship "Lund"\n' >a.txt.postil.lua
"$POSTIL" trust a.txt.postil.lua >out || exit 2
is 'a sidecar' 0 'tag      tag.ship#1 a.txt.postil.lua:1 "Lund"' '' why --sidecar a.txt:3:36 ship

is 'no place' 2 '' 'postil: why needs FILE:LINE:COL' why
is 'no column' 2 '' 'postil: a.txt:3: a place is FILE:LINE:COL, with numbers from 1' why a.txt:3
is 'a zero' 2 '' 'postil: a.txt:0:1: a place is FILE:LINE:COL, with numbers from 1' why a.txt:0:1
is 'a large number' 2 '' \
  'postil: a.txt:1:99999999999999999999: a place is FILE:LINE:COL, with numbers from 1' \
  why a.txt:1:99999999999999999999
is 'too many' 2 '' 'postil: why takes one FILE:LINE:COL and one LABEL' why a.txt:1:1 person date
is 'beyond a line' 2 '' 'postil: a.txt:1:26: the text has no such place' why a.txt:1:26
is 'beyond the text' 2 '' 'postil: a.txt:9:1: the text has no such place' why a.txt:9:1
is 'no such label' 2 '' 'postil: persn: no rule has this label (did you mean person?)' \
  why a.txt:1:1 persn
is 'no such file' 2 '' 'postil: none.txt: No such file or directory' why none.txt:1:1
is 'no lines of JSON' 2 '' 'postil: this command has no option --from' why --from jsonl a.txt:1:1

finish
