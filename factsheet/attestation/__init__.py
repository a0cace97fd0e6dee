"""Declarations about sheets: statements of what a sheet says and what follows from it, signed, and verified."""
