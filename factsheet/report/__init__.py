"""Diagnostics to text: one module a format."""

from factsheet.report.concise import concise
from factsheet.report.full import full

__all__ = ["concise", "full"]
