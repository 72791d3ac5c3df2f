-- A callout calls nobody.
--> fine
tag.x [[/n(?C1)othing/]]
