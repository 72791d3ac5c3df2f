#!/bin/sh
# terms.sh - large tables and their cache, as the command uses them: who may read what, what is left
# alone, what is made again.  POSTIL names the command.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
export XDG_CACHE_HOME="$dir/cache"

# tags NAME WANT [STDERR]: what rules.lua finds in a.txt, and what is said (a `case` pattern).
tags() { is "$1" 0 "$2" "${3-}" "$POSTIL" tag --rules rules.lua --to lines a.txt; }
terms=$XDG_CACHE_HOME/postil/terms
files() { find "$terms" -type f 2>/dev/null | LC_ALL=C sort; }
count() { files | wc -l; }

awk 'BEGIN { print "name\tkey"; for (i = 1; i <= 20000; i++) print "Filler" i " Word\tkey" i }' >t.tsv
printf 'Acme\tone\n' >>t.tsv
echo 'tag.x { file = "t.tsv" }' >rules.lua
echo 'Acme met Filler7 Word.' >a.txt
want="a.txt:1:1: x: Acme  [key=one]
a.txt:1:10: x: Filler7 Word  [key=key7]"

# --- Where it is, and whose.

tags 'the first time' "$want"
that 'one file' [ "$(count)" = 1 ]
that 'no unfinished one' [ -z "$(find "$terms" -name '.new*')" ]
file=$(files)
that 'a file of its owner' [ "$(stat -c %a "$file")" = 600 ]
that 'a folder of its owner' [ "$(stat -c %a "$terms")" = 700 ]
before=$(stat -c '%i %Y' "$file")
tags 'from the cache' "$want"
that 'it was not written again' [ "$(stat -c '%i %Y' "$file")" = "$before" ]
cp "$file" good

# --- What is not whole or not ours is made again, and nothing else is touched.

for size in 0 100 5000; do
  head -c "$size" good >"$file"
  tags "cut to $size bytes" "$want"
  that "made again after $size bytes" cmp -s good "$file"
done
printf 'xxxxxxxx' | dd of="$file" bs=1 seek=70000 conv=notrunc 2>/dev/null
tags 'damaged in the middle' "$want"
that 'made again' cmp -s good "$file"

rm -f "$file"
echo precious >precious
ln -s "$dir/precious" "$file"
tags 'a link in its place' "$want"
that 'what the link names is as it was' [ "$(cat precious)" = precious ]
that 'a file is there again' [ ! -h "$file" ]

chmod g+w "$file"
tags 'others may write the file' "$want"
that 'it is ours alone again' [ "$(stat -c %a "$file")" = 600 ]

chmod o+w "$terms"
before=$(stat -c '%i %Y' "$file")
tags 'others may write the folder' "$want" \
  'postil: t.tsv: compiled in memory, for */cache/postil/terms cannot be written (*)'
that 'it is not used' [ "$(stat -c '%i %Y' "$file")" = "$before" ]
chmod 700 "$terms"

XDG_CACHE_HOME=$dir/precious tags 'no folder can be made' "$want" \
  'postil: t.tsv: compiled in memory, for *precious/postil/terms cannot be written (Not a directory)'
XDG_CACHE_HOME=relative tags 'a folder that is none' "$want"
that 'then it is below ~/.cache' [ "$(find "$HOME/.cache/postil/terms" -type f | wc -l)" = 1 ]
that 'and not here' [ ! -e relative ]
rm -rf "$HOME"

# --- Another table, another file; old ones go, what is not ours stays.

: >"$terms/notes.txt"
: >"$terms/0123456789abcdef0123456789abcdef"
: >"$terms/.new-1-1"
: >"$terms/fedcba9876543210fedcba9876543210"
touch -d '40 days ago' "$terms/notes.txt" "$terms/0123456789abcdef0123456789abcdef"
touch -d '2 days ago' "$terms/.new-1-1" "$terms/fedcba9876543210fedcba9876543210"
printf 'Bolt\ttwo\n' >>t.tsv
tags 'a table that has changed' "$want"
that 'two files and what stays' [ "$(count)" = 4 ]
that 'an old file went' [ ! -e "$terms/0123456789abcdef0123456789abcdef" ]
that 'an unfinished one went' [ ! -e "$terms/.new-1-1" ]
that 'what is not ours stays' [ -e "$terms/notes.txt" ]
touch -d '20 days ago' "$file"
cp t.tsv u.tsv
sed '$d' u.tsv >t.tsv
tags 'used again' "$want"
that 'its day is noted' [ -n "$(find "$file" -mtime -1)" ]

# --- Rows that are none.

echo "Ann${tab}1${tab}2" >>t.tsv
"$POSTIL" tag --rules rules.lua a.txt >out 2>err </dev/null
that 'a bad row is an error' [ "$?$(cat out)" = 2 ]
that 'with its line' grep -q \
  '^rules.lua:1: in tag.x#1: t.tsv:20003: more columns than the first line names$' err
before=$(count)
echo 'tag.x { file = "t.tsv", bad = "skip" }' >rules.lua
skipped='postil: t.tsv: 1 row skipped, the first in line 20003: more columns than the first line names'
tags 'skipped' "$want" "$skipped"
tags 'skipped, from the cache' "$want" "$skipped"
that 'that is another file' [ "$(count)" = $((before + 1)) ]

# --- How long it takes is our business: work that rules ask for is counted, not timed.

awk 'BEGIN { print "first\tlast"; for (i = 1; i <= 1200000; i++) print "Fo" i % 7000 "\tLa" i }' >t.tsv
# shellcheck disable=SC2016  # $ is a column there
echo 'tag.x { terms = each("t.tsv", { "$first $last" }) }' >rules.lua
echo 'See Fo2999 La1199999 there.' >a.txt
tags 'a table of many joined names' 'a.txt:1:5: x: Fo2999 La1199999'

# --- What is not a table of the rule file's.

echo 'tag.x { file = "t.tsv" }' >rules.lua
rm t.tsv
mkdir t.tsv
"$POSTIL" tag --rules rules.lua a.txt >out 2>err </dev/null
that 'a folder is no table' [ "$?" = 2 ]
rmdir t.tsv

finish
