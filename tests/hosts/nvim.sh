#!/bin/sh
# nvim.sh - postil in a real Neovim without a screen: each file of tests/nvim is run in one of its own,
# in an empty folder.  BATCHES says how much fuzz.lua does, SEED where it begins.
# The command is not tried: the binding is in-process.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

if ! command -v nvim >/dev/null; then
  echo 'skipped: no nvim here'
  exit 0
fi

export LC_ALL=C.UTF-8 TESTS="$top/tests/nvim" TOP="$top" LUA_CPATH="$BUILD/5.1/?.so;;"
unset NVIM NVIM_LISTEN_ADDRESS VIMINIT XDG_CONFIG_DIRS XDG_DATA_DIRS
LIMIT=120 # seconds

# What a file of tests says, counted in with ours.  One that ends without its last line has failed.
run() { # NAME ARGUMENTS FOR NVIM ...
  name=$1
  shift
  mkdir "$dir/$name" && cd "$dir/$name" || exit 2
  timeout "$LIMIT" nvim --clean --headless -n -i NONE --cmd "set rtp^=$top rtp+=$top/plugin" "$@" \
    -c "luafile $TESTS/$name.lua" -c 'cquit!' >out 2>err </dev/null
  status=$?
  # shellcheck disable=SC2046  # two numbers
  set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' out)
  passed=$((passed + ${1-0})) failed=$((failed + ${2-1}))
  [ "$status" = 0 ] && [ "${2-1}" = 0 ] && return
  [ "${2-1}" != 0 ] || failed=$((failed + 1))
  printf -- '--- %s: status %s\n' "$name" "$status"
  cat out
  tail -c 1000 err
}

# Where nothing was built it is said in a line what to do.
mkdir copy && cp -R "$top/lua" "$top/plugin" copy
unbuilt() {
  env -u LUA_CPATH nvim --clean --headless -n -i NONE --cmd "set rtp^=$dir/copy" "$@" -c 'qa!' 2>&1
}
like 'not built' 0 '*postil: it does not load; *:checkhealth postil*' '' unbuilt -c 'Postil on'
like 'not built: health' 0 '*type *make* in the folder of the plugin*' '' \
  unbuilt -c 'checkhealth postil' -c '%print'

# As a plugin manager has it: the checkout, nothing else.
mkdir -p site/pack/some/start && ln -s "$top" site/pack/some/start/postil
is 'a package' 0 '' 'on true, help postil.txt' env -u LUA_CPATH nvim --clean --headless -n -i NONE \
  --cmd "set packpath^=$dir/site" -c 'silent Postil on' -c 'silent help :Postil-why' -c 'lua
    io.stderr:write("on ", tostring(#require "postil.nvim".each() == 1), ", help ",
      vim.fn.expand "%:t")' -c 'qa!'

for file in "$TESTS"/*_test.lua "$TESTS"/fuzz.lua; do run "$(basename "$file" .lua)"; done
finish
