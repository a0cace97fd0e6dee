"""`factsheet derive`: its options, its tables, and what holds a sheet against a model."""
