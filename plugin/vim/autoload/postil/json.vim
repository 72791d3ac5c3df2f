if !exists('g:postil_wanted')
  finish " only plugin/postil.vim wants it: what lies below plugin/ is sourced at start
endif
vim9script
# json.vim - values as JSON, bytes as they are: json_encode() makes others of what is no UTF-8.
#
#   Text(value)      the JSON text of a string, a number, a boolean, a list or a dictionary
#   Inside(string)   what stands between the quotation marks
#
# In a string of Vim a line feed stands for a zero byte.

const SPECIAL = '["\\\x01-\x1f]'

# They begin what is longer than its character needs: patterns take that for the character, and end
# at a zero.  No UTF-8 has them.
const OVERLONG = ["\xc0", "\xe0\x80", "\xf0\x80", "\xf8", "\xfc"]

# Such a byte, with the marks that combine with it, which a pattern takes along.
def Escaped(c: string): string
  var byte = strpart(c, 0, 1)
  if byte == '"' || byte == '\'
    return '\' .. c
  endif
  var code = char2nr(byte)
  return code >= 32 ? c : printf('\u%04x', byte == "\n" ? 0 : code) .. strpart(c, 1)
enddef

export def Inside(s: string): string
  if indexof(OVERLONG, (_, bytes) => stridx(s, bytes) >= 0) >= 0
    return range(len(s))->mapnew((_, i) => Escaped(strpart(s, i, 1)))->join('')
  endif
  return match(s, SPECIAL) < 0 ? s : substitute(s, SPECIAL, (m) => Escaped(m[0]), 'g')
enddef

export def Text(value: any): string
  var kind = type(value)
  if kind == v:t_string
    return '"' .. Inside(value) .. '"'
  elseif kind == v:t_list
    return '[' .. mapnew(value, (_, one) => Text(one))->join(',') .. ']'
  elseif kind == v:t_dict
    var members = items(value)->map((_, one) => Text(one[0]) .. ':' .. Text(one[1]))
    return '{' .. join(members, ',') .. '}'
  endif
  return kind == v:t_bool ? value ? 'true' : 'false' : string(value)
enddef
