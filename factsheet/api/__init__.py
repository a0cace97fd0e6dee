"""The public face: what `import factsheet` gives, and what the command line itself calls."""
