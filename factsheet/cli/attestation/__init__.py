"""`factsheet attest` and `factsheet verify`."""
