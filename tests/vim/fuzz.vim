vim9script
# fuzz.vim - random keys and commands: what postil has is what the buffer has, and it is tagged as
# a text that was never edited, and so it is drawn.  BATCHES of them (300), from SEED on.

var here = $TOP .. '/plugin/vim/autoload/postil/'
import here .. 'serve.vim' as serve
import here .. 'paint.vim' as paint
import here .. 'speakers.vim' as speakers
import here .. 'texts.vim' as texts

const WORDS = ['Mr. Bo Lund', ' said ', '“No,”', '“', '”', 'Oslo', 'Ms. Ada Holm', ', ', '. ', 'Lund', ' on Monday',
  'Ä', '日本', '"', '\', "\t", 'the ', "\xe9", "\t\u0301", "\"\u0301", "\xc0\x87", '’s']
const KEYS = ['dd', 'p', 'P', 'yyp', 'ddp', 'J', '3J', 'x', 'D', 'cwBo ', 'o', 'O', 'u', 'u', "\<C-r>", 'gUU', '~', '.',
  'ggdG', 'Gdd', 'ggP', "Vjd", "vjx", "\<C-v>jId ", "2jyyk2p", '>>', 'gqq', "vjjc", 'ggO', 'Go', '10x', "\<C-a>"]
const COMMANDS = [':%s/Lund/Holm/', ':%s/o/0/g', ':m0', ':m$', ':t.', ':g/Oslo/d', ':g/Bo/t0', ':g/^/m0', ':%!cat',
  ':.,+2d', ':1,3j', ':earlier 3', ':later 2', ':sort', ':normal ggJ', ':%d', ':undo', ':redo', ':$put =''Oslo''',
  ':0put =''Mr. Bo Lund''', ':set ff=dos', ':set ff=unix', ':retab', ':%s/\. /.\r/', ':g/said/s//spoke/|d', ':v/a/d']

var seeds = srand(str2nr($SEED) + 7)
def Any(n: number): number
  return rand(seeds) % n
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

# Waits until nothing is asked for any more, or will be.
def Rest(state: dict<any>)
  var still = 0
  for _ in range(1000)
    listener_flush()
    serve.Now('wait', {text: state.name}, 5000)
    sleep 5m # in which events come, and what they make the plugin ask
    still = state.done && state.asked == 0 && !state.again && empty(state.torn) ? still + 1 : 0
    if still == 3
      return
    endif
  endfor
  g:Bad('it never rests: ' .. string(state))
enddef

# Marks and speakers of some lines, in any order.
def Shown(state: dict<any>): list<string>
  var said = speakers.Shown(state, 1, line('$'))->items()->mapnew((_, one) => $'{one[0]} said by {one[1]}')
  return sort(g:Marks() + said)
enddef

# What is drawn, which followed the edits, is what is drawn anew where nothing is.
def CompareDrawn(number: number, steps: list<string>)
  var mine = texts.Of()
  Rest(mine)
  var [top, bottom] = mine.drawn[0]
  var followed = Shown(mine)
  prop_clear(1, line('$'))
  mine.drawn = []
  paint.Scrolled()
  Rest(mine)
  top = max([top, mine.drawn[0][0]])
  bottom = min([bottom, mine.drawn[0][1]])
  var anew = Shown(mine)
  for [one, other, words] in [[followed, anew, 'too much'], [anew, followed, 'not']]
    var different = copy(one)->filter((_, mark) => index(other, mark) < 0
      && str2nr(mark) >= top && str2nr(mark) <= bottom)
    if empty(different)
      ++g:passed
    else
      g:Bad($'batch {number}: {steps}: {words} drawn: {different}')
    endif
  endfor
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
  CompareDrawn(number, steps)
  if g:failed > 3
    break
  endif
endfor
g:Finish()
