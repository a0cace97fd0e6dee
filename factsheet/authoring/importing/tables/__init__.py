"""Read tables of results: what their columns are, and what a score without a sign means."""
