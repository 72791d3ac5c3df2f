#!/bin/sh
# nvim_screen.sh - postil in Neovim on the screen of a real terminal: what is drawn, with its attributes,
# while somebody types.
# The command is not tried: the binding is in-process.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/command/terminal.inc
. "$top/tests/command/terminal.inc"
# shellcheck source=tests/hosts/attributes.inc
. "$top/tests/hosts/attributes.inc"
needs nvim

LUA_CPATH="$BUILD/5.1/?.so;;"
export LUA_CPATH
unset NVIM NVIM_LISTEN_ADDRESS VIMINIT COLORTERM

cp "$top/tests/hosts/ferry.txt" .

# Neovim without the user's own, its messages short.
nvim() { # OPTIONS COMMAND
  opens "nvim --clean -n -i NONE --cmd 'set rtp^=$top noruler shortmess+=F laststatus=0 nowrap' $1"
}

cat >same.lua <<'E2'
local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n"
local nvim = require "postil.nvim"
local same = vim.wait(10000, function() return nvim.of(0) and nvim.of(0).text:text() == text end, 5)
print(same and nvim.of(0).mirror.resyncs == 0 and "the same" or "another")
E2
# Whether postil has the text of the buffer, and never had to read it anew.
same() { # NAME
  keys ':echo "" | luafile same.lua' Enter
  on_screen "$1" '^the same$'
}

# --- what is drawn

nvim "-c 'Postil on' ferry.txt"
shows 'a headline is bold' 1 '<b>Council Drops Plan for a Night Ferry'
shows 'a date is bold' 3 'The town council voted on <b>Monday<> to drop it.'
shows 'a quotation is italic, a name underlined' 5 \
  '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
shows 'a quotation goes on' 7 '<u>Nils Orre<> was not in the room. <i>“I heard it'
shows 'a name in a quotation is both' 8 '<i>from Ms. <iu>Ada Holm<i>, and she'
shows 'and ends' 9 '<i>heard it from a cook,”<> <u>Orre<> said later.'

# --- while somebody types

keys '5Gf”x'
on_screen 'a fault is told' 'Edda Falk.*this quotat'
keys u
shows 'undo' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
keys ggOMr.\ Bo\ Lund\ went\ home. Escape
shows 'a new line' 1 'Mr. <u>Bo Lund<> went home.'
keys u
keys ':%s/Falk/Lund/' Enter
shows 'all lines changed' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Lund<>.'
keys u

# What `:s` shows before it is done is not the text.
keys ':set inccommand=nosplit' Enter ':%s/Falk/Mr. Bo Lund/'
on_screen 'a substitution is shown' 'Edda Mr. Bo Lund\.'
keys Escape
shows 'and was only shown' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
same 'the text is the same'

# Many keys at once, while the last ones are still being worked at.
keys G o 'Mr. Bo Lund saw “them”, ' Escape yy 30p 'qqA said Falk.' Escape jq 20k '15@q' gg 5dd uuu C-r C-r
keys G VkkJ u ':g/Lund/m0' Enter u gg
same 'the text is the same after many keys'
keys ':edit!' Enter
shows 'the file again' 5 '<i>“Nobody would pay twice,”<> said Mayor <u>Edda Falk<>.'
same 'and its text'

# --- off, on, speakers, colours of one's own

keys ':Postil off' Enter
shows 'off' 5 '“Nobody would pay twice,” said Mayor Edda Falk.'
keys ':let g:postil = {"speakers": v:true, "labels": ["quote"]}' Enter ':Postil on' Enter
shows 'labels that were chosen, and speakers' 5 \
  '<i>“Nobody would pay twice,”<> said Mayor Edda Falk. <i>‹Edda Falk›'
keys ':hi link PostilQuote Underlined' Enter
shows 'a link of the user' 5 \
  '<u>“Nobody would pay twice,”<> said Mayor Edda Falk. <i>‹Edda Falk›'
keys ':qa!' Enter
on_screen 'left' '^status 0'

# --- a rule file that is saved

echo 'tag.ferry { "ferry" }' >ships.lua
nvim "ferry.txt -c 'Postil on ships.lua' -c 'belowright 4split ships.lua'"
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

# --- nothing of a text reaches the terminal; an old Neovim need not know of anything

printf '“Nobody,” said Mr. Bo \033]2;own\007Lund.\n' >evil.txt
nvim "-c 'let g:postil = {\"speakers\": v:true}' -c 'Postil on' evil.txt"
on_screen 'controls in a text' 'Nobody.*\^\[]2;own^G'
that 'the title is not set' [ "$(terminal display-message -p '#{pane_title}')" != own ]
keys ':qa!' Enter
on_screen 'left again' '^status 0'

# --- of many faults those around what is shown

awk 'BEGIN { for (i = 1; i <= 600; i++) printf "It rained %d times. ”\n\n", i }' >faults.txt
nvim "-c 'Postil on' faults.txt"
on_screen 'at the beginning' 'rained 1 times. ” .*this closing mark'
keys G
on_screen 'at the end' 'rained 600 times. ” .*this closing mark'
keys gg
on_screen 'and at the beginning again' 'rained 1 times. ” .*this closing mark'
keys ':qa!' Enter
on_screen 'left the faults' '^status 0'

# --- the visible part of a large file comes first

awk 'BEGIN { for (i = 1; i <= 60000; i++) printf "“We paid %d times,” said Mr. Bo Lund of the ferry.\n\n", i }' >big.txt
nvim "big.txt -c 'Postil on' -c 120000"
shows 'its end' 10 '<i>“We paid 60000 times,”<> said Mr. <u>Bo Lund<> of the ferry.'
keys ':let g:state = luaeval("require\"postil.nvim\".of(0).text.done and 1 or 0") | echo "done" g:state' Enter
on_screen 'before all is tagged' '^done 0'
keys ':Postil who' Enter
on_screen 'how far it is' 'postil: who: tagging, [0-9]* %'
keys ':qa!' Enter
on_screen 'left while it works' '^status 0'
finish
