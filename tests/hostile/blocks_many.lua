-- A thousand blocks for each line.
--> fine
-- text: one x 1000
for i = 1, 1000 do block["x" .. i] { "^ <upper> ... $", lines = 100 } end
