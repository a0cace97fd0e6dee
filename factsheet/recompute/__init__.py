"""Whatever a sheet's figures imply, and the one verdict on each of its claims."""
