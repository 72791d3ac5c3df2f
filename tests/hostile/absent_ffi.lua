-- A library of the machine.
--> load 3: attempt to call
local ffi = require "ffi"
