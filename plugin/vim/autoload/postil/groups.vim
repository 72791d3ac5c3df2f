if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# groups.vim - highlight groups: one for each label, a link to one of five kinds, which have an
# attribute each beside a colour of the user's scheme.  So a name in a quotation shows both.
#
#   Of(label)     'PostilPerson'; its link is made if it has none
#   Define()      the kinds, again after each colour scheme
#
# All are defaults: what a colour scheme or the user says of them wins.

const KINDS = {
  PostilSaid: ['italic', 'String'],
  PostilNamed: ['underline', 'Identifier'],
  PostilValue: ['bold', 'Number'],
  PostilHeading: ['bold', 'Title'],
  PostilAside: ['italic', 'Comment'],
}

const LINKS = {quote: 'PostilSaid', headline: 'PostilHeading', dateline: 'PostilAside',
  teaser: 'PostilAside', date: 'PostilValue', time: 'PostilValue', money: 'PostilValue',
  percent: 'PostilValue', quantity: 'PostilValue'}

var known: dict<string> = {}

def Link(label: string)
  execute 'highlight default link' known[label] get(LINKS, label, 'PostilNamed')
enddef

# The colours of a group, as arguments of :highlight.
def Colours(group: string): string
  var found = hlget(group, true)
  var words: list<string> = []
  for key in ['ctermfg', 'guifg']
    if !empty(found) && has_key(found[0], key)
      add(words, key .. '=' .. (found[0][key] =~ ' ' ? "'" .. found[0][key] .. "'" : found[0][key]))
    endif
  endfor
  return join(words)
enddef

export def Define()
  for [kind, how] in items(KINDS)
    execute $'highlight default {kind} term={how[0]} cterm={how[0]} gui={how[0]}' Colours(how[1])
  endfor
  highlight default link PostilFault SpellBad
  highlight default link PostilSpeaker PostilAside
  highlight default link PostilMessage WarningMsg
  for label in keys(known)
    Link(label)
  endfor
enddef

# Names of groups are letters, digits and underscores: so are labels.
export def Of(label: string): string
  if !has_key(known, label)
    known[label] = 'Postil' .. substitute(label, '\v%(^|_+)(\w)', '\u\1', 'g')
    Link(label)
  endif
  return known[label]
enddef
