#!/bin/sh
# trust.sh - postil trust, from outside: rule files of a project run only after the user has trusted path and
# content.  POSTIL names the command.
#
# shellcheck disable=SC2016  # back quotes are part of the messages
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
chmod 755 "$dir" # another user looks into it
mkdir project && cd project || exit 2
record=$HOME/.local/state/postil/trust

echo 'tag.word "here"' >rules.lua
echo 'We left Oslo here.' >a.txt
echo 'tag.place "Oslo"' >a.txt.postil.lua
echo 'And here.' >b.txt
tags() { "$POSTIL" tag --rules rules.lua --to lines "$@"; }

# --- not trusted, trusted, changed, forgotten

is 'unasked, a sidecar is not looked at' 0 'a.txt:1:14: word: here' '' tags a.txt
is 'not trusted: not run, one text is left out, the next is not' 2 'b.txt:1:5: word: here' \
  'a.txt.postil.lua: not trusted: rules of a project run only after `postil trust a.txt.postil.lua`
postil: a.txt: not tagged: *' tags --sidecar a.txt b.txt
that 'to be refused leaves no record' [ ! -e "$HOME/.local" ]
is 'to look records nothing' 0 "$dir/project/a.txt.postil.lua
  1 line, sha256 $(sha256sum a.txt.postil.lua | cut -d ' ' -f 1)
  tag.place
     1 | tag.place \"Oslo\"
  not trusted" '' "$POSTIL" trust --show a.txt.postil.lua
that 'no record yet' [ ! -e "$HOME/.local" ]
like 'trust' 0 "$dir/project/a.txt.postil.lua
  1 line, sha256 *
  tag.place
  trusted" '' "$POSTIL" trust a.txt.postil.lua
