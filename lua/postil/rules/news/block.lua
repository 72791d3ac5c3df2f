-- Blocks and markup: what is not running text.

-- The first line, if it is short, is no address and does not end as a sentence does.
block.headline { id = "first", at = "first line",
  [[^ !(/https?:/i) !(/[^\n]{201}/) (<word>|<num>|\"|') ... (<word>|<num>|\"|'|\)|%|\?) $]] }

-- "Read more" and its kin introduce headlines of other articles.
block.teaser { id = "read-more", lines = 2,
  "^ (read|see|watch|listen) (more|also|next|the following|related|this|now) (on|about|:" ..
  "|here)* (: | -)? $",
  "^ (related|recommended|more) (: | articles|stories|coverage|links|reading|news|content" ..
  "|topics) :? $",
  "^ (you may|might also like|be interested in) :? $",
  yes = "The river rose.\n[Read more:\nCows swim home]\nIt fell again.",
  no = "Read more books, said the teacher." }
block.teaser { id = "inline",
  "^ (READ|SEE|WATCH|RELATED) (MORE|ALSO)? : <word>",
  yes = "The river rose.\n[READ ALSO: Cows swim home]\nIt fell again." }
ignore "teaser"

-- Markup is looked through: tags, comments, and addresses.
tag._markup { id = "tag", [=[/<\/?[a-zA-Z][^<>]{0,2000}>/]=] }
tag._markup { id = "address", [=[&(http|https) /https?:\/\/[^\s<>"]{3,500}/]=],
  [=[/www\.[^\s<>"]{3,500}/]=] }
ignore "_markup"

-- Where and when a report was written: "ORU, 14 March 2024 -".
tag.dateline { id = "place", nest = true,
  "^ [<city|country|region> (, <country|region>)? (,? <date>)? (\\( ... \\))? (-|—)+] <word>",
  yes = "[PARIS, 14 March 2024 —] The river rose.", no = "Paris, the capital, slept." }
