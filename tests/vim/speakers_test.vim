vim9script
# speakers_test.vim - who said it, behind the line in which a quotation ends.

var here = $TOP .. '/plugin/vim/autoload/postil/'

g:Lines(['“No,” said Mr. Bo Lund. “Never,” Lund said.', '“Yes,” said Ms. Ada Holm. “No,” said Bo Lund.', '',
  'Lund said: “I saw Ada', 'Holm there.”'])
Postil on
g:Drawn('nothing behind lines unless it is wanted', g:Marks())
import here .. 'speakers.vim' as speakers
import here .. 'texts.vim' as texts

def Shown(): dict<list<string>>
  return speakers.Shown(texts.Of(), 1, line('$'))
enddef
g:Shown = Shown
Postil! info
g:Is('none', {}, Shown())
Postil off

g:postil = {speakers: true}
Postil on
g:Until('who said it, once a line if it is one', "g:Shown() ==# {1: ['Bo Lund'], 2: ['Ada Holm', 'Bo Lund'], 5: ['Bo Lund']}")
setline(1, '“No,” said Mr. Nils Orre.')
g:Until('another', "get(g:Shown(), 1, []) ==# ['Nils Orre']")
append(0, '')
g:Until('it moves', "get(g:Shown(), 2, []) ==# ['Nils Orre'] && !has_key(g:Shown(), 1)")
deletebufline('', 2)
g:Until('and goes', "g:Shown() ==# {2: ['Ada Holm', 'Bo Lund'], 5: ['Bo Lund']}")
undo
g:Step()
g:Until('undo', "g:Shown() ==# {1: ['Bo Lund'], 2: ['Ada Holm', 'Bo Lund'], 5: ['Bo Lund']}")
Postil off
g:Is('off', [], prop_list(1, {end_lnum: line('$')}))
g:Finish()
