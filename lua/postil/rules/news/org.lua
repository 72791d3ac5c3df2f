-- Organisations: known ones, what a head word makes one, acronyms.

-- Capitalised words that begin sentences without being names.  person=yes: they are names as well
-- (Mark, King).
tag._stop { id = "word", terms = each("stopcaps", { "$name" }),
  yes = "[The] [King] sees Oru.", no = "to the king" }
tag._noname { id = "word", terms = each("stopcaps", { "$name" }, { person = "no" }),
  yes = "[The] King sees Oru.", no = "Mark, King" }
tag._func { id = "word", terms = each("stopcaps", { "$name" }, { kind = "function|web" }),
  yes = "[The] River rose.", no = "Floods" }
tag._verbal { id = "word", terms = each("stopcaps", { "$name" },
  { kind = "function|adverb|verb|web" }), yes = "[The] News, [Reading] in Bed", no = "Bed" }

tag._orgname { id = "sure", terms = each("orgs", { "$name", is = "$is", kind = "$kind",
  rank = "$rank" }), yes = "at the [World Bank | rank=1]", no = "at the bank" }
tag.org { id = "known", terms = each("orgs", { "$name", is = "$is", kind = "$kind" },
  { rank = "1|2" }),
  yes = "the [World Bank] paid", no = "the bank paid" }

tag._org_head { id = "after", terms = each("org_heads", { "$name", kind = "$kind" },
  { position = "after|both", rank = "1" }),
  yes = "the Oru [Academy | kind=education]", no = "an academy" }
tag._sport_head { id = "after", terms = each("org_heads", { "$name" }, { position = "after|both",
  kind = "sport" }), yes = "the Helsinki [Giants]", no = "like giants" }
tag._org_lead { id = "before", terms = each("org_heads", { "$name", kind = "$kind" },
  { position = "before|both", rank = "1" }),
  yes = "the [Ministry of] Works, the [Academy of] Rivers", no = "a ministry of fear" }

-- A word of the name of an organisation; the first one is not what merely opens the sentence.
tag._w { id = "word", "!<_func|_title|_month> <cap|upper>", -- lint: slow (any name may be one)
  yes = "The [Oru] [QSF] met in March.", no = "Mr and Mrs, then The" }
tag._first { id = "word", "!<_verbal|_title|_month> <cap|upper>", -- lint: slow (so here)
  yes = "Reading [Oru] [Valley] news", no = "Reading to them in March" }
-- The possessives inside names: People's Party, Attorney General's Office.
tag._own { id = "saint", "(St|Saint).? <cap> ('s|')",
  yes = "at [St. Oru’s] and [Saint Anne's]", no = "a saint's life; St Oru" }
tag._own { id = "word", "(People|Women|Men|Children|General|Prosecutor|Minister|President" ..
  "|Workers|Teachers|Farmers|Students"
  .. "|Lawyers|Journalists|King|Queen|Mothers|Governor|Mayor|Magistrate|Magistrates|Sheriff) " ..
    "('s|')",
  yes = "the [People’s] Party, the [Teachers'] Union", no = "the people's choice, Oru's" }
