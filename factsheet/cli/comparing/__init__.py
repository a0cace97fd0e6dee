"""Commands that put sheets, and versions of one, beside each other."""
