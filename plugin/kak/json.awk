# json.awk - a function of awk: bytes as they stand in a string of JSON.

function json(s,   i) {
  gsub(/[\\"]/, "\\\\&", s)
  if (s ~ /[\001-\037]/)
    for (i = 1; i < 32; i++) gsub(sprintf("%c", i), sprintf("\\\\u%04x", i), s)
  return s
}
