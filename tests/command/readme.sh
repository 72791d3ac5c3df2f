#!/bin/sh
# readme.sh - runs the examples of README and of the manual of rules, in the order in which they stand.
#
#   ```KIND NAME      the block is written to the file NAME
#   ```lua test       a rule file whose own tests must pass
#   ```console        `$ ` lines are run, and what they print must be what stands below them
#
# POSTIL names the command, BUILD what was built.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
mkdir bin && ln -s "$POSTIL" bin/postil || exit 2
PATH=$dir/bin:$PATH
export PATH

# A document as steps: N.name and N.file, N.rules, or N.cmd and N.want.
steps() { # DOCUMENT
  awk '
    /^```/ && !open {
      open = 1; kind = substr($1, 4); out = ""
      if ($2 == "test") { n++; out = n ".rules"; printf "" > out }
      else if ($2 != "") { n++; print $2 > (n ".name"); out = n ".file"; printf "" > out }
      next
    }
    /^```/ { open = 0; if (out) close(out); next }
    open && out { print > out; next }
    open && kind == "console" && /^\$ / {
      if (want) close(want)
      n++; print substr($0, 3) > (n ".cmd"); close(n ".cmd"); want = n ".want"; printf "" > want
      next
    }
    open && kind == "console" { print > want }
    END { print n + 0 > "count" }
  ' "$1"
}

fail() { # DOCUMENT STEP
  if [ -e "$2.cmd" ]; then
    bad "$1: $(cat "$2.cmd")" "wanted:
$(cat "$2.want")
got:
$(cat "$2.got")"
  else
    bad "$1: these rules do not pass their tests:" "$(cat "$2.rules" "$2.got")"
  fi
}

step() { # DOCUMENT STEP
  if [ -e "$2.name" ]; then
    cp "$2.file" "$(cat "$2.name")"
    return
  elif [ -e "$2.rules" ]; then
    cp "$2.rules" rules.lua
    postil test rules.lua >"$2.got" 2>&1 </dev/null
  else
    sh "./$2.cmd" >"$2.got" 2>&1 </dev/null
    cmp -s "$2.want" "$2.got"
  fi && ok && return
  fail "$1" "$2"
}

document() { # FILE
  mkdir "$dir/work" && cd "$dir/work" || exit 2
  ln -s "$top/core" "$top/lua" . && ln -s "$BUILD" build || exit 2
  steps "$top/$1"
  before=$((passed + failed))
  n=1
  while [ "$n" -le "$(cat count)" ]; do
    step "$1" "$n"
    n=$((n + 1))
  done
  [ $((passed + failed)) -gt "$before" ] || bad "$1" 'no example'
  cd "$top" && rm -rf "$dir/work"
}

document README.md
document lua/RULES.md
finish
