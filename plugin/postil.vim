" postil.vim - the door to Vim: the command `:Postil`, names for keys, and nothing else until one of
" them is used.  `:help postil-vim` tells all; plugin/vim has the rest.
"
" Below plugin/ Vim sources everything at its start: so files of plugin/vim end at once, unless they
" are sourced here, in the order in which one needs the other.
if has('nvim') || exists('g:loaded_postil')
  finish
endif
let g:loaded_postil = 1
let s:cpo = &cpo
set cpo&vim

" A checkout has them in plugin/vim, an installation where 'runtimepath' does.
let s:here = expand('<sfile>:p:h')
let g:postil_checkout = fnamemodify(resolve(expand('<sfile>:p')), ':h:h')
if isdirectory(s:here . '/vim/autoload')
  let s:rest = s:here . '/vim'
  let &runtimepath .= ',' . escape(s:rest, ', \')
else
  let s:rest = fnamemodify(s:here, ':h')
endif
let s:files = ['report', 'config', 'json', 'groups', 'inside', 'job', 'serve', 'texts',
      \ 'speakers', 'paint', 'places', 'lists', 'rules', 'complete']

function! s:missing() abort
  if !has('vim9script') || v:version < 900
    return 'Vim 9 or later is needed'
  endif
  for feature in ['job', 'channel', 'textprop', 'timers', 'popupwin']
    if !has(feature)
      return 'this Vim was built without +' . feature
    endif
  endfor
  return ''
endfunction

function! s:load() abort
  let words = s:missing()
  if !empty(words)
    echohl WarningMsg | echomsg 'postil: ' . words | echohl None
    return 0
  endif
  let g:postil_wanted = 1
  try
    for file in s:files
      execute 'source' fnameescape(s:rest . '/autoload/postil/' . file . '.vim')
    endfor
    execute 'source' fnameescape(s:rest . '/autoload/postil.vim')
  finally
    unlet g:postil_wanted
  endtry
  let s:loaded = 1
  return 1
endfunction

function! s:call(name, ...) abort
  return exists('s:loaded') || s:load() ? call('postil#' . a:name, a:000) : ''
endfunction

function! s:complete(lead, line, at) abort
  return exists('s:loaded') || empty(s:missing()) ? s:call('Complete', a:lead, a:line, a:at) : []
endfunction

command! -nargs=* -bang -bar -range=0 -complete=customlist,s:complete Postil
      \ call s:call('Run', <q-args>, <bang>0, <range>, <line1>, <line2>)

augroup postil_filetypes
  autocmd!
  autocmd FileType * if !empty(get(get(g:, 'postil', {}), 'filetypes', []))
        \ | call s:call('OnFileType') | endif
augroup END

function! s:names(modes, name, kind, label) abort
  for mode in split(a:modes, '\zs')
    execute printf("%snoremap <silent> <Plug>(postil-%s)"
          \ . " <Cmd>call <SID>call('Go', '%s', '%s', v:count1)<CR>", mode, a:name, a:kind, a:label)
  endfor
  execute printf("onoremap <silent> <expr> <Plug>(postil-%s) <SID>call('Pending', '%s', '%s')",
        \ a:name, a:kind, a:label)
endfunction

for [s:kind, s:label] in [['tag', ''], ['quote', 'quote'], ['name', 'name']]
  call s:names('x', 'inner-' . s:kind, 'inner', s:label)
  call s:names('x', 'around-' . s:kind, 'around', s:label)
  call s:names('nx', 'next-' . s:kind, 'next', s:label)
  call s:names('nx', 'previous-' . s:kind, 'previous', s:label)
endfor
call s:names('nx', 'partner', 'partner', '')
nnoremap <silent> <Plug>(postil-hover) <Cmd>call <SID>call('Hover')<CR>
nnoremap <silent> <Plug>(postil-why) <Cmd>call <SID>call('Why')<CR>
nnoremap <silent> <Plug>(postil-fix) <Cmd>call <SID>call('Fault')<CR>
nnoremap <silent> <expr> <Plug>(postil-term) <SID>call('Operator', 'term')
nnoremap <silent> <expr> <Plug>(postil-pin) <SID>call('Operator', 'pin')
xnoremap <silent> <Plug>(postil-term) <Cmd>call <SID>call('Selected', 'term')<CR>
xnoremap <silent> <Plug>(postil-pin) <Cmd>call <SID>call('Selected', 'pin')<CR>

let &cpo = s:cpo
unlet s:cpo s:kind s:label
