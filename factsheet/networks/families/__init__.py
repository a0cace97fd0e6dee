"""Families of networks that a sheet can declare, one file each: dimensions, how they are read, and operators."""
