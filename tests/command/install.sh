#!/bin/sh
# install.sh - make install and make uninstall: everything is found where it was put, by C, by each
# Lua and by the command; what runs goes on while it is replaced; nothing is left behind.
# The command is not tried but as it is installed, always that of the plain build.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

# What was built is installed as it is: -o all lets make build nothing.
makes() { make --no-print-directory -s -C "$top" -o all BUILD="$BUILD" "$@" 2>&1; }
paths() { (cd "$1" && find . | LC_ALL=C sort); }
lua_of() { case $1 in luajit) echo 5.1 ;; *) echo "${1#lua}" ;; esac }

p="$dir/a place"
mkdir -p "$p/bin" "$p/share/lua/5.4/other"
echo mine >"$p/share/lua/5.4/other/init.lua"
paths "$p" >before
is 'install, with a space in the prefix' 0 '' '' makes install PREFIX="$p"
paths "$p" >after
is 'again' 0 '' '' makes install PREFIX="$p"
paths "$p" >again
that 'the same again' cmp -s after again
lacks 'nothing unfinished' after '\.new$'
for path in bin/postil lib/libpostil.a lib/pkgconfig/postil.pc include/postil.h share/man/man1/postil.1 \
  share/doc/postil/RULES.md share/doc/postil/PROTOCOL.md share/lua/5.4/postil/rules/news/given.tsv lib/lua/5.4/postil/core.so; do
  that "$path" [ -f "$p/$path" ]
done
that 'the command can be run' [ -x "$p/bin/postil" ]
that 'its man page is readable for all' [ "$(stat -c %a "$p/share/man/man1/postil.1")" = 644 ]

# --- C, by pkg-config

awk '/^```c example.c/ { on = 1; next } /^```/ { on = 0 } on' "$top/README.md" >example.c
compiles() { # PROGRAM: with what PKG_CONFIG_PATH says
  flags=$(pkg-config --cflags --libs --static postil) && eval "cc example.c $flags -o $1" && "./$1"
}
PKG_CONFIG_PATH=$p/lib/pkgconfig
export PKG_CONFIG_PATH
is 'a C program' 0 'ship 4-14' '' compiles example
is 'the version' 0 "$(sed -n 's/^#define POSTIL_VERSION "\(.*\)"/\1/p' "$top/core/postil.h")" '' \
  pkg-config --modversion postil

# --- Lua, with nothing but the installed places

cat >say.lua <<'LUA'
local place, abi, wait = arg[1], arg[2], arg[3]
package.path = place .. "/share/lua/" .. abi .. "/?.lua;" .. place .. "/share/lua/" .. abi .. "/?/init.lua"
package.cpath = place .. "/lib/lua/" .. abi .. "/?.so"
local set = assert(require "postil".load "news")
local text = "Finance Minister Ana Rocha left Lisbon on Monday."
if wait then
  io.open(wait .. ".ready", "w"):close()
  text = io.open(wait):read()
end
for tag in assert(set:tag(text)):each "person" do print(text:sub(tag.first, tag.last)) end
LUA
for lua in lua5.1 luajit lua5.2 lua5.3 lua5.4; do
  abi=$(lua_of "$lua")
  [ -e "$BUILD/$abi/postil/core.so" ] || continue
  command -v "$lua" >/dev/null || continue
  is "$lua" 0 'Ana Rocha' '' "$lua" say.lua "$p" "$abi"
done

# What an installed Lua file requires is installed, too.
grep -rhoE 'require *\(?"postil\.[a-z_.]+"' "$p/share/lua/5.4/postil" | sed 's/.*"postil\.\(.*\)"/\1/' |
  sort -u | tr . / | while read -r module; do
  [ "$module" = core ] || [ -e "$p/share/lua/5.4/postil/$module.lua" ] ||
    [ -e "$p/share/lua/5.4/postil/$module/init.lua" ] || echo "$module"
done >absent
that 'no Lua file is missing' [ ! -s absent ]

if command -v emacs >/dev/null; then
  is 'Emacs' 0 'postil-mode' '' emacs -Q --batch -L "$p/share/emacs/site-lisp" -l postil --eval '(progn
    (princ (car (assq (quote postil-mode) minor-mode-alist))))'
else
  echo 'skipped: Emacs is not installed'
fi

if command -v nvim >/dev/null; then
  is 'Neovim' 0 '' 'Ana Rocha' nvim --clean --headless -n --cmd "set rtp^=$dir/a\\ place/share/nvim/site" -c 'lua
    local text = "Ana Rocha left."
    local set = assert(require("postil").load [[tag.person "Ana Rocha"]])
    for t in set:tag(text):each "person" do io.stderr:write(text:sub(t.first, t.last)) end' -c qa!
  is 'its help' 0 '' 'postil.txt' nvim --clean --headless -n --cmd "set rtp^=$dir/a\\ place/share/nvim/site" \
    -c 'help :Postil-why' -c 'lua io.stderr:write(vim.fn.expand "%:t")' -c 'qa!'
else
  echo 'skipped: Neovim is not installed'
fi

