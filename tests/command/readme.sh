#!/bin/sh
# readme.sh - runs the README's examples: blocks with a file name are written, `$ ` lines of console blocks are run
# and what they print must be what stands below them.  POSTIL names the command, BUILD what was built.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
: "${BUILD=build}" "${POSTIL=$top/$BUILD/postil}"
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
ln -s "$top/core" "$top/lua" "$dir" && ln -s "$top/$BUILD" "$dir/build" && mkdir "$dir/bin" &&
  ln -s "$POSTIL" "$dir/bin/postil" || exit 2
PATH=$dir/bin:$PATH
export PATH
cd "$dir" || exit 2

# Files first; then each command and its output as cmd.N and want.N.
awk '
  /^```/ && !open { open = 1; kind = substr($1, 4); file = $2; next }
  /^```/ { open = 0; if (file) close(file); next }
  open && file { print > file }
  open && kind == "console" && /^\$ / { n++; print substr($0, 3) > ("cmd." n); printf "" > ("want." n); next }
  open && kind == "console" { print > ("want." n) }
  END { print n > "count" }
' "$top/README.md"

passed=0 failed=0
n=1
count=$(cat count)
while [ "$n" -le "$count" ]; do
  sh "./cmd.$n" >"got.$n" 2>&1 </dev/null
  if cmp -s "want.$n" "got.$n"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'README: %s\nwanted:\n' "$(cat "cmd.$n")"
    cat "want.$n"
    echo "got:"
    cat "got.$n"
  fi
  n=$((n + 1))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
