"""`factsheet catalog` and `factsheet find`: many sheets together."""
