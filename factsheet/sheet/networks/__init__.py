"""Families of networks that a sheet can declare by their dimensions, one module a family."""
