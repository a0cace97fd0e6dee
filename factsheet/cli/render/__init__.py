"""`factsheet render` and `factsheet preview`."""
