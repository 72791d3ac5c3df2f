if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# texts.vim - the buffers in which postil is on, and how postil is told what changes in them.
#
#   On(number, rules)       the state of a buffer; {}: something stood in the way, which was said
#   Off(number): bool
#   Of(number)              its state; {}: it is not on there
#   Here()                  that of this buffer, turned on if it was not
#   Each()                  all states
#   CatchUp(state)          postil is told all that has changed, and all that was not sent yet
#   Finish(state)           waits until all is tagged
#   Words(state, span)      the words there, a string for each line
#   WhenDone(state, Go)     Go() once all is tagged; says so meanwhile
#   Listen(Hear)            Hear(event, state, message): 'on', 'off', 'sent' (lines that it had not),
#                           'edited' (message.change, see Merged), and the events of the protocol
#   Merged(known, changes)  changes in the order in which they were made, behind those that are
#                           known: all of them as one, [first, behind, behind it now]
#
# A state: number, name (that of the text in the protocol), version, sent (lines that postil
# has), whole (these are all, but for what has changed), changed (what is still to be sent), done
# (all is sent, and tagged), rules, known (labels of the rules, once asked for), resent (how often
# postil had another text, and was sent all of it).
#
# All lines of a text end with a line feed there.  A buffer is sent in pieces; what changes behind
# them is sent with what is still to come.  Each change comes with the size of the whole text, so
# that a text which is another is found out and sent anew.

import './config.vim'
import './json.vim'
import './serve.vim'
import './report.vim'

const PIECE = 65536   # bytes that are sent together
const LINES = 500     # that are looked at together
const MANY = 5000     # changed lines that are sent in pieces
const FINISH = 600000 # milliseconds
const FAILURES = 5    # texts sent anew in a row, none of which was tagged

var states: dict<dict<any>> = {}
var serial = 0
var listeners: list<func> = []

export def Listen(Hear: func)
  add(listeners, Hear)
enddef

def Tell(event: string, state: dict<any>, message = {})
  for Hear in listeners
    Hear(event, state, message)
  endfor
enddef

export def Of(number = bufnr()): dict<any>
  return get(states, number, {})
enddef

export def Each(): list<dict<any>>
  return values(states)
enddef

# ---- what is sent --------------------------------------------------------------------------------

def LineCount(state: dict<any>): number
  return getbufinfo(state.number)[0].linecount
enddef

# Bytes of a buffer as postil has it.  Lines are counted as they would be written: ends of
# lines are two bytes in a DOS file, and the last one may be left out.
def Size(number: number): number
  var count = getbufinfo(number)[0].linecount
  var size = -1
  if number == bufnr()
    size = line2byte(count + 1) - 1
  elseif !empty(win_findbuf(number))
    size = str2nr(win_execute(win_findbuf(number)[0], 'echo line2byte(line("$") + 1) - 1')->trim())
  endif
  if size < 0
    return -1
  endif
  if getbufvar(number, '&fileformat') == 'dos'
    size -= count
  endif
  var cut = !getbufvar(number, '&eol')
    && (getbufvar(number, '&binary') || !getbufvar(number, '&fixeol'))
  return cut ? size + 1 : size
enddef

# Lines as the field "content" has them.
def Inside(lines: list<string>): string
  return empty(lines) ? '' : mapnew(lines, (_, line) => json.Inside(line))->join('\n') .. '\n'
enddef

def Answered(state: dict<any>, answer: dict<any>)
  if has_key(answer, 'error') && states->get(state.number, {}) is state && !state.closed
    if get(answer, 'resync', false)
      Resend(state)
    else
      report.Warn(answer.error)
    endif
  endif
enddef

def SendLines(state: dict<any>, first: number, last: number, lines: list<string>, size: number)
  ++state.version
  var fields: dict<any> = {text: state.name, first: first, last: last, version: state.version}
  if size >= 0
    fields.size = size
  endif
  serve.Ask('lines', fields, (answer) => Answered(state, answer), Inside(lines))
enddef

# Lines [first, behind) of what postil has are now lines [first, now_behind) of the buffer.
def SendChange(state: dict<any>, first: number, behind: number, now_behind: number)
  var lines: list<string> = []
  var last = behind - 1
  # To the end: all that is there, for the empty line of an empty buffer is not told of.
  var new_last = state.whole && last >= state.sent ? LineCount(state) : now_behind - 1
  if last > state.sent || new_last - first >= MANY
    last = state.sent
    state.whole = false
  elseif first <= new_last
    lines = getbufline(state.number, first, new_last)
  endif
  state.sent += len(lines) - (last - first + 1)
  SendLines(state, first, last, lines, state.whole ? Size(state.number) : -1)
