#!/bin/sh
# vim_screen.sh - postil in Vim on the screen of a real terminal: what is drawn, with its attributes,
# while somebody types; popups; rule files; the process that dies.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
# shellcheck source=tests/hosts/attributes.inc
. "$top/tests/hosts/attributes.inc"
# shellcheck source=tests/hosts/vim.inc
. "$top/tests/hosts/vim.inc"
needs
needs_vim
copy
unset COLORTERM

cp "$top/tests/hosts/ferry.txt" .

# Vim without the user's own, its messages short; it does not know that tmux has italics.
cat >rc.vim <<E2
set nocompatible encoding=utf-8 shortmess+=F laststatus=0 noruler nowrap noswapfile viminfo=
set runtimepath^=$dir/copy
let &t_ZH = "\\e[3m"
let &t_ZR = "\\e[23m"
syntax on
E2
vim() { opens "$VIM_PROGRAM -u rc.vim $1"; } # OPTIONS

# --- what is drawn

vim "-c 'Postil on' ferry.txt"
shows 'a headline is bold' 1 '<b>Council Drops Plan for a Night Ferry'
shows 'a date is bold' 3 'The town council voted on <b>Monday<> to drop it.'
shows 'a quotation is italic, a name underlined' 5 \
  '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
shows 'a quotation goes on' 7 '<u>Nils Orre<> was not in the room. <i>“I heard it'
shows 'a name in a quotation is both' 8 '<i>from Ms. <iu>Ada Holm<i>, and she'
shows 'and ends' 9 '<i>heard it from a cook,”<> <u>Orre<> said later.'

# --- while somebody types

keys ggOMr.\ Bo\ Lund\ went\ home. Escape
shows 'a new line' 1 'Mr. <u>Bo Lund<> went home.'
keys u
shows 'undo' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys ':%s/Falk/Lund/' Enter
shows 'all lines changed' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Lund<>.'
keys u
# Many keys at once, while the last ones are still being worked at.
keys G o 'Mr. Bo Lund saw “them”, ' Escape yy 30p 'qqA said Falk.' Escape jq 20k '15@q' gg 5dd uuu C-r C-r
keys G VkkJ u ':g/Lund/m0' Enter u ':Postil! info' Enter
on_screen 'many keys' 'all tagged'
lacks 'the text was never another' shot 'sent anew'
keys Enter ':edit!' Enter gg
shows 'the file again' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'

# --- a popup, a list, off

keys 5Gf, ':Postil hover' Enter
on_screen 'hover' 'quote'
keys ':Postil who' Enter
on_screen 'who' '^ferry.txt|5 col 1-.*| Edda Falk: “Nobody would pay twice,”'
lacks 'nothing is said to come any more' shot 'comes when'
keys ':lclose' Enter ':Postil off' Enter
shows 'off' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
keys ':let g:postil = {"speakers": 1} | Postil on' Enter
shows 'speakers' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.<i> ‹Edda Falk›'
keys '1GO“No,” said Bo Lund. “Yes,” said Edda Falk.' Escape
shows 'two in a line' 1 \
  '<i>“No,”<> said <u>Bo Lund<>. <i>“Yes,”<> said <u>Edda Falk<>.<i> ‹Bo Lund› ‹Edda Falk›'
shows 'none where a quotation goes on' 8 '<u>Nils Orre<> was not in the room. <i>“I heard it'
keys u ':Postil off' Enter
shows 'off again' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
keys ':hi link PostilQuote Underlined | let g:postil = {"labels": ["quote"]} | Postil on' Enter
shows 'a link of the user, labels that were chosen' 5 '<u>“Nobody would pay twice,”<> said Mayor Edda Falk.'
keys ':qa!' Enter
on_screen 'left' '^status 0'

# --- a rule file that is saved

echo 'tag.ferry { "ferry" }' >ships.lua
vim "ferry.txt -c 'Postil on ships.lua' -c 'belowright 4split ships.lua'"
shows 'rules that were named' 1 'Council Drops Plan for a Night <u>Ferry'
keys 'S' 'tag.ferry { "[a-z] F" }' Escape ':w' Enter
on_screen 'what is wrong is told, in a line' '^postil: the rules stay as they were: .*…'
on_screen 'and stands on its line' 'tag.ferry.*■'
keys 'S' 'tag.ferry { "night ferry" }' Escape ':w' Enter
shows 'what is right is drawn' 1 'Council Drops Plan for a <u>Night Ferry'
on_screen 'what changed is told' '^postil: ferry.txt: +0 −0, 1 changed'
lacks 'nobody has to press Enter' shot 'Press ENTER'
keys ':qa!' Enter
on_screen 'left the rules' '^status 0'

# --- a rule file that lies beside a text

printf '%s\n' -- -- -- 'tag.room { "room" }' >ferry.txt.postil.lua
vim "-c 'Postil on' ferry.txt"
on_screen 'not trusted' '^postil: see .:Postil trust.: ferry.txt.postil.lua: '
shows 'and not used' 7 '<u>Nils Orre<> was not in the room. <i>“I heard it'
keys ':Postil trust' Enter
on_screen 'it is shown, and asked' 'These rules run when they are trusted:'
on_screen 'what is asked about' '^tag.room'
keys t
on_screen 'trusted' '^postil: ferry.txt: +1 −0'
keys ':q' Enter
shows 'and used' 7 '<u>Nils Orre<> was not in the <u>room<>. <i>“I heard it'
keys ':qa!' Enter
on_screen 'left the trusted' '^status 0'

# --- nothing of a text reaches the terminal

printf '“Nobody,” said Mr. Bo \033]2;own\007Lund.\n' >evil.txt
vim "-c 'Postil on' evil.txt"
keys ':Postil who' Enter
on_screen 'controls in a text' 'evil.txt|1 col 1'
that 'the title is not set' [ "$(terminal display-message -p '#{pane_title}')" != own ]
keys ':qa!' Enter
on_screen 'left again' '^status 0'

# --- of many faults those around what is shown

awk 'BEGIN { for (i = 1; i <= 600; i++) printf "It rained %d times. ”\n\n", i }' >faults.txt
vim "faults.txt -c 'Postil on' -c 'highlight! PostilFault cterm=bold'"
shows 'at the beginning' 1 'It rained 1 times. <b>”'
keys G
shows 'at the end' 10 'It rained 600 times. <b>”'
keys gg
shows 'and at the beginning again' 1 'It rained 1 times. <b>”'
keys ':qa!' Enter
on_screen 'left the faults' '^status 0'

# --- the visible part of a large file comes first

awk 'BEGIN { for (i = 1; i <= 60000; i++) printf "“We paid %d times,” said Mr. Bo Lund of the ferry.\n\n", i }' >big.txt
vim "big.txt -c 'Postil on' -c 120000"
PATIENCE=100
shows 'its end' 10 '<i>“We paid 60000 times,”<> said Mr. <u>Bo Lund<> of the ferry.'
keys ':Postil info' Enter
on_screen 'before all is tagged' '^being tagged'
keys Enter ':qa!' Enter
on_screen 'left while it works' '^status 0'
finish
