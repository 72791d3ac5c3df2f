-- Organisations: known ones, and what a head word makes one.

tag._org_head { id = "after", terms = each("org_heads", { "$name", kind = "$kind" }, { position = "after|both" }) }
tag._org_lead { id = "before", terms = each("org_heads", { "$name", kind = "$kind" }, { position = "before|both" }) }
tag._stop { id = "word", terms = each("stopcaps", { "$name" }) }

tag.org { id = "known", terms = each("orgs", { "$name", is = "$is", kind = "$kind" }, { rank = "1|2" }), prio = 1 }
tag._org { id = "doubtful", terms = each("orgs", { "$name", is = "$is", kind = "$kind" }, { rank = "3" }) }

tag.org { id = "head", "[(!<_stop> <cap|upper>){1,4} <_org_head>]",
  "[(<nationality>|<country>) <_org_head>]" }
tag.org { id = "lead", "[<_org_lead> (!<_stop> <cap|upper>){1,3}]",
  "[<_org_lead> (<country>|<city>|<region>)]" }
tag.org { id = "and", "[<_org_lead> <cap> and <cap>]" }
tag.org { id = "acronym", "\\( [<upper>] \\)" }
