-- prose.lua - is a file prose, as far as its name, its size and a look at its first bytes can tell?
--
--   prose.named(name)      by the end of its name
--   prose.clean(bytes)     whether no control character but line ends and tabs is in it
--   prose.looks(text)      by what is in it
--
-- It need not be right each time: what is wrongly taken for prose is shown with its few names, what
-- is wrongly taken for code without any.

local M = {}

local LOOK = 16384 -- bytes at the beginning that are looked at

-- Ends of names of texts; what has another one that begins with a letter is something else.
local ENDS = { txt = true, text = true, md = true, markdown = true, mkd = true, asc = true,
  eml = true, mbox = true, article = true, story = true }

function M.named(name)
  local ending = name:gsub("~$", ""):match "[^/]%.(%a%w*)$"
  return not ending or ENDS[ending:lower()] == true
end

function M.clean(bytes) return not bytes:find "[%z\1-\8\11\14-\31\127]" end

local function count(s, pattern)
  local _, n = s:gsub(pattern, "")
  return n
end

-- Signs are rare in prose: at most one for so many letters.
local LETTERS_A_SIGN = 25
-- Of the words at least one in so many is of small letters only.
local WORDS_A_SMALL_ONE = 3
-- Of words in other letters than Latin ones.
local LETTERS_A_WORD = 4

function M.looks(text)
  if not M.clean(text) or not utf8.len(text) then return false end
  local head = text:sub(1, LOOK)
  if head:find "^#!" or head:find "^%s*<[?!%a]" or head:find "^%%[!P]" then return false end
  local letters = count(head, "[%a\128-\255]")
  local words = count(head, "[^%s]+")
  local small = count(head, "%f[^%s][\"'(]*%l[%l\128-\255'-]*%p*%f[%s%z]")
    + count(head, "[\208-\244]") / LETTERS_A_WORD
  return letters > 0 and letters > LETTERS_A_SIGN * count(head, "[{}<>=;|\\_#$&@^~+/%[%]]")
    and small * WORDS_A_SMALL_ONE >= words
end

return M
