-- A label of controls.
--> load 3: labels are lower case
tag["x\27[31m\n"] "one"
