"""Ids of what the loader and the schema refuse (family FS1).

Each slug is the `code` of a `factsheet.source.Problem` or of a `factsheet.sheet.load.Misfit`.
"""

from __future__ import annotations

SCHEMA_IDS: dict[str, str] = {
    "wrong-answer": "FS150",
    "wrong-shape": "FS151",
    "unknown-key": "FS152",
    "missing-key": "FS153",
}
