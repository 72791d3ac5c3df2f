if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# places.vim - text objects, motions and jumps: where they lead, and going there; what is said of
# the place at the cursor.
#
#   Go(kind, label, count)       kind: 'inner', 'around', 'next', 'previous', 'partner'
#   Pending(kind, label)         the same as keys, for an operator that waits
#   Hover()  Why(opens)
#   NameHere(): string           what is named at the cursor
#   Labels(): list<string>       labels that may be asked for
#
# A label 'name' is all that names somebody or something.

import './serve.vim'
import './report.vim'
import './texts.vim'

const TIMEOUT = 1000 # milliseconds that a key waits for an answer, at most
const PATIENCE = 100 # that it waits for tags

# What the rules of this buffer know: labels, and those that name as one; {} where it is not on.
def Known(): dict<any>
  var state = texts.Of()
  if !empty(state) && empty(state.known)
    var answer = serve.Now('labels', {text: state.name}, TIMEOUT)
    if has_key(answer, 'labels')
      state.known = answer
    endif
  endif
  return get(state, 'known', {})
enddef

export def Labels(): list<string>
  return copy(get(Known(), 'labels', []))
enddef

def LabelsOf(label: string): string
  return label != 'name' ? label : get(Known(), 'names', '')
enddef

# The state of this buffer, all that has changed told; {}: it is not on, which was said.
def Here(): dict<any>
  var state = texts.Of()
  if empty(state)
    report.Info('it is not on in this buffer: `:Postil on`')
    return {}
  endif
  texts.Flush(state)
  if line('.') > state.sent
    texts.CatchUp(state)
  endif
  return state
enddef

# An answer about a place; {}: there is none, which was said.
def AskAt(state: dict<any>, verb: string, fields: dict<any>, at = [line('.'), col('.')]): dict<any>
  var all = extend({text: state.name, at: at}, fields)
    ->filter((_, value) => type(value) != v:t_string || value != '')
  var answer = serve.NowDone(verb, all, PATIENCE, TIMEOUT)
  if empty(answer)
    report.Warn('there is no answer yet')
  elseif has_key(answer, 'error')
    report.Warn(answer.error)
  else
    return answer
  endif
  return {}
enddef

# ---- where to ------------------------------------------------------------------------------------

# The count-th tag around the cursor; looking ahead in the line where none is around.
def Around(state: dict<any>, label: string, count: number): dict<any>
  var labels = LabelsOf(label)
  var asked = {label: labels, inner: true}
  var tags: list<any> = get(AskAt(state, 'at', asked), 'tags', [])
  if !empty(tags)
    return tags[min([count, len(tags)]) - 1]
  endif
  var next: any = get(AskAt(state, 'next', {label: labels}), 'span', 0)
  if type(next) == v:t_list && next[0] == line('.')
    tags = get(AskAt(state, 'at', asked, next[0 : 1]), 'tags', [])
  endif
  if empty(tags)
    report.Info($'no {label ?? "tag"} stands here')
    return {}
  endif
  return tags[0]
enddef

# A span, or [] where there is none, which was said.
def Find(state: dict<any>, kind: string, label: string, count: number): list<number>
  if kind == 'inner' || kind == 'around'
    var tag = Around(state, label, count)
    var span: list<number> = get(tag, kind == 'inner' ? 'inner' : 'span', [])
    if !empty(span) && span[0 : 1] == span[2 : 3]
      report.Info('nothing is inside')
      return []
    endif
    return span
  endif
  var answer = AskAt(state, kind, kind == 'partner' ? {} : {label: LabelsOf(label), count: count})
  var found: any = get(answer, 'span', 0)
  if type(found) != v:t_list
    report.Info(get(answer, 'words', 'nothing stands there'))
    return []
  endif
  return found
enddef

# ---- going there ---------------------------------------------------------------------------------

# The jump is remembered, unless it is the end of a selection, or of what an operator takes.
def Jump(span: list<number>)
  var alone = mode(1) !~ "^\\%(no\\|[vV\<C-v>]\\)"
  if alone
    normal! m'
  endif
  cursor(span[0], span[1])
  if alone
    normal! zv
  endif
enddef

# Selects a span by characters.
def Select(span: list<number>)
  if mode() =~ "^[vV\<C-v>]"
    execute "normal! \<Esc>"
  endif
  cursor(span[0], span[1])
  normal! v
  if span[3] > 1
    cursor(span[2], span[3] - 1)
  else
    cursor(span[2] - 1, len(getline(span[2] - 1)) + 1)
  endif
  if &selection == 'exclusive'
    normal! l
  endif
enddef

export def Go(kind: string, label: string, count: number)
  var state = Here()
  var span = empty(state) ? [] : Find(state, kind, label, count)
  if empty(span)
    return
  elseif kind == 'inner' || kind == 'around'
    Select(span)
  else
    Jump(span)
  endif
enddef

# An operator is left where there is nothing.
export def Pending(kind: string, label: string): string
  var state = Here()
  if empty(state) || empty(Find(state, kind, label, v:count1))
    return "\<Esc>"
  endif
  return $"\<Cmd>call postil#Go('{kind}', '{label}', {v:count1})\<CR>"
enddef

# ---- what is said of a place ---------------------------------------------------------------------

export def NameHere(): string
  var state = texts.Of()
  if empty(state)
    return expand('<cword>')
  endif
  texts.Flush(state)
  var tags: list<any> = get(AskAt(state, 'at', {label: LabelsOf('name')}), 'tags', [])
  if empty(tags)
    return expand('<cword>')
  endif
  return get(tags[0], 'name', join(texts.Words(state, tags[0].span), ' '))
enddef

# The name at the cursor, or the word: [line, column, line, column behind]; [] if there is neither.
export def WordHere(): list<number>
  var state = Here()
  if empty(state)
    return []
  endif
  var tags: list<any> = get(AskAt(state, 'at', {label: LabelsOf('name')}), 'tags', [])
  if !empty(tags)
    return tags[0].span
  endif
  var [word, from, behind] = matchstrpos(getline('.'), $'\k*\%{col(".")}c\k\+')
  return word == '' ? [] : [line('.'), from + 1, line('.'), behind + 1]
enddef

def Show(lines: list<string>)
  popup_atcursor(mapnew(lines, (_, line) => strtrans(line)), {border: [], padding: [0, 1, 0, 1],
    maxwidth: max([20, &columns - 6]), maxheight: &lines / 2, filtermode: 'n',
    filter: Closes})
enddef

def Closes(popup: number, key: string): bool
  if key == "\<Esc>"
    popup_close(popup)
    return true
  endif
  return false
enddef

export def Hover()
  var state = Here()
  var answer = empty(state) ? {} : AskAt(state, 'hover', {})
  if has_key(answer, 'lines')
    if empty(answer.lines)
      report.Info('nothing is tagged here')
    else
      Show(answer.lines)
    endif
  endif
enddef

def OpenRule(place: dict<any>)
  if empty(place) || !filereadable(get(place, 'file', ''))
    report.Info('no rule file that can be opened says anything of this place')
    return
  endif
  execute $'split +{type(place.line) == v:t_number ? place.line : 1} {fnameescape(place.file)}'
enddef

export def Why(opens: bool)
  var state = Here()
  var answer = empty(state) ? {} : AskAt(state, 'why', {})
  if !has_key(answer, 'lines')
    return
  elseif opens
    OpenRule(get(answer, 'place', {}))
  elseif empty(answer.lines)
    report.Info('nothing is tagged here, and no rule came near')
  else
    Show(answer.lines)
  endif
enddef
