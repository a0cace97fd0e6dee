"""Rules on claims that differ from what is recomputed (family FS3)."""
