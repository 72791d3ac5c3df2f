-- Places: countries, nationalities, cities, regions, facilities.

tag.country { id = "name", terms = each("countries", { "$name", iso = "$iso", is = "$is" }),
  yes = "from [Britain | is=United Kingdom] to [Chile | iso=CL]", no = "a china cup" }
tag.nationality { id = "name", terms = each("nationalities", { "$name", country = "$country",
  kind = "$kind" }),
  yes = "a [Finnish] boat", no = "to finish" }
tag.nationality { id = "party", terms = each("religions_parties", { "$name", kind = "$kind" }),
  yes = "two [Democrats] slept" }

tag._place { id = "known", terms = each("cities", { "$name" }, { rank = "1|2" }) }
tag._place { id = "region", -- lint: duplicate (some cities give a region its name)
  terms = each("regions", { "$name" }, { rank = "1|2" }) }
tag.city { id = "known", terms = each("cities", { "$name", country = "$country" },
  { rank = "1|2" }),
  yes = "rain in [Helsinki | country=FI]" }
tag._city { id = "doubtful", terms = each("cities", { "$name", country = "$country" },
  { rank = "3" }) }
tag.city { id = "doubtful", "(in|at|near|from|to|of) [<_city>] !<_w>",
  "[<_city>] , (<country>|<region>)",
  yes = "rain in [Reading] again", no = "Reading is fun" }

tag.region { id = "known", terms = each("regions", { "$name", is = "$is", kind = "$kind" },
  { rank = "1|2" }),
  yes = "across [Siberia]" }
tag._region { id = "doubtful", terms = each("regions", { "$name", is = "$is", kind = "$kind" },
  { rank = "3" }) }
tag.region { id = "doubtful", "(in|at|near|from|to|of|across|throughout) [<_region>] !<_w>",
  "the [West] !<_w>", yes = "worried the [West] again", no = "flew west" }

-- What a head word makes a region or a settlement: Tamber River, Lake Oru.  A head word may stand
-- for two kinds.
tag._region_head { id = "after", -- lint: duplicate
  terms = each("region_heads", { "$name" }, { position = "after", rank = "1" }) }
tag._region_lead { id = "before", -- lint: duplicate
  terms = each("region_heads", { "$name" }, { position = "before", rank = "1" }) }
tag._compass { id = "word", "(North|South|East|West|Northern|Southern|Eastern|Western|Central" ..
  "|North-East|North-West|South-East"
  .. "|South-West|Northeast|Northwest|Southeast|Southwest|Northeastern|Northwestern" ..
    "|Southeastern|Southwestern|Upper|Lower|Greater|Inner|Outer)" }
tag.region { id = "head", "[!<_verbal> <_w> <_w>{0,2} <_region_head>] !<_w>",
  yes = "on the [Uldra River] again", no = "on the river" }
tag.region { id = "lead", "[<_region_lead> !<_title> <_n>{1,2}] !<_w>",
  yes = "on [Lake Uldra] again", no = "on a lake" }
tag.region { id = "compass", "[<_compass> (<_place>|<country>)] !<_w>",
  yes = "in [Northern Finland] again" }

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
  yes = "near the [Eiffel Tower]" }
tag._facility_head { id = "head", terms = each("facility_heads", { "$name" }, { rank = "1" }) }
tag.facility { id = "head", "[!<_verbal> <_w> (<_w>|<_own>){0,4} <_facility_head>] !<_w>",
  yes = "at the [Uldra Airport] again", no = "at the airport" }

-- A title and a given name before it make it a surname: Mr Edward Lane, but King George Street.
local CROWN = "!(King|Queen|Prince|Princess|Duke|Saint|St) "
veto.facility { id = "person", CROWN .. "<_title> [<_given|_given_weak> <_facility_head>]" }
veto.region { id = "person", CROWN .. "<_title> [<_given|_given_weak> <_region_head>]" }
test "a surname that is a word of streets" { text = "Mr Edward Lane saw Mrs Anne Hill.",
  person = { "Edward Lane", "Anne Hill" }, facility = {}, region = {} }

tag.place { id = "list", "(<city|country|region>) , [<_n>{1,2}] ,? (and|,) (<city|country|region>)",
  yes = "in Helsinki, [Uldra] and Paris" }
