" broken_test.vim - a module that does not load is as good as none: the command runs, and nothing is
" said of it.

let abi = has('lua') ? luaeval('_VERSION:match("%d+%.%d+")') : '5.2'
call mkdir('broken/build/' . abi . '/postil', 'p')
call writefile(['no module'], 'broken/build/' . abi . '/postil/core.so')
call system('cp -R "$SOURCE/lua" broken; ln -s "$POSTIL" broken/build')
let g:postil_checkout = getcwd() . '/broken'
call setline(1, 'Mr. Bo Lund.')
Postil on
call Drawn('on', ['1 PostilPerson-0 Bo Lund'])
call Is('a process', 1, len(job_info()))
call Is('nothing is said', '', trim(execute('messages')))
call Finish()
