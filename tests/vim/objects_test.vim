" objects_test.vim - text objects, motions, jumps, floats.

for s:name in ['inner-quote', 'around-quote', 'inner-name', 'around-tag']
  execute 'omap' s:name[0] . matchstr(s:name, '-\zs.') '<Plug>(postil-' . s:name . ')'
  execute 'xmap' s:name[0] . matchstr(s:name, '-\zs.') '<Plug>(postil-' . s:name . ')'
endfor
map ]q <Plug>(postil-next-quote)
map [q <Plug>(postil-previous-quote)
map ]n <Plug>(postil-next-name)
map gp <Plug>(postil-partner)

let g:text = ['“No,” said Mr. Bo Lund.', '', 'Lund left Oslo. “I saw ‘all of', 'it’ there,” he said.', 'Nothing.']
call Lines(g:text)
Postil! on

function Do(keys, line, column)
  call cursor(a:line, a:column)
  execute 'normal' a:keys
  call Step()
endfunction
function Undone(name, keys, line, column, row, wanted)
  call Do(a:keys, a:line, a:column)
  call Is(a:name, a:wanted, getline(a:row))
  if getline(1, '$') !=# g:text
    silent undo
  endif
endfunction

call Undone('inner', 'diq', 1, 2, 1, '“” said Mr. Bo Lund.')
call Undone('around', 'daq', 1, 2, 1, ' said Mr. Bo Lund.')
call Undone('a name', 'din', 1, 21, 1, '“No,” said Mr. .')
call Undone('ahead in the line', 'daq', 3, 1, 3, 'Lund left Oslo.  he said.')
call Undone('a quotation of two lines', 'diq', 3, 20, 3, 'Lund left Oslo. “” he said.')
call Undone('outward by a count', '2daq', 3, 29, 3, 'Lund left Oslo.  he said.')
call Undone('none: nothing', 'daq', 5, 1, 5, 'Nothing.')
call Undone('selected', 'vaqd', 1, 2, 1, ' said Mr. Bo Lund.')
set selection=exclusive
call Undone('selected, exclusive', 'vaqd', 1, 2, 1, ' said Mr. Bo Lund.')
set selection&
call Is('all is as it was', g:text, getline(1, '$'))

" (A function leaves alone what is to be repeated.)
call cursor(1, 2)
normal daq
call Step()
call cursor(3, 20)
normal .
call Is('repeated', [' said Mr. Bo Lund.', '', 'Lund left Oslo.  he said.', 'Nothing.'], getline(1, '$'))
call Lines(g:text)

function At(name, keys, line, column, wanted)
  call Do(a:keys, a:line, a:column)
  call Is(a:name, a:wanted, getpos('.')[1:2])
endfunction
call At('next', ']q', 1, 1, [3, 17])
call At('next but one', '2]n', 1, 1, [3, 1])
call At('the last there is', '99]n', 1, 1, [3, 11])
call At('previous', '[q', 3, 5, [1, 1])
call cursor(1, 1)
normal ]q
execute "normal! \<C-o>"
call Is('in the jump list', [1, 1], getpos('.')[1:2])
call At('to the speaker', 'gp', 1, 2, [1, 20])
call At('to what he says', 'gp', 1, 20, [1, 1])
call Do('d]q', 1, 1)
call Is('an operator', '“I saw ‘all of', getline(1))
silent undo
call cursor(1, 1)
Postil next city
call Is('a label', [3, 11], getpos('.')[1:2])
Postil previous person
call Is('a label before', [3, 1], getpos('.')[1:2])
call cursor(1, 1)
Postil partner
call Is('partner', [1, 20], getpos('.')[1:2])

" Floats.
function Popup()
  let list = popup_list()
  let lines = empty(list) ? [] : getbufline(winbufnr(list[0]), 1, '$')
  call popup_clear()
  return lines
endfunction
call cursor(3, 12)
Postil hover
call Is('hover', 'city: Oslo', get(Popup(), 0, ''))
Postil why
call Is('why', 1, Popup()[0] =~# '^tag  *tag.city#.*"Oslo"$')
call cursor(5, 1)
call Is('nothing to hover', "\npostil: nothing is tagged here", execute('Postil hover'))

" Completion of names.
call setline(5, 'Then Bo L')
call cursor(5, 9)
call feedkeys("A\<C-x>\<C-o>\<Esc>", 'tx')
call Is('a name is completed', 'Then Bo Lund', getline(5))
call Finish()
