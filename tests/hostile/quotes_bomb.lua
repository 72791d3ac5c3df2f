-- Marks that open and never close, with speakers everywhere.
--> limit | fine
-- text: “a ‘b „c « x 1000
tag._cue { terms = { "a", "b" } }
quotes { cue = "_cue", conversation = true }
tag.x "b"
amend.quote "[<quote>] ... speaker:<x> ... cue:<_cue>"
