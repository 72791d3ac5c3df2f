vim9script
# fuzz.vim - random keys and commands: what postil has is what the buffer has, and it is tagged as
# a text that was never edited.  BATCHES of them (300), from SEED on.

var here = $TOP .. '/plugin/vim/autoload/postil/'
import here .. 'serve.vim' as serve
import here .. 'speakers.vim' as speakers
import here .. 'texts.vim' as texts

const WORDS = ['Mr. Bo Lund', ' said ', '“No,”', '“', '”', 'Oslo', 'Ms. Ada Holm', ', ', '. ', 'Lund', ' on Monday',
  'Ä', '日本', '"', '\', "\t", 'the ', "\xe9", "\t\u0301", "\"\u0301", "\xc0\x87", '’s']
const KEYS = ['dd', 'p', 'P', 'yyp', 'ddp', 'J', '3J', 'x', 'D', 'cwBo ', 'o', 'O', 'u', 'u', "\<C-r>", 'gUU', '~', '.',
  'ggdG', 'Gdd', 'ggP', "Vjd", "vjx", "\<C-v>jId ", "2jyyk2p", '>>', 'gqq', "vjjc", 'ggO', 'Go', '10x', "\<C-a>"]
const COMMANDS = [':%s/Lund/Holm/', ':%s/o/0/g', ':m0', ':m$', ':t.', ':g/Oslo/d', ':g/Bo/t0', ':g/^/m0', ':%!cat',
  ':.,+2d', ':1,3j', ':earlier 3', ':later 2', ':sort', ':normal ggJ', ':%d', ':undo', ':redo', ':$put =''Oslo''',
  ':0put =''Mr. Bo Lund''', ':set ff=dos', ':set ff=unix', ':retab', ':%s/\. /.\r/', ':g/said/s//spoke/|d', ':v/a/d']

srand(str2nr($SEED) + 7)
var state = [1, 2, 3, 4]
state = srand(str2nr($SEED) + 7)
def Any(n: number): number
  return rand(state) % n
enddef

def Sentence(): string
  var text = ''
  for _ in range(Any(12))
    text ..= WORDS[Any(len(WORDS))]
  endfor
  return text
enddef

def Step(): string
  cursor(1 + Any(line('$')), 1 + Any(20))
  var kind = Any(10)
  var what = ''
  if kind < 4
    what = 'normal! ' .. KEYS[Any(len(KEYS))]
    if what =~ '[oOIPc ]$' || what =~ '^normal! \%(o\|O\|Go\|ggO\|cw\|vjjc\)'
      what ..= Sentence()
    endif
  elseif kind < 7
    what = 'normal! ' .. 'aioO'[Any(4)] .. Sentence() .. (Any(4) == 0 ? "\<CR>" .. Sentence() : '')
  else
    what = COMMANDS[Any(len(COMMANDS))]
  endif
  silent! execute what
  if line('$') > 300
    silent! :100,$delete
    what ..= ' (cut)'
  endif
  return what
enddef

# A byte in a string of JSON.
def Byte(byte: string): string
  var code = byte == "\n" ? 0 : char2nr(byte)
  return code < 32 ? printf('\u%04x', code) : byte == '"' || byte == '\' ? '\' .. byte : byte
enddef

def Line(line: string): string
  return range(len(line))->mapnew((_, i) => Byte(strpart(line, i, 1)))->join('')
enddef

def Content(): string
  return getline(1, '$')->mapnew((_, line) => Line(line))->join('\n') .. '\n'
enddef

def Spans(name: string): string
  serve.Now('wait', {text: name}, 5000)
  return string(get(serve.Now('faces', {text: name}, 5000), 'spans', 'none'))
enddef

# What postil has, and what it should have.
def Compare(number: number, steps: list<string>)
  listener_flush()
  var mine = texts.Of()
  texts.CatchUp(mine)
  serve.Ask('open', {text: 'fresh'}, (_) => 0, Content())
  var fresh = Spans('fresh')
  var ours = Spans(mine.name)
  if ours == fresh && mine.resent == 0
    ++g:passed
  else
    g:Bad(printf("batch %d, sent anew %d: %s\n  %s\n  not: %s\n%s", number, mine.resent, string(steps), ours, fresh, getline(1, '$')))
    mine.resent = 0
  endif
enddef

# Speakers are those that the tags say, in lines that are there.
def CompareSpeakers(number: number, steps: list<string>)
  var mine = texts.Of()
  var last = line('$')
  var got: dict<list<string>> = {}
  var wanted: dict<list<string>> = {}
  for _ in range(100)
    serve.Now('wait', {text: mine.name}, 5000)
    sleep 5m # in which answers come
    got = speakers.Shown(mine, 1, last)
    speakers.Ask(mine, 1, last)
    serve.Now('wait', {text: mine.name}, 5000)
    wanted = speakers.Shown(mine, 1, last)
    if got == wanted
      ++g:passed
      return
    endif
  endfor
  g:Bad(printf("batch %d: %s: speakers\n  %s\n  not: %s", number, steps, got, wanted))
enddef

g:postil = {speakers: true}
execute 'edit' 'fuzz.txt'
g:Lines(range(20)->mapnew((_, _) => Sentence()))
execute 'Postil! on'
for number in range(str2nr($BATCHES ?? '300'))
  var steps: list<string> = []
  for _ in range(1 + Any(5))
    add(steps, Step())
  endfor
  Compare(number, steps)
  CompareSpeakers(number, steps)
  if g:failed > 3
    break
  endif
endfor
g:Finish()