-- Subjects that names join by "and": Ministry of Trade and Industry.
tag._topic { id = "word", terms = {
  "Administrative", "Affairs", "Agriculture", "Agricultural", "Air", "Allied", "Art", "Arts",
  "Atmospheric", "Business", "Caribbean", "Civic", "Climate", "Commerce", "Commercial",
  "Communication", "Communications", "Community", "Conservation", "Cooperation", "Cultural",
  "Culture", "Defence", "Defense", "Democracy", "Democratic", "Design", "Development", "Digital",
  "Disaster", "Economic", "Economics", "Economy", "Education", "Educational", "Emergency",
  "Employment", "Energy", "Engineering", "Environment", "Environmental", "Equality",
  "Evaluation", "Exchange", "Family", "Farmers", "Fauna", "Finance", "Financial", "Fisheries",
  "Fishery", "Flora", "Food", "Foreign", "Forest", "Forestry", "Freedom", "Gender", "Health",
  "Heritage", "Higher", "Housing", "Human", "Humanitarian", "Immigration", "Industrial",
  "Industries", "Industry", "Information", "Infrastructure", "Innovation", "Insurance",
  "Intelligence", "International", "Investment", "Irrigation", "Justice", "Labor", "Labour",
  "Land", "Lands", "Law", "Legal", "Livestock", "Local", "Marine", "Maritime", "Marketing",
  "Media", "Medical", "Medicine", "Migration", "Mineral", "Minerals", "Mines", "Mining", "Music",
  "National", "Natural", "Nutrition", "Oceanic", "Peace", "Petroleum", "Planning", "Police",
  "Policy", "Political", "Population", "Power", "Prevention", "Protection", "Public", "Quality",
  "Racial", "Recreation", "Reform", "Refugees", "Regional", "Reconciliation", "Rehabilitation",
  "Relations", "Religious", "Research", "Resources", "Rights", "Road", "Roads", "Rural",
  "Safety", "Sanitation", "Science", "Sciences", "Scientific", "Security", "Social", "Space",
  "Sport", "Sports", "Standards", "State", "Statistics", "Strategic", "Studies", "Technical",
  "Technology", "Telecommunications", "Tourism", "Trade", "Traditional", "Training", "Transport",
  "Transportation", "Travel", "Truth", "Urban", "Veterans", "Water", "Welfare", "Wildlife",
  "Women", "Works", "Youth" },
  yes = "[Trade] and [Industry]", no = "trade and industry" }

-- Ministry of Health and Social Welfare, Federation of Chambers of Commerce of Panama, Committee
-- for the Defence of X
local OF = "((of|for|on|against|to) (the)? (<_own>|<_w>){1,4} ((,|and|&) <_topic> " ..
  "<_w>{0,2}){0,3}){1,2}"
local FRONT = "(<_own>|<_first>) ((,|and|&) <_topic>|<_own>|<_w>){0,6}"

tag.org { id = "head", "[" .. FRONT .. " <_org_head> " .. OF .. "]", "[" .. FRONT
  .. " <_org_head>] !<_w>",
  "[(<nationality>|<country>|<_own>) (<_org_head>|Government)] !<_w>", "[Government of <country>]",
  "[(National|Supreme|Central|Federal|General|Royal|International|Joint|Independent|Special" ..
  "|State|Public|Regional|Provincial) <_w>{0,3} (,|and|&) <_w>{1,3} <_org_head>] !<_w>",
  yes = { "the [Oru Valley Bank] paid", "the [Finnish Labour Ministry] paid",
  "the [National Seeds and Plants Agency] paid",
    "the [Uldra Society of Beekeepers] met", "the [Government of Chile] paid",
    "the [Teachers’ Association], the [Women's Union] and the [National\nWeather " ..
    "Service] agreed" }, no = { "the bank paid", "The Bank paid" } }
-- What is called a company, and who runs or speaks for something.
tag.org { id = "called", "(company|firm|startup|retailer|airline|broadcaster|newspaper|charity" ..
  "|conglomerate|consultancy|bank|carmaker|subsidiary|insurer) [<_n>{1,3}] !<_w>",
  "[<_n>{1,2}] (CEO|chief executive|executive director|managing director|spokesperson|spokesman" ..
  "|spokeswoman|CFO|chairperson)",
  "the [<_n>{1,2}] (party|company|newspaper|movement|militia|brand)",
  yes = { "the airline [Uldrair] flew", "said [Qembi] chief executive Ana Lind",
    "the [Uldra] party met" },
  no = { "the airline flew; the chief executive slept", "At the party Uldra sang." } }
tag.org { id = "lead", "[" .. FRONT .. "? <_org_lead> (the)? <_w>{1,4} ((,|and|&) <_topic> " ..
  "<_w>{0,2}){0,3} ((of|for) <_w>{1,3})?]",
  yes = "the [Ministry of Health and Social Welfare] paid", no = "a ministry of fear" }
