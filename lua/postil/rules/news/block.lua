-- Blocks and markup: what is not running text.

-- The first line, if it is short, is no address and does not end as a sentence does.
block.headline { id = "first", at = "first line",
  [[^ !(/https?:/i) !(/[^\n]{201}/) (<word>|<num>|\"|') ... (<word>|<num>|\"|'|\)|%|\?) $]],
  yes = { "[River rises after a week of rain]\nThe water came at night.",
    "[‘Nobody told us’: who pays for the dyke?]\nThe water came at night." },
  no = { "The river rose after a week of rain.\nNobody slept.",
    "https://example.org/river\nThe water came at night." } }

-- "Read more" and its kin introduce headlines of other articles.
block.teaser { id = "read-more", lines = 2,
  "^ (read|see|watch|listen) (more|also|next|the following|related|this|now) (on|about|:" ..
  "|here)* (: | -)? $",
  "^ (related|recommended|more) (: | articles|stories|coverage|links|reading|news|content" ..
  "|topics) :? $",
  "^ you (may|might) (also)? (like|enjoy|be interested in) :? $",
  yes = { "The river rose.\n[Read more:\nCows swim home]\nIt fell again.",
    "The river rose.\n[You may also like:\nCows swim home]\nIt fell again." },
  no = "Read more books, said the teacher." }
block.teaser { id = "inline",
  "^ (READ|SEE|WATCH|RELATED) (MORE|ALSO)? : <word>",
  yes = "The river rose.\n[READ ALSO: Cows swim home]\nIt fell again.",
  no = "The river rose.\nRead it aloud: the letters are worn." }
ignore "teaser"

-- Markup is looked through: tags, comments, and addresses.
tag._markup { id = "tag", [=[/<\/?[a-zA-Z][^<>]{0,2000}>/]=],
  yes = "The [<b>]river[</b>] rose.[<br class='x'/>]", no = "if 3 < 4 and 5 > 2, then so" }
tag._markup { id = "address", [=[&(http|https) /https?:\/\/[^\s<>"]{3,500}/]=],
  [=[/www\.[^\s<>"]{3,500}/]=],
  yes = "See [https://example.org/rivers?of=1] and [www.example.org/floods] for more.",
  no = "The letters www, and http, are older than they look." }
ignore "_markup"

-- Where and when a report was written: "ORU, 14 March 2024 -".
tag.dateline { id = "place", nest = true,
  "^ [<city|country|region> (, <country|region>)? (,? <date>)? (\\( ... \\))? (-|—)+] <word>",
  yes = "[PARIS, 14 March 2024 —] The river rose.", no = "Paris, the capital, slept." }
