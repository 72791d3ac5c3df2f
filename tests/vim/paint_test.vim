" paint_test.vim - what is drawn follows the text.

call Lines(['“No,” said Mr. Bo Lund.', '', 'Lund left Oslo. “I saw Ada', 'Holm there,” he said.'])
Postil on
let g:all = ['1 PostilQuote-0 “No,”', '1 PostilPerson-0 Bo Lund', '3 PostilPerson-0 Lund',
      \ '3 PostilCity-0 Oslo', '3 PostilQuote-0 “I saw Ada', '3 PostilPerson-1 Ada',
      \ '4 PostilPerson-1 Holm', '4 PostilQuote-0 Holm there,”']
call Drawn('what spans two lines, and lies in another', g:all)

" Edits, undo.
call Step()
call append(0, 'Ms. Ada Holm came.')
call Until('a new line', 'count(Marks(), "1 PostilPerson-0 Ada Holm") == 1')
call Is('below it all moved', 1, count(Marks(), '2 PostilQuote-0 “No,”'))
undo
call Step()
call Drawn('undo', g:all)
redo
call Until('redo', 'count(Marks(), "1 PostilPerson-0 Ada Holm") == 1')
undo
call Step()
%substitute/Lund/Bergström/
call Until('all lines', 'count(Marks(), "1 PostilPerson-0 Bo Bergström") == 1')
call Is('a short form', 1, count(Marks(), '3 PostilPerson-0 Bergström'))
undo
call Step()
call Drawn('and back', g:all)
3move 0
call Until('moved', 'count(Marks(), "1 PostilCity-0 Oslo") == 1')
undo
call Step()
call Drawn('moved back', g:all)
%delete
call Drawn('nothing', [])
undo
call Step()
call Drawn('all again', g:all)
global/./copy $
call Until('copies', 'count(Marks(), "7 PostilCity-0 Oslo") == 0 && count(Marks(), "6 PostilCity-0 Oslo") == 1')
undo
call Step()
call Drawn('no copies', g:all)

" What postil has is what the buffer has, also as other ends of lines.
set fileformat=dos
call append(0, 'Ms. Ada Holm came.')
call Until('a DOS file', 'count(Marks(), "1 PostilPerson-0 Ada Holm") == 1')
undo
call Step()
set fileformat=unix
call Drawn('a Unix file', g:all)

" Bytes that are no UTF-8, zeros, controls, quotation marks of JSON.
call writefile(0z466565E9FF20666F72204D722E20426F204C756E642E0A5C222022090A00204D722E20426F204C756E642E0A, 'bytes')
edit! ++enc=utf-8 bytes
call Until('bytes', 'len(Marks()) == 0 || 1')
Postil on
call Until('bytes that are no UTF-8', 'count(map(Marks(), {_, one -> one[-7:]}), "Bo Lund") == 2')
normal! Gixyz 
call Until('and an edit behind them', 'count(map(Marks(), {_, one -> one[-7:]}), "Bo Lund") == 2 && getline(3) =~# "^xyz"')

" A file that is read again.
call writefile(['Ms. Ada Holm.'], 'bytes')
edit!
call Drawn('read again', ['1 PostilPerson-0 Ada Holm'])

" Two buffers, each with its own.
new
call setline(1, 'He left Oslo.')
Postil on
call Drawn('another buffer', ['1 PostilCity-0 Oslo'])
wincmd p
call Drawn('the first one', ['1 PostilPerson-0 Ada Holm'])
wincmd p
Postil off
call Is('off', [], Marks())
wincmd p
call Is('on in the other', ['1 PostilPerson-0 Ada Holm'], Marks())
only!

" Only some labels; names in quotations.
let g:postil = {'labels': ['quote']}
Postil off
call Lines(['“I met Ms. Ada Holm,” said Bo Lund.'])
Postil on
call Drawn('labels that were chosen', ['1 PostilQuote-0 “I met Ms. Ada Holm,”'])
unlet g:postil
Postil off
Postil on
call Until('a name in a quotation', 'count(Marks(), "1 PostilPerson-1 Ada Holm") == 1')

" The end of a large text.
Postil off
call Lines(repeat(['Mr. Bo Lund saw “them all”.', ''], 20000))
normal! G
Postil on
call Until('the end of a large text', 'count(Marks(), "39999 PostilPerson-0 Bo Lund") == 1')
normal! gg
call Until('its beginning', 'count(Marks(), "1 PostilPerson-0 Bo Lund") == 1 || execute("doautocmd WinScrolled") is 0')
call Finish()
