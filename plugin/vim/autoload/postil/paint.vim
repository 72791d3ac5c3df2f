if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# paint.vim - draws what is tagged in the lines that windows show, as text properties: they move
# with the text until postil says what is tagged now.
#
#   Start()              follows all buffers
#   Scrolled()           windows show other lines
#   Shown(state)         lines [top, bottom] of the windows of a buffer, with some around
#   Covers(state, ranges)    whether such lines hold all that windows show now
#
# Tags lie in one another; an inner one is drawn above an outer one, and Vim combines what both say.
# A property is of one line: a line is drawn anew where what it has is not what it should have.
#
# Once all is tagged, an edit that leaves the number of lines as it was costs what it changes: its
# own lines, where Vim may have dropped properties, and those that postil tells of are looked at
# once it has tagged them.  At all else, and whatever crosses with an answer, all that is shown is.

import './config.vim'
import './groups.vim'
import './serve.vim'
import './speakers.vim'
import './texts.vim'

export const ID = 7565683   # of our properties, which may be of many types
const PRIORITY = 100
const DEEPEST = 25
const ROWS = 400            # lines of a window, where folds are closed
const LINE = 32768          # bytes of a line that are drawn

var known: dict<bool> = {}

# The type of a property, made where it is not there yet.
def TypeOf(label: string, depth: number): string
  var name = $'{groups.Of(label)}-{depth}'
  if !has_key(known, name)
    known[name] = true
    silent! prop_type_delete(name)
    prop_type_add(name, {highlight: groups.Of(label), combine: true, priority: PRIORITY + depth})
  endif
  return name
enddef

# Properties of each line, as [column, length, type], of the spans of an answer.
def Wanted(state: dict<any>, top: number, bottom: number, spans: list<any>): dict<list<list<any>>>
  var shown: list<string> = config.Get('labels')
  var wanted: dict<list<list<any>>> = {}
  var lines = getbufline(state.number, top, bottom)
  var open: list<list<number>> = []   # where those around end
  for n in range(len(spans) / 5)
    var [line, column, end_line, end_column, label] = spans[5 * n : 5 * n + 4]
    if label[0] == '_' || !empty(shown) && index(shown, label) < 0
      continue
    endif
    while !empty(open) && (open[-1][0] < line || open[-1][0] == line && open[-1][1] <= column)
      remove(open, -1)
    endwhile
    var type = TypeOf(label, min([len(open), DEEPEST]))
    var last = min([end_line, bottom])
    for row in line <= last && end_line >= top ? range(max([line, top]), last) : []
      var from = row == line ? column : 1
      var behind = row == end_line ? end_column : len(get(lines, row - top, '')) + 1
      behind = min([behind, LINE])
      if from < behind
        wanted[row] = get(wanted, row, [])->add([from, behind - from, type])
      endif
    endfor
    add(open, [end_line, end_column])
  endfor
  return wanted
enddef

# What is drawn now in some lines, in the same form.
def Drawn(number: number, top: number, bottom: number): dict<list<list<any>>>
  var drawn: dict<list<list<any>>> = {}
  for one in prop_list(top, {bufnr: number, end_lnum: bottom, ids: [ID]})
    drawn[one.lnum] = get(drawn, one.lnum, [])->add([one.col, one.length, one.type])
  endfor
  return drawn
enddef

def Draw(state: dict<any>, top: number, bottom: number, spans: list<any>)
  var wanted = Wanted(state, top, bottom, spans)
  var drawn = Drawn(state.number, top, bottom)
  for row in range(top, bottom)
    var [now, then] = [get(wanted, row, []), get(drawn, row, [])]
    if sort(copy(now)) == sort(then)
      continue
    endif
    if !empty(then)
      prop_remove({id: ID, bufnr: state.number, all: true}, row)
    endif
    for [column, length, type] in now
      prop_add(row, column, {length: length, type: type, id: ID, bufnr: state.number})
    endfor
  endfor
enddef

# ---- what is shown -------------------------------------------------------------------------------

export def Shown(state: dict<any>): list<list<number>>
  var list: list<list<number>> = []
  for window in win_findbuf(state.number)
    var info = getwininfo(window)[0]
    var top = max([1, info.topline - info.height])
    var bottom = min([max([info.botline, info.topline]) + info.height, top + ROWS, state.sent])
    if top <= bottom && index(list, [top, bottom]) < 0
      add(list, [top, bottom])
    endif
  endfor
  return list
