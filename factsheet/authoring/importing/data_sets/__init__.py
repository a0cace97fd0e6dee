"""Read descriptions of data sets."""
