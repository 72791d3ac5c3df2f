#!/bin/sh
# emacs.sh - postil in a real Emacs without a screen: the library is compiled, warnings are errors, its
# documentation is checked, and each file of tests/emacs is run in an Emacs of its own.  BATCHES says
# how many batches of edits at random there are, SEED which.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

if ! command -v emacs >/dev/null; then
  echo 'skipped: no emacs here'
  exit 0
fi
export LC_ALL=C.UTF-8 POSTIL
unset EMACSLOADPATH EMACSDATA EMACSPATH BATCH SITE
LIMIT=180 # seconds

batch() { timeout "$LIMIT" emacs -Q --batch "$@"; }

# --- the library itself

mkdir lisp && cp "$top/plugin/emacs/postil.el" lisp
is 'it is compiled without a warning' 0 '' '' batch --eval '(setq byte-compile-error-on-warn t)' \
  -f batch-byte-compile lisp/postil.el
is 'its documentation is as it should be' 0 '' '' batch \
  --eval "(progn (require 'checkdoc) (checkdoc-file \"lisp/postil.el\"))"
batch --eval "(progn (require 'autoload) (let ((generated-autoload-file \"$dir/loaddefs.el\"))
  (update-directory-autoloads \"$dir/lisp\")))" >out 2>&1
for name in postil-mode postil-who postil-find postil-rules; do
  holds "$name is loaded when it is used" loaddefs.el "(autoload '$name \"[a-z/]*postil\""
done
grep -n '^.\{101\}' lisp/postil.el "$top"/tests/emacs/*.el >long
that 'no line is too long' [ ! -s long ]

# --- what it does, compiled

# What a file of tests says, counted in with ours.  One that ends without its last line has failed.
run() { # NAME
  batch -L "$dir/lisp" -L "$top/tests/emacs" -l ert -l "$top/tests/emacs/$1.el" \
    -f ert-run-tests-batch-and-exit >out 2>&1 </dev/null
  status=$?
  # shellcheck disable=SC2046  # two numbers
  set -- "$1" $(sed -n 's/^Ran [0-9]* tests, \([0-9]*\) results as expected, \([0-9]*\) unexpected.*/\1 \2/p' out)
  passed=$((passed + ${2-0})) failed=$((failed + ${3-1}))
  [ "$status" = 0 ] && [ "${3-1}" = 0 ] && return
  [ "${3-1}" != 0 ] || failed=$((failed + 1))
  printf -- '--- %s: status %s\n' "$1" "$status"
  grep -v '^Warning \[flymake\|^   passed' out | tail -n 80
}
for file in "$top"/tests/emacs/*-test.el; do run "$(basename "$file" .el)"; done
finish
