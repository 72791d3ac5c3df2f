-- signs.lua - signs in a pattern that stand for themselves and may have been meant otherwise.
--
--   signs(pattern, say): say(at, words) for each place.

-- The pattern with what is literal or of a regex blanked, byte for byte.
local function bare(pattern)
  local function blank(piece) return ("."):rep(#piece) end
  return (pattern:gsub("\\.", blank):gsub('"[^"]*"', blank):gsub("/[^/]*/", blank))
end

return function(pattern, say)
  local text = " " .. bare(pattern) .. " "
  for at, sign in text:gmatch "%s()([*+?])%f[%s|)%]]" do
    say(at - 1, ("%s behind a blank is the sign itself; did you mean to repeat what stands before "
      .. "the blank? Write \\%s for the sign"):format(sign, sign))
  end
  for at, name in text:gmatch "%f[%w_]()(%u[%w_]*):%f[<(%[]" do
    say(at - 1, ("'%s:' is text, for captures are lower case; did you mean %s:?"):format(name,
      name:lower()))
  end
end
