#!/bin/sh
# kak_edits.sh - the text that postil has of a buffer of Kakoune is that of the buffer, whatever is
# done to it: random edits, undo and redo in branches, insertions that are still going on.
#
#   SEED=N BATCHES=N sh tests/hosts/kak_edits.sh     to look for more
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
needs kak lua5.4
# shellcheck source=tests/hosts/kak.inc
. "$top/tests/hosts/kak.inc"
: "${SEED=1}" "${BATCHES=12}"

# `postil serve` behind the spy.
mkdir spied
cat >spied-postil <<E2
#!/bin/sh
[ "\$1" = serve ] || exec "$POSTIL" "\$@"
LUA_PATH="$top/lua/?.lua" lua5.4 "$top/tests/hosts/spy.lua" "$dir/spied" 2>>"$dir/errors" |
  "$POSTIL" serve
E2
chmod +x spied-postil

# Commands of a batch, one a line, each with an entry of its own in the history.
batch() { # SEED
  awk -v seed="$1" '
    function some(n) { return int(rand() * n) }
    function one_of(list,   n, word) { n = split(list, word, " "); return word[1 + some(n)] }
    function words(   s, n) {
      for (n = 1 + some(3); n > 0; n--)
        s = s one_of("Ann Bo ö “so” 日本 it'"'"'s \\\\ a|b <lt>x<gt> <ret> <space> " \
          "<tab> \"q\" +1.1|x")
      return s
    }
    function where() { return (1 + some(12)) "g" one_of("gh gl gi 3l 2w 9l gj ge h") }
    function pick() {
      return one_of("x % w e <a-x> 2W L J 3J Gl %s[aeiou]<ret> xs\\w+<ret> %<a-s> <a-a>p GL")
    }
    function between() {
      return one_of("<a-;>:pause<ret> <a-;>:pause<ret> <a-;>u <c-u> <c-r>\" " \
        "<backspace> <backspace><backspace> <del> <left> <up><end>")
    }
    function typed() { return words() between() words() }
    function filter() {
      return "|" one_of("tac<ret> tr<space>a-z<space>A-Z<ret> cat<ret> true<ret> sort<ret>")
    }
    function output() {
      return one_of("! <a-!>") "printf<space>" one_of("x y \"a\\nb\\n\"") "<ret>"
    }
    function keys(   k) {
      k = some(16)
      if (k == 0)
        return where() one_of("i a o O A I c") typed() typed() "<a-;>:pause<ret>" typed() "<esc>"
      if (k == 1) return where() pick() one_of("d c <a-d> i a o") typed() "<esc>"
      if (k == 2) return where() pick() "y" where() one_of("p P R <a-p> <a-P> 3p")
      if (k <= 5) return one_of("u u u U 3u 2U <a-u> <a-U> 2<a-u> 5u 9U")
      if (k == 6) return where() pick() filter()
      if (k == 7) return where() output()
      if (k == 8) return where() pick() one_of("<a-j> <gt> <lt> & ~ ` r. rö _d")
      if (k == 9) return where() pick() one_of("d d d c")  words() "<esc>"
      if (k == 10 && some(4) == 0) return "%d"
      if (k == 11) return where() "xyge" one_of("p P")
      return where() one_of("i a o O") typed() "<esc>"
    }
    BEGIN {
      srand(seed)
      for (n = 8 + some(8); n > 0; n--) {
        k = some(40)
        if (k == 0) what = "edit!"
        else if (k == 1) what = "write"
        else if (k == 2) what = "nop %sh{ tac a.txt >b.txt; cp b.txt a.txt }; edit!"
        else what = "execute-keys %¤" keys() "¤"
        print "try %§ evaluate-commands -client client0 %¶ " what " ¶ §"
        if (some(3) > 0) print "evaluate-commands -client client0 pause"
      }
      print "evaluate-commands -client client0 pause"
    }'
}

# Waits until the text of the last pause is there, and compares; of those before it what there is: a
# text that could not be told by edits is handed over as a whole a moment later, as it is then.
compare() { # NAME
  last=$(printf '%s\n' spied/want.* | sed 's,.*\.,,' | sort -n | tail -n 1)
  until_so [ -e "spied/1.$last" ]
  for want in spied/want.*; do
    version=${want##*.}
    [ -e "spied/1.$version" ] || [ "$version" = "$last" ] || continue
    if ! cmp "$want" "spied/1.$version" >differs 2>&1; then
      bad "$1" "version $version: $(cat errors differs "$want"; echo ---; cat "spied/1.$version")"
      return 1
    fi
  done
  ok
  rm -f spied/want.*
}

head -n 12 "$top/tests/sample/article.txt" >a.txt
# A pause: the text is handed over, and what it is now is written beside.
kakoune "
set-option global postil_command '$dir/spied-postil'
define-command pause %{
  postil-ask
  evaluate-commands -draft %{
    execute-keys '%'
    echo -to-file \"$dir/spied/want.%val{timestamp}\" -- %val{selection}
  }
}
postil-on" a.txt

number=0
while [ $number -lt "$BATCHES" ]; do
  number=$((number + 1))
  batch $((SEED * 1000 + number)) >commands
  sends <commands
  compare "edits $SEED.$number" || break
done
edits=$(tr -cd e <spied/said | wc -c) wholes=$(tr -cd o <spied/said | wc -c)
echo "# $edits hand-overs of edits, $wholes of the whole text"
# Elsewhere the text may grow so often that its history is the dearer one.
[ "$SEED" != 1 ] || that 'most is told as edits' [ "$edits" -gt "$wholes" ]

# More than a command line takes, as one modification, while it is being inserted, and when a
# history of that size costs more than the text.
cat >commands <<'E2'
evaluate-commands -client client0 %{ execute-keys 'gg!yes<space>it"s|head<space>-c<space>300000<ret>' }
evaluate-commands -client client0 pause
evaluate-commands -client client0 %{ execute-keys '%yggi<c-r>"<a-;>:pause<ret>abc<a-;>:pause<ret><esc>' }
evaluate-commands -client client0 pause
evaluate-commands -client client0 %{ execute-keys '100gd' }
E2
sends <commands
compare 'a large insertion'
cat >commands <<'E2'
evaluate-commands -client client0 %{ execute-keys '%|head<space>-n<space>20<ret>' }
evaluate-commands -client client0 pause
evaluate-commands -client client0 %{ execute-keys 'ggd' }
evaluate-commands -client client0 pause
evaluate-commands -client client0 %{ execute-keys 'ggiAnn<a-;>:pause<ret>Lee<a-;>:pause<ret><esc>3u' }
evaluate-commands -client client0 pause
E2
sends <commands
compare 'a large history'
leaves 'nothing is left'
finish
