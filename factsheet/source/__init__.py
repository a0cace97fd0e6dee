"""YAML text → plain data with a place for every key and value; finding and writing the files it lives in."""

from factsheet.source.discover import find_sheets
from factsheet.source.document import Document
from factsheet.source.errors import SourceError, SourceUnreadable, WriteFailed
from factsheet.source.limits import DEFAULT_LIMITS, Limits
from factsheet.source.loader import Loaded, load_bytes
from factsheet.source.problems import CODES, Problem
from factsheet.source.reading import read_sheet, read_stream
from factsheet.source.scalars import WrittenFloat, WrittenInt, written
from factsheet.source.span import KeyPath, Span, dotted
from factsheet.source.write import atomic_file, write_atomic

__all__ = [
    "CODES",
    "DEFAULT_LIMITS",
    "Document",
    "KeyPath",
    "Limits",
    "Loaded",
    "Problem",
    "SourceError",
    "SourceUnreadable",
    "Span",
    "WriteFailed",
    "WrittenFloat",
    "WrittenInt",
    "atomic_file",
    "dotted",
    "find_sheets",
    "load_bytes",
    "read_sheet",
    "read_stream",
    "write_atomic",
    "written",
]
