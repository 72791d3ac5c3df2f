-- A callout calls nobody.
--> load 3: callouts are not taken
tag.x [[/n(?C1)othing/]]
