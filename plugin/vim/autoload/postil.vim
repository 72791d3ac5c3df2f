if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# postil.vim - `:Postil` and what its names for keys call: what they do, and completion.
#
# What needs the whole text tagged goes on when it is, and says so meanwhile; `:Postil!` waits for
# it, as scripts want it.

import './postil/complete.vim'
import './postil/config.vim'
import './postil/groups.vim'
import './postil/lists.vim'
import './postil/paint.vim'
import './postil/places.vim'
import './postil/serve.vim'
import './postil/speakers.vim'
import './postil/report.vim'
import './postil/rules.vim'
import './postil/texts.vim'

# ---- subcommands ---------------------------------------------------------------------------------

# A call: name, rest (words behind it), bang, range (how many lines were given), first, last.

# Go(state) when this buffer has been tagged to its end.
def Whole(call: dict<any>, Go: func)
  var state = texts.Here()
  if empty(state)
    return
  elseif call.bang
    texts.Finish(state)
  endif
  var window = win_getid()
  texts.WhenDone(state, call.name, () => {
    if win_getid() == window && bufnr() == state.number
      Go(state)
    endif
  })
enddef

def TurnOn(call: dict<any>)
  var state = texts.On(bufnr(), split(call.rest)
    ->map((_, name) => name =~ '[/~]' || name =~ '\.lua$' ? fnamemodify(expand(name), ':p') : name))
  if !empty(state) && call.bang
    texts.Finish(state)
  endif
enddef

def TurnOff(_: dict<any>)
  if !texts.Off(bufnr())
    report.Info('it is not on in this buffer')
  endif
enddef

def Toggle(call: dict<any>)
  if !texts.Off(bufnr())
    TurnOn(call)
  endif
enddef

def List(call: dict<any>)
  var asked = call.name == 'find' && call.rest == '' ? places.NameHere() : call.rest
  if call.name == 'find' && asked == ''
    report.Warn('say which name: `:Postil find NAME`')
    return
  endif
  Whole(call, (state) => {
    lists.Show(state, call.name, asked)
    if call.bang
      serve.Now('rules', {text: state.name}, 60000) # all before it has been answered then
    endif
  })
enddef

def Fix(call: dict<any>)
  Whole(call, (state) => {
    if call.range > 0
      lists.Fix(state, call.first, call.last)
    else
      lists.Fix(state, 1, line('$'))
    endif
  })
enddef

def WithState(Go: func)
  var state = texts.Here()
  if !empty(state)
    Go(state)
  endif
enddef

# For `:Postil term LABEL`: what was selected, if a range says so; else the name or the word here.
def AddHere(call: dict<any>)
  if call.range > 0
    rules.Add(call.name, call.rest, getpos("'<")[1 : 2], getpos("'>")[1 : 2])
    return
  endif
  var span = places.WordHere()
  if empty(span)
    report.Info('no word stands here')
    return
  endif
  rules.Add(call.name, call.rest, span[0 : 1], [span[2], span[3] - 1])
enddef

def Info(call: dict<any>)
  var state = texts.Of()
  var lines = [serve.Name() ?? 'command: none; `make` builds it']
  if empty(state)
    add(lines, 'not on in this buffer: `:Postil on`')
  else
    if call.bang
      texts.Finish(state)
    endif
    texts.Flush(state)
    var answer = serve.Now('rules', {text: state.name}, 2000)
    add(lines, state.done ? 'all tagged' : 'being tagged')
    if state.resent > 0
      add(lines, $'sent anew: {state.resent} times')
    endif
    for file in get(answer, 'files', [])
      add(lines, 'rule file ' .. file)
    endfor
    for why in ['untrusted', 'broken']
      if has_key(answer, why)
        add(lines, $'left out: {answer.path}: {answer[why]}')
      endif
    endfor
  endif
  for line in lines + config.Faults()
    echo strtrans(line)
  endfor
enddef

