"""Crossbar arrays: how a network's stored matrices are laid out on them, and what it takes to run it.

The cost model is in `cost`, the simulator in `functional`; callers import what they need by name, as every
module counts when a check starts.
"""
