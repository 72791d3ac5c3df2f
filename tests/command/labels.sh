#!/bin/sh
# labels.sh - postil labels: what rule sets have, for people and as JSON.
# POSTIL names the command.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

labels() { "$POSTIL" labels "$@"; }
printf 'name\tflag\nTern\tNO\nSkua\tDK\n' >ships.tsv
cat >ships.lua <<'END'
tag.ship { id = "known", file = "ships.tsv", set = { kind = "vessel" } }
tag.ship { id = "by-prefix", "prefix:(HMS|USS) name:<cap>", set = {
  navy = { from = "prefix", map = { HMS = "Royal Navy", USS = "United States Navy" } },
  length = function(m) return #m.text end },
  yes = "The [HMS Dove | navy=Royal Navy] left." }
veto.ship "<_land>"
tag._land { terms = { "Skua Island" } }
alias.ship "the [=name]"
END

printf 'tag._land { terms = { "Skua Island" } }\n' >helper.lua
printf 'tag.ship "Wren"' >x.lua
printf '' >empty.lua
printf 'tag.x { id = "a", "a" } tag.x { id = "b", "b" } off "x/a"\n' >drop.lua
printf 'quotes { locale = "en" }\n' >quotes.lua

is 'labels' 0 'ship  4 rules, 2 terms
      attributes  flag (term), kind (constant), length (function),
                  name (capture), navy (map), prefix (capture)
      rules       ship/known ships.lua:1, ship/by-prefix ships.lua:2,
                  veto ships.lua:6, alias ships.lua:8
      example     The [HMS Dove | navy=Royal Navy] left.' '' labels --rules ships.lua
mkdir one two
printf 'tag.ship { id = "any", "HMS <cap>" }\ntag.ship "Dove"\n' >one/sea.lua
cp one/sea.lua two/sea.lua
is 'files of one name are told apart' 0 'ship  5 rules
      rules       ship/any one/sea.lua:1, one/sea.lua:2, ship/any two/sea.lua:1,
                  two/sea.lua:2, x.lua:1' '' labels --rules one/sea.lua --rules two/sea.lua --rules x.lua
# shellcheck disable=SC2016  # $day is of the rule
is 'converters by their names' 0 'due  1 rule
     attributes  day (capture), is (p.iso), money (p.money), note (function),
                 same (template)
     rules       -e 1:1' '' labels --rules empty.lua -e 'tag.due { "on day:<num>", is = p.iso, set = {
  money = p.money, note = function(m) return p.money(m) end, same = "$day" } }'
is 'helpers, too; a term is an example' 0 '_land  1 rule, 1 term
       rules       helper.lua:1
       example     Skua Island' '' labels --all --rules helper.lua
is 'as JSON' 0 '{"label":"x","terms":1,"attributes":[{"name":"is","set":["constant"]}],"rules":[{"name":"-e 1:1","verb":"pin","file":"-e 1","line":1,"patterns":0,"terms":1}],"example":"a \"b\""}' \
  '' labels --to jsonl --rules empty.lua -e 'pin.x { terms = { "a \"b\"" }, is = "c" }'
is 'a dropped rule is gone' 0 'x  1 rule
   rules       x/b drop.lua:1' '' labels --rules drop.lua
is 'quotations' 0 'quote  0 rules
       attributes  kind (core)' '' labels --rules quotes.lua
is 'no texts' 2 '' 'postil: labels reads no texts; rules are named by --rules' labels ships.lua
is 'rules that are not there' 2 '' "there is no pack 'nothing'; looked for *" labels --rules nothing

finish
