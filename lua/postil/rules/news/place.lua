-- Places: countries, nationalities, cities, regions, facilities.

tag.country { id = "name", terms = each("countries", { "$name", iso = "$iso", is = "$is" }) }
tag.nationality { id = "name", terms = each("nationalities", { "$name", country = "$country", kind = "$kind" }) }
tag.nationality { id = "party", terms = each("religions_parties", { "$name", kind = "$kind" }) }

tag.city { id = "known", terms = each("cities", { "$name", country = "$country" }, { rank = "1|2" }) }
tag._city { id = "doubtful", terms = each("cities", { "$name", country = "$country" }, { rank = "3" }) }
tag.city { id = "doubtful", "(in|at|near|from|to|of) [<_city>]", "[<_city>] , (<country>|<region>)" }

tag.region { id = "known", terms = each("regions", { "$name", is = "$is", kind = "$kind" }, { rank = "1|2" }) }
tag._region { id = "doubtful", terms = each("regions", { "$name", is = "$is", kind = "$kind" }, { rank = "3" }) }
tag.region { id = "doubtful", "(in|at|near|from|to|of|across|throughout) [<_region>]" }

tag._region_head { id = "after", terms = each("region_heads", { "$name" }, { position = "after" }) }
tag._region_lead { id = "before", terms = each("region_heads", { "$name" }, { position = "before" }) }
tag.region { id = "head", "[(!<_stop> <cap>){1,3} <_region_head>]", "[<_region_lead> (!<_stop> <cap>){1,2}]" }

tag.facility { id = "known", terms = each("facilities", { "$name", place = "$place" }) }
tag._facility_head { id = "head", terms = each("facility_heads", { "$name" }) }
tag.facility { id = "head", "[(!<_stop> <cap>){1,4} <_facility_head>]" }
