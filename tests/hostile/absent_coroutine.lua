-- A coroutine, whose hooks would be its own.
--> load 3: attempt to index
coroutine.wrap(function() while true do end end)()
