if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# lists.vim - what `postil who`, `names`, `find` and `check` say of a buffer, as a location list;
# the repair of faults, and marks where they are.
#
#   Start()                       marks faults in all buffers
#   Scrolled()                    windows show other lines
#   Show(state, what, asked)      what: 'who', 'names', 'find', 'check', 'list'
#   Fix(state, first, last)       makes the safe repairs in these lines
#   FixHere()                     the nearest repair in the line, also one that is not certain

import './config.vim'
import './paint.vim'
import './serve.vim'
import './report.vim'
import './texts.vim'

const NOTHING = {who: 'nobody is quoted', names: 'nothing is named', find: 'no mention of it',
  check: 'no faults', list: 'nothing is tagged'}
const ID = 7565684    # of the properties of faults
const WAIT = 150      # milliseconds without a change
const PATIENCE = 2000 # milliseconds for a repair

# ---- lists ---------------------------------------------------------------------------------------

def Item(state: dict<any>, row: dict<any>): dict<any>
  var [line, column, end_line, end_column] = row.span
  return {bufnr: state.number, lnum: line, col: column, end_lnum: end_line, end_col: end_column,
    text: row.words, type: has_key(row, 'fault') ? 'W' : ''}
enddef

# Rows of what `faces` answered.
def Tags(state: dict<any>, spans: list<any>): list<dict<any>>
  var rows: list<dict<any>> = []
  for n in range(len(spans) / 5)
    var [span, label] = [spans[5 * n : 5 * n + 3], spans[5 * n + 4]]
    if label[0] != '_'
      add(rows, {span: span, words: $'{label}: {strtrans(join(texts.Words(state, span), " "))}'})
    endif
  endfor
  return rows
enddef

def Rows(state: dict<any>, what: string, answer: dict<any>): list<dict<any>>
  if what == 'list'
    return Tags(state, answer.spans)
  endif
  return answer.rows
enddef

def Fill(state: dict<any>, window: number, what: string, asked: string, answer: dict<any>)
  if has_key(answer, 'error')
    report.Warn(answer.error)
    return
  elseif state.closed || winbufnr(window) != state.number
    return
  endif
  var rows = Rows(state, what, answer)
  setloclist(window, [], ' ', {title: $':Postil {what} {asked}'->trim(), context: {postil: what},
    items: mapnew(rows, (_, row) => Item(state, row))})
  if empty(rows)
    report.Info(NOTHING[what] .. (asked == '' ? '' : ': ' .. asked))
  elseif win_getid() == window
    lopen
  else
    win_execute(window, 'lopen')
  endif
enddef

export def Show(state: dict<any>, what: string, asked: string)
  var fields: dict<any> = {text: state.name}
  if what == 'find' || what == 'who' && asked != ''
    fields.name = asked
  elseif what == 'names' && asked != ''
    fields.label = asked
  elseif what == 'list' && asked != ''
    fields.labels = split(asked, '|')
  endif
  var window = win_getid()
  serve.Ask(what == 'list' ? 'faces' : what, fields,
    (answer) => Fill(state, window, what, asked, answer))
enddef

# ---- repairs -------------------------------------------------------------------------------------

def Replace(span: list<number>, content: string)
  var [line, column, end_line, end_column] = span
  var before = strpart(getline(line), 0, column - 1)
  var behind = strpart(getline(end_line), end_column - 1)
  var lines = split(before .. content .. behind, "\n", true)
  setline(line, lines[0])
  if end_line > line
    deletebufline('', line + 1, end_line)
  endif
  append(line, lines[1 :])
enddef

def Edits(state: dict<any>, all: bool): list<dict<any>>
  texts.Flush(state)
  var answer = serve.Now('fix', {text: state.name, all: all}, PATIENCE)
  if get(answer, 'version', -1) != state.version
    report.Warn(get(answer, 'error', 'there is no answer yet'))
    return []
  endif
  return answer.edits
enddef

export def Fix(state: dict<any>, first: number, last: number)
  if !&modifiable
    report.Warn("the buffer cannot be changed: 'modifiable' is off")
    return
  endif
  var edits = Edits(state, false)->filter((_, one) => one.span[0] >= first && one.span[2] <= last)
  for edit in edits
    Replace(edit.span, edit.content)
  endfor
  report.Info(len(edits) == 1 ? '1 repair' : $'{len(edits)} repairs')
enddef

export def FixHere()
  var state = texts.Here()
  if empty(state)
    return
  endif
  var near = Edits(state, true)->filter((_, one) => one.span[0] == line('.'))
    ->sort((a, b) => abs(a.span[1] - col('.')) - abs(b.span[1] - col('.')))
  if empty(near)
    report.Info('no fault with a repair stands in this line')
  else
    Replace(near[0].span, near[0].content)
  endif
enddef

# ---- marks ---------------------------------------------------------------------------------------

def Clear(state: dict<any>)
  if bufloaded(state.number)
    prop_remove({id: ID, bufnr: state.number, all: true}, 1,
      getbufinfo(state.number)[0].linecount)
  endif
enddef

def Mark(state: dict<any>, answer: dict<any>, top: number, bottom: number)
  texts.Flush(state)
  if state.closed || get(answer, 'version', -1) != state.version
    return
  endif
  prop_remove({id: ID, bufnr: state.number, all: true}, top, bottom)
  for row in answer.rows
    var [line, column, end_line, end_column] = row.span
    if line >= top
      prop_add(line, column, {end_lnum: end_line, end_col: end_column, type: 'PostilFault', id: ID,
        bufnr: state.number})
    endif
  endfor
enddef

# Marks the faults in what is shown, once nothing has changed for a while.
def MarkLater(state: dict<any>)
  ++state.marking
  var [version, marking] = [state.version, state.marking]
  timer_start(WAIT, (_) => {
    if state.closed || state.version != version || state.marking != marking
      return
    endif
    state.marked = paint.Shown(state)
    for [top, bottom] in state.marked
      serve.Ask('check', {text: state.name, span: [top, 1, bottom + 1, 1]},
        (answer) => Mark(state, answer, top, bottom))
    endfor
  })
enddef

export def Scrolled()
  for state in texts.Each()
    if state.done && !paint.Covers(state, state.marked) && config.Get('faults')
      MarkLater(state)
    endif
  endfor
enddef

def Heard(event: string, state: dict<any>, _: dict<any>)
  if event == 'on'
    extend(state, {marked: [], marking: 0})
  elseif event == 'off'
    Clear(state)
  elseif event == 'done' && state.done && config.Get('faults')
    MarkLater(state)
  endif
enddef

export def Start()
  silent! prop_type_delete('PostilFault')
  prop_type_add('PostilFault', {highlight: 'PostilFault', combine: true, priority: 200})
  texts.Listen(Heard)
enddef
