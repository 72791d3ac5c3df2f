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
# Where the name begins that is being written postil says, and which there are with it.

import './serve.vim'
import './texts.vim'

const OMNI = 'postil#Omni'
const MOST = 200     # names that are offered
const PATIENCE = 500 # milliseconds

def Asked(fields: dict<any>): dict<any>
  var state = texts.Of()
  if empty(state)
    return {}
  endif
  texts.Flush(state)
  return serve.Now('complete', {text: state.name}->extend(fields), PATIENCE)
enddef

export def Names(prefix: string): list<dict<any>>
  return Asked({prefix: prefix})->get('names', [])
enddef

export def Omni(findstart: bool, base: string): any
  if findstart
    var span = Asked({at: [line('.'), col('.')]})->get('span', [])
    return empty(span) ? -3 : span[1] - 1
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
