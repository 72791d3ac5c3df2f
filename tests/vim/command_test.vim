" command_test.vim - a command that was chosen runs, also where Vim's own Lua could do.

call setline(1, 'Mr. Bo Lund.')
let g:postil = {'command': $POSTIL}
Postil on
call Drawn('on', ['1 PostilPerson-0 Bo Lund'])
call Is('it is said', 1, execute('Postil info') =~# '\ncommand: ' . $POSTIL . '\n')
call Is('and it runs', [[$POSTIL, 'serve']], map(job_info(), {_, job -> job_info(job).cmd}))
call Finish()
