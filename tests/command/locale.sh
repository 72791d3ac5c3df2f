#!/bin/sh
# locale.sh - the same text and rules give the same bytes whatever the locale, the time zone, the home and the Lua.
# Where the files to make a locale from are missing, those that are there must do.  POSTIL names the command, BUILD
# what was built.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc
unset LC_ALL LANG

same() { # NAME FILE FILE
  if cmp -s "$2" "$3"; then ok; else bad "$1" "$(diff "$2" "$3" | head -n 10)"; fi
}

# Everything in Lua that asks the locale: numbers as text and back, the order of strings, letters.
cat >rules.lua <<'END'
local order = {}
for _, word in ipairs { "b", "A", "B", "a", "_", "Z", "é", "Å" } do order[#order + 1] = word end
table.sort(order, function(x, y) return x < y end)
tag.x { "one", set = { half = tostring(1 / 2), form = ("%.2f"):format(2.5), number = 1.25,
  back = function() return (tonumber "1.5" or 0) * 2 end, comma = tostring(tonumber "1,5"),
  order = table.concat(order), upper = ("é\233i"):upper(), word = tostring(("\233"):find "%a") } }
tag.date { "day:<num> month:(May|June) year:<num>", set = { iso = p.iso } }
tag.n { "amount:/[0-9.,]+/ mult:million", set = { value = p.number } }
END
printf 'one, then 3 May 2024 and 2.5 million; yesterday one.\n' >a.txt
"$POSTIL" --rules ./rules.lua --to jsonl a.txt >first 2>&1
"$POSTIL" --rules ./rules.lua --to jsonl a.txt >again 2>&1
same 'a second run' first again
grep -q '"half":"0.5"' first && grep -q '"back":3,' first || printf 'x' >>first

mkdir locales
for name in de_DE tr_TR; do
  localedef -i $name -f UTF-8 "locales/$name.UTF-8" >log 2>&1 || rm -rf "locales/$name.UTF-8"
done
export LOCPATH="$dir/locales"
for setting in LC_ALL=de_DE.UTF-8 LC_ALL=tr_TR.UTF-8 LC_ALL=C.UTF-8 TZ=Pacific/Kiritimati TZ=America/Adak HOME=/nonexistent; do
  env "$setting" "$POSTIL" --rules ./rules.lua --to jsonl a.txt >again 2>&1
  same "the command, $setting" first again
done

# A host that has set its locale, as editors do.
cat >host.lua <<'END'
os.setlocale(arg[1])
local before = os.setlocale(nil, "all")
local postil = require "postil"
local export = require "postil.export"
local file = io.open "rules.lua"
local set = assert(postil.load { source = file:read "*a", name = "rules.lua" })
local text = io.open "a.txt":read "*a"
io.write((export.jsonl(set:tag(text), '"a.txt"')))
assert(os.setlocale(nil, "all") == before)
END
LUA_PATH="$top/lua/?.lua;$top/lua/?/init.lua"
export LUA_PATH
for pair in 5.1/lua5.1 5.1/luajit 5.2/lua5.2 5.3/lua5.3 5.4/lua5.4; do
  lua=${pair#*/}
  if ! command -v "$lua" >log || [ ! -e "$BUILD/${pair%/*}/postil/core.so" ]; then continue; fi
  LUA_CPATH="$BUILD/${pair%/*}/?.so"
  export LUA_CPATH
  for locale in C de_DE.UTF-8 tr_TR.UTF-8; do
    "$lua" host.lua $locale >again 2>&1
    same "$lua, $locale" first again
  done
done

finish
