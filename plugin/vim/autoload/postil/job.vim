if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# job.vim - `postil serve` as a process, with lines by pipes.
#
#   MEANS          the functions below, for serve.vim; inside.vim has the same
#   Name(): string                   what is started; '': there is no command
#   Start(Hear, HasEnded): string    Hear(line), HasEnded(words); words: it does not start; '': it runs
#   Send(line)
#   Read(timeout): string            the next line; '': none within so many milliseconds
#   IsOpen(): bool                   a line may still come
#   IsAlive(): bool

import './config.vim'

var process: job
var last_words = ''        # of standard error

def Command(): string
  var chosen: string = config.Get('command')
  if chosen != ''
    return exepath(expand(chosen))
  endif
  var built = g:postil_checkout .. '/build/postil'
  return executable(built) ? built : exepath('postil')
enddef

def Name(): string
  var command = Command()
  return command == '' ? '' : 'command: ' .. command
enddef

def Exited(which: job, status: number, HasEnded: func)
  if which == process
    HasEnded($'the process `postil serve` ended with {status}'
      .. (last_words == '' ? '' : ': ' .. last_words))
  endif
enddef

def IsAlive(): bool
  return job_status(process) == 'run'
enddef

def Start(Hear: func, HasEnded: func): string
  var command = Command()
  if command == ''
    return 'there is no command `postil`: `make` builds it in the folder of the plugin, and '
      .. 'g:postil.command may say where it is'
  endif
  last_words = ''
  process = job_start([command, 'serve'], {mode: 'nl', noblock: 1, stoponexit: 'term',
    out_cb: (_, line) => Hear(line),
    exit_cb: (which, status) => Exited(which, status, HasEnded),
    err_cb: (_, line) => {
      last_words = line
    }})
  return IsAlive() ? '' : $'{command} does not start'
enddef

def Send(line: string)
  try
    ch_sendraw(process, line .. "\n")
  catch
    # It is gone: Exited() will say so.
  endtry
enddef

def Read(timeout: number): string
  return ch_read(process, {timeout: timeout})
enddef

def IsOpen(): bool
  return ch_status(process, {part: 'out'}) =~ '^\%(open\|buffered\)$'
enddef

export const MEANS: dict<func> = {Name: Name, Start: Start, Send: Send, Read: Read, IsOpen: IsOpen,
  IsAlive: IsAlive}
