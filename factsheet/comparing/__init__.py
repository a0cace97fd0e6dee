"""Sheets side by side, what changed from one version of a sheet to another, and how a fact changed over revisions."""
