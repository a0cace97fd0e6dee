"""Rules on what a sheet states in two places, or of two things that depend on each other (family FS2)."""
