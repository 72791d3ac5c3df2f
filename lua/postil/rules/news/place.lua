-- Places: countries, nationalities, cities, regions, facilities.

tag.country { id = "name", terms = each("countries", { "$name", iso = "$iso", is = "$is" }),
  yes = "from [Britain | is=United Kingdom] to [Chile | iso=CL]", no = "a china cup" }
tag.nationality { id = "name", terms = each("nationalities", { "$name", country = "$country",
  kind = "$kind" }),
  yes = "a [Finnish] boat", no = "to finish" }
tag.nationality { id = "party", terms = each("religions_parties", { "$name", kind = "$kind" }),
  yes = "two [Democrats] slept", no = "a democrat by nature" }

tag._place { id = "known", terms = each("cities", { "$name" }, { rank = "1|2" }),
  yes = "from [Helsinki] to [Paris]", no = "It was nice to be reading." }
tag._place { id = "region", -- lint: duplicate (some cities give a region its name)
  terms = each("regions", { "$name" }, { rank = "1|2" }),
  yes = "from [Siberia] on", no = "in the north" }
tag.city { id = "known", terms = each("cities", { "$name", country = "$country" },
  { rank = "1|2" }),
  yes = "rain in [Helsinki | country=FI]", no = "rain in helsinki, and it was nice" }
tag._city { id = "doubtful", terms = each("cities", { "$name", country = "$country" },
  { rank = "3" }), yes = "a walk in [Reading | country=GB]", no = "nice reading" }
tag.city { id = "doubtful", "(in|at|near|from|to|of) [<_city>] !<_w>",
  "[<_city>] , (<country>|<region>)",
  yes = { "rain in [Reading] again", "They met at [Nice], France." },
  no = { "Reading is fun", "in Reading Week" } }

tag.region { id = "known", terms = each("regions", { "$name", is = "$is", kind = "$kind" },
  { rank = "1|2" }),
  yes = "across [Siberia] and the [Midlands]", no = "across the midlands of his youth" }
tag._region { id = "doubtful", terms = each("regions", { "$name", is = "$is", kind = "$kind" },
  { rank = "3" }), yes = "snow in [Victoria]", no = "a victory" }
tag.region { id = "doubtful", "(in|at|near|from|to|of|across|throughout) [<_region>] !<_w>",
  "the [West] !<_w>", yes = { "worried the [West] again", "floods across [Victoria] and beyond" },
  no = { "flew west", "Victoria Cross" } }

-- What a head word makes a region or a settlement: Tamber River, Lake Oru.  A head word may stand
-- for two kinds.
tag._region_head { id = "after", -- lint: duplicate
  terms = each("region_heads", { "$name" }, { position = "after", rank = "1" }),
  yes = "the Uldra [River] and the Qembi [Hills]", no = "over the hills" }
tag._region_lead { id = "before", -- lint: duplicate
  terms = each("region_heads", { "$name" }, { position = "before", rank = "1" }),
  yes = "on [Lake] Uldra, off the [Isle of] Qemb", no = "on a lake" }
tag._compass { id = "word", "(North|South|East|West|Northern|Southern|Eastern|Western|Central" ..
  "|North-East|North-West|South-East"
  .. "|South-West|Northeast|Northwest|Southeast|Southwest|Northeastern|Northwestern" ..
    "|Southeastern|Southwestern|Upper|Lower|Greater|Inner|Outer)",
  yes = "in [Northern] Finland, [Upper] Uldra", no = "the northern lights" }
tag.region { id = "head", "[!<_verbal> <_w> <_w>{0,2} <_region_head>] !<_w>",
  yes = "on the [Uldra River] again", no = "on the river" }
tag.region { id = "lead", "[<_region_lead> !<_title> <_n>{1,2}] !<_w>",
  yes = "on [Lake Uldra] again", no = "on a lake" }
tag.region { id = "compass", "[<_compass> (<_place>|<country>)] !<_w>",
  yes = "in [Northern Finland] again, and [Greater Helsinki]",
  no = "It went north. Finland slept; the northern lights shone." }

-- A lower-case word for the kind of place beside an unknown name: Uldar province, the village of
-- Oru.
tag.place { id = "kind", "[<_n>{1,2}] (province|district|prefecture|county|township|taluk" ..
  "|tehsil|upazila|upazilla|governorate|municipality"
  .. "|village|town|island|region|state|suburb|neighbourhood|neighborhood|commune|peninsula" ..
    "|area|constituency)",
  "(town|village|city|district|province|port|island|suburb|region|state|municipality" ..
  "|neighbourhood|neighborhood|county) (of|called|named) [<_n>{1,2}] !<_w>",
  yes = { "in [Uldra] province", "the village of [Uldra] slept" }, no = "a village of sheep" }
-- "in" before an unknown name nearly always means a place.
tag.place { id = "in", prio = -1, "(in|near) [<_n>{1,2}] !(<_w>|'s|')",
  yes = "It rained in [Uldra].", no = "It rained in May." }

tag.facility { id = "known", terms = each("facilities", { "$name", place = "$place" }),
  yes = "near the [Eiffel Tower], by the [Telstra\nStadium]", no = "near the tower" }
tag._facility_head { id = "head", terms = each("facility_heads", { "$name" }, { rank = "1" }),
  yes = "the Uldra [Airport]", no = "no airport" }
tag.facility { id = "head", "[!<_verbal> <_w> (<_w>|<_own>){0,4} <_facility_head>] !<_w>",
  yes = "at the [Uldra Airport] again", no = "at the airport" }

-- A title and a given name before it make it a surname: Mr Edward Lane, but King George Street.
local CROWN = "!(King|Queen|Prince|Princess|Duke|Saint|St) "
veto.facility { id = "person", CROWN .. "<_title> [<_given|_given_weak> <_facility_head>]",
  yes = "He lives in King [George Street].", no = "Mr Edward Lane slept." }
veto.region { id = "person", CROWN .. "<_title> [<_given|_given_weak> <_region_head>]",
  yes = "on the [Oru River] again", no = "Mrs Anne Hill slept." }
test "a surname that is a word of streets" { text = "Mr Edward Lane saw Mrs Anne Hill.",
  person = { "Edward Lane", "Anne Hill" }, facility = {}, region = {} }

tag.place { id = "list", "(<city|country|region>) , [<_n>{1,2}] ,? (and|,) (<city|country|region>)",
  yes = "in Helsinki, [Uldra] and Paris; from Paris, [Qemb], Lyon and Rome",
  no = "in Helsinki and Paris" }
