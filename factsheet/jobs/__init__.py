"""Many independent tasks: here, on processes or on a Dask cluster; and the journal of a run that can be resumed."""
