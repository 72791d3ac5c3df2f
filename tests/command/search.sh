#!/bin/sh
# search.sh - where rule files are looked for, which of two comes first, and what use and off do.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

config=$HOME/.config/postil/rules
mkdir -p "$config/deep" first second own
printf 'One two six ten, said Mr. Bo Lund.\n' >a.txt
lines() { "$POSTIL" tag --to lines "$@" a.txt; }

# --- the path

echo 'tag.second "one"' >second/pets.lua
echo 'tag.config "one"' >"$config/pets.lua"
is 'the configuration folder' 0 'a.txt:1:1: config: One' '' lines --rules pets
export POSTIL_PATH="$dir/first:$dir/second/"
is 'POSTIL_PATH is before it' 0 'a.txt:1:1: second: One' '' lines --rules pets
echo 'tag.first "one"' >first/pets.lua
is 'its first folder comes first' 0 'a.txt:1:1: first: One' '' lines --rules pets
XDG_CONFIG_HOME=$dir/xdg
export XDG_CONFIG_HOME
mkdir -p xdg/postil/rules/cats
echo 'use "cats/tom" tag.cat "two"' >xdg/postil/rules/cats/init.lua
echo 'tag.tom "six"' >xdg/postil/rules/cats/tom.lua
is 'XDG_CONFIG_HOME, a folder, and its part' 0 'a.txt:1:5: cat: two
a.txt:1:9: tom: six' '' lines --rules cats
is 'a part of a pack alone' 0 'a.txt:1:9: tom: six' '' lines --rules cats/tom
is 'a pack that is nowhere' 2 '' "there is no pack 'dogs'; looked for dogs.lua and dogs/init.lua in $dir/first/, $dir/second/, $dir/xdg/postil/rules/, postil itself" \
  lines --rules dogs
is 'a folder that is nowhere' 2 '' './dogs/: no init.lua is there*' lines --rules ./dogs/
echo 'tag.dog "one"' >dogs.lua
is 'rules here need their name' 2 '' "there is no pack 'dogs'; *(did you mean dogs.lua?)" lines --rules dogs
mkdir hens
echo 'tag.hen "one"' >hens/init.lua
is 'or a path' 2 '' "there is no pack 'hens'; *(did you mean ./hens?)" lines --rules hens
is 'like this' 0 'a.txt:1:1: hen: One' '' lines --rules ./hens
echo 'use "dogs"' >own/mine.lua
is 'use says where it looked, too' 2 '' "own/mine.lua:1: use: there is no pack 'dogs'; looked for dogs.lua and dogs/init.lua in $dir/first/, $dir/second/, $dir/xdg/postil/rules/, own/, postil itself*" \
  lines --rules own/mine.lua
echo 'tag.dog "two"' >own/dogs.lua
is 'use looks beside the file at last' 0 'a.txt:1:5: dog: two' '' lines --rules own/mine.lua
unset XDG_CONFIG_HOME HOME POSTIL_PATH
is 'without a home' 2 '' "there is no pack 'cats'; looked for cats.lua and cats/init.lua in postil itself" \
  lines --rules cats
export HOME="$dir/home"

cp dogs.lua "it's.lua"
mkdir "it's" && cp hens/init.lua "it's/"
is 'a quote in the name of a file' 0 'a.txt:1:1: dog: One' '' lines --rules "it's.lua"
is 'a quote in the name of a folder' 0 'a.txt:1:1: hen: One' '' lines --rules "it's/"
is 'and where nothing is' 2 '' "./a'b/init.lua: No such file*" lines --rules "./a'b"

# --- a pack of the same name in front

echo 'use "news" off "person/titled" tag.mine "six"' >"$config/news.lua"
lines >out 2>err
holds 'a user pack called news comes first' out ': mine: six'
holds 'and has the shipped one behind it' out ': headline\|: person: '
export POSTIL_PATH="$dir/first"
echo 'use "news" tag.front "ten"' >first/news.lua
lines >out 2>err
holds 'two in front: the first' out ': front: ten'
holds 'two in front: the second' out ': mine: six'
holds 'two in front: the shipped' out ': person: '
is 'a file called news.lua uses the pack news' 0 'a.txt:1:9: mine: six
a.txt:1:13: front: ten' '' sh -c "mkdir -p at; echo 'use \"news\"' >at/news.lua
  '$POSTIL' tag --rules at/news.lua --to lines --label mine,front a.txt"
rm first/news.lua "$config/news.lua"

# --- use

