#!/bin/sh
# vim.sh - postil in a real Vim without a screen: each file of tests/vim is run in one of its own, in
# an empty folder.  BATCHES says how much fuzz.vim does, SEED where it begins; vim.inc, which Vim.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
# shellcheck source=tests/hosts/vim.inc
. "$top/tests/hosts/vim.inc"
needs_vim

export POSTIL LC_ALL=C.UTF-8 TESTS="$top/tests/vim" SOURCE="$top" TOP="$dir/copy"
LIMIT=120 # seconds

# Every function is compiled when it is loaded, also those that no test calls.
copy
find copy/plugin/vim -name '*.vim' | while read -r file; do echo defcompile >>"$file"; done
batch() { # ARGUMENTS ...
  timeout "$LIMIT" "$VIM_PROGRAM" -u NONE -i NONE -n -es --cmd 'set nocompatible encoding=utf-8' \
    --cmd "set rtp^=$TOP" -c 'runtime! plugin/**/*.vim' "$@" </dev/null
}

# What a file of tests says, counted in with ours.  One that ends without its last line has failed.
run() { # NAME
  mkdir "$dir/$1" && cd "$dir/$1" || exit 2
  batch -c "source $TESTS/support.vim" -c "try | source $TESTS/$1.vim | catch |
    call Bad(v:throwpoint . ': ' . v:exception) | call Finish() | endtry" >out 2>&1
  status=$?
  name=$1
  # shellcheck disable=SC2046  # two numbers
  set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' said)
  passed=$((passed + ${1-0})) failed=$((failed + ${2-1}))
  [ "$status" = 0 ] && [ "${2-1}" = 0 ] && return
  [ "${2-1}" != 0 ] || failed=$((failed + 1))
  printf -- '--- %s: status %s\n' "$name" "$status"
  cat said
  tail -c 1000 out
}

is 'all is compiled' 0 '' '' batch -c 'silent Postil info' -c 'qa!'

# Each of the two ways has tests of its own.
if [ -n "${VIM_LUA-}" ]; then other=job_test; else other=inside_test; fi
for file in "$TESTS"/*_test.vim "$TESTS"/fuzz.vim; do
  [ "$(basename "$file" .vim)" != $other ] || continue
  [ -z "${ONLY-}" ] || [ "$ONLY" = "$(basename "$file" .vim)" ] || continue
  [ ! -e "$file" ] || run "$(basename "$file" .vim)"
done
finish
