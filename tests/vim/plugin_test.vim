" plugin_test.vim - nothing is loaded until it is used, and `off` undoes all of it.

call Is('a command', 2, exists(':Postil'))
call Is('nothing is loaded', 0, exists('*postil#Run'))
call Is('no key is taken', '', maparg('K', 'n') . maparg('iq', 'o'))
call Is('no group', 0, hlexists('PostilSaid'))
call Is('the help', 1, len(globpath(&runtimepath, 'doc/postil-vim.txt', 0, 1)))

" Completion.
call Is('subcommands', ['who', 'why'], getcompletion('Postil wh', 'cmdline'))

" On and off.
call Lines(['“No,” said Mr. Bo Lund.', 'He saw “them.'])
let g:tick = b:changedtick
Postil on
let g:first = ['1 PostilQuote-0 “No,”', '1 PostilPerson-0 Mr. Bo Lund']
call Drawn('on', ['1 PostilQuote-0 “No,”', '1 PostilPerson-0 Bo Lund', '2 PostilQuote-0 “them.'])
call Is('labels of its rules', ['percent', 'person'], getcompletion('Postil next pe', 'cmdline'))
call Is('a person is underlined', 'PostilNamed', synIDattr(synIDtrans(hlID('PostilPerson')), 'name'))
call Is('omnifunc', 'postil#Omni', &omnifunc)
call Until('faults are marked', '!empty(prop_list(1, {"end_lnum": 2, "types": ["PostilFault"]}))')
Postil off
call Is('nothing is drawn', [], prop_list(1, {'end_lnum': 2}))
call Is('no omnifunc', '', &omnifunc)
call Is('the text was left alone', g:tick, b:changedtick)
call append(0, 'Mr. Bo Lund.')
call listener_flush()
sleep 50m
call Is('nothing is drawn any more', [], prop_list(1, {'end_lnum': 3}))
Postil toggle
call Until('toggle', '!empty(Marks())')
Postil toggle
call Is('toggle off', [], Marks())

" Words instead of a traceback.
function Said(command)
  return substitute(execute(a:command), '^\n*', '', '')
endfunction
call Is('no such subcommand', 1, Said('Postil whom') =~# '^postil: there is no `:Postil whom`; there are check, ')
call Is('off where it is not on', 'postil: it is not on in this buffer', Said('Postil off'))
call Is('a key where it is not on', 'postil: it is not on in this buffer: `:Postil on`', Said('Postil hover'))
let g:postil = {'max_size': 10}
call Is('a size limit', 1, Said('Postil on') =~# '^postil: the buffer has 0\.0 MB, and more than 0\.0 MB are not tagged; g:postil\.max_size')
let g:postil = {'max_sise': 10, 'faults': 'x'}
call Is('options that make no sense', 1,
      \ Said('Postil info') =~# 'g:postil\.faults must be a .*g:postil\.max_sise: there is no such option')
unlet g:postil

" File types.
let g:postil = {'filetypes': ['notes']}
enew!
call setline(1, 'Mr. Bo Lund.')
setfiletype text
call Is('another file type', [], Marks())
set filetype=notes
call Drawn('a file type', ['1 PostilPerson-0 Bo Lund'])
unlet g:postil
call Finish()
