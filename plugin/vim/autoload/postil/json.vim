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

def Control(c: string): string
  return printf('\u%04x', c == "\n" ? 0 : char2nr(c))
enddef

export def Inside(s: string): string
  var escaped = escape(s, '"\')
  return match(escaped, '[\x01-\x1f]') < 0 ? escaped
    : substitute(escaped, '[\x01-\x1f]', (m) => Control(m[0]), 'g')
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
