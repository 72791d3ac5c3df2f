-- Numbers that are no numbers.
--> load 3: option 'prio' must be a whole number
tag.x { "one", prio = 0 / 0 }
tag.x { "one", prio = math.huge }
tag.x { "one", prio = -1e300 }
tag.x { "one", prio = 1.5 }
