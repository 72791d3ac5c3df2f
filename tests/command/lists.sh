#!/bin/sh
# lists.sh - lists for editors: --to vimgrep and --to ctags, of tag and of find, read by real readers.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

cat >rules.lua <<'E2'
tag.ship { "HMS [name:<cap>]" }
tag.ship { "the flagship", is = "Wren" }
tag.date "Monday"
E2
printf 'The HMS Wren left on Monday.\nThen  the flagship\tsaw HMS Dove and HMS Wren.\n' >a.txt
printf '“We saw it,” said Mr. Bo Lund.\nNothing else.\n' >b.txt
mkdir sub && cp a.txt 'sub/two  words.txt'
postil() { "$POSTIL" "$@"; }
list() { postil tag --rules rules.lua --to "$@"; }

# --- vimgrep

is 'a line for each tag: file, line, byte, the line' 0 "a.txt:1:9:The HMS Wren left on Monday.
a.txt:1:22:The HMS Wren left on Monday.
a.txt:2:7:Then the flagship saw HMS Dove and HMS Wren.
a.txt:2:28:Then the flagship saw HMS Dove and HMS Wren.
a.txt:2:41:Then the flagship saw HMS Dove and HMS Wren." '' list vimgrep a.txt
is 'only labels asked for' 0 'a.txt:1:22:The HMS Wren left on Monday.' '' \
  list vimgrep --label date a.txt
is 'find' 0 'a.txt:2:28:Then the flagship saw HMS Dove and HMS Wren.' '' \
  postil find --rules rules.lua --to vimgrep Dove a.txt
is 'find, nothing' 1 '' '' postil find --rules rules.lua --to vimgrep Crow a.txt
is 'a file name stays what it is' 0 'sub/two  words.txt:1:22:The HMS Wren left on Monday.' '' \
  list vimgrep --label date 'sub/two  words.txt'
name=$(printf 'li\nne.txt')
cp a.txt "$name"
is 'a name with a line break is refused, the others go on' 2 'a.txt:1:22:The HMS Wren left on Monday.' \
  'postil: li ne.txt: the name of this file cannot stand in such a list' \
  list vimgrep --label date "$name" a.txt
printf 'HMS Wren \033[31m and \302\233 here.\n' >esc.txt
is 'no control of a text' 0 'esc.txt:1:5:HMS Wren ^[[31m and <U+009B> here.' '' list vimgrep esc.txt
is '--watch does not take it' 2 '' '*--watch writes lines or jsonl*' list vimgrep --watch a.txt

# --- ctags

list ctags a.txt b.txt >tags 2>err
grep -v '^!_' tags >entries
is 'entries: words and canonical name, sorted, without values' 0 "Dove${tab}a.txt${tab}2;\"${tab}kind:ship${tab}line:2${tab}column:28
Wren${tab}a.txt${tab}1;\"${tab}kind:ship${tab}line:1${tab}column:9
Wren${tab}a.txt${tab}2;\"${tab}kind:ship${tab}line:2${tab}column:7${tab}name:Wren
Wren${tab}a.txt${tab}2;\"${tab}kind:ship${tab}line:2${tab}column:41
the flagship${tab}a.txt${tab}2;\"${tab}kind:ship${tab}line:2${tab}column:7${tab}name:Wren" '' cat entries
holds 'a header' tags "^!_TAG_FILE_SORTED${tab}1${tab}"
cut -f 1 tags | LC_ALL=C sort -c 2>err || bad 'sorted by bytes' "$(cat err)"
list ctags --label date a.txt | grep -v '^!_' >entries
holds 'a label that is asked for' entries "^Monday${tab}a.txt${tab}1;\""
postil tag --to ctags b.txt >out
holds 'a quotation by its first words, with its speaker' out \
  "^We saw it,.*${tab}b.txt${tab}1;\"${tab}kind:quote${tab}line:1${tab}column:1${tab}speaker:Bo Lund\$"
postil find --rules rules.lua --to ctags Wren a.txt >out
that 'find: the mentions of one name' [ "$(grep -c '^Wren' out)" = 3 ]
lacks 'find: no other' out Dove

cat >odd.lua <<'E2'
tag.odd { "x y", is = "!_TAG_FILE_SORTED\t0\t\n\\ [31mred" }
E2
printf 'x y\n' >odd.txt
postil tag --rules odd.lua --to ctags odd.txt >out
lacks 'no name makes a line of the header' out "^!_TAG_FILE_SORTED${tab}0"
that 'nor a second line' [ "$(grep -vc '^!_' out)" = 2 ]
lacks 'nor sends a control' out "$esc"
name="ta${tab}b.txt"
cp a.txt "$name"
list ctags "$name" a.txt >out 2>err
that 'a name with a tab is refused' [ $? = 2 ]
holds 'in words' err '^postil: ta b.txt: the name of this file cannot stand in such a list$'
lacks 'and left out' out 'ta.*b.txt'
holds 'the others go on' out "^Dove${tab}a.txt"

if command -v readtags >/dev/null; then
  that 'readtags finds each of a name' [ "$(readtags -t tags Wren | wc -l)" = 3 ]
  readtags -t tags -e - 'the flagship' >out
  holds 'readtags finds a name of two words, with its fields' out \
    "^the flagship${tab}a.txt${tab}2;\"${tab}kind:ship${tab}.*name:Wren"
else
  echo 'skipped: no readtags here (universal-ctags)'
fi

editor=$(command -v nvim || command -v vim || :)
if [ -n "$editor" ]; then
  list vimgrep a.txt >errors
  cat >go.vim <<'E2'
tag the flagship
let places = [expand('%') . ':' . line('.')]
tag Wren
let places += [expand('%') . ':' . line('.')]
2tnext
let places += [expand('%') . ':' . line('.')]
cfile errors
clast
let places += [expand('%') . ':' . line('.') . ':' . col('.')]
call writefile(places, 'places')
qall!
E2
  "$editor" -u NONE -i NONE -es -S go.vim </dev/null >err 2>&1
  is "${editor##*/}: :tag, :tnext, :clast" 0 'a.txt:2
a.txt:1
a.txt:2
a.txt:2:41' '' cat places
else
  echo 'skipped: no nvim and no vim here'
fi
finish
