"""`factsheet doctor`: whether this installation can do what is asked of it."""
