if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# speakers.vim - who said it, as virtual text behind the line in which a quotation ends; of several
# there by the same speaker only one.  With the option speakers, in a Vim that has virtual text.
#
#   Start()                    follows all buffers
#   Ask(state, top, bottom)    draws them in these lines, once they are known
#   Shown(state, top, bottom)  what is drawn there: words by line
#
# Vim gives each of these properties an ID of its own, and does not tell the words of one.

import './config.vim'
import './serve.vim'
import './texts.vim'

const TYPE = 'PostilSpeaker'

var words_of: dict<string> = {} # by ID

def Words(state: dict<any>, speaker: any): string
  if type(speaker) == v:t_dict
    return get(speaker, 'name', join(texts.Words(state, speaker.span), ' '))
  endif
  return type(speaker) == v:t_string ? speaker : ''
enddef

# The line in which a span ends.
def LastLine(span: list<number>): number
  return span[3] > 1 ? span[2] : span[2] - 1
enddef

def Wanted(state: dict<any>, top: number, bottom: number, tags: list<any>): dict<list<string>>
  var wanted: dict<list<string>> = {}
  for tag in tags
    var words = Words(state, get(get(tag, 'attributes', {}), 'speaker', ''))
    var line = LastLine(tag.span)
    if words == '' || get(tag, 'depth', 0) > 0 || line < top || line > bottom
      continue
    endif
    var there = get(wanted, line, [])
    if empty(there) || there[-1] != words
      wanted[line] = add(there, words)
    endif
  endfor
  return wanted
enddef

# IDs by line, in the order in which they were added: each is less than those before it.
def Drawn(state: dict<any>, top: number, bottom: number): dict<list<number>>
  var drawn: dict<list<number>> = {}
  for one in prop_list(top, {bufnr: state.number, end_lnum: bottom, types: [TYPE]})
    drawn[one.lnum] = get(drawn, one.lnum, [])->add(one.id)
  endfor
  return mapnew(drawn, (_, ids) => sort(ids, (a, b) => b - a))
enddef

def WordsOf(ids: list<number>): list<string>
  return mapnew(ids, (_, id) => get(words_of, id, ''))
enddef

export def Shown(state: dict<any>, top: number, bottom: number): dict<list<string>>
  return Drawn(state, top, bottom)->mapnew((_, ids) => WordsOf(ids))
enddef

def Remove(number: number, id: number, line: number)
  prop_remove({id: id, type: TYPE, both: true, bufnr: number}, line)
  if has_key(words_of, id)
    remove(words_of, id)
  endif
enddef

def Draw(state: dict<any>, top: number, bottom: number, tags: list<any>)
  var wanted = Wanted(state, top, bottom, tags)
  var drawn = Drawn(state, top, bottom)
  for line in range(top, bottom)
    var [now, then] = [get(wanted, line, []), get(drawn, line, [])]
    if now == WordsOf(then)
      continue
    endif
    for id in then
      Remove(state.number, id, line)
    endfor
    for words in now
      var id = prop_add(line, 0, {type: TYPE, text: $' ‹{strtrans(words)}›', text_align: 'after',
        text_wrap: 'wrap', bufnr: state.number})
      words_of[id] = words
    endfor
  endfor
enddef

export def Ask(state: dict<any>, top: number, bottom: number)
  if !config.Get('speakers') || !has('patch-9.0.0067')
    return
  endif
  var fields = {text: state.name, span: [top, 1, bottom + 1, 1], labels: ['quote']}
  serve.Ask('tags', fields, (answer) => {
    texts.Flush(state)
    if !state.closed && bufloaded(state.number) && get(answer, 'version', -1) == state.version
      Draw(state, top, bottom, answer.tags)
    endif
  })
enddef

def Heard(event: string, state: dict<any>, _: dict<any>)
  if event == 'off' && bufloaded(state.number)
    for [line, ids] in items(Drawn(state, 1, getbufinfo(state.number)[0].linecount))
      for id in ids
        Remove(state.number, id, str2nr(line))
      endfor
    endfor
  endif
enddef

export def Start()
  silent! prop_type_delete(TYPE)
  prop_type_add(TYPE, {highlight: TYPE})
  texts.Listen(Heard)
enddef
