"""Commands that put facts into a sheet: what can be worked out, and the answers to questions."""
