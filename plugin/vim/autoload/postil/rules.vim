if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# rules.vim - rule files while they are being written: saved, opened, trusted, reloaded; terms and
# pins that are added to the one beside a text.
#
#   Start()
#   Writing(path)  Written(path)     a file is about to be saved, was saved
#   Open(state)  Trust(state, at_once)  Reload()
#   Add(kind, label, from, to)       kind: 'term' or 'pin'; from and to: [line, column] of the first
#                                    and the last character; without a label the user is asked: the
#                                    label that was taken, '' if none
#
# A rule file beside a text that was trusted, or not there, and is saved in this Vim is trusted as
# it is then: the user has written it.

import './json.vim'
import './serve.vim'
import './report.vim'
import './texts.vim'

const PATIENCE = 10000 # milliseconds until rules are loaded

def Title(state: dict<any>): string
  return bufname(state.number) == '' ? 'this buffer' : fnamemodify(bufname(state.number), ':t')
enddef

# ---- what was loaded -----------------------------------------------------------------------------

def ClearMarks()
  for number in marked
    if bufloaded(number)
      prop_remove({type: 'PostilMessage', bufnr: number, all: true}, 1,
        getbufinfo(number)[0].linecount)
    endif
  endfor
  marked = []
enddef

var marked: list<number> = []  # buffers with messages

# What is wrong stands behind its line.
def Mark(row: dict<any>)
  var number = bufnr($'^{escape(row.file, '\.*[]~^$?')}$')
  if number < 0 || !bufloaded(number)
    return
  endif
  add(marked, number)
  var line = min([max([1, row.line]), getbufinfo(number)[0].linecount])
  prop_add(line, 0, {type: 'PostilMessage', bufnr: number, text_align: 'after',
    text_padding_left: 2, text: '■ ' .. strtrans(row.message)})
enddef

def Loaded(state: dict<any>, message: dict<any>)
  ClearMarks()
  for row in get(message, 'errors', [])
    Mark(row)
  endfor
  if has_key(message, 'message')
    report.Brief('the rules stay as they were: ' .. message.message)
  elseif has_key(message, 'sum')
    var sum = message.sum
    var words = $'{Title(state)}: +{sum.new} −{sum.gone}'
    report.Brief(sum.changed > 0 ? $'{words}, {sum.changed} changed' : words)
  endif
enddef

var noted: dict<bool> = {}  # words that were said

def NoteLeftOut(answer: dict<any>)
  var words = has_key(answer, 'untrusted')
    ? $'see `:Postil trust`: {fnamemodify(answer.path, ":t")}: {answer.untrusted}'
    : has_key(answer, 'broken') ? $'{fnamemodify(answer.path, ":t")}: {answer.broken}' : ''
  if words != '' && !has_key(noted, words)
    noted[words] = true
    report.Brief(words)
  endif
enddef

def Heard(event: string, state: dict<any>, message: dict<any>)
  if event == 'rules'
    Loaded(state, message)
  elseif event == 'opened'
    NoteLeftOut(message)
  elseif event == 'failed'
    report.Brief($'{Title(state)}: {message.message}')
  endif
enddef

export def Start()
  silent! prop_type_delete('PostilMessage')
  prop_type_add('PostilMessage', {highlight: 'PostilMessage'})
  texts.Listen(Heard)
enddef

# ---- saving --------------------------------------------------------------------------------------

var own: dict<bool> = {}  # files that will be trusted when they are saved

def Beside(state: dict<any>): dict<any>
  return serve.Now('rules', {text: state.name}, PATIENCE)
enddef

export def Writing(path: string)
  if path !~ '\.lua$' || !serve.IsAlive()
    return
  endif
  for state in texts.Each()
    if path == fnamemodify(bufname(state.number), ':p') .. '.postil.lua'
      own[path] = !has_key(Beside(state), 'untrusted')
    endif
  endfor
enddef

export def Written(path: string)
  if !serve.IsAlive()
    return
  endif
  if get(own, path, false)
    var answer = serve.Now('trust', {path: path}, PATIENCE)
    if has_key(answer, 'error')
      report.Error(answer.error)
    endif
  else
    serve.Ask('reload', {path: path}, (_) => 0)
  endif
  silent! remove(own, path)
enddef

export def Reload()
  serve.Ask('reload', {}, (_) => 0)
enddef

# ---- opening and trusting ------------------------------------------------------------------------

export def Open(state: dict<any>)
  var answer = Beside(state)
  var files: list<string> = copy(get(answer, 'files', []))
  var beside = get(answer, 'path', '')
  if beside != '' && index(files, beside) < 0
    add(files, beside)
  endif
  if empty(files)
    report.Info('this text has no file beside which rules could be')
    return
  endif
  var chosen = len(files) == 1 ? 1
    : inputlist(['Rule file:'] + mapnew(files, (i, file) => $'{i + 1} {strtrans(file)}'))
  if chosen > 0 && chosen <= len(files)
    execute 'split' fnameescape(files[chosen - 1])
  endif
enddef

export def Trust(state: dict<any>, at_once: bool)
  var answer = Beside(state)
  var path = get(answer, 'path', '')
  if path == '' || !filereadable(path)
    report.Info('no rule file lies beside this text')
    return
  elseif !has_key(answer, 'untrusted')
    report.Info('trusted, as before: ' .. path)
    return
  endif
  # What is shown is what will be trusted, or nothing.
  var shown = readfile(path, 'b')->mapnew((_, line) => json.Inside(line))->join('\n')
  if !at_once
    execute 'split' fnameescape(path)
    redraw
    if confirm('These rules run when they are trusted:', "&Trust them\n&Not now", 2) != 1
      return
    endif
  endif
  var said = serve.Now('trust', {path: path}, PATIENCE, shown)
  if has_key(said, 'path')
    report.Info('trusted: ' .. said.path)
  else
    report.Error(get(said, 'error', 'there is no answer'))
  endif
enddef

# ---- terms and pins ------------------------------------------------------------------------------

export def Add(kind: string, label: string, from: list<number>, to: list<number>): string
  var state = texts.Of()
  if empty(state)
    report.Info('it is not on in this buffer: `:Postil on`')
    return ''
  endif
  var wanted = label != '' ? label : input('Label: ', '', 'customlist,postil#Labels')
  if wanted == ''
    return ''
  endif
  texts.CatchUp(state)
  var text = getline(to[0])
  var last = min([to[1], max([1, len(text)])])
  var behind = last + len(matchstr(strpart(text, last - 1), '.'))
  var span = from[: 1] + [to[0], behind]
  var fields: dict<any> = {text: state.name, label: wanted}
  extend(fields, kind == 'term' ? {words: join(texts.Words(state, span), ' ')} : {span: span})
  var answer = serve.Now(kind, fields, PATIENCE)
  if has_key(answer, 'statement')
    report.Brief($'{fnamemodify(answer.path, ":t")}: {answer.statement}')
    silent! checktime
    return wanted
  endif
  report.Error(get(answer, 'error', 'there is no answer'))
  return ''
enddef
