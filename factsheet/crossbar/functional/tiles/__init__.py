"""A matrix on tiles: pairs of devices, wires, converters, products and state."""
