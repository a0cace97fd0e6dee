"""Quantities as they are written: units, digits, and the intervals that they mean."""
