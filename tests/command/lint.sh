#!/bin/sh
# lint.sh - postil lint and postil stats: what they print, where, and how they end.
# POSTIL names the command.
set -u
: "${POSTIL=build/postil}"
case $POSTIL in /*) ;; *) POSTIL=$PWD/$POSTIL ;; esac
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 2
export LC_ALL=C
passed=0 failed=0

ok() { passed=$((passed + 1)); }
bad() { # NAME WORDS
  failed=$((failed + 1))
  printf 'not ok: %s\n%s\n' "$1" "$2"
}

# is NAME STATUS STDOUT STDERR ARGUMENTS...: all three must be so; STDERR may be a `case` pattern.
is() {
  name=$1 status=$2 stdout=$3 stderr=$4
  shift 4
  "$POSTIL" "$@" >out 2>err </dev/null
  got=$?
  [ "$got" = "$status" ] || { bad "$name" "status $got, not $status; $(cat err)"; return; }
  [ "$(cat out)" = "$stdout" ] || { bad "$name" "wrote: $(cat out)
not:   $stdout"; return; }
  # shellcheck disable=SC2254  # a pattern is wanted
  case $(cat err) in
    $stderr) ok ;;
    *) bad "$name" "said: $(cat err)
not:  $stderr" ;;
  esac
}

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
printf 'tag.x { "a\033[31m", yes = "[a]" } tag.x { "a\033[31m", yes = "[a]" }\n' >control.lua
"$POSTIL" lint control.lua >out 2>&1
if grep -q "$(printf '\033')" out; then bad 'no control reaches the terminal' "$(cat -v out)"; else ok; fi
is 'a file of rules is wanted' 2 '' 'postil: lint needs a rule file or pack' lint
is 'no texts and no --rules' 2 '' 'postil: this command has no option --rules' lint --rules odd.lua

# --- stats

cat >stats.lua <<'END'
tag.ship { id = "long", "HMS <cap> of <cap>" }
tag.ship { id = "short", "HMS <cap>", "USS <cap>" }
tag.ship { id = "none", "<cap> Bay", prio = -1 }
tag.bird { id = "bird", "Dove" }
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
if [ "$got" = "$want" ]; then ok; else bad 'a row for each rule' "wrote: $got
not:   $want"; fi
got=$(sed -n '/^$/,$p' out)
want='
never matched:
  ship/short (stats.lua:2): pattern 2 of 2
  ship/none (stats.lua:3)

matched and never stayed:
  bird/bird (stats.lua:4): 1 found, 1 to stronger tags
    to ship/long 1'
if [ "$got" = "$want" ]; then ok; else bad 'what is of no use' "wrote: $got
not:   $want"; fi
"$POSTIL" stats --rules stats.lua --to jsonl a.txt b.txt | sed 's/"seconds":[^,}]*/"seconds":0/g; s/"steps":[0-9]*/"steps":0/g' >out
got=$(sed -n 4p out)
want='{"rule":"bird/bird","verb":"tag","label":"bird","file":"stats.lua","line":4,"counted":true,"found":1,"kept":0,"context":0,"vetoed":0,"refused":0,"merged":0,"beaten":1,"limits":0,"steps":0,"seconds":0,"patterns":[{"found":1,"kept":0,"context":0,"vetoed":0,"refused":0,"merged":0,"beaten":1,"limits":0,"steps":0,"seconds":0,"slow":false}],"lost":[{"rule":"ship/long","times":1}]}'
if [ "$got" = "$want" ]; then ok; else bad 'stats as JSON' "wrote: $got
not:   $want"; fi
got=$(sed -n '$p' out)
if [ "$got" = '{"texts":2,"seconds":0}' ]; then ok; else bad 'stats end with the sum' "$got"; fi
printf 'tag.x "a"\n' >x.lua
is 'a text that is not there is trouble' 2 'rule  kept  found  steps  us  %

never matched:
  x.lua:1' '*no.txt*' stats --rules x.lua no.txt

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
