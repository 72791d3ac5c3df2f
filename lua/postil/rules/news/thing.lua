-- Treaties, laws, vessels, events, products.

tag.treaty { id = "known", terms = each("treaties", { "$name", is = "$is" }) }
tag.treaty { id = "head", "[(!<_stop> <cap|upper>){1,4} (Treaty|Convention|Accord|Accords|Protocol|Pact)]" }
tag.law { id = "known", terms = each("laws", { "$name", is = "$is" }) }
tag.law { id = "head", "[(!<_stop> <cap>){1,5} Act] (of )?" }
tag.event { id = "known", terms = each("events", { "$name", is = "$is", kind = "$kind" }) }
tag.event { id = "head", "[(<num>|<cap>){1,3} (Olympics|World Cup|Games|Festival|Championships|Summit)]" }
tag.product { id = "known", terms = each("products", { "$name", is = "$is", kind = "$kind" }) }

tag._vessel_prefix { id = "prefix", terms = each("vessels", { "$name" }, { kind = "prefix" }) }
tag.vessel { id = "known", terms = each("vessels", { "$name", is = "$is" }, { kind = "name|spacecraft" }) }
tag.vessel { id = "prefix", "[<_vessel_prefix> <cap>{1,2}]" }
tag.vessel { id = "kind", "(frigate|destroyer|carrier|submarine|ferry|tanker|trawler|cruiser|corvette) [<cap>{1,3}]" }