# Where Vim's own Lua has the module, no command is wanted.
in_vim() { # WAY VIM PATH
  if ! command -v "$2" >/dev/null; then
    echo "skipped: $2 is not installed"
    return
  fi
  is "Vim, $1" 0 '' "1 PostilPerson-0 $1" env PATH="$3" "$2" -u NONE -i NONE -n -es \
    --cmd "set nocp enc=utf-8 rtp^=$dir/a\\ place/share/vim/vimfiles" -c 'runtime! plugin/**/*.vim' \
    -c 'call setline(1, "Mr. Bo Lund left.")' -c 'Postil! on' \
    -c 'for _ in range(500) | if !empty(prop_list(1)) | break | endif | sleep 10m | endfor' \
    -c 'verbose echon len(prop_list(1)) . " " . prop_list(1)[0].type . (len(job_info()) ? " job" : " Lua")' -c 'qa!'
}
in_vim job vim.basic "$p/bin:$PATH"
in_vim Lua vim.nox "$PATH"

# vis as well; by a link, as plugins of a user are found.
if command -v vis >/dev/null; then
  mkdir -p "$dir/home/.config/vis/plugins"
  ln -s "$p/share/vis/plugins/postil" "$dir/home/.config/vis/plugins/postil"
  cat >"$dir/home/.config/vis/visrc.lua" <<'LUA'
require "vis"
vis.events.subscribe(vis.events.START, function()
  local postil = require "plugins/postil"
  local file = io.open("said", "w")
  file:write(type(postil.on), "\n", package.searchpath("postil.core", package.cpath), "\n")
  file:close()
  vis:exit(0)
end)
LUA
  tty "timeout --foreground 30 vis" # one that does not load it would stay
  like 'vis' 0 'function
*/plugins/postil/../../../../lib/lua/*/postil/core.so' '' cat said
else
  echo 'skipped: vis is not installed'
fi

# --- the command, with an empty HOME

echo 'Finance Minister Ana Rocha left Lisbon on Monday.' >note.txt
like 'the command' 0 '*person: Ana Rocha*' '' env HOME="$dir/home" "$p/bin/postil" tag --to lines note.txt
if command -v man >/dev/null; then
  like 'its man page' 0 '*postil*' '' man --warnings -Tutf8 -l "$p/share/man/man1/postil.1"
else
  echo 'skipped: man is not installed'
fi

# --- replaced while it runs

inode() { stat -c %i "$p/lib/lua/5.4/postil/core.so"; }
mkfifo line
old=$(inode)
lua5.4 say.lua "$p" 5.4 line >running 2>&1 &
until [ -e line.ready ] || ! kill -0 $! 2>/dev/null; do :; done
is 'replace' 0 '' '' makes install PREFIX="$p"
that 'another file is there' [ "$old" != "$(inode)" ]
[ ! -e line.ready ] || echo 'Finance Minister Ana Rocha left.' >line
wait $!
that 'what runs goes on' equals 'Ana Rocha' running

# --- what another version had is taken away, what is nobody's of ours is not

echo old >"$p/share/lua/5.4/postil/old.lua"
echo own >"$p/share/lua/5.4/postil/own.lua"
echo "$p/share/lua/5.4/postil/old.lua" >>"$p/share/postil/installed"
is 'a newer version' 0 '' '' makes install PREFIX="$p"
that 'an old file is gone' [ ! -e "$p/share/lua/5.4/postil/old.lua" ]
that 'your own is not' [ -e "$p/share/lua/5.4/postil/own.lua" ]
rm "$p/share/lua/5.4/postil/own.lua"

is 'uninstall' 0 '' '' makes uninstall PREFIX="$p"
paths "$p" >after
that 'leaves what was there before' cmp -s before after
like 'and once more' 0 'nothing is installed: there is no *' '' makes uninstall PREFIX="$p"

# --- into a folder for a package

stage=$dir/stage
is 'DESTDIR' 0 '' '' makes install DESTDIR="$stage" PREFIX=/opt/postil-test
that 'nothing outside it' [ ! -e /opt/postil-test ]
lacks 'no file names it' "$stage/opt/postil-test/lib/pkgconfig/postil.pc" "$dir"
lacks 'nor does the record' "$stage/opt/postil-test/share/postil/installed" "$dir"
PKG_CONFIG_PATH=$stage/opt/postil-test/lib/pkgconfig
PKG_CONFIG_SYSROOT_DIR=$stage
export PKG_CONFIG_SYSROOT_DIR
is 'a C program against it' 0 'ship 4-14' '' compiles staged
unset PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_PATH
is 'all of it goes' 0 '' '' makes uninstall DESTDIR="$stage" PREFIX=/opt/postil-test
that 'to the last folder' [ ! -e "$stage/opt" ]

prefix=$(pkg-config --variable=prefix lua5.4)
is 'where the distribution has its Lua' 0 '' '' makes install DESTDIR="$stage" PREFIX="$prefix"
that 'its modules' [ -f "$stage$(pkg-config --variable=INSTALL_CMOD lua5.4)/postil/core.so" ]
that 'its Lua files' [ -f "$stage$(pkg-config --variable=INSTALL_LMOD lua5.4)/postil/init.lua" ]
like 'a place must be whole' 2 '*a place must begin with /*' '' makes install PREFIX=here
that 'and nothing was written' [ ! -e "$top/here" ]

finish
