if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# complete.vim - completion of names while writing: 'omnifunc'.
#
#   Start()      sets 'omnifunc' of buffers where it is empty, and empties it again
#   Omni(findstart, base)
#   Names(prefix): list<dict<any>>
#
# A name may have blanks in it, so what stands before the cursor is tried from a few words back on:
# the longest beginning of a name is completed, else the word.

import './serve.vim'
import './texts.vim'

const OMNI = 'postil#Omni'
const WORDS = 4      # of a name before the cursor
const MOST = 200     # names that are offered
const PATIENCE = 500 # milliseconds

export def Names(prefix: string): list<dict<any>>
  var state = texts.Of()
  if empty(state)
    return []
  endif
  texts.Flush(state)
  var answer = serve.Now('complete', {text: state.name, prefix: prefix}, PATIENCE)
  return get(answer, 'names', [])
enddef

def FindStart(): number
  var before = strpart(getline('.'), 0, col('.') - 1)
  var starts: list<number> = []
  var at = match(before, '\<\k')
  while at >= 0
    add(starts, at)
    at = match(before, '\<\k', at + 1)
  endwhile
  for start in starts[-WORDS :]
    if !empty(Names(strpart(before, start)))
      return start
    endif
  endfor
  return empty(starts) ? col('.') - 1 : starts[-1]
enddef

export def Omni(findstart: bool, base: string): any
  if empty(texts.Of())
    return findstart ? -3 : []
  elseif findstart
    return FindStart()
  endif
  return Names(base)[: MOST - 1]
    ->map((_, name) => ({word: name.words, menu: name.label, icase: 1}))
enddef

def Heard(event: string, state: dict<any>, _: dict<any>)
  if !bufloaded(state.number)
    return
  endif
  var now = getbufvar(state.number, '&omnifunc')
  if event == 'on' && now == ''
    setbufvar(state.number, '&omnifunc', OMNI)
  elseif event == 'off' && now == OMNI
    setbufvar(state.number, '&omnifunc', '')
  endif
enddef

export def Start()
  texts.Listen(Heard)
enddef
