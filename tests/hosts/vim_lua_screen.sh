#!/bin/sh
# vim_lua_screen.sh - vim_screen.sh in a Vim whose own Lua has the binding.
# The command is not tried: the binding is in-process.
cd "$(dirname "$0")/../.." && VIM_LUA=1 exec sh tests/hosts/vim_screen.sh
