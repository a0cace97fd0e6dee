"""Models of memory devices, behind one interface."""
