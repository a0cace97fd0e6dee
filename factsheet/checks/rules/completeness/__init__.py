"""Rules on what a sheet leaves unanswered, for a role or at a stage (family FS4)."""
