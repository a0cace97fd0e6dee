"""Rules on scores: copies that differ, directions, averages over other tasks, rows and curves that cannot be right."""
