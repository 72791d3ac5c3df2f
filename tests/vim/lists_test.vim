" lists_test.vim - location lists, and repairs.

call Lines(['“No,” said Mr. Bo Lund.', '', 'Lund left Oslo on Monday.', '“Yes,” said Ms. Ada Holm.', '“We paid,“ Holm said.',
      \ 'Nobody.'])
Postil! on

function Listed(command, wanted)
  execute a:command
  call Is(a:command, a:wanted, Texts())
  lclose
endfunction
call Listed('Postil! who Lund', ['1:1 Bo Lund: “No,”'])
call Listed('Postil! names person', ['4:21 Ada Holm  person  2', '1:20 Bo Lund  person  2'])
call Listed('Postil! find lund', ['1:20 “No,” said Mr. Bo Lund.', '3:1 Lund left Oslo on Monday.'])
call Listed('Postil! list date', ['3:19 date: Monday'])
call cursor(3, 2)
call Listed('Postil! find', ['1:20 “No,” said Mr. Bo Lund.', '3:1 Lund left Oslo on Monday.'])
Postil! who
call Is('who', ['4:1 Ada Holm: “Yes,”', '5:1 Ada Holm: “We paid,“', '1:1 Bo Lund: “No,”'], Texts())
call Is('its title', ':Postil who', getloclist(0, {'title': 1}).title)
call Is('its context', 'who', getloclist(0, {'context': 1}).context.postil)
lclose
call Is('nobody', "\npostil: no mention of it: Nixon", execute('Postil! find Nixon'))

" Without a bang it comes by itself.
Postil names city
call Until('names', 'get(Texts(), 0, "") ==# "3:11 Oslo  city  1"')
lclose

" Repairs.
Postil! check
call Is('a fault', 1, Texts()[0] =~# '^5:\d* wrong-direction')
lclose
call Step()
let g:before = getline(1, '$')
Postil! fix
call Is('mended', '“We paid,” Holm said.', getline(5))
undo
call Is('in one step of undo', g:before, getline(1, '$'))
1,4Postil! fix
call Is('only in these lines', g:before, getline(1, '$'))
call cursor(5, 1)
nmap gf <Plug>(postil-fix)
normal gf
call Is('the nearest', '“We paid,” Holm said.', getline(5))
call Finish()