tag.org { id = "of", "[<_org_head> " .. OF .. "]", yes = "the [Department of Rivers] met",
  no = "a department of rivers met" }
tag.org { id = "team", "[(<city|region|country>) <_sport_head>]",
  yes = "the [Helsinki Giants] lost", no = "the Giants lost" }

-- Bodies that a capital alone tells from the common word.
tag.org { id = "body", "[(Congress|Parliament|Assembly|Cabinet|Supreme Court|High Court|Senate" ..
  "|Knesset|House|Tribunal"
  .. "|Foundation|Fund|Upper House|Lower House|National Assembly|Legislative Assembly" ..
    "|Constitutional Court|Court of Appeal)] !<_w>",
  not_after = "<_w>",
  yes = "told [Parliament] on Monday", no = "told parliament" }

-- Acronyms: most that are neither offices nor things are organisations.
tag._no_org { id = "acronym", terms = {
  "CEO", "CFO", "COO", "CTO", "MP", "MPs", "PM", "MLA", "MLC", "MEP", "MEC", "AI", "TV", "NGO",
  "NGOs", "OK", "IT", "IV", "II", "III", "VI", "VII", "VIII", "IX", "XI", "XII", "XIII", "XIV",
  "XV", "XVI", "HH", "HE", "ID", "IQ", "PR", "HR", "GPS", "LED", "HIV", "AIDS", "DNA", "RNA",
  "PCR", "GDP", "GNP", "CPI", "VAT", "GST", "IPO", "COVID", "SARS", "STEM", "LGBT", "LGBTQ",
  "BC", "AD", "AM", "GMT", "UTC", "EST", "PPE", "ICU", "ICT", "EV", "EVs", "SUV", "SMS", "USB",
  "PDF", "URL", "FAQ", "DIY", "DVD", "CD", "CCTV", "ATM", "RSVP", "PhD", "MBA", "VIP", "SOS",
  "UFO", "HD", "DJ", "MC", "SME", "SMEs", "MSME", "MSMEs", "MOU", "MoU", "IED", "UAV", "LNG",
  "LPG", "CNG", "CO", "PVC", "KM", "CM", "MW", "GW", "KW", "EUR", "USD", "GBP", "NFT", "NFTs",
  "ETF", "PPP", "FDI", "ESG", "CSR", "FIR", "IP", "PIN", "SIM", "VAR", "MVP", "POW", "PTSD",
  "ADHD", "WMD", "ICBM", "THE", "AND", "FOR", "NOT", "NEW", "ALSO", "READ", "MORE", "PHOTO",
  "VIDEO", "FILE", "LIVE", "UPDATE", "BREAKING", "WATCH", "SEE", "US", "AN", "IN", "ON", "OF",
  "TO", "AT", "BY", "IS", "WE", "NO", "SO", "IF", "OR", "AS", "BE", "DO", "GO", "ME", "MY", "UP",
  "AL", "SP", "JV", "CV", "QR", "VR", "AR", "RPG", "SWAT", "DIG", "DGP", "ASI", "IGP", "ACP",
  "DSP", "DG", "AG", "VC", "NEV", "NEVs" },
  yes = "the [CEO] had a [PhD]", no = "the QSF, a ceo" }
tag.org { id = "bracket", "\\( [!<_no_org> (<upper>|/[A-Z][A-Za-z]{0,3}[A-Z]/)] \\)",
  yes = "the fund for seeds ([QSF]) paid", no = "a chief officer (CEO) paid" }
tag.org { id = "acronym", -- lint: slow (capitals are rare)
  "[!(<_no_org>|<_title>) <upper>] !(<upper>|<_w>)",
  after = "<word> ,?", not_after = "<_n>",
  yes = "paid by the [QSF] at last", no = "a new CEO of DNA" }
tag.org { id = "acronym-first", "^ [!(<_no_org>|<_title>) <upper>] !(<upper>|<_w>) <word>",
  yes = "[QSF] paid at last", no = "DNA was found" }

veto.org { id = "not", "<date>", yes = "paid by the [QSF] in May", no = "It was on JULY 4, 2011." }
