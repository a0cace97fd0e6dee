"""A language server: what editors show of a sheet while it is written, by the checks of the command line."""
