-- Organisations: known ones, and what a head word makes one.

local AFTER, BEFORE = {}, {}
for _, row in ipairs(read "org_heads") do
  if row.position ~= "before" then AFTER[#AFTER + 1] = row.name end
  if row.position ~= "after" then BEFORE[#BEFORE + 1] = row.name end
end
tag._org_head { id = "after", terms = AFTER }
tag._org_lead { id = "before", terms = BEFORE }
tag._stop { id = "word", terms = each(read "stopcaps", { "$name" }) }

local sure, unsure = {}, {}
for _, row in ipairs(read "orgs") do
  local list = row.rank == "3" and unsure or sure
  list[#list + 1] = row
end
tag.org { id = "known", terms = each(sure, { "$name", is = "$is", kind = "$kind" }), prio = 1 }
tag._org { id = "doubtful", terms = each(unsure, { "$name", is = "$is", kind = "$kind" }) }

tag.org { id = "head", "[(!<_stop> <cap|upper>){1,4} <_org_head>]",
  "[(<nationality>|<country>) <_org_head>]" }
tag.org { id = "lead", "[<_org_lead> (!<_stop> <cap|upper>){1,3}]",
  "[<_org_lead> (<country>|<city>|<region>)]" }
tag.org { id = "and", "[<_org_lead> <cap> and <cap>]" }
tag.org { id = "acronym", "\\( [<upper>] \\)" }
