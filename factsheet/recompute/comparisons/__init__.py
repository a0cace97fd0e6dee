"""Compare the claims of a sheet with what follows from the rest of it: one module for each kind of figure."""
