-- What luacheck may expect.  The Lua side runs on 5.1 to 5.4 and LuaJIT: "max" knows the names of all
-- of them; which of them exist is asked in lua/postil, with a fallback.
std = "max"
max_line_length = 100
codes = true

-- Rule files that are wrong on purpose.
exclude_files = { "tests/hostile" }

files["lua/postil/_meta.lua"] = { ignore = { "1", "2" } }

-- Rule files see the environment that lua/postil prepares, nothing else.
stds.rules = {
  read_globals = {
    "tag", "veto", "amend", "alias", "pin", "block", "quotes", "ignore", "pack", "test",
    "use", "off", "each", "read", "p",
  },
}
files["lua/postil/rules/**/*.lua"] = { std = "min+rules" }
files["lua/postil/skeleton/*.lua"] = { std = "min+rules" }
files["tests/cases/**/*.lua"] = { std = "min+rules" }

files["plugin/*.lua"] = { globals = { "vim" } }
files["lua/postil/nvim*"] = { globals = { "vim" } }
files["lua/postil/health.lua"] = { globals = { "vim" } }
files["lua/postil/vim*"] = { globals = { "vim" } }
files["plugin/vis/**/*.lua"] = { globals = { "vis" } }
files["plugin/micro/*.lua"] = { globals = { "import", "VERSION", "init", "preinit", "onQuit", "onSave",
  "onUndo", "onRedo", "onBeforeTextEvent", "preInsertNewline", "report", "process", "texts", "marks",
  "places", "rules", "rows" } }
files["lua/postil/vis*"] = { globals = { "vis" } }

-- A case of a test, a text with its brackets, stays on one line.
files["tests/lua"] = { std = "max+busted", max_line_length = 130 }
files["tests/nvim"] = { globals = { "vim" }, max_line_length = 130 }
files["tests/command"] = { std = "max+busted", max_line_length = 130 }
