-- health.lua - `:checkhealth postil`.

local M = {}

local health = vim.health or require "health"

-- Neovim 0.10 has other names than 0.7.
local function say(name, ...) return (health[name] or health["report_" .. name])(...) end

local function check_module()
  local ok, postil = pcall(require, "postil")
  if not ok then
    say("error", "the module for LuaJIT does not load: " .. tostring(postil),
      { "type `make` in the folder of the plugin (its README says what is needed)" })
    return nil
  end
  say("ok", ("postil %s, Unicode %s"):format(postil.version, postil.unicode))
  return postil
end

local function check_rules(postil)
  local set, words = postil.load "news"
  if not set then return say("error", "the pack news does not load: " .. words) end
  say("ok", ("the pack news loads: %d rules"):format(#set.rules))
  set:close()
end

local function check_config()
  local faults = require "postil.nvim.config".faults()
  for _, words in ipairs(faults) do say("warn", words) end
  if #faults == 0 then say("ok", "vim.g.postil is fine") end
end

local function check_trust(postil)
  local list, words = postil.trust():list()
  if not list then return say("warn", words) end
  say("ok", ("trusted rule files of projects: %d"):format(#list))
end

local function check_buffers()
  local states = require "postil.nvim".each()
  say("info", ("on in buffers: %d"):format(#states))
  for _, state in ipairs(states) do
    local name = vim.api.nvim_buf_get_name(state.number)
    if state.trouble then say("error", name .. ": " .. state.trouble) end
    if state.mirror.resyncs > 0 then
      say("info", ("%s: events and text differed %d times, and the text was read anew"):format(name,
        state.mirror.resyncs))
    end
  end
end

function M.check()
  say("start", "postil")
  local postil = check_module()
  if not postil then return end
  check_rules(postil)
  check_trust(postil)
  check_config()
  check_buffers()
end

return M
