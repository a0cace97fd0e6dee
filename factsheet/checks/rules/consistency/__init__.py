"""Rules on facts of a sheet that contradict each other (family FS2)."""
