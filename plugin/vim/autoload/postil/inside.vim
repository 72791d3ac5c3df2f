if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# inside.vim - `postil serve` in this Vim, by its own Lua, where that has a binding built: the same
# lines as those of a process, by lua/postil/serve/inside.lua.
#
#   IsThere(): bool      this Vim can; nothing is loaded where g:postil.command names a command
#   MEANS                as job.vim has it
#
# It works for some milliseconds at a time, and keys are taken between.

import './config.vim'

const PAUSE = 1   # milliseconds in which keys are taken
const BUDGET = 4  # that requests may take in a row

var begun = reltime()
var said: list<string> = []
var more = false   # is to be done
var timer = 0
var alive = false
var Heard: func
var Ended: func

# Not every Vim has the function by name.
def Lua(expression: string, argument: any = null): any
  return call('luaeval', [expression, argument])
enddef

# ---- the binding ---------------------------------------------------------------------------------

# Where postil's own files may lie: Lua files, module.
def Places(abi: string): list<list<string>>
  var top = g:postil_checkout
  return [[top .. '/lua', $'{top}/build/{abi}'],
    [$'{top}/../../lua/{abi}', $'{top}/../../../lib/lua/{abi}']]
enddef

# Has Lua look there first; else it looks where it always does.
def Prepare()
  for [lua, module] in Places(Lua('_VERSION:match("%d+%.%d+")'))
    if filereadable(lua .. '/postil/serve/inside.lua') && filereadable(module .. '/postil/core.so')
      Lua('(function(lua, module)'
        .. ' package.path = lua .. "/?.lua;" .. lua .. "/?/init.lua;" .. package.path'
        .. ' package.cpath = module .. "/?.so;" .. package.cpath'
        .. ' end)(_A[1], _A[2])', [lua, module])
      return
    endif
  endfor
enddef

def Load(): bool
  if !has('lua')
    return false
  endif
  try
    if Lua('package.loaded["postil.serve.inside"] == nil')
      Prepare()
    endif
    return Lua('(pcall(require, "postil.serve.inside"))')
  catch
    return false
  endtry
enddef

var loads: dict<bool> = {} # known: whether it loads

export def IsThere(): bool
  if config.Get('command') != ''
    return false
  elseif !has_key(loads, 'known')
    loads.known = Load()
  endif
  return loads.known
enddef

def Name(): string
  return Lua('"in Vim itself, by its " .. _VERSION .. ": " .. package.searchpath("postil.core",'
    .. ' package.cpath)')
enddef

# ---- turns ---------------------------------------------------------------------------------------

def Die(words: string)
  alive = false
  more = false
  said = []
  Ended('postil in Vim ended: ' .. words)
enddef

# A request is answered, or there was work for some milliseconds.
def Turn()
  try
    var [lines, is_more] = Lua('vim.list({package.loaded["postil.serve.inside"].turn(_A)})',
      reltimefloat(reltime(begun)))
    said += split(lines, "\n")
    more = is_more
  catch
    Die(v:exception)
  endtry
enddef

def Milliseconds(since: list<number>): float
  return reltimefloat(reltime(since)) * 1000
enddef

def Deliver()
  while !empty(said)
    Heard(remove(said, 0))
  endwhile
enddef

def Tick(which: number)
  var start = reltime()
  Deliver()
  while more && Milliseconds(start) < BUDGET
    Turn()
    Deliver()
  endwhile
  if !more
    timer_stop(which)
  endif
enddef

# ---- what serve.vim wants ------------------------------------------------------------------------

def Start(Hear: func, HasEnded: func): string
  Heard = Hear
  Ended = HasEnded
  Lua('package.loaded["postil.serve.inside"].start()')
  alive = true
  return ''
enddef

def Send(line: string)
  Lua('package.loaded["postil.serve.inside"].ask(_A)', line)
  more = true
  if empty(timer_info(timer)) # it is over, or Vim has ended it because of errors
    timer = timer_start(PAUSE, Tick, {repeat: -1})
  endif
enddef

def Read(timeout: number): string
  var start = reltime()
  while empty(said) && more && Milliseconds(start) < timeout
    Turn()
  endwhile
  return empty(said) ? '' : remove(said, 0)
enddef

def IsOpen(): bool
  return more || !empty(said)
enddef

def IsAlive(): bool
  return alive
enddef

export const MEANS: dict<func> = {Name: Name, Start: Start, Send: Send, Read: Read, IsOpen: IsOpen,
  IsAlive: IsAlive}