echo 'use "b" tag.a "one"' >own/a.lua
echo 'use "c" use "a" tag.b "two"' >own/b.lua
echo 'use "a" tag.c "six"' >own/c.lua
is 'files that use each other are read once each' 0 'a.txt:1:1: a: One
a.txt:1:5: b: two
a.txt:1:9: c: six' '' lines --rules own/a.lua
is 'one given twice is read once' 0 'a.txt:1:9: c: six' '' \
  sh -c "echo 'tag.c \"six\"' >own/c.lua; '$POSTIL' tag --rules own/c.lua --rules own/c.lua --to lines a.txt"

echo 'use "self"' >own/self.lua
is 'a pack that uses itself and hides no other' 2 '' \
  "own/self.lua:1: use: this file is the pack 'self', and there is no other; looked *" lines --rules own/self.lua

# --- off

cat >own/base.lua <<'E'
pack { name = "base" }
tag.x { id = "low", "one", yes = "[one]" }
tag.x { id = "high", "six", yes = "[six]" }
E
echo 'use "base" off "x/low"' >own/after.lua
is 'off after use' 0 'a.txt:1:9: x: six' '' lines --rules own/after.lua
echo 'off "x/low" use "base"' >own/before.lua
is 'off before use' 0 'a.txt:1:9: x: six' '' lines --rules own/before.lua
is 'off in a file of its own' 0 'a.txt:1:9: x: six' '' \
  sh -c "echo 'off \"x/low\"' >own/o.lua; '$POSTIL' tag --rules own/o.lua --rules own/base.lua --to lines a.txt"
echo 'use "base" off "x/low" tag.x { id = "low", "ten" }' >own/instead.lua
is 'another rule in its place' 0 'a.txt:1:9: x: six
a.txt:1:13: x: ten' '' lines --rules own/instead.lua
echo 'off "x/low" tag.x { id = "low", "ten" } use "base"' >own/instead.lua
is 'whatever the order' 0 'a.txt:1:9: x: six
a.txt:1:13: x: ten' '' lines --rules own/instead.lua
echo 'use "base" off "base.lua:3"' >own/line.lua
is 'a rule that has an id is called by it' 2 '' "own/line.lua:1: off: no rule is called 'base.lua:3'*" \
  lines --rules own/line.lua
printf '%s\n' '-- mine' 'off "x/hihg" use "base"' >own/typo.lua
is 'a misspelt off' 2 '' "own/typo.lua:2: off: no rule is called 'x/hihg' (did you mean 'x/high'?)
     2 | off \"x/hihg\" use \"base\"
       |      ^^^^^^" lines --rules own/typo.lua
"$POSTIL" test own/after.lua own/before.lua >out 2>err
that 'a rule that is off is not tested' [ $? = 0 ]
lines --rules news --rules own/o2.lua >out 2>err
that 'a missing file beside a pack' [ $? = 2 ]
echo 'use "news/number" off "money/sign"' >own/part.lua
lines --rules own/part.lua >out 2>err
that 'a part of the shipped pack stands alone' [ $? = 0 ] || cat err

# --- tables of rules on the command line

mkdir here && cd here || exit 2
printf 'Bo spoke.\n' >a.txt
printf 'name\tkind\nBo\tshort\n' >names.tsv
echo 'tag.evil "spoke"' >names.lua
mkdir names && echo 'tag.evil "spoke"' >names/part.lua
printf 'name\nspoke\n' >"$dir/above.tsv"
is 'a table in the current directory' 0 'a.txt:1:1: who: Bo  [kind=short]' '' \
  lines --label who -e 'tag.who { file = "names" }'
# shellcheck disable=SC2016  # the rule expands it
is 'and its rows' 0 'a.txt:1:1: who: Bo' '' lines --label who -e 'tag.who { terms = each(read "names", { "$name" }) }'
is 'one that is not there' 2 '' '*there is no table none (.tsv, .csv, .jsonl) in this folder or among the shipped ones*' \
  lines -e 'tag.who { file = "none" }'
is 'no folder above' 2 '' "*'../above' is no name of a table*" lines -e 'tag.who { file = "../above" }'
is 'no folder at all' 2 '' "*'$dir/above' is no name of a table*" lines -e "tag.who { file = \"$dir/above\" }"
is 'no folder below' 2 '' '*no table part *' lines -e 'tag.who { file = "part" }'
is 'rules that lie there are no packs of it' 2 '' "*there is no pack 'names'*" lines -e 'use "names"'
is 'nor are parts' 2 '' "*there is no pack 'names/part'*" lines -e 'use "names/part"'

finish
