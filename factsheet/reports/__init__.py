"""Diagnostics as text for people, CI systems and other programs: one module for each format."""
