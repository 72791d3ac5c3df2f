" rules_test.vim - rule files while they are being written.

call writefile(['The Vega left. Nobody saw the Vega again.', 'The Lark left, too.'], 'ships.txt')
edit ships.txt
Postil! on
call Is('no rules', [], Marks())

" A term makes the file, and it is trusted.
call cursor(1, 5)
Postil term ship
call Drawn('a term', ['1 PostilShip-0 Vega', '1 PostilShip-0 Vega'])
call Is('what was written', 'tag.ship { terms = { "Vega" } }', readfile('ships.txt.postil.lua')[2])
call Until('what changed is told', 'execute("messages") =~# "postil: ships.txt: +2 −0"')
call cursor(2, 5)
execute "normal v3l:\<C-u>'<,'>Postil pin ghost\<CR>"
call Drawn('a pin', ['1 PostilShip-0 Vega', '1 PostilShip-0 Vega', '2 PostilGhost-0 Lark'])

" The operators ask for the label once.
nmap gt <Plug>(postil-term)
call cursor(1, 16)
call feedkeys("gtiwanimal\<CR>", 'tx')
call Until('an operator', 'count(Marks(), "1 PostilAnimal-0 Nobody") == 1')
call cursor(2, 1)
normal .
call Until('repeated', 'count(Marks(), "2 PostilAnimal-0 The") == 1')

" Saved in this Vim: tagged anew; what is wrong stands on its line, and the old rules go on.
Postil rules
call Is('the rule file', 'ships.txt.postil.lua', expand('%:t'))
%delete
call setline(1, ['tag.ship { terms = { "Vega" } }', 'tag.boat { "[a-z" }'])
write
call Until('wrong', '!empty(prop_list(1, {"end_lnum": 2, "types": ["PostilMessage"]}))')
call Is('on its line', 2, prop_list(1, {'end_lnum': 2, 'types': ['PostilMessage']})[0].lnum)
call Is('that is told', 1, execute('messages') =~# 'postil: the rules stay as they were: ')
wincmd p
call Is('the old rules', 1, count(Marks(), '2 PostilGhost-0 Lark'))
wincmd p
call setline(2, 'tag.boat { "lark" }')
write
call Until('right', 'empty(prop_list(1, {"end_lnum": 2, "types": ["PostilMessage"]}))')
wincmd p
call Drawn('new rules', ['1 PostilShip-0 Vega', '1 PostilShip-0 Vega', '2 PostilBoat-0 Lark'])

" What others have written is not trusted.
call writefile(['tag.thing { "left" }'], 'ships.txt.postil.lua')
Postil reload
call Until('not trusted', 'execute("Postil info") =~# "left out: .*ships.txt.postil.lua"')
Postil! trust
call Drawn('trusted', ['1 PostilThing-0 left', '2 PostilThing-0 left'])

" Rules that are named; those that do not load leave on what was on.
call writefile(['tag.verb { "saw" }'], 'verbs.lua')
Postil on verbs.lua
call Drawn('rules that were named', ['1 PostilVerb-0 saw'])
call writefile(['tag.verb { "[saw" }'], 'worse.lua')
Postil on worse.lua
call Until('they do not load', 'execute("messages") =~# "worse.lua:1"')
call Drawn('what was on goes on', ['1 PostilVerb-0 saw'])
call Finish()
