-- A zero with a sign is a zero.
--> fine
tag.x { "nothing", set = { y = -0.0, z = function() return -0.0 end } }