enddef

# Sends what has changed.  Not while Vim changes lines: it may tell of some when others, that it
# will tell of, have been changed already, and does not bear that lines are read then.
def SendChanges(state: dict<any>)
  if empty(state.changed) || state.closed
    return
  elseif TooLarge(state)
    return
  endif
  var [first, behind, now_behind] = remove(state.changed, 0, 2)
  if first <= state.sent + (state.whole ? 1 : 0)
    SendChange(state, first, behind, now_behind)
  endif
  if state.whole && state.sent != LineCount(state)
    Resend(state)
  endif
  Pump(state)
  Tell('edited', state, {change: [first, behind, now_behind]})
enddef

# Sends what comes next of what was not sent yet.
def SendPiece(state: dict<any>)
  var lines: list<string> = []
  var size = 0
  var count = LineCount(state)
  while size < PIECE && state.sent + len(lines) < count
    var from = state.sent + len(lines) + 1
    for line in getbufline(state.number, from, from + LINES - 1)
      add(lines, line)
      size += len(line) + 1
      if size >= PIECE
        break
      endif
    endfor
  endwhile
  var first = state.sent + 1
  state.sent += len(lines)
  state.whole = state.sent == count
  SendLines(state, first, first - 1, lines, state.whole ? Size(state.number) : -1)
enddef

# Whether there was more to send.
def SendMore(state: dict<any>): bool
  if state.closed || state.whole || !bufloaded(state.number)
    return false
  endif
  Flush(state)
  SendPiece(state)
  Tell('sent', state)
  return true
enddef

def Pump(state: dict<any>)
  if state.pumping || state.closed || state.whole
    return
  endif
  state.pumping = true
  timer_start(2, (timer) => {
    if !SendMore(state) || state.whole
      timer_stop(timer)
      state.pumping = false
    endif
  }, {repeat: -1})
enddef

# The words of a span, a string for each line.
export def Words(state: dict<any>, span: list<number>): list<string>
  var [line, column, end_line, end_column] = span
  var lines = getbufline(state.number, line, end_line)
  if empty(lines)
    return []
  endif
  lines[-1] = strpart(lines[-1], 0, end_column - 1)
  lines[0] = strpart(lines[0], column - 1)
  return lines
enddef

# ---- what changes --------------------------------------------------------------------------------

export def Merged(known: list<number>, changes: list<dict<any>>): list<number>
  var one = known
  for change in changes
    var [first, behind, added] = [change.lnum, change.end, change.added]
    if empty(one)
      one = [first, behind, behind + added]
    else
      one = [min([one[0], first]), one[1] + max([behind - one[2], 0]),
        max([behind, one[2]]) + added]
    endif
  endfor
  return one
enddef

def Changed(number: number, _: number, _: number, _: number, changes: list<dict<any>>)
  var state = Of(number)
  if empty(state) || state.closed
    return
  endif
  state.done = false
  state.changed = Merged(state.changed, changes)
  timer_start(0, (_) => SendChanges(state))
enddef

export def Flush(state: dict<any>)
  if !state.closed && bufloaded(state.number)
    listener_flush(state.number)
    SendChanges(state)
  endif
enddef

export def CatchUp(state: dict<any>)
  Flush(state)
  while SendMore(state)
  endwhile
enddef

export def Finish(state: dict<any>)
  CatchUp(state)
  var answer = serve.Now('wait', {text: state.name}, FINISH)
  state.done = get(answer, 'done', false)
enddef

# ---- on and off ----------------------------------------------------------------------------------

def TooLarge(state: dict<any>): bool
  var most: number = config.Get('max_size')
  var size = Size(state.number)
  if size <= most
    return false
  endif
  report.Warn(printf('the buffer has %.1f MB, and more than %.1f MB are not tagged; '
    .. 'g:postil.max_size says how many bytes may be', size / 1048576.0, most / 1048576.0))
  Off(state.number)
  return true
enddef

# Words that say why it cannot be on in a buffer; '': it can.
def Refusal(number: number): string
  if !bufloaded(number)
    return 'the buffer is not loaded'
  elseif &encoding != 'utf-8'
    return "'encoding' must be utf-8"
  endif
  return ''
enddef

def Path(number: number): string
  var name = bufname(number)
  return name == '' || getbufvar(number, '&buftype') != '' ? '' : fnamemodify(name, ':p')
enddef

# What may be left out of an `open`.
def Fields(state: dict<any>): dict<any>
  var rules: any = !empty(state.rules) ? state.rules : config.Get('rules')
  var all = {path: Path(state.number), rules: rules, date: config.Get('date')}
  return filter(all, (_, value) => !empty(value))
