"""Derive facts from a sheet: one module for each group."""
