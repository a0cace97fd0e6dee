"""Rules on what a sheet says in words (family FS6)."""
