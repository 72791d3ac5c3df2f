#!/bin/sh
# lint.sh - postil lint and postil stats: what they print, where, and how they end.
# POSTIL names the command.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

lint() { "$POSTIL" lint "$@"; }
stats() { "$POSTIL" stats "$@"; }

# --- lint

cat >odd.lua <<'END'
tag.ship { id = "known",
  "HMS (Dove|Wren|Dove) of" , yes = "[HMS Dove of] Kent" }
tag.ship { "<cap>{2}", yes = "the [Skua Bay] here" }
END
is 'findings have places; the end is 1' 1 \
  'odd.lua:2:19: unreachable: "Dove" is never taken: it stands there before
odd.lua:3:13: slow: tried at every capitalised word: no word, term or label must stand in it' \
  '' lint odd.lua
is 'as JSON' 1 \
  '{"file":"odd.lua","line":2,"column":19,"name":"unreachable","rule":"ship/known","message":"\"Dove\" is never taken: it stands there before"}
{"file":"odd.lua","line":3,"column":13,"name":"slow","rule":"odd.lua:3","message":"tried at every capitalised word: no word, term or label must stand in it"}' \
  '' lint --to jsonl odd.lua
sed 's/^tag.ship { id = "known",/& -- lint: unreachable (spelled twice)/; s/here" }/& -- lint: slow/' \
  odd.lua >meant.lua
is 'what is meant is not told; the end is 0' 0 '' '' lint meant.lua
is 'several, with one that does not load' 2 \
  'odd.lua:2:19: unreachable: "Dove" is never taken: it stands there before
odd.lua:3:13: slow: tried at every capitalised word: no word, term or label must stand in it' \
  '*no.lua*' lint meant.lua no.lua odd.lua
cat >signs.lua <<'END'
tag.ship { "HMS + Name:<cap>",
  [[MV "a + b" \* (Dove | ? ) of]], 'who? is name:<cap>, A: <num>', no = "none" }
END
is 'signs that are text' 1 "signs.lua:1:17: signs: + behind a blank is the sign itself; did you mean to repeat what stands before the blank? Write \\+ for the sign
signs.lua:1:19: signs: 'Name:' is text, for captures are lower case; did you mean name:?
signs.lua:2:27: signs: ? behind a blank is the sign itself; did you mean to repeat what stands before the blank? Write \\? for the sign" '' lint signs.lua
printf 'tag.x { "a\033[31m", yes = "[a]" } tag.x { "a\033[31m", yes = "[a]" }\n' >control.lua
"$POSTIL" lint control.lua >out 2>&1
lacks 'no control reaches the terminal' out "$esc"
is 'a file of rules is wanted' 2 '' 'postil: lint needs a rule file or pack' lint
is 'no texts and no --rules' 2 '' \
  'postil: this command has no option --rules; its files are the rules: postil lint RULES' lint --rules odd.lua

# --- stats

cat >stats.lua <<'END'
tag.ship { id = "long", "HMS <cap> of <cap>" }
tag.ship { id = "short", "HMS <cap>", "USS <cap>" }
tag.ship { id = "none", "<cap> Bay", prio = -1 }
tag.bird { id = "bird", "Dove" }
tag.bird { id = "skua", "(Great|Great) Skua" }
END
printf 'HMS Dove of Kent met HMS Wren.\n' >a.txt
printf 'HMS Skua is here.\n' >b.txt
if "$POSTIL" stats --rules stats.lua a.txt b.txt >out 2>err && [ ! -s err ]; then ok
else bad 'stats' "$(cat err)"; fi
# Steps and times are not looked at.
got=$(awk 'NF == 0 { exit } { print $1, $2, $3 }' out | LC_ALL=C sort)
want='bird/bird 0 1
rule kept found
ship/long 1 1
ship/short 2 3'
that 'a row for each rule' [ "$got" = "$want" ]
got=$(sed -n '/^$/,$p' out)
want='
never matched:
  ship/short (stats.lua:2): pattern 2 of 2
  ship/none (stats.lua:3)
  bird/skua (stats.lua:5)

matched and never stayed:
  bird/bird (stats.lua:4): 1 found, 1 to stronger tags
    to ship/long 1

choices that are never taken:
  stats.lua:5:33: "Great" is never taken: it stands there before'
that 'what is of no use' [ "$got" = "$want" ]
"$POSTIL" stats --rules stats.lua --to jsonl a.txt b.txt | sed 's/"seconds":[^,}]*/"seconds":0/g; s/"steps":[0-9]*/"steps":0/g' >out
got=$(sed -n 4p out)
want='{"rule":"bird/bird","verb":"tag","label":"bird","file":"stats.lua","line":4,"counted":true,"found":1,"kept":0,"context":0,"vetoed":0,"refused":0,"merged":0,"beaten":1,"limits":0,"steps":0,"seconds":0,"patterns":[{"found":1,"kept":0,"context":0,"vetoed":0,"refused":0,"merged":0,"beaten":1,"limits":0,"steps":0,"seconds":0,"slow":false}],"lost":[{"rule":"ship/long","file":"stats.lua","line":1,"times":1}]}'
that 'stats as JSON' [ "$got" = "$want" ]
got=$(sed -n '$p' out)
that 'stats end with the sum' [ "$got" = '{"texts":2,"seconds":0}' ]
mkdir one two
printf 'tag.ship { id = "any", "HMS <cap>" }\ntag.bird "Skua"\n' >one/sea.lua
printf 'tag.ship { id = "any", "SS <cap>" }\ntag.bird "Dove"\n' >two/sea.lua
"$POSTIL" stats --rules stats.lua --rules one/sea.lua --rules two/sea.lua b.txt a.txt >out 2>err
got=$(awk 'NF == 0 { exit } { sub(/  +.*/, ""); print }' out | LC_ALL=C sort)
want='bird/bird
one/sea.lua:2
rule
ship/any (one/sea.lua:1)
ship/long
ship/short
two/sea.lua:2'
that 'rules of files of one name are told apart in the table' [ "$got" = "$want" ]
holds 'and in the lists, where other files stay short' out '^  ship/none (stats.lua:3)$'
holds 'with their names' out '^  ship/any (two/sea.lua:1)$'
printf 'tag.x "a"\n' >x.lua
is 'a text that is not there is trouble' 2 'rule  kept  found  steps  us  %

never matched:
  x.lua:1' '*no.txt*' stats --rules x.lua no.txt

finish
