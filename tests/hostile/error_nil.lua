-- An error that is nothing.
--> load 3: error object is nil
error(nil)
