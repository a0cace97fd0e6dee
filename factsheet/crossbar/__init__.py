"""Crossbar arrays: how a network's stored matrices are laid out on them, and what it takes to run it.

The cost model is in `cost` (one estimate), `grid` (many points at once) and `balancing`, which callers import by name:
checks load this package for its mapping alone, and every module counts at start-up.
"""
