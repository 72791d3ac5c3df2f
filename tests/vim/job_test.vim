" job_test.vim - the process is not there, dies, dies again.

function Said(command)
  return substitute(execute(a:command), '^\n*', '', '')
endfunction
call setline(1, 'Mr. Bo Lund.')
let g:postil = {'command': '/nowhere/postil'}
call Is('no command', 1, Said('Postil on') =~# '^postil: there is no command `postil`: ')
call Is('not on', [], Marks())
let g:postil = {'command': '/bin/false'}
Postil on
call Until('another program', 'execute("messages") =~# "ended with 1; `:Postil on` tries again"')
call Is('not on with that', '', &omnifunc)
unlet g:postil
messages clear

Postil on
call Drawn('on', ['1 PostilPerson-0 Bo Lund'])
function Kill()
  for job in job_info()
    if job_info(job).cmd[-1] ==# 'serve' && job_status(job) ==# 'run'
      call job_stop(job, 'kill')
    endif
  endfor
endfunction
call Kill()
call Until('it was started anew', 'execute("messages") =~# "it was started anew"')
call setline(1, 'Ms. Ada Holm.')
call Drawn('and goes on', ['1 PostilPerson-0 Ada Holm'])
call Kill()
call Until('not twice', 'execute("messages") =~# "`:Postil on` tries again"')
call Is('off', [], Marks())
Postil on
call Drawn('the user wants it again', ['1 PostilPerson-0 Ada Holm'])
call Finish()
