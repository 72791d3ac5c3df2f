vim9script
# json_test.vim - any bytes as a string of JSON: marks that combine with what is escaped, sequences
# too long for their character, zeros.

silent Postil info
import $TOP .. '/plugin/vim/autoload/postil/json.vim' as json

for [bytes, wanted] in [
    ['a"b\', 'a\"b\\'], ["\t\n\x1f", '\u0009\u0000\u001f'], ["\"\u0301\\\u0301", "\\\"\u0301\\\\\u0301"],
    ["\t\u0301\n\u0301", "\\u0009\u0301\\u0000\u0301"], ["\xc0\x87\x07", "\xc0\x87\\u0007"],
    ["\xc0\x80\x01\"", "\xc0\x80\\u0001\\\""], ["\xe0\x80\xa2\"", "\xe0\x80\xa2\\\""],
    ["\xe9\"\xff\\\x80", "\xe9\\\"\xff\\\\\x80"], ['“日本” é', '“日本” é'], ['', '']]
  g:Is(strtrans(bytes), wanted, json.Inside(bytes))
endfor
g:Finish()
