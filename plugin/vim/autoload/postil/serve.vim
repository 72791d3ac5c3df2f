if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# serve.vim - what is asked of postil and what it says, in this Vim where its Lua has a binding
# (inside.vim), else by one process `postil serve` (job.vim).  It is started when it is needed, and
# started anew, once, when it dies.
#
#   Start(): bool        false: it cannot be, which has been said
#   Forgive()            it may die once more: the user has asked for it
#   IsAlive(): bool
#   Ask(verb, fields, Hear, content)   Hear(answer) is called later; content: what stands between the
#                        quotation marks of the field "content" (json.vim)
#   Now(verb, fields, timeout, content)   the answer; {}: none within so many milliseconds
#   NowDone(verb, fields, patience, timeout)   the same, asked until all is tagged or patience ends
#   Listen(Hear)         Hear(event) for events of the protocol, and for {event: 'restarted'},
#                        {event: 'ended'}
#   Name()               what answers, or would; '': there is nothing
#
# plugin/PROTOCOL.md tells what is said.

import './inside.vim'
import './job.vim'
import './json.vim'
import './report.vim'

const PAUSE = 4 # milliseconds in which it is let work

var means: dict<func> = {} # inside.vim's or job.vim's
var alive = false
var deaths = 0             # since the user turned anything on
var number = 0             # of the last request
var waiting: dict<func> = {}
var listeners: list<func> = []
var awaiting = false       # Now() is reading: events are kept until later
var kept: list<dict<any>> = []

export def Listen(Hear: func)
  add(listeners, Hear)
enddef

def Tell(event: dict<any>)
  for Hear in listeners
    Hear(event)
  endfor
enddef

def TellKept(_: number)
  var events = kept
  kept = []
  for event in events
    Tell(event)
  endfor
enddef

# In an expression of a mapping hardly anything may be done: so what is not asked for comes later.
def TellLater(event: dict<any>)
  add(kept, event)
  if len(kept) == 1
    timer_start(0, TellKept)
  endif
enddef

# ---- what it says --------------------------------------------------------------------------------

def Heard(line: string)
  var message: any
  try
    message = json_decode(line)
  catch
    return
  endtry
  if type(message) != v:t_dict
    return
  elseif has_key(message, 'event')
    if awaiting || !empty(kept)
      TellLater(message)
    else
      Tell(message)
    endif
    return
  endif
  var id = string(get(message, 'id', 0))
  if has_key(waiting, id)
    var Hear = remove(waiting, id)
    Hear(message)
  endif
enddef

# ---- its life ------------------------------------------------------------------------------------

def Means(): dict<func>
  return inside.IsThere() ? inside.MEANS : job.MEANS
enddef

export def Name(): string
  return call((alive ? means : Means()).Name, [])
enddef

def Ended(words: string)
  alive = false
  waiting = {}
  ++deaths
  if deaths > 1
    report.Error(words .. '; `:Postil on` tries again')
    Tell({event: 'ended'})
  elseif Start()
    report.Warn(words .. '; it was started anew')
    Tell({event: 'restarted'})
  else
    Tell({event: 'ended'})
  endif
enddef

export def Forgive()
  deaths = 0
enddef

export def Start(): bool
  if alive && call(means.IsAlive, [])
    return true
  endif
  means = Means()
  var words: string = call(means.Start, [Heard, Ended])
  alive = words == ''
  if !alive
    report.Error(words)
    return false
  endif
  Ask('hello', {protocol: 1, unit: 'byte'}, (_) => 0)
  return true
enddef

# ---- asking --------------------------------------------------------------------------------------

export def Ask(verb: string, fields: dict<any>, Hear: func, content: any = null): number
  if !alive
    return 0
  endif
  ++number
  waiting[number] = Hear
  var line = json.Text(fields->extendnew({id: number, do: verb}))
  if type(content) == v:t_string
    line = line[: -2] .. ',"content":"' .. content .. '"}'
  endif
  call(means.Send, [line])
  return number
enddef

# Reads until there is an answer; what else comes is heard as ever.
def Await(IsThere: func(): bool, timeout: number)
  var begun = reltime()
  while alive && !IsThere()
    var left = timeout - float2nr(reltimefloat(reltime(begun)) * 1000)
    if left <= 0
      return
    endif
    var line: string = call(means.Read, [left])
    if line != ''
      Heard(line)
    elseif !call(means.IsOpen, [])
      return
    endif
  endwhile
enddef

export def Now(verb: string, fields: dict<any>, timeout: number, content: any = null): dict<any>
  var answer: dict<any> = {}
  var before = awaiting
  awaiting = true
  try
    var id = Ask(verb, fields, (said) => {
      extend(answer, said)
    }, content)
    Await(() => !empty(answer), timeout)
    if has_key(waiting, id)
      waiting[id] = (_) => 0
    endif
  finally
    awaiting = before
  endtry
  return answer
enddef

# The answer once all is tagged, or what there is after so many milliseconds.
export def NowDone(verb: string, fields: dict<any>, patience: number, timeout: number): dict<any>
  var begun = reltime()
  var answer = Now(verb, fields, timeout)
  while !get(answer, 'done', true) && reltimefloat(reltime(begun)) * 1000 < patience
    awaiting = true
    Await(() => false, PAUSE)
    awaiting = false
    answer = Now(verb, fields, timeout)
  endwhile
  return answer
enddef

export def IsAlive(): bool
  return alive
enddef
