-- PACK: write here what these rules tag.
--
--   postil test PATH                       runs the yes and no lines below
--   postil tag --rules PATH --to lines FILE
--
-- In a pattern a lower-case letter matches either case, an upper-case one only itself; a space is
-- white space or a line wrap; [ ] is what gets tagged, and all else is context.  In a `yes` the [ ]
-- says where exactly the label must be, in a `no` it must be nowhere.

pack { name = "PACK", version = "0.1.0", locale = "en", postil = 1 }

-- Names from a list: harbours.tsv beside this file.  Its first column is what to look for, the
-- others become attributes; `is` is the canonical name.
tag.harbour { id = "known", file = "harbours",
  yes = { "They left [Ellery Sound] at dawn.", "The road to [Ellery | is=Ellery Sound] is shut." },
  no = "The sound of bells." }

-- A pattern.  <cap> is a capitalised word, (a|b) a choice, prefix: keeps what stands there as an
-- attribute; `set` adds others.
tag.ship { id = "prefixed", "prefix:(HMS|USS|MV) [name:<cap>{1,2}]",
  set = { navy = { from = "prefix", map = { HMS = "British", USS = "American" } } },
  yes = { "The HMS [Dunlin | navy=British] sailed.", "The MV [Star Moy] came in." },
  no = "HMS is short for what?" }

-- Never a ship where one of these stands.
veto.ship { id = "opera", "HMS Pinafore|MV Agusta",
  no = "They sang HMS Pinafore again." }

-- A later, shorter mention of what has a tag already: =name is that tag's attribute.
alias.ship { id = "later", "the [=name]",
  yes = "The USS [Larkin] met us. Later the [Larkin] sank.",
  no = "the Larkin, of which nobody had heard" }

-- Who speaks.  <captain> is what another rule has tagged; a label that begins with _ is a helper,
-- for rules only.
tag.captain { id = "titled", "title:(Captain|Capt.) [<cap>{1,2}]",
  yes = "It was Captain [Ada Vane] herself.",
  no = "the captain left" }
tag._cue { id = "word", terms = { "said", "says", "told", "radioed" } }

-- Quotations, and rules that give them a speaker: the first that fits decides.  `...` is anything
-- up to the end of the sentence.
quotes { locale = "en", cue = "_cue" }
amend.quote { id = "after", "[<quote>] ,? cue:<_cue> speaker:<captain>",
  yes = "[“We are sinking,” | speaker=Vane] radioed Captain Vane.",
  no = "Nobody said a word to Captain Vane." }
amend.quote { id = "before", "speaker:<captain> ... cue:<_cue> ... [<quote>]",
  yes = "Captain Ada Vane later said [“it was fog” | speaker=Ada Vane] to the court." }