const COMMANDS: dict<func> = {
  on: TurnOn,
  off: TurnOff,
  toggle: Toggle,
  who: List,
  names: List,
  find: List,
  list: List,
  check: List,
  fix: Fix,
  next: (call) => places.Go('next', call.rest, 1),
  previous: (call) => places.Go('previous', call.rest, 1),
  partner: (_) => places.Go('partner', '', 1),
  hover: (_) => places.Hover(),
  why: (call) => places.Why(call.bang),
  rules: (_) => WithState(rules.Open),
  trust: (call) => WithState((state) => rules.Trust(state, call.bang)),
  reload: (_) => rules.Reload(),
  term: AddHere,
  pin: AddHere,
  info: Info,
}

export def Run(words: string, bang: bool, range: number, first: number, last: number)
  var [name, rest; _] = matchlist(words, '\v^\s*(\S*)\s*(.{-})\s*$')[1 : 2] + ['']
  if name == ''
    name = 'info'
  endif
  if !has_key(COMMANDS, name)
    report.Error($'there is no `:Postil {name}`; there are {keys(COMMANDS)->sort()->join(", ")}')
    return
  endif
  var Does = COMMANDS[name]
  Does({name: name, rest: rest, bang: bang, range: range, first: first, last: last})
enddef

# ---- completion ----------------------------------------------------------------------------------

def Beginning(list: list<string>, lead: string): list<string>
  return copy(list)->filter((_, one) => stridx(one, lead) == 0)
enddef

export def Labels(lead: string, _: string, _: number): list<string>
  return Beginning(places.Labels(), lead)
enddef

# Names that begin with what was typed so far, which may have blanks in it: what is behind the last.
def Names(line: string, lead: string): list<string>
  var typed = matchstr(line, '\vPostil!?\s+\S+\s+\zs.*$')
  return complete.Names(typed)
    ->mapnew((_, name) => strpart(name.words, len(typed) - len(lead)))
enddef

export def Complete(lead: string, line: string, _: number): list<string>
  var name = matchstr(line, '\vPostil!?\s+\zs\S+\ze\s')
  if name == ''
    return Beginning(keys(COMMANDS)->sort(), lead)
  elseif index(['find', 'who'], name) >= 0
    return Names(line, lead)
  elseif name == 'on'
    return Beginning(['news'], lead) + getcompletion(lead, 'file')
  elseif index(['next', 'previous', 'list', 'names', 'term', 'pin'], name) >= 0
    return Beginning(places.Labels(), lead)
  endif
  return []
enddef

# ---- keys ----------------------------------------------------------------------------------------

export def Go(kind: string, label: string, count: number)
  places.Go(kind, label, count)
enddef

export def Pending(kind: string, label: string): string
  return places.Pending(kind, label)
enddef

export def Hover()
  places.Hover()
enddef

export def Why()
  places.Why(false)
enddef

export def Fault()
  lists.FixHere()
enddef

export def Omni(findstart: bool, base: string): any
  return complete.Omni(findstart, base)
enddef

var asked: dict<string> = {}  # kind and, once it was chosen, label: a repetition asks no more

export def Operator(kind: string): string
  asked = {kind: kind, label: ''}
  &operatorfunc = 'postil#Operate'
  return 'g@'
enddef

export def Operate(_: string)
  asked.label = rules.Add(asked.kind, asked.label, getpos("'[")[1 : 2], getpos("']")[1 : 2])
enddef

export def Selected(kind: string)
  execute "normal! \<Esc>"
  rules.Add(kind, '', getpos("'<")[1 : 2], getpos("'>")[1 : 2])
enddef

# ---- the start -----------------------------------------------------------------------------------

export def OnFileType()
  if index(config.Get('filetypes'), &filetype) >= 0
    texts.Here()
  endif
enddef

def Start()
  paint.Start()
  speakers.Start()
  lists.Start()
  rules.Start()
  complete.Start()
  augroup postil
    autocmd!
    autocmd ColorScheme * groups.Define()
    autocmd WinScrolled,BufWinEnter,WinEnter * paint.Scrolled() | lists.Scrolled()
    autocmd BufReadPost,BufFilePost,FileChangedShellPost * texts.Again(str2nr(expand('<abuf>')))
    autocmd BufUnload * texts.Unloaded(str2nr(expand('<abuf>')))
    autocmd BufWritePre * rules.Writing(expand('<afile>:p'))
    autocmd BufWritePost * rules.Written(expand('<afile>:p'))
  augroup END
enddef

Start()
