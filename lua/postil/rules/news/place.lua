-- Places: countries, nationalities, cities, regions, facilities.

local REGION_AFTER, REGION_BEFORE = {}, {}
for _, row in ipairs(read "region_heads") do
  local list = row.position == "before" and REGION_BEFORE or REGION_AFTER
  list[#list + 1] = row.name
end

tag.country { id = "name", terms = each(read "countries", { "$name", iso = "$iso", is = "$is" }) }
tag.nationality { id = "name", terms = each(read "nationalities", { "$name", country = "$country", kind = "$kind" }) }
tag.nationality { id = "party", terms = each(read "religions_parties", { "$name", kind = "$kind" }) }

local function rank(rows, ...)
  local want, out = {}, {}
  for _, r in ipairs { ... } do want[r] = true end
  for _, row in ipairs(rows) do if want[row.rank] then out[#out + 1] = row end end
  return out
end

local cities = read "cities"
tag.city { id = "known", terms = each(rank(cities, "1", "2"), { "$name", country = "$country" }) }
tag._city { id = "doubtful", terms = each(rank(cities, "3"), { "$name", country = "$country" }) }
tag.city { id = "doubtful", "(in|at|near|from|to|of) [<_city>]", "[<_city>] , (<country>|<region>)" }

local regions = read "regions"
tag.region { id = "known", terms = each(rank(regions, "1", "2"), { "$name", is = "$is", kind = "$kind" }) }
tag._region { id = "doubtful", terms = each(rank(regions, "3"), { "$name", is = "$is" }) }
tag.region { id = "doubtful", "(in|at|near|from|to|of|across|throughout) [<_region>]" }

tag._region_head { id = "after", terms = REGION_AFTER }
tag._region_lead { id = "before", terms = REGION_BEFORE }
tag.region { id = "head", "[(!<_stop> <cap>){1,3} <_region_head>]", "[<_region_lead> (!<_stop> <cap>){1,2}]" }

tag.facility { id = "known", terms = each(read "facilities", { "$name", place = "$place" }) }
tag._facility_head { id = "head", terms = each(read "facility_heads", { "$name" }) }
tag.facility { id = "head", "[(!<_stop> <cap>){1,4} <_facility_head>]" }
