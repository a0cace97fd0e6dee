"""The command line: nothing else prints, reads arguments or exits."""
