-- norm.lua - `postil norm`: a filter that writes its input in a normalisation form, byte for byte
-- else.

return function(run)
  local form = run.options.form or "NFC"
  for _, file in ipairs(run.files) do
    local text, words = run.host.read(file)
    if text then text, words = run.postil.normalize(text, form) end
    if text then run:write_raw(text) else run:complain(file, words) end
  end
  return 0
end
