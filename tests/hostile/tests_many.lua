-- A test with a long text; the texts are looked at by postil test only.
--> fine
local s = ("word "):rep(2e5)
tag.x { "nothing", no = { s, s, s, s, s, s, s, s, s, s } }
