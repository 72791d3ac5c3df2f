#!/bin/sh
# new.sh - postil new: a pack that passes its own tests, and never a file written over.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

is 'a folder here' 0 "made ./ships/init.lua and ./ships/harbours.tsv; next:
  \$EDITOR ./ships/init.lua
  postil test ./ships
  postil tag --rules ./ships --to lines FILE" '' "$POSTIL" new ./ships/
"$POSTIL" test ./ships >out 2>err
that 'its tests pass' [ $? = 0 ]
that 'and say nothing else' [ ! -s err ]
printf 'The HMS Dunlin left Ellery.\n“We are sinking,” radioed Captain Ada Vane. Then the Dunlin sank;\nHMS Pinafore did not.\n' >log.txt
is 'it tags what it says' 0 'log.txt:1:9: ship: Dunlin  [name=Dunlin, navy=British, prefix=HMS]
log.txt:1:21: harbour: Ellery  [country=Scotland, name=Ellery Sound]
log.txt:2:1: quote: “We are sinking,”  [kind=direct, speaker=Ada Vane, cue=radioed]
log.txt:2:39: captain: Ada Vane  [title=Captain]
log.txt:2:58: ship: Dunlin' '' "$POSTIL" tag --rules ./ships --to lines log.txt
for verb in 'pack {' 'tag\.' 'veto\.' 'alias\.' 'amend\.quote' 'quotes {' 'set = ' 'file = ' 'yes = ' 'no = '; do
  holds "it shows $verb" ships/init.lua "$verb"
done
holds 'it has its name' ships/init.lua '^pack { name = "ships"'
lacks 'and no other' ships/init.lua 'PACK\|PATH'

is 'one file' 0 "made boats.lua; next:
  \$EDITOR boats.lua
  postil test boats.lua
  postil tag --rules boats.lua --to lines FILE" '' "$POSTIL" new boats.lua
is 'its tests pass, too' 0 '' '' sh -c "'$POSTIL' test boats.lua >/dev/null"
lacks 'it needs no table' boats.lua 'harbours'

# --- among the user's packs

is 'among your own' 0 "made $HOME/.config/postil/rules/mine/init.lua and $HOME/.config/postil/rules/mine/harbours.tsv; next:
  \$EDITOR $HOME/.config/postil/rules/mine/init.lua
  postil test mine
  postil tag --rules mine --to lines FILE" '' "$POSTIL" new mine
is 'where it is found by its name' 0 'log.txt:1:21: harbour: Ellery  [country=Scotland, name=Ellery Sound]' '' \
  "$POSTIL" tag --rules mine --to lines --label harbour log.txt
XDG_CONFIG_HOME=$dir/xdg "$POSTIL" new mine >out
that 'XDG_CONFIG_HOME' [ -e xdg/postil/rules/mine/init.lua ]
is 'without a home' 2 '' 'postil: mine: HOME is not set*write ./mine to make it here' \
  env -u HOME "$POSTIL" new mine
is 'the name of a shipped pack' 2 '' 'postil: news: postil comes with a pack of this name; write ./news*' \
  "$POSTIL" new news
that 'is not made' [ ! -e "$HOME/.config/postil/rules/news" ]

# --- nothing is written over

echo mine >ships/init.lua
cp boats.lua boats.old
is 'a folder that is there' 2 '' 'postil: ./ships: File exists; nothing that is there was changed' \
  "$POSTIL" new ./ships
is 'a file that is there' 2 '' 'postil: boats.lua: File exists; nothing that is there was changed' \
  "$POSTIL" new boats.lua
is 'a pack that is there' 2 '' 'postil: */mine: File exists; nothing*' "$POSTIL" new mine
ln -s nowhere.lua link.lua
ln -s nowhere linked
is 'a link to nothing' 2 '' 'postil: link.lua: File exists*' "$POSTIL" new link.lua
is 'a link to no folder' 2 '' 'postil: ./linked: File exists*' "$POSTIL" new ./linked
that 'nothing came of links' [ -z "$(find . -name 'nowhere*')" ]
that 'the folder is as it was' [ "$(cat ships/init.lua)" = mine ]
that 'the file is as it was' cmp -s boats.lua boats.old

# --- names

for name in 'a b' 'a.b' '../' '.' './..' 'é' '-x/' "$(printf 'a\033[31m')" './x.LUA' './.lua'; do
  "$POSTIL" new -- "$name" >out 2>err
  that "no pack is called $(printf %s "$name" | cat -v)" [ $? = 2 ]
  holds "it says what names are: $(printf %s "$name" | cat -v)" err "a pack's name has letters"
  lacks 'without controls' err "$esc"
done
is 'no name' 2 '' 'postil: new makes one pack: *' "$POSTIL" new
is 'two names' 2 '' 'postil: new makes one pack: *' "$POSTIL" new ./a ./b
that 'nothing was made' [ ! -e a ]
is 'a folder that is not there' 2 '' 'postil: ./deep/down: No such file or directory' "$POSTIL" new ./deep/down
(
  trap '' XFSZ
  ulimit -f 1
  "$POSTIL" new ./half.lua 2>&1
) >out
that 'a disk that is full' grep -qx 'postil: ./half.lua: File too large' out
that 'half a file is none' [ ! -e half.lua ]
mkdir "it's here"
"$POSTIL" new "it's here/tugs" >out
holds 'words for a shell' out "^  postil test 'it'\\\\''s here/tugs'\$"
sh -c "$(sed -n "s#^  postil test#'$POSTIL' test#p" out)" >/dev/null
that 'that work there' [ $? = 0 ]

finish
