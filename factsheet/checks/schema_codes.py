"""Ids of what the loader and the schema refuse (family FS1).

Each slug is the `code` of a `factsheet.source.Problem` or of a `factsheet.sheet.load.Misfit`. An id is never
reused, and a new code takes the next free one of its block: FS10x the file, FS11x its form, FS12x keys,
FS13x and FS14x values, FS15x the schema.
"""

from __future__ import annotations

SCHEMA_IDS: dict[str, str] = {
    "file-too-large": "FS101",
    "wide-encoding": "FS102",
    "not-utf-8": "FS103",
    "control-character": "FS104",
    "unusual-line-break": "FS105",
    "stray-byte-order-mark": "FS106",
    "too-many-nodes": "FS107",
    "too-deep": "FS108",
    "too-many-problems": "FS109",
    "syntax": "FS110",
    "tab-indentation": "FS111",
    "directive": "FS112",
    "several-documents": "FS113",
    "empty-document": "FS114",
    "not-a-mapping": "FS115",
    "duplicate-key": "FS120",
    "non-string-key": "FS121",
    "complex-key": "FS122",
    "empty-key": "FS123",
    "merge-key": "FS124",
    "scalar-too-long": "FS130",
    "yaml-1.1-boolean": "FS131",
    "octal-integer": "FS132",
    "hexadecimal-integer": "FS133",
    "not-a-number": "FS134",
    "infinite-number": "FS135",
    "number-out-of-range": "FS136",
    "number-too-long": "FS137",
    "tag": "FS140",
    "anchor": "FS141",
    "alias": "FS142",
    "wrong-answer": "FS150",
    "wrong-shape": "FS151",
    "unknown-key": "FS152",
    "missing-key": "FS153",
}

SILENCEABLE = ("FS150", "FS151", "FS152", "FS153")
"""What a comment can accept. The rest of FS1 leaves open what a text says, and no reason mends that."""
