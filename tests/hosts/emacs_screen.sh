#!/bin/sh
# emacs_screen.sh - postil in Emacs on the screen of a real terminal: what is drawn, with its attributes,
# while somebody types.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
# shellcheck source=tests/hosts/attributes.inc
. "$top/tests/hosts/attributes.inc"
needs emacs
export POSTIL
unset EMACSLOADPATH EMACSDATA EMACSPATH COLORTERM
PATIENCE=100

cp "$top/tests/hosts/ferry.txt" .
mkdir lisp && cp "$top/plugin/emacs/postil.el" lisp
cat >init.el <<'E2'
(setq suggest-key-bindings nil extended-command-suggest-shorter nil native-comp-deferred-compilation nil
      inhibit-startup-screen t make-backup-files nil auto-save-default nil create-lockfiles nil
      postil-program (getenv "POSTIL") ring-bell-function #'ignore)
(menu-bar-mode -1)
(add-to-list 'load-path (expand-file-name "lisp"))
(autoload 'postil-mode "postil" nil t)
(autoload 'postil-rules "postil" nil t)
(autoload 'postil-command-map "postil" nil nil 'keymap)
(global-set-key (kbd "C-c p") 'postil-command-map)
(repeat-mode)
E2
edits() { # FILE ARGUMENTS
  opens "emacs -nw -Q -l $dir/init.el $*"
}

# Types what comes and a carriage return.
types() { keys "$@" Enter; }
command() { types M-x "$@"; }
# The text alone, from its beginning.
back() {
  keys C-x b ferry.txt Enter C-x 1
  keys 'M-<'
}

# --- what is drawn

edits ferry.txt -f postil-mode
shows 'a headline is bold' 1 '<b>Council Drops Plan for a Night Ferry'
shows 'a date is bold' 3 'The town council voted on <b>Monday<> to drop it.'
shows 'a quotation is italic, a name underlined' 5 \
  '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
shows 'a quotation goes on' 7 '<u>Nils Orre<> was not in the room. <i>“I heard it '
shows 'a name in a quotation is both' 8 '<i>from Ms. <iu>Ada Holm<i>, and she '
shows 'and ends' 9 '<i>heard it from a cook,”<> <u>Orre<> said later.'

# --- while somebody types

keys 'Mr. Bo Lund went home.' Enter Enter
shows 'a new line' 1 'Mr. <u>Bo Lund<> went home.'
shows 'what follows has moved' 7 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys C-/ C-/
shows 'undo' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys 'M-<' M-x 'replace-string' Enter 'Falk' Enter 'Lund' Enter
shows 'all lines changed' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Lund<>.'
keys M-x 'revert-buffer' Enter
on_screen 'reverting is asked about' '^Discard edits'
types yes
command postil-mode
shows 'the file again' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'

# --- faults, counted in the mode line

keys 'M->' Enter 'He left. ”'
on_screen 'a fault that was typed' 'Flymake\[0 0 1\]'
keys C-/ C-/
on_screen 'and undone' 'Flymake\[0 0\]'

# --- lists

keys 'M-<'
command postil-who
on_screen 'who' '^ *7: Nils Orre: “I heard it'
keys C-x '`'
on_screen 'the next of the list' '^Nils Orre was not'
back
keys C-s Ada Enter
command xref-find-references
on_screen 'references, of the name at point' 'Ada Holm'
keys Enter
on_screen 'references' '^  8: .*Ada Holm'
back
command postil-next-quote
command what-cursor-position
on_screen 'a motion' 'Char: “'
command postil-hover
on_screen 'hover' 'speaker=Edda Falk'

# --- keys, where they are put on one

back
keys C-c p '>' '>' '>' '<' C-x =
on_screen 'motions repeat by their last key' 'Char: N .* column=0'

# --- speakers

# Whether the cursor is in a column, counted from 0.
cursor_is() { # NAME COLUMN
  if until_so column_is "$2"; then ok; else bad "$1" "the cursor is in column $(column), not $2"; fi
}
column() { terminal display-message -p '#{cursor_x}'; }
column_is() { [ "$(column)" = "$1" ]; }

back
command customize-set-variable
types postil-speakers
keys y
shows 'who said it' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>. <i>‹Edda Falk›'
shows 'where it ends' 7 '<u>Nils Orre<> was not in the room. <i>“I heard it '
shows 'and there alone' 9 '<i>heard it from a cook,”<> <u>Orre<> said later. <i>‹Nils Orre›'
keys M-g g 5 Enter C-e
cursor_is 'the end of the line is in front of it' 47
keys ' “No.”'
shows 'one speaker, named once' 5 \
  '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>. <i>“No.”<> <i>‹Edda Falk›'
keys C-/
shows 'and undone' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>. <i>‹Edda Falk›'

# --- off, another rule file

back
command postil-mode
shows 'off' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
keys C-x C-c
on_screen 'left' '^status 0'

echo 'tag.ferry { "ferry" }' >ships.lua
edits "--eval '(setq postil-rule-sets (list \"$dir/ships.lua\"))' ferry.txt -f postil-mode"
shows 'rules that were named' 1 'Council Drops Plan for a Night <u>Ferry'
keys C-x 4 f C-a C-k "$dir/ships.lua" Enter
on_screen 'the rule file' 'tag.ferry'
keys C-k 'tag.ferry { "[a-z] F" }' C-x C-s
on_screen 'what is wrong is told' 'Postil: the rules stay as they were'
on_screen 'and counted in the mode line' 'Flymake\[1 0\]'
keys C-a C-k 'tag.ferry { "night ferry" }' C-x C-s
shows 'what is right is drawn' 1 'Council Drops Plan for a <u>Night Ferry'
on_screen 'what changed is told' 'Postil: ferry.txt: +0 −0, 1 changed'
keys C-x C-c
on_screen 'left the rules' '^status 0'

# --- nothing of a text reaches the terminal; the visible part of a large file comes first

printf '“Nobody,” said Mr. Bo \033]2;own\007Lund.\n' >evil.txt
edits evil.txt -f postil-mode
shows 'a quotation beside controls' 1 '<i>“Nobody,”<> said Mr. <u>Bo<> ^[]2;own^GLund.'
command postil-list
on_screen 'and in a list' '^  1: '
that 'the title is not set' [ "$(terminal display-message -p '#{pane_title}')" != own ]
keys C-x C-c
on_screen 'left again' '^status 0'

awk 'BEGIN { for (i = 1; i <= 60000; i++)
  printf "“We paid %d times,” said Mr. Bo Lund of the ferry.\n\n", i }' >big.txt
edits big.txt -f postil-mode
keys M-'>' Up Up
on_screen 'the end of a long text' 'We paid 60000 times'
line=$(screen | grep -n 'paid 60000' | cut -d: -f1)
shows 'is drawn' "${line:-1}" '<i>“We paid 60000 times,”<> said Mr. <u>Bo Lund<> of the ferry.'
command postil-info
on_screen 'before all is tagged' 'Postil: tagging; rules: news'
keys C-x 2 C-x o 'M-<'
shows 'another window on its beginning' 6 '<i>“We paid 1 times,”<> said Mr. <u>Bo Lund<> of the ferry.'
command postil-mode
command postil-mode
shows 'both are drawn: the other' 6 '<i>“We paid 1 times,”<> said Mr. <u>Bo Lund<> of the ferry.'
line=$(screen | grep -n 'paid 60000' | cut -d: -f1)
shows 'and the first' "${line:-1}" '<i>“We paid 60000 times,”<> said Mr. <u>Bo Lund<> of the ferry.'
keys C-x C-c
on_screen 'left while it works' '^status 0'
finish
