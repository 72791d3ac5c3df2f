-- Classes of all of Unicode, repeated.
--> fine | load 3: 
tag.x("/" .. ("[\\p{L}\\p{N}\\p{So}]{1,50}"):rep(100) .. "x/")
