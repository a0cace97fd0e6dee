"""`factsheet sweep`: its options, its axes, its output."""
