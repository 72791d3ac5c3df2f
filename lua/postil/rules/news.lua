-- news: English-language news.  People, places, organisations, dates, money; quotations and who
-- said them.  One subject a file below news/, data as TSV beside them.

pack { name = "news", version = "0.1.0", locale = "en", postil = 1 }

use "news/block"
use "news/number"
use "news/time"
use "news/place"
use "news/org"
use "news/person"
use "news/thing"
use "news/speech"