is 'trusted: it runs' 0 'a.txt:1:9: place: Oslo
a.txt:1:14: word: here
b.txt:1:5: word: here' '' tags --sidecar a.txt b.txt
that 'the record is for the user alone' [ "$(stat -c %a "$record")" = 600 ]
that 'so is its folder' [ "$(stat -c %a "${record%/*}")" = 700 ]
that 'the record is what sha256sum takes' sha256sum --quiet -c "$record"
that 'one line a file' [ "$(wc -l <"$record")" = 1 ]
like 'trusted already' 0 '*trusted, as before' '' "$POSTIL" trust a.txt.postil.lua
that 'still one line' [ "$(wc -l <"$record")" = 1 ]
echo 'tag.place "Rome"' >>a.txt.postil.lua
is 'changed: not run' 2 '' 'a.txt.postil.lua: changed since it was trusted: read it, then `postil trust a.txt.postil.lua`
postil: a.txt: not tagged: *' tags --sidecar a.txt
is 'the list tells' 0 "changed    $dir/project/a.txt.postil.lua" '' "$POSTIL" trust --list
like 'trusted again' 0 '*2 lines*tag.place (2)*trusted again: it had changed' '' "$POSTIL" trust a.txt.postil.lua
like 'it runs again' 0 'a.txt:1:9: place: Oslo*' '' tags --sidecar a.txt
is 'another path with this content is another file' 2 '' 'b.txt.postil.lua: not trusted: *' \
  sh -c 'cp a.txt.postil.lua b.txt.postil.lua; "$0" --sidecar b.txt' "$POSTIL"
rm b.txt.postil.lua
is 'forgotten' 0 "no longer trusted: $dir/project/a.txt.postil.lua" '' "$POSTIL" trust --remove a.txt.postil.lua
is 'forgotten: not run' 2 '' 'a.txt.postil.lua: not trusted: *' tags --sidecar a.txt
is 'what was not trusted cannot be forgotten' 1 '' 'postil: a.txt.postil.lua: was not trusted' \
  "$POSTIL" trust --remove a.txt.postil.lua
is 'an empty list' 0 '' '' "$POSTIL" trust --list
"$POSTIL" trust a.txt.postil.lua >out
mv a.txt.postil.lua moved.lua
is 'gone' 0 "gone       $dir/project/a.txt.postil.lua" '' "$POSTIL" trust --list
like 'what is gone can be forgotten' 0 'no longer trusted: *' '' "$POSTIL" trust --remove ../project/a.txt.postil.lua
mv moved.lua a.txt.postil.lua

# --- the user's own word, and what a sidecar uses

is '--rules is the word of the user' 0 'a.txt:1:9: place: Oslo' '' \
  "$POSTIL" tag --rules ./a.txt.postil.lua --to lines a.txt
echo 'tag.place "Oslo"' >places.lua
echo 'use "places"' >a.txt.postil.lua
"$POSTIL" trust a.txt.postil.lua >out
is 'what it uses beside itself must be trusted' 2 '' \
  'a.txt.postil.lua:1: use: places.lua: not trusted: *`postil trust places.lua`*' tags --sidecar a.txt
"$POSTIL" trust places.lua >out
like 'and then runs' 0 'a.txt:1:9: place: Oslo*' '' tags --sidecar a.txt
mkdir parts
echo 'use "parts/more"' >a.txt.postil.lua
echo 'use "parts/last"' >parts/more.lua
echo 'tag.place "Oslo"' >parts/last.lua
"$POSTIL" trust a.txt.postil.lua parts/more.lua >out
is 'and what that uses' 2 '' '*use: parts/last.lua: not trusted: *' tags --sidecar a.txt
"$POSTIL" trust parts/last.lua >out
like 'all three are trusted' 0 'a.txt:1:9: place: Oslo*' '' tags --sidecar a.txt
mkdir -p "$HOME/.config/postil/rules"
mv places.lua "$HOME/.config/postil/rules/places.lua"
echo 'use "places"' >a.txt.postil.lua
"$POSTIL" trust a.txt.postil.lua >out
like 'a pack of the user needs no trust' 0 'a.txt:1:9: place: Oslo*' '' tags --sidecar a.txt
printf 'name\nOslo\n' >towns.tsv
echo 'tag.place { file = "towns.tsv" }' >a.txt.postil.lua
"$POSTIL" trust a.txt.postil.lua >out
like 'a table is data and needs no trust' 0 'a.txt:1:9: place: Oslo*' '' tags --sidecar a.txt

# --- nothing of the user's or of a project

mkdir packs
echo 'tag.word "left"' >packs/news.lua
is 'a folder of packs' 0 'a.txt:1:4: word: left' '' env POSTIL_PATH=packs "$POSTIL" --to lines a.txt
is '--clean takes the packs of the program' 0 'a.txt:1:9: city: Oslo  [country=NO]' '' \
  env POSTIL_PATH=packs "$POSTIL" --clean --label city --to lines a.txt
printf 'city\nOslo\nBergen\tNO\n' >towns.tsv
echo 'tag.town { file = "towns", bad = "skip" }' >towns.lua
"$POSTIL" tag --rules towns.lua --label town --to lines --sidecar a.txt b.txt >out 2>err
that 'with sidecars, rows that are left out are told once' \
  [ "$(grep -c 'towns.tsv: 1 row skipped' err)" = 1 ]
rm towns.lua towns.tsv
is '--clean and --sidecar' 2 '' 'postil: --clean *--sidecar does not go with it' "$POSTIL" --clean --sidecar a.txt

# --- what a project may put there instead

echo 'tag.place "Oslo"' >elsewhere.lua
rm a.txt.postil.lua
ln -s elsewhere.lua a.txt.postil.lua
is 'a link counts as where it leads' 2 '' 'a.txt.postil.lua: not trusted: *' tags --sidecar a.txt
"$POSTIL" trust a.txt.postil.lua >out
that 'the path without links is recorded' grep -q "  $dir/project/elsewhere.lua\$" "$record"
like 'a link to what is trusted' 0 'a.txt:1:9: place: Oslo*' '' tags --sidecar a.txt
echo 'tag.place "We"' >other.lua
ln -sf other.lua a.txt.postil.lua
is 'a link that leads elsewhere now' 2 '' 'a.txt.postil.lua: not trusted: *' tags --sidecar a.txt
rm a.txt.postil.lua
mkfifo a.txt.postil.lua
is 'a FIFO' 2 'b.txt:1:5: word: here' 'a.txt.postil.lua: is no regular file*' timeout 20 \
  "$POSTIL" tag --rules rules.lua --to lines --sidecar a.txt b.txt
is 'a FIFO cannot be trusted' 2 '' 'postil: a.txt.postil.lua: is no regular file' timeout 20 "$POSTIL" trust a.txt.postil.lua
rm a.txt.postil.lua
ln -s /dev/zero a.txt.postil.lua
is 'a device' 2 '' 'a.txt.postil.lua: is no regular file*' timeout 20 "$POSTIL" --sidecar a.txt
rm a.txt.postil.lua
mkdir a.txt.postil.lua
is 'a directory' 2 '' 'a.txt.postil.lua: is a directory*' tags --sidecar a.txt
is 'a directory cannot be trusted' 2 '' 'postil: a.txt.postil.lua: is a directory' "$POSTIL" trust a.txt.postil.lua
rmdir a.txt.postil.lua
ln -s nowhere.lua a.txt.postil.lua
is 'a link that leads nowhere' 2 'b.txt:1:5: word: here' \
  'a.txt.postil.lua: No such file or directory
postil: a.txt: not tagged: its sidecar does not load' \
  "$POSTIL" tag --rules rules.lua --to lines --sidecar a.txt b.txt
ln -sf a.txt.postil.lua a.txt.postil.lua
is 'a link to itself' 2 '' 'a.txt.postil.lua: *symbolic links*not tagged*' tags --sidecar a.txt
rm a.txt.postil.lua
echo 'A text.' >plain.txt
is 'a text is not what is trusted' 2 '' 'postil: plain.txt: is no rule file: the name of one ends in .lua' \
  "$POSTIL" trust plain.txt
: >plain.txt.postil.lua
is 'but what lies beside it' 2 '' 'postil: plain.txt: *.lua (did you mean plain.txt.postil.lua?)' \
  "$POSTIL" trust plain.txt
is 'no file' 2 '' 'postil: none.lua: No such file or directory' "$POSTIL" trust none.lua
# shellcheck disable=SC2016  # the quotes are wanted as they are
is 'the advice is for a shell' 2 '' \
  "it's.txt.postil.lua: not trusted: *\`postil trust 'it'\\\\''s.txt.postil.lua'\`*" \
  sh -c 'cp a.txt "it'\''s.txt"; cp rules.lua "it'\''s.txt.postil.lua"; "$0" --sidecar "it'\''s.txt"' "$POSTIL"
evil=$(printf 'e\033[31mvil\npostil: fine.txt')
cp a.txt "$evil"
printf 'tag.place "Oslo"\n-- \033]0;title\007 \342\200\256 \r\n' >"$evil.postil.lua"
"$POSTIL" --sidecar "$evil" >out 2>err
that 'no control of a file name in a message' [ "$(tr -d '\n' <err | tr -d ' -~' | wc -c)" = 0 ]
that 'and no line of its own' [ "$(grep -c '^postil: fine' err)" = 0 ]
"$POSTIL" trust --show "$evil.postil.lua" >out 2>err
that 'every control of the source is shown' [ "$(tr -d '\n' <out | tr -d ' -~' | wc -c)" = 0 ]
"$POSTIL" trust "$evil.postil.lua" >out 2>err
like 'a name with a newline' 0 "*:1:9: place: Oslo*" '' tags --sidecar "$evil"
that 'sha256sum takes it too' sha256sum --quiet -c "$record" --ignore-missing
like 'and it is in the list' 0 '*e^\[\[31mvil postil: fine.txt.postil.lua*' '' "$POSTIL" trust --list
"$POSTIL" trust --remove "$evil.postil.lua" >out
is 'and can be forgotten' 2 '' '*not trusted: *' tags --sidecar "$evil"

# --- the record

echo 'tag.place "Oslo"' >a.txt.postil.lua
"$POSTIL" trust a.txt.postil.lua >out
echo 'no line of ours' >>"$record"
like 'a line that is none of ours trusts nothing' 0 'a.txt:1:9: place: Oslo*' '' tags --sidecar a.txt
"$POSTIL" trust rules.lua >out
that 'and is kept' grep -q '^no line of ours$' "$record"
for i in 1 2 3 4 5 6 7 8; do echo "tag.t$i 'x'" >"many$i.lua"; done
for i in 1 2 3 4 5 6 7 8; do "$POSTIL" trust "many$i.lua" >"many$i.out" 2>&1 & done
wait
that 'programs at once lose nothing' [ "$(grep -c '/many[1-8].lua$' "$record")" = 8 ]
cp "$record" kept
chmod 666 "$record"
is 'a record that others can write to is not believed' 2 '' \
  "a.txt.postil.lua: not trusted: $record: others can write to it*" tags --sidecar a.txt
like 'nor written' 2 '*' "postil: *: $record: others can write to it*" "$POSTIL" trust rules.lua
that 'it is as it was' cmp -s "$record" kept
chmod 600 "$record"
chmod 777 "${record%/*}"
is 'nor one in such a folder' 2 '' '*others can write to it*' tags --sidecar a.txt
chmod 700 "${record%/*}"
mv "$record" kept
ln -s "$PWD/kept" "$record"
is 'a record that is a link is not believed' 2 '' "*: $record: is a symbolic link*" tags --sidecar a.txt
like 'nor replaced' 2 '*' "postil: *: $record: is a symbolic link" "$POSTIL" trust a.txt.postil.lua
rm "$record"
mkfifo "$record"
is 'a record that is a FIFO' 2 '' "*: $record: is no regular file*" timeout 20 "$POSTIL" --sidecar a.txt
rm "$record"
mkdir "$record"
is 'a record that is a folder' 2 '' "*: $record: is a directory*" tags --sidecar a.txt
rmdir "$record"
echo left >"$record.new"
like 'what a killed program left is no hindrance' 0 '*trusted' '' "$POSTIL" trust a.txt.postil.lua
that 'it is gone' [ ! -e "$record.new" ]
: >file
is 'a state folder that is a file' 2 '' '*/file/postil/trust: Not a directory' \
  env XDG_STATE_HOME="$PWD/file" "$POSTIL" trust a.txt.postil.lua
like 'an XDG_STATE_HOME of its own' 0 '*trusted' '' env XDG_STATE_HOME="$PWD/state" "$POSTIL" trust a.txt.postil.lua
that 'is used' [ -s state/postil/trust ]
like 'a relative one counts as none' 0 '*trusted, as before' '' \
  env XDG_STATE_HOME=state "$POSTIL" trust a.txt.postil.lua
is 'without HOME nothing can be trusted' 2 '' 'postil: *: there is no place for the record of trust: *' \
  env -u HOME "$POSTIL" trust a.txt.postil.lua
is 'without HOME nothing is trusted' 2 '' 'a.txt.postil.lua: not trusted: there is no place for the record*' \
  env -u HOME "$POSTIL" --sidecar a.txt
like 'without HOME, without sidecar all is well' 0 '*' '' env -u HOME "$POSTIL" a.txt

# What only a user who is not root can try; root becomes one.
cp "$POSTIL" "$dir/postil"
mkdir "$dir/theirs"
if [ "$(id -u)" = 0 ]; then
  chown 65534 "$dir/theirs"
  theirs() { setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$dir/theirs" "$@"; }
else
  theirs() { env HOME="$dir/theirs" "$@"; }
fi
chmod 755 "$dir/postil"
if theirs "$dir/postil" --version >out 2>&1; then
  case $POSTIL in *asan*) export ASAN_OPTIONS=detect_leaks=0 ;; esac
  is 'another user trusts for himself' 2 '' '*not trusted: rules of a project *' theirs "$dir/postil" --sidecar a.txt
  theirs "$dir/postil" trust a.txt.postil.lua >out 2>&1
  like 'and then it runs' 0 '*"place"*' '' theirs "$dir/postil" --rules rules.lua --sidecar a.txt
  [ "$(id -u)" != 0 ] || is 'a record of another user is not believed' 2 '' '*belongs to another user*' \
    env HOME="$dir/theirs" "$POSTIL" --sidecar a.txt
  theirs chmod 000 "$dir/theirs/.local/state/postil"
  is 'a state folder that cannot be read' 2 '' '*not trusted: */trust: Permission denied*' \
    theirs "$dir/postil" --sidecar a.txt
  theirs chmod 700 "$dir/theirs/.local/state/postil"
  theirs rm -r "$dir/theirs/.local"
  chmod 555 "$dir/theirs"
  like 'a home that cannot be written' 2 '*' '*/trust: Permission denied' theirs "$dir/postil" trust a.txt.postil.lua
  is 'and trusts nothing' 2 '' '*not trusted: rules of a project *' theirs "$dir/postil" --sidecar a.txt
fi

# --- options

is 'no file' 2 '' 'postil: trust needs a rule file' "$POSTIL" trust
is 'a file for the list' 2 '' 'postil: --list takes no file' "$POSTIL" trust --list a.txt
is 'two wishes' 2 '' 'postil: only one of --list, --remove and --show' "$POSTIL" trust --show --remove a.txt

finish
