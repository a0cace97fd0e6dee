"""The command line. Nothing else prints, reads arguments or exits."""
