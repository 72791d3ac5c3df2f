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

# What package-lint finds in a file.  That of Debian 12 does not know that Emacs 28 is released, and
# there is no address of the project yet.
package_lint() { # FILE
  batch --eval '(let ((default-directory "/usr/share/emacs/site-lisp/elpa-src"))
      (normal-top-level-add-subdirs-to-load-path))' \
    -l package-lint -f package-lint-batch-and-exit "$1" 2>&1 | grep -v -e '^Entering directory' \
    -e 'warning: This makes the package uninstallable in all released Emacs versions' \
    -e 'error: Package should have a Homepage or URL header'
  return 0
}

# --- the library itself

mkdir lisp && cp "$top/plugin/emacs/postil.el" lisp
is 'it is compiled without a warning' 0 '' '' batch --eval '(setq byte-compile-error-on-warn t)' \
  -f batch-byte-compile lisp/postil.el
is 'its documentation is as it should be' 0 '' '' batch \
  --eval "(progn (require 'checkdoc) (checkdoc-file \"lisp/postil.el\"))"
is 'functions of others are where it says' 0 nil '*' batch \
  --eval '(princ (check-declare-file "lisp/postil.el"))'
if [ -d /usr/share/emacs/site-lisp/elpa-src ]; then
  is 'it is as packages should be' 0 '' '' package_lint lisp/postil.el
fi
batch --eval "(progn (require 'autoload) (let ((generated-autoload-file \"$dir/loaddefs.el\"))
  (update-directory-autoloads \"$dir/lisp\")))" >out 2>&1
for name in postil-mode postil-who postil-find postil-rules; do
  holds "$name is loaded when it is used" loaddefs.el "(autoload '$name \"[a-z/]*postil\""
done
grep -n '^.\{101\}' lisp/postil.el "$top"/tests/emacs/*.el >long
that 'no line is too long' [ ! -s long ]

# --- as a package: installed into an empty home, used, unloaded, removed; each in an Emacs of its own

mkdir package && cp "$top/plugin/emacs/postil.el" package
is 'a package is made of it' 0 '' '*' batch \
  --eval "(progn (require 'package) (package-initialize) (package-install-file \"package/postil.el\"))"
that 'without warnings' [ -z "$(grep -i warning "$dir/err")" ]
is 'its mode is loaded when it is turned on' 0 '(nil t t)' '*' batch -f package-initialize \
  --eval '(let ((before (featurep (quote postil))))
    (setq postil-program (getenv "POSTIL"))
    (text-mode)
    (postil-mode)
    (princ (list before postil-mode (featurep (quote postil)))))'
is 'its map is loaded with the first key' 0 '(nil postil-who)' '*' batch -f package-initialize \
  --eval '(progn
    (global-set-key (kbd "C-c p") (quote postil-command-map))
    (princ (list (featurep (quote postil))
                 (progn (autoload-do-load (key-binding (kbd "C-c p")))
                        (key-binding (kbd "C-c p w"))))))'
is 'unloaded, it leaves nothing that runs' 0 '(nil nil nil nil t)' '*' batch -f package-initialize \
  --eval '(progn
    (setq postil-program (getenv "POSTIL"))
    (text-mode)
    (insert "Mr. Bo Lund went home.\n")
    (postil-mode)
    (accept-process-output nil 0.1)
    (unload-feature (quote postil))
    (princ (list (process-list)
                 (overlays-in (point-min) (point-max))
                 (memq (quote postil--saved) after-save-hook)
                 (thing-at-point (quote postil-name))
                 (autoloadp (symbol-function (quote postil-mode))))))'
is 'and is there again' 0 '(nil t)' '*' batch -f package-initialize \
  --eval '(progn
    (require (quote postil))
    (unload-feature (quote postil))
    (setq postil-program (getenv "POSTIL"))
    (princ (list (featurep (quote postil)) (progn (postil-mode) postil-mode))))'
is 'it is removed' 0 nil '*' batch -f package-initialize \
  --eval '(progn (package-delete (cadr (assq (quote postil) package-alist)))
    (princ (directory-files (locate-user-emacs-file "elpa") nil "^postil")))'

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
