if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# process.vim - the one process `postil serve`: it is started when it is needed, asked, and started
# anew, once, when it dies.
#
#   Start(): bool        false: it cannot be, which has been said
#   Forgive()            it may die once more: the user has asked for it
#   IsAlive(): bool
#   Ask(verb, fields, Hear, inside)   Hear(answer) is called later; inside: what stands between the
#                        quotation marks of the field "content" (json.vim)
#   Now(verb, fields, timeout, inside)   the answer; {}: none within so many milliseconds
#   NowDone(verb, fields, patience, timeout)   the same, asked until all is tagged or patience ends
#   Listen(Hear)         Hear(event) for events of the protocol, and for {event: 'restarted'},
#                        {event: 'ended'}
#   Command()            what would be started; '': there is nothing
#
# plugin/PROTOCOL.md tells what is said.

import './config.vim'
import './json.vim'
import './report.vim'

const PAUSE = 4 # milliseconds in which the process is let work

var process: job
var alive = false
var deaths = 0             # since the user turned anything on
var last_words = ''        # of standard error
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

export def Command(): string
  var chosen: string = config.Get('command')
  if chosen != ''
    return exepath(expand(chosen))
  endif
  var built = g:postil_checkout .. '/build/postil'
  return executable(built) ? built : exepath('postil')
enddef

def Ended(status: number)
  alive = false
  waiting = {}
  ++deaths
  var words = $'the process `postil serve` ended with {status}'
  if last_words != ''
    words ..= ': ' .. last_words
  endif
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

def Exited(which: job, status: number)
  if which == process
    Ended(status)
  endif
enddef

export def Forgive()
  deaths = 0
enddef

export def Start(): bool
  if alive && job_status(process) == 'run'
    return true
  endif
  var command = Command()
  if command == ''
    report.Error('there is no command `postil`: `make` builds it in the folder of the plugin, and '
      .. 'g:postil.command may say where it is')
    return false
  endif
  last_words = ''
  process = job_start([command, 'serve'], {mode: 'nl', noblock: 1, stoponexit: 'term',
    out_cb: (_, line) => Heard(line), exit_cb: Exited,
    err_cb: (_, line) => {
      last_words = line
    }})
  alive = job_status(process) == 'run'
  if !alive
    report.Error($'{command} does not start')
    return false
  endif
  Ask('hello', {protocol: 1, unit: 'byte'}, (_) => 0)
  return true
enddef

# ---- asking --------------------------------------------------------------------------------------

export def Ask(verb: string, fields: dict<any>, Hear: func, inside: any = null): number
  if !alive
    return 0
  endif
  ++number
  waiting[number] = Hear
  var line = json.Text(fields->extendnew({id: number, do: verb}))
  if type(inside) == v:t_string
    line = line[: -2] .. ',"content":"' .. inside .. '"}'
  endif
  try
    ch_sendraw(process, line .. "\n")
  catch
    # It is gone: Exited() will say so.
  endtry
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
    var line = ch_read(process, {timeout: left})
    if line != ''
      Heard(line)
    elseif ch_status(process, {part: 'out'}) !~ '^\%(open\|buffered\)$'
      return
    endif
  endwhile
enddef

export def Now(verb: string, fields: dict<any>, timeout: number, inside: any = null): dict<any>
  var answer: dict<any> = {}
  var before = awaiting
  awaiting = true
  try
    var id = Ask(verb, fields, (said) => {
      extend(answer, said)
    }, inside)
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
