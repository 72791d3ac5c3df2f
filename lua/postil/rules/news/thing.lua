-- Treaties, laws, vessels, events, products.

tag.treaty { id = "known", terms = each("treaties", { "$name", is = "$is" }, { rank = "1|2" }),
  yes = "under the [Paris Agreement] of then", no = "under an agreement" }
tag.treaty { id = "head", "[<_first> <_w>{0,3} (Treaty|Convention|Accord|Accords|Protocol" ..
  "|Pact)] !<_w>",
  yes = "signed the [Oru Valley Treaty] at last; the [Uldra Accords] failed",
  no = "signed the treaty" }
tag.law { id = "known", terms = each("laws", { "$name", is = "$is" }, { rank = "1|2" }),
  yes = "the [Affordable Care Act] of then", no = "an act of affordable care" }
tag.law { id = "head", "[<_first> (<_w>|and|of){0,5} (Act|Bill|Ordinance)] !<_w>",
  yes = "under the [River Beds Act] of 2011", no = "Act now, said Bill" }
tag.event { id = "known", terms = each("events", { "$name", is = "$is", kind = "$kind" },
  { rank = "1|2" }),
  yes = "after the [Cold War] ended, and the [September 11 attacks]", no = "a cold war of words" }
tag.event { id = "head", "[(<num>|<_first>) <_w>{0,2} (Olympics|World Cup|Games|Festival" ..
  "|Championships|Summit|Forum)] !<_w>",
  yes = "at the [Oru Song Festival] they sang", no = "at the festival they sang" }
tag.product { id = "known", terms = each("products", { "$name", is = "$is", kind = "$kind" },
  { rank = "1|2" }),
  yes = "an [F-35] flew; a [737 MAX | name=Boeing 737 MAX] did not", no = "flight 35 flew" }

tag._vessel_prefix { id = "prefix", case = "exact",
  terms = each("vessels", { "$name" }, { kind = "prefix" }),
  yes = "[HMS] Uldra, the [USS] Qemb", no = "hms Uldra" }
tag.vessel { id = "known", terms = each("vessels", { "$name", is = "$is" },
  { kind = "name|spacecraft", rank = "1|2" }),
  yes = "[Apollo 11] and the [Andrea Doria]", no = "the god Apollo" }
tag.vessel { id = "prefix", "[<_vessel_prefix> <cap>{1,2}]",
  yes = "aboard [HMS Thistledown] again, or the [USS\nOru Dawn]", no = "aboard a ship" }
tag.vessel { id = "kind", prio = 1, "(frigate|destroyer|carrier|submarine|ferry|tanker|trawler" ..
  "|cruiser|corvette|icebreaker|tugboat|freighter|schooner) [!<_title> <cap>{1,3}|Admiral " ..
  "<cap>{1,2}]",
  yes = "the Russian frigate [Admiral Orlov] sailed", no = "the frigate sailed" }
