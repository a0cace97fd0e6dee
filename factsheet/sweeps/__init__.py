"""Many points at once: sequence lengths, batches, tiles and chips, and what each costs."""
