-- objects_test.lua - text objects, motions, jumps: with counts, in visual mode, repeated, where
-- nothing is there.

local t = dofile(vim.env.TESTS .. "/support.lua")

local TEXT = [[
“Nobody paid for it,” said Mayor Edda Falk. “Not twice.”

Nils Orre was not in the room. “I heard it from
my sister,” Orre said later. Édda saw him.
]]

for name, key in pairs { ["inner-quote"] = "iq", ["around-quote"] = "aq", ["inner-tag"] = "it",
  ["around-tag"] = "at" } do
  for _, mode in ipairs { "x", "o" } do
    vim.api.nvim_set_keymap(mode, key, "<Plug>(postil-" .. name .. ")", {})
  end
end
for name, key in pairs { ["next-quote"] = "]q", ["previous-quote"] = "[q", ["next-name"] = "]n",
  ["previous-name"] = "[n", ["next-tag"] = "]]", partner = "gp" } do
  for _, mode in ipairs { "n", "x", "o" } do
    vim.api.nvim_set_keymap(mode, key, "<Plug>(postil-" .. name .. ")", {})
  end
end

local function fresh()
  t.open(TEXT)
  return t.on()
end

local function line(number) return t.lines()[number] end

-- ---- text objects -------------------------------------------------------------------------------

fresh()
t.at(1, 8)
t.keys "diq"
t.eq("diq", line(1), "“” said Mayor Edda Falk. “Not twice.”")
t.keys "u"
t.at(1, 8)
t.keys "daq"
t.eq("daq", line(1), " said Mayor Edda Falk. “Not twice.”")
t.keys "u"
t.at(1, 27)
t.keys "diq"
t.eq("diq looks ahead in the line", line(1), "“Nobody paid for it,” said Mayor Edda Falk. “”")
t.keys "u"
t.at(1, 8)
t.keys "ciqAye<Esc>"
t.eq("ciq", line(1), "“Aye” said Mayor Edda Falk. “Not twice.”")
t.at(1, 35)
t.keys "."
t.eq("repeated", line(1), "“Aye” said Mayor Edda Falk. “Aye”")
t.keys "uu"

t.at(1, 36)
t.keys "dat"
t.has("dat takes a name", line(1), "said Mayor . “Not")
t.keys "u"

t.at(3, 40)
t.keys "yiq"
t.eq("yiq over a line end", vim.fn.getreg '"', "I heard it from\nmy sister,")
t.at(3, 40)
t.keys "viqy"
t.eq("viqy", vim.fn.getreg '"', "I heard it from\nmy sister,")
t.keys "vaqy"
t.eq("vaqy", vim.fn.getreg '"', "“I heard it from\nmy sister,”")
t.at(3, 40)
t.keys "v2aty"
t.eq("a count larger than there are: the outermost", vim.fn.getreg '"',
  "“I heard it from\nmy sister,”")
vim.o.selection = "exclusive"
t.at(1, 8)
t.keys "diq"
t.eq("'selection' is exclusive", line(1), "“” said Mayor Edda Falk. “Not twice.”")
t.keys "u"
vim.o.selection = "inclusive"

t.open "“He said ‘Stay put’ twice,” said Edda Falk.\n"
t.on()
t.at(1, 17)
t.keys "diq"
t.has("the innermost", line(1), "‘’ twice,”")
t.keys "ud2aq"
t.eq("an operator with a count", line(1), " said Edda Falk.")
t.keys "u"
fresh()

-- Where nothing is, an operator does nothing, and c does not begin to insert.
t.at(2, 1)
t.keys "diq"
t.eq("nothing is there", t.text(), TEXT)
t.keys "ciqx"
t.eq("c is left", t.text(), TEXT)
t.eq("normal mode", vim.api.nvim_get_mode().mode, "n")
t.keys "yat"
t.eq("the cursor stays", t.cursor(), { 2, 1 })

-- ---- motions ------------------------------------------------------------------------------------

fresh()
t.at(1, 1)
t.keys "]q"
t.eq("]q", t.cursor(), { 1, 49 })
t.keys "]q"
t.eq("]q again", t.cursor(), { 3, 32 })
t.keys "2[q"
t.eq("2[q", t.cursor(), { 1, 1 })
t.keys "<C-o>"
t.eq("a jump is remembered", t.cursor(), { 3, 32 })
t.keys "]q"
t.eq("no more", t.cursor(), { 3, 32 })
t.has("it is said", t.last_said(), "there is no quote behind here")
t.at(1, 1)
t.keys "]n"
t.has("]n: a name", line(1):sub(t.cursor()[2]), "Edda Falk")
t.keys "]n"
t.eq("]n: the next", t.cursor(), { 3, 1 })
t.keys "[n"
t.eq("[n", t.cursor()[1], 1)
t.at(1, 1)
t.keys "d]q"
t.eq("d]q", line(1), "“Not twice.”")
t.keys "u"
t.at(1, 1)
t.keys "v]qy"
t.has("v]q", vim.fn.getreg '"', "Edda Falk. “")
vim.cmd "Postil next person"
t.eq(":Postil next person", t.cursor()[1], 1)
vim.cmd "Postil previous quote"
t.eq(":Postil previous quote", t.cursor(), { 1, 1 })

-- ---- partners -----------------------------------------------------------------------------------

t.at(1, 8)
t.keys "gp"
t.has("a quotation to its speaker", line(1):sub(t.cursor()[2]), "Edda Falk. “")
t.keys "gp"
t.eq("a speaker to the next quotation", line(1):sub(t.cursor()[2]):sub(1, 3), "“")
t.at(3, 40)
t.keys "gp"
t.eq("over a line end", t.cursor(), { 4, 15 })
t.at(3, 1)
t.keys "gp"
t.eq("the first mention stays", t.cursor(), { 3, 1 })
t.at(2, 1)
t.keys "gp"
t.eq("nothing tagged", t.last_said(), "postil: nothing is tagged here")

-- ---- off ----------------------------------------------------------------------------------------

vim.cmd "Postil off"
t.at(1, 8)
t.keys "diq"
t.eq("off: nothing happens", t.text(), TEXT)
t.has("off: it is said", t.last_said(), ":Postil on")
t.finish()
