"""`factsheet review`: consumers score the facts of a sheet, and what they said is summarised."""
