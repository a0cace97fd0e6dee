"""Crossbar arrays: how a network's stored matrices lie on them."""

from factsheet.crossbar.mapping import MappedMatrix, TileMapping, TileShape, map_network

__all__ = ["MappedMatrix", "TileMapping", "TileShape", "map_network"]