enddef

def Answered(state: dict<any>, top: number, bottom: number, answer: dict<any>)
  --state.asked
  texts.Flush(state)
  if state.closed || !bufloaded(state.number)
    return
  elseif get(answer, 'version', -1) == state.version
    Draw(state, top, bottom, answer.spans)
  elseif !has_key(answer, 'error')
    state.again = true
  endif
  if state.asked == 0 && state.again
    AskAll(state)
  endif
enddef

def Ask(state: dict<any>, top: number, bottom: number)
  ++state.asked
  serve.Ask('faces', {text: state.name, span: [top, 1, bottom + 1, 1]},
    (answer) => Answered(state, top, bottom, answer))
enddef

# Asks for what is shown; while answers are still to come, once they are there.
def AskAll(state: dict<any>)
  state.torn = []
  state.again = state.asked > 0
  if state.again
    return
  endif
  state.drawn = Shown(state)
  for [top, bottom] in state.drawn
    Ask(state, top, bottom)
    speakers.Ask(state, top, bottom)
  endfor
enddef

# Asks for what is shown of some lines.
def AskFor(state: dict<any>, first: number, last: number)
  for [top, bottom] in state.drawn
    var [from, to] = [max([first, top]), min([last, bottom])]
    if from <= to
      Ask(state, from, to)
    endif
  endfor
enddef

# Ranges of lines in their order, those that overlap or touch as one.
def United(ranges: list<list<any>>): list<list<any>>
  var list: list<list<any>> = []
  for [first, last] in sort(ranges, (a, b) => a[0] - b[0])
    if !empty(list) && first <= list[-1][1] + 1
      list[-1][1] = max([list[-1][1], last])
    else
      add(list, [first, last])
    endif
  endfor
  return list
enddef

# A speaker may have another name because of what stands far away.
def AskSpeakers(state: dict<any>)
  for [top, bottom] in state.drawn
    speakers.Ask(state, top, bottom)
  endfor
enddef

# Stretches are tagged otherwise now, or (`done`) there were none to tell of.
def Changed(state: dict<any>, message: dict<any>)
  if !state.tagged || state.asked > 0 || message.version != state.version
    AskAll(state)
    return
  endif
  var ranges: list<list<any>> = empty(state.torn) ? [] : [[state.torn[0], state.torn[2] - 1]]
  state.torn = []
  for [first, _, last, column] in get(message, 'spans', [])
    add(ranges, [first, column > 1 ? last : max([first, last - 1])])
  endfor
  for [first, last] in United(ranges)
    AskFor(state, first, last)
  endfor
  AskSpeakers(state)
enddef

def Edited(state: dict<any>, change: list<number>)
  var [first, behind, now_behind] = change
  if state.tagged && behind == now_behind && state.asked == 0
    state.torn = texts.Merged(state.torn, [{lnum: first, end: behind, added: 0}])
  else
    AskAll(state)
  endif
enddef

export def Covers(state: dict<any>, ranges: list<list<number>>): bool
  for window in win_findbuf(state.number)
    var info = getwininfo(window)[0]
    var bottom = min([max([info.botline, info.topline]), info.topline + ROWS, state.sent])
    if indexof(ranges, (_, one) => one[0] <= info.topline && one[1] >= bottom) < 0
      return false
    endif
  endfor
  return true
enddef

export def Scrolled()
  for state in texts.Each()
    if !Covers(state, state.drawn)
      AskAll(state)
    endif
  endfor
enddef

def Clear(state: dict<any>)
  if bufloaded(state.number)
    prop_remove({id: ID, bufnr: state.number, all: true}, 1,
      getbufinfo(state.number)[0].linecount)
  endif
enddef

def Heard(event: string, state: dict<any>, message: dict<any>)
  if event == 'on' || event == 'restarted'
    extend(state, {asked: 0, again: false, drawn: [], torn: [], tagged: false})
  elseif event == 'off'
    Clear(state)
  elseif event == 'sent'
    state.tagged = false
    AskAll(state)
  elseif event == 'edited'
    Edited(state, message.change)
  elseif event == 'changed' || event == 'done' && !empty(state.torn)
    Changed(state, message)
  endif
  if event == 'done'
    state.tagged = state.tagged || state.done
  endif
enddef

export def Start()
  groups.Define()
  texts.Listen(Heard)
enddef
