"""`factsheet hardware`: list, show, check and compare hardware profiles."""
