"""`factsheet validate`: what to check and how to report it."""
