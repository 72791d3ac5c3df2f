-- A thousand vetoes of everything.
--> limit | fine
-- text: one two x 2000
tag.x "one"
for _ = 1, 1000 do veto.x "<word>{1,8}" end
