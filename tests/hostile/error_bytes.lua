-- An error that is no UTF-8.
--> load 3: 
error("\255\254\0\200")
