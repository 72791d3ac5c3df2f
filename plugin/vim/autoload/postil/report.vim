if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# report.vim - what is said to the user: a line, or some; every control is shown, none takes effect.
#
#   Info(words)  Warn(words)  Error(words)
#   Brief(words)   as much of it as fits into one line: what comes by itself, beside other messages,
#                  must not make anybody press Enter

def Say(words: string, group: string)
  execute 'echohl' group
  for line in split(words, "\n")
    echomsg 'postil: ' .. strtrans(line)
  endfor
  echohl None
enddef

export def Info(words: string)
  Say(words, 'None')
enddef

export def Warn(words: string)
  Say(words, 'WarningMsg')
enddef

export def Error(words: string)
  Say(words, 'ErrorMsg')
enddef

export def Brief(words: string)
  var line = 'postil: ' .. strtrans(substitute(words, "\n", ' ', 'g'))
  if strdisplaywidth(line) > v:echospace
    while strdisplaywidth(line) >= v:echospace
      line = strcharpart(line, 0, strchars(line) - 1)
    endwhile
    line ..= '…'
  endif
  # Drawn first: a line that is drawn over it is gone.
  redraw
  echomsg line
enddef
