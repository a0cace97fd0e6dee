"""Lay out the sections of a page: text, tables and figures of each."""