enddef

# Opens a text and sends all of it, the first piece at once.  It has a new name each time, so that
# answers about what it was before are not taken for its own.
def Open(state: dict<any>, Hear: func)
  ++serial
  state.name = $'{state.number}.{serial}'
  ++state.version
  state.sent = 0
  state.whole = false
  state.changed = []
  state.done = false
  serve.Ask('open', {text: state.name, version: state.version}->extend(Fields(state)), Hear, '')
  SendMore(state)
  Pump(state)
enddef

# Postil has another text than the buffer.
def Resend(state: dict<any>)
  ++state.resent
  ++state.failed
  if state.failed > FAILURES
    report.Error('postil keeps having another text than the buffer, and is off in it')
    Off(state.number)
    return
  endif
  serve.Ask('close', {text: state.name}, (_) => 0)
  Open(state, (answer) => Answered(state, answer))
enddef

def Close(state: dict<any>)
  state.closed = true
  listener_remove(state.listener)
  serve.Ask('close', {text: state.name}, (_) => 0)
  Tell('off', state)
enddef

def Forget(state: dict<any>)
  if get(states, state.number, {}) is state
    remove(states, state.number)
  endif
enddef

# The text is open, or could not be; then what was on before goes on.
def Opened(state: dict<any>, before: dict<any>, answer: dict<any>)
  if state.closed
    return
  endif
  if has_key(answer, 'error')
    Close(state)
    Forget(state)
    report.Error(answer.error)
    if !empty(before) && bufloaded(before.number)
      Begin(before.number, before.rules, {})
    endif
    return
  endif
  Tell('opened', state, answer)
enddef

def Begin(number: number, rules: list<string>, before: dict<any>): dict<any>
  var state: dict<any> = {number: number, rules: rules, known: {}, waiting: [], closed: false,
    resent: 0, failed: 0, pumping: false, name: '', version: 0, sent: 0, whole: false, changed: [],
    done: false, listener: 0}
  if TooLarge(state)
    return {}
  endif
  states[number] = state
  state.listener = listener_add(Changed, number)
  Tell('on', state)
  Open(state, (answer) => Opened(state, before, answer))
  return state
enddef

export def On(number: number, rules: list<string> = []): dict<any>
  var before = Of(number)
  if !empty(before) && empty(rules)
    return before
  endif
  var words = Refusal(number)
  if words != ''
    report.Warn(words)
    return {}
  endif
  serve.Forgive()
  if !serve.Start()
    return {}
  endif
  if !empty(before)
    Off(number)
  endif
  return Begin(number, rules, before)
enddef

export def Here(): dict<any>
  return On(bufnr())
enddef

export def Off(number: number): bool
  var state = Of(number)
  if empty(state)
    return false
  endif
  Close(state)
  Forget(state)
  return true
enddef

# A buffer was changed by others, or has another name: other rules may lie beside it.
export def Again(number: number)
  var state = Of(number)
  if !empty(state) && bufloaded(number)
    listener_remove(state.listener)
    state.listener = listener_add(Changed, number)
    Resend(state)
  endif
enddef

# A buffer is unloaded: by `:edit`, which reads it again, or for good.
export def Unloaded(number: number)
  var state = Of(number)
  if empty(state)
    return
  endif
  Off(number)
  timer_start(0, (_) => {
    if bufloaded(number) && empty(Of(number))
      On(number, state.rules)
    endif
  })
enddef

# ---- events --------------------------------------------------------------------------------------

export def WhenDone(state: dict<any>, what: string, Go: func)
  Flush(state)
  if state.done
    Go()
    return
  endif
  add(state.waiting, Go)
  echo $'postil: {what}: comes when all is tagged'
enddef

def Done(state: dict<any>)
  state.done = true
  state.failed = 0
  var waiting = state.waiting
  state.waiting = []
  if !empty(waiting)
    echo '' # it has come
  endif
  for Go in waiting
    Go()
  endfor
enddef

def Ended()
  for state in Each()
    Off(state.number)
  endfor
enddef

def Heard(message: dict<any>)
  if message.event == 'restarted'
    for state in Each()
      Tell('restarted', state)
      Open(state, (answer) => Answered(state, answer))
    endfor
    return
  elseif message.event == 'ended'
    Ended()
    return
  endif
  for state in Each()
    if state.name == message.text
      Flush(state)
      if message.event == 'rules'
        state.known = {}
      endif
      if message.event == 'done' && state.whole && message.version == state.version
        Done(state)
      endif
      Tell(message.event, state, message)
    endif
  endfor
enddef

serve.Listen(Heard)
