"""`factsheet simulate`: its options, its run, its output."""
