if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# config.vim - what the user has chosen, in g:postil; nothing has to be.
#
#   Get(name)     an option, as it comes if it was not chosen or makes no sense
#   Faults()      what in g:postil makes no sense, a line each
#
# plugin/vim/doc/postil-vim.txt tells what each is for.

const DEFAULTS: dict<any> = {
  command: '',
  filetypes: [],
  rules: [],
  labels: [],
  speakers: false,
  faults: true,
  date: '',
  max_size: 67108864,
}

def IsRight(name: string, value: any): bool
  return type(value) == type(DEFAULTS[name])
    || type(DEFAULTS[name]) == v:t_bool && type(value) == v:t_number
    || name == 'rules' && type(value) == v:t_string
enddef

def Chosen(): dict<any>
  var chosen: any = get(g:, 'postil', {})
  return type(chosen) == v:t_dict ? chosen : {}
enddef

export def Get(name: string): any
  var value: any = get(Chosen(), name, DEFAULTS[name])
  return IsRight(name, value) ? value : DEFAULTS[name]
enddef

export def Faults(): list<string>
  if type(get(g:, 'postil', {})) != v:t_dict
    return ['g:postil must be a dictionary']
  endif
  var list: list<string> = []
  for [name, value] in items(Chosen())
    if !has_key(DEFAULTS, name)
      add(list, $'g:postil.{name}: there is no such option')
    elseif !IsRight(name, value)
      add(list, $'g:postil.{name} must be a {typename(DEFAULTS[name])}, not {typename(value)}')
    endif
  endfor
  return sort(list)
enddef
