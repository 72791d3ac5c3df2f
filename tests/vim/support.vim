" support.vim - what the tests in a real Vim share: checks that are counted, waiting, what is drawn.
"
"   Is(name, wanted, got)  Until(name, condition)  Lines(list)  Step()  Marks()  Drawn(name, wanted)
"   Texts()  Finish()

let g:passed = 0
let g:failed = 0

function Bad(words)
  let g:failed += 1
  call writefile(['not ok: ' . a:words], 'said', 'a')
endfunction

function Is(name, wanted, got)
  if a:wanted ==# a:got
    let g:passed += 1
  else
    call Bad(printf("%s\n  %s\n  not: %s", a:name, string(a:got), string(a:wanted)))
  endif
endfunction

" Without a screen nothing tells listeners of changes by itself.
function Until(name, condition)
  for _ in range(500)
    call listener_flush()
    if eval(a:condition)
      let g:passed += 1
      return
    endif
    sleep 10m
  endfor
  call Bad(a:name . ': never ' . a:condition . ': ' . string(Marks()))
endfunction

function Lines(list)
  silent %delete _
  call setline(1, a:list)
  call Step()
endfunction

" What is done from here on is another step of undo.
function Step()
  let &undolevels = &undolevels
endfunction

" What is drawn, as 'LINE TYPE WORDS'.
function Marks()
  return map(prop_list(1, {'end_lnum': line('$'), 'ids': [7565683]}), {_, one -> one.lnum . ' '
        \ . one.type . ' ' . strpart(getline(one.lnum), one.col - 1, one.length)})
endfunction

" Waits until these are drawn.
function Drawn(name, wanted)
  for _ in range(500)
    call listener_flush()
    if Marks() ==# a:wanted
      let g:passed += 1
      return
    endif
    sleep 10m
  endfor
  call Is(a:name, a:wanted, Marks())
endfunction

function Texts()
  return map(getloclist(0), {_, one -> one.lnum . ':' . one.col . ' ' . one.text})
endfunction

function Finish()
  call writefile([g:passed . ' passed, ' . g:failed . ' failed'], 'said', 'a')
  qall!
endfunction
