-- Blocks and markup: what is not running text.

block.headline { id = "first", at = "first line",
  "^ !(/https?:/i) <word> ... !(.|?|!|,) $" }

-- "Read more" and its kin introduce headlines of other articles.
block.teaser { id = "read-more", lines = 2,
  "^ (read|see|watch|listen) (more|also|next|the following|related|this|now) (on|about|:|here)* (: | -)? $",
  "^ (related|recommended|more) (: | articles|stories|coverage|links|reading|news|content|topics) :? $",
  "^ (you may|might also like|be interested in) :? $" }
block.teaser { id = "inline",
  "^ (READ|SEE|WATCH|RELATED) (MORE|ALSO)? : <word>" }
ignore "teaser"

-- Markup is looked through: tags, and comments.
tag._markup { id = "tag", [=[/<\/?[a-zA-Z][^<>]{0,2000}>/]=] }
ignore "_markup"
