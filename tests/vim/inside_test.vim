" inside_test.vim - postil in Vim's own Lua: there is no process; it dies, dies again; a command that
" was chosen is taken instead.

function Said(command)
  return substitute(execute(a:command), '^\n*', '', '')
endfunction
call setline(1, 'Mr. Bo Lund.')
Postil on
call Drawn('on', ['1 PostilPerson-0 Bo Lund'])
call Is('inside', 1, Said('Postil info') =~# '^in Vim itself, by its Lua 5\.\d: .*/core\.so\n')
call Is('no process', [], job_info())

" An error that it should not have is told; what comes next goes on anew.
function Fail()
  call luaeval('(function() local inside, turn = package.loaded["postil.serve.inside"] turn = inside.turn'
        \ . ' inside.turn = function() inside.turn = turn error "lost" end end)()')
endfunction
call Fail()
call setline(1, 'Ms. Ada Holm.')
call Until('it was started anew', 'execute("messages") =~# "lost; it was started anew"')
call Drawn('and goes on', ['1 PostilPerson-0 Ada Holm'])
call Fail()
call setline(1, 'Ms. Eva Holm.')
call Until('not twice', 'execute("messages") =~# "lost; `:Postil on` tries again"')
call Is('off', [], Marks())
Postil on
call Drawn('the user wants it again', ['1 PostilPerson-0 Eva Holm'])
Postil off

" A request while another is answered; both come.
Postil on
Postil! who
call Is('waited for', 1, Said('Postil! info') =~# 'all tagged')
Postil off

" A text that never becomes right does not go on for ever.
call luaeval('(function() package.loaded["postil.serve.verbs_texts"].lines.run = function()'
      \ . ' return nil, "never" end end)()')
Postil on
call Until('it is given up', 'execute("messages") =~# "keeps having another text than the buffer"')
call Is('and off', '', &omnifunc)
call Finish()
